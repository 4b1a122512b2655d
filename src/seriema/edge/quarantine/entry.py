"""Held mails as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """What became of a mail for one recipient. The first that any recipient has is the mail's own."""

    HELD = "held"
    RELEASING = "releasing"  #: handed over for delivery, not confirmed yet
    RELEASED = "released"
    DELETED = "deleted"  #: a person said so
    EXPIRED = "expired"  #: kept long enough
    LOST = "lost"  #: its content was damaged or gone when the quarantine was checked

    @property
    def has_content(self) -> bool:
        """The mail itself is kept for somebody in this state."""
        return self in (State.HELD, State.RELEASING, State.RELEASED)


@dataclass(frozen=True, slots=True)
class Held:
    """A mail to be taken in. ``raw`` as it went over SMTP; ``sender`` of the envelope, ``author`` of the From field."""

    raw: bytes
    received: datetime
    sender: str
    recipients: tuple[str, ...]
    author: str = ""
    tier: str = "hold"
    inspection: str = "incomplete"
    summary: str = ""
    queue_id: str = ""

    def __post_init__(self) -> None:
        if not self.recipients or self.received.tzinfo is None:
            raise ValueError("a held mail has recipients and a time with a zone")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient: what became of the mail, when, who did it and why."""

    address: str
    state: State
    changed: datetime
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One held mail. ``id``: SHA-256 of the raw mail, first 32 hex digits, as its case is called."""

    id: str
    sha256: str
    size: int
    received: datetime
    expires: datetime
    sender: str
    author: str
    tier: str
    inspection: str
    summary: str
    recipients: tuple[Recipient, ...]

    @property
    def state(self) -> State:
        """Held while it is so for anybody, then as far as it came."""
        states = {one.state for one in self.recipients}
        return next((one for one in State if one in states), State.LOST)
