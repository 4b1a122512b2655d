"""Read an OLE compound file: the storage of legacy Office documents, VBA projects, Outlook messages and installers.

Follows [MS-CFB] with the tolerance of the programs that open such files: a chain that breaks off gives what there was
of it, an entry that no tree links to is still listed. Every loop is bounded by the file's own size.
"""

import sys
from array import array
from dataclasses import dataclass, field
from struct import unpack_from
from uuid import UUID

from seriema.model.errors import LimitReached, Malformed

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
HEADER = 512
ENTRIES = 20_000  #: directory entries that are read
NO_ENTRY = 0xFFFFFFFF
LAST_SECTOR = 0xFFFFFFFA
STORAGE, STREAM, ROOT = 1, 2, 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A storage or stream; ``path`` holds the names from below the root, joined by slashes."""

    path: str
    kind: int
    clsid: UUID
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Compound:
    """An opened compound file. ``entries`` has them by lower-case path, the root under ""."""

    content: bytes
    entries: dict[str, Entry]
    _sector: int
    _fat: "array[int]"
    _mini_fat: "array[int]"
    _cutoff: int
    _mini_stream: list[bytes] = field(default_factory=list)

    @property
    def streams(self) -> tuple[str, ...]:
        """Paths of all streams, in directory order, spelled as in the file."""
        return tuple(entry.path for entry in self.entries.values() if entry.kind == STREAM)

    def __contains__(self, path: str) -> bool:
        return path.lower() in self.entries

    def read(self, path: str, most: int) -> bytes:
        """A stream's bytes; shorter than declared where its chain breaks off.

        Raises ``Malformed`` when there is no such stream, ``LimitReached`` when it is larger than ``most`` bytes.
        """
        entry = self.entries.get(path.lower())
        if entry is None or entry.kind != STREAM:
            raise Malformed("there is no such stream", path)
        size = min(entry.size, len(self.content))
        if size > most:
            raise LimitReached(f"a stream of more than {most} bytes", entry.path)
        if entry.size >= self._cutoff:
            return _chain(self.content, self._fat, entry.start, size, self._sector, self._sector)
        return _chain(self._small(), self._mini_fat, entry.start, size, 64, 0)

    def _small(self) -> bytes:
        """The mini stream (2.6.3), joined once."""
        if not self._mini_stream:
            root = self.entries[""]
            size = min(root.size, len(self.content))
            self._mini_stream.append(
                _chain(self.content, self._fat, root.start, size, self._sector, self._sector),
            )
        return self._mini_stream[0]


def open_compound(content: bytes) -> Compound:
    """Read header, allocation tables and directory. Raises ``Malformed`` when they cannot be read."""
    if not content.startswith(SIGNATURE) or len(content) < HEADER:
        raise Malformed("no compound file header")
    shift = unpack_from("<H", content, 30)[0]
    if shift not in (9, 12):
        raise Malformed(f"sector size of 2 to the {shift}")
    sector = 1 << shift
    directory, cutoff, mini_fat = unpack_from("<I4xII", content, 48)
    fat = _fat(content, sector)
    whole = len(content)
    listed = _chain(content, fat, directory, min(whole, ENTRIES * 128), sector, sector)
    mini = _numbers(_chain(content, fat, mini_fat, whole, sector, sector))
    entries = _entries(listed, sector)
    if "" not in entries:
        raise Malformed("no root storage")
    return Compound(content, entries, sector, fat, mini, cutoff)


def _numbers(content: bytes) -> "array[int]":
    """Little-endian 32-bit numbers."""
    numbers = array("I")
    numbers.frombytes(content[: len(content) // 4 * 4])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _fat(content: bytes, sector: int) -> "array[int]":
    """The file allocation table (2.3) from the sectors that the header and the DIFAT chain name (2.5)."""
    sectors = list(unpack_from("<109I", content, 76))
    following = unpack_from("<I", content, 68)[0]
    seen: set[int] = set()
    while following < LAST_SECTOR and following not in seen:
        seen.add(following)
        block = content[(following + 1) * sector : (following + 2) * sector]
        if len(block) < sector:
            break
        numbers = _numbers(block)
        sectors += numbers[:-1]
        following = numbers[-1]
    useful = dict.fromkeys(number for number in sectors if number < LAST_SECTOR)
    return _numbers(b"".join(content[(number + 1) * sector : (number + 2) * sector] for number in useful))


def _chain(content: bytes, table: "array[int]", start: int, size: int, sector: int, offset: int) -> bytes:
    """At most ``size`` bytes along the chain from ``start``. ``offset`` is where sector 0 begins in ``content``.

    Raises ``Malformed`` for a chain that runs in a circle: what it gives is not what any program shows.
    """
    pieces: list[bytes] = []
    passed: set[int] = set()
    left = min(-(-size // sector), len(table))
    number = start
    while left > 0 and number < len(table):
        if number in passed:
            raise Malformed("a chain of sectors runs in a circle", f"sector {number}")
        passed.add(number)
        begin = number * sector + offset
        piece = content[begin : begin + sector]
        if not piece:
            break
        pieces.append(piece)
        number = table[number]
        left -= 1
    return b"".join(pieces)[:size]


@dataclass(slots=True)
class _Raw:
    """A directory entry as it lies there (2.6.1)."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    clsid: UUID
    start: int
    size: int


def _raw(listed: bytes, at: int, sector: int) -> _Raw:
    length, kind, left, right, child = unpack_from("<HBxIII", listed, at + 64)
    name = listed[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").replace("/", "\ufffd")
    start, low, high = unpack_from("<III", listed, at + 116)
    # Version 3 writers may leave garbage in the upper half of a size (2.6.1).
    size = low if sector == HEADER else low | high << 32
    return _Raw(name, kind, left, right, child, UUID(bytes_le=listed[at + 80 : at + 96]), start, size)


def _entries(listed: bytes, sector: int) -> dict[str, Entry]:
    """All entries by lower-case path: first those the trees reach from the root, then those nothing links to."""
    raws = [_raw(listed, at, sector) for at in range(0, len(listed) - 127, 128)]
    root = next((number for number, raw in enumerate(raws) if raw.kind == ROOT), None)
    if root is None:
        return {}
    entries = {"": Entry("", ROOT, raws[root].clsid, raws[root].start, raws[root].size)}
    seen = {root}
    waiting = [(raws[root].child, "")]
    orphans = iter(range(len(raws)))
    while True:
        while waiting:
            number, above = waiting.pop()
            if number >= len(raws) or number in seen or raws[number].kind not in (STORAGE, STREAM):
                continue
            seen.add(number)
            raw = raws[number]
            path = f"{above}{raw.name}"
            entries.setdefault(path.lower(), Entry(path, raw.kind, raw.clsid, raw.start, raw.size))
            waiting += [(raw.right, above), (raw.left, above)]
            if raw.kind == STORAGE and path.count("/") < 64:  # noqa: PLR2004 - deeper paths are nobody's document
                waiting.append((raw.child, f"{path}/"))
        orphan = next((number for number in orphans if number not in seen), None)
        if orphan is None:
            return entries
        waiting.append((orphan, ""))
