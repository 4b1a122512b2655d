"""Names of header fields in many languages, at the beginning of a line or within one ("…>To: x Sent: y")."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from seriema.language import fold, plain, vocabulary

ROLES = ("from", "sent", "date", "to", "cc", "bcc", "subject", "other")
#: Roles that a name may play, each with the languages in which it does.
Roles = tuple[tuple[str, frozenset[str]], ...]

LONGEST_NAME = 40
#: Colons within one value that are looked at for another field in the same line.
_MOST_INLINE = 12
_EDGES = " \t*_|•·-"


@cache
def _names() -> Mapping[str, Roles]:
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    tables = vocabulary("fields")
    for role in ROLES:
        languages: dict[str, set[str]] = {}
        for language, roles in tables.items():
            for name in roles.get(role, ()):
                languages.setdefault(fold(plain(name)), set()).add(language)
        for name, of in languages.items():
            found.setdefault(name, []).append((role, frozenset(of)))
    return MappingProxyType({name: tuple(roles) for name, roles in found.items()})


def load() -> None:
    """Read the vocabulary."""
    _names()


def at_start(text: str) -> tuple[Roles, str] | None:
    """The roles of the name a line begins with, and the value after its colon; None for any other line."""
    colon = text.find(":", 1, LONGEST_NAME)
    if colon < 0:
        return None
    name = text[:colon].strip(_EDGES)
    roles = _names().get(fold(name)) if name else None
    return (roles, text[colon + 1 :].strip(" \t*_")) if roles else None


def within(value: str) -> tuple[int, Roles, int] | None:
    """The first field that stands within another's value: where its name begins, its roles, where its colon is."""
    colon = value.find(":")
    for _ in range(_MOST_INLINE):
        if colon < 0:
            return None
        for start in range(max(0, colon - LONGEST_NAME), colon):
            if _may_begin(value, start) and (roles := _names().get(fold(value[start:colon].strip()))):
                return start, roles, colon
        colon = value.find(":", colon + 1)
    return None


def _may_begin(value: str, start: int) -> bool:
    """A name begins after a space or a bracket, or in capitals glued to a time or zone ("09:26:50 CETSubject:")."""
    before, first = value[start - 1 : start], value[start]
    return not start or before in " >\t;" or (before.isalnum() and first.isupper() and not before.islower())
