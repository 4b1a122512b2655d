"""The vocabulary of passwords in many languages, read from ``words.toml``, and the folding it is compared in."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

#: Letters without a decomposition that people also write plainly, and letters of one sound with several shapes.
_PLAINER = "łl ŁL øo ØO đd ĐD ðd ÐD ıi İi ßs æa ÆA œo ŒO אא أا إا آا ةه ىي یي كک ςσ"
#: Latin, Greek, more Latin and more Greek: here an accent is no letter of its own.
_ACCENTED = (range(0xC0, 0x250), range(0x370, 0x400), range(0x1E00, 0x2000))


def _bases() -> dict[int, str]:
    bases = {ord(pair[0]): pair[1] for pair in _PLAINER.split()}
    for block in _ACCENTED:
        for point in block:
            base = unicodedata.normalize("NFD", chr(point))[0]
            if base != chr(point):
                bases.setdefault(point, base)
    return bases


_BASES = _bases()


def folded(text: str) -> str:
    """The text in lower case without Latin and Greek accents, character for character: offsets stay what they are."""
    return text.lower() if text.isascii() else text.translate(_BASES).lower()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All languages' words, folded. ``strong`` may be part of a word; ``whole`` and ``weak`` are words of their own."""

    strong: tuple[str, ...]
    whole: tuple[str, ...]
    weak: tuple[str, ...]
    links: frozenset[str]
    apart: tuple[str, ...]


@cache
def vocabulary(without: frozenset[str] = frozenset()) -> Vocabulary:
    """The words of every language in ``words.toml`` but those in ``without`` (codes), as benches leave one out."""
    text = resources.files("seriema.unlock").joinpath("words.toml").read_text("utf-8")
    languages = [words for code, words in tomllib.loads(text).items() if code not in without]

    def gathered(sort: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(folded(word) for words in languages for word in words.get(sort, ())))

    strong = gathered("strong")
    return Vocabulary(
        strong=tuple(word for word in strong if not any(other in word and other != word for other in strong)),
        whole=gathered("whole"),
        weak=gathered("weak"),
        links=frozenset(gathered("links")),
        apart=gathered("apart"),
    )
