"""Where archives begin inside files that are something else.

ZIP is found by its end record (APPNOTE 4.3.16), RAR, 7z and cabinets by their signatures. A signature alone proves
nothing, as programs that read a format hold it as a constant: behind it must stand a header that holds.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from struct import unpack_from

from seriema.unlock.format import Key, Member
from seriema.unlock.rar.volumes import is_archive
from seriema.unlock.zip import records

#: Archives of each kind that are looked for in one file, and signatures looked at.
_MOST, _SIGNATURES = 8, 64
_CHUNK = 1 << 16
_RAR, _7Z, _CAB = b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\0\0\0\0"
_7Z_START = 32
_CAB_START = 36
_CAB_VERSION = b"\3\1"
_COMPOUND = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Place:
    """An archive and the bytes it takes up. RAR does not tell its length: the rest of the file may belong to it."""

    kind: str
    start: int
    end: int


def places(content: bytes, first: int = 1) -> list[Place]:
    """The archives that begin at ``first`` or behind it, in order, none within another that tells its length."""
    outer: list[Place] = []
    reached = 0
    for each in sorted(_found(content, first), key=lambda place: (place.start, -place.end)):
        if each.start >= reached:
            outer.append(each)
            reached = reached if each.kind == "rar" else each.end
    return outer


def unsearched(content: bytes) -> bool:
    """Whether there may be more archives than ``places`` tells, as a bound ended its search."""
    kinds = Counter(each.kind for each in _found(content, 1))
    return max(kinds.values(), default=0) >= _MOST or crowded(content)


def crowded(content: bytes) -> bool:
    """Whether it holds more signatures of one kind than are looked at."""
    marks = (_7Z, _RAR) if content.startswith(_COMPOUND) else (_7Z, _RAR, _CAB, records.END)
    return any(content.count(mark, 1) > _SIGNATURES for mark in marks)


def _found(content: bytes, first: int) -> list[Place]:
    """Those within another too."""
    found = [
        *_by_signature(content, first, _7Z, "7z", _seven_zip),
        *_by_signature(content, first, _RAR, "rar", _rar),
        *_zips(content, first),
    ]
    if not content.startswith(_COMPOUND):  # an installer keeps its cabinets in it in scattered sectors
        found += _by_signature(content, first, _CAB, "cab", _cabinet)
    return found


def beside(content: bytes, start: int, end: int) -> list[Place]:
    """The archives before ``start`` and behind ``end`` of one that lies between: no program shows them all."""
    return [*(places(content[:start], 0) if start else ()), *(places(content, end) if end < len(content) else ())]


def member(content: bytes, place: Place, number: int) -> Member:
    """The archive as a file of its own; number 0 is the first."""
    size = place.end - place.start

    def read(_key: Key | None) -> Iterator[bytes]:
        return (content[at : min(at + _CHUNK, place.end)] for at in range(place.start, place.end, _CHUNK))

    name = f"appended{f'-{number + 1}' if number else ''}.{place.kind}"
    return Member(name, size, size, read, method="stored")


def _by_signature(
    content: bytes, first: int, mark: bytes, kind: str, end_of: Callable[[bytes, int], int]
) -> Iterator[Place]:
    at, found = first - 1, 0
    for _ in range(_SIGNATURES):
        at = content.find(mark, at + 1)
        if at < 0 or found >= _MOST:
            return
        end = end_of(content, at)
        if end > 0:
            yield Place(kind, at, end)
            at, found = end - 1, found + 1


def _seven_zip(content: bytes, at: int) -> int:
    """The end of a 7z archive whose start header agrees with its CRC-32 (7zFormat.txt); 0 when it does not."""
    if len(content) < at + _7Z_START:
        return 0
    crc, offset, size = unpack_from("<LQQ", content, at + 8)
    if zlib.crc32(content[at + 12 : at + _7Z_START]) != crc:
        return 0
    return min(at + _7Z_START + int(offset) + int(size), len(content))


def _rar(content: bytes, at: int) -> int:
    return len(content) if is_archive(content, at) else 0


def _cabinet(content: bytes, at: int) -> int:
    """The end of a cabinet whose header holds ([MS-CAB] 2.1); 0 when it does not."""
    if len(content) < at + _CAB_START or content[at + 24 : at + 26] != _CAB_VERSION:
        return 0
    size, between, files, more, folders, entries = unpack_from("<LLLL2xHH", content, at + 8)
    sound = not between and not more and _CAB_START < files < size and folders and entries
    return at + int(size) if sound and at + size <= len(content) else 0


def _zips(content: bytes, first: int) -> Iterator[Place]:
    """Archives by their end records, the last first; those within one that was found are its members."""
    if content.startswith(records.LOCAL):
        return
    before, start, found = len(content), len(content), 0
    for _ in range(_SIGNATURES):
        before = content.rfind(records.END, first, before)
        if before < 0 or found >= _MOST:
            return
        end = records.end_record(content, before) if before < start else None
        begin = _zip_start(content, end) if end else -1
        # Office keeps themes as ZIP within compound files; what was appended to one ends where the file does.
        if end and begin >= first and (end.end == len(content) or not content.startswith(_COMPOUND)):
            yield Place("zip", begin, end.end)
            start, found = begin, found + 1


def _zip_start(content: bytes, end: records.End) -> int:
    """Where the first file of the archive stands; -1 when the record leads to none."""
    at = end.directory_end - end.size
    header = records.central_header(content, at) if at >= 0 else None
    if header is None:
        return -1
    shift = at - end.offset
    for begin in (header.offset + shift, header.offset):
        if 0 <= begin < at and content.startswith(records.LOCAL, begin):
            return begin
    return -1
