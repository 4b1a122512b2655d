"""The lock: what a fresh worker does to itself, layer by layer, before it sees any mail, and the proof of each.

Every layer is built and then *tried*: the worker attempts what the layer forbids while the later ones are not there
yet. Only what was refused is reported as holding; a missing layer is named with the kernel's reason.
The order is that of need: privileges go first, the system call filter comes last because nothing can follow it.
"""

import errno
import mmap
import os
import resource
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from seriema.edge.jail import landlock, libc, seccomp
from seriema.edge.jail.settings import Layer, Terms
from seriema.edge.jail.syscalls import CLONE3

#: The kernel's answer in words a person can act on.
REASONS = {
    errno.ENOSYS: "ENOSYS: this kernel is too old or built without it",
    errno.EOPNOTSUPP: "EOPNOTSUPP: built into this kernel but not enabled at boot",
    errno.EPERM: "EPERM: forbidden here, as by a container's profile",
    errno.EACCES: "EACCES: forbidden here, as by a container's profile",
    errno.EINVAL: "EINVAL: this kernel or container has it only in part",
    errno.ENOSPC: "ENOSPC: the limit on namespaces is used up",
    errno.EUSERS: "EUSERS: the limit on namespaces is used up",
}

#: Numbers below this may stay open: the three standard ones, the socket and the wake pipe, and a few for the tests.
OPEN_FILES = 16


@dataclass(frozen=True, slots=True)
class Step:
    """One layer: how it is built, which forbidden things are tried then, and what it stops in one sentence."""

    name: str
    build: Callable[[Terms], None]
    attempts: Callable[[Terms], tuple["Attempt", ...]]
    stops: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something forbidden: ``do`` raises OSError when the layer holds; ``what`` got through when it does not."""

    what: str
    do: Callable[[], object]


def lock(terms: Terms) -> tuple[Layer, ...]:
    """Build and try every layer; what the worker can no longer do afterwards is in the result."""
    return tuple(try_layer(step, terms) for step in STEPS)


def try_layer(step: Step, terms: Terms) -> Layer:
    """Build one layer and try it."""
    if step.name in terms.leave_out:
        return Layer(step.name, holds=False, reason="left out by the settings")
    try:
        step.build(terms)
        through = [attempt.what for attempt in step.attempts(terms) if _works(attempt)]
    except OSError as error:
        return Layer(step.name, holds=False, reason=REASONS.get(error.errno or 0, str(error)))
    if through:
        return Layer(step.name, holds=False, reason=f"tried and not stopped: {', '.join(through)}")
    return Layer(step.name, holds=True, reason=step.stops)


def _works(attempt: Attempt) -> bool:
    try:
        attempt.do()
    except OSError:
        return False
    return True


def _refused_if(holds: object) -> None:
    """For what is asked instead of tried."""
    if holds:
        raise PermissionError


# -- namespaces --------------------------------------------------------------------------------------------------------


def _namespaces(_terms: Terms) -> None:
    """Root needs no user namespace for the others; everybody else gets them, if at all, only inside one."""
    alone = libc.CLONE_NEWNET | libc.CLONE_NEWIPC
    if os.geteuid() == 0:
        libc.unshare(alone)
    else:
        libc.unshare(alone | libc.CLONE_NEWUSER)
        libc.drop_capabilities()


def _look_for_route() -> None:
    """An address reserved for documentation (RFC 5737): nothing is sent, the kernel only looks for a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))


def _try_namespaces(_terms: Terms) -> tuple[Attempt, ...]:
    return (Attempt("a route into the network", _look_for_route),)


# -- user --------------------------------------------------------------------------------------------------------------


def _user(terms: Terms) -> None:
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(terms.uid, terms.uid, terms.uid)
        os.setresuid(terms.uid, terms.uid, terms.uid)


def _try_user(_terms: Terms) -> tuple[Attempt, ...]:
    return (
        Attempt("it is root", lambda: _refused_if(0 not in (*os.getresuid(), *os.getresgid()))),
        Attempt("it became root", lambda: os.setuid(0)),
    )


