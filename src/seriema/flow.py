"""The story on one page: ``handle`` one mail, ``learn`` from old mail.

Flow knows the rooms and is handed its edge. A mail is dissected in the jail, joined to what is remembered, judged,
remembered; when it brings the password of an earlier locked file, that file is opened and its mail judged again
(``reopen``), and when it shows what earlier mails were, these are (``hindsight``).
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Protocol

from seriema import hindsight, reopen, thread, verdict
from seriema.model.artifact import Artifact
from seriema.model.case import Case, Engine, Evidence, Kept
from seriema.model.errors import InputError
from seriema.model.finding import Finding
from seriema.model.history import History, Reuse
from seriema.model.judgement import Exemption, Judgement
from seriema.model.limits import Limits
from seriema.model.message import Address, Message
from seriema.model.password import Candidate, Proven, Text
from seriema.model.picture import Picture, Reading
from seriema.model.plan import Depth, Dissection, Plan, Subject
from seriema.model.thread import Match, Remembered, Thread, ThreadKeys
from seriema.model.verdict import Tier
from seriema.reopen import Jail
from seriema.verdict import Policy

#: What is known outside a mail is tried on its files with this part (a fourth) of the work for its own passwords.
_OUTSIDE_SHARE = 4
#: The time of a mail that names none, when nothing dated came before it.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Memory(hindsight.Judgements, Protocol):
    """What went before (``edge.memory``). Each method may raise MemoryUnavailable."""

    def recall(self, keys: ThreadKeys, before: datetime, not_case: str) -> tuple[Match, ...]:
        """Remembered mails that share a key."""

    def history(self, message: Message, before: datetime) -> History:
        """What sender and recipients did before."""

    def reused(self, evidence: Evidence, opened_with: Sequence[Proven]) -> tuple[Reuse, ...]:
        """What of this mail earlier mails of other senders held."""

    def opened_before(self, artifacts: Iterable[Artifact], before: datetime, not_case: str) -> dict[str, Remembered]:
        """By the id of a locked member: an earlier mail in which one of that name, size and CRC-32 was opened."""

    def remember(self, evidence: Evidence, tier: Tier, opened_with: Sequence[Proven] = ()) -> None:
        """Queue a judged mail to be kept, with the passwords that opened something in it."""

    async def stored(self) -> None:
        """Return when all that was queued is safely on disk."""

    def keep_locked(self, kept: Kept) -> None:
        """Seal a mail's locked files until a password comes or they expire; replaces what is kept of that mail."""

    def keep_candidates(self, evidence: Evidence, candidates: tuple[Candidate, ...]) -> None:
        """Seal the passwords a mail names."""

    def keep_proven(self, evidence: Evidence, proven: tuple[Proven, ...]) -> None:
        """Seal the passwords that opened something in a mail."""

    def candidates_for(self, message: Message, thread: Thread, before: datetime) -> tuple[Candidate, ...]:
        """Passwords that earlier mails of this conversation or pair named, the pair's usual ones, and the pool's."""

    def locked_for(self, message: Message, thread: Thread, before: datetime) -> tuple[Kept, ...]:
        """Earlier mails of this conversation or pair whose files are still locked."""

    def kept(self, case: str) -> Kept | None:
        """One mail whose files are still locked, by its case."""

    def unpaid(self) -> tuple[Kept, ...]:
        """Mails with files that were not tried enough because their sender had spent its share of work."""

    def settle(self, case: str) -> None:
        """Forget the locked files of a mail: they were opened."""


