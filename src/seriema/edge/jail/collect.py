"""Statements become a ``Dissection``; two tries of one mail become one, and nothing that was said is lost."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from seriema.model.artifact import Artifact, State
from seriema.model.finding import Finding, Indicator
from seriema.model.message import Message
from seriema.model.password import Candidate, Proven
from seriema.model.picture import Picture
from seriema.model.plan import Dissection, Done, LockedFile, Statement


class End(StrEnum):
    """How a try ended; the value opens ``Dissection.trouble``."""

    DONE = ""
    TIMED_OUT = "timed out"
    LIMIT = "limit"
    CRASHED = "crashed"

    @property
    def state(self) -> State:
        """What an artifact is that this end left unread."""
        return State.CRASHED if self is End.CRASHED else State.LIMIT


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a worker did not finish, in words for a person."""

    end: End = End.DONE
    detail: str = ""

    def __str__(self) -> str:
        if self.end is End.TIMED_OUT:
            return f"{self.end} after {self.detail}"
        return f"{self.end}: {self.detail}" if self.end else ""


_LATER = "its sender has spent its share of password work for this hour; it is tried again later"


class Collector:
    """What one worker said about one mail so far. Digest and size are ours: a worker cannot claim to hold another."""

    def __init__(self, sha256: str, size: int) -> None:
        self.message = Message(sha256=sha256, size=size)
        self.begun = False  #: the worker took the mail up: what happened then is its doing
        self.read = False  #: a Message was said
        self.done: Done | None = None
        self.artifacts: dict[str, Artifact] = {}
        self.facts: dict[type, dict[Any, None]] = {
            kind: {} for kind in (Finding, Indicator, Candidate, Proven, LockedFile, Picture)
        }

    def add(self, statement: Statement) -> None:
        """Take one statement in; a restated artifact replaces the earlier one, a repeated fact is one fact."""
        if isinstance(statement, Artifact):
            self.artifacts[statement.id] = statement
        elif isinstance(statement, Message):
            sha256, size = self.message.sha256, self.message.size
            honest = statement.sha256 == sha256 and statement.size == size
            self.message = statement if honest else replace(statement, sha256=sha256, size=size)
            self.read = True
        elif isinstance(statement, Done):
            self.done = statement
        else:
            self.facts[type(statement)][statement] = None

    def result(self, trouble: Trouble) -> Dissection:
        """Everything that was said. With trouble no artifact counts as inspected: nobody knows which one was not."""
        artifacts = self.artifacts.values()
        return Dissection(
            self.message,
            tuple(_unfinished(one, trouble) for one in artifacts) if trouble.end else tuple(artifacts),
            tuple(self.facts[Finding]),
            tuple(self.facts[Indicator]),
            tuple(self.facts[Candidate]),
            tuple(self.facts[Proven]),
            tuple(self.facts[LockedFile]),
            tuple(self.facts[Picture]),
            str(trouble),
            self.done.spent if self.done else None,
        )


def _unfinished(artifact: Artifact, trouble: Trouble) -> Artifact:
    if artifact.state is not State.INSPECTED:
        return artifact
    return replace(artifact, state=trouble.end.state, state_reason=f"not surely inspected, {trouble}")


def merged(under: Collector, over: Collector) -> Collector:
    """Both tries of one mail: the facts of both, and ``over`` prevails where they speak of the same thing."""
    both = Collector(over.message.sha256, over.message.size)
    both.read = under.read or over.read
    both.message = over.message if over.read else under.message
    both.done = over.done
    both.artifacts = under.artifacts | over.artifacts
    both.facts = {kind: under.facts[kind] | over.facts[kind] for kind in over.facts}
    return both


def unpaid(tried: Collector) -> Collector:
    """What was read with too little password work: nothing encrypted counts as inspected, and it is tried again."""
    for one in tuple(tried.artifacts.values()):
        if one.encrypted and one.state is State.INSPECTED:
            tried.artifacts[one.id] = replace(one, state=State.LIMIT, state_reason="not all passwords were tried")
    locked = tried.facts[LockedFile]
    tried.facts[LockedFile] = {replace(one, unpaid=True): None for one in locked}
    for one in locked:
        tried.facts[Finding][Finding("unlock.later", one.artifact, detail=_LATER)] = None
    return tried
