"""Methods of 7z by their numbers, and those that can be unpacked, in bounded chunks (7-Zip's Methods.txt).

A codec takes the chunks of its inputs, the coder's properties and the size that comes out, and gives chunks of about
64 KiB. ``Malformed`` is raised for a torn stream; who reads cuts at the size and misses what is missing.
"""

import lzma
import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

import bcj
import brotli

from seriema.model.errors import LimitReached, Malformed, Unsupported
from seriema.unlock.seven_zip.filters import arm64, bcj2, branches, delta
from seriema.unlock.streams import inflated64, unfolded, unzstd
from seriema.unlock.zip.codecs import CODECS as ZIP_CODECS

Stage = Callable[[Sequence[Iterator[bytes]], bytes, int], Iterator[bytes]]

_CHUNK = 1 << 16
#: Largest dictionary that is given memory. No match reaches further back before so much came out.
DICTIONARY = 64 << 20
_LZMA_PROPERTIES, _MOST_LITERAL_BITS = 5, 4
_LZMA2_LARGEST = 40

#: Method number → its name.
NAMES: dict[str, str] = {
    "00": "Copy",
    "03": "Delta",
    "04": "BCJ",
    "05": "PPC",
    "06": "IA64",
    "07": "ARM",
    "08": "ARMT",
    "09": "SPARC",
    "0a": "ARM64",
    "0b": "RISCV",
    "21": "LZMA2",
    "020302": "Swap2",
    "020304": "Swap4",
    "030101": "LZMA",
    "03030103": "BCJ",
    "0303011b": "BCJ2",
    "03030205": "PPC",
    "03030301": "Alpha",
    "03030401": "IA64",
    "03030501": "ARM",
    "03030605": "M68",
    "03030701": "ARMT",
    "03030805": "SPARC",
    "030401": "PPMd",
    "040100": "Copy",
    "040108": "Deflate",
    "040109": "Deflate64",
    "040202": "BZip2",
    "04f71101": "zstd",
    "04f71102": "Brotli",
    "04f71104": "LZ4",
    "04f71105": "LZ5",
    "04f71106": "Lizard",
    "06f10101": "ZipCrypto",
    "06f10302": "RAR 2 encryption",
    "06f10303": "RAR 3 encryption",
    "06f10701": "AES-256",
}


def name_of(method: bytes) -> str:
    """A method in words."""
    return NAMES.get(method.hex(), f"method {method.hex()}")


def _copy(sources: Sequence[Iterator[bytes]], _properties: bytes, _size: int) -> Iterator[bytes]:
    return sources[0]


def _lzma(sources: Sequence[Iterator[bytes]], properties: bytes, size: int) -> Iterator[bytes]:
    if len(properties) != _LZMA_PROPERTIES:
        raise Malformed("LZMA without its properties")
    packed, dictionary = struct.unpack("<BL", properties)
    positions, rest = divmod(packed, 45)
    literal_positions, literals = divmod(rest, 9)
    if literals + literal_positions > _MOST_LITERAL_BITS or positions > _MOST_LITERAL_BITS:
        raise Unsupported("LZMA with more literal bits than the library reads")
    shape = {"lc": literals, "lp": literal_positions, "pb": positions, "dict_size": _memory(dictionary, size)}
    return _raw("LZMA", {"id": lzma.FILTER_LZMA1, **shape}, sources[0], min(dictionary, size))


def _lzma2(sources: Sequence[Iterator[bytes]], properties: bytes, size: int) -> Iterator[bytes]:
    if len(properties) != 1 or properties[0] > _LZMA2_LARGEST:
        raise Malformed("LZMA2 without its dictionary size")
    dictionary = (2 | properties[0] & 1) << properties[0] // 2 + 11
    shape = {"id": lzma.FILTER_LZMA2, "dict_size": _memory(dictionary, size)}
    return _raw("LZMA2", shape, sources[0], min(dictionary, size))


def _memory(dictionary: int, size: int) -> int:
    """No match reaches further back than all that comes out."""
    return max(4096, min(dictionary, size, DICTIONARY))