# -- the process -------------------------------------------------------------------------------------------------------


def _process(terms: Terms) -> None:
    """After the change of user, which would undo the first two."""
    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(libc.PR_SET_DUMPABLE, 0)
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    os.nice(terms.nice)


def _try_process(_terms: Terms) -> tuple[Attempt, ...]:
    return (
        Attempt("others read its memory", lambda: _refused_if(libc.prctl(libc.PR_GET_DUMPABLE) == 0)),
        Attempt("new programs gain privileges", lambda: _refused_if(libc.prctl(libc.PR_GET_NO_NEW_PRIVS) == 1)),
        Attempt("it outlives its parent", lambda: _refused_if(libc.death_signal() == signal.SIGKILL)),
    )


# -- resource limits ---------------------------------------------------------------------------------------------------


def _bounds(terms: Terms) -> tuple[tuple[int, int], ...]:
    used = int(Path("/proc/self/statm").read_bytes().split()[0]) * mmap.PAGESIZE
    return (
        (resource.RLIMIT_AS, used + terms.memory),
        (resource.RLIMIT_CPU, terms.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    )


def _rlimits(terms: Terms) -> None:
    for kind, bound in _bounds(terms):
        hard = resource.getrlimit(kind)[1]
        lower = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (lower, lower))


def _try_rlimits(terms: Terms) -> tuple[Attempt, ...]:
    tried = (
        Attempt("more memory", lambda: mmap.mmap(-1, terms.memory + (64 << 20)).close()),
        Attempt("more open files", _open_many),
    )
    # The bound on processes means nothing to root.
    return (*tried, Attempt("a new process", _fork)) if os.getuid() != 0 else tried


def _open_many() -> None:
    opened: list[int] = []
    try:
        opened.extend(os.dup(0) for _ in range(OPEN_FILES + 1))
    finally:
        for number in opened:
            os.close(number)


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


# -- Landlock ----------------------------------------------------------------------------------------------------------


def _landlock(_terms: Terms) -> None:
    landlock.lock()


def _open_directory() -> None:
    os.close(os.open("/", os.O_RDONLY | os.O_DIRECTORY))


def _try_landlock(_terms: Terms) -> tuple[Attempt, ...]:
    return (Attempt("a directory opened", _open_directory),)


# -- system calls ------------------------------------------------------------------------------------------------------


def _seccomp(_terms: Terms) -> None:
    seccomp.lock()


def _executable_memory() -> None:
    mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_EXEC).close()


def _try_seccomp(_terms: Terms) -> tuple[Attempt, ...]:
    families = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)
    return (
        Attempt("a directory opened", _open_directory),
        Attempt("a new process", _fork),
        *(Attempt(f"a socket of {one.name}", partial(_open_socket, one)) for one in families),
        Attempt("a signal", lambda: os.kill(os.getpid(), 0)),
        Attempt("executable memory", _executable_memory),
        Attempt("clone3", lambda: libc.syscall(CLONE3, None, 0)),
    )


def _open_socket(family: socket.AddressFamily) -> None:
    socket.socket(family, socket.SOCK_DGRAM).close()


STEPS = (
    Step("namespaces", _namespaces, _try_namespaces, "there is no network where the workers live"),
    Step("uid", _user, _try_user, "workers run as an ordinary user, not as root, and cannot become root"),
    Step(
        "process",
        _process,
        _try_process,
        "workers gain no privileges, die with their parent, and only root could read their memory",
    ),
    Step(
        "rlimits", _rlimits, _try_rlimits, "memory, processor time, open files, written files and processes are bounded"
    ),
    Step("landlock", _landlock, _try_landlock, "no file can be opened, made or removed"),
    Step(
        "seccomp", _seccomp, _try_seccomp, "the kernel refuses files, sockets, programs, threads, signals and new code"
    ),
)
