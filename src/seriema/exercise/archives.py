"""Inert ZIP archives, locked and plain, written in memory for the exercise and for tests.

Follows APPNOTE.TXT 6.3.10 (sections 4.3 and 4.4 for the records, 6.1 for the traditional encryption) and the WinZip
AES specification 1.04 (AE-1, AE-2). Nothing is random: encryption headers and salts are derived from the contents, so
the same members give the same bytes. That makes these archives worthless as protection and right as practice material.
"""

import bz2
import hashlib
import hmac
import lzma
import struct
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: The earliest moment a DOS time stamp can say, for archives whose time does not matter. Zones are not kept in a ZIP.
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)

_UTF8_NAMES = 0x800
_ENCRYPTED = 0x1
_DESCRIPTOR = 0x8
_AES_METHOD = 99
_MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. ``password`` "" leaves it unlocked; ``name_encoding`` other than UTF-8 sets no flag."""

    name: str
    content: bytes
    password: str = ""
    method: str = "zipcrypto"  #: zipcrypto, aes128, aes192 or aes256; looked at only with a password
    compression: str = "deflate"  #: a key of ``COMPRESSIONS``
    name_encoding: str = "utf-8"
    password_encoding: str = "utf-8"  # noqa: S105 - the name of an encoding
    streamed: bool = False  #: sizes and CRC stand in a data descriptor after the data, as when writing to a pipe
    vendor: int = 2  #: AE-1 keeps the CRC-32, AE-2 leaves it 0


def zip_bytes(
    members: Sequence[tuple[str, bytes]],
    password: str = "",
    method: str = "zipcrypto",
    compression: str = "deflate",
    when: datetime = EPOCH,
) -> bytes:
    """A ZIP of ``members`` (name, content), all locked with ``password`` unless it is "". Always the same bytes."""
    return zip_of([Member(name, content, password, method, compression) for name, content in members], when)


def zip_of(members: Sequence[Member], when: datetime = EPOCH, comment: bytes = b"") -> bytes:
    """A ZIP whose members may each have their own password, method and encodings."""
    entries = [_entry(member, when) for member in members]
    offsets = list(accumulate((len(local) for local, _ in entries), initial=0))
    directory = b"".join(central(offset) for (_, central), offset in zip(entries, offsets, strict=False))
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, len(members), len(members), len(directory), offsets[-1], len(comment)
    )
    return b"".join(local for local, _ in entries) + directory + end + comment


def _entry(member: Member, when: datetime) -> tuple[bytes, Callable[[int], bytes]]:
    """The local record with its data, and a function that gives the central record for an offset."""
    name = member.name.encode(member.name_encoding)
    number, version, compress = COMPRESSIONS[member.compression]
    packed = compress(member.content)
    crc = zlib.crc32(member.content)
    flags = _flags(member, name)
    time, date = _dos_time(when)
    extra = b""
    if member.password and member.method != "zipcrypto":
        bits = int(member.method.removeprefix("aes"))
        packed = _aes(packed, member, bits)
        extra = struct.pack("<HHH2sBH", 0x9901, 7, member.vendor, b"AE", bits // 64 - 1, number)
        number, version, crc = _AES_METHOD, 51, crc if member.vendor == 1 else 0
    elif member.password:
        check = time >> 8 if member.streamed else crc >> 24
        packed = _zipcrypto(packed, member, check)
        version = max(version, 20)
    sizes = struct.pack("<LLL", crc, len(packed), len(member.content))
    common = struct.pack("<5H", version, flags, number, time, date)
    lengths = struct.pack("<HH", len(name), len(extra))
    local = b"PK\3\4" + common + (bytes(12) if member.streamed else sizes) + lengths + name + extra + packed
    if member.streamed:
        local += b"PK\7\10" + sizes

    def central(offset: int) -> bytes:
        attributes = struct.pack("<3HLL", 0, 0, 0, 0, offset)
        return b"PK\1\2" + struct.pack("<H", 63) + common + sizes + lengths + attributes + name + extra

    return local, central


def _flags(member: Member, name: bytes) -> int:
    utf8 = member.name_encoding == "utf-8" and not name.isascii()
    lzma_marker = 0x2 if member.compression == "lzma" else 0
    return (
        (_ENCRYPTED if member.password else 0)
        | (_DESCRIPTOR if member.streamed else 0)
        | (_UTF8_NAMES if utf8 else 0)
        | lzma_marker
    )


def _dos_time(when: datetime) -> tuple[int, int]:
    time = when.hour << 11 | when.minute << 5 | when.second // 2
    return time, (when.year - 1980) << 9 | when.month << 5 | when.day


def _deflate(content: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
    return squeeze.compress(content) + squeeze.flush()


def _lzma(content: bytes) -> bytes:
    # APPNOTE 5.8.8: version, length of the properties, the properties, then a raw stream with an end marker.
    properties = struct.pack("<BBHBL", 9, 20, 5, 93, 1 << 20)
    chain = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}]
    return properties + lzma.compress(content, lzma.FORMAT_RAW, filters=chain)


#: Name → number of the method, version needed to extract, and the writer. Without matches Deflate is valid Deflate64.
COMPRESSIONS: dict[str, tuple[int, int, Callable[[bytes], bytes]]] = {
    "stored": (0, 10, bytes),
    "deflate": (8, 20, _deflate),
    "deflate64": (9, 21, lambda content: _deflate(content, zlib.Z_HUFFMAN_ONLY)),
    "bzip2": (12, 46, bz2.compress),
    "lzma": (14, 63, _lzma),
    "zstd": (93, 63, zstd.compress),
    "xz": (95, 63, lzma.compress),
}


def _derived(purpose: str, member: Member, length: int) -> bytes:
    """Bytes that stand in for random ones: different for each name, content and password, equal in every run."""
    seed = hashlib.sha256(f"{purpose}\0{member.name}\0{member.password}\0".encode() + member.content)
    return seed.digest()[:length]


def _zipcrypto(packed: bytes, member: Member, check: int) -> bytes:
    """Traditional PKWARE encryption (APPNOTE 6.1): twelve header bytes, the last a check byte, then the data."""
    keys = [0x12345678, 0x23456789, 0x34567890]
    for byte in member.password.encode(member.password_encoding):
        _mix(keys, byte)
    out = bytearray()
    for byte in _derived("header", member, 11) + bytes([check]) + packed:
        stream = keys[2] | 2
        out.append(byte ^ ((stream * (stream ^ 1)) >> 8 & 0xFF))
        _mix(keys, byte)
    return bytes(out)


_CRC_TABLE = tuple(zlib.crc32(bytes([byte]), _MASK) ^ _MASK for byte in range(256))


def _mix(keys: list[int], byte: int) -> None:
    """APPNOTE 6.1.5: the three keys take in one byte of plain text."""
    keys[0] = keys[0] >> 8 ^ _CRC_TABLE[(keys[0] ^ byte) & 0xFF]
    keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & _MASK
    keys[2] = keys[2] >> 8 ^ _CRC_TABLE[(keys[2] ^ keys[1] >> 24) & 0xFF]


def _aes(packed: bytes, member: Member, bits: int) -> bytes:
    """WinZip AES: salt, two verifier bytes, AES-CTR with a little-endian counter from 1, ten bytes of HMAC-SHA1."""
    size = bits // 8
    salt = _derived("salt", member, size // 2)
    password = member.password.encode(member.password_encoding)
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 2 * size + 2)
    counters = b"".join(block.to_bytes(16, "little") for block in range(1, len(packed) // 16 + 2))
    encryptor = Cipher(algorithms.AES(keys[:size]), modes.ECB()).encryptor()  # noqa: S305 - it makes CTR's key stream
    stream = encryptor.update(counters)[: len(packed)]
    sealed = (int.from_bytes(packed, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(packed), "big")
    return salt + keys[-2:] + sealed + hmac.digest(keys[size : 2 * size], sealed, "sha1")[:10]
