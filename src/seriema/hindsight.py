"""Flow's third page: what later mails and people say about earlier ones.

When a mail is held for what it shows, or a person says that one was harmful, earlier mails that were marked or asked
about and have to do with it are judged again, with that as one more reason. What was judged first stands untouched; the
new judgement is appended to it. A mail that came to light brings no others to light, so that nothing goes round.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol
from urllib.parse import urlsplit

from seriema import verdict
from seriema.model.case import Case, Engine, Evidence, Kept
from seriema.model.errors import InputError, UsageError
from seriema.model.finding import IndicatorType
from seriema.model.judgement import Exemption, Judgement
from seriema.model.password import Proven
from seriema.model.verdict import Reason, Tier
from seriema.verdict import Policy

#: Later evidence may show what mails of these tiers were.
LOOKED_AT = frozenset({Tier.TAG, Tier.ASK})
#: Recipients for whom one exception may be made at once: it is for pairs, not for a sender as such.
PAIRS = 8
#: How far a person's word on a mail reaches beyond it.
NEAR = timedelta(days=30)
#: A stolen account is used up within a day or two (R28); what it sent long before that was its owner's.
SWEEP = timedelta(days=2)
#: What is left of the share of a mail that was read whole, and of which only its sender speaks.
READ_WHOLE = 0.75
#: Passwords of these sources were agreed on, not found in mail.
_AGREED = frozenset({"user", "admin"})
_PASSED_ON = frozenset({"download", "runs"})


class Tie(Enum):
    """What an earlier mail has to do with a later one: in words, and which share of the later one's score counts."""

    THINGS = ("with the same {}", 1.0)
    ACCOUNT = ("of the same account", 1.0)
    ALIKE = ("of another account that did the like towards the same organisation", 0.4)

    def __init__(self, words: str, share: float) -> None:
        self.words, self.share = words, share


class Judgements(Protocol):
    """What is known of mails after their arrival (``edge.memory``). Each method may raise MemoryUnavailable."""

    def condemn(self, case: str, since: datetime | None = None) -> None:
        """Queue that a mail is harmful: what it showed is no habit and counts no more, but as suspicion.

        Asked as of a moment before ``since`` it still counts; None (a person's word) is for every moment. The mail may
        be remembered earlier or later than this.
        """

    def acquit(self, case: str) -> None:
        """Queue that a mail is not harmful: takes back what ``condemn`` did."""

    def forget(self, address: str) -> int:
        """Remove all that is kept of a person, at once; how many of its mails that were."""

    def judged(self, judgement: Judgement) -> None:
        """Queue a person's word on a mail. It changes nothing else: condemning is the caller's."""

    def judgements(self, case: str = "") -> tuple[Judgement, ...]:
        """People's words on one mail or on all, in the order of their giving."""

    def exempt(self, exemption: Exemption) -> None:
        """Queue an exemption; one of the same pair and fact is replaced."""

    def revoke(self, exemption: Exemption) -> None:
        """Queue the end of an exemption."""

    def exemptions(self, at: datetime) -> tuple[Exemption, ...]:
        """Those in force at a moment."""

    def kept(self, case: str) -> Kept | None:
        """One mail whose files are still locked, by its case."""

    def keep_locked(self, kept: Kept) -> None:
        """Seal a mail's locked files until a password comes or they expire; replaces what is kept of that mail."""

    def keep_suspect(self, kept: Kept) -> None:
        """Seal the evidence (without text) of a mail judged tag or ask for 30 days; replaces what was kept of it."""

    def suspect(self, case: str) -> Kept | None:
        """What is kept of one such mail."""

    def suspects_for(self, evidence: Evidence, opened_with: Sequence[Proven]) -> tuple[Kept, ...]:
        """Earlier mails judged tag or ask that this one may bring to light, as of its own time, at most 24.

        Of the same account, of accounts that lately did the like towards the same organisation, or with the same
        password, archive, document or target.
        """

    def drop_suspect(self, case: str) -> None:
        """Queue that the evidence of such a mail is needed no more: it stands condemned or acquitted."""


