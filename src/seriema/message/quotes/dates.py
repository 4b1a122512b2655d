"""Dates as mail clients write them above a quote, in the reader's language: "lun. 15 nov. 2021 à 19:42", "2021年11月15日".

There is no specification. A date is a numeric triple or a month's name with the numbers beside it; a time of day and an
offset may follow or go before. What has no offset is taken as UTC; all of it is a claim of the quoting mail.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from seriema.language import Hit, Phrases, fold, languages_of, vocabulary

#: Only so much of a line is searched.
LONGEST = 400

_YEARS = range(1970, 2101)
#: Thai mail counts from the Buddha: 2564 is 2021.
_BUDDHIST = range(2513, 2644)
_BUDDHIST_SHIFT = 543
_CENTURY = 70  #: two-digit years from here on are of the 20th century

_NUMERIC = re.compile(
    r"(?<![\d.:])(\d{1,4})\s?([-/.年년])\s{0,2}(\d{1,2})\s?([-/.月월])\s{0,2}(\d{1,4})(?![\d:])(?!\.\d)(?:\s?[日일])?"
)
_MARKED_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s(?:thg|tháng|thang)\s(\d{1,2}),?\s(?:năm\s)?(\d{4})(?!\d)")
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.)?"
_DAY_BEFORE = re.compile(rf"(?<!\d)(\d{{1,2}}){_ORDINAL}[\s\-/.,]{{0,2}}(?:de\s|di\s|of\s|d['’]\s?)?\Z")
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})[\s.,\-]{0,2}(?:g\.|m\.|г\.|р\.|оны)?\s{0,2}(?:[^\W\d]\w{0,8}\s)?\Z")
_DAY_AFTER = re.compile(rf"[\s.,\-/]{{0,3}}(\d{{1,2}}){_ORDINAL}(?![\d:])(?:\s?d\.)?")
_YEAR_AFTER = re.compile(r"[\s.,\-/'’]{0,3}(?:de\s|del\s|năm\s|года?\s)?(\d{4})(?![\d:])|[\s\-/'’](\d{2})(?![\d:.])")
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2})\s?(?:[:：.]|h(?=\s?\d)|時|點|点|时|시)\s?(\d{2})(?:\s?(?:[:.]|分|분)\s?(\d{2})(?!\d))?(?!\d)\s?[분分]?"
)
_TIME_BEFORE = re.compile(r"(?<![\d:.])(\d{1,2})[:h](\d{2})(?::(\d{2}))?(?!\d)")
_OFFSET = re.compile(
    r"\s{0,2}\(?(?:(?:GMT|UTC|UT)\s?)?([+−-])\s?(\d{1,2}):?(\d{2})?(?![\d.])\)?"
    r"|\s{0,2}\(?\b(Z|GMT|UTC|UT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST|MEZ|MESZ|WET|WEST|EET|EEST|BST|MSK|JST|KST|HKT"
    r"|SGT|AEST|AEDT|NZST|NZDT|WIB|WITA|WIT|ICT|PHT|PKT|BRT|SAST|EAT|TRT|IDT|AKST|AKDT|HST)\b\)?"
    r"|\s([A-Z]{3,4})(?=\s?[,)]|\Z)"
)
#: Hours east of Greenwich (RFC 5322, 4.3, and zones that only one part of the world calls so).
_ZONES = {
    "Z": 0, "GMT": 0, "UTC": 0, "UT": 0, "WET": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "CET": 1, "MEZ": 1, "WEST": 1, "BST": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "SAST": 2, "IDT": 3, "EAT": 3, "TRT": 3, "PKT": 5, "WIB": 7, "ICT": 7, "WITA": 8, "PHT": 8, "WIT": 9, "BRT": -3,
    "AKST": -9, "AKDT": -8, "HST": -10, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_GAP = 45  #: characters between a date and its time
_NOON = 12
_MAX_OFFSET = 14
_REACH = 24  #: characters before a month's name that may hold day and year


@dataclass(frozen=True, slots=True)
class Written:
    """A date found in a text: its value if it can be placed in time, the words it stands in, and where."""

    value: datetime | None
    text: str
    start: int
    end: int
    clock: bool = False  #: a time of day was written
    offset: bool = False  #: an offset or zone was written beside it
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Day:
    start: int
    end: int
    year: int
    month: int
    day: int
    swappable: bool = False  #: day and month are both at most twelve and only the country tells which is which
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


@cache
def weekdays() -> Phrases:
    """Names of weekdays, full and short; single letters and ideographs would be found in other words."""
    return Phrases({name: of for name, of in languages_of("calendar", "weekdays").items() if len(name) > 1})


@cache
def _halves() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words before and after noon, longest first. Those that are common words elsewhere are left to digits."""
    before, after = (
        tuple(sorted((word for word in languages_of("calendar", table) if word not in _COMMON), key=len, reverse=True))
        for table in ("am", "pm")
    )
    return before, after


