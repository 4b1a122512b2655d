"""The contract of a signal: a value ``SIGNAL = Signal(...)`` in a file of its own under ``signals/``.

A signal reads ``Evidence`` and says what it saw, how strongly, and in words a person can check. It raises nothing and
decides nothing: its weight stands in ``weights.toml``, and the judge combines.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from seriema.model.case import Evidence


class Reads(StrEnum):
    """Which facts a signal rests on."""

    CONVERSATION = "conversation"  #: who, when, to whom, in which thread: as of arrival, never judged again
    CONTENT = "content"  #: files and what is in them: judged again when a locked file opens later


@dataclass(frozen=True, slots=True)
class Observation:
    """What a signal saw: a clause of facts without a full stop, and how strongly (0 exclusive – 1)."""

    text: str
    strength: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.strength <= 1:
            raise ValueError("strength lies above 0 and at most at 1")


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason to be suspicious. ``name`` is its key in ``weights.toml`` and in case documents."""

    name: str
    reads: Reads
    observe: Callable[[Evidence], Observation | None]
