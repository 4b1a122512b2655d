"""Read a document package: the ZIP that Office Open XML and OpenDocument files are.

Follows ECMA-376 part 2 (OPC) and APPNOTE 4.3: names and places come from the central directory, as in the programs that
open such files. A package keeps one budget for all that is inflated out of it.
"""

import zlib
from dataclasses import dataclass
from struct import unpack_from

from seriema.model.errors import LimitReached, Locked, Malformed, Unsupported

END, CENTRAL, LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
END_SIZE, CENTRAL_SIZE, LOCAL_SIZE = 22, 46, 30
FARTHEST_END = 65_535 + END_SIZE  #: an archive comment has at most 65,535 bytes (4.3.16)
STORED, DEFLATED = 0, 8
WIDE_NAME = 0x800  #: general purpose bit 11
ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class Member:
    """One member as the central directory lists it. ``name`` has forward slashes."""

    name: str
    flags: int
    method: int
    stored: int
    size: int
    offset: int


class Package:
    """An opened package. ``members`` has them by lower-case name; part names ignore case (OPC 6.2.2.3)."""

    def __init__(self, content: bytes, members: dict[str, Member], budget: int) -> None:
        self.content = content
        self.members = members
        self._left = budget

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.members

    def read(self, name: str, most: int) -> bytes:
        """A member's bytes.

        Raises ``Malformed`` for a missing or broken member, ``LimitReached`` beyond ``most`` bytes or the package's
        budget, ``Locked`` for an encrypted one, ``Unsupported`` for another method than stored and deflate.
        """
        member = self.members.get(name.lower())
        if member is None:
            raise Malformed("the package has no such part", name)
        if member.flags & ENCRYPTED:
            raise Locked("an encrypted part", name)
        content = _inflated(member, _stored(self.content, member), min(most, self._left))
        self._left -= len(content)
        return content


def open_package(content: bytes, members: int, budget: int) -> Package:
    """List at most ``members`` members; ``budget`` bounds the bytes of all reads together.

    Raises ``Malformed`` when there is no readable central directory, ``LimitReached`` for more members.
    """
    end = content.rfind(END, max(0, len(content) - FARTHEST_END))
    if end < 0 or end + END_SIZE > len(content):
        raise Malformed("no end of central directory")
    size, start = unpack_from("<II", content, end + 12)
    at = end - size
    if content[at : at + 4] != CENTRAL:
        at = start
    ahead = at - start  #: bytes that stand before the archive and that its offsets do not count
    found: dict[str, Member] = {}
    while content[at : at + 4] == CENTRAL and at + CENTRAL_SIZE <= len(content):
        if len(found) >= members:
            raise LimitReached(f"more than {members} members", "central directory")
        member, at = _member(content, at, ahead)
        found.setdefault(member.name.lower(), member)
    return Package(content, found, budget)


def embedded_zip(content: bytes) -> int:
    """Where an archive begins that stands behind other data, -1 when there is none.

    A random end mark is told apart by the directory and the first member, which must stand where it says.
    """
    end = content.rfind(END, max(0, len(content) - FARTHEST_END))
    if end < 0 or end + END_SIZE > len(content):
        return -1
    size, start = unpack_from("<II", content, end + 12)
    at = end - size
    if at < 0 or content[at : at + 4] != CENTRAL or at + CENTRAL_SIZE > end:
        return -1
    first, _ = _member(content, at, at - start)
    begins = first.offset if content[first.offset : first.offset + 4] == LOCAL else first.offset - (at - start)
    return begins if 0 < begins < at and content[begins : begins + 4] == LOCAL else -1


def _member(content: bytes, at: int, ahead: int) -> tuple[Member, int]:
    """The member listed at ``at``, and where the next one is listed."""
    flags, method, stored, size, name, extra, comment, offset = unpack_from("<8xHH8xIIHHH8xI", content, at)
    raw = content[at + CENTRAL_SIZE : at + CENTRAL_SIZE + name]
    text = raw.decode("utf-8" if flags & WIDE_NAME else "cp437", "replace").replace("\\", "/").lstrip("/")
    following = at + CENTRAL_SIZE + name + extra + comment
    return Member(text, flags, method, stored, size, offset + ahead), following


def _stored(content: bytes, member: Member) -> bytes:
    """The member's bytes as they lie in the package."""
    at = member.offset
    if at < 0 or content[at : at + 4] != LOCAL or at + LOCAL_SIZE > len(content):
        raise Malformed("no local header", member.name)
    name, extra = unpack_from("<HH", content, at + 26)
    begin = at + LOCAL_SIZE + name + extra
    return content[begin : begin + member.stored]


def _inflated(member: Member, stored: bytes, most: int) -> bytes:
    if member.method == STORED:
        content = stored[: most + 1]
    elif member.method == DEFLATED:
        try:
            content = zlib.decompressobj(-15).decompress(stored, most + 1)
        except zlib.error as error:
            raise Malformed("deflate data is broken", member.name) from error
    else:
        raise Unsupported(f"compression method {member.method} in a document package", member.name)
    if len(content) > most:
        raise LimitReached(f"a part of more than {most} bytes", member.name)
    return content
