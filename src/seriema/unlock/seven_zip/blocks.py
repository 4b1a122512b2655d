"""Folders unpacked: coders joined, the output read once from front to back by all members that lie in it."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat

from seriema.model.errors import HostileInput, LimitReached, Malformed, Unsupported
from seriema.model.limits import Limits
from seriema.unlock.seven_zip import aes
from seriema.unlock.seven_zip.aes import Scheme
from seriema.unlock.seven_zip.codecs import CODECS, name_of
from seriema.unlock.seven_zip.header import Coder, Folder, Stream

#: Bytes handed to a codec at a time: few at the start, so that a wrong key shows soon and an error hides little.
_PIECES = (*[1 << 10] * 16, *[1 << 12] * 12, 1 << 16)


@dataclass(slots=True)
class Passing:
    """What may still be unpacked only to be passed over: files behind one that was given up, in all folders."""

    left: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Packed:
    """A folder and its packed streams; unpacks from the start as often as asked."""

    folder: Folder
    streams: tuple[memoryview, ...]

    @property
    def size(self) -> int:
        """Bytes it occupies in the archive."""
        return sum(len(each) for each in self.streams)

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of its methods, encryption first."""
        names = dict.fromkeys(name_of(each.method) for each in self.folder.coders)
        return tuple(sorted(names, key=lambda name: name != _AES))

    @property
    def encrypted(self) -> bool:
        """Whether a cipher is among its methods."""
        return any(each.method.startswith(_CIPHERS) for each in self.folder.coders)

    def scheme(self) -> Scheme | None:
        """Its key derivation; None when nothing in it is encrypted."""
        schemes = {aes.scheme_of(each.properties)[0] for each in self.folder.coders if each.method == aes.METHOD}
        if len(schemes) > 1:
            raise Unsupported("two keys in one folder")
        return schemes.pop() if schemes else None

    def check(self) -> None:
        """``Unsupported`` when a method of it has no codec here."""
        for each in self.folder.coders:
            if each.method != aes.METHOD and each.method.hex() not in CODECS:
                raise Unsupported(f"compression {name_of(each.method)}")

    def unpacked(self, key: bytes | None) -> Iterator[bytes]:
        """All that comes out of it, in chunks; ``Malformed`` when that is less than it should be."""
        return self._output(self.folder.main, key, frozenset())

    def _output(self, number: int, key: bytes | None, above: frozenset[int]) -> Iterator[bytes]:
        if number in above:
            raise Malformed("coders joined in a circle")
        coder = self.folder.coders[number]
        sources = [self._input(coder.first + turn, key, above | {number}) for turn in range(coder.inputs)]
        return _exactly(_decoded(coder, sources, key), coder.size)

    def _input(self, number: int, key: bytes | None, above: frozenset[int]) -> Iterator[bytes]:
        if number in self.folder.bonds:
            return self._output(self.folder.bonds[number], key, above)
        stream = self.streams[self.folder.packed.index(number)]
        return _pieces(stream)


def _pieces(stream: memoryview) -> Iterator[bytes]:
    at = 0
    for size in chain(_PIECES, repeat(_PIECES[-1])):
        if at >= len(stream):
            return
        yield bytes(stream[at : at + size])
        at += size


_AES = name_of(aes.METHOD)
_CIPHERS = b"\x06\xf1"


def _decoded(coder: Coder, sources: Sequence[Iterator[bytes]], key: bytes | None) -> Iterator[bytes]:
    if coder.method == aes.METHOD:
        assert key is not None
        return aes.decrypted(sources[0], key, aes.scheme_of(coder.properties)[1])
    return CODECS[coder.method.hex()](sources, coder.properties, coder.size)


def _exactly(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    left = size
    while left:
        chunk = next(chunks, None)
        if chunk is None:
            raise Malformed(f"{size - left} bytes came out, {size} were declared")
        yield chunk[:left]
        left -= min(left, len(chunk))


@dataclass(slots=True)
class Block:
    """A folder read member by member. What it has unpacked is not unpacked again for the next member."""

    packed: Packed
    limits: Limits
    passing: Passing
    key: bytes | None = None
    chunks: Iterator[bytes] = field(default_factory=lambda: iter(()))
    held: bytes = b""
    at: int = 0  #: offset of ``held`` in the output
    begun: bool = False
    trouble: HostileInput | None = None

    def read(self, stream: Stream, key: bytes | None) -> Iterator[bytes]:
        """One member, its CRC-32 checked at the end."""
        if not self.begun or key != self.key or stream.start < self.at:
            self._begin(key)
        crc = 0
        for chunk in self._up_to(stream.start, stream.start + stream.size):
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if stream.crc32 is not None and crc != stream.crc32:
            raise Malformed("the CRC-32 does not agree")

    def _begin(self, key: bytes | None) -> None:
        self.key, self.chunks, self.held, self.at = key, self.packed.unpacked(key), b"", 0
        self.begun, self.trouble = True, None

    def _up_to(self, start: int, end: int) -> Iterator[bytes]:
        while self.at < end:
            if not self.held:
                self.held = self._next()
            passed = self.held[: max(0, start - self.at)]
            self.passing.left -= len(passed)
            if self.passing.left < 0:
                raise LimitReached("it lies behind too much that was given up in its folder")
            wanted = self.held[len(passed) : end - self.at]
            self.at += len(passed) + len(wanted)
            self.held = self.held[len(passed) + len(wanted) :]
            if wanted:
                yield wanted

    def _next(self) -> bytes:
        """The next chunk; an error stays, as nothing behind it can be read either."""
        if self.trouble:
            raise self.trouble
        try:
            if self.at > self.limits.ratio_floor and self.at > self.limits.ratio * self.packed.size:
                raise LimitReached(f"the folder opens to more than {self.limits.ratio} times its size")
            for chunk in self.chunks:
                if chunk:
                    return chunk
            raise Malformed("the folder ends too early")
        except HostileInput as error:
            self.trouble = error
            raise
