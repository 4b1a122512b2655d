"""The parent's side: run one program over one picture, confined, and hear no more and wait no longer than allowed."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from seriema.edge.jail.settings import meets
from seriema.edge.ocr.lock import LEAST

#: Of a program's output; a page full of small print has 6 kB.
MOST_BYTES = 64 << 10
_READ_BYTES = 16 << 10
_END_SECONDS = 1.0

#: -I: no environment, no user site, no current directory. The module search path is this process's own.
_COMMAND = "import sys; sys.path[:] = sys.argv[1:sys.argv.index('--')]; from seriema.edge.ocr.lock import main; main()"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program said. ``trouble``: why that is not all, "" when it is; ``level``: how well it was confined."""

    output: bytes = b""
    trouble: str = ""
    level: str = ""

    def __repr__(self) -> str:
        return f"Ran({len(self.output)} bytes, trouble={self.trouble!r}, level={self.level!r})"


def run(command: Sequence[str], given: bytes, seconds: float) -> Ran:
    """Run a program with ``given`` as its standard input; it is gone when this returns. Raises nothing."""
    path = [entry for entry in sys.path if Path(entry).is_absolute()]
    with _file(given) as stdin:
        try:
            child = subprocess.Popen(  # noqa: S603 - all arguments are our own
                [sys.executable, "-I", "-c", _COMMAND, *path, "--", *command],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            return Ran(trouble=f"no new process: {error.strerror}")
    with child:
        assert child.stdout is not None
        try:
            heard, trouble = _heard(child.stdout, time.monotonic() + seconds)
            if not trouble:
                trouble = _ended(child, Path(command[0]).name)
        finally:
            child.kill()
    return _told(heard, f"timed out after {seconds:g} s" if trouble == _LATE else trouble)


_LATE = "late"


def _told(heard: bytes, trouble: str) -> Ran:
    """The first line says how well it was confined, and what was missing."""
    first, _, output = heard.partition(b"\n")
    level, _, missing = first.decode(errors="replace").partition(" ")
    if not first:
        return Ran(trouble=trouble or "it ended while it was being confined")
    if not meets(level, LEAST):
        return Ran(trouble=f"it cannot be confined here ({missing})")
    return Ran(output, trouble, level)


def _heard(stdout: IO[bytes], deadline: float) -> tuple[bytes, str]:
    """All that is said until it ends, and why that is not all."""
    heard = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(stdout, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if not waiting.select(left):
                break
            data = os.read(stdout.fileno(), _READ_BYTES)
            if not data:
                return bytes(heard), ""
            heard += data
            if len(heard) > MOST_BYTES:
                return bytes(heard[:MOST_BYTES]), f"said more than {MOST_BYTES >> 10} kB"
    return bytes(heard), _LATE


def _ended(child: subprocess.Popen[bytes], name: str) -> str:
    try:
        status = child.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        return _LATE
    if status < 0:
        return f"{name} ended by {signal.Signals(-status).name}, as at a limit of memory or processor time"
    return f"{name} could not read it" if status else ""


@contextlib.contextmanager
def _file(content: bytes) -> Iterator[int]:
    """The bytes as a file that lies in memory only."""
    descriptor = os.memfd_create("picture")
    try:
        with open(descriptor, "wb", closefd=False) as written:
            written.write(content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)
