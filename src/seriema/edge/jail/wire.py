"""What crosses the wall: plain data in bounded frames, decoded to exactly one known type each, never pickle.

To a worker: a head (nonce, two lengths), the plan as JSON, the raw mail. From a worker, any number of frames:

    length of the payload, 4 bytes, big-endian · nonce of the job, 16 bytes · tag, 1 byte · payload, JSON

The parent refuses a frame that is too large, has an unknown tag, belongs to another job, or does not decode to its
tag's type; what a type's own constructor refuses counts as that too.
"""

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from seriema.edge.jail.settings import Layer
from seriema.model.artifact import Artifact
from seriema.model.errors import LimitReached, Malformed
from seriema.model.finding import Finding, Indicator
from seriema.model.message import Message
from seriema.model.password import Candidate, Proven
from seriema.model.picture import Picture
from seriema.model.plan import Done, LockedFile, Plan

NONCE_BYTES = 16
#: The job number of what a worker says before it has a job.
NO_JOB = bytes(NONCE_BYTES)

#: How long the last words of a worker may get.
DETAIL_CHARS = 500

_JOB = struct.Struct(f">{NONCE_BYTES}sIQ")
_FRAME = struct.Struct(f">I{NONCE_BYTES}sc")
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Ready:
    """The first words of a worker: how its lock turned out."""

    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """The worker took this job up: what happens from here on is this mail's doing."""


@dataclass(frozen=True, slots=True)
class Tired:
    """The worker holds so much more memory than a fresh one that the next mail should find another."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The last words of a worker that could not finish: it met a ``limit`` or ``crashed``, and on what."""

    kind: str
    detail: str

    def __post_init__(self) -> None:
        if len(self.detail) > DETAIL_CHARS:
            raise ValueError("too many last words")


@dataclass(frozen=True, slots=True)
class Kind:
    """One tag: its type, the bytes one payload may have, and how many of them one job may bring."""

    type: type
    most_bytes: int
    most: int


#: Sizes leave room for JSON's escapes (six bytes for a control character) over the bounds of ``Limits``.
KINDS = {
    b"L": Kind(Ready, 64 << 10, 1),
    b"B": Kind(Begun, 16, 1),
    b"M": Kind(Message, 8 << 20, 4),
    b"A": Kind(Artifact, 4 << 20, 20_000),
    b"F": Kind(Finding, 1 << 20, 20_000),
    b"I": Kind(Indicator, 1 << 20, 20_000),
    b"C": Kind(Candidate, 1 << 20, 5_000),
    b"P": Kind(Proven, 64 << 10, 500),
    b"K": Kind(LockedFile, 16 << 20, 2_000),
    b"V": Kind(Picture, 8 << 20, 16),
    b"D": Kind(Done, 4 << 10, 1),
    b"R": Kind(Tired, 16, 1),
    b"T": Kind(Trouble, 64 << 10, 1),
}
_TAGS = {kind.type: tag for tag, kind in KINDS.items()}
_DECODERS: dict[bytes, msgspec.json.Decoder[Any]] = {
    tag: msgspec.json.Decoder(kind.type) for tag, kind in KINDS.items()
}
_PLAN = msgspec.json.Decoder(Plan)


def frame(nonce: bytes, statement: object) -> bytes:
    """One statement as it crosses. Raises KeyError for what is no statement."""
    tag = _TAGS[type(statement)]
    payload = _ENCODER.encode(statement)
    return _FRAME.pack(len(payload), nonce, tag) + payload


def job(nonce: bytes, plan: Plan, raw: bytes) -> bytes:
    """What goes before the raw mail."""
    asked = _ENCODER.encode(plan)
    return _JOB.pack(nonce, len(asked), len(raw)) + asked


def receive_job(channel: socket.socket) -> tuple[bytes, Plan, bytes] | None:
    """The worker's side: wait for the next job; None when the parent is gone."""
    head = _exactly(channel, _JOB.size)
    if head is None:
        return None
    nonce, plan_bytes, raw_bytes = _JOB.unpack(head)
    plan, raw = _exactly(channel, plan_bytes), _exactly(channel, raw_bytes)
    return None if plan is None or raw is None else (nonce, _PLAN.decode(plan), raw)


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    """One allocation of the right size and no copy, however large; None at the end of the stream."""
    if size == 0:
        return b""
    received = channel.recv(size, socket.MSG_WAITALL)
    return received if len(received) == size else None


class FrameReader:
    """Cuts what one worker says into statements, each checked, for one job at a time."""

    def __init__(self, nonce: bytes = NO_JOB, most_bytes: int = 1 << 20) -> None:
        self.nonce = nonce
        self.most_bytes = self.left = most_bytes
        self.buffer = bytearray()
        self.counts: dict[bytes, int] = {}

    def feed(self, data: bytes) -> Iterator[Any]:
        """The statements that are complete now. Raises Malformed or LimitReached at the first that breaks the rules."""
        self.left -= len(data)
        if self.left < 0:
            raise LimitReached(f"the answer is larger than {self.most_bytes >> 20} MB")
        self.buffer += data
        start = 0
        try:
            while len(self.buffer) - start >= _FRAME.size:
                size, nonce, tag = _FRAME.unpack_from(self.buffer, start)
                self._check(size, nonce, tag)
                end = start + _FRAME.size + size
                if len(self.buffer) < end:
                    break
                payload = bytes(memoryview(self.buffer)[start + _FRAME.size : end])
                start = end
                yield self._decode(tag, payload)
        finally:
            del self.buffer[:start]

    def _check(self, size: int, nonce: bytes, tag: bytes) -> None:
        kind = KINDS.get(tag)
        if kind is None or nonce != self.nonce or size > kind.most_bytes:
            raise Malformed("answered against the protocol")

    def _decode(self, tag: bytes, payload: bytes) -> Any:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if self.counts[tag] > KINDS[tag].most:
            raise LimitReached(f"the answer has more than {KINDS[tag].most} of one kind")
        try:
            return _DECODERS[tag].decode(payload)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise Malformed("answered against the schema") from None
