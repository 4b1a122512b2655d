"""The headers of RAR 5 and 7 (RARLAB, "RAR 5.0 archive format"), one volume at a time."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from seriema.model.errors import Malformed, Unsupported
from seriema.unlock.rar.entries import LARGEST_HEADER, RAR5_VERSION, RAR7_VERSION, Cipher, Header, Link
from seriema.unlock.rar.keys import AES_BLOCK, decrypted

MAIN, FILE, SERVICE, ENCRYPTION, END = 1, 2, 3, 4, 5
_EXTRA, _DATA, _SPLIT_BEFORE, _SPLIT_AFTER = 0x1, 0x2, 0x8, 0x10
_FOLDER, _TIME, _CRC, _UNKNOWN_SIZE = 0x1, 0x2, 0x4, 0x8
_CRYPT_RECORD, _HASH_RECORD, _LINK_RECORD, _SERVICE_RECORD = 1, 2, 5, 7
_CHECKED, _TWEAKED = 0x1, 0x2
_SALT, _CHECK, _CHECK_SUM = 16, 8, 4
_BLAKE2 = 32
_LINKS = {1: Link.SYMLINK, 2: Link.SYMLINK, 3: Link.JUNCTION, 4: Link.HARD_LINK, 5: Link.COPY}
_UNIX = 1
_LEAST_DICTIONARY = 128 << 10
_LONGEST_VINT = 10


@dataclass(frozen=True, slots=True)
class Block:
    """One header, decrypted and with its checksum in order, and where its data lies."""

    kind: int
    flags: int
    start: int  #: of the header
    data: int
    end: int  #: of the data
    body: bytes  #: what stands between the common fields and the extra area
    extra: bytes
    raw: bytes  #: from the checksum on


class Fields:
    """Reads the numbers of a header one after the other. ``Malformed`` when it ends too soon."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def number(self) -> int:
        """A vint: seven bits a byte, lowest first."""
        value = 0
        for place in range(_LONGEST_VINT):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:  # noqa: PLR2004 - the bit that says that more follows
                return value
        raise Malformed("a number in a header does not end")

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        taken = self.data[self.at : self.at + size]
        if len(taken) < size:
            raise Malformed("a header ends too soon")
        self.at += size
        return taken

    @property
    def rest(self) -> bytes:
        """All that was not read yet."""
        return self.data[self.at :]


def block_at(content: bytes, at: int, key: bytes | None) -> Block | None:
    """The block whose header begins at ``at``; None at the end of the bytes. ``Malformed`` when it is no header."""
    if at >= len(content):
        return None
    plain, size = _encrypted(content, at, key) if key else _plain(content, at)
    fields = Fields(plain[4:])
    fields.number()
    body = Fields(fields.rest)
    kind, flags = body.number(), body.number()
    extra = body.number() if flags & _EXTRA else 0
    length = body.number() if flags & _DATA else 0
    if extra > len(body.rest):
        raise Malformed("the extra area is larger than its header", f"offset {at}")
    split = len(body.rest) - extra
    data = at + size
    return Block(kind, flags, at, data, data + length, body.rest[:split], body.rest[split:], plain)


def _plain(content: bytes, at: int) -> tuple[bytes, int]:
    """The header from its checksum on, and the bytes it takes up."""
    fields = Fields(content[at + 4 : at + 4 + _LONGEST_VINT])
    size = fields.number() + fields.at + 4
    raw = content[at : at + size]
    if size > LARGEST_HEADER or len(raw) < size:
        raise Malformed("a header goes beyond the end of the archive", f"offset {at}")
    if zlib.crc32(raw[4:]) != int.from_bytes(raw[:4], "little"):
        raise Malformed("a header's checksum does not agree", f"offset {at}")
    return raw, size


