"""Sockets and clocks around the core: accepts connections, reads mails, asks a judge, answers.

Whatever goes wrong with a mail here, its sender is told to try again: nothing is let through, and nothing is lost.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from seriema.model.errors import ConfigurationError, HostileInput
from seriema.service.milter import answers as a
from seriema.service.milter import events as e
from seriema.service.milter.connection import Connection
from seriema.service.milter.flags import Steps
from seriema.service.milter.limits import ServerLimits
from seriema.service.milter.message import MailReader, Received
from seriema.service.milter.state import State

_LOG = logging.getLogger(__name__)
_READ = 64 << 10
_BACKLOG = 256

#: What is to be done with a whole mail: changes, and at the end one decision.
Judge = Callable[[Received], Awaitable[Sequence[a.Answer]]]

_USUAL = ServerLimits()

#: For every trouble of our own; the words tell a sender nothing else.
LATER = a.Reply(b"451 4.3.0 Please try again later")


class MilterServer:
    """Speaks with any number of mail servers. ``judge`` may raise whatever it likes."""

    def __init__(self, judge: Judge, limits: ServerLimits = _USUAL) -> None:
        self._judge, self._limits = judge, limits
        self._links: dict[_Link, None] = {}  #: the longest idle first
        self._memory = 0
        self._ending = False

    @contextlib.asynccontextmanager
    async def listening(self, place: str, patience: float = 30.0) -> AsyncIterator[None]:
        """Listen at ``unix:PATH`` or ``inet:PORT@HOST`` until left; then wait for the mails that are being judged.

        Raises ConfigurationError for a place that cannot be listened on.
        """
        server = await self._listen(place)
        try:
            yield
        finally:
            server.close()
            await self._drained(patience)
            await server.wait_closed()

    async def _listen(self, place: str) -> asyncio.Server:
        kind, _, where = place.partition(":")
        try:
            if kind == "unix":
                return await _unix(self._connected, Path(where))
            port, _, host = where.partition("@")
            if kind == "inet" and host:
                return await asyncio.start_server(self._connected, host, int(port), limit=_READ, backlog=_BACKLOG)
        except (OSError, ValueError, OverflowError) as error:
            raise ConfigurationError(f"milter {place}: {getattr(error, 'strerror', None) or error}") from None
        raise ConfigurationError(f"milter {place!r}: unix:PATH or inet:PORT@HOST is wanted")

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._ending or (len(self._links) >= self._limits.connections and not self._evict()):
            writer.transport.abort()
            return
        _without_delay(writer)
        link = _Link(self, reader, writer)
        self._links[link] = None
        try:
            await link.run()
        except (HostileInput, OSError, TimeoutError, ValueError) as error:
            # ValueError: an answer of ours that was not negotiated. Without one the sender keeps its mail.
            _LOG.warning("milter connection closed: %s", str(error) or type(error).__name__)
        finally:
            self._links.pop(link, None)
            self.charge(-link.charged)
            writer.transport.abort() if link.failed else writer.close()

    def _evict(self) -> bool:
        """Close the connection that has been idle the longest; one with a mail in it is left alone."""
        for link in self._links:
            if link.idle:
                del self._links[link]
                link.writer.transport.abort()
                return True
        return False

    def moved(self, link: "_Link") -> None:
        """Something came over it: it is now the least idle."""
        if link in self._links:
            del self._links[link]
            self._links[link] = None

    def charge(self, size: int) -> bool:
        """Account for so many bytes more; whether that is within the bounds."""
        self._memory += size
        return self._memory <= self._limits.memory

    async def answer(self, link: "_Link", mail: Received) -> Sequence[a.Answer]:
        """What the judge says, in time; the sender tries again when it says nothing."""
        judging = asyncio.ensure_future(self._judge(mail))
        try:
            async with asyncio.timeout(self._limits.judging_seconds):
                while not (await asyncio.wait({judging}, timeout=self._limits.progress_seconds))[0]:
                    await link.write(a.Progress())
                return judging.result()
        except TimeoutError:
            _LOG.error("mail %s: no judgement in time", mail.envelope.queue_id)
        except Exception:  # noqa: BLE001 - the outermost place of a mail
            # An error of ours that nobody foresaw must neither let the mail pass nor lose it.
            _LOG.exception("mail %s: judging failed", mail.envelope.queue_id)
        finally:
            judging.cancel()
        return (LATER,)

    async def _drained(self, patience: float) -> None:
        """Close what is idle, wait for the others."""
        self._ending = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._links:
                    for link in [one for one in self._links if one.idle]:
                        self._links.pop(link)
                        link.writer.close()
                    await asyncio.sleep(0.02)
        for link in tuple(self._links):
            link.writer.transport.abort()

    @property
    def limits(self) -> ServerLimits:
        """The bounds it keeps."""
        return self._limits


class _Link:
    """One connection with its mail."""

    def __init__(self, server: MilterServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.protocol = Connection()
        self.mail = MailReader(server.limits.message_bytes)
        self.charged = 0
        self.crowded = False  #: its mail was let go of, there was too much at once
        self.failed = True

    @property
    def idle(self) -> bool:
        """No mail is in it."""
        return self.protocol.state in (State.START, State.IDLE) and self.protocol.asked is None

    async def run(self) -> None:
        """Until the other side quits, or does what it must not."""
        while not self.protocol.closed:
            event = self.protocol.next_event()
            if event is not None:
                await self._take(event)
            elif data := await self._read():
                self.protocol.receive(data)
                self.server.moved(self)
            else:
                break
        self.failed = False

    async def _read(self) -> bytes:
        limits = self.server.limits
        async with asyncio.timeout(limits.packet_seconds if self.protocol.in_packet else limits.idle_seconds):
            return await self.reader.read(_READ)

    async def _take(self, event: e.Event) -> None:
        mail = self.mail.take(event)
        self._charge()
        if isinstance(event, e.Negotiate):
            self.mail.leading_space = bool(self.protocol.steps & Steps.LEADING_SPACE)
            await self.write(self.protocol.negotiated())
        elif mail is not None:
            await self._judged(mail)
        elif self.protocol.asked is not None:
            await self.write(a.Continue())

    async def _judged(self, mail: Received) -> None:
        answers = (LATER,) if self.crowded else await self.server.answer(self, mail)
        await self.write(*answers)
        self.mail.forget()
        self._charge()

    def _charge(self) -> None:
        """Account for the mail as far as it came; when there is too much at once its sender tries again."""
        if not self.mail.raw and not self.mail.excess:
            self.crowded = False
        if not self.server.charge(len(self.mail.raw) - self.charged):
            self.crowded = True
            self.server.charge(-len(self.mail.raw))
            self.mail.drop()
        self.charged = len(self.mail.raw)

    async def write(self, *answers: a.Answer) -> None:
        """Send, and wait until the other side takes it."""
        self.writer.write(self.protocol.send(*answers))
        async with asyncio.timeout(self.server.limits.packet_seconds):
            await self.writer.drain()


async def _unix(connected: Callable[..., Any], path: Path) -> asyncio.Server:
    """A socket that its group may use, too. What a dead process left behind is taken away; a living one keeps it."""
    if path.is_socket():  # noqa: ASYNC240 - once, at the start
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as probe:
            if probe.connect_ex(str(path)) == 0:
                raise ConfigurationError(f"milter unix:{path}: another process listens there")
    before = os.umask(0o007)
    try:
        return await asyncio.start_unix_server(connected, str(path), limit=_READ, backlog=_BACKLOG)
    finally:
        os.umask(before)


def _without_delay(writer: asyncio.StreamWriter) -> None:
    """TCP_NODELAY: without it each answer waits about 40 ms for the other side's acknowledgement."""
    link = writer.get_extra_info("socket")
    if link.family in (socket.AF_INET, socket.AF_INET6):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
