"""What policies would have done with the same old mail: each mail's outcomes, and the counts over all of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seriema.model.verdict import Tier

#: From here on a mail's file or all of it is kept back.
_KEPT_BACK = Tier.ASK.severity


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one policy did with one mail at its arrival, and what stood in the end."""

    tier: Tier
    latest: Tier
    summary: str
    unread: bool  #: the evidence alone would have let it pass: it was kept back for what could not be read

    @property
    def words(self) -> str:
        """The tier, and the other one that came later."""
        return self.tier.value if self.tier is self.latest else f"{self.tier.value}, later {self.latest.value}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One mail under every policy, in the policies' order."""

    id: str
    source: str
    as_of: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    known: bool  #: one of its recipients had written to its sender before
    outcomes: tuple[Outcome, ...]

    @property
    def differs(self) -> bool:
        """Not every policy did the same."""
        return len({(one.tier, one.latest) for one in self.outcomes}) > 1

    @property
    def summary(self) -> str:
        """The sentence of the severest outcome."""
        return max(self.outcomes, key=lambda one: one.tier.severity).summary


@dataclass(frozen=True, slots=True)
class Cost:
    """One policy over all mails. ``kept_back`` counts business mail: held or asked about, from known correspondents."""

    policy: str
    tiers: Counter[Tier]
    milder_later: int
    severer_later: int
    kept_back: int
    kept_back_unread: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """All mails in time order under some policies."""

    policies: tuple[str, ...]
    mails: tuple[Replayed, ...]

    @property
    def days(self) -> int:
        """Days (UTC) on which mail arrived: what lies between collections of mail is no time without cost."""
        return len({one.as_of.date() for one in self.mails})

    @property
    def known(self) -> int:
        """Mails from known correspondents."""
        return sum(one.known for one in self.mails)

    @property
    def differing(self) -> tuple[Replayed, ...]:
        """The mails with which the policies did different things."""
        return tuple(one for one in self.mails if one.differs)

    def costs(self) -> tuple[Cost, ...]:
        """The counts of each policy."""
        return tuple(_cost(name, self.mails, place) for place, name in enumerate(self.policies))

    def changes(self) -> Counter[tuple[Tier, ...]]:
        """How often the policies differed in each way, at arrival."""
        return Counter(tiers for one in self.mails if len(set(tiers := tuple(each.tier for each in one.outcomes))) > 1)


def _cost(name: str, mails: Sequence[Replayed], place: int) -> Cost:
    seen = [(one, one.outcomes[place]) for one in mails]
    kept_back = [outcome for one, outcome in seen if one.known and outcome.tier.severity >= _KEPT_BACK]
    return Cost(
        policy=name,
        tiers=Counter(outcome.tier for _, outcome in seen),
        milder_later=sum(one.latest.severity < one.tier.severity for _, one in seen),
        severer_later=sum(one.latest.severity > one.tier.severity for _, one in seen),
        kept_back=len(kept_back),
        kept_back_unread=sum(one.unread for one in kept_back),
    )
