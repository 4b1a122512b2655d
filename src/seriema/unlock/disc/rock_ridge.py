"""The system use fields of a directory record: names, links, moved folders (SUSP 1.12, RRIP 1.12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import unpack_from

#: Continuation areas followed, and fields read of one record.
_AREAS, _FIELDS = 8, 100
_HEADER, _CONTINUED = 4, 28
_SPECIAL_NAMES = 0x06  #: flags of a name that is "." or ".."


@dataclass(frozen=True, slots=True)
class Extras:
    """What they say of one file; empty for a record without them."""

    name: str = ""
    link: bool = False
    packed: bool = False  #: zisofs, which Linux alone unpacks
    moved: int = 0  #: block of the folder that this record stands for


def extras(content: bytes, area: bytes, block: int) -> Extras:
    """Read the fields behind a record's name; whatever does not fit ends them."""
    name, link, packed, moved = b"", False, False, 0
    for mark, data in _fields(content, area, block):
        if mark == b"NM" and len(data) > 1 and not data[0] & _SPECIAL_NAMES:
            name += data[1:]
        link = link or mark == b"SL"
        packed = packed or mark == b"ZF"
        if mark == b"CL" and len(data) >= _HEADER:
            moved = unpack_from("<L", data)[0]
    return Extras(_decoded(name), link, packed, moved)


def _decoded(name: bytes) -> str:
    """Whatever bytes the writer's system had; mostly UTF-8."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp1252", "replace")


def _fields(content: bytes, area: bytes, block: int) -> Iterator[tuple[bytes, bytes]]:
    count = 0
    for _ in range(_AREAS):
        following = b""
        at = 0
        while at + _HEADER <= len(area) and count < _FIELDS:
            mark, length = area[at : at + 2], area[at + 2]
            if length < _HEADER or at + length > len(area) or mark == b"ST":
                break
            data = area[at + _HEADER : at + length]
            if mark == b"CE" and length >= _CONTINUED:
                extent, offset, size = unpack_from("<L4xL4xL", data)
                begin = extent * block + offset
                following = content[begin : begin + min(size, block)]
            else:
                yield mark, data
            at, count = at + length, count + 1
        if not following:
            return
        area = following
