"""The judgement about one mail: a tier for what happens, an inspection state for what was read, and every reason."""

from dataclasses import dataclass
from enum import StrEnum

from seriema.model.artifact import State


class Tier(StrEnum):
    """What happens to a mail, mildest first."""

    DELIVER = "deliver"
    TAG = "tag"
    ASK = "ask"
    HOLD = "hold"
    REJECT = "reject"

    @property
    def severity(self) -> int:
        """0 for deliver … 4 for reject."""
        return tuple(Tier).index(self)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that was not inspected. ``reason`` is never ``State.INSPECTED``."""

    reason: State
    artifact: str
    detail: str = ""

    def __post_init__(self) -> None:
        if self.reason is State.INSPECTED:
            raise ValueError("an inspected artifact is no gap")


@dataclass(frozen=True, slots=True)
class Inspection:
    """Complete only when there is no gap."""

    gaps: tuple[Gap, ...] = ()

    @property
    def complete(self) -> bool:
        """Everything the mail holds was read."""
        return not self.gaps

    def __str__(self) -> str:
        return "complete" if self.complete else "incomplete"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: one signal that fired, its weight from the table, and a sentence of facts a person can check."""

    signal: str
    weight: float
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 1:
            raise ValueError("a weight lies between 0 and 1")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Tier, score (0–1), inspection, one summary sentence, and the reasons, heaviest first."""

    tier: Tier
    score: float
    inspection: Inspection
    summary: str
    reasons: tuple[Reason, ...] = ()