@dataclass(frozen=True, slots=True)
class Light:
    """What is known of one mail now, and when that came to be known. ``words`` go on after "a later mail …"."""

    evidence: Evidence
    proven: tuple[Proven, ...]
    score: float
    words: str
    at: datetime


def came_to_light(case: Case, proven: tuple[Proven, ...], memory: Judgements, policy: Policy) -> tuple[Case, ...]:
    """New judgements of earlier mails, when this one was held for what it shows and not for what was unread."""
    score, evidence = case.verdict.score, case.evidence
    if policy.applied(evidence).tier_of(score).severity < Tier.HOLD.severity:
        return ()
    why = next((one.text for one in case.verdict.reasons if one.weight), "")
    light = Light(evidence, proven, score, f"was held: {why}", evidence.as_of)
    return tuple(_judged_again(memory.suspects_for(evidence, proven), light, memory, policy, case.engine))


def condemned(word: Judgement, memory: Judgements, policy: Policy, engine: Engine) -> tuple[Case, ...]:
    """A person says that a mail is harmful: its own new judgement, if its evidence is kept, and those of earlier ones.

    Also mails that came up to 30 days after it, before the person spoke, are looked at.
    """
    memory.judged(word)
    memory.condemn(word.case)
    own = memory.suspect(word.case) or memory.kept(word.case)
    if own is None:
        return ()
    said = Reason(verdict.JUDGED, 1.0, f"a person judged this mail harmful: {word.reason}")
    first = _again(own, said, word.at, policy, engine)
    _keep(own, first, memory)
    light = Light(own.evidence, own.proven, 1.0, f"was judged harmful by a person: {word.reason}", word.at)
    before = memory.suspects_for(own.evidence, own.proven)
    after = replace(own.evidence, as_of=min(word.at, own.evidence.as_of + NEAR))
    suspects = {one.evidence.id: one for one in (*before, *memory.suspects_for(after, own.proven))}
    suspects.pop(word.case, None)
    return (first, *_judged_again(tuple(suspects.values()), light, memory, policy, engine))


def acquitted(word: Judgement, fact: str, until: datetime, memory: Judgements) -> tuple[Exemption, ...]:
    """A person says that a mail is harmless. With a ``fact``, that is no reason between its people until then.

    The exceptions that were made. Raises InputError when nothing tells who the mail's people are, UsageError for a fact
    that nothing may except and for a mail to a crowd.
    """
    made = tuple(_exemptions(word, fact, until, memory)) if fact else ()
    memory.judged(word)
    memory.acquit(word.case)
    memory.drop_suspect(word.case)
    for one in made:
        memory.exempt(one)
    return made


def _exemptions(word: Judgement, fact: str, until: datetime, memory: Judgements) -> Iterator[Exemption]:
    if fact not in verdict.exceptable():
        raise UsageError(f"{fact!r} cannot be excepted; only {', '.join(sorted(verdict.exceptable()))}")
    kept = memory.suspect(word.case) or memory.kept(word.case)
    if kept is None:
        raise InputError(f"{word.case}: nothing is kept of such a mail (any more), so its people are not known")
    message = kept.evidence.message
    if not message.sender.key or not 0 < len(message.recipients) <= PAIRS:
        raise UsageError(f"{word.case}: an exception is for pairs of people, at most {PAIRS}")
    for one in message.recipients:
        yield Exemption(message.sender.key, one.key, fact, word.reason, word.at, until)


def follow(case: Case, kept: Kept, memory: Judgements) -> None:
    """A locked file of a mail opened later: what is kept of it for later evidence follows its latest judgement."""
    if case.verdict.tier in LOOKED_AT:
        memory.keep_suspect(replace(kept, evidence=case.evidence, revision=case.revision, locked=()))
    elif memory.suspect(case.evidence.id):
        memory.drop_suspect(case.evidence.id)


