"""What a mail server sends to a milter, as bytes, and a small server of that kind."""

import asyncio
import contextlib
import struct
from typing import ClassVar

OFFERED_ACTIONS, OFFERED_STEPS = 0x1FF, 0x1FFFFF


def packet(letter: str, rest: bytes = b"") -> bytes:
    return struct.pack("!I", 1 + len(rest)) + letter.encode() + rest


def negotiation(version=6, actions=OFFERED_ACTIONS, steps=OFFERED_STEPS) -> bytes:
    return packet("O", struct.pack("!III", version, actions, steps))


def connect(host=b"mx.partner.example", address=b"192.0.2.7", port=25_000) -> bytes:
    return packet("C", host + b"\0" + b"4" + struct.pack("!H", port) + address + b"\0")


def strings(*texts: bytes) -> bytes:
    return b"".join(one + b"\0" for one in texts)


def macros(command: str, **values: str) -> bytes:
    return packet("D", command.encode() + strings(*(one.encode() for pair in values.items() for one in pair)))


def mail(
    raw: bytes, sender=b"<ann@partner.example>", recipients=(b"<bob@us.test>",), piece=65_535, *, space=True
) -> bytes:
    """One mail as a server sends it; ``raw`` has lines that end in CRLF."""
    head, _, body = raw.partition(b"\r\n\r\n")
    out = macros("M", i="4F00") + packet("M", strings(sender, b"SIZE=1000"))
    out += b"".join(packet("R", strings(one)) for one in recipients) + packet("T")
    for field in fields(head):
        name, _, value = field.partition(b":")
        value = value if space else value.removeprefix(b" ")
        out += packet("L", strings(name, value.replace(b"\r\n", b"\n")))
    out += packet("N")
    out += b"".join(packet("B", body[start : start + piece]) for start in range(0, len(body), piece))
    return out + packet("E")


def fields(head: bytes) -> list[bytes]:
    found: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in b" \t" and found:
            found[-1] += b"\r\n" + line
        else:
            found.append(line)
    return found


class Server:
    """The mail server's side of one connection; ``hang_up`` ends all of them."""

    open: ClassVar[list["Server"]] = []

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.open.append(self)

    @classmethod
    async def connected(cls, path, **offer) -> "Server":
        server = cls(*await asyncio.open_unix_connection(str(path)))
        server.say(negotiation(**offer))
        await server.heard()
        return server

    def say(self, *packets: bytes) -> None:
        self.writer.write(b"".join(packets))

    async def heard(self) -> tuple[str, bytes]:
        """The next packet: its letter and the rest."""
        (length,) = struct.unpack("!I", await self.reader.readexactly(4))
        data = await self.reader.readexactly(length)
        return data[:1].decode(), data[1:]

    async def decided(self) -> list[tuple[str, bytes]]:
        """All packets up to a decision, without signs of progress."""
        found = []
        while not found or found[-1][0] not in "catrdy":
            one = await self.heard()
            found += [one] if one[0] != "p" else []
        return found

    @classmethod
    async def hang_up(cls) -> None:
        """Every connection."""
        while cls.open:
            writer = cls.open.pop().writer
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