class Ocr(Protocol):
    """Reads pictures (``edge.ocr``)."""

    async def read(self, pictures: Sequence[Picture], language: str) -> Sequence[Reading]:
        """A reading for each picture of one mail in this language; never raises for what a picture does."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What flow is handed of the world. Without ``ocr`` pictures stay unread, and that is said."""

    jail: Jail
    memory: Memory
    ocr: Ocr | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """How to read and judge: policy, limits, whose authentication results count, passwords given by a person.

    ``agreed`` are passwords that the administrator knows of: by a sender's address or domain, and by "" for all mail.
    """

    policy: Policy
    limits: Limits = Limits()
    authserv_ids: tuple[str, ...] = ()
    passwords: tuple[Candidate, ...] = ()
    agreed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    own_domains: frozenset[str] = frozenset()

    def known_of(self, sender: Address) -> tuple[Candidate, ...]:
        """What a person gave, then what the administrator knows of this sender, of its domain and of all mail."""
        values = (one for key in (sender.key, sender.domain, "") for one in self.agreed.get(key, ()))
        return (*self.passwords, *(Candidate(one, "admin", rank) for rank, one in enumerate(values)))


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail or bare file as it came in. ``fallback`` is its time when it names none itself.

    ``arrived``: when it came to the gateway, by our own clock; it then stands above what the mail says of its time.
    """

    source: str
    raw: bytes
    subject: Subject = Subject.MAIL
    name: str = ""
    fallback: datetime = EPOCH
    arrived: datetime | None = None


async def handle(mail: Incoming, edge: Edge, rules: Rules) -> tuple[Case, ...]:
    """Judge one mail as of its own time and remember it.

    The first case is the mail's; more follow for earlier mails whose locked file its password opened, and for those
    that it shows in another light. Raises ServiceError when jail or memory is out of service; whatever the mail itself
    does becomes part of its case.
    """
    return await conclude(mail, await dissect(mail, edge, rules), edge, rules)


async def dissect(mail: Incoming, edge: Edge, rules: Rules, depth: Depth = Depth.FULL) -> Dissection:
    """Have one mail read in the jail. Independent of memory, so that many may run at once."""
    plan = _plan(mail, rules, rules.passwords, depth)
    seen = await edge.jail.dissect(mail.raw, plan)
    return await _read_pictures(mail, plan, seen, edge) if seen.pictures else seen


async def conclude(mail: Incoming, seen: Dissection, edge: Edge, rules: Rules) -> tuple[Case, ...]:
    """Join, judge and remember a dissected mail. Order matters: only what was concluded before is remembered."""
    as_of = mail.arrived or seen.message.time or mail.fallback
    read = _compared(await _read(mail, seen, as_of, edge, rules), edge.memory)
    case = _judged(read.evidence, edge, rules)
    named = _named(seen, case.evidence)
    _remember(case.evidence, case.verdict.tier, read, named, edge.memory)
    bare = replace(read, evidence=reopen.without_text(case.evidence), reasons=case.verdict.reasons)
    if read.locked:
        edge.memory.keep_locked(bare)
    if case.verdict.tier in hindsight.LOOKED_AT:
        edge.memory.keep_suspect(replace(bare, locked=()))
    reopened = await _reopen(case.evidence, named, edge, rules) if named else ()
    light = hindsight.came_to_light(case, read.proven, edge.memory, rules.policy)
    await edge.memory.stored()
    return (case, *reopened, *light)


async def learn(mail: Incoming, edge: Edge, rules: Rules) -> None:
    """Remember an old mail without judging it; it counts as delivered."""
    await learned(mail, await dissect(mail, edge, rules), edge, rules)
    await edge.memory.stored()


async def learned(mail: Incoming, seen: Dissection, edge: Edge, rules: Rules) -> None:
    """Queue a dissected old mail to be remembered."""
    as_of = mail.arrived or seen.message.time or mail.fallback
    read = await _read(mail, seen, as_of, edge, rules)
    _remember(read.evidence, Tier.DELIVER, read, _named(seen, read.evidence), edge.memory)


async def open_kept(case: str, passwords: Sequence[str], as_of: datetime, edge: Edge, rules: Rules) -> tuple[Case, ...]:
    """Try passwords that a person gave on what a mail left locked, and on the same people's other locked files.

    New judgements of what opened, that of the mail itself first; none when nothing did. Raises InputError when nothing
    is kept of such a mail.
    """
    kept = edge.memory.kept(case)
    if kept is None:
        raise InputError(f"{case}: no locked file of such a mail is kept (any more)")
    given = tuple(Candidate(one, "user", rank) for rank, one in enumerate(passwords))
    first = await _judged_again(kept, given, as_of, edge, rules)
    others = await _reopen(replace(kept.evidence, as_of=as_of), given, edge, rules) if first else ()
    await edge.memory.stored()
    return (*first, *others)


async def condemn(word: Judgement, edge: Edge, rules: Rules) -> tuple[Case, ...]:
    """A person says that a mail is harmful: new judgements of it and of earlier mails that have to do with it."""
    cases = hindsight.condemned(word, edge.memory, rules.policy, _engine(edge))
    await edge.memory.stored()
    return cases


async def acquit(word: Judgement, fact: str, until: datetime, edge: Edge) -> tuple[Exemption, ...]:
    """A person says that a mail is harmless; with a ``fact``, that is excepted between its people until then."""
    made = hindsight.acquitted(word, fact, until, edge.memory)
    await edge.memory.stored()
    return made


async def retry(as_of: datetime, edge: Edge, rules: Rules) -> tuple[Case, ...]:
    """Try again what could not be tried before because its sender had spent its share of work (``edge.jail``)."""
    again: list[Case] = []
    for kept in edge.memory.unpaid():
        evidence = kept.evidence
        outside = edge.memory.candidates_for(evidence.message, evidence.thread, as_of)
        again += await _judged_again(kept, outside, as_of, edge, rules)
    await edge.memory.stored()
    return tuple(again)


def _plan(mail: Incoming, rules: Rules, passwords: tuple[Candidate, ...], depth: Depth = Depth.FULL) -> Plan:
    return Plan(depth, mail.subject, mail.name, rules.authserv_ids, passwords, rules.limits)


async def _read_pictures(mail: Incoming, plan: Plan, seen: Dissection, edge: Edge) -> Dissection:
    """Dissect once more with what stands in the pictures beside a locked file; what was not read is said."""
    if edge.ocr is None:
        readings: Sequence[Reading] = [Reading(trouble="nothing here reads pictures")] * len(seen.pictures)
    else:
        readings = await edge.ocr.read(seen.pictures, seen.message.body.reply_language)
    texts = tuple(Text("picture", one.text) for one in readings if one.text)
    again = await edge.jail.dissect(mail.raw, replace(plan, texts=texts)) if texts else seen
    found = seen if again.trouble else again
    troubles = [one.trouble or ("read, but not tried: " + again.trouble if again.trouble else "") for one in readings]
    unread = (
        Finding("picture.not-read", one.artifact, detail=why)
        for one, why in zip(seen.pictures, troubles, strict=True)
        if why and found.locked
    )
    return replace(found, findings=(*found.findings, *unread))


def _join(message: Message, memory: Memory, as_of: datetime) -> Thread:
    matches = memory.recall(thread.keys(message), as_of, message.sha256[:32])
    return thread.join(message, matches, as_of)


async def _read(mail: Incoming, seen: Dissection, as_of: datetime, edge: Edge, rules: Rules) -> Kept:
    """All that is known of a mail; what stayed locked is tried once more with the passwords known outside the mail."""
    conversation = _join(seen.message, edge.memory, as_of)
    evidence = _evidence(mail, seen, conversation, as_of, edge.memory, rules)
    read = Kept(evidence, (), 0, seen.locked, seen.proven)
    if not seen.locked or seen.trouble:
        return read
    outside = (*rules.known_of(seen.message.sender), *edge.memory.candidates_for(seen.message, conversation, as_of))
    if not outside:
        return read
    limits = replace(rules.limits, password_work=rules.limits.password_work // _OUTSIDE_SHARE)
    return await reopen.opened(read, outside, limits, edge.jail)


def _compared(read: Kept, memory: Memory) -> Kept:
    """With the history that bears on the mail, and what of all that opened in it other senders' mails held."""
    evidence = read.evidence
    history = replace(
        memory.history(evidence.message, evidence.as_of),
        reused=memory.reused(evidence, read.proven),
        partner=evidence.history.partner,
    )
    return replace(read, evidence=replace(evidence, history=history))


