"""What is asked of the jail for one mail, and what comes back. Plain data only: this crosses the wall."""

from dataclasses import dataclass, field
from enum import StrEnum

from seriema.model.artifact import Artifact
from seriema.model.finding import Finding, Indicator
from seriema.model.limits import Limits, Spent
from seriema.model.message import Message
from seriema.model.password import Candidate


class Depth(StrEnum):
    """How much of a mail is looked at."""

    TIME = "time"  #: only enough of the header to know when it arrived and what it is called
    HEADERS = "headers"  #: the message's headers and text structure; the plan after a crash
    FULL = "full"


class Subject(StrEnum):
    """What the bytes are."""

    MAIL = "mail"  #: an Internet message or an Outlook .msg, sniffed
    FILE = "file"  #: a bare archive or document, or a locked file kept from an earlier mail


@dataclass(frozen=True, slots=True)
class Plan:
    """One job for a worker. ``passwords`` are candidates from outside this mail (user, admin, remembered mails)."""

    depth: Depth = Depth.FULL
    subject: Subject = Subject.MAIL
    name: str = ""  #: the file's name, for a bare file
    authserv_ids: tuple[str, ...] = ()  #: whose Authentication-Results are believed
    passwords: tuple[Candidate, ...] = ()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class LockedFile:
    """The bytes of an attachment that stayed locked, so that it can be opened when its password arrives later."""

    artifact: str
    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"LockedFile(artifact={self.artifact!r}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Done:
    """The last statement of a worker about one mail: everything it had to say was said."""

    spent: Spent = Spent()


#: What a worker says, one at a time. A restated artifact (same id) replaces the earlier one.
Statement = Message | Artifact | Finding | Indicator | Candidate | LockedFile | Done


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
    locked: tuple[LockedFile, ...] = ()
    trouble: str = ""
