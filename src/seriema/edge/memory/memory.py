"""The memory as flow uses it: ask what went before, queue what is to be kept, wait until it is safe.

What was queued is written before anything is read, so that a look-up sees every mail that was queued before it, and
equal order of calls gives equal answers. It is committed when somebody waits for it, together with whatever else is
queued by then; nobody waits for a batch to fill. An SQLite commit (a tenth of a millisecond, no sync of the disk)
happens in the caller's thread: a hop into another one costs more. One over the network gets a thread of its own.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, bindparam, func, select

from seriema.edge.memory import habits, members, proven, records, sealed, tally
from seriema.edge.memory.database import Database, parsed, path_of
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.facts import Facts, facts, own_key, pair_keys
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.recall import AsOf, recall
from seriema.edge.memory.records import microseconds, moment
from seriema.edge.memory.schema import LEARNED, MAIL, META, REVISION
from seriema.edge.memory.sealed import Sealing
from seriema.edge.memory.store import store
from seriema.model.artifact import Artifact
from seriema.model.case import Evidence, Kept
from seriema.model.errors import ConfigurationError
from seriema.model.history import History, PairHistory, SenderHistory
from seriema.model.message import Message
from seriema.model.password import Candidate, Proven
from seriema.model.thread import Match, Remembered, Thread, ThreadKeys
from seriema.model.verdict import Tier

#: A memory of this process only.
PRIVATE = "sqlite://"
#: So many queued things are committed without anybody waiting for them: learning never piles up more.
MOST_QUEUED = 64

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


@dataclass(frozen=True, slots=True)
class _Settled:
    mail: int


@dataclass(frozen=True, slots=True)
class _Learned:
    source: int
    place: str


_Queued = Facts | Sealing | _Settled | _Learned


def _now() -> datetime:
    return datetime.now(UTC)


class Memory:
    """What went before. Open it with ``Memory.open``; one process may use it from several threads.

    Every method that reads or waits raises MemoryUnavailable when the database cannot be used just now. What is queued
    then stays queued and is written as soon as it can be; ``remember`` itself raises once too much is waiting.
    """

    def __init__(
        self, database: Database, keyring: Keyring, own_domains: frozenset[str], clock: Callable[[], datetime]
    ) -> None:
        self._database, self._keyring, self._own_domains, self._clock = database, keyring, own_domains, clock
        self._rows = Rows(database)
        self._queue: deque[_Queued] = deque()
        self._uncommitted: list[_Queued] = []
        self._queued = self._written = self._committed = 0
        self._lock = threading.RLock()
        self._writer = None if database.local else ThreadPoolExecutor(1, "seriema-memory")

    @classmethod
    def open(
        cls,
        url: str = PRIVATE,
        key: Path | None = None,
        own_domains: frozenset[str] = frozenset(),
        clock: Callable[[], datetime] = _now,
    ) -> "Memory":
        """Open a memory, making it if it is new.

        :param url: ``sqlite://`` (private), ``sqlite:///FILE`` or ``postgresql://…``
        :param key: the file with the memory's secret, by default beside the database as ``FILE.key``; made when the
            database is new. A private memory has a secret that nobody keeps.
        :param own_domains: our mail domains, in lower case.
        :param clock: the time on the wall, for how long sealed things are kept.
        :raises ConfigurationError: for a wrong address, a missing folder, a key that is missing or not this database's.
        :raises MemoryUnavailable: when the database cannot be opened.
        """
        address = parsed(url)
        keyring = _keyring(address, key)
        database = Database.open(address)
        memory = cls(database, keyring, own_domains, clock)
        with ExitStack() as undo:
            undo.callback(memory.close)
            memory._check_key()
            memory.expire(clock())
            undo.pop_all()
        return memory

    def close(self) -> None:
        """Commit what is queued and let go of the database."""
        try:
            if self._queued > self._committed:
                self.flush()
        finally:
            if self._writer:
                self._writer.shutdown()
            self._database.close()

    def recall(self, keys: ThreadKeys, before: datetime, not_case: str) -> tuple[Match, ...]:
        """Earlier mails that share a key, and the other mails of their conversations; in the order of storing.

        Earlier is what was received before that moment, or at that very moment and remembered earlier (than the mail
        ``not_case``, if that one is remembered already). At most 64 mails of each of the four surest conversations, and
        of every single key the first four and the latest ones (``entries.MOST``), are found.
        """
        with self._reading():
            self._rows.look()
            return recall(self._rows, self._keyring, keys, _asking(before, not_case))

    def history(self, message: Message, before: datetime) -> History:
        """What the sender did, and what it and the first eight recipients wrote to each other, as of a moment.

        Bounds: the last 32 mails of a sender or pair carry their time (``recent_threads`` is at most 32), 32 different
        recipients, 16 kinds of attachment and 8 languages are told apart. A pair's ``first``, ``last`` and silences are
        those of both directions. ``partner`` is policy's to say and False here.
        """
        case = message.sha256[:32]
        own, sender = own_key(message.message_id, case, self._keyring), self._sender_key(message)
        pairs = pair_keys(message, self._keyring)
        rows = self._rows
        with self._reading():
            rows.look()
            rows.load((own, *sender, *(key for _, key, _ in pairs)))
            asking = _asking(before, case).of(rows.documents(one for one in rows.ring(own) if one > 0).values())
            mails, since = tally.before(self._database, rows.edges(), asking.before, asking.number)
            return History(
                mails=mails,
                since=None if since is None else moment(since),
                sender=_sender(rows.entry(sender[0]) if sender else None, asking),
                pairs=tuple(_pair(rows.entry(key), one, way, asking) for one, key, way in pairs),
            )

    def opened_before(self, artifacts: Iterable[Artifact], before: datetime, not_case: str) -> dict[str, Remembered]:
        """By the id of a locked member: an earlier mail in which one of that name, size and CRC-32 was opened."""
        with self._reading():
            return members.known(self._rows, self._keyring, artifacts, _asking(before, not_case).visible)

    def remember(self, evidence: Evidence, tier: Tier) -> None:
        """Queue a judged mail. One that is remembered already (the same case) only has its tier replaced."""
        self._enqueue(facts(evidence, tier, self._keyring, self._own_domains))

    async def stored(self) -> None:
        """Return when everything queued until now is committed."""
        ticket = self._queued
        if self._writer:
            await asyncio.get_running_loop().run_in_executor(self._writer, self._commit, ticket)
        else:
            await asyncio.sleep(0)  # others that are ready to queue do so, and share the commit
            self._commit(ticket)

    def flush(self) -> None:
        """The same without an event loop."""
        self._commit(self._queued)

    def keep_locked(self, kept: Kept) -> None:
        """Seal a mail's locked files until a password comes or they expire; replaces what is kept of that mail.

        The oldest of the same organisation give way when it has too much here (``sealed``).
        """
        now = microseconds(self._clock())
        self._enqueue(sealed.sealed_file(kept, self._keyring, now))
        if any(one.unpaid for one in kept.locked):
            self._enqueue(sealed.sealed_mark(kept, self._keyring, now))

    def keep_candidates(self, evidence: Evidence, candidates: tuple[Candidate, ...]) -> None:
        """Seal the passwords a mail names, at most 200, the likeliest."""
        now = microseconds(self._clock())
        self._enqueue(sealed.sealed_passwords(evidence, candidates, self._keyring, now))

    def keep_proven(self, evidence: Evidence, opened_with: tuple[Proven, ...]) -> None:
        """Seal the passwords that opened something in a mail, for its people and for the pool (``proven``)."""
        now = microseconds(self._clock())
        for one in proven.sealings(evidence, opened_with, self._keyring, now):
            self._enqueue(one)

    def candidates_for(self, message: Message, thread: Thread, before: datetime) -> tuple[Candidate, ...]:
        """Passwords from mails received until then; ``source`` is message:<that mail's id or case>, or pool.

        First what near mails named, the nearest first: those of the same conversation of the last 14 days, and of the
        same address or organisation to one of the same recipients of the last 7; at most 50 mails' passwords. Then what
        opened files between these people in the last 180 days, and the pool's.
        """
        moment = microseconds(before)
        with self._reading():
            named = sealed.passwords_for(self._database, self._keyring, message, thread, moment)
            usual = proven.usual_for(self._database, self._keyring, message, moment)
            pooled = proven.pool_for(self._database, self._keyring, moment)
        found: dict[str, Candidate] = {}
        for one in (*named, *usual, *pooled):
            found.setdefault(one.value, one)
        return tuple(found.values())

    def locked_for(self, message: Message, thread: Thread, before: datetime) -> tuple[Kept, ...]:
        """Mails received until then whose locked files this mail's passwords may open: near in the same sense.

        At most 24 mails and 128 MB. Things sealed by a version that kept them differently are passed over.
        """
        with self._reading():
            return sealed.files_for(self._database, self._keyring, message, thread, microseconds(before))

    def kept(self, case: str) -> Kept | None:
        """What is kept locked of one mail, by its case."""
        with self._reading():
            return sealed.file_of(self._database, self._keyring, sealed.mail_key(case, self._keyring))

    def unpaid(self) -> tuple[Kept, ...]:
        """Mails with files that were not tried enough because their sender had spent its share of work, at most 24."""
        with self._reading():
            return sealed.unpaid(self._database, self._keyring)

    def settle(self, case: str) -> None:
        """Queue that a mail's locked files are not needed any more."""
        self._enqueue(_Settled(sealed.mail_key(case, self._keyring)))

    def expire(self, now: datetime) -> None:
        """Forget sealed things whose time is over, and see to the bounds of the whole store."""
        with self._reading():
            sealed.expire(self._database, microseconds(now))
            sealed.bound_all(self._database)
            self._database.commit()
            self._settle_accounts()

    def learned(self, source: str) -> str:
        """How far learning came in a source, as it was marked; "" for a new one."""
        with self._reading():
            rows = self._database.read(_PLACE, {"of": self._keyring.number("learned", source)})
        return str(rows[0][0]) if rows else ""

    def mark_learned(self, source: str, place: str) -> None:
        """Queue that a source was learned up to a place; committed together with the mails queued before it."""
        self._enqueue(_Learned(self._keyring.number("learned", source), place))

    def facts(self) -> Totals:
        """What the memory holds; counts every mail, so it is for people and not for each mail."""
        with self._reading():
            [(mails, first)] = self._database.read(_TOTALS)
            return Totals(
                place=self._database.name,
                mails=int(mails),
                since=None if first is None else moment(first),
                size=self._database.bytes(),
                revision=REVISION,
            )

    def _enqueue(self, item: _Queued) -> None:
        self._queue.append(item)
        self._queued += 1
        if self._queued - self._committed >= MOST_QUEUED:
            self.flush()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Alone with the database, everything queued written."""
        with self._lock:
            self._write()
            yield

    def _commit(self, ticket: int) -> None:
        with self._lock:
            if ticket > self._committed:
                self._write()
                with self._or_all_again():
                    self._database.commit()
                self._settle_accounts()

    def _settle_accounts(self) -> None:
        self._uncommitted.clear()
        self._committed = self._written

    def _write(self) -> None:
        """Write all that is queued, mails that follow each other together."""
        if not self._queue:
            return
        with self._or_all_again():
            while self._queue:
                first = self._take()
                if isinstance(first, Facts):
                    mails = [first]
                    while self._queue and isinstance(self._queue[0], Facts):
                        mails.append(self._queue[0])
                        self._take()
                    store(self._rows, self._keyring, mails)
                elif isinstance(first, Sealing):
                    sealed.keep(self._database, first)
                elif isinstance(first, _Settled):
                    sealed.settle(self._database, first.mail)
                else:
                    self._database.upsert(LEARNED, [{"source": first.source, "place": first.place}])

    def _take(self) -> _Queued:
        item = self._queue.popleft()
        self._uncommitted.append(item)
        self._written += 1
        return item

    @contextmanager
    def _or_all_again(self) -> Iterator[None]:
        """When writing or committing fails, everything since the last commit is queued again in its order."""
        done = False
        try:
            yield
            done = True
        finally:
            if not done:
                self._queue.extendleft(reversed(self._uncommitted))
                self._uncommitted.clear()
                self._written = self._committed
                self._database.rollback()

    def _check_key(self) -> None:
        """The first key that opens a database marks it; another one would find nothing and say that all is new."""
        mark = self._keyring.derived("check")
        rows = self._database.read(_CHECK, {"of": "key"})
        if not rows:
            self._database.upsert(META, [{"name": "key", "value": mark}])
            self._database.commit()
        elif bytes(rows[0][0]) != mark:
            raise ConfigurationError(f"memory {self._database.name}: its key file is not the one it was made with")

    def _sender_key(self, message: Message) -> tuple[int, ...]:
        return (self._keyring.number("sender", message.sender.key),) if message.sender.key else ()


def _sender(stored: bytes | None, asking: AsOf) -> SenderHistory:
    if stored is None:
        return SenderHistory()
    return habits.sender_history(records.sender_habit(stored), asking.sees, asking.before)


def _pair(stored: bytes | None, recipient: str, way: int, asking: AsOf) -> PairHistory:
    if stored is None:
        return PairHistory(recipient)
    return habits.pair_history(recipient, records.pair_habit(stored), way, asking.sees)


def _asking(before: datetime, case: str) -> AsOf:
    return AsOf(microseconds(before), bytes.fromhex(case) if case else b"")


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