def _evidence(
    mail: Incoming, seen: Dissection, conversation: Thread, as_of: datetime, memory: Memory, rules: Rules
) -> Evidence:
    partner = rules.policy.partner_name(seen.message.sender.key) is not None
    return Evidence(
        source=mail.source,
        as_of=as_of,
        message=seen.message,
        thread=conversation,
        history=History(partner=partner),
        artifacts=seen.artifacts,
        findings=(*seen.findings, *_opened_before(seen, as_of, memory)),
        indicators=seen.indicators,
        inspection=verdict.inspection(seen.artifacts, seen.trouble),
        direction=verdict.direction(seen.message, rules.own_domains),
    )


def _opened_before(seen: Dissection, as_of: datetime, memory: Memory) -> Iterator[Finding]:
    """What a locked member probably is: evidence, not proof, so it changes no state."""
    if not seen.locked:
        return
    for identity, mail in memory.opened_before(seen.artifacts, as_of, seen.message.sha256[:32]).items():
        where = f"{mail.message_id or mail.case} of {mail.received:%Y-%m-%d}"
        detail = f"same name, size and CRC-32 as a file that was opened in {where}: evidence, not proof"
        yield Finding("unlock.same-as-opened", identity, "directory", detail)


def _named(seen: Dissection, evidence: Evidence) -> tuple[Candidate, ...]:
    """The passwords of this mail's own that may open other mails' files: what opened something first."""
    source = f"message:{evidence.message.message_id or evidence.id}"
    elsewhere = ("message:", "pool", "admin", "user")
    proven = (one.value for one in seen.proven if not one.source.startswith(elsewhere))
    ranked = dict.fromkeys(proven, 0) | {one.value: one.rank for one in seen.candidates}
    return tuple(Candidate(value, source, rank) for value, rank in ranked.items())


