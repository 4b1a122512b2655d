"""The jail: every mail is read by a worker that can do nothing but read it.

What becomes of a mail is decided here, and only here:

- larger than the limit: refused; only the time and name on its head are read;
- read: done; when it wanted more password work than the message pool has, it is read again in the unlock pool;
- the same when its sender has spent its share of the unlock pool's work: what was read stands, the rest is unpaid;
- out of time after its headers were told: read again in the unlock pool, which has more;
- its worker crashed, lied or met a limit, or the headers were not even told: tried once more, headers only;
- its worker was beyond use before it took the mail up: not this mail's doing, so it goes to another worker.

No mail is tried a third time. What any try told is kept, and so is the trouble.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import lru_cache, partial
from typing import Self

from seriema.edge.jail.collect import Collector, End, Trouble, merged, unpaid
from seriema.edge.jail.pool import Pool
from seriema.edge.jail.quota import Quota
from seriema.edge.jail.settings import JailSettings, Layer, Terms, level
from seriema.edge.jail.spawner import Spawner
from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.model.plan import Depth, Dissection, Plan, Subject

#: Shares of the message pool's time: the full reading, and the second one of the headers alone.
_FIRST_SHARE, _SECOND_SHARE = 0.75, 0.25
#: How many more workers are asked when one does not take the mail up.
_OTHER_WORKERS = 2
#: A large mail gets a second more for each of so many bytes.
_BYTES_A_SECOND = 16 << 20
#: Sizes are counted in steps there, so that mails of about one size have equal limits.
_SIZE_STEP = 256 << 10
#: Digests of more than this are counted in a thread.
_LARGE = 1 << 20
#: Processor time is bounded over a worker's whole life; the wall clock is what ends a single mail.
_UNLOCK_CPU_SECONDS = 300
#: Workers of the unlock pool stand back for those that ordinary mail waits for.
_UNLOCK_NICE = 10
#: A work unit is a millisecond (``model.limits``); so much is charged for each second that ran out.
_UNITS_A_SECOND = 1_000

_Try = tuple[Collector, Trouble]


class Jail:
    """Isolated workers in two pools: ``message`` for every mail, ``unlock`` for what takes longer."""

    def __init__(self, settings: JailSettings) -> None:
        self.settings = settings
        self.spawner = Spawner(settings.module)
        terms = partial(Terms, memory=settings.memory, uid=settings.uid, leave_out=settings.leave_out)
        cpu_seconds = int(settings.mails * self._seconds(Limits().message_bytes)) + 1
        short = terms(cpu_seconds=cpu_seconds)
        self.message = Pool(self.spawner, short, settings.least, settings.message_workers, settings.mails, eager=True)
        # Mails take so long here that a process for each of them costs nothing.
        long = terms(cpu_seconds=_UNLOCK_CPU_SECONDS, nice=_UNLOCK_NICE)
        self.unlock = Pool(self.spawner, long, settings.least, settings.unlock_workers, 1, eager=False)
        self.quota = Quota(settings.sender_work)

    @classmethod
    @asynccontextmanager
    async def start(cls, settings: JailSettings) -> AsyncIterator[Self]:
        """A running jail. Raises JailUnavailable when no worker starts or isolation is weaker than ``least``."""
        jail = cls(settings)
        try:
            await jail.message.fill()
            yield jail
        finally:
            await jail.message.close()
            await jail.unlock.close()
            await jail.spawner.stop()

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Every layer as the workers found it when they tried; one that failed in any worker does not hold."""
        return tuple(self.message.layers.values())

    @property
    def level(self) -> str:
        """How good the isolation is: strong, reduced or weak."""
        return level(self.layers)

    @property
    def peak_bytes(self) -> int:
        """The most memory that a worker which has ended ever held, in bytes."""
        return self.spawner.peak_bytes

    async def dissect(self, raw: bytes, plan: Plan) -> Dissection:
        """Read one mail in a worker. Whatever the mail does becomes part of the result; raises only JailUnavailable."""
        sha256 = await _sha256(raw)
        if len(raw) > plan.limits.message_bytes:
            return await self._refused(raw, plan, sha256)
        small = self._small(plan, len(raw))
        first, trouble = await self._ask(self.message, small, raw, sha256, small.limits.seconds)
        if _wants_more(first, trouble, plan, small):
            async with self.quota.turn(plan.sender.key or first.message.sender.key) as turn:
                if not turn.paid:
                    return unpaid(first).result(trouble)
                second, trouble = await self._ask(self.unlock, plan, raw, sha256, plan.limits.seconds)
                turn.work = second.done.spent.password_work if second.done else plan.limits.seconds * _UNITS_A_SECOND
            return (merged(first, second) if trouble.end else second).result(trouble)
        if trouble.end and plan.depth is Depth.FULL:
            headers = replace(plan, depth=Depth.HEADERS, passwords=())
            second, _ = await self._ask(self.message, headers, raw, sha256, self._seconds(len(raw), _SECOND_SHARE))
            return merged(second, first).result(trouble)
        return first.result(trouble)

    async def _ask(self, pool: Pool, plan: Plan, raw: bytes, sha256: str, seconds: float) -> _Try:
        """One try. A worker that was spoilt before it took the mail up says nothing about it: another one is asked."""
        tried = await self._ask_once(pool, plan, raw, sha256, seconds)
        for _ in range(_OTHER_WORKERS):
            if tried[0].begun:
                break
            tried = await self._ask_once(pool, plan, raw, sha256, seconds)
        return tried

    async def _ask_once(self, pool: Pool, plan: Plan, raw: bytes, sha256: str, seconds: float) -> _Try:
        async with pool.worker() as cell:
            tried = await cell.ask(plan, raw, sha256, seconds)
        pool.expect_open()
        return tried

    def _seconds(self, size: int, share: float = 1.0) -> float:
        return share * (self.settings.message_seconds + size / _BYTES_A_SECOND)

    def _small(self, plan: Plan, size: int) -> Plan:
        """The plan as the message pool may carry it out."""
        whole = -(-size // _SIZE_STEP) * _SIZE_STEP
        limits = _lessened(plan.limits, self.settings.message_work, self._seconds(whole, _FIRST_SHARE))
        return replace(plan, limits=limits)

    async def _refused(self, raw: bytes, plan: Plan, sha256: str) -> Dissection:
        """An oversize mail: what its head says of time and name, and that it was not read."""
        trouble = Trouble(End.LIMIT, f"larger than {plan.limits.message_bytes} bytes")
        head = Collector(sha256, len(raw))
        if plan.subject is Subject.MAIL:
            arrival = replace(plan, depth=Depth.TIME, passwords=())
            start = raw[: min(plan.limits.message_bytes, plan.limits.header_bytes)]
            seen, _ = await self._ask(self.message, arrival, start, sha256, self._seconds(len(start), _SECOND_SHARE))
            head.message = replace(seen.message, sha256=sha256, size=len(raw))
        return head.result(trouble)


@lru_cache(256)
def _lessened(limits: Limits, work: int, seconds: float) -> Limits:
    """The same with no more work and time than this."""
    return replace(limits, password_work=min(limits.password_work, work), seconds=min(limits.seconds, seconds))


def _wants_more(tried: Collector, trouble: Trouble, plan: Plan, small: Plan) -> bool:
    """The message pool's share was too small for this mail, and the unlock pool has more to give."""
    if plan.depth is not Depth.FULL or not tried.read:
        return False
    if trouble.end:
        return trouble.end is End.TIMED_OUT and plan.limits.seconds > small.limits.seconds
    if plan.limits.password_work <= small.limits.password_work:
        return False
    # Password work that found no room leaves its file encrypted and at a limit; a search may also have been cut short
    # after it found something, which shows only in what was spent.
    cut = any(one.encrypted and one.state is State.LIMIT for one in tried.artifacts.values())
    return cut or (tried.done is not None and 2 * tried.done.spent.password_work >= small.limits.password_work)


async def _sha256(raw: bytes) -> str:
    if len(raw) > _LARGE:
        return (await asyncio.to_thread(hashlib.sha256, raw)).hexdigest()
    return hashlib.sha256(raw).hexdigest()
