"""The first schema: mails, entries, sums, sealed things, progress of learning, facts about the database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mail",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_index("mail_received", "mail", ["received"])
    op.create_table(
        "entry",
        sa.Column("key", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "tally",
        sa.Column("width", sa.SmallInteger, primary_key=True),
        sa.Column("span", sa.Integer, primary_key=True),
        sa.Column("mails", sa.Integer, nullable=False),
    )
    op.create_table(
        "sealed",
        sa.Column("number", _NUMBER, primary_key=True),
        sa.Column("holds", sa.String(12), nullable=False),
        sa.Column("mail", sa.BigInteger, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("conversation", sa.BigInteger, nullable=False),
        sa.Column("sender", sa.BigInteger, nullable=False),
        sa.Column("organisation", sa.BigInteger, nullable=False),
        sa.Column("recipients", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    for column in ("mail", "conversation", "expires"):
        op.create_index(f"sealed_{column}", "sealed", [column])
    op.create_index("sealed_organisation", "sealed", ["organisation", "size"])
    op.create_table(
        "learned",
        sa.Column("source", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Text, nullable=False),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
