"""The child's side: a fresh process locks itself layer by layer, tries each, says how well it holds, and becomes the
program. Weaker than Landlock with resource limits, or seccomp with them, it ends instead.

The layers are the jail's; but a program must be loaded, so the system's own programs and libraries may be read.
"""

import errno
import os
import socket
import sys
from functools import partial

from seriema.edge.jail import landlock, lock, seccomp
from seriema.edge.jail.lock import Attempt, Step
from seriema.edge.jail.settings import JailSettings, Terms, level, meets
from seriema.edge.ocr import syscalls

#: Bytes above what a fresh interpreter has, and seconds of processor time.
TERMS = Terms(memory=512 << 20, cpu_seconds=10, uid=JailSettings().uid, nice=10)
LEAST = "reduced"
#: What may be read: where Debian and its kin keep programs, libraries and models.
READABLE = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache")

_PRIVATE = "/etc/passwd"


def _landlock(_terms: Terms) -> None:
    landlock.lock(READABLE)


def _try_landlock(_terms: Terms) -> tuple[Attempt, ...]:
    return (Attempt("a file of the system's opened", lambda: os.close(os.open(_PRIVATE, os.O_RDONLY))),)


def _seccomp(_terms: Terms) -> None:
    machine = os.uname().machine
    if machine not in syscalls.READERS:
        raise OSError(errno.ENOSYS, f"no table of system calls for {machine}")
    seccomp.lock(syscalls.calls(machine), syscalls.READERS)


def _try_seccomp(_terms: Terms) -> tuple[Attempt, ...]:
    families = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)
    return (
        Attempt("a file opened for writing", lambda: os.close(os.open("/dev/null", os.O_WRONLY))),
        Attempt("a new process", _fork),
        *(Attempt(f"a socket of {one.name}", partial(_open_socket, one)) for one in families),
        Attempt("a signal", lambda: os.kill(os.getpid(), 0)),
    )


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _open_socket(family: socket.AddressFamily) -> None:
    socket.socket(family, socket.SOCK_DGRAM).close()


STEPS = (
    *(step for step in lock.STEPS if step.name in {"namespaces", "uid", "process", "rlimits"}),
    Step("landlock", _landlock, _try_landlock, "nothing but the system's programs and libraries can be read"),
    Step("seccomp", _seccomp, _try_seccomp, "the kernel refuses written files, sockets, processes, threads, signals"),
)


def main() -> None:
    """Lock this process and become the program in ``sys.argv`` behind "--"; its first line of output is ours."""
    command = sys.argv[sys.argv.index("--") + 1 :]
    layers = tuple(lock.try_layer(step, TERMS) for step in STEPS)
    found = level(layers)
    missing = "; ".join(f"{one.name}: {one.reason}" for one in layers if not one.holds)
    os.write(1, f"{found} {missing}\n".encode())
    if meets(found, LEAST):
        os.execve(command[0], command, {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"})  # noqa: S606 - that is its task
