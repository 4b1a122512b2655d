"""7z archives put together by hand (7zFormat.txt): a test can make any field lie, and keys are quick to derive."""

import hashlib
import lzma
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

IV = bytes(range(16))
SYMLINK = 0x8000 | 0o120777 << 16


def number(value: int) -> bytes:
    """Seven bits a byte, as 7z counts: written in full length when large."""
    return bytes([value]) if value < 0x80 else b"\xff" + struct.pack("<Q", value)


def prop(kind: int, data: bytes) -> bytes:
    return bytes([kind]) + number(len(data)) + data


def coder(method: str, properties: bytes = b"", inputs: int = 1) -> bytes:
    identity = bytes.fromhex(method)
    shape = len(identity) | (0x10 if inputs > 1 else 0) | (0x20 if properties else 0)
    counts = number(inputs) + number(1) if inputs > 1 else b""
    return bytes([shape]) + identity + counts + (number(len(properties)) + properties if properties else b"")


@dataclass(frozen=True)
class Folder:
    """Coders, the first of them main, each bonded to the next; what they pack, and the files that come out."""

    coders: tuple[bytes, ...]
    sizes: tuple[int, ...]
    data: bytes
    files: tuple[bytes, ...]
    crcs: tuple[int, ...]

    def but(self, **changes: object) -> "Folder":
        return replace(self, **changes)


def key_of(password: str, power: int) -> bytes:
    digest = hashlib.sha256()
    for turn in range(1 << power):
        digest.update(password.encode("utf-16-le") + turn.to_bytes(8, "little"))
    return digest.digest()


def folder(*files: bytes, password: str = "", power: int = 4, method: str = "lzma2") -> Folder:
    """A folder of these files; ``method`` is lzma2 or copy."""
    plain = b"".join(files)
    coders, sizes, data = [], [], plain
    if method == "lzma2":
        shape = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}
        data = lzma.compress(plain, lzma.FORMAT_RAW, filters=[shape])
        coders, sizes = [coder("21", b"\x10")], [len(plain)]
    if password:
        coders.append(coder("06f10701", bytes([0x40 | power, 0x0F]) + IV))
        sizes.append(len(data))
        data += b"\0" * (-len(data) % 16)
        encryptor = Cipher(algorithms.AES(key_of(password, power)), modes.CBC(IV)).encryptor()
        data = encryptor.update(data)
    if not coders:
        coders, sizes = [coder("00")], [len(plain)]
    return Folder(tuple(coders), tuple(sizes), data, files, tuple(zlib.crc32(each) for each in files))


def streams(folders: Sequence[Folder], at: int = 0, *, whole: bool = False) -> bytes:
    """Packed streams, folders, files in them. ``whole``: one file each, as for a packed header."""
    packs = b"\x06" + number(at) + number(len(folders)) + b"\x09"
    packs += b"".join(number(len(each.data)) for each in folders) + b"\0"
    shapes = b"".join(_shape(each) for each in folders)
    sizes = b"".join(number(size) for each in folders for size in each.sizes)
    unpack = b"\x07\x0b" + number(len(folders)) + b"\0" + shapes + b"\x0c" + sizes
    if whole:
        return packs + unpack + b"\x0a\1" + struct.pack("<L", folders[0].crcs[0]) + b"\0\0"
    inner = b"\x08\x0d" + b"".join(number(len(each.files)) for each in folders)
    inner += b"\x09" + b"".join(number(len(file)) for each in folders for file in each.files[:-1])
    crcs = [crc for each in folders for crc in each.crcs]
    return packs + unpack + b"\0" + inner + b"\x0a\1" + struct.pack(f"<{len(crcs)}L", *crcs) + b"\0\0"


def _shape(each: Folder) -> bytes:
    bonds = b"".join(number(turn) + number(turn + 1) for turn in range(len(each.coders) - 1))
    return number(len(each.coders)) + b"".join(each.coders) + bonds


def files_info(names: Sequence[str], properties: bytes = b"") -> bytes:
    written = b"\0" + b"".join(name.encode("utf-16-le") + b"\0\0" for name in names)
    return b"\x05" + number(len(names)) + properties + prop(0x11, written) + b"\0"


def bits(values: Sequence[bool]) -> bytes:
    text = "".join("1" if value else "0" for value in values)
    return int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8), "big") if text else b""


def framed(packed: bytes, header: bytes) -> bytes:
    """Signature, start header, packed streams, header."""
    start = struct.pack("<QQL", len(packed), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<L", zlib.crc32(start)) + start + packed + header


def archive(
    names: Sequence[str], *folders: Folder, properties: bytes = b"", locked: str = "", encoded: int = 0, power: int = 4
) -> bytes:
    """``names`` over all folders' files. ``locked``: the header encrypted so; ``encoded``: packed so many times."""
    packed = b"".join(each.data for each in folders)
    header = b"\x01" + (b"\x04" + streams(folders) if folders else b"") + files_info(names, properties) + b"\0"
    for turn in range(encoded + bool(locked)):
        password = locked if turn == encoded else ""
        shut = folder(header, password=password, power=power)
        header = b"\x17" + streams([shut], len(packed), whole=True)
        packed += shut.data
    return framed(packed, header)
