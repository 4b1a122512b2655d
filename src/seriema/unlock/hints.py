"""Passwords that are not written out: the sender's company, a domain, a date in one of its usual spellings.

Threat notes of 2020–23 have all of these. They are few and come late, so they cost little where they are wrong.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from seriema.model.password import Text

_DOMAIN = re.compile(r"[@/.]([A-Za-z0-9][A-Za-z0-9-]{1,40})\.[A-Za-z]{2,12}\b")
_WORD = re.compile(r"[^\W_]{2,40}")
_DOMAINS, _NAMES = 12, 12
_SEARCHED = 20_000
_POINTS_NAME, _POINTS_DOMAIN, _POINTS_DATE = 3.5, 2.5, 3.0
_DATE_FORMS = (
    "%d%m%y", "%d%m%Y", "%Y%m%d", "%y%m%d", "%m%d%y", "%m%d%Y", "%m%d", "%d%m", "%Y%m", "%m%Y", "%Y", "%Y-%m-%d",
    "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y",
)  # fmt: skip


def hinted(texts: Sequence[Text], names: Sequence[str], dates: Sequence[date]) -> Iterator[tuple[str, float]]:
    """Passwords that names, domains and dates suggest, with their points."""
    years = dict.fromkeys(form for day in dates for form in (f"{day:%Y}", f"{day:%y}"))
    for word in list(dict.fromkeys(word for name in names for word in (name, *_WORD.findall(name))))[:_NAMES]:
        yield from _written(word, years, _POINTS_NAME)
    for word in list(dict.fromkeys(_domains(texts)))[:_DOMAINS]:
        yield from _written(word, years, _POINTS_DOMAIN)
    for day in dates:
        for form in _DATE_FORMS:
            yield day.strftime(form), _POINTS_DATE


def _domains(texts: Sequence[Text]) -> Iterator[str]:
    for text in texts:
        yield from _DOMAIN.findall(text.content[:_SEARCHED])


def _written(word: str, years: dict[str, None], points: float) -> Iterator[tuple[str, float]]:
    compact = "".join(word.split())
    for form in dict.fromkeys((compact, compact.lower(), compact.upper(), compact.capitalize())):
        yield form, points
        for year in years:
            yield form + year, points - 0.5
