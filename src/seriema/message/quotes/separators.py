"""Lines that separate a mail from an older one: rules, "-----Original Message-----", "Begin forwarded message:"."""

import re
from functools import cache
from typing import NamedTuple

from seriema.language import fold, languages_of, plain

_RULE = re.compile(r"[-_=*~#+.—–―─━•\s]{3,}\Z")
_AROUND = " \t-_=*~#+.—–―─━>|<[]"
_LONGEST = 200
_DRAWN = re.compile(r"[-_=*~]{3,}\s?([^-_=*~\d][^_=*~\d]{1,60}?)\s?[-_=*~]{3,}(?:\s+(\S.*))?\Z")
_BY = re.compile(
    r"(.{3,60}?)\s+(?:by|von|par|por|da|door|av|af|przez|od)\s+(.{1,200}?)\s+(?:on|am|le|el|il|op|den|dnia|em)\s+(.+)"
)


class Separator(NamedTuple):
    """What kind a separating line is of, and the languages of its words."""

    forwarded: bool
    languages: frozenset[str]
    by: str = ""  #: Lotus: who forwarded
    on: str = ""  #: Lotus: when


@cache
def _phrases() -> dict[str, Separator]:
    original = {fold(plain(word)): Separator(False, of) for word, of in languages_of("separators", "original").items()}
    forwarded = {fold(plain(word)): Separator(True, of) for word, of in languages_of("separators", "forwarded").items()}
    return original | forwarded


def load() -> None:
    """Read the vocabulary."""
    _phrases()


def is_rule(text: str) -> bool:
    """The line is drawn: three or more of the characters rules are made of, and nothing else."""
    return len(text) > 2 and _RULE.match(text) is not None  # noqa: PLR2004  two dashes are a signature's


def may_be(text: str) -> bool:
    """A cheap look before ``separator``: drawn around, or ending in a colon, and not too long."""
    return (text[0] in _AROUND or text[-1] in ":：*") and len(text) <= _LONGEST


def frame(text: str) -> tuple[str, str] | None:
    """The words between two rules, in any language, and what stands after them in the same line (Yahoo's forwards)."""
    match = _DRAWN.match(text) if text[:3] in _FRAMES else None
    return (match[1], match[2] or "") if match else None


_FRAMES = ("---", "___", "===", "***", "~~~")


def separator(text: str) -> Separator | None:
    """A known phrase between rules or emphasis, or alone before a colon; None for any other line."""
    drawn = text[0] in _AROUND
    inner = fold(text.strip(_AROUND))
    if not drawn and inner[-1:] not in (":", "："):
        return None
    inner = inner.rstrip(":： ").strip("\"'“”„«»「」【】[]() ")
    known = _phrases().get(inner)
    if known is not None or not drawn:
        return known
    # Two languages beside each other: "Preposlaná správa --- Forwarded Message", "… / Fwd.Msg".
    for part in re.split(r"\s?[-/]{1,5}\s", inner)[:2]:
        if (known := _phrases().get(part.strip())) is not None:
            return known
    return _lotus(text.strip(_AROUND))


def _lotus(inner: str) -> Separator | None:
    """ "Forwarded by John Doe/ACME on 02/04/2012 06:26 PM" between dashes."""
    match = _BY.match(inner)
    if match is None:
        return None
    known = _phrases().get(fold(f"{match[1]} {inner[match.end(1) :].split()[0]}"))
    return known._replace(by=match[2], on=match[3]) if known else None
