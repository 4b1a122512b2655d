"""The memory as flow uses it: ask what went before, queue what is to be kept, wait until it is safe (``writer``)."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import URL, bindparam, func, select

from seriema.edge.memory import members, notes, sealed, shared
from seriema.edge.memory.afterwards import Afterwards
from seriema.edge.memory.database import Database, parsed, path_of
from seriema.edge.memory.facts import facts
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.locked import Locked
from seriema.edge.memory.opened import Retention, asking
from seriema.edge.memory.recall import recall
from seriema.edge.memory.records import microseconds, moment
from seriema.edge.memory.schema import LEARNED, MAIL, META, REVISION
from seriema.edge.memory.told import Told
from seriema.model.artifact import Artifact
from seriema.model.case import Evidence
from seriema.model.errors import ConfigurationError
from seriema.model.history import History, Reuse
from seriema.model.message import Message
from seriema.model.password import Proven
from seriema.model.thread import Match, Remembered, ThreadKeys
from seriema.model.verdict import Tier

#: A memory of this process only.
PRIVATE = "sqlite://"
#: Mails that may go at once when a memory is opened or its bounds are seen to.
AT_ONCE = 1_000

_CHECK = select(META.c.value).where(META.c.name == bindparam("of"))
_PLACE = select(LEARNED.c.place).where(LEARNED.c.source == bindparam("of"))
_TOTALS = select(func.count(), func.min(MAIL.c.received)).select_from(MAIL)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a memory holds, for people. ``size`` of the whole database in bytes; ``since``: the first mail's receipt."""

    place: str
    mails: int
    since: datetime | None
    size: int
    revision: str


def _now() -> datetime:
    return datetime.now(UTC)


