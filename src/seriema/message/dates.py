"""Dates in header fields → aware datetimes in their own offset (RFC 5322, 3.3 and 4.3; RFC 850 and asctime too).

The standard library's lenient reader does the grammar; bounds, range checks and real offsets are ours. A date that
cannot be read is None: a made-up one would sort a mail into the wrong place.
"""

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz

_MAX_CHARACTERS = 128
_DAY = timedelta(days=1)


def read(text: str) -> datetime | None:
    """The moment a date field names, with the offset it gives (UTC where it gives none), or None.

    Years of two digits are read as RFC 5322 says; a day or hour out of range makes the date unreadable.
    """
    text = text.strip()[:_MAX_CHARACTERS]
    if not text or not text.isascii():
        text = text.encode("ascii", "ignore").decode("ascii")
    try:
        fields = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None  # the library's reader slips on some hostile input
    if fields is None:
        return None
    try:
        offset = timedelta(seconds=fields[9] or 0)
        if abs(offset) >= _DAY:
            return None
        second = min(fields[5], 59)  # a leap second
        return datetime(*fields[:5], second, tzinfo=timezone(offset))
    except (ValueError, OverflowError):
        return None
