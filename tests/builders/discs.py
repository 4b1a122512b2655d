"""Disc and disk images in memory: ISO 9660, Joliet, Rock Ridge and UDF by pycdlib, FAT by hand."""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import pycdlib

SECTOR = 512


@dataclass(frozen=True)
class OnDisc:
    """A file and the views that show it; its plain name is what the oldest readers see."""

    plain: str
    name: str
    content: bytes
    joliet: bool = True


def disc(files: Sequence[OnDisc], *, joliet: bool = False, rock_ridge: bool = False, udf: bool = False) -> bytes:
    """An image with the directories asked for; names with a slash lie in one folder."""
    iso = pycdlib.PyCdlib()
    iso.new(
        interchange_level=3 if rock_ridge else 1,
        joliet=3 if joliet else None,
        rock_ridge="1.09" if rock_ridge else None,
        udf="2.60" if udf else None,
    )
    for each in files:
        views = {"iso_path": f"/{each.plain};1"}
        if joliet and each.joliet:
            views["joliet_path"] = f"/{each.name}"
        if rock_ridge:
            views["rr_name"] = each.name
        if udf:
            views["udf_path"] = f"/{each.name}"
        iso.add_fp(io.BytesIO(each.content), len(each.content), **views)
    whole = io.BytesIO()
    iso.write_fp(whole)
    return whole.getvalue()


def _long_entries(name: str, short: bytes) -> bytes:
    check = 0
    for byte in short:
        check = ((check >> 1 | check << 7) + byte) & 0xFF
    units = name.encode("utf-16-le") + b"\0\0"
    parts = [units[at : at + 26].ljust(26, b"\xff") for at in range(0, len(units), 26)]
    entries = []
    for number, part in enumerate(parts, 1):
        mark = number | (0x40 if number == len(parts) else 0)
        entries.append(
            bytes([mark]) + part[:10] + b"\x0f\0" + bytes([check]) + part[10:22] + b"\0\0" + part[22:26],
        )
    return b"".join(reversed(entries))


class Fat:
    """A FAT volume; clusters are one sector each."""

    def __init__(self, bits: int = 12) -> None:
        self.bits = bits
        self.count = {12: 300, 16: 4200, 32: 66000}[bits]
        self.next = 3 if bits == 32 else 2
        self.table = {0: 0xFFFFFF8, 1: 0xFFFFFFF, 2: 0xFFFFFFF}
        self.data: dict[int, bytes] = {}
        self.root = b""

    def store(self, content: bytes) -> int:
        """Write content to the next clusters; the first one's number."""
        first = self.next if content else 0
        for at in range(0, len(content), SECTOR):
            self.data[self.next] = content[at : at + SECTOR]
            self.table[self.next] = self.next + 1 if at + SECTOR < len(content) else 0xFFFFFFF
            self.next += 1
        return first

    def entry(self, name: str, content: bytes, short: bytes, attributes: int = 0x20, *, long: bool = True) -> bytes:
        first = self.store(content)
        size = 0 if attributes & 0x10 else len(content)
        record = short + bytes([attributes]) + bytes(8) + struct.pack("<H4xHL", first >> 16, first & 0xFFFF, size)
        return (_long_entries(name, short) if long else b"") + record

    def image(self) -> bytes:
        width = self.bits
        table_bytes = -(-(self.count + 2) * width // 8)
        fat_sectors = -(-table_bytes // SECTOR)
        table = bytearray(fat_sectors * SECTOR)
        for number, value in self.table.items():
            place, shift = divmod(number * width, 8)
            old = int.from_bytes(table[place : place + 4], "little")
            table[place : place + 4] = (old | (value & ((1 << width) - 1)) << shift).to_bytes(4, "little")
        reserved, entries = (32, 0) if width == 32 else (1, 64)
        if width == 32:
            self.data[2] = self.root
        fixed = b"" if width == 32 else self.root.ljust(entries * 32, b"\0")
        total = reserved + fat_sectors + len(fixed) // SECTOR + self.count
        boot = bytearray(SECTOR)
        boot[:3] = b"\xeb\x3c\x90"
        struct.pack_into(
            "<HBHBHHBH", boot, 11, SECTOR, 1, reserved, 1, entries, 0, 0xF8, 0 if width == 32 else fat_sectors
        )
        struct.pack_into("<L", boot, 32, total)
        if width == 32:
            struct.pack_into("<L4xL", boot, 36, fat_sectors, 2)
        boot[510:] = b"\x55\xaa"
        last = max(self.data, default=1)
        data = b"".join(self.data.get(number, b"").ljust(SECTOR, b"\0") for number in range(2, last + 1))
        return bytes(boot).ljust(reserved * SECTOR, b"\0") + bytes(table) + fixed + data.ljust(4 * SECTOR, b"\0")


def partitioned(*volumes: tuple[int, bytes]) -> bytes:
    """A disk of partitions: (type, bytes)."""
    boot, at, body = bytearray(SECTOR), 1, b""
    for number, (kind, volume) in enumerate(volumes):
        sectors = -(-len(volume) // SECTOR)
        struct.pack_into("<4xB3xLL", boot, 446 + 16 * number, kind, at, sectors)
        body += volume.ljust(sectors * SECTOR, b"\0")
        at += sectors
    boot[510:] = b"\x55\xaa"
    return bytes(boot) + body
