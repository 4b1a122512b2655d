"""The parent's side of the zygote: start it, again if it dies, ask it for workers, and what became of them."""

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections import deque
from pathlib import Path

from seriema.edge.jail import control
from seriema.edge.jail.settings import Terms
from seriema.model.errors import JailUnavailable

#: How long the zygote may take to import everything, and to answer one request.
_START_SECONDS, _ANSWER_SECONDS = 60.0, 10.0
_END_SECONDS = 2.0

#: -I: no environment, no user site, no current directory. The module search path is this process's own.
_COMMAND = "import sys; sys.path[:] = sys.argv[1:]; from seriema.edge.jail.zygote import main; main()"

#: All the zygote's environment: one thread in native libraries, and no time zone of this machine in any result.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
}


class Spawner:
    """One zygote at a time. Answers come in the order of the requests, so a caller that gives up disturbs nobody."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.process: subprocess.Popen[bytes] | None = None
        self.link: socket.socket | None = None
        self.waiting: deque[asyncio.Future[control.Reply]] = deque()
        self.starting = asyncio.Lock()
        self.peak_bytes = 0  #: the most memory a worker that has ended ever held, shared pages included

    async def start(self) -> None:
        """Have a living zygote. Raises JailUnavailable with the reason when it does not come up."""
        async with self.starting:
            if self.link is not None:
                return
            await self.stop()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                path = [entry for entry in sys.path if Path(entry).is_absolute()]
                self.process = subprocess.Popen(  # noqa: ASYNC220, S603 - a few ms, once, without a thread; all arguments are our own
                    [sys.executable, "-I", "-c", _COMMAND, *path],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=_ENVIRONMENT,
                    cwd="/",
                    start_new_session=True,
                )
            ours.settimeout(0)
            self.link = ours
            asyncio.get_running_loop().add_reader(ours, self._on_answer)
            answer = await self._ask(control.Prepare(self.module), (), _START_SECONDS)
            if not isinstance(answer, control.Prepared):
                await self.stop()
                raise JailUnavailable(f"no isolated worker: {_reason(answer)}")

    async def fork(self, terms: Terms, descriptors: tuple[int, int]) -> int:
        """The process id of a new worker that holds these descriptors. Raises JailUnavailable."""
        await self.start()
        answer = await self._ask(control.Fork(terms), descriptors, _ANSWER_SECONDS)
        if self.link is None:  # it had died before it was asked, or dies now, and with it whatever it forked
            await self.start()
            answer = await self._ask(control.Fork(terms), descriptors, _ANSWER_SECONDS)
        if not isinstance(answer, control.Forked):
            raise JailUnavailable(f"no isolated worker: {_reason(answer)}")
        return answer.pid

    async def reap(self, pid: int, *, patience: bool) -> control.Reaped | None:
        """What became of a worker of this zygote; None when it is gone and the worker with it."""
        answer = await self._ask(control.Reap(pid, patience), (), _ANSWER_SECONDS)
        if not isinstance(answer, control.Reaped):
            return None
        self.peak_bytes = max(self.peak_bytes, answer.peak_bytes)
        return answer

    async def stop(self) -> None:
        """End the zygote and so all its workers."""
        self._hang_up()
        if self.process is not None:
            process, self.process = self.process, None
            deadline = asyncio.get_running_loop().time() + _END_SECONDS
            while process.poll() is None:
                if asyncio.get_running_loop().time() > deadline:
                    process.kill()
                await asyncio.sleep(0.002)

    async def _ask(self, asked: control.Request, descriptors: tuple[int, ...], seconds: float) -> control.Reply:
        """Never raises for what the zygote does; a lost or late answer is ``Failed``."""
        answer: asyncio.Future[control.Reply] = asyncio.get_running_loop().create_future()
        try:
            if self.link is None:
                raise ConnectionError
            socket.send_fds(self.link, [control.encode(asked)], descriptors)
        except OSError:
            self._hang_up()
            return control.Failed("the zygote is gone")
        self.waiting.append(answer)
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError:
            self._hang_up()
            return control.Failed(f"the zygote did not answer within {seconds:g} s")

    def _on_answer(self) -> None:
        assert self.link is not None
        try:
            data = self.link.recv(control.MOST_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._hang_up()
            return
        answer = self.waiting.popleft()
        if not answer.done():
            answer.set_result(control.reply(data))

    def _hang_up(self) -> None:
        """Without its socket the zygote ends."""
        if self.link is not None:
            asyncio.get_running_loop().remove_reader(self.link)
            self.link.close()
            self.link = None
        while self.waiting:
            with contextlib.suppress(asyncio.InvalidStateError):
                self.waiting.popleft().set_result(control.Failed("the zygote is gone"))


def _reason(answer: control.Reply) -> str:
    return answer.reason if isinstance(answer, control.Failed) else "an answer to another question"