class Memory(Locked, Afterwards):
    """What went before. Open it with ``Memory.open``; one process may use it from several threads.

    Every method that reads or waits raises MemoryUnavailable when the database cannot be used just now. What is queued
    then stays queued and is written as soon as it can be; ``remember`` itself raises once too much is waiting.
    """

    @classmethod
    def open(
        cls,
        url: str = PRIVATE,
        key: Path | None = None,
        own_domains: frozenset[str] = frozenset(),
        clock: Callable[[], datetime] = _now,
        retention: Retention | None = None,
    ) -> "Memory":
        """Open a memory, making it if it is new.

        :param url: ``sqlite://`` (private), ``sqlite:///FILE`` or ``postgresql://…``
        :param key: the file with the memory's secret, by default beside the database as ``FILE.key``; made when the
            database is new. A private memory has a secret that nobody keeps.
        :param own_domains: our mail domains, in lower case.
        :param clock: the time on the wall, for how long things are kept.
        :param retention: how much is kept, and of whom nothing.
        :raises ConfigurationError: for a wrong address, a missing folder, a key that is missing or not this database's.
        :raises MemoryUnavailable: when the database cannot be opened.
        """
        address = parsed(url)
        keyring = _keyring(address, key)
        database = Database.open(address)
        memory = cls(database, keyring, own_domains, retention or Retention(), clock)
        with ExitStack() as undo:
            undo.callback(memory.close)
            memory._check_key()
            memory.expire(clock())
            undo.pop_all()
        return memory

    def close(self) -> None:
        """Commit what is queued and let go of the database."""
        try:
            self._writer.close()
        finally:
            self._database.close()

    def recall(self, keys: ThreadKeys, before: datetime, not_case: str) -> tuple[Match, ...]:
        """Earlier mails that share a key, and the other mails of their conversations; in the order of storing.

        Earlier is what was received before that moment, or at that very moment and remembered earlier (than the mail
        ``not_case``, if that one is remembered already). At most 64 mails of each of the four surest conversations, and
        of every single key the first four and the latest ones (``entries.MOST``), are found.
        """
        with self._writer.reading():
            self._rows.look()
            return recall(self._rows, self._keyring, keys, asking(before, not_case))

    def history(self, message: Message, before: datetime) -> History:
        """What the sender did, and what it and the first eight recipients wrote to each other, as of a moment.

        Bounds: the last 32 mails of a sender or pair carry their time (``recent_threads`` is at most 32), 32 different
        recipients, 16 kinds of attachment, 8 languages and 16 values of each trait are told apart. A pair's ``first``,
        ``last`` and silences are those of both directions. ``partner`` is policy's to say and False here; ``reused``
        needs more than the message (``reused``).
        """
        with self._writer.reading():
            self._rows.look()
            asked = asking(before, message.sha256[:32])
            return Told(self._rows, self._keyring, self._own_domains, asked).history(message)

    def reused(self, evidence: Evidence, opened_with: Sequence[Proven]) -> tuple[Reuse, ...]:
        """What of this mail earlier mails of other senders held: passwords, archives, active files, hosts."""
        with self._writer.reading():
            self._rows.look()
            asked = asking(evidence.as_of, evidence.id)
            return shared.reused(self._rows, self._keyring, evidence, opened_with, asked)

    def opened_before(self, artifacts: Iterable[Artifact], before: datetime, not_case: str) -> dict[str, Remembered]:
        """By the id of a locked member: an earlier mail in which one of that name, size and CRC-32 was opened."""
        with self._writer.reading():
            return members.known(self._rows, self._keyring, artifacts, asking(before, not_case).visible)

    def remember(self, evidence: Evidence, tier: Tier, opened_with: Sequence[Proven] = ()) -> None:
        """Queue a judged mail. One that is remembered already (the same case) only has its tier replaced."""
        if not self._excluded(evidence):
            self._writer.enqueue(facts(evidence, tier, opened_with, self._keyring, self._own_domains))

    async def stored(self) -> None:
        """Return when everything queued until now is committed."""
        await self._writer.stored()

    def flush(self) -> None:
        """The same without an event loop."""
        self._writer.flush()

    def expire(self, now: datetime) -> None:
        """Forget what was kept long enough, and see to the bounds of all; at most ``AT_ONCE`` mails go at once."""
        with self._writer.at_once():
            sealed.expire(self._database, microseconds(now))
            sealed.bound_all(self._database)
            notes.expire(self._database, self._keyring, now)
            self._database.begin()
            self._rows.look()
            self._make_room(AT_ONCE)

    def learned(self, source: str) -> str:
        """How far learning came in a source, as it was marked; "" for a new one."""
        with self._writer.reading():
            rows = self._database.read(_PLACE, {"of": self._keyring.number("learned", source)})
        return str(rows[0][0]) if rows else ""

    def mark_learned(self, source: str, place: str) -> None:
        """Queue that a source was learned up to a place; committed together with the mails queued before it."""
        row = {"source": self._keyring.number("learned", source), "place": place}
        self._writer.enqueue(partial(self._database.upsert, LEARNED, [row]))

    def facts(self) -> Totals:
        """What the memory holds; counts every mail, so it is for people and not for each mail."""
        with self._writer.reading():
            self._rows.write()
            [(mails, first)] = self._database.read(_TOTALS)
            return Totals(
                place=self._database.name,
                mails=int(mails),
                since=None if first is None else moment(first),
                size=self._database.bytes(),
                revision=REVISION,
            )

    def _check_key(self) -> None:
        """The first key that opens a database marks it; another one would find nothing and say that all is new."""
        mark = self._keyring.derived("check")
        rows = self._database.read(_CHECK, {"of": "key"})
        if not rows:
            self._database.upsert(META, [{"name": "key", "value": mark}])
            self._database.commit()
        elif bytes(rows[0][0]) != mark:
            raise ConfigurationError(f"memory {self._database.name}: its key file is not the one it was made with")


def _keyring(address: URL, key: Path | None) -> Keyring:
    """The secret of the database at an address."""
    path = path_of(address)
    if path is None:
        if key is not None:
            return Keyring.of_file(key)
        if address.get_backend_name() == "sqlite":
            return Keyring.random()
        raise ConfigurationError("a memory on a server needs a key file, named in the settings")
    key = key or path.with_name(f"{path.name}.key")
    if not path.parent.is_dir():
        raise ConfigurationError(f"memory {path}: there is no folder {path.parent}")
    if path.exists() and path.stat().st_size and not key.exists():
        raise ConfigurationError(f"memory {path}: its key file {key} is missing, nothing in it can be found again")
    return Keyring.of_file(key)