_COMMON = frozenset({"de", "du", "sa", "ch", "em", "fm", "ap", "ip", "da", "pg", "pop"})


def load() -> None:
    """Read the calendar."""
    _months()
    weekdays()
    _halves()


def find(text: str, hint: Collection[str] = ()) -> Written | None:
    """The first date in a text that went through ``plain``; ``hint`` are the languages the words around speak.

    A date without a year is found, but has no value. Never raises; only the first ``LONGEST`` characters are read.
    """
    text = text[:LONGEST]
    if not any(map(str.isdigit, text)):
        return None
    day = _numeric(text) or _named(text, hint)
    return _with_time(text, day, hint) if day else None


def _numeric(text: str) -> _Day | None:
    """A date of three numbers, whichever comes first: year-month-day, day.month.year or month/day/year."""
    for match in _NUMERIC.finditer(text):
        one, first_mark, two, second_mark, three = match.groups()
        if first_mark != second_mark and not (first_mark in "年년" and second_mark in "月월"):
            continue
        if len(one) == 4:  # noqa: PLR2004  a year is written with four digits
            year, month, day, swappable = int(one), int(two), int(three), False
        elif len(one) <= 2 and len(three) in (2, 4):  # noqa: PLR2004  the same
            year, month, day = _full_year(three), int(two), int(one)
            swappable = first_mark == "/" or month > _NOON
        else:
            continue
        if swappable and month > _NOON >= day:
            month, day, swappable = day, month, False
        elif day > _NOON:
            swappable = False
        if 1 <= month <= _NOON and 1 <= day <= 31:  # noqa: PLR2004  no month has more days
            return _Day(match.start(), match.end(), year, month, day, swappable)
    if marked := _MARKED_MONTH.search(text.lower()):
        day, month, year = map(int, marked.groups())
        return _Day(marked.start(), marked.end(), year, month, day, languages=frozenset({"vi"}))
    return None


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) != 2:  # noqa: PLR2004  written in full
        return year
    return year + (1900 if year >= _CENTURY else 2000)


def _named(text: str, hint: Collection[str]) -> _Day | None:
    """A date with the name of a month; the first name that has day and year beside it, else the first with a day."""
    folded = fold(text)
    without_year = None
    for hit in _months()[0].find(folded):
        if found := _beside(text, folded, hit, hint):
            if found.year:
                return found
            without_year = without_year or found
    return without_year


def _beside(text: str, folded: str, hit: Hit, hint: Collection[str]) -> _Day | None:
    """Day and year around the month's name: "1 Feb 2016", "Feb 1, 2016", "2016. febr. 1."; year 0 where none stands."""
    before = text[max(0, hit.start - _REACH) : hit.start]
    offset = hit.start - len(before)
    tail = hit.end + (text[hit.end : hit.end + 1] == ".")
    year, end = 0, tail
    if day := _DAY_BEFORE.search(before):
        start, number = offset + day.start(), int(day[1])
        if after := _YEAR_AFTER.match(text, tail):
            year, end = _full_year(after[1] or after[2]), after.end()
        elif earlier := _YEAR_BEFORE.search(before[: day.start()]):
            year, start = int(earlier[1]), offset + earlier.start()
    elif later := _DAY_AFTER.match(text, tail):
        start, number, end = hit.start, int(later[1]), later.end()
        if after := _YEAR_AFTER.match(text, end):
            year, end = _full_year(after[1] or after[2]), after.end()
        elif earlier := _YEAR_BEFORE.search(before):
            year, start = int(earlier[1]), offset + earlier.start()
    else:
        return None
    if not 1 <= number <= 31:  # noqa: PLR2004  no month has more days
        return None
    return _Day(start, end, year, _number(folded[hit.start : hit.end], hint), number, languages=hit.languages)


