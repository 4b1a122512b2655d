"""The headers of RAR 1.5 to 4 (RARLAB, "RAR archive file format", technote of RAR 4; unrar, ``arcread.cpp``)."""

import struct
import zlib
from dataclasses import dataclass

from seriema.model.errors import Malformed
from seriema.unlock.rar.entries import RAR5_VERSION, Cipher, Header
from seriema.unlock.rar.keys import AES_BLOCK, Derived, decrypted
from seriema.unlock.zip.member_names import guessed_name

MAIN, FILE, SERVICE, END = 0x73, 0x74, 0x7A, 0x7B
#: Comment, authenticity, recovery and the like of RAR 2.
_OLD = range(0x75, 0x7A)
VOLUME, _MAIN_COMMENT, _LOCKED_HEADERS = 0x1, 0x2, 0x80
_SPLIT_BEFORE, _SPLIT_AFTER, _PASSWORD, _SOLID = 0x1, 0x2, 0x4, 0x10
_FOLDER = 0xE0
_LARGE, _UNICODE, _SALTED, _LONG = 0x100, 0x200, 0x400, 0x8000
MORE_FOLLOW, _CHECKSUM, _NUMBERED = 0x1, 0x2, 0x8

_BASE = struct.Struct("<HBHH")
_FILE = struct.Struct("<LLBLLBBHL")
_SALT = 8
_UNIX, _BEOS = 3, 5
_STORED = 0x30
_LEAST_DICTIONARY = 64 << 10
_AES_SINCE = 29


@dataclass(frozen=True, slots=True)
class Block:
    """One header, decrypted, and where its data lies."""

    kind: int
    flags: int
    start: int
    data: int
    end: int
    raw: bytes
    salt: bytes = b""  #: with which it was encrypted


