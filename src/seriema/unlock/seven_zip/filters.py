"""Filters that make programs pack better: branch addresses made relative again, differences summed up.

x86, ARM, PowerPC, SPARC and Itanium are pybcj's; ARM64, Delta and BCJ2 are here (7-Zip's Bra.c, Delta.c, Bcj2.c and
xz's arm64.c, all in the public domain). BCJ2 takes four streams: the code without the addresses of its calls and jumps,
these addresses, and a range coder's bits that say which of the candidates were taken out.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

from seriema.model.errors import Malformed, Unsupported

_WORD = 4
_CHUNK = 1 << 16


class _Decoder(Protocol):
    """What pybcj's decoders have in common."""

    def decode(self, data: bytes) -> bytes: ...


def branches(decoder: Callable[[int], _Decoder]) -> Callable[[Sequence[Iterator[bytes]], bytes, int], Iterator[bytes]]:
    """A filter of pybcj as a codec."""

    def stage(sources: Sequence[Iterator[bytes]], properties: bytes, size: int) -> Iterator[bytes]:
        if any(properties):
            raise Unsupported("a branch filter that does not start at 0")
        decode = decoder(size).decode
        for chunk in sources[0]:
            yield decode(chunk)
        yield decode(b"")

    return stage


def delta(sources: Sequence[Iterator[bytes]], properties: bytes, _size: int) -> Iterator[bytes]:
    """Each byte is the sum of all that lie multiples of the distance before it."""
    if len(properties) != 1:
        raise Malformed("Delta without its distance")
    distance = properties[0] + 1
    before, waiting = np.zeros(distance, np.uint8), b""
    for chunk in sources[0]:
        waiting += chunk
        whole = len(waiting) - len(waiting) % distance
        if whole:
            rows = np.frombuffer(waiting[:whole], np.uint8).reshape(-1, distance)
            summed = np.cumsum(np.vstack((before, rows)), axis=0, dtype=np.uint8)[1:]
            before, waiting = summed[-1], waiting[whole:]
            yield summed.tobytes()
    yield (np.frombuffer(waiting, np.uint8) + before[: len(waiting)]).tobytes()


def arm64(sources: Sequence[Iterator[bytes]], properties: bytes, _size: int) -> Iterator[bytes]:
    """BL and ADRP: each instruction stands alone, so they are mended all at once."""
    if any(properties):
        raise Unsupported("a branch filter that does not start at 0")
    at, waiting = 0, b""
    for chunk in sources[0]:
        waiting += chunk
        whole = len(waiting) - len(waiting) % _WORD
        yield _arm64(waiting[:whole], at)
        at, waiting = at + whole, waiting[whole:]
    yield waiting


def _arm64(code: bytes, at: int) -> bytes:
    words = np.frombuffer(code, "<u4")
    places = np.arange(at, at + len(code), _WORD, dtype=np.uint64).astype(np.uint32)
    calls = (words & 0xFC000000) == 0x94000000  # noqa: PLR2004 - BL
    called = 0x94000000 | ((words - (places >> 2)) & 0x03FFFFFF)
    pages = (words >> 29 & 3) | (words >> 3 & 0x001FFFFC)
    loads = ((words & 0x9F000000) == 0x90000000) & (((pages + 0x00020000) & 0x001C0000) == 0)  # noqa: PLR2004 - ADRP
    pages = pages - (places >> 12)
    sign = np.where(pages & 0x00020000, np.uint32(0x00E00000), np.uint32(0))
    loaded = (words & 0x9000001F) | (pages & 3) << 29 | (pages & 0x0003FFFC) << 3 | sign
    return np.where(calls, called, np.where(loads, loaded, words)).astype("<u4").tobytes()


# -- BCJ2 --------------------------------------------------------------------------------------------------------------

_TOP, _MODEL_BITS, _MOVE = 1 << 24, 11, 5
#: Opcodes that an address follows: call, near jump, conditional jump (two bytes).
_CALL, _JUMP, _ESCAPE, _CONDITIONAL = 0xE8, 0xE9, 0x0F, 0x80
_BRANCH = re.compile(rb"[\xe8\xe9]|\x0f[\x80-\x8f]")


class _Bytes:
    """A stream taken in small pieces."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks = chunks
        self.held, self.at = b"", 0

    def take(self, size: int) -> bytes:
        while len(self.held) - self.at < size:
            chunk = next(self.chunks, None)
            if chunk is None:
                raise Malformed("BCJ2: a stream ends too early")
            self.held, self.at = self.held[self.at :] + chunk, 0
        self.at += size
        return self.held[self.at - size : self.at]


class _Bits:
    """The range decoder: which candidates are addresses that were taken out."""

    def __init__(self, source: _Bytes) -> None:
        self.source = source
        self.range, self.code = 0xFFFFFFFF, int.from_bytes(source.take(5), "big") & 0xFFFFFFFF
        self.chances = [1 << _MODEL_BITS - 1] * 258

    def next(self, place: int) -> bool:
        if self.range < _TOP:
            self.range = self.range << 8 & 0xFFFFFFFF
            self.code = (self.code << 8 | self.source.take(1)[0]) & 0xFFFFFFFF
        chance = self.chances[place]
        bound = (self.range >> _MODEL_BITS) * chance
        taken = self.code >= bound
        if taken:
            self.range, self.code = self.range - bound, self.code - bound
            self.chances[place] = chance - (chance >> _MOVE)
        else:
            self.range = bound
            self.chances[place] = chance + ((1 << _MODEL_BITS) - chance >> _MOVE)
        return taken


def bcj2(sources: Sequence[Iterator[bytes]], _properties: bytes, size: int) -> Iterator[bytes]:
    """Put the addresses back into x86 code: main stream, calls, jumps, range coder."""
    if len(sources) != 4:  # noqa: PLR2004 - as said
        raise Malformed("BCJ2 without its four streams")
    calls, jumps, bits = _Bytes(sources[1]), _Bytes(sources[2]), _Bits(_Bytes(sources[3]))
    made, before = 0, 0  #: bytes given out, and the last of them
    for chunk in sources[0]:
        out, at = bytearray(), 0
        while at < len(chunk):
            end = _behind_opcode(chunk, at, before)
            out += chunk[at:end]
            opcode, before = chunk[end - 1], chunk[end - 2] if end - at > 1 else before
            candidate, at = _opens_branch(before, opcode), end
            place = before if opcode == _CALL else 256 if opcode == _JUMP else 257
            before = opcode
            if candidate and made + len(out) < size and bits.next(place):
                target = int.from_bytes((calls if opcode == _CALL else jumps).take(_WORD), "big")
                offset = target - (made + len(out) + _WORD) & 0xFFFFFFFF
                out += offset.to_bytes(_WORD, "little")
                before = offset >> 24
        made += len(out)
        yield bytes(out)


def _behind_opcode(code: bytes, at: int, before: int) -> int:
    """Where the next opcode with an address ends, or the end. What stands before may come from another stream."""
    if _opens_branch(before, code[at]):
        return at + 1
    found = _BRANCH.search(code, at)
    return found.end() if found else len(code)


def _opens_branch(before: int, opcode: int) -> bool:
    return opcode in (_CALL, _JUMP) or (before == _ESCAPE and opcode & 0xF0 == _CONDITIONAL)