def _number(name: str, hint: Collection[str]) -> int:
    """The month's number; by the language of the words around where languages disagree, else by the table's first."""
    numbers = _months()[1][name]
    return next((numbers[language] for language in numbers if language in hint), next(iter(numbers.values())))


def _with_time(text: str, day: _Day, hint: Collection[str]) -> Written:
    """Date, time of day and offset put together."""
    time = _TIME.search(text, day.end, day.end + _GAP)
    if time is not None and not _joined(text[day.end : time.start()]):
        time = None
    if time is None:
        before = list(_TIME_BEFORE.finditer(text, max(0, day.start - _GAP), day.start))
        time = before[-1] if before else None
    if time is None or int(time[1]) > 24 or int(time[2]) > 59:  # noqa: PLR2004  a clock's bounds
        value = _moment(day, 0, 0, 0, UTC)
        return Written(value, text[day.start : day.end], day.start, day.end, languages=day.languages)
    half, time_start, time_end = _half(text, time.start(), time.end())
    offset = _OFFSET.match(text, max(time_end, day.end)) or _OFFSET.match(text, time_end)
    zone = _zone(offset) if offset else None
    end = offset.end() if offset and (zone or offset[5]) else time_end
    hour = int(time[1]) % 24
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    if day.swappable and (half in ("am", "pm") and _is_american(text, time_end, hint)):
        day = _Day(day.start, day.end, day.year, day.day, day.month, False, day.languages)
    value = _moment(day, hour, int(time[2]), int(time[3] or 0), zone or UTC)
    first, last = min(day.start, time_start), max(day.end, end)
    return Written(value, text[first:last].strip(), first, last, True, zone is not None, day.languages)


def _joined(between: str) -> bool:
    """Date and time belong together unless a name or an address stands between them."""
    return "@" not in between and "<" not in between and '"' not in between and between.count(" ") < 6  # noqa: PLR2004 - few words


def _half(text: str, start: int, end: int) -> tuple[str, int, int]:
    """Whether a time is of the first or second half of the day, and what of the text it then covers."""
    before, after = _halves()
    following = fold(text[end : end + 16])
    stripped = following.lstrip(" ")
    gap = len(following) - len(stripped)
    for half, words in (("am", before), ("pm", after)):
        for word in words:
            if stripped.startswith(word) and not stripped[len(word) : len(word) + 1].isalpha():
                dot = stripped[len(word) : len(word) + 1] == "."
                return half, start, end + gap + len(word) + dot
    preceding = fold(text[max(0, start - 8) : start]).rstrip(" ")
    for half, words in (("am", before), ("pm", after)):
        for word in words:
            if not word.isascii() and preceding.endswith(word):
                return half, start - (len(text[max(0, start - 8) : start]) - len(preceding)) - len(word), end
    return "", start, end


def _is_american(text: str, time_end: int, hint: Collection[str]) -> bool:
    """ "3/4/2021 5:06 PM" is the 4th of March unless the words around are of a language that puts the day first."""
    return text[time_end - 1 : time_end] in "mM." and (not hint or "en" in hint)


def _zone(offset: re.Match[str]) -> timezone | None:
    """The offset as written, None when it is out of range or its name says nothing certain."""
    if offset[5]:
        return None
    if offset[4]:
        return timezone(timedelta(hours=_ZONES[offset[4]]))
    hours, minutes = int(offset[2]), int(offset[3] or 0)
    if hours > _MAX_OFFSET or minutes > 59:  # noqa: PLR2004  minutes of an hour
        return None
    return timezone((timedelta(hours=hours, minutes=minutes)) * (1 if offset[1] == "+" else -1))


def _moment(day: _Day, hour: int, minute: int, second: int, zone: timezone) -> datetime | None:
    year = day.year - _BUDDHIST_SHIFT if day.year in _BUDDHIST else day.year
    if year not in _YEARS:
        return None
    try:
        return datetime(year, day.month, day.day, hour, minute, min(second, 59), tzinfo=zone)
    except ValueError:  # the 31st of a month that has 30 days
        return None
