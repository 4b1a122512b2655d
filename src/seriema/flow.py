"""The story on one page: ``handle`` one mail, ``learn`` from old mail.

Flow knows the rooms and is handed its edge. A mail is dissected in the jail, joined to what is remembered, judged,
remembered; and when it brings the password of an earlier locked file, that file is opened and its mail judged again.
"""

import functools
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Protocol

from seriema import reopen, thread, verdict
from seriema.model.case import Case, Engine, Evidence, Kept
from seriema.model.history import History
from seriema.model.limits import Limits
from seriema.model.message import Message
from seriema.model.password import Candidate
from seriema.model.plan import Depth, Dissection, LockedFile, Plan, Subject
from seriema.model.thread import Match, Thread, ThreadKeys
from seriema.model.verdict import Tier
from seriema.verdict import Policy

#: The time of a mail that names none, when nothing dated came before it.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Jail(Protocol):
    """The isolated workers (``edge.jail``)."""

    @property
    def level(self) -> str:
        """Strong, reduced or weak."""

    async def dissect(self, raw: bytes, plan: Plan) -> Dissection:
        """Read one mail in a worker; never raises for what the mail does."""


class Memory(Protocol):
    """What went before (``edge.memory``). Each method may raise MemoryUnavailable."""

    def recall(self, keys: ThreadKeys, before: datetime, not_case: str) -> tuple[Match, ...]:
        """Remembered mails that share a key."""

    def history(self, message: Message, before: datetime) -> History:
        """What sender and recipients did before."""

    def remember(self, evidence: Evidence, tier: Tier) -> None:
        """Queue a judged mail to be kept."""

    async def stored(self) -> None:
        """Return when all that was queued is safely on disk."""

    def keep_locked(self, kept: Kept) -> None:
        """Seal a mail's locked files until a password comes or they expire; replaces what is kept of that mail."""

    def keep_candidates(self, evidence: Evidence, candidates: tuple[Candidate, ...]) -> None:
        """Seal the passwords a mail names."""

    def candidates_for(self, message: Message, thread: Thread, before: datetime) -> tuple[Candidate, ...]:
        """Passwords that earlier mails of this conversation or pair named."""

    def locked_for(self, message: Message, thread: Thread, before: datetime) -> tuple[Kept, ...]:
        """Earlier mails of this conversation or pair whose files are still locked."""

    def settle(self, case: str) -> None:
        """Forget the locked files of a mail: they were opened."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What flow is handed of the world."""

    jail: Jail
    memory: Memory


