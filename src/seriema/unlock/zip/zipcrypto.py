"""Traditional PKWARE encryption (APPNOTE.TXT 6.3.10, section 6.1): many candidates at once, and the data of a member.

It proves nothing: a candidate is checked against one byte of the decrypted header, so one in 256 wrong ones passes, and
only a full read with CRC tells. Candidates go through the cipher side by side as NumPy vectors.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from seriema.unlock.format import Key, Lock, spellings

try:
    from stream_unzip._zipcrypto import zipcrypto_decryptor as _compiled
except ImportError:  # the compiled cipher is the library's private part; without it our own is 30 times slower
    _compiled = None

HEADER_SIZE = 12
#: Measured: some 4 million tries a second.
_COST = 1 / 4000

_Words = NDArray[np.uint32]
_State = tuple[_Words, _Words, _Words]

_TABLE: _Words = np.array([zlib.crc32(bytes([byte]), 0xFFFFFFFF) ^ 0xFFFFFFFF for byte in range(256)], np.uint32)
_TABLE_LIST = _TABLE.tolist()
_START = (0x12345678, 0x23456789, 0x34567890)
_FACTOR = 134775813
_BYTE, _ONE, _TWO, _EIGHT, _TOP = (np.uint32(value) for value in (0xFF, 1, 2, 8, 24))
_FACTOR32 = np.uint32(_FACTOR)


class Schedules:
    """The cipher's state after each candidate, worked out once for all members of an archive."""

    def __init__(self) -> None:
        self._passwords: Sequence[str] = ()
        self._prepared: tuple[list[tuple[int, bytes]], _State] | None = None

    def prepared(self, passwords: Sequence[str]) -> tuple[list[tuple[int, bytes]], _State]:
        """(index, spelling) of every try, and the three keys after each (6.1.5). Kept until other passwords come."""
        if self._prepared is None or passwords is not self._passwords:
            if "".join(passwords).isascii():
                tries = [(index, password.encode()) for index, password in enumerate(passwords)]
            else:
                tries = [(index, each) for index, password in enumerate(passwords) for each in spellings(password)]
            self._passwords, self._prepared = passwords, (tries, _scheduled([spelling for _, spelling in tries]))
        return self._prepared


def zipcrypto_lock(header: bytes, checks: frozenset[int], schedules: Schedules) -> Lock:
    """The lock of one member: its twelve ``header`` bytes, and the values that the last may decrypt to (6.1.6)."""

    def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
        if passwords:
            tries, state = schedules.prepared(passwords)
            last = _last_byte(header, state)
            for place in np.flatnonzero(np.isin(last, list(checks))).tolist():
                yield tries[place]

    return Lock(scheme="ZipCrypto", cost=_COST, fits=fits, chance=len(checks) / 256, authenticated=False)


def decrypted(data: Iterator[bytes], password: bytes) -> Iterator[bytes]:
    """The plain data behind the header, in bounded chunks. ``data`` begins with the header."""
    decrypt = decryptor(password)
    skip = HEADER_SIZE
    for chunk in data:
        plain = decrypt(chunk)
        yield plain[skip:]
        skip = max(0, skip - len(plain))


def decryptor(password: bytes) -> Callable[[bytes], bytes]:
    """A function that decrypts the next bytes; compiled where the library has it."""
    return _compiled(password) if _compiled else python_decryptor(password)


def python_decryptor(password: bytes) -> Callable[[bytes], bytes]:
    """The same in Python (6.1.5–6.1.7)."""
    keys = _START
    for byte in password:
        keys = _mixed(*keys, byte)

    def decrypt(data: bytes) -> bytes:
        nonlocal keys
        first, second, third = keys
        plain = bytearray()
        for byte in data:
            stream = third | 2
            letter = byte ^ (stream * (stream ^ 1) >> 8 & 0xFF)
            plain.append(letter)
            first, second, third = _mixed(first, second, third, letter)
        keys = first, second, third
        return bytes(plain)

    return decrypt


def _mixed(first: int, second: int, third: int, byte: int) -> tuple[int, int, int]:
    first = first >> 8 ^ _TABLE_LIST[(first ^ byte) & 0xFF]
    second = ((second + (first & 0xFF)) * _FACTOR + 1) & 0xFFFFFFFF
    third = third >> 8 ^ _TABLE_LIST[(third ^ second >> 24) & 0xFF]
    return first, second, third


def _mix(state: _State, letters: _Words) -> _State:
    """As ``_mixed``, for all candidates side by side; 32-bit overflow is wanted."""
    first, second, third = state
    first = (first >> _EIGHT) ^ _TABLE[(first ^ letters) & _BYTE]
    second = (second + (first & _BYTE)) * _FACTOR32 + _ONE
    third = (third >> _EIGHT) ^ _TABLE[(third ^ (second >> _TOP)) & _BYTE]
    return first, second, third


def _scheduled(passwords: Sequence[bytes]) -> _State:
    """All passwords side by side, the longest first, so that those still being read are always the first ones."""
    lengths = np.fromiter(map(len, passwords), np.int64, len(passwords))
    order = np.argsort(-lengths, kind="stable")
    longest = int(lengths.max())
    letters = np.array(passwords, f"S{max(1, longest)}").view(np.uint8).reshape(len(passwords), -1)[order].T
    first, second, third = (np.full(len(passwords), start, np.uint32) for start in _START)
    for place in range(longest):
        live = int(np.count_nonzero(lengths > place))
        mixed = _mix((first[:live], second[:live], third[:live]), letters[place, :live].astype(np.uint32))
        first[:live], second[:live], third[:live] = mixed
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return first[back], second[back], third[back]


def _last_byte(header: bytes, state: _State) -> _Words:
    letters = np.zeros(len(state[0]), np.uint32)
    for byte in header:
        stream = state[2] | _TWO
        letters = np.uint32(byte) ^ (((stream * (stream ^ _ONE)) >> _EIGHT) & _BYTE)
        state = _mix(state, letters)
    return letters
