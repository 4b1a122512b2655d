"""Who is held since when and in what state: three tables in a database of their own (SQLite file or PostgreSQL).

One writer at a time, as in ``edge.memory``; but a commit here is on disk before it returns (synchronous = FULL),
because a sender is told afterwards that its mail is taken care of. Addresses and reasons stand there in clear, for
lists; no text of a mail does.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from seriema.edge.quarantine.entry import Entry, Held, Recipient, State
from seriema.model.errors import ConfigurationError, QuarantineUnavailable

SCHEMA = "1"
PATIENCE = 10.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LOCK = sa.text("SELECT pg_advisory_xact_lock(7381240156)")

_METADATA = sa.MetaData()
_META = sa.Table(
    "quarantine_meta", _METADATA, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text)
)
MAIL = sa.Table(
    "quarantine_mail",
    _METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False, index=True),
    sa.Column("expires", sa.BigInteger, nullable=False, index=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("sender", "author", "tier", "inspection", "summary")),
)
RECIPIENT = sa.Table(
    "quarantine_recipient",
    _METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("changed", sa.BigInteger, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
#: A released mail may pass our own filter once for each recipient, until then.
PASSAGE = sa.Table(
    "quarantine_passage",
    _METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("until", sa.BigInteger, nullable=False),
    sa.Column("used", sa.Boolean, nullable=False),
)


class Register:
    """The open database. Every method may raise QuarantineUnavailable."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> "Register":
        """Connect, making the tables if there are none. Raises ConfigurationError for a wrong or newer database."""
        try:
            engine = _engine(sa.make_url(url))
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise ConfigurationError(f"quarantine database {url!r}: {error}") from None
        register = cls(engine)
        with register.writing() as connection:
            _METADATA.create_all(connection)
            found = connection.execute(sa.select(_META.c.value).where(_META.c.name == "schema")).scalar()
            if found is None:
                connection.execute(_META.insert().values(name="schema", value=SCHEMA))
            elif found != SCHEMA:
                raise ConfigurationError(f"quarantine schema {found!r} was written by a newer version of Seriema")
        return register

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Alone, from the start; committed to disk at the end, given up on an error."""
        try:
            with self._engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(_LOCK)
                yield connection
        except SQLAlchemyError as error:
            raise _unavailable(error) from error

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A look that waits for nobody."""
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                yield connection
        except SQLAlchemyError as error:
            raise _unavailable(error) from error


def entries(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Entry]:
    """Those that fit, the latest received first."""
    mails = connection.execute(sa.select(MAIL).where(*where).order_by(MAIL.c.received.desc(), MAIL.c.sha256)).all()
    wanted = sa.select(MAIL.c.sha256).where(*where)
    rows = sa.select(RECIPIENT).where(RECIPIENT.c.sha256.in_(wanted)).order_by(RECIPIENT.c.place)
    people: dict[str, list[Recipient]] = {}
    for row in connection.execute(rows):
        one = Recipient(row.address, State(row.state), moment(row.changed), row.by, row.reason)
        people.setdefault(row.sha256, []).append(one)
    return [_entry(row, people.get(row.sha256, ())) for row in mails]


def set_states(
    connection: sa.Connection,
    sha256: str,
    addresses: Sequence[str],
    state: State,
    now: datetime,
    by: str = "",
    reason: str = "",
) -> None:
    """What became of a mail for some recipients."""
    table = RECIPIENT.c
    values = {"state": state.value, "changed": stamp(now), "by": by, "reason": reason}
    where = (table.sha256 == sha256, table.address.in_(addresses))
    connection.execute(RECIPIENT.update().where(*where).values(**values))


def register_held(connection: sa.Connection, sha256: str, held: Held, kept_for: timedelta, now: datetime) -> None:
    """Write down a mail that was not known, held for all its recipients."""
    connection.execute(
        MAIL.insert().values(
            sha256=sha256,
            size=len(held.raw),
            received=stamp(held.received),
            expires=stamp(held.received + kept_for),
            sender=held.sender,
            author=held.author,
            tier=held.tier,
            inspection=held.inspection,
            summary=held.summary,
        )
    )
    add_recipients(connection, sha256, held.recipients, 0, now)


def add_recipients(connection: sa.Connection, sha256: str, people: tuple[str, ...], first: int, now: datetime) -> None:
    """Recipients for whom a mail is held from now on; ``first``: how many it had."""
    rows = [
        {
            "sha256": sha256,
            "address": one,
            "place": place,
            "state": "held",
            "changed": stamp(now),
            "by": "",
            "reason": "",
        }
        for place, one in enumerate(dict.fromkeys(people), first)
    ]
    if rows:
        connection.execute(RECIPIENT.insert(), rows)


def stamp(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """The other way."""
    return _EPOCH + at * _MICROSECOND


def _entry(row: Any, people: Sequence[Recipient]) -> Entry:
    return Entry(
        id=row.sha256[:32],
        sha256=row.sha256,
        size=row.size,
        received=moment(row.received),
        expires=moment(row.expires),
        sender=row.sender,
        author=row.author,
        tier=row.tier,
        inspection=row.inspection,
        summary=row.summary,
        recipients=tuple(people),
    )


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": PATIENCE})

    @sa.event.listens_for(engine, "connect")
    def _connected(driver: Any, _record: Any) -> None:
        driver.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "trusted_schema = OFF"):
            driver.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _unavailable(error: Exception) -> QuarantineUnavailable:
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return QuarantineUnavailable(f"quarantine database: {reason}")