def _judged_again(
    suspects: Sequence[Kept], light: Light, memory: Judgements, policy: Policy, engine: Engine
) -> Iterator[Case]:
    """Only what becomes severer is said again."""
    for kept in suspects:
        tie, words = _tie(kept, light)
        share = tie.share if tie is Tie.THINGS else tie.share * _of_the_sweep(kept.evidence, light.evidence)
        if not share:
            continue
        which = "a later" if light.evidence.as_of > kept.evidence.as_of else "an earlier"
        text = f"{which} mail {words} ({light.evidence.as_of:%Y-%m-%d}) {light.words}"
        reason = Reason(verdict.LATER, round(light.score * share, 4), text)
        before = verdict.judge(kept.evidence, policy, kept.reasons).tier
        case = _again(kept, reason, light.at, policy, engine)
        if case.verdict.tier.severity > before.severity:
            _keep(kept, case, memory)
            yield case


def _again(kept: Kept, reason: Reason, at: datetime, policy: Policy, engine: Engine) -> Case:
    """The mail with one more reason, which takes the place of an earlier one of its kind."""
    evidence = replace(kept.evidence, as_of=at)
    reasons = (*(one for one in kept.reasons if one.signal != reason.signal), reason)
    judged = verdict.judge(evidence, policy, reasons)
    return Case(evidence, judged, engine, kept.revision + 1, f"{evidence.id}/{kept.revision}")


def _keep(kept: Kept, case: Case, memory: Judgements) -> None:
    """What is kept of it goes on from the new judgement; one that is held is looked at no more."""
    identity = case.evidence.id
    said = tuple(one for one in case.verdict.reasons if one.signal in verdict.SAID)
    reasons = (*(one for one in kept.reasons if one.signal not in verdict.SAID), *said)
    if case.verdict.tier in LOOKED_AT:
        memory.keep_suspect(replace(kept, revision=case.revision, reasons=reasons, locked=()))
    else:
        memory.condemn(identity, case.evidence.as_of)
        memory.drop_suspect(identity)
    locked = memory.kept(identity)
    if locked:
        memory.keep_locked(replace(locked, revision=case.revision, reasons=reasons))


def _of_the_sweep(earlier: Evidence, later: Evidence) -> float:
    """How likely it belongs to it: sent at about that time, and it is open what is in it, or it holds what can act."""
    if abs(later.as_of - earlier.as_of) > SWEEP:
        return 0.0
    if not earlier.inspection.complete:
        return 1.0
    return READ_WHOLE if any(one.artifact != "0" for one in earlier.findings) else 0.0


def _tie(kept: Kept, light: Light) -> tuple[Tie, str]:
    shared = [kind for kind, _ in _things(kept.evidence, kept.proven) & _things(light.evidence, light.proven)]
    if shared:
        return Tie.THINGS, Tie.THINGS.words.format(min(shared))
    same = kept.evidence.message.sender.key == light.evidence.message.sender.key
    tie = Tie.ACCOUNT if same else Tie.ALIKE
    return tie, tie.words


def _things(evidence: Evidence, proven: Sequence[Proven]) -> set[tuple[str, str]]:
    """What tells more than a sender's name: passwords found in mail, files that can act, hosts they reach for."""
    hosts = {
        urlsplit(one.value).hostname or ""
        for one in evidence.indicators
        if one.type is IndicatorType.URL and one.role in _PASSED_ON
    }
    files = {one.decrypted_sha256 or one.sha256 or "" for one in evidence.files if one.file_class in verdict.ACTING}
    passwords = {one.value for one in proven if one.source not in _AGREED}
    found = (
        {("host", one) for one in hosts} | {("file", one) for one in files} | {("password", one) for one in passwords}
    )
    return {one for one in found if one[1]}
