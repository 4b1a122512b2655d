"""Cabinets put together by hand ([MS-CAB]), so that a test can make any record lie."""

import struct
import zlib
from dataclasses import dataclass

BLOCK = 0x8000
STORED, MSZIP, QUANTUM, LZX = range(4)


@dataclass(frozen=True)
class Listed:
    """One file as the directory lists it."""

    name: bytes
    size: int
    offset: int
    folder: int = 0
    attributes: int = 0x20


def checksum(data: bytes) -> int:
    """One 32-bit word XORed with the other, the bytes that are left with the first highest ([MS-CAB] 3.1)."""
    value = 0
    for at in range(0, len(data) & ~3, 4):
        value ^= int.from_bytes(data[at : at + 4], "little")
    return value ^ int.from_bytes(data[len(data) & ~3 :], "big")


def mszip(content: bytes) -> list[tuple[bytes, int]]:
    """Blocks of 32 KiB; each may refer to the one before."""
    blocks, history = [], b""
    for at in range(0, len(content), BLOCK):
        block = content[at : at + BLOCK]
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=history) if history else zlib.compressobj(9, 8, -15)
        blocks.append((b"CK" + squeeze.compress(block) + squeeze.flush(), len(block)))
        history = block
    return blocks


def data_block(packed: bytes, size: int) -> bytes:
    lengths = struct.pack("<HH", len(packed), size)
    return struct.pack("<L", checksum(packed) ^ checksum(lengths)) + lengths + packed


def assembled(
    files: list[Listed], blocks: list[tuple[bytes, int]], method: int = MSZIP, *, size: int | None = None
) -> bytes:
    """One folder of these blocks; ``size`` is what the header says of the whole."""
    folder_at = 36
    listing = b"".join(
        struct.pack("<LLHHHH", each.size, each.offset, each.folder, 0, 0, each.attributes) + each.name + b"\0"
        for each in files
    )
    data_at = folder_at + 8 + len(listing)
    data = b"".join(data_block(*each) for each in blocks)
    whole = data_at + len(data)
    header = struct.pack(
        "<4sLLLLLBBHHHHH", b"MSCF", 0, size or whole, 0, folder_at + 8, 0, 3, 1, 1, len(files), 0, 7, 0
    )
    return header + struct.pack("<LHH", data_at, len(blocks), method) + listing + data


def cabinet(*members: tuple[str, bytes], method: int = MSZIP) -> bytes:
    """An honest cabinet of one folder."""
    files, content = [], b""
    for name, data in members:
        attributes = 0x20 if name.isascii() else 0xA0
        files.append(Listed(name.encode(), len(data), len(content), attributes=attributes))
        content += data
    if method == MSZIP:
        return assembled(files, mszip(content))
    blocks = [(content[at : at + BLOCK], len(content[at : at + BLOCK])) for at in range(0, len(content), BLOCK)]
    return assembled(files, blocks, method)
