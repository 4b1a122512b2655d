"""A worker: lock the door, say how well it holds, then read one mail after another until the parent hangs up.

Statements go out one by one the moment they are made, so that a killed worker loses only what it had not said. The
parent is woken through a pipe of its own only when there is reason to: at the end of a mail, or when the socket is
full. Waking it for each statement would cost more than reading most mails.
"""

import os
import resource
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

from seriema.edge.jail import libc, wire
from seriema.edge.jail.lock import lock
from seriema.edge.jail.settings import Terms
from seriema.model.plan import Done, Plan, Statement

#: The numbers of a worker's only descriptors beside the standard three, which lead to /dev/null.
CHANNEL, WAKE = 3, 4

#: How many frames a crash report names.
_FRAMES = 3

#: A worker that has ever held so much more than at its start may have less room for the next mail.
_TIRED_KILOBYTES = 64 << 10

Dissect = Callable[[bytes, Plan], Iterable[Statement]]


class Mouth:
    """The way out of the jail."""

    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self.tired_at = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + _TIRED_KILOBYTES

    def say(self, nonce: bytes, statement: object) -> None:
        """Put one statement into the socket; wake the parent first when it does not fit."""
        data = wire.frame(nonce, statement)
        try:
            sent = self.channel.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            self.wake()
            self.channel.sendall(memoryview(data)[sent:])

    def wake(self) -> None:
        """Have the parent read what was said."""
        os.write(WAKE, b".")


def run(terms: Terms, dissect: Dissect) -> None:
    """The whole life of a worker; returns when the parent is gone or a mail brought trouble."""
    libc.prctl(libc.PR_SET_NAME, b"seriema-worker")
    with socket.socket(fileno=CHANNEL) as channel:
        mouth = Mouth(channel)
        mouth.say(wire.NO_JOB, wire.Ready(lock(terms)))
        mouth.wake()
        while _one_mail(channel, mouth, dissect):
            pass


def _one_mail(channel: socket.socket, mouth: Mouth, dissect: Dissect) -> bool:
    """Whether this worker may read another; what belonged to the mail is gone when this returns."""
    job = wire.receive_job(channel)
    if job is None:
        return False
    nonce, plan, raw = job
    del job
    mouth.say(nonce, wire.Begun())
    last = _dissect(mouth, nonce, plan, raw, dissect)
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > mouth.tired_at:
        mouth.say(nonce, wire.Tired())
    mouth.say(nonce, last)
    mouth.wake()
    return isinstance(last, Done)


def _dissect(mouth: Mouth, nonce: bytes, plan: Plan, raw: bytes, dissect: Dissect) -> Done | wire.Trouble:
    """Say everything but the last word, which is the result; ``Done`` counts only when the work has really ended."""
    done = None
    try:
        for statement in dissect(raw, plan):
            if isinstance(statement, Done):
                done = statement
            else:
                mouth.say(nonce, statement)
    except MemoryError:
        return wire.Trouble("limit", "out of memory")
    except Exception as error:  # noqa: BLE001 - the outermost place of a process that ends now: the crash becomes words
        return wire.Trouble("crashed", _place(error))
    return done or wire.Trouble("crashed", "ended without a last word")


def _place(error: Exception) -> str:
    """Kind of error and where it was raised. Not its message, which may quote the mail."""
    frames = []
    step = error.__traceback__
    while step:
        code = step.tb_frame.f_code
        frames.append(f"{Path(code.co_filename).name}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return f"{type(error).__name__} in {', called by '.join(frames[: -_FRAMES - 1 : -1])}"[: wire.DETAIL_CHARS]
