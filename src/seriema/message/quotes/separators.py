"""Lines that separate a mail from an older one: rules, "-----Original Message-----", "Begin forwarded message:"."""

import re
from functools import cache
from typing import NamedTuple

from seriema.language import fold, languages_of, plain

LONGEST = 200

_RULE = re.compile(r"[-_=*~#+.—–―─━•\s]{3,}\Z")
_AROUND = " \t-_=*~#+.—–―─━>|<[]"
_WITHIN = "\"'“”„«»「」【】[]() "
_FRAMES = ("---", "___", "===", "***", "~~~")
_FRAMED = re.compile(r"[-_=*~]{3,}\s?([^-_=*~\d][^_=*~\d]{1,60}?)\s?[-_=*~]{3,}(?:\s+(\S.*))?\Z")
#: Two languages beside each other: "Preposlaná správa --- Forwarded Message", "Välitetty viesti / Fwd.Msg".
_BESIDE = re.compile(r"\s?[-/]{1,5}\s")
_BY_WORDS = (" by", " von", " par", " por", " da", " door", " av", " af", " przez", " od")
_BY = re.compile(
    rf"(\S.{{2,60}}?)\s+({'|'.join(map(str.strip, _BY_WORDS))})\s+(\S.{{0,200}}?)\s+"
    r"(?:on|am|le|el|il|op|den|dnia|em)\s+(.+)",
)


class Separator(NamedTuple):
    """What kind a separating line is of, and the languages of its words."""

    forwarded: bool
    languages: frozenset[str]
    by: str = ""  #: Lotus Notes: who forwarded
    on: str = ""  #: Lotus Notes: when


@cache
def _phrases() -> dict[str, Separator]:
    return {
        fold(plain(word)): Separator(table == "forwarded", of)
        for table in ("original", "forwarded")
        for word, of in languages_of("separators", table).items()
    }


@cache
def _begin_phrases() -> tuple[str, ...]:
    """First words of phrases that name who forwarded."""
    return tuple({words.split()[0] for words in _phrases() if words.endswith(_BY_WORDS)})


def load() -> None:
    """Read the vocabulary."""
    _phrases()
    _begin_phrases()


def is_rule(text: str) -> bool:
    """The line is drawn: three or more of the characters rules are made of, and nothing else."""
    return len(text) > 2 and _RULE.match(text) is not None  # noqa: PLR2004  two dashes are a signature's


def may_be(text: str) -> bool:
    """A cheap look before ``separator``: drawn around, or ending in a colon, and not too long."""
    return (text[0] in _AROUND or text[-1] in ":：*") and len(text) <= LONGEST


def frame(text: str) -> tuple[str, str] | None:
    """The words between two rules, in any language, and what stands after them in the same line (Yahoo's forwards)."""
    match = _FRAMED.match(text) if text[:3] in _FRAMES else None
    return (match[1], match[2] or "") if match else None


def separator(text: str) -> Separator | None:
    """A known phrase between rules or emphasis, or alone before a colon; None for any other line."""
    if not may_be(text):
        return None
    drawn = text[0] in _AROUND
    bare = plain(text).strip(_AROUND)
    if not bare or not (drawn or bare[-1] == ":"):
        return None
    inner = fold(bare).rstrip(": ").strip(_WITHIN)
    for words in (inner, *_BESIDE.split(inner)[:2]):
        if (known := _phrases().get(words.strip())) is not None:
            return known
    return _by(bare) if drawn else None


def _by(inner: str) -> Separator | None:
    """Lotus Notes' "Forwarded by John Doe/ACME on 02/04/2012 06:26 PM" between dashes."""
    match = _BY.match(inner) if fold(inner).startswith(_begin_phrases()) else None
    known = _phrases().get(fold(f"{match[1]} {match[2]}")) if match else None
    return known._replace(by=match[3], on=match[4]) if match and known else None
