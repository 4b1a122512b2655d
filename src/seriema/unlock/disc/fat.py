"""FAT12, FAT16 and FAT32 with long names (Microsoft, "FAT32 File System Specification" 1.03, 2000)."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import unpack_from

from seriema.model.errors import HostileInput, Malformed
from seriema.unlock.disc.listing import Extent, Found, Listing

_BOOT = 512
_SECTORS, _CLUSTERS = frozenset({512, 1024, 2048, 4096}), frozenset({1, 2, 4, 8, 16, 32, 64, 128})
_FAT12, _FAT16 = 4085, 65525  #: fewer clusters than this make it that kind
_ENTRY, _NAME = 32, 11
_LONG, _VOLUME, _FOLDER, _HIDDEN = 0x0F, 0x08, 0x10, 0x02
_DELETED, _END, _KANJI = 0xE5, 0x00, 0x05
_LOWER_BASE, _LOWER_EXTENSION = 0x08, 0x10
_LAST_LONG = 0x40
_LARGEST_FOLDER = 1 << 21  #: 65,536 entries
_RESERVED = 2  #: numbers of the first clusters that hold data start here


@dataclass(frozen=True, slots=True)
class Boot:
    """The boot sector's figures, as offsets in the image."""

    fat: int
    bits: int
    root: int  #: offset of the fixed root folder, or for FAT32 its first cluster
    root_bytes: int  #: 0 for FAT32
    data: int
    cluster: int
    clusters: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file or folder as its folder lists it."""

    name: str
    attributes: int
    first: int
    size: int


def boot_of(content: bytes, at: int) -> Boot | None:
    """The boot sector at ``at``, if a system would mount it."""
    if at < 0 or len(content) < at + _BOOT or content[at] not in (0xEB, 0xE9):
        return None
    sector, per, reserved, fats, entries, few, size, many, wide, root = unpack_from(
        "<HBHBHHxH8xLL4xL", content, at + 11
    )
    if sector not in _SECTORS or per not in _CLUSTERS or fats not in (1, 2) or not reserved:
        return None
    size, total = size or wide, few or many
    fat = at + reserved * sector
    root_at = fat + fats * size * sector
    data = root_at + -(-entries * _ENTRY // sector) * sector
    clusters = (total * sector - (data - at)) // (per * sector)
    if not size or clusters <= 0 or data >= len(content):
        return None
    if not entries:
        return Boot(fat, 32, root, 0, data, per * sector, clusters)
    bits = 12 if clusters < _FAT12 else 16
    return Boot(fat, bits, root_at, entries * _ENTRY, data, per * sector, clusters)


def listing(content: bytes, boot: Boot, limit: int, prefix: str = "") -> Listing:
    """The files of one volume; deleted ones are shown by no system and left out."""
    found = Listing(f"FAT{boot.bits}", limit)
    try:
        _Volume(content, boot, found).walk(prefix)
    except HostileInput as error:
        found.stopped(error)
    return found


class _Volume:
    """A volume while its folders are walked."""

    def __init__(self, content: bytes, boot: Boot, found: Listing) -> None:
        self.content, self.boot, self.found = content, boot, found

    def walk(self, prefix: str) -> None:
        """Every folder once, breadth first."""
        folders, seen = [(prefix, self._root())], set()
        for path, raw in folders:
            self.found.deeper(path)
            for entry in self._entries(raw):
                name = path + entry.name
                if entry.attributes & _HIDDEN:
                    self.found.facts.append(("hidden-file", name, ""))
                if not entry.attributes & _FOLDER:
                    self.found.add(Found(name, entry.size, self._chain(entry.first, entry.size, name)))
                elif entry.first in seen:
                    self.found.facts.append(("repeated-folder", name, ""))
                else:
                    seen.add(entry.first)
                    folders.append((f"{name}/", self._joined(self._chain(entry.first, _LARGEST_FOLDER, name))))

    def _root(self) -> bytes:
        boot = self.boot
        if boot.root_bytes:
            return self.content[boot.root : boot.root + boot.root_bytes]
        return self._joined(self._chain(boot.root, _LARGEST_FOLDER, ""))

    def _joined(self, extents: tuple[Extent, ...]) -> bytes:
        return b"".join(self.content[offset : offset + length] for offset, length in extents)

    def _chain(self, cluster: int, most: int, name: str) -> tuple[Extent, ...]:
        """The clusters of a file as extents; it ends at its size, at its end mark, or where the chain is torn."""
        extents: list[Extent] = []
        size = 0
        while size < most and _RESERVED <= cluster < self.boot.clusters + _RESERVED:
            self.found.step()
            offset = self.boot.data + (cluster - _RESERVED) * self.boot.cluster
            if extents and sum(extents[-1]) == offset:
                extents[-1] = extents[-1][0], extents[-1][1] + self.boot.cluster
            else:
                extents.append((offset, self.boot.cluster))
            size += self.boot.cluster
            cluster = self._next(cluster, name)
        return tuple(extents)

    def _next(self, cluster: int, name: str) -> int:
        """The number that the table holds for a cluster; end marks and reserved numbers lie beyond the clusters."""
        bits, fat = self.boot.bits, self.boot.fat
        at = fat + cluster * bits // 8
        raw = self.content[at : at + (4 if bits == 32 else 2)]  # noqa: PLR2004 - bits of an entry
        if len(raw) < 2:  # noqa: PLR2004 - bytes of the shortest entry
            raise Malformed("the image ends within its allocation table", name)
        value = int.from_bytes(raw, "little")
        if bits == 12:  # noqa: PLR2004 - bits of an entry
            return value >> 4 if cluster & 1 else value & 0xFFF
        return value & 0x0FFFFFFF

    def _entries(self, raw: bytes) -> Iterator[_Entry]:
        """What a folder lists; long names stand in front of the entry that they belong to."""
        long: dict[int, str] = {}
        check = -1
        for at in range(0, len(raw) - _ENTRY + 1, _ENTRY):
            self.found.step()
            entry = raw[at : at + _ENTRY]
            if entry[0] == _END:
                return
            if entry[0] == _DELETED:
                long = {}
            elif entry[11] & 0x3F == _LONG:
                long = {} if entry[0] & _LAST_LONG else long
                long[entry[0] & 0x3F] = _long_part(entry)
                check = entry[13]
            elif entry[11] & _VOLUME or entry[:2] in (b". ", b".."):
                long = {}
            else:
                said = long if check == _checksum(entry) else {}
                yield self._entry(entry, "".join(said[number] for number in sorted(said)))
                long = {}

    def _entry(self, entry: bytes, long: str) -> _Entry:
        high, low, size = unpack_from("<H4xHL", entry, 20)
        first = low | (high << 16 if self.boot.bits == 32 else 0)  # noqa: PLR2004 - bits of an entry
        return _Entry(long or _short_name(entry), entry[11], first, size)


def _long_part(entry: bytes) -> str:
    raw = entry[1:11] + entry[14:26] + entry[28:32]
    return raw.decode("utf-16-le", "replace").partition("\0")[0]


def _checksum(entry: bytes) -> int:
    value = 0
    for byte in entry[:_NAME]:
        value = ((value >> 1 | value << 7) + byte) & 0xFF
    return value


def _short_name(entry: bytes) -> str:
    """Eight and three characters of a DOS code page, with Windows NT's marks for lower case."""
    raw = b"\xe5" + entry[1:_NAME] if entry[0] == _KANJI else entry[:_NAME]
    base, extension = (part.decode("cp437").rstrip(" ") for part in (raw[:8], raw[8:]))
    base = base.lower() if entry[12] & _LOWER_BASE else base
    extension = extension.lower() if entry[12] & _LOWER_EXTENSION else extension
    return f"{base}.{extension}" if extension else base
