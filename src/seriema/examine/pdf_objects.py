"""The objects of a PDF by a raw scan, which finds them also where the cross-reference table lies (ISO 32000-2).

Streams are told from the syntax around them (7.3.8), names are freed of their #-escapes (7.3.5), compressed object
streams (7.5.7) are unpacked and read as further syntax. Everything is bounded by the file's size and one budget.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from seriema.model.errors import LimitReached, Malformed, Unsupported

STREAMS = 100_000
DICTIONARY = 16_384  #: bytes before a stream in which its dictionary is looked for
_OBJECT = re.compile(rb"(\d{1,10})[ \t\r\n\f\0]{1,9}(\d{1,5})[ \t\r\n\f\0]{1,9}obj\b")
_LENGTH = re.compile(rb"/Length[ \t\r\n]{1,9}(\d{1,10})(?![ \t\r\n]{1,9}\d{1,5}[ \t\r\n]{1,9}R|\d)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ESCAPED_NAME = re.compile(rb"/[^\s/<>()\[\]{}%#]{0,100}#[^\s/<>()\[\]{}%]{1,200}")
_FILTERS = re.compile(rb"/Filter[ \t\r\n]{0,9}(\[(?:[ \t\r\n]{0,9}/\w{1,30}){0,12}[ \t\r\n]{0,9}\]|/\w{1,30})")
_FILTERED = re.compile(rb"/Filter(?!\w)")
_NAME = re.compile(rb"/(\w{1,60})")


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream object: its numbers, its dictionary with plain names, and its bytes as they lie there."""

    number: int
    generation: int
    dictionary: bytes
    raw: bytes

    def says(self, *names: bytes) -> bool:
        """Every one of those names stands in its dictionary."""
        present = set(_NAME.findall(self.dictionary))
        return all(name in present for name in names)


def scan(content: bytes) -> tuple[bytes, tuple[Stream, ...]]:
    """The syntax outside streams, and the streams in order. Raises ``LimitReached`` for too many of them."""
    pieces: list[bytes] = []
    streams: list[Stream] = []
    last = 0
    at = content.find(b"stream")
    while at >= 0:
        begin = _data_begin(content, at)
        if begin < 0:
            at = content.find(b"stream", at + 6)
            continue
        head = content[max(last, at - DICTIONARY) : at]
        opened = max(_OBJECT.finditer(head), key=lambda found: found.start(), default=None)
        dictionary = plain_names(head[opened.end() :] if opened else head)
        end = _data_end(content, begin, dictionary)
        if len(streams) >= STREAMS:
            raise LimitReached(f"more than {STREAMS} streams")
        numbers = (int(opened[1]), int(opened[2])) if opened else (0, 0)
        streams.append(Stream(*numbers, dictionary, content[begin:end]))
        pieces.append(content[last:at])
        last = end
        at = content.find(b"stream", end + 9)
    pieces.append(content[last:])
    return plain_names(b"\n".join(pieces)), tuple(streams)


def plain_names(syntax: bytes) -> bytes:
    """Names without #-escapes."""
    if b"#" not in syntax:
        return syntax
    return _ESCAPED_NAME.sub(lambda name: _ESCAPE.sub(lambda code: bytes((int(code[1], 16),)), name[0]), syntax)


def _data_begin(content: bytes, at: int) -> int:
    """Where data begins behind the keyword at ``at``; -1 when that is ``endstream`` or a word in a string."""
    if content[at - 3 : at] == b"end":
        return -1
    following = content[at + 6 : at + 8]
    if following == b"\r\n":
        return at + 8
    if following[:1] in (b"\n", b"\r") and content[max(0, at - 40) : at].rstrip(b" \t\r\n\f\0").endswith(b">>"):
        return at + 7
    return -1


def _data_end(content: bytes, begin: int, dictionary: bytes) -> int:
    """By its Length where ``endstream`` follows there, else by the next such keyword."""
    length = _LENGTH.search(dictionary)
    if length:
        end = begin + int(length[1])
        if content[end : end + 32].lstrip(b" \t\r\n\f\0").startswith(b"endstream"):
            return end
    end = content.find(b"endstream", begin)
    return end if end >= 0 else len(content)


