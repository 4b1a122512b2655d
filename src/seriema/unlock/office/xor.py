"""XOR obfuscation of the oldest documents ([MS-OFFCRYPTO] 2.3.7): no encryption, a pattern of 16 bytes.

A 16-bit key and a 16-bit verifier stand in the file. Both are easily met by other passwords, whose patterns differ, and
nothing says whether the content that comes out is the right one.
"""

from collections.abc import Iterator, Sequence

from seriema.unlock.format import Key, Lock, spellings

#: Work of one try, measured at about 15 µs.
COST = 0.02
#: Key and verifier together, one bit of which is always set.
CHANCE = 2.0**-31
LONGEST = 15  #: bytes of a password that count
_PAD = bytes.fromhex("bbffffbaffffb98000be0f00bf0f00")
_INITIAL = (
    0xE1F0, 0x1D0F, 0xCC9C, 0x84C0, 0x110C, 0x0E10, 0xF1CE, 0x313E, 0x1872, 0xE139, 0xD40F, 0x84F9, 0x280C, 0xA96A,
    0x4EC3,
)  # fmt: skip
_MATRIX = (
    0xAEFC, 0x4DD9, 0x9BB2, 0x2745, 0x4E8A, 0x9D14, 0x2A09, 0x7B61, 0xF6C2, 0xFDA5, 0xEB6B, 0xC6F7, 0x9DCF, 0x2BBF,
    0x4563, 0x8AC6, 0x05AD, 0x0B5A, 0x16B4, 0x2D68, 0x5AD0, 0x0375, 0x06EA, 0x0DD4, 0x1BA8, 0x3750, 0x6EA0, 0xDD40,
    0xD849, 0xA0B3, 0x5147, 0xA28E, 0x553D, 0xAA7A, 0x44D5, 0x6F45, 0xDE8A, 0xAD35, 0x4A4B, 0x9496, 0x390D, 0x721A,
    0xEB23, 0xC667, 0x9CEF, 0x29FF, 0x53FE, 0xA7FC, 0x5FD9, 0x47D3, 0x8FA6, 0x0F6D, 0x1EDA, 0x3DB4, 0x7B68, 0xF6D0,
    0xB861, 0x60E3, 0xC1C6, 0x93AD, 0x377B, 0x6EF6, 0xDDEC, 0x45A0, 0x8B40, 0x06A1, 0x0D42, 0x1A84, 0x3508, 0x6A10,
    0xAA51, 0x4483, 0x8906, 0x022D, 0x045A, 0x08B4, 0x1168, 0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C,
    0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6, 0x1DAD, 0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373, 0x06E6, 0x0DCC,
    0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4,
)  # fmt: skip


def verifier(password: bytes) -> int:
    """CreatePasswordVerifier_Method1 (2.3.7.1)."""
    value = 0
    for byte in (*reversed(password), len(password)):
        value = (value >> 14 & 1 | value << 1 & 0x7FFF) ^ byte
    return value ^ 0xCE4B


def key(password: bytes) -> int:
    """CreateXorKey_Method1 (2.3.7.2) of 1 to 15 bytes."""
    value, place = _INITIAL[len(password) - 1], len(_MATRIX) - 1
    for byte in reversed(password):
        for bit in range(6, -1, -1):
            if byte >> bit & 1:
                value ^= _MATRIX[place]
            place -= 1
    return value


def pattern(password: bytes) -> bytes:
    """The pattern of both methods (2.3.7.2, 2.3.7.5): the padded password against the key, turned by one bit."""
    low_high = key(password).to_bytes(2, "little")
    mixed = (byte ^ low_high[place & 1] for place, byte in enumerate((password + _PAD)[:16]))
    return bytes(byte >> 1 | byte << 7 & 0xFF for byte in mixed)


def xor_lock(stored_key: int, stored_verifier: int) -> Lock:
    """The lock of a document; its keys are patterns."""

    def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
        for index, password in enumerate(passwords):
            seen = set()
            for written in _written(password):
                if verifier(written) == stored_verifier and key(written) == stored_key:
                    found = pattern(written)
                    if found not in seen:
                        seen.add(found)
                        yield index, found

    return Lock("XOR", COST, fits, chance=CHANCE, authenticated=False)


def _written(password: str) -> Iterator[bytes]:
    """The bytes it may stand for: in a code page, or the low byte of each character, the high one if that is zero."""
    for spelling in spellings(password):
        if 0 < len(spelling) <= LONGEST:
            yield spelling
    if 0 < len(password) <= LONGEST and not password.isascii():
        codes = [ord(character) & 0xFFFF for character in password]
        yield bytes(code & 0xFF or code >> 8 for code in codes)
