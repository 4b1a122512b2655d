"""RAR archives by hand: headers with any field wrong, stored data, both ciphers. Compressed ones come from ``rars``."""

import hashlib
import hmac
import struct
import zlib
from dataclasses import dataclass, field

import rars
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MARK3, MARK5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
SALT, IV = bytes(range(16)), bytes(range(100, 116))
MAIN5, FILE5, SERVICE5, LOCKED5, END5 = 1, 2, 3, 4, 5
BEFORE, AFTER = 0x8, 0x10


def packed(files: list[tuple[str, bytes]], **settings: object) -> bytes:
    """Compressed by the library: ``format`` rar15 to rar70, ``password``, ``encrypt_headers``, ``solid`` and so on."""
    builder = rars.RarBuilder(**settings)
    for name, data in files:
        builder.add_bytes(data, name)
    return builder.to_bytes()


def compressed5(data: bytes) -> bytes:
    """The compressed bytes alone."""
    archive = packed([("a", data)], format="rar50")
    size = rars.RarFile.from_bytes(archive).infolist()[0].compress_size
    end = archive.rindex(end5())
    return archive[end - size : end]


def aes(data: bytes, key: bytes, iv: bytes) -> bytes:
    padded = data + bytes(-len(data) % 16)
    return Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor().update(padded)


# -- RAR 5 -------------------------------------------------------------------------------------------------------------


def vint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def record(kind: int, body: bytes) -> bytes:
    return vint(len(vint(kind) + body)) + vint(kind) + body


def block5(kind: int, body: bytes = b"", extra: bytes = b"", data: bytes | None = None, flags: int = 0) -> bytes:
    flags |= bool(extra) | (data is not None) << 1
    head = vint(kind) + vint(flags)
    head += vint(len(extra)) if extra else b""
    head += vint(len(data)) if data is not None else b""
    head += body + extra
    head = vint(len(head)) + head
    return struct.pack("<L", zlib.crc32(head)) + head


def stage(password: str, more: int, rounds: int, salt: bytes = SALT) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, (1 << rounds) + more)


def folded(data: bytes, size: int) -> bytes:
    out = bytearray(size)
    for place, byte in enumerate(data):
        out[place % size] ^= byte
    return bytes(out)


def check_value(password: str, rounds: int, salt: bytes = SALT) -> bytes:
    check = folded(stage(password, 32, rounds, salt), 8)
    return check + hashlib.sha256(check).digest()[:4]


@dataclass(frozen=True)
class File5:
    name: str = "info.txt"
    data: bytes = b"some inert text"
    password: str = ""
    rounds: int = 4
    salt: bytes = SALT
    checked: bool = True
    tweaked: bool = True
    method: int = 0
    dictionary: int = 0
    size: int | None = None
    crc: int | None = None
    blake2: bytes | None = None
    flags: int = 0
    kind: int = FILE5
    link: tuple[int, str] | None = None
    extra: bytes = b""
    more: dict[str, bytes] = field(default_factory=dict)

    def bytes5(self) -> bytes:
        data, extra, crc = self.data, self.extra, zlib.crc32(self.data) if self.crc is None else self.crc
        if self.password:
            data = aes(data, stage(self.password, 0, self.rounds, self.salt), IV)
            said = bytes((0, self.checked | self.tweaked << 1, self.rounds)) + self.salt + IV
            extra += record(1, said + (check_value(self.password, self.rounds, self.salt) if self.checked else b""))
        if self.password and self.tweaked:
            keyed = hmac.new(stage(self.password, 16, self.rounds, self.salt), struct.pack("<L", crc), "sha256")
            crc = int.from_bytes(folded(keyed.digest(), 4), "little")
        if self.blake2 is not None:
            extra += record(2, b"\0" + self.blake2)
        if self.link:
            target = self.link[1].encode()
            extra += record(5, vint(self.link[0]) + b"\0" + vint(len(target)) + target)
        size, name = len(self.data) if self.size is None else self.size, self.name.encode()
        compression = self.method << 7 | self.dictionary << 10
        body = b"\4" + vint(size) + b"\0" + struct.pack("<L", crc) + vint(compression) + b"\1" + vint(len(name)) + name
        return block5(self.kind, body, extra, data, self.flags) + data