def decoded_stream(stream: Stream, most: int) -> bytes:
    """A stream's data through its filters (7.4).

    Raises ``LimitReached`` beyond ``most`` bytes, ``Malformed`` for broken data, ``Unsupported`` for other filters.
    """
    found = _FILTERS.search(stream.dictionary)
    if found is None and _FILTERED.search(stream.dictionary):
        raise Unsupported("filters that are not read", f"object {stream.number}")
    names = [name.decode("ascii", "replace") for name in _NAME.findall(found[1])] if found else []
    data = stream.raw
    for name in names:
        if name == "Crypt":
            continue
        decode = _DECODERS.get(name)
        if decode is None:
            raise Unsupported(f"filter {name}", f"object {stream.number}")
        data = decode(data, most)
        if len(data) > most:
            raise LimitReached(f"a stream of more than {most} bytes", f"object {stream.number}")
    return data


def _flate(data: bytes, most: int) -> bytes:
    """Inflated; where the data breaks off, what came before."""
    inflate = zlib.decompressobj()
    pieces: list[bytes] = []
    size = 0
    for at in range(0, len(data), 4096):
        try:
            piece = inflate.decompress(inflate.unconsumed_tail + data[at : at + 4096], most + 1 - size)
        except zlib.error:
            break
        pieces.append(piece)
        size += len(piece)
        if size > most or inflate.eof:
            break
    return b"".join(pieces)


def _ascii_hex(data: bytes, _: int) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", data.partition(b">")[0])
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _ascii_85(data: bytes, _: int) -> bytes:
    text = data.strip().removeprefix(b"<~").partition(b"~>")[0]
    try:
        return base64.a85decode(text)
    except (ValueError, binascii.Error) as error:
        raise Malformed("broken base-85 data") from error


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "FlateDecode": _flate,
    "Fl": _flate,
    "ASCIIHexDecode": _ascii_hex,
    "AHx": _ascii_hex,
    "ASCII85Decode": _ascii_85,
    "A85": _ascii_85,
}


_STRING_PART = re.compile(rb"[()\\]")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_CODE = re.compile(rb"\\([0-7]{1,3}|\r\n|[\s\S])")


def strings_after(syntax: bytes, name: bytes, most: int = 200) -> Iterator[str]:
    """The text strings (7.3.4) that are the values of that name, at most ``most`` of them."""
    key = re.compile(rb"/" + name + rb"[ \t\r\n\f\0]{0,9}(?=[(<])")
    for count, found in enumerate(key.finditer(syntax)):
        if count >= most:
            return
        raw = string_at(syntax, found.end())
        if raw:
            yield text_of(raw)


def string_at(syntax: bytes, at: int) -> bytes:
    """The bytes of a literal or hexadecimal string; b"" when none stands there or it does not end within 64 KiB."""
    if syntax[at : at + 1] == b"<":
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", syntax[at : at + 65_536].partition(b">")[0])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    depth, place = 0, at
    while True:
        part = _STRING_PART.search(syntax, place, at + 65_536)
        if part is None:
            return b""
        place = part.end() + (part[0] == b"\\")
        depth += {b"(": 1, b")": -1}.get(part[0], 0)
        if not depth and part[0] == b")":
            return _CODE.sub(_unescaped, syntax[at + 1 : part.start()])


def _unescaped(code: "re.Match[bytes]") -> bytes:
    if code[1][:1].isdigit() and code[1][:1] not in b"89":
        return bytes((int(code[1], 8) & 0xFF,))
    return b"" if code[1] in (b"\n", b"\r", b"\r\n") else _ESCAPES.get(code[1], code[1])


def text_of(raw: bytes) -> str:
    """A text string as UTF-16 or UTF-8 by its mark, else byte by byte (7.9.2.2)."""
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw[3:].decode("utf-8", "replace") if raw.startswith(b"\xef\xbb\xbf") else raw.decode("latin-1")
