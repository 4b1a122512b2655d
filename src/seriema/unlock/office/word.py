"""Word 6 to 2003 ([MS-DOC] 2.2.6, 2.5.2): the main stream behind its first bytes, the table stream and the data stream.

Word before 97 has no table stream and knows XOR only; its header is shorter. The storage of macros is not encrypted.
"""

from collections.abc import Iterator
from struct import pack, unpack_from
from typing import cast

from seriema.model.errors import Malformed
from seriema.unlock.format import Key
from seriema.unlock.office import rc4
from seriema.unlock.office.compound import Compound
from seriema.unlock.office.document import Encrypted, chunks
from seriema.unlock.office.xor import xor_lock

MAIN, DATA = "WordDocument", "Data"
_FIRST_97 = 0xC0  #: nFib from here on is Word 97 or later
_FLAGS, _KEY = 0x0A, 0x0E
_ENCRYPTED, _SECOND_TABLE, _OBFUSCATED = 0x0100, 0x0200, 0x8000
_PLAIN, _PLAIN_BEFORE_97 = 0x44, 0x34  #: bytes of the main stream that stay readable
_BLOCK = 512
#: FibRgFcLcb (2.5.1): the number of its pairs, the numbers that occur, and the pair of the piece table.
_PAIRS, _PAIR_COUNTS, _CLX = 0x98, (0x5D, 0x6C, 0x88, 0xA4, 0xB7), 0x1A2


def is_encrypted(compound: Compound) -> bool:
    """Whether the document's header says so."""
    return bool(_flags(compound.read(MAIN)) & _ENCRYPTED)


def encryption(compound: Compound) -> Encrypted:
    """The encryption of a document that has one."""
    main = compound.read(MAIN)
    version, flags = unpack_from("<H", main, 2)[0], _flags(main)
    old = version < _FIRST_97
    table = "1Table" if flags & _SECOND_TABLE else "0Table"
    parts = [] if old else [table, *([DATA] if DATA.lower() in compound.streams else [])]
    plain = _PLAIN_BEFORE_97 if old else _PLAIN
    obfuscated = old or bool(flags & _OBFUSCATED)
    if obfuscated:
        verifier, key = unpack_from("<HH", main, _KEY)
        lock = xor_lock(key, verifier)
    else:
        lock = rc4.read_header(compound.read(table)).lock()

    def read(key: Key | None) -> Iterator[bytes]:
        opened = {path: _opened(compound.read(path), key, obfuscated) for path in (MAIN, *parts)}
        opened[MAIN] = _cleared(main)[:plain] + opened[MAIN][plain:]
        if obfuscated and not old:
            _check(opened[MAIN], opened[table])
        yield from chunks(compound.replaced(opened))

    return Encrypted(lock, read, len(main))


def _flags(main: bytes) -> int:
    if len(main) < _PLAIN:
        raise Malformed("the document's header breaks off", MAIN)
    return int(unpack_from("<H", main, _FLAGS)[0])


def _opened(stream: bytes, key: Key | None, obfuscated: bool) -> bytes:  # noqa: FBT001 - one of two ciphers
    if obfuscated:
        return _unpatterned(stream, cast("bytes", key))
    return rc4.decrypted(stream, cast("rc4.BlockKeys", key), _BLOCK)


def _unpatterned(stream: bytes, pattern: bytes) -> bytes:
    """Method 2 (2.3.7.6): neither a zero nor what would become one is changed."""
    out = bytearray(stream)
    for place, mask in enumerate(pattern[: len(stream)]):
        table = bytes(byte ^ mask if byte not in (0, mask) else byte for byte in range(256))
        out[place::16] = stream[place::16].translate(table)
    return bytes(out)


def _check(main: bytes, table: bytes) -> None:
    """Whether a pattern was the right one shows where the header says how long it is and where the text lies."""
    if len(main) < _CLX + 8 or unpack_from("<H", main, _PAIRS)[0] not in _PAIR_COUNTS:
        raise Malformed("the document's header is of no known length")
    start, size = unpack_from("<II", main, _CLX)
    if start + size > len(table) or not size or table[start] not in (1, 2):
        raise Malformed("the piece table lies outside its stream")


def _cleared(main: bytes) -> bytes:
    """The header of a document that is not encrypted."""
    flags = _flags(main) & ~(_ENCRYPTED | _OBFUSCATED)
    return main[:_FLAGS] + pack("<H", flags) + main[_FLAGS + 2 : _KEY] + bytes(4) + main[_KEY + 4 :]
