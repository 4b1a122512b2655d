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

import numpy as np
import numpy.typing as npt

from seriema.model.message import Quote

_RUN = 32  #: bytes of UTF-8: about six English words, ten Chinese characters
_WINDOW = 16
_STEPS = (1, 2, 4, 8)  #: smallest of two, of four, of eight, of sixteen neighbours
_MAX_BYTES = 16_384
_MAX_CHARACTERS = 24_000
_BASE = 0x9E3779B97F4A7C15  #: odd, so that it can be divided by modulo 2**64
_MASK = (1 << 64) - 1
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
_MARKS = re.compile(r"[ \t]*((?:>[ \t]?)*)")

_Hashes = npt.NDArray[np.uint64]


def _powers(base: int) -> _Hashes:
    out, value = [], 1
    for _ in range(_MAX_BYTES):
        out.append(value)
        value = value * base & _MASK
    return np.array(out, dtype=np.uint64)


_UP = _powers(_BASE)
_DOWN = _powers(pow(_BASE, -1, 1 << 64))


def fingerprints(text: str, limit: int = LIMIT) -> tuple[int, ...]:
    """At most ``limit`` fingerprints of a text, ascending; none of a text with fewer letters than one run."""
    data = letters(text)[:_MAX_BYTES]
    if len(data) < _RUN:
        return ()
    hashes = _hashes(data)
    for step in _STEPS if len(hashes) > _WINDOW else ():
        hashes = np.minimum(hashes[:-step], hashes[step:])
    # Neighbouring windows mostly choose the same hash; the few that are left are sorted faster outside of NumPy.
    changes = hashes[1:][hashes[1:] != hashes[:-1]].tolist()
    return tuple(sorted({int(hashes[0]), *changes})[:limit])


def quoted_fingerprints(quoted: str, quotes: Iterable[Quote]) -> tuple[int, ...]:
    """Fingerprints of a quotation: most of them of the mail answered directly, the others of older ones within."""
    direct, older = _layers(quoted, next((quote.body for quote in quotes if quote.body), ""))
    first = fingerprints(direct)
    rest = [mark for mark in fingerprints(older) if mark not in first]
    return (*first[: LIMIT - min(len(rest), LIMIT - _DIRECT)], *rest)[:LIMIT]


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
    nearest: list[str] = []
    older: list[str] = []
    lines = (direct or quoted)[:_MAX_CHARACTERS].splitlines()
    depths = [_depth(line) for line in lines]
    least = min((depth for depth, line in zip(depths, lines, strict=True) if line.strip(" >\t")), default=0)
    signed = False
    for depth, line in zip(depths, lines, strict=True):
        signed = signed or (depth == least and line.strip(" >\t") == "--")
        (older if depth > least else nearest if not signed else []).append(line)
    if direct:
        older = quoted[-_MAX_CHARACTERS:].replace(direct, "", 1).splitlines()
    return "\n".join(nearest), "\n".join(older)


def _depth(line: str) -> int:
    marks = _MARKS.match(line)
    return marks[1].count(">") if marks else 0


def _hashes(data: bytes) -> _Hashes:
    """One hash for each run: a polynomial by prefix sums, then mixed so that its order is random (SplitMix64)."""
    size = len(data)
    sums = np.zeros(size + 1, dtype=np.uint64)
    np.cumsum(np.frombuffer(data, dtype=np.uint8).astype(np.uint64) * _UP[:size], out=sums[1:])
    count = size - _RUN + 1
    mixed = (sums[_RUN:] - sums[:count]) * _DOWN[:count]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
