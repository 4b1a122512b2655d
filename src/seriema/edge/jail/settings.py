"""How the jail is built, and what is known of how well it holds."""

import os
from dataclasses import dataclass

#: Best first; each wants the named layers to hold. What no line fits is the last.
LEVELS = (
    ("strong", frozenset({"seccomp", "rlimits", "uid"})),
    ("reduced", frozenset({"landlock", "rlimits"})),
    ("weak", frozenset[str]()),
)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of isolation as a worker found it when it tried. ``reason``: what it stops, or why it is missing."""

    name: str
    holds: bool
    reason: str


def level(layers: tuple[Layer, ...]) -> str:
    """How good the isolation is that these layers make: strong, reduced or weak."""
    held = {layer.name for layer in layers if layer.holds}
    return next(name for name, wanted in LEVELS if wanted <= held)


def meets(level: str, least: str) -> bool:
    """``level`` is at least as good as ``least``."""
    names = [name for name, _ in LEVELS]
    return names.index(level) <= names.index(least)


@dataclass(frozen=True, slots=True)
class JailSettings:
    """Workers, their bounds, the least isolation that is accepted. Memory is bytes above what a fresh worker has."""

    workers: int = 0  #: of the message pool; 0 for one a core
    unlock_workers: int = 1
    least: str = "weak"  #: weaker isolation than this raises JailUnavailable at the start
    message_seconds: float = 2.0  #: guard for both tries of one mail in the message pool; more for a large one
    memory: int = 320 << 20
    #: Password work in the message pool (``Limits.password_work``): ten tries at WinZip AES, none at 7z or Office. More
    #: goes to the unlock pool.
    message_work: int = 15
    #: Password work of one sender in an hour in the unlock pool; None for no bound, where nobody's mail waits for it.
    sender_work: int | None = None
    mails: int = 200  #: a worker of the message pool is replaced after so many; 1 gives every mail a process of its own
    uid: int = 65_534  #: user and group of the workers when started by root (nobody)
    leave_out: frozenset[str] = frozenset()  #: layers not to build, for tests and measurements
    module: str = "seriema.dissect"  #: what runs in the workers: a module with ``dissect`` and ``warm``

    def __post_init__(self) -> None:
        if min(self.workers, self.unlock_workers - 1, self.mails - 1, self.uid - 1, self.message_work) < 0:
            raise ValueError("workers may be 0; unlock_workers, mails and uid begin at 1")
        if self.least not in {name for name, _ in LEVELS}:
            raise ValueError(f"{self.least!r} is no level of isolation")

    @property
    def message_workers(self) -> int:
        """How many workers the message pool has."""
        return self.workers or len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True)
class Terms:
    """What one worker is locked with; goes to the zygote with each request."""

    memory: int
    cpu_seconds: int
    uid: int
    leave_out: frozenset[str] = frozenset()
    nice: int = 0  #: how far it stands back behind others for the processor (setpriority(2))
