"""The records of a ZIP file as they stand in the bytes (APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14–16, 4.5.3).

Nothing is trusted and nothing repaired here: a record that does not fit gives None.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
DESCRIPTOR, END64, LOCATOR64 = b"PK\7\10", b"PK\6\6", b"PK\6\7"

ENCRYPTED, STREAMED, STRONG, UTF8, MASKED = 0x1, 0x8, 0x40, 0x800, 0x2000

#: Compression methods by number (4.4.5).
METHODS = {
    0: "stored",
    1: "shrink",
    2: "reduce 1",
    3: "reduce 2",
    4: "reduce 3",
    5: "reduce 4",
    6: "implode",
    7: "tokenize",
    8: "deflate",
    9: "deflate64",
    10: "DCL implode",
    12: "bzip2",
    14: "lzma",
    16: "CMPSC",
    18: "TERSE",
    19: "LZ77",
    20: "zstd (deprecated number)",
    93: "zstd",
    94: "MP3",
    95: "xz",
    96: "JPEG",
    97: "WavPack",
    98: "PPMd",
    99: "AES",
}

_LOCAL = struct.Struct("<4s5HLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END = struct.Struct("<4sHHHHLLH")
_END64 = struct.Struct("<4sQHHLLQQQQ")
_LOCATOR64 = struct.Struct("<4sLQL")
_DESCRIPTORS = (struct.Struct("<4sLLL"), struct.Struct("<4sLQQ"))
_BARE_DESCRIPTORS = (struct.Struct("<LLL"), struct.Struct("<LQQ"))
_UNKNOWN, _MANY = 0xFFFFFFFF, 0xFFFF


@dataclass(frozen=True, slots=True)
class Header:
    """One file header, central or local, with ZIP64 values in place."""

    at: int  #: offset of this header in the file
    end: int  #: offset behind it: of the data for a local header, of the next header for a central one
    name: bytes
    flags: int
    method: int
    time: int
    crc32: int
    stored: int
    size: int
    extra: bytes
    version: int = 0
    offset: int = 0  #: central only: where the local header is said to be
    disk: int = 0
    host: int = 0
    attributes: int = 0

    @property
    def encrypted(self) -> bool:
        """General purpose bit 0."""
        return bool(self.flags & ENCRYPTED)

    @property
    def streamed(self) -> bool:
        """General purpose bit 3: the local header need not know sizes and CRC."""
        return bool(self.flags & STREAMED)


@dataclass(frozen=True, slots=True)
class End:
    """The end of central directory record, ZIP64 values in place. ``directory_end`` is where the directory stops."""

    at: int
    end: int
    entries: int
    size: int
    offset: int
    disk: int
    directory_end: int
    comment: bytes
    plain: "End | None" = None  #: what it says itself, where a ZIP64 record overrules it without need


def fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The extra fields (4.5.1) as (tag, data); stops at the first that does not fit."""
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        data = extra[at + 4 : at + 4 + length]
        if len(data) < length:
            return
        yield tag, data
        at += 4 + length


def field(extra: bytes, wanted: int) -> bytes | None:
    """The first extra field with this tag."""
    return next((data for tag, data in fields(extra) if tag == wanted), None)


def _widened(values: tuple[int, ...], extra: bytes) -> list[int]:
    """Each value that says "see ZIP64" taken from extra field 1, in the order 4.5.3 gives."""
    wide = list(values)
    data = field(extra, 1) or b""
    at = 0
    for place, value in enumerate(values):
        if value == _UNKNOWN and at + 8 <= len(data):
            (wide[place],) = struct.unpack_from("<Q", data, at)
            at += 8
    return wide


def local_header(content: bytes, at: int) -> Header | None:
    """The local file header at ``at``."""
    if content[at : at + 4] != LOCAL or at + _LOCAL.size > len(content):
        return None
    _, version, flags, method, time, _, crc, stored, size, name, extra = _LOCAL.unpack_from(content, at)
    named = at + _LOCAL.size + name
    end = named + extra
    if end > len(content):
        return None
    fields_ = content[named:end]
    size, stored = _widened((size, stored), fields_)
    return Header(at, end, content[named - name : named], flags, method, time, crc, stored, size, fields_, version)


def central_header(content: bytes, at: int) -> Header | None:
    """The central file header at ``at``."""
    if content[at : at + 4] != CENTRAL or at + _CENTRAL.size > len(content):
        return None
    (_, made, version, flags, method, time, _, crc, stored, size, name, extra, comment, disk, _, attributes, offset) = (
        _CENTRAL.unpack_from(content, at)
    )
    named = at + _CENTRAL.size + name
    end = named + extra + comment
    if end > len(content):
        return None
    fields_ = content[named : named + extra]
    size, stored, offset = _widened((size, stored, offset), fields_)
    raw = content[named - name : named]
    return Header(
        at, end, raw, flags, method, time, crc, stored, size, fields_, version, offset, disk, made >> 8, attributes
    )


def end_record(content: bytes, at: int) -> End | None:
    """The end record at ``at``, widened by the ZIP64 one that its locator names or that lies right before that."""
    if content[at : at + 4] != END or at + _END.size > len(content):
        return None
    _, disk, _, _, entries, size, offset, length = _END.unpack_from(content, at)
    comment = content[at + _END.size : at + _END.size + length]
    plain = End(at, at + _END.size + len(comment), entries, size, offset, disk, at, comment)
    locator = at - _LOCATOR64.size
    if locator < 0 or content[locator : locator + 4] != LOCATOR64:
        return plain
    _, _, said, _ = _LOCATOR64.unpack_from(content, locator)
    for wide in (said, locator - _END64.size):
        if 0 <= wide <= len(content) - _END64.size and content[wide : wide + 4] == END64:
            _, _, _, _, disk, _, _, entries, size, offset = _END64.unpack_from(content, wide)
            needed = _UNKNOWN in (plain.size, plain.offset) or plain.entries == _MANY
            same = needed or (plain.size, plain.offset) == (size, offset)
            return End(at, plain.end, entries, size, offset, disk, wide, comment, None if same else plain)
    return plain


def descriptions(content: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(crc32, stored, size) as each of the layouts of a data descriptor at ``at`` would have it, signature or none."""
    for layout in _DESCRIPTORS:
        if at + layout.size <= len(content) and content.startswith(DESCRIPTOR, at):
            yield layout.unpack_from(content, at)[1:]
    for layout in _BARE_DESCRIPTORS:
        if at + layout.size <= len(content):
            yield layout.unpack_from(content, at)


def descriptor(content: bytes, at: int, data: int) -> tuple[int, int, int] | None:
    """(crc32, stored, size) from the data descriptor at ``at`` (4.3.9), if it says that the data began at ``data``."""
    for layout in _DESCRIPTORS:
        if at + layout.size <= len(content):
            signature, crc, stored, size = layout.unpack_from(content, at)
            if signature == DESCRIPTOR and stored == at - data:
                return crc, stored, size
    return None
