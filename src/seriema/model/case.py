"""Evidence about one mail, and the case that evidence and verdict make."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seriema.model.artifact import Artifact
from seriema.model.finding import Finding, Indicator
from seriema.model.history import History
from seriema.model.message import Message
from seriema.model.password import Proven
from seriema.model.plan import LockedFile
from seriema.model.thread import Thread
from seriema.model.verdict import Inspection, Reason, Verdict


class Direction(StrEnum):
    """Which way a mail goes, seen from us."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one mail when it is judged; what signals read."""

    source: str  #: the path as given, #n in an mbox, !name in a zip
    as_of: datetime
    message: Message
    thread: Thread = Thread()
    history: History = History()
    artifacts: tuple[Artifact, ...] = ()
    findings: tuple[Finding, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    inspection: Inspection = Inspection()
    direction: Direction = Direction.INCOMING

    @property
    def id(self) -> str:
        """SHA-256 of the raw mail, first 32 hex digits."""
        return self.message.sha256[:32]

    @property
    def files(self) -> tuple[Artifact, ...]:
        """The artifacts below the mail in the order of the tree; they become known in another one."""
        below = (one for one in self.artifacts if one.id != "0")
        return tuple(sorted(below, key=lambda one: [int(number) for number in one.id.split(".")]))


@dataclass(frozen=True, slots=True)
class Engine:
    """What judged: versions, and how well its workers were isolated (strong, reduced, weak)."""

    version: str
    rules: str
    jail: str


@dataclass(frozen=True, slots=True)
class Case:
    """One judgement of one mail. A later one of the same mail has a higher ``revision``."""

    evidence: Evidence
    verdict: Verdict
    engine: Engine
    revision: int = 0
    supersedes: str | None = None  #: "id/revision" of the judgement that this one replaces


@dataclass(frozen=True, slots=True)
class Kept:
    """A judged mail whose locked files may be opened by a password that comes later.

    ``evidence`` holds no mail text any more; ``reasons`` are those of its first verdict, ``revision`` is of its latest;
    ``proven`` opened something in it already.
    """

    evidence: Evidence
    reasons: tuple[Reason, ...]
    revision: int
    locked: tuple[LockedFile, ...]
    proven: tuple[Proven, ...] = ()
