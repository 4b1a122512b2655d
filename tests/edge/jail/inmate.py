"""A planted worker module: it does the misdeed that the first line of the mail names, knowing all that a worker knows.

It stands for code that a hostile mail got to run. What it achieved it says in findings, so the tests see what holds.
"""

import ctypes
import mmap
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from seriema.edge.jail import libc, wire
from seriema.edge.jail.syscalls import ARCHITECTURES
from seriema.edge.jail.worker import CHANNEL, WAKE
from seriema.model.artifact import Artifact, State
from seriema.model.finding import Finding
from seriema.model.limits import Spent
from seriema.model.message import Message
from seriema.model.plan import Depth, Done, LockedFile, Plan, Statement

NUMBERS = ARCHITECTURES[os.uname().machine].numbers
#: Nonces of earlier mails, as far as this worker saw them.
NONCES: list[bytes] = []


def warm() -> None:
    """Nothing is lazy here."""


def dissect(raw: bytes, plan: Plan) -> Iterator[Statement]:
    name, _, rest = raw.partition(b"\n")
    NONCES.append(_nonce())
    yield Message(sha256="ff" * 32, size=7, subject=name.decode())
    yield Artifact("0", ("message",), "", "message", len(raw))
    if plan.depth is Depth.FULL:
        yield Finding("inmate.began", "0", detail=name.decode())
        yield from MISDEEDS[name.decode()](rest, plan)
    work = int(rest) if name == b"work" and plan.limits.password_work >= int(rest) else 0
    yield Done(Spent(members=len(NONCES), password_work=work))


def _nonce() -> bytes:
    frame: Any = sys._getframe()
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["nonce"]


def _write(*frames: bytes) -> None:
    """Past the worker's own way of speaking."""
    os.write(WAKE, b".")
    for one in frames:
        os.write(CHANNEL, one)
    os.write(WAKE, b".")


# -- trying the walls --------------------------------------------------------------------------------------------------


def _map_executable() -> None:
    mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_EXEC).close()


def _make_executable() -> None:
    address = ctypes.addressof(ctypes.create_string_buffer(2 * mmap.PAGESIZE)) & -mmap.PAGESIZE
    libc.syscall(NUMBERS["mprotect"], address + mmap.PAGESIZE, mmap.PAGESIZE, 7)


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _thread() -> None:
    try:
        threading.Thread(target=int).start()
    except RuntimeError as error:
        raise PermissionError(str(error)) from None


def _socket(family: int, kind: int) -> Callable[[], None]:
    return lambda: socket.socket(family, kind).close()


#: What a quiet attempt is called, and the attempt; OSError means that the wall held.
ATTEMPTS: dict[str, Callable[[], object]] = {
    "open": lambda: os.close(os.open("/", os.O_RDONLY)),
    "write-file": lambda: os.close(os.open("/tmp/inmate", os.O_WRONLY | os.O_CREAT)),
    "list": lambda: list(Path("/").iterdir()),
    "unlink": lambda: Path("/tmp/inmate").unlink(),
    "tcp": _socket(socket.AF_INET, socket.SOCK_STREAM),
    "udp": _socket(socket.AF_INET, socket.SOCK_DGRAM),
    "tcp6": _socket(socket.AF_INET6, socket.SOCK_STREAM),
    "unix": _socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "netlink": _socket(16, socket.SOCK_RAW),
    "packet": _socket(17, socket.SOCK_RAW),
    "fork": _fork,
    "thread": _thread,
    "kill-parent": lambda: os.kill(os.getppid(), 0),
    "kill-self": lambda: os.kill(os.getpid(), 0),
    "map-executable": _map_executable,
    "make-executable": _make_executable,
    "chroot": lambda: os.chroot("/"),
    "raise-privileges": lambda: os.setuid(0),
    "undo-dumpable": lambda: libc.prctl(libc.PR_SET_DUMPABLE, 1),
    "unknown-call": lambda: libc.syscall(451),
}


