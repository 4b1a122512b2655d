"""Archives in several files, named and cut as the programs that split them do."""

import struct
import zlib
from pathlib import Path

import rars
from tests.builders.rars import AFTER, BEFORE, File3, File5, end3, rar3, rar5

Volume = tuple[str, bytes]


def pieces(name: str, content: bytes, count: int = 3) -> list[Volume]:
    """Numbered pieces of any file."""
    step = -(-len(content) // count)
    return [(f"{name}.{n + 1:03}", content[n * step : (n + 1) * step]) for n in range(count)]


def rar5_volumes(stem: str, content: bytes) -> list[Volume]:
    """One stored file over three volumes."""
    third = len(content) // 3
    parts = (
        rar5(File5("a.txt", content[:third], flags=AFTER), volume=0, more=True),
        rar5(File5("a.txt", content[third : 2 * third], flags=BEFORE | AFTER), volume=1, more=True),
        rar5(_last5(content, third), volume=2),
    )
    return [(f"{stem}.part{n}.rar", part) for n, part in enumerate(parts, 1)]


def _last5(content: bytes, third: int) -> File5:
    return File5("a.txt", content[2 * third :], size=len(content), crc=zlib.crc32(content), flags=BEFORE)


def rar3_volumes(stem: str, content: bytes) -> list[Volume]:
    """The same with the names of old."""
    third, size, crc = len(content) // 3, len(content), zlib.crc32(content)
    parts = (
        rar3(File3(b"a.txt", content[:third], flags=2, size=size), flags=0x101, end=end3(more=True, volume=0)),
        rar3(File3(b"a.txt", content[third : 2 * third], flags=3, size=size), flags=1, end=end3(more=True, volume=1)),
        rar3(File3(b"a.txt", content[2 * third :], flags=1, size=size, crc=crc), flags=1, end=end3(volume=2)),
    )
    return [(f"{stem}.{ending}", part) for ending, part in zip(("rar", "r00", "r01"), parts, strict=True)]


def locked_volumes(folder: Path, content: bytes, password: str, *, headers: bool) -> list[Volume]:
    """Compressed and encrypted by the library, which writes them only to files."""
    builder = rars.RarBuilder(format="rar50", password=password, encrypt_headers=headers, volume_size=2000)
    builder.add_bytes(content, "a.bin")
    builder.write_volumes(str(folder / "info.part1.rar"))
    return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]


def split_zip(stem: str, whole: bytes, *cuts: int) -> list[Volume]:
    """An ordinary ZIP cut at these offsets, its directory counting from each volume (APPNOTE 8.3, 8.5.3)."""
    data = bytearray(b"PK\7\x08" + whole)
    bounds = [0, *cuts, len(data)]
    end = data.rindex(b"PK\5\6")
    size, offset = struct.unpack_from("<LL", data, end + 12)
    at = offset + 4
    disk, place = _place(bounds, at)
    struct.pack_into("<HH", data, end + 4, len(cuts), disk)
    struct.pack_into("<L", data, end + 16, place)
    while at < offset + 4 + size:
        name, extra, comment = struct.unpack_from("<3H", data, at + 28)
        disk, place = _place(bounds, struct.unpack_from("<L", data, at + 42)[0] + 4)
        struct.pack_into("<H", data, at + 34, disk)
        struct.pack_into("<L", data, at + 42, place)
        at += 46 + name + extra + comment
    endings = [*(f"z{n + 1:02}" for n in range(len(cuts))), "zip"]
    return [(f"{stem}.{ending}", bytes(data[bounds[n] : bounds[n + 1]])) for n, ending in enumerate(endings)]


def _place(bounds: list[int], at: int) -> tuple[int, int]:
    disk = max(n for n, start in enumerate(bounds[:-1]) if start <= at)
    return disk, at - bounds[disk]
