"""ZIP records put together by hand, so that a test can make any of them lie."""

import struct
import zlib
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Entry:
    """One file; ``central`` and ``local`` hold what the two headers say, honest unless a test changes it."""

    name: bytes
    data: bytes  #: as stored
    method: int = 0
    flags: int = 0
    time: int = 0
    crc: int = 0
    size: int = 0
    stored: int | None = None
    extra: bytes = b""
    made_by: int = 20
    attributes: int = 0
    disk: int = 0

    def but(self, **changes: object) -> "Entry":
        return replace(self, **changes)


def stored(name: bytes, content: bytes, **changes: object) -> Entry:
    return Entry(name, content, crc=zlib.crc32(content), size=len(content)).but(**changes)


def deflated(name: bytes, content: bytes, **changes: object) -> Entry:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeeze.compress(content) + squeeze.flush()
    return Entry(name, packed, 8, crc=zlib.crc32(content), size=len(content)).but(**changes)


def _common(entry: Entry) -> bytes:
    length = len(entry.data) if entry.stored is None else entry.stored
    fields = struct.pack("<5H3L", 20, entry.flags, entry.method, entry.time, 0, entry.crc, length, entry.size)
    return fields + struct.pack("<HH", len(entry.name), len(entry.extra))


def local(entry: Entry) -> bytes:
    return b"PK\3\4" + _common(entry) + entry.name + entry.extra + entry.data


def central(entry: Entry, offset: int) -> bytes:
    tail = struct.pack("<3HLL", 0, entry.disk, 0, entry.attributes, offset)
    return b"PK\1\2" + struct.pack("<H", entry.made_by) + _common(entry) + tail + entry.name + entry.extra


def end(entries: int, size: int, offset: int, comment: bytes = b"", disk: int = 0) -> bytes:
    return struct.pack("<4s4H2LH", b"PK\5\6", disk, disk, entries, entries, size, offset, len(comment)) + comment


def archive(*entries: Entry | tuple[Entry, Entry], before: bytes = b"", comment: bytes = b"") -> bytes:
    """A ZIP of the entries; for a pair (local, central) the two headers say different things."""
    body, directory = before, b""
    for each in entries:
        said, listed = each if isinstance(each, tuple) else (each, each)
        directory += central(listed, len(body) - len(before))
        body += local(said)
    return body + directory + end(len(entries), len(directory), len(body) - len(before), comment)
