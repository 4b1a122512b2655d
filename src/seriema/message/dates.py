"""Dates in header fields → aware datetimes in their own offset (RFC 5322, 3.3 and 4.3; RFC 850 and asctime too).

The standard library's lenient reader does the grammar; bounds, range checks and real offsets are ours. A date that
cannot be read is None: a made-up one would sort a mail into the wrong place.
"""

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache

_MAX_CHARACTERS = 128
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)}
#: As nearly every mail writes it; the library's reader takes three times as long.
_USUAL = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, +)?([0-9]{{1,2}}) +({'|'.join(_MONTHS)}) +([12][0-9]{{3}})"
    r" +([0-9]{2}):([0-9]{2}):([0-9]{2}) +([+-][0-9]{4})(?= |\Z)"
)
_DAY = timedelta(days=1)


def read(text: str) -> datetime | None:
    """The moment a date field names, with the offset it gives (UTC where it gives none), or None.

    Years of two digits are read as RFC 5322 says; a day or hour out of range makes the date unreadable.
    """
    text = text.strip()[:_MAX_CHARACTERS]
    if usual := _USUAL.match(text):
        day, month, year, hour, minute, second, zone = usual.groups()
        return _moment((int(year), _NUMBERS[month], int(day), int(hour), int(minute), int(second)), _written(zone))
    if not text.isascii():
        text = text.encode("ascii", "ignore").decode("ascii")
    try:
        fields = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None  # the library's reader slips on some hostile input
    return _moment(fields[:6], _zone(fields[9] or 0)) if fields else None


def _moment(date: tuple[int, int, int, int, int, int], zone: timezone | None) -> datetime | None:
    try:
        return datetime(*date[:5], min(date[5], 59), tzinfo=zone) if zone else None  # 60 is a leap second
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=256)
def _written(zone: str) -> timezone | None:
    """``+hhmm`` or ``-hhmm``."""
    offset = int(zone[1:3]) * 3600 + int(zone[3:]) * 60
    return _zone(-offset if zone[0] == "-" else offset)


def _zone(seconds: int) -> timezone | None:
    try:
        offset = timedelta(seconds=seconds)
    except OverflowError:
        return None
    return timezone(offset) if abs(offset) < _DAY else None
