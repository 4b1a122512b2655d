"""The vocabulary of passwords in many languages, read from ``words.toml``, and the folding it is compared in."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from seriema.unlock.sieve import Sieve

#: Letters without a decomposition that people also write plainly, and letters of one sound with several shapes.
_PLAINER = "łl ŁL øo ØO đd ĐD ðd ÐD ıi İi ßs æa ÆA œo ŒO אא أا إا آا ةه ىي یي كک ςσ"
#: Latin, Greek, more Latin and more Greek: here an accent is no letter of its own.
_ACCENTED = (range(0xC0, 0x250), range(0x370, 0x400), range(0x1E00, 0x2000))


#: With more different letters to exchange than this, one pass over the text is quicker than one for each.
_EACH = 40


def _bases() -> dict[str, str]:
    bases = {pair[0]: pair[1] for pair in _PLAINER.split()}
    for block in _ACCENTED:
        for letter in map(chr, block):
            base = unicodedata.normalize("NFD", letter)[0]
            if base != letter:
                bases.setdefault(letter, bases.get(base, base))
    return bases


_BASES = _bases()


def exchanged(text: str, table: Mapping[str, str], points: Mapping[int, str]) -> str:
    """The text with single characters exchanged, none for one that is itself in the table.

    ``points`` is the same table for ``str.translate``.
    """
    found = table.keys() & set(text)
    if len(found) > _EACH:
        return text.translate(points)
    for each in found:
        text = text.replace(each, table[each])
    return text


_BASE_POINTS = {ord(letter): base for letter, base in _BASES.items()}


def folded(text: str) -> str:
    """The text in lower case without Latin and Greek accents, character for character: offsets stay what they are."""
    return text.lower() if text.isascii() else exchanged(text, _BASES, _BASE_POINTS).lower()


#: A shorter stem, or one of several words, counts only where a word begins: "format made" holds "mat ma".
_COMPOUNDING = 6


@dataclass(frozen=True, slots=True)
class Stem:
    """A word for password as it is looked for."""

    text: str
    strong: bool  #: can hardly mean anything else
    whole: bool = False  #: counts only as a word of its own

    @property
    def spaceless(self) -> bool:
        """Whether its script writes no spaces."""
        return spaceless(self.text[0])

    @property
    def bounded(self) -> bool:
        """Whether it counts only where a word begins."""
        return self.whole or " " in self.text or (len(self.text) < _COMPOUNDING and self.text[0].isascii())


#: Thai and Lao, Burmese, Khmer, kana and kanji.
_SPACELESS = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u3040", "\u9fff"))


def spaceless(letter: str) -> bool:
    """Whether its script writes no spaces (kana, kanji, Thai …), so that words begin and end anywhere."""
    return any(first <= letter <= last for first, last in _SPACELESS)


@dataclass(frozen=True)
class Vocabulary:
    """All languages' words, folded."""

    stems: tuple[Stem, ...]
    links: frozenset[str]
    apart: tuple[str, ...]
    dated: tuple[str, ...]
    named: tuple[str, ...]
    part: tuple[str, ...]
    masks: tuple[str, ...]  #: each three letters: day, month, year

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve([stem.text for stem in self.stems])

    @cached_property
    def _strong(self) -> Sieve:
        return Sieve([stem.text for stem in self.stems if stem.strong])

    def speaks(self, text: str) -> bool:
        """Whether any strong word stands anywhere in a folded text."""
        return bool(self._strong.among(text))

    def stems_in(self, text: str) -> list[Stem]:
        """Those that stand anywhere in a folded text."""
        return [self.stems[index] for index in self._sieve.among(text)]


@cache
def vocabulary(without: frozenset[str] = frozenset()) -> Vocabulary:
    """The words of every language in ``words.toml`` but those in ``without`` (codes), as benches leave one out."""
    text = resources.files("seriema.unlock").joinpath("words.toml").read_text("utf-8")
    languages = [words for code, words in tomllib.loads(text).items() if code not in without]

    def gathered(sort: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(folded(word) for words in languages for word in words.get(sort, ())))

    strong = gathered("strong")
    vocabulary = Vocabulary(
        stems=(
            *(Stem(word, strong=True) for word in strong if not any(each in word and each != word for each in strong)),
            *(Stem(word, strong=True, whole=True) for word in gathered("whole")),
            *(Stem(word, strong=False, whole=True) for word in gathered("weak")),
        ),
        links=frozenset(gathered("links")),
        apart=gathered("apart"),
        dated=gathered("dated"),
        named=gathered("named"),
        part=gathered("part"),
        masks=tuple(dict.fromkeys(folded(words["mask"]) for words in languages if "mask" in words)),
    )
    vocabulary.speaks(""), vocabulary.stems_in("")  # builds the sieves now
    return vocabulary
