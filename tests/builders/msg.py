"""Outlook .msg files in memory: the smallest MS-CFB container that holds MS-OXMSG properties.

Every stream lies in the mini stream, so no stream may reach 4,096 bytes.
"""

import struct
from dataclasses import dataclass, field

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, MINI = 512, 64


@dataclass
class Storage:
    """One storage: streams and storages by name."""

    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, "Storage"] = field(default_factory=dict)


def text(tag: int, value: str) -> tuple[str, bytes]:
    return f"__substg1.0_{tag:04X}001F", value.encode("utf-16-le")


def binary(tag: int, value: bytes) -> tuple[str, bytes]:
    return f"__substg1.0_{tag:04X}0102", value


def properties(header_bytes: int, numbers: dict[int, int]) -> bytes:
    """The fixed properties: 32-bit numbers by tag."""
    entries = (struct.pack("<HHIiI", 0x0003, tag, 6, value, 0) for tag, value in numbers.items())
    return bytes(header_bytes) + b"".join(entries)


def message(streams: list[tuple[str, bytes]], storages: dict[str, Storage], *, embedded: bool = False) -> Storage:
    fixed = properties(24 if embedded else 32, {0x3FDE: 65001})
    return Storage({"__properties_version1.0": fixed, **dict(streams)}, storages)


def recipient(kind: int, address: str, name: str) -> Storage:
    fixed = properties(8, {0x0C15: kind})
    return Storage({"__properties_version1.0": fixed, **dict([text(0x39FE, address), text(0x3001, name)])})


def attachment(name: str, content: bytes | Storage) -> Storage:
    streams = {"__properties_version1.0": properties(8, {}), **dict([text(0x3707, name)])}
    if isinstance(content, Storage):
        return Storage(streams, {"__substg1.0_3701000D": content})
    return Storage({**streams, **dict([binary(0x3701, content)])})


def write(root: Storage) -> bytes:
    """The container's bytes."""
    entries: list[list] = [["Root Entry", 5, FREE, FREE, FREE, END, 0]]
    mini = bytearray()
    mini_fat: list[int] = []
    _add(root, 0, entries, mini, mini_fat)
    directory = b"".join(_entry(*entry) for entry in entries)
    directory += bytes(-len(directory) % SECTOR)
    mini_data = bytes(mini) + bytes(-len(mini) % SECTOR)
    mini_fat_data = b"".join(struct.pack("<I", one) for one in mini_fat)
    mini_fat_data += b"\xff" * (-len(mini_fat_data) % SECTOR)
    counts = [len(part) // SECTOR for part in (directory, mini_fat_data, mini_data)]
    fat = [FAT]
    starts = []
    for count in counts:
        starts.append(len(fat) if count else END)
        fat += [len(fat) + 1 + index for index in range(count - 1)] + [END] * bool(count)
    assert len(fat) <= SECTOR // 4, "one FAT sector is enough for tests"
    fat += [FREE] * (SECTOR // 4 - len(fat))
    root_entry = _entry("Root Entry", 5, FREE, FREE, entries[0][4], starts[2], len(mini))
    directory = root_entry + directory[128:]
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, 1, starts[0], 0, 4096,
        starts[1], counts[1], END, 0, 0,
    )  # fmt: skip
    header += b"\xff" * (SECTOR - len(header))
    return header + struct.pack(f"<{SECTOR // 4}I", *fat) + directory + mini_fat_data + mini_data


def _add(storage: Storage, index: int, entries: list[list], mini: bytearray, mini_fat: list[int]) -> None:
    """The children of one storage as a chain of right siblings, which readers that walk the tree accept."""
    previous = None
    for name, content in sorted({**storage.streams, **storage.storages}.items(), key=lambda one: (len(one[0]), one[0])):
        own = len(entries)
        if previous is None:
            entries[index][4] = own
        else:
            entries[previous][3] = own
        previous = own
        if isinstance(content, Storage):
            entries.append([name, 1, FREE, FREE, FREE, 0, 0])
            _add(content, own, entries, mini, mini_fat)
        else:
            assert len(content) < 4096
            start = len(mini_fat) if content else END
            entries.append([name, 2, FREE, FREE, FREE, start, len(content)])
            blocks = -(-len(content) // MINI)
            mini_fat += [len(mini_fat) + 1 + number for number in range(blocks - 1)] + [END] * bool(blocks)
            mini += content + bytes(-len(content) % MINI)


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ", encoded, len(encoded), kind, 1, left, right, child, bytes(16), 0, 0, 0, start, size
    )
