"""Decompression, by the library ``rars``, of archives that are written anew for it.

A file's stored bytes, decrypted here and put together from all volumes, go into a plain archive of one volume with the
files that its dictionary needs. So the library never sees a password, a salt or a name, and each derivation is
paid for once. Only the ciphers of RAR 1.5 and 2.0 are the library's. It checks the CRC-32 of old files; everything
else is checked in ``members``.
"""

import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import rars

from seriema.model.errors import LimitReached, Malformed, Unsupported
from seriema.unlock.rar.entries import MARK3, MARK5, RAR5_VERSION, RAR7_VERSION, Header

#: Memory that the library may take for its tables and models; a PPMd model may ask for 256 MiB.
_WORKSPACE = 144 << 20
#: Largest dictionary that is ever needed: no more than the bytes that come out.
_LEAST_DICTIONARY = 128 << 10
_ENTRY = re.compile(r"entry 'm(\d+)'")


@dataclass(frozen=True, slots=True)
class Packed:
    """A compressed file: its header, its decrypted bytes, and the password where the library itself decrypts."""

    header: Header
    size: int
    data: bytes
    password: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may come out."""

    member: int
    total: int


class Failed(Malformed):
    """A file of several could not be read; those before it could."""

    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.index = index


def unpacked(files: Sequence[Packed], bounds: Bounds) -> list[bytes]:
    """The contents of files that share a dictionary, in their order.

    ``Failed`` names the first that cannot be read, ``Unsupported`` and ``LimitReached`` say what stops all of them.
    """
    options = rars.ReadOptions(
        max_member_output_bytes=bounds.member,
        max_total_output_bytes=bounds.total,
        max_reader_workspace_bytes=_WORKSPACE,
    )
    password = next((each.password for each in files if each.password), None)
    try:
        archive = rars.RarFile.from_bytes(_archive(files), password=password)
        contents: list[bytes] = archive.read_many([f"m{index}" for index in range(len(files))], options=options)
    except MemoryError as error:
        raise LimitReached(str(error) or "memory") from error
    except rars.UnsupportedRarFeature as error:
        raise Unsupported(_reason(error)) from error
    except rars.Error as error:
        entry = _ENTRY.search(str(error))
        raise Failed(_reason(error), int(entry[1]) if entry else 0) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the library's own, and no Exception
            raise Malformed("the decoder gave up") from error
        raise
    return contents


def _reason(error: BaseException) -> str:
    return str(error).rpartition("entry 'm")[2].partition("': ")[2] or str(error)


def _archive(files: Sequence[Packed]) -> bytes:
    return _archive5(files) if files[0].header.version >= RAR5_VERSION else _archive3(files)


# -- RAR 5 and 7 -------------------------------------------------------------------------------------------------------


def _archive5(files: Sequence[Packed]) -> bytes:
    needed = sum(each.size for each in files)
    parts = [MARK5, _block5(b"\1\0\0")]
    for index, each in enumerate(files):
        name = b"m%d" % index
        body = b"\0" + vint(each.size) + b"\0" + vint(_compression(each.header, needed, first=not index)) + b"\1"
        parts += [_block5(b"\2\2" + vint(len(each.data)) + body + vint(len(name)) + name), each.data]
    return b"".join((*parts, _block5(b"\5\0\0")))


def _compression(header: Header, needed: int, *, first: bool) -> int:
    """The dictionary is as large as what comes out needs it, so that a declared one of gigabytes costs nothing."""
    power = 0
    while _LEAST_DICTIONARY << power < min(header.dictionary, needed):
        power += 1
    solid = header.solid and not first
    return int(header.version == RAR7_VERSION) | solid << 6 | header.method << 7 | power << 10


def _block5(fields: bytes) -> bytes:
    body = vint(len(fields)) + fields
    return struct.pack("<L", zlib.crc32(body)) + body


def vint(value: int) -> bytes:
    """A number as RAR 5 writes it: seven bits a byte, lowest first."""
    written = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))


# -- RAR 1.5 to 4 ------------------------------------------------------------------------------------------------------


def _archive3(files: Sequence[Packed]) -> bytes:
    solid = any(each.header.solid for each in files)
    parts = [MARK3, _block3(0x73, 0x8 if solid else 0, b"\0" * 6)]
    for index, each in enumerate(files):
        header, name = each.header, b"m%d" % index
        flags = 0x8000 | _window(header) << 5
        flags |= 0x10 if header.solid and index else 0
        flags |= 0x4 if each.password else 0
        body = struct.pack(
            "<LLBLLBBHL",
            *(len(each.data), each.size, 2, header.crc32 or 0, 0),
            *(header.version, 0x30 + header.method, len(name), 0x20),
        )
        parts += [_block3(0x74, flags, body + name), each.data]
    return b"".join((*parts, _block3(0x7B, 0x4000, b"")))


def _window(header: Header) -> int:
    return max(0, (header.dictionary >> 16).bit_length() - 1)


def _block3(kind: int, flags: int, body: bytes) -> bytes:
    header = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(header) & 0xFFFF) + header