def main5(volume: int | None = None) -> bytes:
    if volume is None:
        return block5(MAIN5, b"\0")
    return block5(MAIN5, b"\3" + vint(volume) if volume else b"\1")


def end5(*, more: bool = False) -> bytes:
    return block5(END5, bytes((more,)))


def rar5(*files: File5, volume: int | None = None, more: bool = False) -> bytes:
    return MARK5 + main5(volume) + b"".join(each.bytes5() for each in files) + end5(more=more)


def locked5(password: str, *files: File5, rounds: int = 4, checked: bool = True) -> bytes:
    """With encrypted headers."""
    key = stage(password, 0, rounds)
    said = bytes((0, checked, rounds)) + SALT + (check_value(password, rounds) if checked else b"")
    out = MARK5 + block5(LOCKED5, said)
    for whole in (main5(), *(each.bytes5() for each in files), end5()):
        size = 5 + whole[4]  # every header here is shorter than 128 bytes
        out += IV + aes(whole[:size], key, IV) + whole[size:]
    return out


# -- RAR 3 -------------------------------------------------------------------------------------------------------------


def block3(kind: int, flags: int = 0, body: bytes = b"") -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def keys3(password: str, salt: bytes) -> tuple[bytes, bytes]:
    """As the technote tells it, slowly."""
    seed, digest, iv = password.encode("utf-16-le") + salt, hashlib.sha1(), bytearray()
    for count in range(1 << 18):
        digest.update(seed + count.to_bytes(3, "little"))
        if count % (1 << 14) == 0:
            iv.append(digest.digest()[19])
    whole = digest.digest()
    return b"".join(whole[at : at + 4][::-1] for at in (0, 4, 8, 12)), bytes(iv)


@dataclass(frozen=True)
class File3:
    name: bytes = b"info.txt"
    data: bytes = b"some inert text"
    password: str = ""
    flags: int = 0
    method: int = 0x30
    version: int = 29
    size: int | None = None
    crc: int | None = None
    kind: int = 0x74
    attributes: int = 0x20
    host: int = 2
    salt: bytes = SALT[:8]

    def bytes3(self) -> bytes:
        flags, data = self.flags | 0x8000, self.data
        if self.password:
            data, flags = aes(data, *keys3(self.password, self.salt)), flags | 0x404
        size = len(self.data) if self.size is None else self.size
        crc = zlib.crc32(self.data) if self.crc is None else self.crc
        numbers = (len(data), size, self.host, crc, 0, self.version, self.method, len(self.name), self.attributes)
        body = struct.pack("<LLBLLBBHL", *numbers) + self.name + (self.salt if self.password else b"")
        return block3(self.kind, flags, body) + data


def end3(*, more: bool = False, volume: int | None = None) -> bytes:
    number = b"" if volume is None else struct.pack("<H", volume)
    return block3(0x7B, 0x4000 | more | (8 if number else 0), number)


def rar3(*files: File3, flags: int = 0, end: bytes | None = None) -> bytes:
    main = block3(0x73, flags, bytes(6))
    return MARK3 + main + b"".join(each.bytes3() for each in files) + (end3() if end is None else end)


def locked3(password: str, *files: File3) -> bytes:
    """With encrypted headers."""
    key, iv = keys3(password, SALT[:8])
    out = MARK3 + block3(0x73, 0x80, bytes(6))
    for whole in (*(each.bytes3() for each in files), end3()):
        size = struct.unpack_from("<H", whole, 5)[0]
        out += SALT[:8] + aes(whole[:size], key, iv) + whole[size:]
    return out
