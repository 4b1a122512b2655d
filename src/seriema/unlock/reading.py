"""Reads one member under every limit, and keeps account of what a container has cost so far."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from seriema.model.artifact import State
from seriema.model.errors import HostileInput, LimitReached, Locked, Malformed, Unsupported
from seriema.model.limits import Limits, Spent
from seriema.plugins import Crash, guarded
from seriema.unlock.format import Key, Member
from seriema.unlock.opened import UNTRIED, Tries

#: Work of one read with a wrong key: a start, and a unit for each 64 KiB that came out before it failed.
_FAILED_READ = 0.05
_UNIT_BYTES = 1 << 16

_STATES: tuple[tuple[type[HostileInput], State], ...] = (
    (LimitReached, State.LIMIT),
    (Unsupported, State.UNSUPPORTED),
    (Locked, State.LOCKED),
    (Malformed, State.MALFORMED),
)


def state_of(error: HostileInput) -> State:
    """The state an artifact is in after this error."""
    return next((state for kind, state in _STATES if isinstance(error, kind)), State.MALFORMED)


@dataclass(slots=True)
class Meter:
    """The budgets of one mail as one container draws on them."""

    limits: Limits
    container_bytes: int  #: size of the container, for the ratio over all its members together
    before: Tries = UNTRIED  #: what was tried on it when it was opened before
    members: int = 0
    opened_bytes: int = 0  #: all that came out, also of reads that were given up
    kept_bytes: int = 0  #: of members that were read to their end
    work: float = 0.0
    derived: dict[object, set[str]] = field(default_factory=dict)  #: ``Lock.derivation`` → passwords it was made of
    costly: float = 0.0  #: work of tries that are more than a few steps
    dear: dict[object, float] = field(default_factory=dict)  #: work of dear tries, by derivation or lock
    full: str = ""  #: the bound on the whole container that was met; nothing more is read then

    def affords(self, work: float) -> bool:
        """Whether that much password work is left."""
        return self.work + work <= self.limits.password_work

    @property
    def spent(self) -> Spent:
        """What to charge to the mail; started units count."""
        return Spent(self.members, self.opened_bytes, math.ceil(self.work))


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of a member. After an error ``content`` holds what was read until then, or None."""

    content: bytes | None
    state: State = State.INSPECTED
    reason: str = ""

    @property
    def whole(self) -> bool:
        """Everything was read and its checksums agreed."""
        return self.state is State.INSPECTED


@dataclass(slots=True)
class _Intake:
    """Collects chunks until one of the limits is met."""

    member: Member
    meter: Meter
    size: int = 0
    chunks: list[bytes] = field(default_factory=list)

    @property
    def content(self) -> bytes:
        """What came in so far."""
        return b"".join(self.chunks)

    def take(self, chunks: Iterator[bytes]) -> None:
        for chunk in chunks:
            self.size += len(chunk)
            self._bound()
            self.chunks.append(chunk)

    def _bound(self) -> None:
        limits, meter = self.meter.limits, self.meter
        if self.size > limits.member_bytes:
            raise LimitReached(f"a member opens to more than {limits.member_bytes} bytes")
        if _unfolds(self.size, self.member.stored, limits):
            raise LimitReached(f"the member opens to more than {limits.ratio} times its size")
        if meter.opened_bytes + self.size > limits.opened_bytes:
            meter.full = "the members of this mail open to more bytes than allowed"
        elif _unfolds(meter.kept_bytes + self.size, meter.container_bytes, limits):
            meter.full = f"the container opens to more than {limits.ratio} times its size"
        if meter.full:
            raise LimitReached(meter.full)


def _unfolds(size: int, stored: int, limits: Limits) -> bool:
    return size > limits.ratio_floor and size > limits.ratio * stored


def read(member: Member, key: Key | None, meter: Meter) -> Reading:
    """Read one member; never raises for what the data does. A read that fails with a key is charged as work."""
    if member.read is None:
        return Reading(None, member.state, member.state_reason)
    if meter.full:
        return Reading(None, State.LIMIT, meter.full)
    intake = _Intake(member, meter)
    reading = _outcome(member.read, key, intake)
    if key is not None and not reading.whole and reading.state is not State.LIMIT:
        meter.work += _FAILED_READ + intake.size / _UNIT_BYTES
    else:
        meter.opened_bytes += intake.size
        meter.kept_bytes += len(reading.content or b"")
    return reading


def _outcome(chunks: Callable[[Key | None], Iterator[bytes]], key: Key | None, intake: _Intake) -> Reading:
    try:
        ended = guarded(intake.member.method, lambda: intake.take(chunks(key)))
    except LimitReached as error:
        return Reading(None, State.LIMIT, str(error))
    except HostileInput as error:
        return Reading(intake.content or None, state_of(error), str(error))
    if isinstance(ended, Crash):
        return Reading(intake.content or None, State.CRASHED, ended.reason)
    return Reading(intake.content)
