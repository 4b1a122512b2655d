"""The facts from memory that signals may read, all from before the mail at hand."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PairHistory:
    """What one mailbox sent to one recipient, and what came back. Counts are of remembered mails."""

    recipient: str
    sent: int = 0
    answered: int = 0  #: mails from the recipient to the sender
    first: datetime | None = None
    last: datetime | None = None
    gap_days: tuple[float, ...] = ()  #: latest silences between their mails, either direction, at most 16
    kinds: tuple[str, ...] = ()  #: kinds of attachments the sender sent (``Artifact.kind``), sorted
    locked: int = 0  #: mails with a locked file
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SenderHistory:
    """What one mailbox did, over all recipients."""

    sent: int = 0
    first: datetime | None = None
    last: datetime | None = None
    recipients: int = 0
    recent_threads: int = 0  #: different conversations it wrote into within the last 24 hours
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """Everything remembered that bears on one mail."""

    mails: int = 0  #: remembered in all
    since: datetime | None = None  #: memory covers the time from here
    sender: SenderHistory = SenderHistory()
    pairs: tuple[PairHistory, ...] = ()  #: sender with each recipient, in the mail's order, at most ``Settings`` many
    partner: bool = False  #: the administrator named the sender as one who sends locked files
