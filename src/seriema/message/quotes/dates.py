"""Dates above a quote, in the reader's language: a day, the time of day beside it, and the words they stand in.

What has no offset is taken as UTC; all of it is a claim of the quoting mail.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from seriema.language import Phrases, languages_of
from seriema.message.quotes import clock, days

#: Only so much of a line is searched.
LONGEST = 400

_DIGIT = re.compile(r"\d")
_YEARS = range(1970, 2101)
#: Thai mail counts from the Buddha: 2564 is 2021.
_BUDDHIST = range(2513, 2644)
_BUDDHIST_SHIFT = 543


@dataclass(frozen=True, slots=True)
class Written:
    """A date found in a text: its value if it can be placed in time, the words it stands in, and where."""

    value: datetime | None
    text: str
    start: int
    end: int
    clock: bool = False  #: a time of day was written
    offset: bool = False  #: an offset or zone was written beside it
    languages: frozenset[str] = frozenset()  #: that use the name of its month


@cache
def weekdays() -> Phrases:
    """Names of weekdays, full and short; single letters and ideographs would be found in other words."""
    return Phrases({name: of for name, of in languages_of("calendar", "weekdays").items() if len(name) > 1})


def load() -> None:
    """Read the calendar."""
    weekdays()
    days.load()
    clock.load()


def find(text: str, hint: Collection[str] = ()) -> Written | None:
    """The first date in a text that went through ``plain``; ``hint`` are the languages the words around speak.

    A date without a year is found, but has no value. Never raises; only the first ``LONGEST`` characters are read.
    """
    text = text[:LONGEST]
    if not _DIGIT.search(text):
        return None
    day = days.find(text, hint)
    if day is None:
        return None
    time = clock.beside(text, day.start, day.end)
    if time is None:
        return Written(_moment(day), text[day.start : day.end].strip(), day.start, day.end, languages=day.languages)
    # "3/4/2021 5:06 PM" is the 4th of March, unless the words around put the day first.
    if day.swappable and time.half and text[: time.end].isascii() and (not hint or "en" in hint):
        day = replace(day, month=day.day, day=day.month)
    start, end = min(day.start, time.start), max(day.end, time.end)
    written = text[start:end].strip()
    return Written(_moment(day, time), written, start, end, True, time.zone is not None, day.languages)  # noqa: FBT003 - fields of a record


def _moment(day: days.Day, time: clock.Clock | None = None) -> datetime | None:
    """The point in time, None when the year is missing or no such day exists."""
    year = day.year - _BUDDHIST_SHIFT if day.year in _BUDDHIST else day.year
    if year not in _YEARS:
        return None
    try:
        midnight = datetime(year, day.month, day.day, tzinfo=(time.zone if time else None) or UTC)
    except ValueError:  # the 31st of a month that has 30 days
        return None
    return midnight.replace(hour=time.hour, minute=time.minute, second=time.second) if time else midnight
