"""The facts from memory that signals may read, all from before the mail at hand.

*Observed* is what was merely seen. A *habit* is more: shown by mail that was delivered at its arrival, that no trusted
authentication result contradicted and nobody condemned since, and that our people answered on at least two later days.
Flooding makes observations, never habits; and no habit ever offsets what a payload shows.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seriema.model.judgement import Exemption
from seriema.model.thread import Remembered


@dataclass(frozen=True, slots=True)
class Observed:
    """One way in which a mailbox did something before, for example a client or a language it used."""

    value: str
    mails: int = 1  #: that showed it
    habit: bool = False


@dataclass(frozen=True, slots=True)
class PairHistory:
    """What one mailbox sent to one recipient, and what came back. Counts are of remembered mails."""

    recipient: str
    sent: int = 0
    answered: int = 0  #: mails from the recipient to the sender
    answered_days: int = 0  #: different days (UTC) on which the recipient wrote to the sender, at most 32
    first: datetime | None = None
    last: datetime | None = None
    gap_days: tuple[float, ...] = ()  #: latest silences between their mails, either direction, at most 16
    kinds: tuple[Observed, ...] = ()  #: kinds of attachments the sender sent (``Artifact.kind``), by value
    locked: int = 0  #: mails with a locked file
    locked_habit: bool = False  #: locked files are a habit of this pair
    password_apart: int = 0  #: locked mails whose own text did not hold the password (the PPAP custom)
    password_beside: int = 0  #: locked mails that named their own password
    languages: tuple[Observed, ...] = ()

    @property
    def habit(self) -> bool:
        """Our side answered on at least two different days."""
        return self.answered_days >= 2  # noqa: PLR2004 - the definition of a habit, see above


@dataclass(frozen=True, slots=True)
class Habits:
    """The traits (``model.traits.Traits``) one mailbox showed over all recipients, by value; at most 16 of each."""

    client: tuple[Observed, ...] = ()
    fields: tuple[Observed, ...] = ()
    id_shape: tuple[Observed, ...] = ()
    boundary_shape: tuple[Observed, ...] = ()
    zone: tuple[Observed, ...] = ()
    network: tuple[Observed, ...] = ()
    helo: tuple[Observed, ...] = ()
    signature: tuple[Observed, ...] = ()


@dataclass(frozen=True, slots=True)
class SenderHistory:
    """What one mailbox did, over all recipients."""

    sent: int = 0
    first: datetime | None = None
    last: datetime | None = None
    recipients: int = 0
    recent_threads: int = 0  #: different conversations it wrote into within the last 24 hours
    recent_dormant: int = 0  #: of these, conversations that had been silent for 45 days or more
    answered_days: int = 0  #: different days on which any of our people wrote to it, at most 32
    languages: tuple[Observed, ...] = ()
    habits: Habits = Habits()
    together: int = 0  #: recipients of this mail that it addressed together with another of them before
    condemned: int = 0  #: its mails that were judged harmful later


@dataclass(frozen=True, slots=True)
class OrganisationHistory:
    """What recently came to the recipients' organisation from accounts outside it."""

    domain: str = ""
    dormant_accounts: int = 0  #: other accounts that wrote into a thread silent for 45 days or more, last 7 days
    locked_accounts: int = 0  #: other accounts that sent a locked file together with its password, last 7 days


class Shared(StrEnum):
    """What mails of unrelated senders may have in common."""

    PASSWORD = "password"  # noqa: S105 - a kind, not a password
    ARCHIVE = "archive"  #: the container's bytes, or the names, sizes and CRC-32 in its directory
    DOCUMENT = "document"  #: the bytes of an opened file that can act
    TARGET = "target"  #: the host that a macro, script or link reaches for


@dataclass(frozen=True, slots=True)
class Reuse:
    """Something of this mail that earlier mails of other senders held. ``artifact`` cites the mail at hand."""

    shared: Shared
    artifact: str
    senders: int  #: different other senders, at most 32
    mails: tuple[Remembered, ...] = ()  #: the latest of them, at most 8
    condemned: bool = False  #: at least one of them was held or judged harmful


@dataclass(frozen=True, slots=True)
class Namesake:
    """An established correspondent of ours who bears the sender's display name at another address."""

    address: str
    answered_days: int


@dataclass(frozen=True, slots=True)
class History:
    """Everything remembered that bears on one mail."""

    mails: int = 0  #: remembered in all
    since: datetime | None = None  #: memory covers the time from here
    sender: SenderHistory = SenderHistory()
    pairs: tuple[PairHistory, ...] = ()  #: sender with each recipient, in the mail's order, at most ``Settings`` many
    organisation: OrganisationHistory = OrganisationHistory()
    reused: tuple[Reuse, ...] = ()
    namesakes: tuple[Namesake, ...] = ()
    partner: bool = False  #: the administrator named the sender as one who sends locked files
    exempt: tuple[Exemption, ...] = ()  #: what people excepted between all people of the mail, in force at its time
