"""Many passwords through the traditional PKWARE cipher side by side (APPNOTE.TXT 6.3.10, 6.1.5–6.1.7).

Each step of the cipher is a few NumPy operations on the keys of thousands of passwords. These work in place, on pieces
that stay in the processor's cache; look-ups by ``take`` with ``wrap`` need no checking pass over the numbers.
"""

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

TABLE: NDArray[np.uint32] = np.array(
    [zlib.crc32(bytes([byte]), 0xFFFFFFFF) ^ 0xFFFFFFFF for byte in range(256)], np.uint32
)
START = (0x12345678, 0x23456789, 0x34567890)
FACTOR = 134775813

_BYTE, _ONE, _TWO, _EIGHT, _TOP = (np.uint32(value) for value in (0xFF, 1, 2, 8, 24))
_FACTOR = np.uint32(FACTOR)
#: Passwords of one piece.
_PIECE = 1 << 13

_Words = NDArray[np.uint32]


class Bulk:
    """The cipher's state after each of many passwords, worked out once for all the headers that are tried."""

    def __init__(self, letters: bytes, sizes: Sequence[int]) -> None:
        """``letters`` of all passwords behind each other, and the size of each."""
        lengths = np.array(sizes)
        starts = np.cumsum(lengths) - lengths
        written = np.frombuffer(letters, np.uint8)
        # The longest first, so that those still being read are always the first ones of a piece.
        self._order = np.argsort(-lengths, kind="stable")
        self._keys = np.empty((3, len(lengths)), np.uint32)
        self._keys[:] = np.array(START, np.uint32)[:, None]
        for piece in self._pieces():
            chosen = self._order[piece]
            _schedule(_Rows(self._keys[:, piece]), written, starts[chosen], lengths[chosen])

    def _pieces(self) -> Iterator[slice]:
        return (slice(at, at + _PIECE) for at in range(0, len(self._order), _PIECE))

    def fitting(self, header: bytes, checks: frozenset[int]) -> Sequence[int]:
        """Places of the passwords with which the last byte of ``header`` becomes one of ``checks`` (6.1.6)."""
        found: list[int] = []
        for piece in self._pieces():
            last = _last_byte(_Rows(self._keys[:, piece].copy()), header)
            fits = np.zeros(len(last), bool)
            for check in checks:
                fits |= last == np.uint32(check)
            found += self._order[piece][fits].tolist()
        return sorted(found)


class _Rows:
    """The three keys of some passwords, changed in place, and room to work in."""

    def __init__(self, keys: _Words) -> None:
        self._keys = keys
        self._spare = np.empty(keys.shape[1], np.uint32)
        self._index = np.empty(keys.shape[1], np.intp)

    def __len__(self) -> int:
        return len(self._spare)

    def mix(self, letters: _Words) -> None:
        """One letter for each of the first passwords; 32-bit overflow is wanted."""
        live = len(letters)
        first, second, third = self._keys[:, :live]
        spare = self._spare[:live]
        np.bitwise_xor(first, letters, out=spare)
        self._looked_up(spare)
        first >>= _EIGHT
        first ^= spare
        np.bitwise_and(first, _BYTE, out=spare)
        second += spare
        second *= _FACTOR
        second += _ONE
        np.right_shift(second, _TOP, out=spare)
        spare ^= third
        self._looked_up(spare)
        third >>= _EIGHT
        third ^= spare

    def _looked_up(self, numbers: _Words) -> None:
        """What the table holds for the lowest byte of each."""
        index = self._index[: len(numbers)]
        np.bitwise_and(numbers, _BYTE, out=index, casting="unsafe")
        TABLE.take(index, out=numbers, mode="wrap")

    def decrypt(self, byte: int, letters: _Words) -> None:
        """What a byte becomes with each password, into ``letters`` (6.1.7)."""
        np.bitwise_or(self._keys[2], _TWO, out=letters)
        np.bitwise_xor(letters, _ONE, out=self._spare)
        letters *= self._spare
        letters >>= _EIGHT
        letters &= _BYTE
        letters ^= np.uint32(byte)


def _schedule(rows: _Rows, letters: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
    ascending = lengths[::-1]
    for place in range(int(lengths[0])):
        live = len(lengths) - int(ascending.searchsorted(place, side="right"))
        rows.mix(letters.take(starts[:live] + place, mode="wrap").astype(np.uint32))


def _last_byte(rows: _Rows, header: bytes) -> _Words:
    letters = np.empty(len(rows), np.uint32)
    for byte in header[:-1]:
        rows.decrypt(byte, letters)
        rows.mix(letters)
    rows.decrypt(header[-1], letters)
    return letters