def _attempt(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    for name, attempt in ATTEMPTS.items():
        try:
            attempt()
        except OSError as error:
            yield Finding("inmate.refused", "0", name, str(error.errno))
        else:
            yield Finding("inmate.got-through", "0", name)


def _call(name: str) -> Callable[[bytes, Plan], Iterator[Statement]]:
    def misdeed(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
        libc.syscall(NUMBERS[name], 0, 0, 0, 0)
        yield Finding("inmate.got-through", "0", name)

    return misdeed


def _exec(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    os.execv("/bin/true", ["true"])
    yield Finding("inmate.got-through", "0")


def _subprocess(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    subprocess.run(["/bin/true"], check=True)
    yield Finding("inmate.got-through", "0")


# -- using up ----------------------------------------------------------------------------------------------------------


def _sleep(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    time.sleep(1_000)
    yield Done()


def _spin(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    while True:
        pass
    yield Done()


def _allocate(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    yield Finding("inmate.allocated", "0", detail=str(len(bytearray(10 << 30))))


def _flood(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    for number in range(1 << 10):
        yield Message(sha256="", size=0, subject=f"{number}" + "x" * (1 << 20))


def _flood_of_locked_files(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    payload = b'{"artifact":"1","name":"x","content":"' + b"A" * (12 << 20) + b'"}'
    for _ in range(100):
        _write(_frame(NONCES[-1], b"K", payload))
    yield Done()


def _many_facts(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    for number in range(1_000_000):
        yield Finding("inmate.fact", "0", detail=str(number))


def _use_memory(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    held = bytearray(100 << 20)
    yield Finding("inmate.held", "0", detail=str(len(held)))


# -- lying -------------------------------------------------------------------------------------------------------------


def _frame(nonce: bytes, tag: bytes, payload: bytes, size: int | None = None) -> bytes:
    return (len(payload) if size is None else size).to_bytes(4, "big") + nonce + tag + payload


FINDING = b'{"name":"inmate.forged","artifact":"0"}'

#: Frames against protocol or schema.
LIES: dict[str, Callable[[bytes], bytes]] = {
    "lie-missing-field": lambda nonce: _frame(nonce, b"F", b'{"name":"inmate.forged"}'),
    "lie-wrong-type": lambda nonce: _frame(nonce, b"F", b'{"name":3,"artifact":"0"}'),
    "lie-refused-value": lambda nonce: _frame(nonce, b"F", b'{"name":"nodot","artifact":"0"}'),
    "lie-negative-size": lambda nonce: _frame(nonce, b"A", b'{"id":"1","path":["x"],"name":"","kind":"","size":-1}'),
    "lie-unknown-state": lambda nonce: _frame(
        nonce, b"A", b'{"id":"1","path":["x"],"name":"","kind":"","size":1,"state":"fine"}'
    ),
    "lie-no-json": lambda nonce: _frame(nonce, b"F", b"\x80\x04\x95"),
    "lie-deep-json": lambda nonce: _frame(nonce, b"M", b'{"x":' + b"[" * 1_000_000),
    "lie-no-utf8": lambda nonce: _frame(nonce, b"F", b'{"name":"inmate.\xff\xfe","artifact":"0"}'),
    "lie-unknown-tag": lambda nonce: _frame(nonce, b"Z", FINDING),
    "lie-other-type": lambda nonce: _frame(nonce, b"D", FINDING.replace(b"name", b"spent")),
    "lie-huge-frame": lambda nonce: _frame(nonce, b"F", FINDING, size=0xFFFFFFFF),
    "lie-other-nonce": lambda nonce: _frame(bytes(16), b"F", FINDING),
    "lie-begin-again": lambda nonce: _frame(nonce, b"B", b"{}"),
    "lie-ready-again": lambda nonce: _frame(nonce, b"L", b'{"layers":[]}'),
    "lie-long-last-words": lambda nonce: _frame(nonce, b"T", b'{"kind":"limit","detail":"' + b"x" * 501 + b'"}'),
    "lie-two-last-words": lambda nonce: 2 * wire.frame(nonce, Done()),
    "lie-after-last-word": lambda nonce: wire.frame(nonce, Done()) + _frame(nonce, b"F", FINDING),
}


def _lie(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    _write(LIES[_rest.decode()](NONCES[-1]))
    yield Finding("inmate.lied", "0")


def _forge_trouble(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    yield wire.Trouble("all is well", "x" * 500)  # type: ignore[misc]  # a statement that is none


def _no_statement(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    yield {"name": "inmate.forged"}  # type: ignore[misc]  # a statement that is none


def _stale(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    """Answer this mail, then speak for it, and for the next one, once the parent may have handed in the next."""
    _write(wire.frame(NONCES[-1], Done()))
    time.sleep(float(_rest))
    forged = wire.frame(NONCES[-1], Finding("inmate.forged", "0"))
    _write(forged, wire.frame(NONCES[-1], Done()), forged)
    time.sleep(1_000)
    yield Done()


def _wake_for_ever(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    _write(wire.frame(NONCES[-1], Done()))
    while True:
        os.write(WAKE, b".")
    yield Done()


def _stall_the_next(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    _write(wire.frame(NONCES[-1], Done()))
    time.sleep(1_000)
    yield Done()


def _answer_unread(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    """Of the next mail read no more than which job it is, and answer."""
    _write(wire.frame(NONCES[-1], Done()))
    nonce = os.read(CHANNEL, 28)[:16]
    _write(wire.frame(nonce, wire.Begun()), wire.frame(nonce, Done()))
    time.sleep(1_000)
    yield Done()


def _hang_up_on_the_next(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    """Fall silent while the parent hands in the next."""
    _write(wire.frame(NONCES[-1], Done()))
    time.sleep(0.3)
    os.close(WAKE)
    time.sleep(1_000)
    yield Done()


# -- ending ------------------------------------------------------------------------------------------------------------


def _hang_up_in_a_frame(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    os.write(CHANNEL, wire.frame(NONCES[-1], Finding("inmate.forged", "0"))[:-5])
    os.close(CHANNEL)
    os.close(WAKE)
    time.sleep(1_000)
    yield Done()


def _close_the_channel(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    os.close(CHANNEL)
    yield Finding("inmate.spoke", "0")


def _die(number: int) -> Callable[[bytes, Plan], Iterator[Statement]]:
    def misdeed(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
        ctypes.string_at(0) if number == signal.SIGSEGV else os._exit(3)
        yield Done()

    return misdeed


def _raise(_rest: bytes, _plan: Plan) -> Iterator[Statement]:
    raise ValueError("words of the mail")
    yield Done()


def _recurse(_rest: bytes, plan: Plan) -> Iterator[Statement]:
    yield from _recurse(_rest, plan)


# -- behaving ----------------------------------------------------------------------------------------------------------


def _behave(rest: bytes, plan: Plan) -> Iterator[Statement]:
    yield Finding("inmate.read", "0", detail=rest[:100].decode("ascii", "replace").strip())
    yield Finding("inmate.plan", "0", detail=f"{plan.limits.password_work}")


def _work(rest: bytes, plan: Plan) -> Iterator[Statement]:
    """Wants as much password work as the mail says; says whether it got it."""
    wanted = int(rest)
    enough = plan.limits.password_work >= wanted
    state = State.INSPECTED if enough else State.LIMIT
    yield Artifact("1", ("x.zip",), "x.zip", "zip", 1, state=state, encrypted=True)
    yield Finding("inmate.opened" if enough else "inmate.gave-up", "1")
    if not enough:
        yield LockedFile("1", "x.zip", rest)


def _slow(rest: bytes, plan: Plan) -> Iterator[Statement]:
    """Needs the seconds that the mail names."""
    time.sleep(float(rest))
    yield Finding("inmate.took-its-time", "0")


MISDEEDS: dict[str, Callable[[bytes, Plan], Iterator[Statement]]] = {
    "behave": _behave,
    "work": _work,
    "slow": _slow,
    "attempt": _attempt,
    "exec": _exec,
    "subprocess": _subprocess,
    **{name: _call(name) for name in ("ptrace", "mount", "bpf", "io_uring_setup", "execveat", "setns", "userfaultfd")},
    "sleep": _sleep,
    "spin": _spin,
    "allocate": _allocate,
    "flood": _flood,
    "flood-of-locked-files": _flood_of_locked_files,
    "many-facts": _many_facts,
    "use-memory": _use_memory,
    "lie": _lie,
    "forge-trouble": _forge_trouble,
    "no-statement": _no_statement,
    "stale": _stale,
    "stall-the-next": _stall_the_next,
    "answer-unread": _answer_unread,
    "hang-up-on-the-next": _hang_up_on_the_next,
    "wake-for-ever": _wake_for_ever,
    "hang-up-in-a-frame": _hang_up_in_a_frame,
    "close-the-channel": _close_the_channel,
    "segfault": _die(signal.SIGSEGV),
    "exit": _die(0),
    "raise": _raise,
    "recurse": _recurse,
}
