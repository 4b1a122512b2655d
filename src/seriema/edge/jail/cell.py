"""One worker as its keeper sees it: hand a mail in, take statements out, and never wait longer than the deadline.

Three descriptors lead to a worker: its socket; the pipe by which it wakes us, whose end also tells its death; and a
pidfd for SIGKILL. Statements wait in the socket until the worker wakes us, dies or runs out of time; whatever it said
until then is read in all three cases.
"""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
from typing import Any, Self

from seriema.edge.jail import control, wire
from seriema.edge.jail.collect import Collector, End, Trouble
from seriema.edge.jail.settings import Layer, Terms
from seriema.edge.jail.spawner import Spawner
from seriema.model.errors import JailUnavailable, LimitReached, Malformed
from seriema.model.plan import Plan

_READ_BYTES = 64 << 10
#: The loop's other work gets its turn after so many reads of one worker.
_READS_A_TURN = 16
#: An answer may hold the mail's own locked files (a third larger in JSON) and this much besides.
_ANSWER_BYTES = 64 << 20
_READY_SECONDS = 10.0
#: A wake or two may come late, after the last word was read already; more between two mails are noise meant to busy us.
_LATE_WAKES = 8

#: What it means that a worker ended on a signal; all others are a crash.
_SIGNALS = {
    signal.SIGXCPU: Trouble(End.LIMIT, "processor time"),
    signal.SIGSYS: Trouble(End.CRASHED, "killed by SIGSYS for a forbidden system call"),
}
_HUNG_UP = Trouble(End.CRASHED, "hung up without a last word")
_CLOSED = Trouble(End.CRASHED, "was closed")
_NOISY = Trouble(End.CRASHED, "woke us without reason")