@dataclass(frozen=True, slots=True)
class Rules:
    """How to read and judge: policy, limits, whose authentication results count, passwords given by a person."""

    policy: Policy
    limits: Limits = Limits()
    authserv_ids: tuple[str, ...] = ()
    passwords: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail or bare file as it came in. ``fallback`` is its time when it names none itself."""

    source: str
    raw: bytes
    subject: Subject = Subject.MAIL
    name: str = ""
    fallback: datetime = EPOCH


async def handle(mail: Incoming, edge: Edge, rules: Rules) -> tuple[Case, ...]:
    """Judge one mail as of its own time and remember it.

    The first case is the mail's; more follow for earlier mails whose locked file its password opened. Raises
    ServiceError when jail or memory is out of service; whatever the mail itself does becomes part of its case.
    """
    return await conclude(mail, await dissect(mail, edge, rules), edge, rules)


async def dissect(mail: Incoming, edge: Edge, rules: Rules, depth: Depth = Depth.FULL) -> Dissection:
    """Have one mail read in the jail. Independent of memory, so that many may run at once."""
    return await edge.jail.dissect(mail.raw, _plan(mail, rules, rules.passwords, depth))


async def conclude(mail: Incoming, seen: Dissection, edge: Edge, rules: Rules) -> tuple[Case, ...]:
    """Join, judge and remember a dissected mail. Order matters: only what was concluded before is remembered."""
    as_of = seen.message.time or mail.fallback
    conversation = _join(seen.message, edge.memory, as_of)
    seen = await _with_remembered_passwords(mail, seen, conversation, as_of, edge, rules)
    evidence = _evidence(mail, seen, conversation, as_of, edge.memory, rules)
    case = Case(evidence, verdict.judge(evidence, rules.policy), _engine(edge))
    _remember(case, seen, edge.memory)
    reopened = await _reopen(case, seen.candidates, edge, rules)
    await edge.memory.stored()
    return (case, *reopened)


async def learn(mail: Incoming, edge: Edge, rules: Rules) -> None:
    """Remember an old mail without judging it; it counts as delivered."""
    seen = await dissect(mail, edge, rules)
    learned(mail, seen, edge, rules)
    await edge.memory.stored()


def learned(mail: Incoming, seen: Dissection, edge: Edge, rules: Rules) -> None:
    """Queue a dissected old mail to be remembered."""
    as_of = seen.message.time or mail.fallback
    conversation = _join(seen.message, edge.memory, as_of)
    evidence = _evidence(mail, seen, conversation, as_of, edge.memory, rules)
    edge.memory.remember(evidence, Tier.DELIVER)
    if seen.candidates:
        edge.memory.keep_candidates(evidence, seen.candidates)


def _plan(mail: Incoming, rules: Rules, passwords: tuple[Candidate, ...], depth: Depth = Depth.FULL) -> Plan:
    return Plan(depth, mail.subject, mail.name, rules.authserv_ids, passwords, rules.limits)


def _join(message: Message, memory: Memory, as_of: datetime) -> Thread:
    matches = memory.recall(thread.keys(message), as_of, message.sha256[:32])
    return thread.join(message, matches, as_of)


async def _with_remembered_passwords(
    mail: Incoming, seen: Dissection, conversation: Thread, as_of: datetime, edge: Edge, rules: Rules
) -> Dissection:
    """Read the mail once more when it stayed locked and earlier mails named passwords for it."""
    if not seen.locked:
        return seen
    remembered = edge.memory.candidates_for(seen.message, conversation, as_of)
    if not remembered:
        return seen
    again = await edge.jail.dissect(mail.raw, _plan(mail, rules, (*rules.passwords, *remembered)))
    return seen if again.trouble else again


def _evidence(
    mail: Incoming, seen: Dissection, conversation: Thread, as_of: datetime, memory: Memory, rules: Rules
) -> Evidence:
    history = memory.history(seen.message, as_of)
    partner = rules.policy.is_partner(seen.message.sender.key)
    return Evidence(
        source=mail.source,
        as_of=as_of,
        message=seen.message,
        thread=conversation,
        history=replace(history, partner=partner),
        artifacts=seen.artifacts,
        findings=seen.findings,
        indicators=seen.indicators,
        inspection=verdict.inspection(seen.artifacts, seen.trouble),
    )


def _remember(case: Case, seen: Dissection, memory: Memory) -> None:
    memory.remember(case.evidence, case.verdict.tier)
    if seen.candidates:
        memory.keep_candidates(case.evidence, seen.candidates)
    if seen.locked:
        memory.keep_locked(Kept(reopen.without_text(case.evidence), case.verdict.reasons, 0, seen.locked))


async def _reopen(case: Case, candidates: tuple[Candidate, ...], edge: Edge, rules: Rules) -> tuple[Case, ...]:
    """Try this mail's passwords on what earlier mails left locked; what opens makes a new judgement of its mail."""
    if not candidates:
        return ()
    source = f"message:{case.evidence.message.message_id or case.evidence.id}"
    given = tuple(replace(candidate, source=source) for candidate in candidates)
    reopened = []
    for kept in edge.memory.locked_for(case.evidence.message, case.evidence.thread, case.evidence.as_of):
        evidence, still = await _open_kept(kept, given, edge, rules)
        if evidence is None:
            continue
        evidence = replace(evidence, as_of=case.evidence.as_of)
        judged = verdict.judge(evidence, rules.policy, kept.reasons)
        revision = kept.revision + 1
        reopened.append(Case(evidence, judged, _engine(edge), revision, f"{evidence.id}/{kept.revision}"))
        if still:
            edge.memory.keep_locked(Kept(evidence, kept.reasons, revision, still))
        else:
            edge.memory.settle(evidence.id)
    return tuple(reopened)


async def _open_kept(
    kept: Kept, candidates: tuple[Candidate, ...], edge: Edge, rules: Rules
) -> tuple[Evidence | None, tuple[LockedFile, ...]]:
    """The evidence with every file replaced that opened now, or None; and the files that are locked still."""
    evidence, still, changed = kept.evidence, [], False
    for file in kept.locked:
        plan = Plan(Depth.FULL, Subject.FILE, file.name, passwords=candidates, limits=rules.limits)
        seen = await edge.jail.dissect(file.content, plan)
        if seen.locked or seen.trouble:
            still.append(file)
        else:
            evidence, changed = reopen.grafted(evidence, file.artifact, seen), True
    return (evidence if changed else None), tuple(still)


def _engine(edge: Edge) -> Engine:
    return Engine(_version(), verdict.rules_version(), edge.jail.level)


@functools.cache
def _version() -> str:
    return version("seriema")
