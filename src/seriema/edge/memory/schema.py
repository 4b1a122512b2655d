"""The tables. Few rows a mail: one document, and a handful of keyed entries that lead to it or sum it up.

Every key is a keyed hash of 64 bits (``keyring``), so the tables show neither ids nor subjects, and an integer key is
the fastest there is in SQLite (it is the row's own number).
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, String, Table, Text

#: The schema this version writes; the newest file in ``migrations/versions``.
REVISION = "0002"

METADATA = MetaData()

_NUMBER = BigInteger().with_variant(Integer, "sqlite")

#: One mail: when we received it (microseconds since 1970, UTC), its facts (``records.Document``), and the first 64 bits
#: of its case, by which people and later evidence name it.
MAIL = Table(
    "mail",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("received", BigInteger, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("case", BigInteger, nullable=False, server_default="0"),
    Index("mail_received", "received"),
    Index("mail_case", "case"),
)

#: What leads to mails (a ring of their numbers) or sums up what people did (``records``).
ENTRY = Table(
    "entry",
    METADATA,
    Column("key", _NUMBER, primary_key=True, autoincrement=False),
    Column("value", LargeBinary, nullable=False),
)

#: How many mails were received in each span of time, in three widths (``tally``).
TALLY = Table(
    "tally",
    METADATA,
    Column("width", SmallInteger, primary_key=True),
    Column("span", Integer, primary_key=True),
    Column("mails", Integer, nullable=False),
)

#: Locked files and passwords that may still be needed, encrypted, with their end.
SEALED = Table(
    "sealed",
    METADATA,
    Column("number", _NUMBER, primary_key=True),
    Column("holds", String(12), nullable=False),
    Column("mail", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("conversation", BigInteger, nullable=False),
    Column("sender", BigInteger, nullable=False),
    Column("organisation", BigInteger, nullable=False),
    Column("recipients", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("sealed_mail", "mail"),
    Index("sealed_conversation", "conversation"),
    Index("sealed_organisation", "organisation", "size"),
    Index("sealed_expires", "expires"),
)

#: What people said about mails and pairs, encrypted (``notes``); ``about`` is a keyed hash.
NOTE = Table(
    "note",
    METADATA,
    Column("number", _NUMBER, primary_key=True),
    Column("holds", String(12), nullable=False),
    Column("about", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("note_about", "about"),
)

#: How far ``learn`` came in each source.
LEARNED = Table(
    "learned",
    METADATA,
    Column("source", _NUMBER, primary_key=True, autoincrement=False),
    Column("place", Text, nullable=False),
)

#: Facts about the database itself: a value by which a wrong key file is noticed.
META = Table(
    "meta",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