class Cell:
    """A locked worker, for one mail at a time."""

    def __init__(self, spawner: Spawner, channel: socket.socket, wake: int) -> None:
        self.spawner = spawner
        self.channel = channel
        self.wake = wake
        self.zygote: object = None
        self.pid = 0
        self.pidfd = -1
        self.layers: tuple[Layer, ...] = ()
        self.mails = 0
        self.tired = False
        self.open = True
        self.reader = wire.FrameReader()
        self.collector: Collector | None = None  #: while a mail is in it
        self.trouble: Trouble | None = None  #: once it is beyond use
        self.over: asyncio.Future[None] | None = None
        self.listening = False
        self.late_wakes = 0

    # -- life ----------------------------------------------------------------------------------------------------------

    @classmethod
    async def spawn(cls, spawner: Spawner, terms: Terms) -> Self:
        """A new worker that has locked itself and said how well. Raises JailUnavailable."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        wake, waker = os.pipe()
        ours.settimeout(0)
        os.set_blocking(wake, False)
        cell = cls(spawner, ours, wake)
        asyncio.get_running_loop().add_reader(wake, cell._on_wake)
        try:
            try:
                cell.pid = await spawner.fork(terms, (theirs.fileno(), waker))
            finally:
                theirs.close()
                os.close(waker)
            cell.zygote = spawner.process
            # Where there are no pidfds its number is as safe: nobody else gets it before it is buried.
            with contextlib.suppress(OSError):
                cell.pidfd = os.pidfd_open(cell.pid)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_READY_SECONDS):
                    await cell._settled()
            cell._expect_lock()
        except BaseException:
            await cell.end()
            raise
        return cell

    def _expect_lock(self) -> None:
        if not self.layers:
            raise JailUnavailable("no isolated worker: it ended or stalled while it locked itself")

    def kill(self) -> None:
        """SIGKILL, whatever it is doing."""
        with contextlib.suppress(OSError):
            if self.pidfd >= 0:
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            elif self._has_parent:
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill it and let go of its descriptors; ``end`` also tells the zygote."""
        if not self.open:
            return
        self._fail(_CLOSED)
        self.kill()
        self.open = False
        self._listen(on=False)
        asyncio.get_running_loop().remove_reader(self.wake)
        self.channel.close()
        os.close(self.wake)
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1

    async def end(self) -> None:
        """Close it and have its process buried."""
        self.close()
        await self._bury(patience=False)

    @property
    def _has_parent(self) -> bool:
        """Its process id is its own: the zygote that forked it lives and has not buried it."""
        return self.pid != 0 and self.zygote is self.spawner.process and self.spawner.link is not None

    async def _bury(self, *, patience: bool) -> control.Reaped | None:
        """What became of it; None when nobody can know any more."""
        known, pid = self._has_parent, self.pid
        self.pid = 0
        return await self.spawner.reap(pid, patience=patience) if known else None

    @property
    def quiet(self) -> bool:
        """Alive, and nothing was said unasked. To be looked at before a mail is handed in."""
        if not self.open or self.trouble or not self._has_parent:
            return False
        try:
            self.channel.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    # -- one mail ------------------------------------------------------------------------------------------------------

    async def ask(self, plan: Plan, raw: bytes, sha256: str, seconds: float) -> tuple[Collector, Trouble]:
        """Have one mail read. After trouble the worker is beyond use and only waits to be ended."""
        nonce = secrets.token_bytes(wire.NONCE_BYTES)
        self.mails += 1
        self.late_wakes = 0
        self.reader = wire.FrameReader(nonce, _ANSWER_BYTES + 2 * len(raw))
        self.collector = collector = Collector(sha256, len(raw))
        deadline = asyncio.get_running_loop().call_later(seconds, self._on_deadline, seconds)
        try:
            await self._send(wire.job(nonce, plan, raw), raw)
            await self._settled()
        finally:
            deadline.cancel()
            self.collector = None
            self._listen(on=False)
        return collector, (await self._explained(self.trouble, collector) if self.trouble else Trouble())

    def _on_deadline(self, seconds: float) -> None:
        """Whatever waits for it ends: its last word came, or it dies."""
        self._drain()  # it may have ended in time, and we were late
        if not self._is_settled:
            self._fail(Trouble(End.TIMED_OUT, f"{seconds:g} s"))
        elif self.over is None:  # a send waits for one that does not read on
            self.kill()

    async def _send(self, head: bytes, raw: bytes) -> None:
        """All in one call when the socket takes it, as it does with most mails. A dead worker is noticed elsewhere."""
        with contextlib.suppress(OSError):
            try:
                sent = self.channel.sendmsg([head, raw])
            except BlockingIOError:
                sent = 0
            if sent < len(head):
                await asyncio.get_running_loop().sock_sendall(self.channel, head[sent:])
                sent = len(head)
            if sent < len(head) + len(raw):
                await asyncio.get_running_loop().sock_sendall(self.channel, memoryview(raw)[sent - len(head) :])

    async def _explained(self, trouble: Trouble, collector: Collector) -> Trouble:
        """Ask the zygote how a worker ended that fell silent. If both died together it was not the mail's doing."""
        end = await self._bury(patience=trouble is _HUNG_UP)
        if trouble is _HUNG_UP and end is None:
            collector.begun = False
        if trouble is not _HUNG_UP or end is None or end.status is None:
            return trouble
        if end.status >= 0:
            return Trouble(End.CRASHED, f"ended with exit status {end.status}")
        number = signal.Signals(-end.status)
        return _SIGNALS.get(number, Trouble(End.CRASHED, f"killed by {number.name}"))

    # -- what it says --------------------------------------------------------------------------------------------------

    @property
    def _is_settled(self) -> bool:
        if self.trouble:
            return True
        return self.collector.done is not None if self.collector else bool(self.layers)

    async def _settled(self) -> None:
        """Wait until it has said its last word, or is beyond use."""
        if not self._is_settled:
            self.over = asyncio.get_running_loop().create_future()
            try:
                await self.over
            finally:
                self.over = None

    def _settle(self) -> None:
        if self.over and not self.over.done() and self._is_settled:
            self.over.set_result(None)

    def _fail(self, trouble: Trouble) -> None:
        """The first trouble counts. It dies at once: nothing more can be believed, and a send may wait for it."""
        if self.trouble is None:
            self.trouble = trouble
            if trouble is not _HUNG_UP:
                self.kill()
        self._settle()

    def _on_wake(self) -> None:
        try:
            woken = os.read(self.wake, 4096)
        except BlockingIOError:
            return
        if self.collector or not self.layers:
            self._drain()
        else:
            self.late_wakes += 1
        if not woken or self.late_wakes > _LATE_WAKES:
            asyncio.get_running_loop().remove_reader(self.wake)
            self._fail(_NOISY if woken else _HUNG_UP)
        elif not self._is_settled:
            self._listen(on=True)

    def _listen(self, *, on: bool) -> None:
        """For the rest of this mail read as it comes: an early wake means that there is more than the socket holds."""
        if on != self.listening:
            self.listening = on
            loop = asyncio.get_running_loop()
            _ = loop.add_reader(self.channel, self._drain) if on else loop.remove_reader(self.channel)

    def _drain(self) -> None:
        """Read what is there, up to the last word or the first lie, but leave the loop's other work its turn."""
        for _ in range(_READS_A_TURN):
            try:
                data = self.channel.recv(_READ_BYTES)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._listen(on=False)
                self._fail(_HUNG_UP)
                return
            try:
                for statement in self.reader.feed(data):
                    self._take(statement)
            except Malformed as error:
                self._fail(Trouble(End.CRASHED, str(error)))
            except LimitReached as error:
                self._fail(Trouble(End.LIMIT, str(error)))
            self._settle()
            if self._is_settled:
                break
        self._listen(on=not self._is_settled)

    def _take(self, statement: Any) -> None:
        """One statement that fits the schema; whether it fits the moment is decided here."""
        collector = self.collector
        if collector is None and isinstance(statement, wire.Ready) and not self.layers:
            self.layers = statement.layers
        elif collector is None or collector.done or isinstance(statement, wire.Ready):
            raise Malformed("spoke out of turn")
        elif collector.begun == isinstance(statement, wire.Begun):
            raise Malformed("began twice, or never")
        elif isinstance(statement, wire.Begun):
            collector.begun = True
        elif isinstance(statement, wire.Tired):
            self.tired = True
        elif isinstance(statement, wire.Trouble):
            end = End.LIMIT if statement.kind == End.LIMIT else End.CRASHED
            self._fail(Trouble(end, statement.detail))
        else:
            collector.add(statement)
