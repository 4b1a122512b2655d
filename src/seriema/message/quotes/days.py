"""Days of the calendar as people write them in about fifty languages: "15 nov. 2021", "Nov 15, 2021", "2021年11月15日".

There is no specification: a day is a numeric triple in one of three orders, or the name of a month with the numbers
beside it (names from the vocabulary ``calendar``).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from seriema.language import Hit, Phrases, fold, vocabulary

_MONTHS = 12
_DAYS = 31
#: Two-digit years from here on are of the 20th century.
_CENTURY = 70
#: Characters before a month's name that may hold day and year.
_REACH = 24

#: Patterns begin with a digit and look behind it, so that the engine skips all else quickly.
_NUMERIC = re.compile(
    r"(\d(?<![\d.:]\d)\d{0,3})\s?([-/.年년])\s{0,2}(\d{1,2})\s?([-/.月월])\s{0,2}(\d{1,4})(?![\d:])(?!\.\d)(?:\s?[日일])?"
)
_MARKED_MONTH = re.compile(r"(\d(?<!\d\d)\d?)\s(?:thg|tháng|thang)\s(\d{1,2}),?\s(?:năm\s)?(\d{4})(?!\d)")
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.)?"
_DAY_BEFORE = re.compile(rf"(?<!\d)(\d{{1,2}}){_ORDINAL}[\s\-/.,]{{0,2}}(?:de\s|di\s|of\s|d['’]\s?)?\Z")
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})[\s.,\-]{0,2}(?:g\.|m\.|г\.|р\.|оны)?\s{0,2}(?:[^\W\d]\w{0,8}\s)?\Z")
_DAY_AFTER = re.compile(rf"[\s.,\-/]{{0,3}}(\d{{1,2}}){_ORDINAL}(?![\d:])(?:\s?d\.)?")
_YEAR_AFTER = re.compile(
    r"[\s.,\-/'’]{0,3}(?:de\s|del\s|năm\s|года?\s)?(\d{4})(?![\d:])|[\s\-/'’](\d{2})(?![\d:.])",
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day found at ``start`` to ``end`` of a text. ``year`` is 0 where none is written."""

    start: int
    end: int
    year: int
    month: int
    day: int
    swappable: bool = False  #: written with slashes, so that an American would read day and month the other way round
    languages: frozenset[str] = frozenset()


@cache
def _months() -> tuple[Phrases, dict[str, dict[str, int]]]:
    """Names of months, and name → language → number. Hebrew writes "in" before them without a space."""
    numbers: dict[str, dict[str, int]] = {}
    for language, table in vocabulary("calendar")["months"].items():
        for number, names in enumerate(table, 1):
            for name in names.split("|"):
                numbers.setdefault(name, {})[language] = number
                if language == "he":
                    numbers.setdefault("ב" + name, {})[language] = number
    return Phrases({name: frozenset(of) for name, of in numbers.items()}), numbers


def load() -> None:
    """Read the names of months."""
    _months()


def find(text: str, hint: Collection[str]) -> Day | None:
    """The first day written in a text; ``hint`` are the languages the words around it speak."""
    return _numeric(text) or _named(text, hint)


def _numeric(text: str) -> Day | None:
    """Year-month-day, day.month.year, day/month/year or, where nothing else fits, month/day/year."""
    for match in _NUMERIC.finditer(text):
        if found := _triple(match):
            return found
    if marked := _MARKED_MONTH.search(text.lower()):
        day, month, year = map(int, marked.groups())
        if month <= _MONTHS:
            return Day(marked.start(), marked.end(), year, month, day, languages=frozenset({"vi"}))
    return None


def _triple(match: re.Match[str]) -> Day | None:
    one, first_mark, two, second_mark, three = match.groups()
    if first_mark != second_mark and first_mark not in "年년":
        return None
    swappable = False
    if len(one) == 4:  # noqa: PLR2004  a year is written with four digits
        year, month, day = int(one), int(two), int(three)
    elif len(one) <= 2 and len(three) in (2, 4):  # noqa: PLR2004  or with two
        year, month, day = _full_year(three), int(two), int(one)
        swappable = first_mark == "/" and day <= _MONTHS
        if month > _MONTHS >= day:
            month, day, swappable = day, month, False
    else:
        return None
    if not (1 <= month <= _MONTHS and 1 <= day <= _DAYS):
        return None
    return Day(match.start(), match.end(), year, month, day, swappable)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) != 2:  # noqa: PLR2004  written in full
        return year
    return year + (1900 if year >= _CENTURY else 2000)


def _named(text: str, hint: Collection[str]) -> Day | None:
    """With the name of a month: the first name that has day and year beside it, else the first with a day."""
    folded = fold(text)
    without_year = None
    for hit in _months()[0].find(folded):
        if found := _beside(text, folded[hit.start : hit.end], hit, hint):
            if found.year:
                return found
            without_year = without_year or found
    return without_year


def _beside(text: str, name: str, hit: Hit, hint: Collection[str]) -> Day | None:
    """Day and year around a month's name: "1 Feb 2016", "Feb 1, 2016", "2016. febr. 1."."""
    before = text[max(0, hit.start - _REACH) : hit.start]
    tail = hit.end + (text[hit.end : hit.end + 1] == ".")
    if day := _DAY_BEFORE.search(before):
        start, end = hit.start - len(before) + day.start(), tail
    elif day := _DAY_AFTER.match(text, tail):
        start, end = hit.start, day.end()
    else:
        return None
    year = 0
    if after := _YEAR_AFTER.match(text, end):
        year, end = _full_year(after[1] or after[2]), after.end()
    elif earlier := _YEAR_BEFORE.search(before[: len(before) - hit.start + start]):
        year, start = int(earlier[1]), hit.start - len(before) + earlier.start()
    number = int(day[1])
    return Day(start, end, year, _number(name, hint), number, languages=hit.languages) if 1 <= number <= _DAYS else None


def _number(name: str, hint: Collection[str]) -> int:
    """The month's number; by the language of the words around where languages disagree, else by the table's first."""
    numbers = _months()[1][name]
    return next((numbers[language] for language in numbers if language in hint), next(iter(numbers.values())))
