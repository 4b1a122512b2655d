"""TNEF streams in memory ([MS-OXTNEF]), attribute by attribute."""

import struct

SUBJECT, BODY, DATA, TITLE, RENDERING = 0x18004, 0x2800C, 0x6800F, 0x18010, 0x69002
PROPERTIES, ATTACHMENT_PROPERTIES, CODE_PAGE = 0x69003, 0x69005, 0x69007
LONG_NAME, DATA_PROPERTY, LONG_PATH = 0x3707, 0x3701, 0x370D
PLAIN_BODY, RTF_BODY, HTML_BODY, TRANSPORT = 0x1000, 0x1009, 0x1013, 0x007D
TEXT, WIDE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0x0D


def attribute(level: int, number: int, data: bytes, checksum: int | None = None) -> bytes:
    said = sum(data) & 0xFFFF if checksum is None else checksum
    return struct.pack("<BLL", level, number, len(data)) + data + struct.pack("<H", said)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    """(number, type, value) with values of variable length; a named and a fixed one stand first."""
    out = struct.pack("<L", len(values) + 2)
    out += struct.pack("<HH16sLL", 0x03, 0x8001, b"G" * 16, 0, 5) + bytes(4)
    out += struct.pack("<HH", 0x40, 0x0E06) + bytes(8)
    for number, kind, value in values:
        out += struct.pack("<HHLL", kind, number, 1, len(value)) + value + bytes(-len(value) % 4)
    return out


def attachment(title: bytes, data: bytes | None, *values: tuple[int, int, bytes]) -> bytes:
    out = attribute(2, RENDERING, bytes(14)) + attribute(2, TITLE, title + b"\0")
    if data is not None:
        out += attribute(2, DATA, data)
    return out + (attribute(2, ATTACHMENT_PROPERTIES, properties(*values)) if values else b"")


def tnef(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\1\0" + b"".join(attributes)
