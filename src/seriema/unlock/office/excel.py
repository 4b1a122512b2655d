"""Excel 5 to 2003 ([MS-XLS] 2.2.10, 2.4.117): the contents of the workbook's records, not their headers.

A workbook with write protection only is encrypted too, with the password that every Excel tries by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import unpack_from
from typing import cast

from seriema.model.errors import LimitReached, Malformed, Unsupported
from seriema.unlock.format import Key, Lock
from seriema.unlock.office import rc4
from seriema.unlock.office.compound import Compound
from seriema.unlock.office.document import Encrypted, chunks
from seriema.unlock.office.xor import xor_lock

STREAMS = ("Workbook", "Book")
_FILE_PASS, _END, _BOUND_SHEET = 0x2F, 0x0A, 0x85
#: BOF, FilePass, UsrExcl, FileLock, InterfaceHdr, RRDInfo, RRDHead, which are never encrypted (2.2.10), and BOF of old.
_PLAIN = frozenset({0x0809, _FILE_PASS, 0x0194, 0x0195, 0xE1, 0x0196, 0x0138, 0x0009, 0x0209, 0x0409})
_POSITION = 4  #: lbPlyPos of BoundSheet8 stays readable
#: Records that hold one flag, 0 or 1: CalcPrecision, Protect, WinProtect, Date1904, Backup.
_FLAGS = frozenset({0x0E, 0x12, 0x19, 0x22, 0x40})
_XOR, _RC4 = 0, 1
_OLD_FILE_PASS = 4  #: bytes of the record before Excel 97, which has no type
_BLOCK = 1024
_RECORDS, _FIRST_PART = 2_000_000, 200_000
_TURNED = bytes(byte >> 5 | byte << 3 & 0xFF for byte in range(256))
_PATTERNS = 8224 // 16 + 1  #: repetitions that cover the largest record


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    start: int  #: of its content
    end: int


def is_encrypted(compound: Compound) -> bool:
    """Whether a workbook has a FilePass record."""
    return any(_file_pass(compound.read(name)) for name in _present(compound))


def encryption(compound: Compound) -> Encrypted:
    """The encryption of a workbook that has one. ``Malformed`` when it holds two, of which programs show one."""
    names = _present(compound)
    if len(names) > 1:
        raise Malformed("two workbooks in one file")
    name = names[0]
    stream = compound.read(name)
    guard = _file_pass(stream)
    assert guard is not None
    lock, obfuscated = _lock(stream[guard.start : guard.end])

    def read(key: Key | None) -> Iterator[bytes]:
        if obfuscated:
            plain = _unpatterned(stream, cast("bytes", key))
        else:
            plain = _unlocked(stream, rc4.decrypted(stream, cast("rc4.BlockKeys", key), _BLOCK))
        yield from chunks(compound.replaced({name: _without(plain, guard)}))

    return Encrypted(lock, read, len(stream))


def _present(compound: Compound) -> list[str]:
    return [name for name in STREAMS if name.lower() in compound.streams]


def records(stream: bytes, most: int = _RECORDS) -> Iterator[_Record]:
    """The records of a stream. ``LimitReached`` for more than any workbook has."""
    at = 0
    for _ in range(most):
        if at + 4 > len(stream):
            return
        number, size = unpack_from("<HH", stream, at)
        yield _Record(number, at + 4, min(at + 4 + size, len(stream)))
        at += 4 + size
    raise LimitReached(f"more than {most} records in a workbook")


def _file_pass(stream: bytes) -> _Record | None:
    """The record that says how the workbook is encrypted; it stands in the first part."""
    for record in records(stream, _FIRST_PART):
        if record.number == _FILE_PASS:
            return record
        if record.number == _END:
            return None
    return None


def _lock(content: bytes) -> tuple[Lock, bool]:
    """The lock, and whether it is obfuscation only."""
    if len(content) == _OLD_FILE_PASS:
        key, verifier = unpack_from("<HH", content)
        return xor_lock(key, verifier), True
    if len(content) < 2 + _OLD_FILE_PASS:
        raise Malformed("the FilePass record breaks off")
    kind = unpack_from("<H", content)[0]
    if kind == _XOR:
        key, verifier = unpack_from("<HH", content, 2)
        return xor_lock(key, verifier), True
    if kind == _RC4:
        return rc4.read_header(content[2:]).lock(), False
    raise Unsupported(f"Excel encryption of type {kind}")


def _unlocked(stream: bytes, decrypted: bytes) -> bytes:
    """The decrypted stream with what was never encrypted put back."""
    out = bytearray(decrypted)
    last = 0
    for record in records(stream):
        begin = record.end if record.number in _PLAIN else record.start
        begin = min(begin + _POSITION, record.end) if record.number == _BOUND_SHEET else begin
        out[record.start - 4 : begin] = stream[record.start - 4 : begin]
        last = record.end
    out[last:] = stream[last:]
    return bytes(out)


def _unpatterned(stream: bytes, pattern: bytes) -> bytes:
    """Method 1 (2.3.7.3): turned by five bits, the pattern's phase given by each record's end."""
    patterns = [(pattern[phase:] + pattern[:phase]) * _PATTERNS for phase in range(16)]
    out, last = [], 0
    for record in records(stream):
        out.append(stream[last : record.start])
        last = record.start
        if record.number in _PLAIN:
            continue
        begin = min(record.start + _POSITION, record.end) if record.number == _BOUND_SHEET else record.start
        out.append(stream[last:begin])
        size, last = record.end - begin, record.end
        plain = _xored(stream[begin:last], patterns[(begin + last - record.start) % 16])
        if record.number in _FLAGS and (size != 2 or plain[0] > 1 or plain[1]):  # noqa: PLR2004 - a flag has two bytes
            raise Malformed("a flag that is neither 0 nor 1")
        out.append(plain)
    out.append(stream[last:])
    return b"".join(out)


def _xored(content: bytes, pattern: bytes) -> bytes:
    if len(content) > len(pattern):
        pattern *= len(content) // len(pattern) + 1
    mixed = int.from_bytes(content, "little") ^ int.from_bytes(pattern[: len(content)], "little")
    return mixed.to_bytes(len(content), "little").translate(_TURNED)


def _without(stream: bytes, guard: _Record) -> bytes:
    """The stream with zeros in place of the FilePass record, its length kept."""
    return (
        stream[: guard.start - 4]
        + bytes(2)
        + stream[guard.start - 2 : guard.start]
        + bytes(guard.end - guard.start)
        + stream[guard.end :]
    )
