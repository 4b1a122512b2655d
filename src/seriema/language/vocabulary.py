"""Vocabularies: words that mail clients and people use, in many languages, as TOML files in ``data/``.

A file holds tables; a table maps a language (ISO 639-1, or "any") to its words. Files are read once, by ``load()`` at
the latest, so that a locked process needs none afterwards.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

#: Words of one language, or a table of them.
Table = Mapping[str, tuple[str, ...]]

NAMES = (
    *("attributions", "calendar", "fields", "function_words", "greetings"),
    *("requests", "separators", "signatures", "subjects", "telltales"),
)


@cache
def vocabulary(name: str) -> Mapping[str, Table]:
    """The tables of one vocabulary file, read-only.

    A table that is not split by kind ("greetings") stands under the name "words". Raises ``KeyError`` for a name that
    is not in ``NAMES``.
    """
    if name not in NAMES:
        raise KeyError(name)
    text = files("seriema.language").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    if not any(isinstance(value, dict) for value in content.values()):
        content = {"words": content}
    return MappingProxyType({key: _frozen(table) for key, table in content.items()})


def _frozen(table: dict[str, list[str] | str]) -> Table:
    """Lists become tuples; "a|b" becomes the tuple of its parts."""
    return MappingProxyType(
        {key: tuple(value.split("|") if isinstance(value, str) else value) for key, value in table.items()},
    )


@cache
def languages_of(name: str, table: str) -> Mapping[str, frozenset[str]]:
    """The table turned round: word → languages that use it ("any" included where the table has it)."""
    found: dict[str, set[str]] = {}
    for language, words in vocabulary(name)[table].items():
        for word in words:
            found.setdefault(word, set()).add(language)
    return MappingProxyType({word: frozenset(languages) for word, languages in found.items()})


def load() -> None:
    """Read every file."""
    for name in NAMES:
        for table in vocabulary(name):
            languages_of(name, table)
