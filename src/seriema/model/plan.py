"""What is asked of the jail for one mail, and what comes back. Plain data only: this crosses the wall."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from seriema.model.artifact import Artifact
from seriema.model.finding import Finding, Indicator
from seriema.model.limits import Limits, Spent
from seriema.model.message import Address, Message
from seriema.model.password import Candidate, Proven, Text
from seriema.model.picture import Picture


class Depth(StrEnum):
    """How much of a mail is looked at."""

    TIME = "time"  #: only enough of the header to know when it arrived and what it is called
    HEADERS = "headers"  #: the mail's header alone; the plan after its body killed a worker
    FULL = "full"


class Subject(StrEnum):
    """What the bytes are."""

    MAIL = "mail"  #: an Internet message or an Outlook .msg, sniffed
    FILE = "file"  #: a bare archive or document, or a locked file kept from an earlier mail


@dataclass(frozen=True, slots=True)
class Plan:
    """One job for a worker.

    ``passwords`` are candidates from outside this mail (user, admin, remembered mails, pool); with a file that was kept
    of an earlier mail come those which that mail named, too, unless they were tried on it before: then they are
    ``refused``, which is tried only on what lies behind another password.
    """

    depth: Depth = Depth.FULL
    subject: Subject = Subject.MAIL
    name: str = ""  #: the file's name, for a bare file
    authserv_ids: tuple[str, ...] = ()  #: whose Authentication-Results are believed
    passwords: tuple[Candidate, ...] = ()
    limits: Limits = field(default_factory=Limits)
    sender: Address = Address()  #: who sent the file, for a bare one that was kept of a mail
    sent: datetime | None = None  #: and when, by that mail's own date
    refused: tuple[Candidate, ...] = ()
    texts: tuple[Text, ...] = ()  #: read in the mail's pictures since it was first dissected


@dataclass(frozen=True, slots=True)
class LockedFile:
    """The bytes of a file that a password may still open, so that it is opened when that arrives later.

    ``candidates`` are what its own mail named: for locked files in locked files, and all of them when the work of
    trying them could not be paid. ``unpaid``: its sender had spent its share of work, so it is tried again later.
    """

    artifact: str
    name: str
    content: bytes
    candidates: tuple[Candidate, ...] = ()
    unpaid: bool = False

    def __repr__(self) -> str:
        return f"LockedFile(artifact={self.artifact!r}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Done:
    """The last statement of a worker about one mail: everything it had to say was said."""

    spent: Spent = Spent()


#: What a worker says, one at a time. A restated artifact (same id) replaces the earlier one.
Statement = Message | Artifact | Finding | Indicator | Candidate | Proven | LockedFile | Picture | Done


@dataclass(frozen=True, slots=True)
class Dissection:
    """All that was said about one mail. ``trouble``: "" when the worker finished, else how it ended.

    It begins with "crashed: ", "timed out after " or "limit: ". No artifact then counts as inspected.
    """

    message: Message
    artifacts: tuple[Artifact, ...] = ()
    findings: tuple[Finding, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    candidates: tuple[Candidate, ...] = ()  #: that this mail itself names, for other mails' locked files
    proven: tuple[Proven, ...] = ()  #: that opened something in it
    locked: tuple[LockedFile, ...] = ()
    pictures: tuple[Picture, ...] = ()  #: in which the password of a locked file may stand
    trouble: str = ""
    spent: Spent | None = None  #: None when the worker did not finish
