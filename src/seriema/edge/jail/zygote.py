"""The zygote: a fresh interpreter that imports everything once, so that a locked worker is forked in milliseconds.

It is started with an empty environment before any secret is read, never sees mail, and runs nothing but this loop. It
ends when its parent hangs up, and the workers end with it. A worker that died stays its child until the parent asks
what became of it, so that no process id is used again while the parent may still send signals to it.
"""

import fcntl
import gc
import importlib
import os
import signal
import socket
import time
from typing import NoReturn

from seriema.edge.jail import control, libc, worker
from seriema.edge.jail.worker import CHANNEL, WAKE, Dissect

#: The descriptor of the parent's socket; the other standard ones lead to /dev/null.
CONTROL = 0

#: How long a worker that hung up may take to be gone.
_PATIENCE_MS = 200

#: A number that is free in any process that has just started.
_ABOVE = 64


def main() -> None:
    """Serve one parent until it hangs up."""
    libc.prctl(libc.PR_SET_NAME, b"seriema-zygote")
    with socket.socket(fileno=CONTROL) as parent:
        asked = control.request(parent.recv(control.MOST_BYTES))
        assert isinstance(asked, control.Prepare)
        try:
            dissect = _prepare(asked)
        except Exception as error:  # noqa: BLE001 - no mail is near; whatever stops the start is told, then this ends
            parent.send(control.encode(control.Failed(f"{asked.module}: {error}")))
            return
        parent.send(control.encode(control.Prepared()))
        while _serve(parent, dissect):
            pass


def _prepare(asked: control.Prepare) -> Dissect:
    """Import the module and all its lazy parts, and put what exists by now out of the garbage collector's reach."""
    module = importlib.import_module(asked.module)
    module.warm()
    gc.collect()
    gc.freeze()
    dissect: Dissect = module.dissect
    return dissect


def _serve(parent: socket.socket, dissect: Dissect) -> bool:
    data, descriptors, _, _ = socket.recv_fds(parent, control.MOST_BYTES, 2)
    if not data:
        return False
    asked = control.request(data)
    answer: control.Reply
    if isinstance(asked, control.Fork):
        answer = _fork(asked, descriptors, dissect)
    elif isinstance(asked, control.Reap):
        answer = _reap(asked)
    else:
        answer = control.Failed("prepared already")
    parent.send(control.encode(answer))
    return True


def _fork(asked: control.Fork, descriptors: list[int], dissect: Dissect) -> control.Reply:
    try:
        child = os.fork()
        if child == 0:
            _become_worker(asked, descriptors, dissect)
        return control.Forked(child)
    except OSError as error:
        return control.Failed(f"no new process: {error.strerror}")
    finally:
        for number in descriptors:
            os.close(number)


def _become_worker(asked: control.Fork, descriptors: list[int], dissect: Dissect) -> NoReturn:
    """Keep the two descriptors that were handed over, at their fixed numbers, and live; never comes back."""
    status = 1
    try:
        channel, wake = (fcntl.fcntl(number, fcntl.F_DUPFD, _ABOVE) for number in descriptors)
        os.dup2(1, CONTROL)
        os.dup2(channel, CHANNEL)
        os.dup2(wake, WAKE)
        os.closerange(WAKE + 1, os.sysconf("SC_OPEN_MAX"))
        worker.run(asked.terms, dissect)
        status = 0
    finally:
        os._exit(status)


def _reap(asked: control.Reap) -> control.Reply:
    try:
        os.waitid(os.P_PID, asked.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # fails for what is no child of ours
        by_itself = asked.patience and _gone(asked.pid)
        os.kill(asked.pid, signal.SIGKILL)
        _, status, usage = os.wait4(asked.pid, 0)
    except OSError as error:
        return control.Failed(f"no such worker: {error.strerror}")
    return control.Reaped(os.waitstatus_to_exitcode(status) if by_itself else None, usage.ru_maxrss * 1024)


def _gone(pid: int) -> bool:
    """Whether it ends by itself within the patience."""
    for _ in range(_PATIENCE_MS):
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return True
        time.sleep(0.001)
    return False
