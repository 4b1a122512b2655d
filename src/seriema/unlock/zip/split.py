"""A ZIP that was split over several files, made whole (APPNOTE 8.2, 8.3): each offset counts from its own volume.

The joined bytes are an ordinary archive: the disk numbers of the central directory are zero and its offsets count from
the beginning, so that one reader reads both.
"""

import struct
from collections.abc import Sequence
from itertools import accumulate

from seriema.unlock.zip.records import CENTRAL, END, LOCATOR64

_TAIL = 22 + 0xFFFF
_DISKS_AT, _DISKS = 4, struct.Struct("<HHHHLL")
_LENGTHS_AT, _PLACE_AT = 28, 42
_HEADER = 46
_WIDE_DISK, _WIDE = 0xFFFF, 0xFFFFFFFF


def _end(content: bytes) -> int:
    """Offset of the last end record, or -1."""
    at = content.rfind(END, max(0, len(content) - _TAIL))
    return at if at + _DISKS_AT + _DISKS.size <= len(content) else -1


def volumes_before(content: bytes) -> int:
    """How many volumes come before this last one, as its end record says; 0 for one that is not split."""
    at = _end(content)
    if at < 0 or content[max(0, at - 20) : at].startswith(LOCATOR64):
        return 0
    disk: int = _DISKS.unpack_from(content, at + _DISKS_AT)[0]
    return 0 if disk == _WIDE_DISK else disk


def joined(volumes: Sequence[bytes]) -> bytes:
    """One archive out of all volumes in their order, the one with the end record last."""
    whole = bytearray().join(volumes)
    starts = [0, *accumulate(map(len, volumes))][: len(volumes)]
    at = starts[-1] + _end(volumes[-1])
    _, disk, _, entries, size, offset = _DISKS.unpack_from(whole, at + _DISKS_AT)
    if disk >= len(starts):
        return bytes(whole)
    directory = starts[disk] + offset
    _DISKS.pack_into(whole, at + _DISKS_AT, 0, 0, entries, entries, size, min(directory, _WIDE))
    place = directory
    while whole[place : place + 4] == CENTRAL and place + _HEADER <= len(whole):
        name, extra, comment, disk = struct.unpack_from("<4H", whole, place + _LENGTHS_AT)
        local: int = struct.unpack_from("<L", whole, place + _PLACE_AT)[0]
        if disk < len(starts) and local != _WIDE:
            struct.pack_into("<H", whole, place + _LENGTHS_AT + 6, 0)
            struct.pack_into("<L", whole, place + _PLACE_AT, min(starts[disk] + local, _WIDE))
        place += _HEADER + name + extra + comment
    return bytes(whole)
