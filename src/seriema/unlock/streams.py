"""Files that are one packed stream (gz, bz2, xz, lzma, zst), and the decompressors that 7z shares with them.

Chunks of at most 64 KiB come out, so that a bomb is met while it unfolds. Such a file may hold several streams one
after the other, which every program joins; what stands behind them, no program shows, so that is said.
"""

import lzma
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import inflate64

from seriema.model.artifact import Artifact
from seriema.model.errors import LimitReached, Malformed
from seriema.unlock.format import Container, Key, Member

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 1 << 16
#: Memory that a stream's header may ask for.
MEMORY = 96 << 20
_LARGEST_WINDOW = 26  #: of zstd, as a power of two
_DEFLATE64_PIECE = 16
#: Streams in one file; what packs in parallel makes one for each few megabytes.
_MOST_STREAMS = 10_000
#: Bytes in which the beginning of another stream shows.
_BEGINNING = 6

_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_ERRORS = (lzma.LZMAError, zlib.error, zstd.ZstdError, OSError, EOFError)


class Decompressor(Protocol):
    """What the decompressors of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool:
        """Whether the stream came to its end."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without more input."""

    @property
    def unused_data(self) -> bytes:
        """Input behind the end of the stream."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Take input, give at most ``max_length`` bytes of output."""


def unfolded(name: str, decompressor: Decompressor, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What one stream unfolds to; without a word when the input ends before it does."""
    try:
        while not decompressor.eof:
            asked = decompressor.needs_input
            chunk = next(chunks, b"") if asked else b""
            out = decompressor.decompress(chunk, CHUNK)
            # After a full chunk of output some have nothing more to give and only then ask for input.
            if not (chunk or out) and (asked or not decompressor.needs_input):
                return
            yield out
    except _ERRORS as error:
        if "memory" in str(error).lower():
            raise LimitReached(f"{name}: {error}") from None
        raise Malformed(f"{name}: {error}") from None


def joined(
    name: str, make: Callable[[], Decompressor], chunks: Iterator[bytes], begins: Callable[[bytes], bool]
) -> Iterator[bytes]:
    """Stream after stream as long as one begins. ``Malformed`` for a torn one, and for other data behind the last."""
    held = next(chunks, b"")
    for _ in range(_MOST_STREAMS):
        decompressor = make()
        yield from unfolded(name, decompressor, _with(held, chunks))
        if not decompressor.eof:
            raise Malformed(f"{name}: the stream ends too early")
        held = _behind(decompressor.unused_data, chunks)
        if not held:
            return
        if not begins(held):
            raise Malformed(f"{name}: data behind the end, which no program shows")
    raise LimitReached(f"more than {_MOST_STREAMS} streams in one file")


def _with(held: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    if held:
        yield held
    yield from chunks


def _behind(held: bytes, chunks: Iterator[bytes]) -> bytes:
    """What follows behind padding with zeros, enough of it to tell what it is."""
    held = held.lstrip(b"\0")
    for chunk in chunks:
        held = (held + chunk).lstrip(b"\0")
        if len(held) >= _BEGINNING:
            break
    return held


def unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Frames of Zstandard (RFC 8878)."""
    return joined("zstd", _zstd, chunks, begins_zstd)


def _zstd() -> Decompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW})


def begins_zstd(content: bytes) -> bool:
    """A frame, or one that is to be skipped (RFC 8878, 3.1)."""
    return content.startswith(b"\x28\xb5\x2f\xfd") or _SKIPPABLE.match(content) is not None


def inflated64(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Deflate64 (APPNOTE 4.4.5, method 9). ``Malformed`` also when the stream ends too early.

    The library knows no bound on its output, and a match of 64 KiB takes little more than two bytes: so it gets few at
    a time.
    """
    inflate = inflate64.Inflater()
    try:
        for chunk in chunks:
            for at in range(0, len(chunk), _DEFLATE64_PIECE):
                yield inflate.inflate(chunk[at : at + _DEFLATE64_PIECE])
                if inflate.eof:
                    return
    except ValueError as error:
        raise Malformed(f"Deflate64: {error}") from None
    raise Malformed("Deflate64: the stream ends too early")


# -- as containers -----------------------------------------------------------------------------------------------------


def slices(content: bytes) -> Iterator[bytes]:
    """The content in chunks."""
    return (content[at : at + CHUNK] for at in range(0, len(content), CHUNK))


Unpack = Callable[[Iterator[bytes]], Iterator[bytes]]


def single(artifact: Artifact, content: bytes, method: str, unpack: Unpack, name: str = "") -> Container:
    """The one file in a packed stream, called as its header says, else as the file without its last extension."""

    def read(_key: Key | None) -> Iterator[bytes]:
        return unpack(slices(content))

    named = name or inner_name(artifact.name)
    return Container(members=(Member(named, 0, len(content), read, method=method),))


def inner_name(name: str) -> str:
    """``a.txt.gz`` holds ``a.txt``, ``a.tgz`` holds ``a.tar``."""
    stem, dot, extension = name.rpartition(".")
    if not (stem and dot):
        return name or "content"
    return f"{stem}.tar" if extension.lower() in _TARS else stem


_TARS = frozenset({"tgz", "taz", "tbz", "tbz2", "tb2", "txz", "tlz", "tzst"})