def block_at(content: bytes, at: int, keys: Derived | None) -> Block | None:
    """The block whose header begins at ``at``; None at the end. ``Malformed`` when it is none.

    ``keys``: of the salt that stands before an encrypted header (see ``salt_at``).
    """
    if at >= len(content):
        return None
    before = _SALT if keys else 0
    raw = _opened(content, at + before, keys) if keys else content[at : at + _size(content[at : at + _BASE.size], at)]
    if len(raw) < _BASE.size:
        raise Malformed("a header goes beyond the end of the archive", f"offset {at}")
    crc16, kind, flags, size = _BASE.unpack_from(raw)
    if len(raw) < size:
        raise Malformed("a header goes beyond the end of the archive", f"offset {at}")
    raw = raw[:size]
    data = at + before + (-(-size // AES_BLOCK) * AES_BLOCK if keys else size)
    if crc16 not in _checksums(content, raw, kind, flags, data):
        raise Malformed("a header's checksum does not agree", f"offset {at}")
    return Block(kind, flags, at, data, data + _length(raw, kind, flags), raw)


def salt_at(content: bytes, at: int) -> bytes:
    """The salt before an encrypted header."""
    return content[at : at + _SALT]


def _size(base: bytes, at: int) -> int:
    if len(base) < _BASE.size:
        raise Malformed("a header goes beyond the end of the archive", f"offset {at}")
    size: int = _BASE.unpack(base)[3]
    if size < _BASE.size:
        raise Malformed("a header is too small to be one", f"offset {at}")
    return size


def _opened(content: bytes, at: int, keys: Derived) -> bytes:
    first = content[at : at + AES_BLOCK]
    if len(first) < AES_BLOCK:
        raise Malformed("an encrypted header goes beyond the end of the archive", f"offset {at}")
    (opening,) = decrypted(iter((first,)), keys.key, keys.iv)
    padded = -(-_size(opening[: _BASE.size], at) // AES_BLOCK) * AES_BLOCK
    (plain,) = decrypted(iter((content[at : at + padded],)), keys.key, keys.iv)
    return plain


def _length(raw: bytes, kind: int, flags: int) -> int:
    """Bytes of data behind a header."""
    if kind in (FILE, SERVICE):
        if len(raw) < _BASE.size + _FILE.size:
            raise Malformed("a file header is too short")
        stored: int = struct.unpack_from("<L", raw, _BASE.size)[0]
        if flags & _LARGE:
            stored |= struct.unpack_from("<L", raw.ljust(36, b"\0"), 32)[0] << 32
        return stored
    if flags & _LONG and len(raw) >= _BASE.size + 4:
        length: int = struct.unpack_from("<L", raw, _BASE.size)[0]
        return length
    return 0


def _checksums(content: bytes, raw: bytes, kind: int, flags: int, data: int) -> set[int]:
    """RAR 2 writes comments into headers that the checksum does not cover, and covers the data of its own extras."""
    ends = {len(raw)}
    if kind == MAIN and flags & _MAIN_COMMENT:
        ends.add(13)
    if kind == FILE:
        ends.add(min(len(raw), _name_end(raw, flags)))
    if kind in _OLD:
        ends |= {13, 14, 15}
    covered = {zlib.crc32(raw[2:end]) & 0xFFFF for end in ends}
    if kind in _OLD:
        covered.add(zlib.crc32(content[data : data + _length(raw, kind, flags)], zlib.crc32(raw[2:])) & 0xFFFF)
    return covered


def _name_at(flags: int) -> int:
    return _BASE.size + _FILE.size + (8 if flags & _LARGE else 0)


def _name_end(raw: bytes, flags: int) -> int:
    if len(raw) < _BASE.size + _FILE.size:
        raise Malformed("a file header is too short")
    size: int = struct.unpack_from("<H", raw, 26)[0]
    return _name_at(flags) + size + (_SALT if flags & _SALTED else 0)


def headers_locked(main: Block) -> bool:
    """From a main header: whether all headers behind it are encrypted."""
    return bool(main.flags & _LOCKED_HEADERS)


def volume_number(end: Block) -> int | None:
    """From an end header: the number of this volume from 0, where it says so."""
    if not end.flags & _NUMBERED:
        return None
    at = _BASE.size + (4 if end.flags & _CHECKSUM else 0)
    number = end.raw[at : at + 2]
    return int.from_bytes(number, "little") if len(number) == 2 else None  # noqa: PLR2004 - bytes of the field


def file_header(block: Block) -> Header:
    """A file or service header. ``Malformed`` when its fields do not fit."""
    raw, flags = block.raw, block.flags
    _, size, host, crc32, _, version, method, named, attributes = _FILE.unpack_from(raw, _BASE.size)
    at = _name_at(flags)
    if at + named > len(raw):
        raise Malformed("a name is longer than its header")
    if flags & _LARGE:
        size |= struct.unpack_from("<L", raw, 36)[0] << 32
    name, behind = raw[at : at + named], at + named
    version = min(version, RAR5_VERSION - 1)  # later ones have other headers
    service = block.kind == SERVICE
    salt = raw[behind : behind + _SALT] if flags & _SALTED else b""
    folder = (version < 20 and bool(attributes & 0x10)) or (flags & _FOLDER == _FOLDER)  # noqa: PLR2004 - RAR 1.5 had no flag
    return Header(
        name=_name(name, unicode=bool(flags & _UNICODE)),
        start=block.data,
        end=block.end,
        size=None if size in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF) and size != block.end - block.data else size,
        method=max(0, method - _STORED),
        version=version,
        dictionary=_LEAST_DICTIONARY << min(flags >> 5 & 0x7, 6),
        solid=bool(flags & _SOLID) and not service,
        folder=folder and not service,
        crc32=crc32,
        cipher=Cipher(version, salt) if flags & _PASSWORD else None,
        unix_mode=attributes if host in (_UNIX, _BEOS) else 0,
        split_before=bool(flags & _SPLIT_BEFORE),
        split_after=bool(flags & _SPLIT_AFTER),
        service=service,
        detail=raw[behind + len(salt) :] if service else b"",
        trouble="" if version >= _AES_SINCE or not salt else "AES with a compression older than itself",
    )


def _name(raw: bytes, *, unicode: bool) -> str:
    """An 8-bit name, UTF-8, or both an 8-bit name and its UTF-16 packed behind a zero."""
    plain, zero, packed = raw.partition(b"\0")
    if not unicode or not zero:
        return guessed_name(plain)
    return _unpacked(plain, packed)


def _unpacked(plain: bytes, packed: bytes) -> str:
    """The packed UTF-16 (unrar, ``EncodeFileName::Decode``): two bits say how each character is written."""
    if not packed:
        return guessed_name(plain)
    high, at, bits, flags, units = packed[0], 1, 0, 0, bytearray()
    while at < len(packed) and len(units) < 2 * 4096:
        if not bits:
            flags, bits, at = packed[at], 8, at + 1
        bits -= 2
        mode = flags >> bits & 0x3
        piece = packed[at : at + 2].ljust(2, b"\0")
        if at >= len(packed):
            break
        if mode == 0:
            units += bytes((piece[0], 0))
        elif mode == 1:
            units += bytes((piece[0], high))
        elif mode == 2:  # noqa: PLR2004 - the numbers are the format's
            units += piece
        else:
            at += _run(plain, piece, high, units)
        at += 2 if mode == 2 else 1  # noqa: PLR2004 - as above
    return units.decode("utf-16-le", "replace").partition("\0")[0]


def _run(plain: bytes, piece: bytes, high: int, units: bytearray) -> int:
    """Characters taken from the 8-bit name, with or without a correction; returns the bytes it needed besides one."""
    corrected = bool(piece[0] & 0x80)
    count, correction = (piece[0] & 0x7F) + 2, piece[1] if corrected else 0
    place = len(units) // 2
    for byte in plain[place : place + count]:
        units += bytes(((byte + correction) & 0xFF, high)) if corrected else bytes((byte, 0))
    return int(corrected)
