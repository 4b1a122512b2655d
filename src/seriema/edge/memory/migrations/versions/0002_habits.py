"""Mails are found by their case; a table for what people say about mails.

Documents and entries need no change: they are arrays, and the fields they lack have defaults.
"""

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_CASE = 1  #: place in a document
_AT_ONCE = 1_000


def upgrade() -> None:
    """Add the column and fill it from the documents."""
    op.add_column("mail", sa.Column("case", sa.BigInteger, nullable=False, server_default="0"))
    _fill(op.get_bind())
    op.create_index("mail_case", "mail", ["case"])
    op.create_table(
        "note",
        sa.Column("number", _NUMBER, primary_key=True),
        sa.Column("holds", sa.String(12), nullable=False),
        sa.Column("about", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("note_about", "note", ["about"])


def _fill(connection: sa.Connection) -> None:
    mail = sa.table("mail", sa.column("number"), sa.column("document"), sa.column("case"))
    chosen = sa.select(mail.c.number, mail.c.document).order_by(mail.c.number).limit(_AT_ONCE)
    change = sa.update(mail).where(mail.c.number == sa.bindparam("mail")).values({"case": sa.bindparam("first")})
    last = -1
    while rows := connection.execute(chosen.where(mail.c.number > last)).all():
        cases = [(number, msgspec.msgpack.decode(document)[_CASE]) for number, document in rows]
        connection.execute(
            change, [{"mail": number, "first": int.from_bytes(case[:8], "big", signed=True)} for number, case in cases]
        )
        last = rows[-1][0]
