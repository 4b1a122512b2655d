"""Decompression of ZIP members in bounded chunks (APPNOTE 4.4.5; RFC 1951 for Deflate; APPNOTE 5.8.8 for LZMA).

Every codec takes chunks and gives chunks of at most 64 KiB, so that a bomb is met while it unfolds and not after.
``Malformed`` is raised when the stream is damaged or ends before its end.
"""

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol

from seriema.model.errors import LimitReached, Malformed
from seriema.unlock.streams import inflated64, unzstd

_CHUNK = 1 << 16
#: Largest LZMA dictionary: no member may open to more, so no match can reach further back.
_DICTIONARY = 64 << 20
_XZ_MEMORY = 128 << 20
_LZMA_END_MARKER = 0x2
#: Version and length (two bytes each) and the properties.
_LZMA_HEADER, _LZMA_PROPERTIES = 9, 5

Codec = Callable[[Iterator[bytes], int, int], Iterator[bytes]]


class _Decompressor(Protocol):
    """What bz2 and lzma decompressors have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def _stored(chunks: Iterator[bytes], _flags: int, _size: int) -> Iterator[bytes]:
    return chunks


def _deflate(chunks: Iterator[bytes], _flags: int, _size: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in chunks:
            waiting = chunk
            while waiting and not inflate.eof:
                yield inflate.decompress(waiting, _CHUNK)
                waiting = inflate.unconsumed_tail
        while not inflate.eof and (rest := inflate.decompress(b"", _CHUNK)):
            yield rest
    except zlib.error as error:
        raise Malformed(f"Deflate: {error}") from None
    if not inflate.eof:
        raise Malformed("Deflate: the stream ends too early")


def _deflate64(chunks: Iterator[bytes], _flags: int, _size: int) -> Iterator[bytes]:
    return inflated64(chunks)


def _bzip2(chunks: Iterator[bytes], _flags: int, _size: int) -> Iterator[bytes]:
    return _bounded("bzip2", bz2.BZ2Decompressor(), chunks)


def _xz(chunks: Iterator[bytes], _flags: int, _size: int) -> Iterator[bytes]:
    return _bounded("xz", lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY), chunks)


def _zstd(chunks: Iterator[bytes], _flags: int, _size: int) -> Iterator[bytes]:
    return unzstd(chunks)


def _lzma(chunks: Iterator[bytes], flags: int, size: int) -> Iterator[bytes]:
    """The member's own header is turned into that of an .lzma file, which the library can bound."""
    start = bytearray()
    for chunk in chunks:
        start += chunk
        if len(start) >= _LZMA_HEADER:
            break
    if len(start) < _LZMA_HEADER or struct.unpack_from("<H", start, 2)[0] != _LZMA_PROPERTIES:
        raise Malformed("LZMA: no properties")
    dictionary = min(struct.unpack_from("<L", start, 5)[0], _DICTIONARY)
    length = b"\xff" * 8 if flags & _LZMA_END_MARKER else struct.pack("<Q", min(size, (1 << 63) - 1))
    header = start[4:5] + struct.pack("<L", dictionary) + length
    return _bounded(
        "LZMA", lzma.LZMADecompressor(lzma.FORMAT_ALONE), chain([bytes(header + start[_LZMA_HEADER:])], chunks)
    )


def _bounded(name: str, decompressor: _Decompressor, chunks: Iterator[bytes]) -> Iterator[bytes]:
    try:
        for chunk in chunks:
            waiting = chunk
            while not decompressor.eof and (waiting or not decompressor.needs_input):
                yield decompressor.decompress(waiting, _CHUNK)
                waiting = b""
    except lzma.LZMAError as error:
        if "memory" in str(error).lower():
            raise LimitReached(f"{name}: {error}") from None
        raise Malformed(f"{name}: {error}") from None
    except OSError as error:
        raise Malformed(f"{name}: {error}") from None
    if not decompressor.eof:
        raise Malformed(f"{name}: the stream ends too early")


#: Method number → codec. A method that is named in ``records.METHODS`` but not here is unsupported.
CODECS: dict[int, Codec] = {
    0: _stored,
    8: _deflate,
    9: _deflate64,
    12: _bzip2,
    14: _lzma,
    20: _zstd,
    93: _zstd,
    95: _xz,
}


def checked(plain: Iterator[bytes], crc32: int | None, size: int | None) -> Iterator[bytes]:
    """The same chunks; ``Malformed`` at the end when length or CRC-32 is not as declared (None: not declared)."""
    crc, length = 0, 0
    for chunk in plain:
        crc = zlib.crc32(chunk, crc)
        length += len(chunk)
        yield chunk
    if size is not None and length != size:
        raise Malformed(f"{length} bytes came out, {size} were declared")
    if crc32 is not None and crc != crc32:
        raise Malformed("the CRC-32 does not agree")
