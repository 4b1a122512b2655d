"""What people say about judged mails: whether one was harmful, and what a pair of mailboxes may do for a while."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on one mail; of several on the same mail the latest counts."""

    case: str
    harmful: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Exemption:
    """One fact that is no reason between two mailboxes until a day comes. Never a payload, never a sender as such."""

    sender: str  #: address key
    recipient: str  #: address key
    fact: str  #: name of a signal
    reason: str
    since: datetime
    until: datetime
