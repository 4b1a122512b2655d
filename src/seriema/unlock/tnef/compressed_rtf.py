"""The compressed RTF that Outlook keeps of a message's body ([MS-OXRTFCP])."""

from collections.abc import Iterator
from struct import Struct

from seriema.model.errors import LimitReached, Malformed, Unsupported

_HEADER = Struct("<LLLL")
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_RING = 4096
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
#: Packed bytes that are read; each takes about a microsecond.
_MOST = 2 << 20
_CHUNK = 1 << 16


def plain_rtf(packed: bytes) -> Iterator[bytes]:
    """The RTF in bounded chunks. ``Malformed`` when it ends too early, ``LimitReached`` when it is very long."""
    if len(packed) < _HEADER.size:
        raise Malformed("compressed RTF: no header")
    size, raw, form, _ = _HEADER.unpack_from(packed)
    body = packed[_HEADER.size : 4 + size]
    if form == _PLAIN:
        yield from (body[at : at + _CHUNK] for at in range(0, min(raw, len(body)), _CHUNK))
    elif form != _PACKED:
        raise Unsupported(f"compressed RTF of type {form:#x}")
    elif len(body) > _MOST:
        raise LimitReached(f"compressed RTF of more than {_MOST} bytes")
    else:
        yield from _unpacked(body)


def _unpacked(body: bytes) -> Iterator[bytes]:
    """Bits say whether a byte or a reference into the last 4,096 follows; one to the next place ends it (2.2.3)."""
    out = bytearray(_DICTIONARY)
    shown, at, end = len(out), 0, len(body)
    while at < end:
        control = body[at]
        at += 1
        for bit in range(8):
            if at >= end:
                break
            if not control >> bit & 1:
                out.append(body[at])
                at += 1
                continue
            if at + 2 > end:
                raise Malformed("compressed RTF ends within a reference")
            place, length = body[at] << 4 | body[at + 1] >> 4, (body[at + 1] & 15) + 2
            at += 2
            if place == len(out) % _RING:
                yield bytes(out[shown:])
                return
            _repeat(out, place, length)
        if len(out) - shown > _CHUNK:
            yield bytes(out[shown:])
            del out[: (len(out) - _RING) // _RING * _RING]
            shown = len(out)
    raise Malformed("compressed RTF has no end")


def _repeat(out: bytearray, place: int, length: int) -> None:
    """Append ``length`` bytes from ``place`` in the ring; what was never written counts as zero."""
    back = (len(out) - place - 1) % _RING + 1
    for _ in range(length):
        out.append(out[-back] if back <= len(out) else 0)