def _raw(name: str, shape: dict[str, int], chunks: Iterator[bytes], reach: int) -> Iterator[bytes]:
    made = 0
    for chunk in unfolded(name, lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[shape]), chunks):
        yield chunk
        made += len(chunk)
        if made > DICTIONARY < reach:
            raise LimitReached(f"{name} with a dictionary of more than {DICTIONARY} bytes")


def _zip_codec(number: int) -> Stage:
    codec = ZIP_CODECS[number]

    def stage(sources: Sequence[Iterator[bytes]], _properties: bytes, size: int) -> Iterator[bytes]:
        return codec(sources[0], 0, size)

    return stage


def _deflate64(sources: Sequence[Iterator[bytes]], _properties: bytes, _size: int) -> Iterator[bytes]:
    return inflated64(sources[0])


def _zstd(sources: Sequence[Iterator[bytes]], _properties: bytes, _size: int) -> Iterator[bytes]:
    return unzstd(sources[0])


#: A frame as brotli-mt of 7-Zip ZS writes it: magic, 8, packed size, "BR", a hint at the size.
_BROTLI_FRAME = struct.Struct("<LLL2sH")
_BROTLI_MAGIC = b"\x50\x2a\x4d\x18"


def _brotli(sources: Sequence[Iterator[bytes]], _properties: bytes, _size: int) -> Iterator[bytes]:
    """One stream, or frames of one stream each."""
    held = b""
    while len(held) < _BROTLI_FRAME.size and (chunk := next(sources[0], b"")):
        held += chunk
    if not held.startswith(_BROTLI_MAGIC):
        yield from _unbrotli(chain([held], sources[0]))
        return
    while len(held) >= _BROTLI_FRAME.size:
        magic, _, size, mark, _ = _BROTLI_FRAME.unpack_from(held)
        if mark != b"BR" or not held.startswith(_BROTLI_MAGIC):
            raise Malformed(f"Brotli: no frame but {magic:x}")
        frame = _Frame(chain([held[_BROTLI_FRAME.size :]], sources[0]), size)
        yield from _unbrotli(frame.chunks())
        held = frame.rest
        while len(held) < _BROTLI_FRAME.size and (chunk := next(sources[0], b"")):
            held += chunk


class _Frame:
    """So many bytes of a stream; ``rest`` is what was taken from it beyond them."""

    def __init__(self, source: Iterator[bytes], size: int) -> None:
        self.source, self.size, self.rest = source, size, b""

    def chunks(self) -> Iterator[bytes]:
        left = self.size
        while left:
            chunk = next(self.source, b"")
            if not chunk:
                raise Malformed("Brotli: a frame ends too early")
            self.rest = chunk[left:]
            yield chunk[:left]
            left -= min(left, len(chunk))


def _unbrotli(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decompressor = brotli.Decompressor()
    try:
        for chunk in chunks:
            out = decompressor.process(chunk, output_buffer_limit=_CHUNK)
            yield out
            while out and not decompressor.can_accept_more_data():
                out = decompressor.process(b"", output_buffer_limit=_CHUNK)
                yield out
    except brotli.error as error:
        raise Malformed(f"Brotli: {error}") from None


#: Method number → codec. What is named above but not here is unsupported; encryption is ``aes``'s.
CODECS: dict[str, Stage] = {
    "00": _copy,
    "03": delta,
    "04": branches(bcj.BCJDecoder),
    "05": branches(bcj.PPCDecoder),
    "06": branches(bcj.IA64Decoder),
    "07": branches(bcj.ARMDecoder),
    "08": branches(bcj.ARMTDecoder),
    "09": branches(bcj.SparcDecoder),
    "0a": arm64,
    "21": _lzma2,
    "030101": _lzma,
    "03030103": branches(bcj.BCJDecoder),
    "0303011b": bcj2,
    "03030205": branches(bcj.PPCDecoder),
    "03030401": branches(bcj.IA64Decoder),
    "03030501": branches(bcj.ARMDecoder),
    "03030701": branches(bcj.ARMTDecoder),
    "03030805": branches(bcj.SparcDecoder),
    "040100": _copy,
    "040108": _zip_codec(8),
    "040109": _deflate64,
    "040202": _zip_codec(12),
    "04f71101": _zstd,
    "04f71102": _brotli,
}
