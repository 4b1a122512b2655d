"""Which of some hundred words stand in a text, without looking for each of them.

Each word is known by one piece of four characters, the one that prose holds least often (two characters for the short
words of scripts other than Latin). All pieces of a text are looked up at once, as numbers in a table; only words whose
piece was met are then looked for. The cost hardly depends on how many words there are, so that every mail can be asked
in every language.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

#: Characters of a piece, and how a piece in UTF-16 is read as one number.
_SIZES = ((4, np.dtype("<u8")), (2, np.dtype("<u4")))
#: The size for Latin words; shorter ones are simply looked for.
_LATIN = 4
_SPREAD, _CODE_BITS = 0x9E3779B97F4A7C15, 16  #: Fibonacci hashing (Knuth, TAOCP 3, 6.4)
#: Frequent letters of prose first; whatever is not here is rare.
_FREQUENT = " etaoinsrhldcumfpgwybv"


class Sieve:
    """Words to look for, as they stand in folded text."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._tiny = [index for index, word in enumerate(self._words) if not _size(word)]
        self._tables = [(size, kind, *self._table(size, kind)) for size, kind in _SIZES]

    def _table(self, size: int, kind: np.dtype[np.unsignedinteger]) -> tuple[NDArray[np.bool_], dict[int, list[int]]]:
        table = np.zeros(1 << _CODE_BITS, bool)
        owners: dict[int, list[int]] = {}
        for index, word in enumerate(self._words):
            if size == _size(word):
                code, *_ = _codes(_rarest(word, size), size, kind).tolist()
                table[code] = True
                owners.setdefault(code, []).append(index)
        return table, owners

    def among(self, text: str) -> list[int]:
        """The places, in the list given, of the words that ``text`` holds; in order."""
        ascii_only = text.isascii()
        met = [index for index in self._tiny if self._words[index] in text]
        for size, kind, table, owners in self._tables:
            if owners and len(text) >= size and (size == _LATIN or not ascii_only):
                codes = _codes(text, size, kind)
                hits = codes[table.take(codes)]
                met += _held(text, self._words, owners, hits) if len(hits) else ()
        met.sort()
        return met


def _size(word: str) -> int:
    fitting = (size for size, _ in _SIZES if size <= len(word) and (size == _LATIN or not word.isascii()))
    return next(fitting, 0)


def _held(text: str, words: Sequence[str], owners: dict[int, list[int]], hits: NDArray[np.int64]) -> Iterator[int]:
    for code in set(hits.tolist()):
        yield from (index for index in owners[code] if words[index] in text)


def _rarest(word: str, size: int) -> str:
    pieces = [word[at : at + size] for at in range(len(word) - size + 1)]
    rank = {letter: len(_FREQUENT) - at for at, letter in enumerate(_FREQUENT)}
    return min(pieces, key=lambda piece: sum(rank.get(letter, 0) for letter in piece))


def _codes(text: str, size: int, kind: np.dtype[np.unsignedinteger]) -> NDArray[np.int64]:
    """A number for each piece of the text. Characters outside the first plane count as two, in both alike."""
    units = text.encode("utf-16-le", "surrogatepass")
    pieces = np.ndarray((len(units) // 2 - size + 1,), kind, units, 0, (2,))
    spread = pieces * kind.type(_SPREAD >> (64 - 8 * kind.itemsize) | 1)
    spread >>= kind.type(8 * kind.itemsize - _CODE_BITS)
    codes: NDArray[np.int64] = spread.astype(np.int64)
    return codes
