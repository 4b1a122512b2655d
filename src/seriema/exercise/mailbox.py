"""What the exercise hands out: mailboxes as bytes in memory, and the truth about every mail in them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256


class Role(StrEnum):
    """What a mail is there for."""

    LURE = "lure"  #: must be held or asked about
    TWIN = "twin"  #: looks like a lure and is innocent
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it arrived, line ends LF. ``name`` is its place in its mbox, ``#n`` from 0."""

    raw: bytes
    name: str
    time: datetime  #: of the topmost Received field
    envelope_sender: str

    @property
    def id(self) -> str:
        """The case id: SHA-256 of the raw mail, first 32 hex digits."""
        return sha256(self.raw).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What passed one organisation's mail gateway, in both directions and inside, in order of arrival."""

    name: str  #: "F1-bank"
    organisation: str
    own_domains: tuple[str, ...]
    authserv_id: str  #: of its gateway; no other Authentication-Results are to be believed
    mails: tuple[Mail, ...]


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """A mail's conversation before it, counted from the mailbox, or from the quoted text where ``known`` is False."""

    conversation: str
    known: bool  #: an earlier mail of it lies in the mailbox
    messages: int  #: earlier mails in the mailbox
    quoted: int  #: earlier mails quoted in this one
    participants: tuple[str, ...]  #: of the earlier mails; of quoted blocks where they show them
    addressed: tuple[str, ...]  #: participants this mail is written to
    silent_days: float | None
    last: datetime | None  #: the latest earlier mail
    reply_language: str
    thread_language: str
    topic: str  #: its key in the exercise's own tables
    kind: str  #: people, list, notification or bulk: who wrote the earlier mails


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is attached. ``url`` and ``saved_as`` are what the document's macro would fetch and write."""

    archive: str = ""
    documents: tuple[str, ...] = ()
    password: str = field(default="", repr=False)
    method: str = ""  #: zipcrypto, aes128 or aes256; "" for an archive without a password
    url: str = ""
    saved_as: str = ""


@dataclass(frozen=True, slots=True)
class MailTruth:
    """What is true of one mail, and which tiers are right for it at its own arrival."""

    id: str
    mailbox: str
    index: int  #: in its mbox, from 0
    message_id: str
    time: datetime
    case: str  #: F1 … F7, the name of the twin, or "ordinary"
    role: Role
    expected: tuple[str, ...]
    account: str  #: address it was sent from
    state: str = ""  #: the state its file has when it arrives, where that is part of the expectation
    then: str = ""  #: the tier once the mail ``opened_by`` arrived
    opened_by: str = ""
    partner: str = ""  #: naming this sender a partner who sends locked files makes it ``deliver`` or ``tag``
    forward: bool = False  #: sent on inside the organisation
    thread: ThreadFacts | None = None
    file: FileFacts = FileFacts()


@dataclass(frozen=True, slots=True)
class IncidentTruth:
    """The figures of one case, counted from its lures. Days are calendar days in UTC."""

    case: str
    organisation: str
    kind: str  #: targeted, indiscriminate, or "" where so few mails allow no claim
    mails: int
    days: int  #: from the first to the last, both included
    active_days: int
    threads: int
    accounts: tuple[str, ...]  #: stolen ones; people who only sent a lure on are not counted
    recipients: tuple[str, ...]
    organisations: tuple[str, ...]  #: domains of the recipients
    languages: tuple[str, ...]
    passwords: tuple[str, ...] = field(repr=False)
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything true of one exercise. ``seed`` None is the report's own figures."""

    seed: int | None
    mails: tuple[MailTruth, ...]
    incidents: tuple[IncidentTruth, ...]


@dataclass(frozen=True, slots=True)
class Exercise:
    """Practice mailboxes with their truth."""

    mailboxes: tuple[Mailbox, ...]
    truth: Truth
