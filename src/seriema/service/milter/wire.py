"""Events from bytes and bytes from answers: a packet is its length (32 bits, big-endian), one letter, and the rest.

Lengths count the letter. Strings end in NUL (mfdef.h; libmilter/comm.c, engine.c).
"""

import struct
from collections.abc import Callable, Iterator

from seriema.model.errors import LimitReached, Malformed
from seriema.service.milter import answers as a
from seriema.service.milter import events as e

_LENGTH = struct.Struct("!I")
_THREE = struct.Struct("!III")
_PORT = struct.Struct("!H")
#: A packet a server may send: a body's piece is at most 64 KiB, a header field what the server lets through (Postfix:
#: 100 KiB); larger pieces (SMFIP_MDS_*) are not negotiated.
PACKET = 1 << 20
#: Macros and parameters of one command.
STRINGS = 400


class PacketReader:
    """Cuts a stream into packets. Holds at most one packet and what one read brought besides."""

    def __init__(self, most: int = PACKET) -> None:
        self._most = most
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        """Take in what was read."""
        self._data += data

    @property
    def begun(self) -> bool:
        """Something is there that no packet was made of yet."""
        return bool(self._data)

    def packet(self) -> tuple[int, bytes] | None:
        """The next packet, its letter's code and the rest; None when it is not whole yet.

        Raises Malformed for an empty one, LimitReached for one that announces too much.
        """
        data = self._data
        if len(data) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(data)
        if not length:
            raise Malformed("a packet without a command")
        if length > self._most:
            raise LimitReached(f"a packet of {length} bytes, {self._most} are read")
        end = _LENGTH.size + length
        if len(data) < end:
            return None
        letter, rest = data[_LENGTH.size], bytes(data[_LENGTH.size + 1 : end])
        del data[:end]
        return letter, rest


def event(letter: int, rest: bytes) -> e.Event:
    """What a packet says. Raises Malformed, or LimitReached for too many strings."""
    reader = _READERS.get(letter)
    if reader is None:
        raise Malformed(f"no such command: {letter:#04x}")
    try:
        return reader(rest)
    except (ValueError, struct.error) as error:
        raise Malformed(f"command {chr(letter)}: {error}") from None


def _negotiate(rest: bytes) -> e.Negotiate:
    # What follows the three words is of versions to come.
    return e.Negotiate(*_THREE.unpack_from(rest))


def _macros(rest: bytes) -> e.Macros:
    texts = _strings(rest[1:])
    if len(texts) % 2:
        raise ValueError("a macro without a value")
    return e.Macros(rest[:1], tuple(zip(texts[::2], texts[1::2], strict=True)))


def _connect(rest: bytes) -> e.Connect:
    hostname, zero, rest = rest.partition(b"\0")
    if not zero:
        raise ValueError("a string without an end")
    family = rest[:1]
    if family == b"U":
        return e.Connect(hostname, family)
    (port,) = _PORT.unpack_from(rest, 1)
    return e.Connect(hostname, family, port, _one(rest[1 + _PORT.size :]))


def _mail_from(rest: bytes) -> e.MailFrom:
    sender, parameters = _command(rest)
    return e.MailFrom(sender, parameters)


def _recipient(rest: bytes) -> e.Recipient:
    recipient, parameters = _command(rest)
    return e.Recipient(recipient, parameters)


def _header(rest: bytes) -> e.Header:
    if rest[-1:] != b"\0" or rest.count(b"\0") != 2:  # noqa: PLR2004 - a name and a value
        raise ValueError("not two strings")
    name, _, value = rest[:-1].partition(b"\0")
    return e.Header(name, value)


def _empty(made: Callable[[], e.Event]) -> Callable[[bytes], e.Event]:
    def read(rest: bytes) -> e.Event:
        if rest:
            raise ValueError("more than nothing")
        return made()

    return read


def _command(rest: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    texts = _strings(rest)
    if not texts:
        raise ValueError("no address")
    return texts[0], texts[1:]


def _strings(rest: bytes) -> tuple[bytes, ...]:
    if not rest:
        return ()
    if rest[-1:] != b"\0":
        raise ValueError("a string without an end")
    if rest.count(b"\0") > STRINGS:
        raise LimitReached(f"more than {STRINGS} strings in one command")
    return tuple(rest[:-1].split(b"\0"))


def _one(rest: bytes) -> bytes:
    texts = _strings(rest)
    if len(texts) != 1:
        raise ValueError("not one string")
    return texts[0]


_READERS: dict[int, Callable[[bytes], e.Event]] = {
    ord("O"): _negotiate,
    ord("D"): _macros,
    ord("C"): _connect,
    ord("H"): lambda rest: e.Helo(_one(rest)),
    ord("M"): _mail_from,
    ord("R"): _recipient,
    ord("T"): _empty(e.Data),
    ord("L"): _header,
    ord("N"): _empty(e.EndOfHeaders),
    ord("B"): e.Body,
    ord("E"): e.EndOfMessage,
    ord("A"): _empty(e.Abort),
    ord("Q"): _empty(e.Quit),
    ord("K"): _empty(e.QuitNewConnection),
    ord("U"): lambda rest: e.Unknown(_one(rest)),
}

_LETTERS: dict[type, bytes] = {
    a.Continue: b"c",
    a.Accept: b"a",
    a.Reject: b"r",
    a.Tempfail: b"t",
    a.Discard: b"d",
    a.Skip: b"s",
    a.Progress: b"p",
}


def packets(answer: a.Answer) -> bytes:
    """An answer as it goes over the wire; a body in as many packets as it takes."""
    return b"".join(_packet(letter, rest) for letter, rest in _written(answer))


def _written(answer: a.Answer) -> Iterator[tuple[bytes, bytes]]:  # noqa: C901 - one line for each kind
    match answer:
        case a.Negotiated(version, actions, steps):
            yield b"O", _THREE.pack(version, actions, steps)
        case a.Reply(text):
            yield b"y", text + b"\0"
        case a.AddHeader(name, value):
            yield b"h", name + b"\0" + value + b"\0"
        case a.InsertHeader(index, name, value):
            yield b"i", _LENGTH.pack(index) + name + b"\0" + value + b"\0"
        case a.ChangeHeader(index, name, value):
            yield b"m", _LENGTH.pack(index) + name + b"\0" + value + b"\0"
        case a.ReplaceBody(content):
            for start in range(0, len(content) or 1, a.CHUNK):
                yield b"b", content[start : start + a.CHUNK]
        case a.AddRecipient(recipient):
            yield b"+", recipient + b"\0"
        case a.DeleteRecipient(recipient):
            yield b"-", recipient + b"\0"
        case a.Quarantine(reason):
            yield b"q", reason + b"\0"
        case _:
            yield _LETTERS[type(answer)], b""


def _packet(letter: bytes, rest: bytes) -> bytes:
    return _LENGTH.pack(1 + len(rest)) + letter + rest
