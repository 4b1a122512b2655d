"""The attributes of a TNEF stream as they stand in the bytes ([MS-OXTNEF] 2.1.3)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from seriema.model.errors import Malformed

SIGNATURE = b"\x78\x9f\x3e\x22"
_START = 6  #: signature and key
_HEADER = struct.Struct("<BHHL")
_CHECKSUM = 2
MESSAGE, ATTACHMENT = 1, 2

#: Attributes by number ([MS-OXTNEF] 2.1.3.3).
FROM, SUBJECT, BODY = 0x8000, 0x8004, 0x800C
DATA, TITLE, PICTURE = 0x800F, 0x8010, 0x8011
TRANSPORT_NAME, RENDERING, PROPERTIES, ATTACHMENT_PROPERTIES, CODE_PAGE = 0x9001, 0x9002, 0x9003, 0x9005, 0x9007


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: what it is, where its data lies, and whether its checksum agrees."""

    level: int
    number: int
    start: int
    end: int
    sound: bool


def attributes(content: bytes) -> Iterator[Attribute]:
    """All attributes in order; ``Malformed`` where the stream is torn."""
    at = _START
    while at < len(content):
        if at + _HEADER.size > len(content):
            if any(content[at:]):
                raise Malformed("TNEF: data behind the last attribute", f"offset {at}")
            return
        level, number, _, length = _HEADER.unpack_from(content, at)
        start = at + _HEADER.size
        end = start + length
        if level not in (MESSAGE, ATTACHMENT) or end > len(content):
            raise Malformed("TNEF: an attribute is torn", f"offset {at}")
        said = int.from_bytes(content[end : end + _CHECKSUM], "little")
        yield Attribute(level, number, start, end, said == sum(content[start:end]) & 0xFFFF)
        at = end + _CHECKSUM
