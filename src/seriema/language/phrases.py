"""Finding many phrases in a text at once, in time that does not depend on how many there are.

Phrases of scripts that separate words are looked up where a word begins; those of scripts that do not (Han, Kana, Thai,
Hangul with its endings) are looked for anywhere, in texts that are not plain ASCII only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+")
_LOOSE = re.compile(r"[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_KEY = 3
#: A word, its key in the group; in folded ASCII, which most mail is, several times faster.
_KEYED = re.compile(rf"([^\W\d_]{{1,{_KEY}}})[^\W\d_]*")
_ASCII_KEYED = re.compile(rf"([a-z]{{1,{_KEY}}})[a-z]*")


class Hit(NamedTuple):
    """A phrase at ``start`` to ``end`` of the folded text, and the languages that use it."""

    start: int
    end: int
    languages: frozenset[str]


class Phrases:
    """A set of phrases with their languages. ``stems``: what follows a phrase may continue its last word."""

    def __init__(self, phrases: Mapping[str, frozenset[str]], *, stems: bool = False) -> None:
        self._stems = stems
        self._by_start: dict[str, list[tuple[str, frozenset[str]]]] = {}
        self._loose: list[tuple[str, frozenset[str]]] = []
        for phrase in sorted(phrases, key=lambda one: (-len(one), one)):
            word = _WORD.search(phrase)
            if word is None or _LOOSE.search(phrase):
                self._loose.append((phrase, phrases[phrase]))
            else:
                rest = phrase[word.start() :]
                self._by_start.setdefault(word[0][:_KEY], []).append((rest, phrases[phrase]))

    def find(self, folded: str) -> Iterator[Hit]:
        """Every phrase in a text that went through ``plain`` and ``fold``: the longest at each word."""
        by_start = self._by_start
        is_ascii = folded.isascii()
        for word in (_ASCII_KEYED if is_ascii else _KEYED).finditer(folded):
            candidates = by_start.get(word[1])
            if candidates and (hit := self._longest(folded, word.start(), candidates)):
                yield hit
        if not is_ascii:
            for phrase, languages in self._loose:
                start = folded.find(phrase)
                if start >= 0:
                    yield Hit(start, start + len(phrase), languages)

    def at_start(self, folded: str) -> Hit | None:
        """The phrase a text begins with, the longest."""
        key = folded[:_KEY]
        if not key.isalpha():  # a shorter word, or none
            word = _WORD.match(key)
            key = word[0] if word else ""
        candidates = self._by_start.get(key)
        if candidates and (hit := self._longest(folded, 0, candidates)):
            return hit
        if folded.isascii():
            return None
        return next((Hit(0, len(phrase), of) for phrase, of in self._loose if folded.startswith(phrase)), None)

    def _longest(self, folded: str, start: int, candidates: Sequence[tuple[str, frozenset[str]]]) -> Hit | None:
        for phrase, languages in candidates:
            if folded.startswith(phrase, start) and self._ends(folded, start + len(phrase)):
                return Hit(start, start + len(phrase), languages)
        return None

    def _ends(self, folded: str, end: int) -> bool:
        return self._stems or end >= len(folded) or not folded[end].isalnum() or not folded[end - 1].isalnum()
