"""Opens the edge for one command, and judges or learns many inputs in the order of their own times.

Two passes: the first reads only enough of each mail to know when it arrived, the second dissects in that order (several
at once, in the jail) and concludes one after the other, so that each mail is judged with only earlier mail remembered.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from seriema import config, flow
from seriema.edge.intake import Input
from seriema.edge.jail import Jail, JailSettings
from seriema.edge.memory import Bounds, Memory, Retention
from seriema.edge.ocr import Ocr
from seriema.model.case import Case
from seriema.model.errors import InputError, LimitReached
from seriema.model.password import Candidate
from seriema.model.plan import Depth, Dissection, Subject

#: Bytes of a mail that are read to learn when it arrived.
HEAD_BYTES = 256 << 10

Progress = Callable[[int, int], None]
Dated = tuple[Input, datetime]
_Read = tuple[bytes, Dissection] | None


@dataclass(frozen=True, slots=True)
class Session:
    """An open edge with the rules to judge by."""

    edge: flow.Edge
    rules: flow.Rules
    memory: Memory
    jail: Jail
    ocr: Ocr
    parallel: int
    problems: list[str] = field(default_factory=list)  #: inputs that became unreadable


def rules_of(settings: config.Settings, passwords: Sequence[str] = ()) -> flow.Rules:
    """How the settings say to read and judge. Raises ConfigurationError."""
    return flow.Rules(
        policy=config.policy(settings),
        limits=settings.limits,
        authserv_ids=settings.mail.authserv_ids,
        passwords=tuple(Candidate(one, "user", rank) for rank, one in enumerate(passwords)),
        agreed=config.agreed(settings),
        own_domains=config.own_domains(settings),
    )


@asynccontextmanager
async def opened(
    settings: config.Settings, passwords: Sequence[str] = (), sender_work: int | None = None
) -> AsyncIterator[Session]:
    """Jail and memory as the settings say; closed at the end. Raises ConfigurationError or ServiceError."""
    rules = rules_of(settings, passwords)
    jailed = JailSettings(workers=settings.jail.workers, least=settings.jail.least, sender_work=sender_work)
    async with Jail.start(jailed) as jail:
        ocr = Ocr()
        remembered = memory(settings, rules.own_domains)
        try:
            edge = flow.Edge(jail, remembered, ocr)
            yield Session(edge, rules, remembered, jail, ocr, jailed.message_workers + 2)
        finally:
            remembered.close()


def memory(settings: config.Settings, own_domains: frozenset[str]) -> Memory:
    """The memory that the settings name, with its bounds."""
    chosen = settings.memory
    return Memory.open(
        chosen.url,
        own_domains=own_domains,
        retention=Retention(
            Bounds(chosen.most_mails, chosen.keep_days), frozenset(one.lower() for one in chosen.exclude)
        ),
    )


async def in_time_order(inputs: Iterable[Input], session: Session, progress: Progress) -> list[Dated]:
    """The inputs with their times, earliest first; those that name none come last, at the latest time known.

    A mail without a time is so judged with everything remembered: leaving the time out gains a thief nothing.
    """
    seen: list[tuple[Input, datetime | None]] = []
    async for one, _, dissection in _dissected(inputs, session, Depth.TIME):
        seen.append((one, dissection.message.time))
        progress(len(seen), 0)
    latest = max((moment for _, moment in seen if moment), default=flow.EPOCH)
    order = sorted(range(len(seen)), key=lambda index: (seen[index][1] is None, seen[index][1] or latest, index))
    return [(seen[index][0], seen[index][1] or latest) for index in order]


async def judged(inputs: Sequence[Dated], session: Session, progress: Progress) -> AsyncGenerator[Case, None]:
    """The cases of inputs that are in time order already."""
    latest = inputs[-1][1] if inputs else flow.EPOCH
    done = 0
    async for one, raw, seen in _dissected((one for one, _ in inputs), session, Depth.FULL):
        for case in await flow.conclude(_incoming(one, raw, latest), seen, session.edge, session.rules):
            yield case
        done += 1
        progress(done, len(inputs))


async def replayed(
    inputs: Sequence[Dated], lanes: Sequence[Session], progress: Progress
) -> AsyncGenerator[tuple[str, tuple[tuple[Case, ...], ...]], None]:
    """Each input, read once, with the cases it gives in each of several sessions that share a jail."""
    latest = inputs[-1][1] if inputs else flow.EPOCH
    done = 0
    async for one, raw, seen in _dissected((one for one, _ in inputs), lanes[0], Depth.FULL):
        incoming = _incoming(one, raw, latest)
        yield one.source, tuple([await flow.conclude(incoming, seen, lane.edge, lane.rules) for lane in lanes])
        done += 1
        progress(done, len(inputs))


async def learned(inputs: Iterable[Input], *sessions: Session) -> AsyncGenerator[Input, None]:
    """Remember old mail in the order given; each input is given back once it is queued to be stored."""
    async for one, raw, seen in _dissected(inputs, sessions[0], Depth.FULL):
        for session in sessions:
            await flow.learned(_incoming(one, raw, flow.EPOCH), seen, session.edge, session.rules)
        yield one
    for session in sessions:
        await session.memory.stored()


def _incoming(one: Input, raw: bytes, fallback: datetime) -> flow.Incoming:
    return flow.Incoming(one.source, raw, one.kind, one.name, fallback)


async def _dissected(
    inputs: Iterable[Input], session: Session, depth: Depth
) -> AsyncGenerator[tuple[Input, bytes, Dissection], None]:
    """Dissect several at once, give them back in order with their bytes; the unreadable is left to ``problems``."""
    waiting: deque[tuple[Input, asyncio.Task[_Read]]] = deque()
    try:
        for one in inputs:
            waiting.append((one, asyncio.create_task(_dissect(one, session, depth))))
            if len(waiting) >= session.parallel:
                first, task = waiting.popleft()
                if read := await task:
                    yield (first, *read)
        while waiting:
            first, task = waiting.popleft()
            if read := await task:
                yield (first, *read)
    finally:
        for _, task in waiting:
            task.cancel()


async def _dissect(one: Input, session: Session, depth: Depth) -> _Read:
    try:
        if depth is Depth.TIME:
            raw = one.head(HEAD_BYTES) if one.kind is Subject.MAIL else b""
        else:
            raw = one.read(session.rules.limits.message_bytes)
    except LimitReached as error:
        return await _oversize(one, session, error.reason)
    except InputError as error:
        session.problems.append(str(error))
        return None
    return raw, await flow.dissect(_incoming(one, raw, flow.EPOCH), session.edge, session.rules, depth)


async def _oversize(one: Input, session: Session, reason: str) -> _Read:
    """Who, when and to whom from the head; the rest is a gap in its case."""
    head = one.head(HEAD_BYTES)
    seen = await flow.dissect(_incoming(one, head, flow.EPOCH), session.edge, session.rules, Depth.TIME)
    message = replace(seen.message, sha256=one.sha256(), size=one.size)
    return head, replace(seen, message=message, trouble=f"limit: {reason}")