def _encrypted(content: bytes, at: int, key: bytes) -> tuple[bytes, int]:
    """The same behind its IV, padded to whole blocks."""
    iv, sealed = content[at : at + AES_BLOCK], at + AES_BLOCK
    first = content[sealed : sealed + AES_BLOCK]
    if len(first) < AES_BLOCK:
        raise Malformed("an encrypted header goes beyond the end of the archive", f"offset {at}")
    (opening,) = decrypted(iter((first,)), key, iv)
    fields = Fields(opening[4:])
    size = min(fields.number() + fields.at + 4, LARGEST_HEADER)
    padded = -(-size // AES_BLOCK) * AES_BLOCK
    (plain,) = decrypted(iter((content[sealed : sealed + padded],)), key, iv)
    return _plain(plain[:size], 0)[0], AES_BLOCK + padded


def encryption(block: Block) -> Cipher:
    """What an archive encryption header says."""
    fields = Fields(block.body)
    if fields.number():
        raise Unsupported("an unknown encryption of the headers")
    flags, rounds = fields.number(), fields.take(1)[0]
    salt = fields.take(_SALT)
    return Cipher(RAR5_VERSION, salt, rounds, _check(fields) if flags & _CHECKED else None)


def _check(fields: Fields) -> bytes | None:
    """The check value; like unrar, none is believed whose own checksum disagrees."""
    check, checksum = fields.take(_CHECK), fields.take(_CHECK_SUM)
    return check if sha256(check).digest()[:_CHECK_SUM] == checksum else None


def volume_number(block: Block) -> tuple[bool, int]:
    """From a main header: whether it is a volume, and its number from 0."""
    fields = Fields(block.body)
    flags = fields.number()
    return bool(flags & 0x1), fields.number() if flags & 0x2 else 0


def more_follow(block: Block) -> bool:
    """From an end header: whether this is not the last volume."""
    return bool(block.body and Fields(block.body).number() & 0x1)


def file_header(block: Block) -> Header:
    """A file or service header. ``Malformed`` when its fields do not fit."""
    fields = Fields(block.body)
    flags, size, attributes = fields.number(), fields.number(), fields.number()
    if flags & _TIME:
        fields.take(4)
    crc32 = int.from_bytes(fields.take(4), "little") if flags & _CRC else None
    compression, host = fields.number(), fields.number()
    name = fields.take(fields.number()).decode("utf-8", "replace")
    newer = compression & 0x3F
    header = Header(
        name=name,
        start=block.data,
        end=block.end,
        size=None if flags & _UNKNOWN_SIZE else size,
        method=compression >> 7 & 0x7,
        version=RAR7_VERSION if newer else RAR5_VERSION,
        dictionary=_dictionary(compression),
        solid=bool(compression & 0x40),
        folder=bool(flags & _FOLDER),
        crc32=crc32,
        unix_mode=attributes if host == _UNIX else 0,
        split_before=bool(block.flags & _SPLIT_BEFORE),
        split_after=bool(block.flags & _SPLIT_AFTER),
        service=block.kind == SERVICE,
        trouble="" if newer <= 1 else f"compression version {newer}",
    )
    for kind, record in _records(block.extra):
        header = _with(header, kind, record)
    return header


def _dictionary(compression: int) -> int:
    """RAR 7 has a wider field and steps of a thirty-second between the powers of two."""
    if not compression & 0x3F:
        return _LEAST_DICTIONARY << (compression >> 10 & 0xF)
    size = _LEAST_DICTIONARY << (compression >> 10 & 0x1F)
    return size + size // 32 * (compression >> 15 & 0x1F)


def _with(header: Header, kind: int, record: Fields) -> Header:
    if kind == _CRYPT_RECORD:
        return replace(header, cipher=_file_cipher(record))
    if kind == _HASH_RECORD and record.number() == 0:
        return replace(header, blake2=record.take(_BLAKE2))
    if kind == _LINK_RECORD:
        link = _LINKS.get(record.number())
        record.number()
        target = record.take(record.number()).decode("utf-8", "replace")
        return replace(header, link=link, target=target, trouble="" if link else "an unknown kind of link")
    if kind == _SERVICE_RECORD:
        return replace(header, detail=record.rest)
    return header


def _file_cipher(record: Fields) -> Cipher:
    if record.number():
        raise Unsupported("an unknown encryption")
    flags, rounds = record.number(), record.take(1)[0]
    salt, iv = record.take(_SALT), record.take(AES_BLOCK)
    check = _check(record) if flags & _CHECKED else None
    return Cipher(RAR5_VERSION, salt, rounds, check, iv, tweaked=bool(flags & _TWEAKED))


def _records(extra: bytes) -> Iterator[tuple[int, Fields]]:
    """Type and fields of each record; a torn one ends them, as it does for unrar."""
    fields = Fields(extra)
    while fields.rest:
        try:
            record = Fields(fields.take(fields.number()))
            kind = record.number()
        except Malformed:
            return
        yield kind, Fields(record.rest)


@dataclass(frozen=True, slots=True)
class Copy:
    """A header as the quick open data repeats it."""

    start: int  #: where the header is said to lie
    raw: bytes


def quick_copies(data: bytes, before: int) -> Iterator[Copy]:
    """What the data of a quick open header repeats; ``before`` is that header's offset. A torn entry ends it."""
    fields = Fields(data)
    while len(fields.rest) > 4:  # noqa: PLR2004 - the checksum of an entry
        try:
            fields.take(4)
            entry = Fields(fields.take(fields.number()))
            entry.number()
            start = before - entry.number()
            yield Copy(start, entry.take(entry.number()))
        except Malformed:
            return
