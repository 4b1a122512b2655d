"""Texts by which a document asks its reader to let macros run (``lures.toml``, by language). R61."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from seriema.model.finding import Finding
from seriema.model.password import Text

#: Characters of one text that are searched.
SEARCHED = 200_000
_SPACES = re.compile(r"\s+")


@cache
def vocabulary() -> tuple[tuple[str, str], ...]:
    """Language and phrase, all of them."""
    listed = tomllib.loads(files("seriema.examine").joinpath("lures.toml").read_text("utf-8"))["phrases"]
    return tuple((language, _plain(phrase)) for language, phrases in listed.items() for phrase in phrases)


def findings(artifact: str, texts: Iterable[Text]) -> Iterator[Finding]:
    """The first phrase of each language that stands in the texts a document shows."""
    seen: set[str] = set()
    for text in texts:
        shown = _plain(text.content[:SEARCHED])
        for language, phrase in vocabulary():
            if language not in seen and phrase in shown:
                seen.add(language)
                yield Finding("lure.enable-content", artifact, "", f"{phrase} ({language})")


def _plain(text: str) -> str:
    """Compatibility characters made plain, without case (nor the dotless i of Turkish), every gap one space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold().replace("ı", "i"))
