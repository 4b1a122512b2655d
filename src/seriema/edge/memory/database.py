"""One connection to SQLite or PostgreSQL: opened, brought to the present schema, read from and written to.

A single connection in a lock serves reading and writing, so that a reader sees what was written and not yet committed;
a write lasts from ``begin`` to ``commit`` and keeps other processes from writing meanwhile. Transactions are begun by
hand because only so SQLite takes its write lock at the start (BEGIN IMMEDIATE) and never fails in the middle.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, ClauseElement, Connection, Table, create_engine, inspect, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from seriema.edge.memory.schema import METADATA, REVISION
from seriema.edge.memory.statement import Statement
from seriema.model.errors import ConfigurationError, MemoryUnavailable

#: A row of a query whose columns the caller knows.
AnyRow = tuple[Any, ...]
#: Seconds to wait for another process's write.
PATIENCE = 10.0

#: SQLite: readers beside a writer; a commit survives a crash of the process, and the last ones before a power cut may
#: be lost whole but never half (sqlite.org/wal.html); checkpoints seldom, because each takes 10 to 30 ms; pages cached
#: in memory; nothing in the schema is trusted to run.
_PRAGMAS = (
    "PRAGMA wal_autocheckpoint = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -32768",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)
_BEGIN = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": ("BEGIN", "SELECT pg_advisory_xact_lock(7381240155)"),  # one writer, as in SQLite
}


class Database:
    """An open memory database. Every method may raise MemoryUnavailable; none is safe from two threads at once."""

    __slots__ = (
        "_connection",
        "_cursor",
        "_failures",
        "_given_up",
        "_open",
        "_statements",
        "_upserts",
        "_written_on",
        "lasting",
        "local",
        "name",
    )

    def __init__(self, connection: Connection, url: URL) -> None:
        self._connection = connection
        driver: Any = connection.connection.driver_connection
        self._cursor = driver.cursor()
        self._failures = (SQLAlchemyError, connection.dialect.loaded_dbapi.Error)
        self._open = False
        self._given_up = 0
        self._written_on: object = None
        self._statements: dict[ClauseElement, Statement] = {}
        self._upserts: dict[str, ClauseElement] = {}
        self.name = url.render_as_string(hide_password=True)
        self.local = url.get_backend_name() == "sqlite"
        self.lasting = not self.local or path_of(url) is not None

    @classmethod
    def open(cls, url: URL) -> "Database":
        """Connect and bring the schema to ``REVISION``, running migrations only where there is an older one."""
        database = cls(_connected(url), url)
        with ExitStack() as undo:
            undo.callback(database.close)
            with database.trouble():
                if url.get_backend_name() == "sqlite":
                    for pragma in _PRAGMAS:
                        database._connection.exec_driver_sql(pragma)
                database._to_present_schema()
            undo.pop_all()
        return database

    def close(self) -> None:
        """Give up what was not committed, and the connection."""
        with self.trouble():
            self.rollback()
            self._connection.close()
            self._connection.engine.dispose()

    def read(self, clause: ClauseElement, values: Mapping[str, Any] | None = None) -> list[AnyRow]:
        """All rows of a query."""
        statement = self._compiled(clause)
        try:
            self._cursor.execute(statement.text, statement.bound(values or {}))
            rows: list[AnyRow] = self._cursor.fetchall()
        except self._failures as error:
            raise self._unavailable(error) from error
        return rows

    def write(self, clause: ClauseElement, *values: Mapping[str, Any]) -> None:
        """Run one statement for each of the values, within a write."""
        statement = self._compiled(clause)
        self.begin()
        try:
            if len(values) == 1:
                self._cursor.execute(statement.text, statement.bound(values[0]))
            else:
                self._cursor.executemany(statement.text, [statement.bound(one) for one in values])
        except self._failures as error:
            raise self._unavailable(error) from error

    def upsert(self, table: Table, rows: Sequence[Mapping[str, Any]], adding: str = "") -> None:
        """Insert rows, or replace the ones with their keys; the column ``adding`` is added to what stands there."""
        if rows:
            self.write(self._upsert(table, adding), *rows)

    def begin(self) -> None:
        """Begin a write unless one has begun."""
        if not self._open:
            with self.trouble():
                for command in _BEGIN[self._connection.dialect.name]:
                    self._cursor.execute(command)
                self._written_on = self._version()
            self._open = True

    def commit(self) -> None:
        """End the write; what was written is safe when this returns."""
        if self._open:
            with self.trouble():
                self._cursor.execute("COMMIT")
            self._open = False

    def rollback(self) -> None:
        """Give up the write."""
        self._given_up += 1
        if self._open:
            self._open = False
            with self.trouble():
                self._cursor.execute("ROLLBACK")

    def version(self) -> object:
        """Equal to an earlier answer only if everything read or written since that one still stands.

        During a write nobody else can change anything. Else SQLite tells when another connection has committed
        (sqlite.org/pragma.html#pragma_data_version); PostgreSQL does not, so there no two answers are equal.
        """
        if self._open:
            return self._written_on
        with self.trouble():
            return self._version()

    def _version(self) -> object:
        if not self.local:
            return object()
        return self._cursor.execute("PRAGMA data_version").fetchone(), self._given_up

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """Say what the driver says as one line."""
        try:
            yield
        except self._failures as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> MemoryUnavailable:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        return MemoryUnavailable(f"memory {self.name}: {reason}")

    def bytes(self) -> int:
        """How much the database holds, in bytes."""
        if self._connection.dialect.name == "sqlite":
            [(pages,)] = self._connection.exec_driver_sql("PRAGMA page_count").all()
            [(size,)] = self._connection.exec_driver_sql("PRAGMA page_size").all()
            return int(pages) * int(size)
        [(size,)] = self._connection.exec_driver_sql("SELECT pg_database_size(current_database())").all()
        return int(size)

    def rewrite(self) -> None:
        """Write an SQLite file anew, so that what was removed is in none of its free pages, nor in its journal."""
        if self.local:
            with self.trouble():
                self._cursor.execute("VACUUM")
                self._cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _compiled(self, clause: ClauseElement) -> Statement:
        known = self._statements.get(clause)
        if known is None:
            known = self._statements[clause] = Statement(clause, self._connection.dialect)
        return known

    def _upsert(self, table: Table, adding: str) -> ClauseElement:
        known = self._upserts.get(table.name)
        if known is None:
            make = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
            insert = make(table)
            keys = [column.name for column in table.primary_key]
            news: dict[str, Any] = {
                column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key
            }
            if adding:
                news[adding] = table.c[adding] + insert.excluded[adding]
            known = self._upserts[table.name] = insert.on_conflict_do_update(index_elements=keys, set_=news)
        return known

    def _to_present_schema(self) -> None:
        """A new database gets the present tables at once: loading the migrations would cost more than making it."""
        if self._revision() == REVISION:
            return
        self.begin()
        revision = self._revision()  # another process may have been first
        if not revision:
            METADATA.create_all(self._connection)
            self._connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            self._connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{REVISION}')")  # noqa: S608 - ours
        elif revision != REVISION:
            from seriema.edge.memory.migrations import upgrade  # noqa: PLC0415 - a third of a second, rarely needed

            upgrade(self._connection, revision)
        self.commit()

    def _revision(self) -> str:
        if not inspect(self._connection).has_table("alembic_version"):
            return ""
        rows = self._connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
        return str(rows[0][0]) if rows else ""


def parsed(url: str) -> URL:
    """The address of a memory; raises ConfigurationError for one that names no SQLite or PostgreSQL database."""
    try:
        read = make_url(url)
        backend = read.get_backend_name()
    except ArgumentError:
        raise ConfigurationError(f"memory {url!r} is no address like sqlite:///FILE or postgresql://…") from None
    if read.drivername in ("postgres", "postgresql"):
        read = read.set(drivername="postgresql+psycopg")
    if read.get_backend_name() not in _BEGIN:
        raise ConfigurationError(f"memory {backend!r}: only sqlite and postgresql are supported")
    return read


def path_of(url: URL) -> Path | None:
    """The file of an SQLite database, None for a private one or another server."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _connected(url: URL) -> Connection:
    path = path_of(url)
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "poolclass": StaticPool}
    if url.get_backend_name() == "sqlite":
        options["connect_args"] = {"check_same_thread": False, "timeout": PATIENCE}
    try:
        if path is not None:
            _made_for_us_alone(path)
        return create_engine(url, **options).connect()
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigurationError(f"memory {url.get_backend_name()}: its driver is not installed ({error})") from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise MemoryUnavailable(f"memory {url.render_as_string(hide_password=True)}: {reason}") from error


def _made_for_us_alone(path: Path) -> None:
    """An SQLite file of mode 0600, made before SQLite would make one that everybody may read."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise ConfigurationError(f"memory {path}: {error.strerror}") from None
