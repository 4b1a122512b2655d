"""What an organisation wants done: thresholds on the score, and what a gap in inspection means at least.

A policy is data (``policies.toml``, or a file of the administrator's in the same form; ``policy_file`` reads both).
What concerns one mail is looked up, never computed: the most particular line that is there counts, and what has no line
is ``ask``, so that a missing line can never let an unread file through.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from seriema.model.artifact import FileClass, State
from seriema.model.case import Direction, Evidence
from seriema.model.verdict import Tier

Least = Mapping[tuple[State, FileClass], Tier]
#: The tiers that a score can reach, severest first.
SCORED = (Tier.HOLD, Tier.ASK, Tier.TAG)


@dataclass(frozen=True, slots=True)
class Lines:
    """What one section of a policy says; it may leave anything unsaid."""

    thresholds: Mapping[Tier, float] = field(default_factory=dict)
    least: Least = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Some of our people, by address or domain, with lines of their own."""

    name: str
    members: frozenset[str]
    lines: Lines


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. ``partners``: addresses or domains that may send locked files, each with lines of its own or none."""

    name: str
    thresholds: Mapping[Tier, float]
    least: Least
    partner: Least  #: for all partners
    partners: Mapping[str, Least] = field(default_factory=dict)
    habit: Least = field(default_factory=dict)  #: where memory shows that locked files are a habit of the people
    directions: Mapping[Direction, Lines] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()

    def tier_of(self, score: float) -> Tier:
        """The severest tier whose threshold the score reaches, whoever wrote to whom."""
        return _tier(score, (self._own,))

    def least_for(self, reason: State, file_class: FileClass, *, partner: bool) -> Tier:
        """What a gap means at least, whoever wrote to whom."""
        chain = (Lines({}, self.partner), self._own) if partner else (self._own,)
        return _least(reason, file_class, chain)

    def partner_name(self, address: str) -> str | None:
        """The entry by which the administrator named this address, or its domain, as one that sends locked files."""
        return next((one for one in names(address) if one in self.partners), None)

    def group_of(self, address: str) -> Group | None:
        """The first group that names this address or its domain."""
        wanted = set(names(address))
        return next((group for group in self.groups if wanted & group.members), None)

    def applied(self, evidence: Evidence) -> "Applied":
        """The lines for one mail. Order: its partner's own, all partners', habit's, its group's, its direction's."""
        message, history = evidence.message, evidence.history
        ahead: list[Lines] = []
        partner = self.partner_name(message.sender.key)
        if partner:
            ahead.append(Lines({}, self.partners[partner]))
        if partner or history.partner:
            ahead.append(Lines({}, self.partner))
        if history.pairs and all(pair.locked_habit for pair in history.pairs):
            ahead.append(Lines({}, self.habit))
        ours = (message.sender,) if evidence.direction is Direction.OUTGOING else message.recipients
        groups = {group.name if group else "": group for group in (self.group_of(one.key) for one in ours)}
        behind = (self.directions.get(evidence.direction, Lines()), self._own)
        return Applied(
            tuple((*ahead, *((group.lines,) if group else ()), *behind) for group in (groups or {"": None}).values())
        )

    @property
    def _own(self) -> Lines:
        return Lines(self.thresholds, self.least)


@dataclass(frozen=True, slots=True)
class Applied:
    """A policy's lines for one mail, the most particular first: a chain for each group that gets it.

    A mail has one tier, so the severest chain counts for all who get it.
    """

    chains: tuple[tuple[Lines, ...], ...]

    def tier_of(self, score: float) -> Tier:
        """The severest tier whose threshold the score reaches."""
        return severest(_tier(score, chain) for chain in self.chains)

    def least_for(self, reason: State, file_class: FileClass) -> Tier:
        """What a gap means at least; ``ask`` where nothing is said."""
        return severest(_least(reason, file_class, chain) for chain in self.chains)


def severest(tiers: Iterable[Tier]) -> Tier:
    """The severest of some tiers, ``deliver`` of none."""
    return max(tiers, key=lambda one: one.severity, default=Tier.DELIVER)


def names(address: str) -> tuple[str, str]:
    """By what a policy may name an address: itself, or its domain."""
    return address, address.rpartition("@")[2]


def _tier(score: float, chain: tuple[Lines, ...]) -> Tier:
    for tier in SCORED:
        threshold = next((one.thresholds[tier] for one in chain if tier in one.thresholds), None)
        if threshold is not None and score >= threshold:
            return tier
    return Tier.DELIVER


def _least(reason: State, file_class: FileClass, chain: tuple[Lines, ...]) -> Tier:
    key = (reason, file_class)
    return next((one.least[key] for one in chain if key in one.least), Tier.ASK)
