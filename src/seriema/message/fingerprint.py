"""Fingerprints of texts: a few 64-bit numbers by which a text is known again when somebody quotes it.

Winnowing (Schleimer, Wilkerson, Aiken: "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003,
section 3): hashes of all runs of ``_RUN`` bytes of the text's letters and digits, of which the smallest in each window
of ``_WINDOW`` is chosen; of the chosen ones the smallest ``limit`` are kept. What is among the smallest of a whole is
among the smallest of every part that holds it, so original and quotation choose alike, however the quotation is
wrapped, marked or shortened.

Unkeyed and the same in every process and on every machine; the memory keys them before it stores them.
"""

import re
from collections.abc import Iterable
from itertools import compress

import numpy as np
import numpy.typing as npt

from seriema.model.message import Quote

_RUN = 32  #: bytes of UTF-8: about six English words, ten Chinese characters
_WINDOW = 16
_STEPS = (1, 2, 4, 8)  #: smallest of two, of four, of eight, of sixteen neighbours
_MAX_BYTES = 16_384
_MAX_CHARACTERS = 24_000
_BASE = 0x9E3779B97F4A7C15  #: odd, so that it can be divided by modulo 2**64
_TEXTS = 3  #: reply, what is quoted directly, what is quoted within
#: Shifts and factors of SplitMix64.
_THIRTY, _TWENTY_SEVEN, _THIRTY_ONE = np.uint64(30), np.uint64(27), np.uint64(31)
_MIX_FIRST, _MIX_SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
LIMIT = 12
_DIRECT = 8  #: of a quotation's fingerprints, those kept for the mail that is answered directly

#: Links and pictures. Begins with a set of characters, which lets the engine skip all others quickly.
_NOISE = re.compile(
    r"[hHwW<\[](?:(?<=[hH])(?i:ttps?://)[^\s<>]*|(?<=[wW])(?i:ww\.)[^\s<>]*|(?<=<)[^<>\s]*>"
    r"|(?<=\[)(?i:cid|image):[^\]\s]*\])"
)
_NOT_LETTERS = re.compile(r"[\W_]+")
_LOWER = bytes(range(256)).lower()
_ASCII_NOT_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_MARKS = re.compile(r"^[ \t]*((?:>[ \t]?)*)", re.MULTILINE)

_Hashes = npt.NDArray[np.uint64]


def _powers(base: int) -> _Hashes:
    return np.cumprod(np.array([1] + [base] * (_TEXTS * _MAX_BYTES - 1), dtype=np.uint64), dtype=np.uint64)


_UP = _powers(_BASE)
_DOWN = _powers(pow(_BASE, -1, 1 << 64))


def fingerprints(text: str) -> tuple[int, ...]:
    """At most ``LIMIT`` fingerprints of a text, ascending; none of a text with fewer letters than one run."""
    return _chosen(letters(text))[0]


def quoted_fingerprints(quoted: str, quotes: Iterable[Quote]) -> tuple[int, ...]:
    """Fingerprints of a quotation: most of them of the mail answered directly, the others of older ones within."""
    return of_mail("", quoted, quotes)[1]


def of_mail(reply: str, quoted: str, quotes: Iterable[Quote]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """``fingerprints`` of a mail's reply and ``quoted_fingerprints`` of its quotation."""
    direct, older = _layers(quoted, next((quote.body for quote in quotes if quote.body), "")) if quoted else ("", "")
    own, first, others = _chosen(letters(reply), letters(direct), letters(older))
    rest = [mark for mark in others if mark not in first]
    return own, (*first[: LIMIT - min(len(rest), LIMIT - _DIRECT)], *rest)[:LIMIT]


def _chosen(*texts: bytes) -> list[tuple[int, ...]]:
    """Fingerprints of the letters of each text, at most ``_TEXTS`` of them.

    All in one go: a run's hash does not depend on its place, and for texts as short as most a call of NumPy costs more
    than its work.
    """
    texts = tuple([text[:_MAX_BYTES] for text in texts])
    hashes = least = _hashes(b"".join(texts))
    for step in _STEPS if len(hashes) > _WINDOW else ():
        least = np.minimum(least[:-step], least[step:])
    chosen: list[tuple[int, ...]] = []
    start = 0
    for text in texts:
        runs = max(0, len(text) - _RUN + 1)
        windows = least[start : start + runs - _WINDOW + 1] if runs > _WINDOW else hashes[start : start + runs]
        chosen.append(_smallest(windows))
        start += len(text)
    return chosen


def _smallest(hashes: _Hashes) -> tuple[int, ...]:
    """The smallest different ones, ascending. Neighbouring windows mostly choose the same."""
    others = np.sort(hashes[1:][hashes[1:] != hashes[:-1]])
    found = {*hashes[:1].tolist(), *others[: 2 * LIMIT].tolist()}
    if len(found) < LIMIT:  # a text that says the same again and again
        found.update(others.tolist())
    return tuple(sorted(found)[:LIMIT])


def letters(text: str) -> bytes:
    """What of a text survives quoting and wrapping: letters and digits, without case, links left out; in UTF-8."""
    text = text[:_MAX_CHARACTERS]
    if "<" in text or "[" in text or "://" in text or "www." in text:
        text = _NOISE.sub("", text)
    if text.isascii():
        return text.encode().translate(_LOWER, _ASCII_NOT_LETTERS)
    return _NOT_LETTERS.sub("", text).casefold().encode("utf-8")


def _layers(quoted: str, direct: str) -> tuple[str, str]:
    """The text of the mail quoted directly and that of older ones; by quote marks where no block names it."""
    text = (direct or quoted)[:_MAX_CHARACTERS]
    lines = text.split("\n")
    depths = [marks.count(">") for marks in _MARKS.findall(text)]
    bare = [line.strip(" >\t") for line in lines]
    least = min(compress(depths, bare), default=0)
    nearest: list[str] = lines
    older: list[str] = []
    if max(depths) > least or "--" in bare:
        nearest, signed = [], False
        for depth, line, words in zip(depths, lines, bare, strict=True):
            signed = signed or (depth == least and words == "--")
            (older if depth > least else nearest if not signed else []).append(line)
    return "\n".join(nearest), quoted[-_MAX_CHARACTERS:].replace(direct, "", 1) if direct else "\n".join(older)


def _hashes(data: bytes) -> _Hashes:
    """One hash for each run: a polynomial by prefix sums, then mixed so that its order is random (SplitMix64)."""
    size = len(data)
    if size < _RUN:
        return _UP[:0]
    sums = np.zeros(size + 1, dtype=np.uint64)
    np.add.accumulate(np.frombuffer(data, dtype=np.uint8) * _UP[:size], out=sums[1:])
    mixed: _Hashes = sums[_RUN:] - sums[:-_RUN]
    mixed *= _DOWN[: len(mixed)]
    mixed ^= mixed >> _THIRTY
    mixed *= _MIX_FIRST
    mixed ^= mixed >> _TWENTY_SEVEN
    mixed *= _MIX_SECOND
    mixed ^= mixed >> _THIRTY_ONE
    return mixed
