"""Write an OLE compound file, the storage of legacy Office documents and ``vbaProject.bin``, for inert documents.

Follows [MS-CFB] version 3: 512-byte sectors, 64-byte mini sectors for streams below 4,096 bytes (section 2.4), a
balanced directory tree in the order of section 2.6.4. Equal streams give equal bytes: no times, no random ids.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

SECTOR = 512
MINI_SECTOR = 64
MINI_CUTOFF = 4096
FREE, END_OF_CHAIN, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NO_ENTRY = 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
RED, BLACK = 0, 1
FAT_SECTORS_IN_HEADER = 109
NIL_ID = UUID(int=0)


@dataclass(slots=True)
class _Entry:
    """A directory entry (2.6.1) while it is laid out; ``number`` is its place in the directory."""

    name: str
    kind: int
    content: bytes = b""
    clsid: UUID = NIL_ID
    children: list["_Entry"] = field(default_factory=list)
    number: int = 0
    color: int = BLACK
    left: int = NO_ENTRY
    right: int = NO_ENTRY
    child: int = NO_ENTRY
    start: int = END_OF_CHAIN
    size: int = 0

    def packed(self) -> bytes:
        """Its 128 bytes."""
        name = self.name.encode("utf-16-le")
        head = name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, self.kind, self.color)
        links = struct.pack("<III", self.left, self.right, self.child)
        return head + links + self.clsid.bytes_le + bytes(20) + struct.pack("<IQ", self.start, self.size)


def compound_file(streams: Mapping[str, bytes], clsids: Mapping[str, UUID] | None = None) -> bytes:
    """The file that holds ``streams``, each under its path ("Macros/VBA/dir"); ``clsids`` names storages, "" the root.

    Raises ``ValueError`` for a name over 31 characters or more than about 7 MB, which this writer does not need.
    """
    root = _tree(streams, clsids or {})
    entries = _numbered(root)
    mini, mini_fat = _mini_stream(entries)
    layout = _Layout()
    root.start, root.size = layout.place(mini), len(mini)
    for entry in entries:
        if entry.kind == STREAM and len(entry.content) >= MINI_CUTOFF:
            entry.start, entry.size = layout.place(entry.content), len(entry.content)
    mini_fat_start = layout.place(_table(mini_fat))
    directory = b"".join(entry.packed() for entry in entries)
    unused = struct.pack("<64xHBBIII36xIQ", 0, 0, 0, NO_ENTRY, NO_ENTRY, NO_ENTRY, 0, 0)
    directory += unused * (-len(entries) % 4)
    directory_start = layout.place(directory)
    fat_sectors = layout.place_fat()
    header = _header(fat_sectors, directory_start, mini_fat_start, len(_table(mini_fat)) // SECTOR)
    return header + b"".join(layout.sectors)


class _Layout:
    """Sectors in file order and the chain that runs through them."""

    def __init__(self) -> None:
        self.sectors: list[bytes] = []
        self.fat: list[int] = []

    def place(self, content: bytes) -> int:
        """Append ``content`` as one chain; its first sector, or the end mark when it is empty."""
        count = -(-len(content) // SECTOR)
        if not count:
            return END_OF_CHAIN
        first = len(self.sectors)
        padded = content.ljust(count * SECTOR, b"\0")
        self.sectors += [padded[i : i + SECTOR] for i in range(0, len(padded), SECTOR)]
        self.fat += [*range(first + 1, first + count), END_OF_CHAIN]
        return first

    def place_fat(self) -> list[int]:
        """Append the allocation table, which also lists its own sectors; their numbers."""
        count = 1
        while count * (SECTOR // 4) < len(self.fat) + count:
            count += 1
        if count > FAT_SECTORS_IN_HEADER:
            raise ValueError("more than the header's allocation list can hold")
        numbers = list(range(len(self.sectors), len(self.sectors) + count))
        table = _table(self.fat + [FAT_SECTOR] * count)
        self.sectors += [table[i : i + SECTOR] for i in range(0, len(table), SECTOR)]
        return numbers


def _tree(streams: Mapping[str, bytes], clsids: Mapping[str, UUID]) -> _Entry:
    root = _Entry("Root Entry", ROOT, clsid=clsids.get("", NIL_ID))
    storages = {"": root}
    for path, content in streams.items():
        *folders, name = path.split("/")
        here = ""
        for folder in folders:
            parent, here = here, f"{here}/{folder}" if here else folder
            if here not in storages:
                storages[here] = _Entry(folder, STORAGE, clsid=clsids.get(here, NIL_ID))
                storages[parent].children.append(storages[here])
        storages[here].children.append(_Entry(name, STREAM, content))
    return root


def _numbered(root: _Entry) -> list[_Entry]:
    """All entries in directory order, parents before children, linked to each other."""
    entries = [root]
    for entry in entries:
        for child in entry.children:
            if len(child.name) > 31:  # noqa: PLR2004 (2.6.1: 32 UTF-16 units with the terminator)
                raise ValueError(f"{child.name!r} is too long for a directory entry")
            child.number = len(entries)
            entries.append(child)
    for entry in entries:
        ordered = sorted(entry.children, key=lambda child: (len(child.name), child.name.upper()))
        entry.child = _linked(ordered, 1, len(ordered).bit_length())
    return entries


def _linked(ordered: list[_Entry], level: int, levels: int) -> int:
    """Make ``ordered`` a balanced tree; its top's number. The last level is red, which keeps an uneven tree valid."""
    if not ordered:
        return NO_ENTRY
    middle = len(ordered) // 2
    top = ordered[middle]
    top.left = _linked(ordered[:middle], level + 1, levels)
    top.right = _linked(ordered[middle + 1 :], level + 1, levels)
    top.color = RED if level == levels > 1 else BLACK
    return top.number


def _mini_stream(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    """The short streams in one piece, with their own allocation table; sets where each begins."""
    pieces: list[bytes] = []
    table: list[int] = []
    for entry in entries:
        if entry.kind != STREAM or not 0 < len(entry.content) < MINI_CUTOFF:
            continue
        count = -(-len(entry.content) // MINI_SECTOR)
        entry.start, entry.size = len(table), len(entry.content)
        pieces.append(entry.content.ljust(count * MINI_SECTOR, b"\0"))
        table += [*range(len(table) + 1, len(table) + count), END_OF_CHAIN]
    return b"".join(pieces), table


def _table(numbers: list[int]) -> bytes:
    """An allocation table in whole sectors."""
    padded = numbers + [FREE] * (-len(numbers) % (SECTOR // 4))
    return struct.pack(f"<{len(padded)}I", *padded)


def _header(fat_sectors: list[int], directory: int, mini_fat: int, mini_fat_count: int) -> bytes:
    """Section 2.2."""
    signature = bytes.fromhex("d0cf11e0a1b11ae1")
    versions = struct.pack("<16xHHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    counts = struct.pack("<IIIIIIIII", 0, len(fat_sectors), directory, 0, MINI_CUTOFF, mini_fat, mini_fat_count,
                         END_OF_CHAIN, 0)  # fmt: skip
    listed = fat_sectors + [FREE] * (FAT_SECTORS_IN_HEADER - len(fat_sectors))
    return signature + versions + counts + struct.pack(f"<{FAT_SECTORS_IN_HEADER}I", *listed)
