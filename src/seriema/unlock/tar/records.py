"""Header blocks of tar, and the pax records that amend them (POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format")."""

from collections.abc import Iterator
from dataclasses import dataclass

from seriema.model.errors import Malformed

BLOCK = 512
_CHECKSUM = slice(148, 156)
_HIGH = _BASE_256 = 0x80
_NEGATIVE = 0xFF
#: Records of one pax header, and those that matter here.
_MOST_RECORDS = 50_000
_KNOWN = frozenset({"path", "linkpath", "size"})
_SPARSE = "GNU.sparse."
#: Digits of a record's length.
_LONGEST_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Header:
    """One block, its fields as they stand there."""

    name: bytes
    size: int
    kind: str  #: the type flag
    link: bytes
    gnu: bool
    raw: bytes


def checksum_agrees(block: bytes) -> bool:
    """Whether the sum of all bytes, the sum's own place taken for spaces, is what the block says."""
    if len(block) < BLOCK:
        return False
    try:
        said = number(block[_CHECKSUM])
    except Malformed:
        return False
    unsigned = sum(block[:BLOCK]) - sum(block[_CHECKSUM]) + 8 * ord(" ")
    if said == unsigned:
        return True
    high = sum(each >= _HIGH for each in block[:148] + block[156:BLOCK])
    return said == unsigned - 256 * high  # old writers summed signed bytes


def header(block: bytes) -> Header:
    """The fields of a block. ``Malformed`` when it is none."""
    if not checksum_agrees(block):
        raise Malformed("a header that does not agree with its checksum")
    size = number(block[124:136])
    if size < 0:
        raise Malformed("a negative size")
    magic = block[257:265]
    name = _text(block[0:100])
    prefix = _text(block[345:500])
    if magic.startswith(b"ustar\0") and prefix:
        name = prefix + b"/" + name
    return Header(name, size, chr(block[156]), _text(block[157:257]), magic == b"ustar  \0", block)


def number(field: bytes) -> int:
    """Octal digits between spaces and zeros, or GNU's base 256 for what is too large."""
    if field[0] in (_BASE_256, _NEGATIVE):
        value = int.from_bytes(field[1:], "big")
        return value - 256 ** (len(field) - 1) if field[0] == _NEGATIVE else value
    digits = field.partition(b"\0")[0].strip() if field[:1] != b"\0" else b""
    if not digits:
        return 0
    if digits.strip(b"01234567"):
        raise Malformed("a number that is none")
    return int(digits, 8)


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def decoded(name: bytes) -> str:
    """UTF-8 as a rule; else no byte is lost."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1")


def pax_records(data: bytes) -> Iterator[tuple[str, str]]:
    """``length key=value`` lines; only those that say which file it is. ``Malformed`` where one is torn."""
    at, seen = 0, 0
    while at < len(data) and data[at]:
        space = data.find(b" ", at, at + _LONGEST_LENGTH)
        digits = data[at:space] if space > at else b""
        end = at + int(digits) if digits.isdigit() else 0
        seen += 1
        if not space < end <= len(data) or data[end - 1 : end] != b"\n" or seen > _MOST_RECORDS:
            raise Malformed("a torn pax record")
        key, mark, value = data[space + 1 : end - 1].partition(b"=")
        if not mark:
            raise Malformed("a pax record without a value")
        name = decoded(key)
        if name in _KNOWN or name.startswith(_SPARSE):
            yield name, decoded(value)
        at = end
