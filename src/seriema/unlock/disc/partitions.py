"""Partitions of a disk image: the table in the master boot record, and GPT (UEFI 2.10, section 5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import unpack_from

SECTOR = 512
_SIGNATURE_AT, _SIGNATURE = 510, b"\x55\xaa"
_TABLE, _ENTRIES, _ENTRY = 446, 4, 16
_GPT, _GPT_MARK = 0xEE, b"EFI PART"
_MOST = 128
_EXTENDED = frozenset({0x05, 0x0F, 0x85})
#: File systems that are named by their marks: (offset in the partition, mark, name).
_MARKS = ((3, b"NTFS    ", "NTFS"), (3, b"EXFAT   ", "exFAT"), (1080, b"\x53\xef", "ext"), (1024, b"H+", "HFS+"))


@dataclass(frozen=True, slots=True)
class Partition:
    """One entry of a table: where it begins, and what kind the table says."""

    offset: int
    kind: int


def partitions(content: bytes) -> Iterator[Partition]:
    """What the table lists; logical partitions within an extended one are listed as that one."""
    if content[_SIGNATURE_AT : _SIGNATURE_AT + 2] != _SIGNATURE:
        return
    for place in range(_TABLE, _TABLE + _ENTRIES * _ENTRY, _ENTRY):
        kind, first, count = unpack_from("<4xB3xLL", content, place)
        if kind == _GPT:
            yield from _guid_partitions(content)
            return
        if kind and first and count and first * SECTOR < len(content):
            yield Partition(first * SECTOR, kind)


def _guid_partitions(content: bytes) -> Iterator[Partition]:
    if not content.startswith(_GPT_MARK, SECTOR) or len(content) < 3 * SECTOR:
        return
    table, count, size = unpack_from("<QLL", content, SECTOR + 72)
    for number in range(min(count, _MOST)):
        at = table * SECTOR + number * size
        if at + 48 > len(content):
            return
        (first,) = unpack_from("<Q", content, at + 32)
        if any(content[at : at + 16]) and 0 < first * SECTOR < len(content):
            yield Partition(first * SECTOR, _GPT)


def named(content: bytes, partition: Partition) -> str:
    """The file system of a partition in a word, as far as it shows itself."""
    if partition.kind in _EXTENDED:
        return "an extended partition"
    for offset, mark, name in _MARKS:
        if content.startswith(mark, partition.offset + offset):
            return name
    return f"partition type {partition.kind:#04x}"