def _remember(evidence: Evidence, tier: Tier, read: Kept, named: tuple[Candidate, ...], memory: Memory) -> None:
    memory.remember(evidence, tier, read.proven)
    if named:
        memory.keep_candidates(evidence, named)
    if read.proven:
        memory.keep_proven(evidence, read.proven)


async def _reopen(evidence: Evidence, given: tuple[Candidate, ...], edge: Edge, rules: Rules) -> tuple[Case, ...]:
    """Try passwords on what earlier mails of the conversation or the same people left locked.

    What waits for its sender's share of work finds them when it is tried again.
    """
    earlier = edge.memory.locked_for(evidence.message, evidence.thread, evidence.as_of)
    ready = [kept for kept in earlier if not any(one.unpaid for one in kept.locked)]
    again = [await _judged_again(kept, given, evidence.as_of, edge, rules) for kept in ready]
    return tuple(case for cases in again for case in cases)


async def _judged_again(
    kept: Kept, passwords: tuple[Candidate, ...], as_of: datetime, edge: Edge, rules: Rules
) -> tuple[Case, ...]:
    """What opens makes a new judgement of its mail, and of earlier ones that come to light by it."""
    found = await reopen.opened(kept, passwords, rules.limits, edge.jail)
    if found.evidence is kept.evidence:
        if found.locked != kept.locked:
            edge.memory.keep_locked(found)
        return ()
    evidence, revision = replace(found.evidence, as_of=as_of), kept.revision + 1
    judged = verdict.judge(evidence, rules.policy, kept.reasons)
    edge.memory.keep_proven(evidence, found.proven)
    if found.locked:
        edge.memory.keep_locked(replace(found, evidence=evidence, revision=revision))
    else:
        edge.memory.settle(evidence.id)
    case = Case(evidence, judged, _engine(edge), revision, f"{evidence.id}/{kept.revision}")
    hindsight.follow(case, found, edge.memory)
    return (case, *hindsight.came_to_light(case, found.proven, edge.memory, rules.policy))


def _judged(evidence: Evidence, edge: Edge, rules: Rules) -> Case:
    """Exceptions are looked up for what is not delivered anyway."""
    case = Case(evidence, verdict.judge(evidence, rules.policy), _engine(edge))
    if case.verdict.tier is Tier.DELIVER:
        return case
    exempt = verdict.exempted(evidence.message, edge.memory.exemptions(evidence.as_of))
    if not exempt:
        return case
    evidence = replace(evidence, history=replace(evidence.history, exempt=exempt))
    return Case(evidence, verdict.judge(evidence, rules.policy), case.engine)


def _engine(edge: Edge) -> Engine:
    return Engine(_version(), verdict.rules_version(), edge.jail.level)


@functools.cache
def _version() -> str:
    return version("seriema")
