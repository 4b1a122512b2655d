"""The time of day beside a date, with its half of the day and offset: "6:26 PM", "kl. 19.42", "下午8:45", "+0530"."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import cache

from seriema.language import fold, languages_of

_TIME = re.compile(
    r"(\d(?<![\d:]\d)\d?)\s?(?:[:：.]|h(?=\s?\d)|時|點|点|时|시)\s?(\d{2})"
    r"(?:\s?(?:[:.]|分|분)\s?(\d{2})(?!\d))?(?!\d)\s?[分분]?"
)
_TIME_BEFORE = re.compile(r"(\d(?<![\d:.]\d)\d?)[:h](\d{2})(?::(\d{2}))?(?!\d)")
_OFFSET = re.compile(
    r"\s{0,2}\(?(?:(?:GMT|UTC|UT)\s?)?([+−-])\s?(\d{1,2}):?(\d{2})?(?![\d.])\)?"
    r"|\s{0,2}\(?\b(Z|GMT|UTC|UT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST|MEZ|MESZ|WET|WEST|EET|EEST|BST|MSK|JST|KST|HKT"
    r"|SGT|AEST|AEDT|NZST|NZDT|WIB|WITA|WIT|ICT|PHT|PKT|BRT|SAST|EAT|TRT|IDT|AKST|AKDT|HST)\b\)?"
    r"|\s([A-Z]{3,4})(?=\s?[,)]|\Z)"
)
#: Hours east of Greenwich: RFC 5322, 4.3, and zones that only one part of the world calls so.
_ZONES = {
    "Z": 0, "GMT": 0, "UTC": 0, "UT": 0, "WET": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "CET": 1, "MEZ": 1, "WEST": 1, "BST": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "SAST": 2, "IDT": 3, "EAT": 3, "TRT": 3, "PKT": 5, "WIB": 7, "ICT": 7, "WITA": 8, "PHT": 8, "WIT": 9, "BRT": -3,
    "AKST": -9, "AKDT": -8, "HST": -10, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13,
}  # fmt: skip
#: Characters between a date and its time, and words: "à", "alle ore", "vào lúc".
_GAP = 45
_GAP_WORDS = 5
_NOON = 12
_HOURS = 24
_SIXTY = 60
_MOST_HOURS = 14  #: of an offset
#: Characters after and before a time that may name the half of the day.
_AFTER = 16
_BEFORE = 8
#: Words for the halves of the day that are common words of other languages.
_COMMON = frozenset({"de", "du", "sa", "ch", "em", "fm", "ap", "ip", "da", "pg", "pop"})


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day at ``start`` to ``end`` of a text, its half and offset included; ``zone`` None when not known."""

    start: int
    end: int
    hour: int
    minute: int
    second: int
    half: str = ""  #: am, pm, or "" when none is written
    zone: timezone | None = None


@cache
def _halves() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Words for the halves of the day by their first letter, and all under ""; longest first, each with am or pm."""
    words = ((word, half) for half in ("am", "pm") for word in languages_of("calendar", half) if word not in _COMMON)
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for word, half in sorted(words, key=lambda item: (-len(item[0]), item)):
        for key in ("", word[0]):
            found[key].append((word, half))
    return dict(found)


def load() -> None:
    """Read the words for the halves of the day."""
    _halves()


def beside(text: str, start: int, end: int) -> Clock | None:
    """The time of day written after, else before, the date at ``start`` to ``end``."""
    time = _TIME.search(text, end, end + _GAP)
    if time is None or not _belongs(text[end : time.start()]):
        time = next(reversed(list(_TIME_BEFORE.finditer(text, max(0, start - _GAP), start))), None)
    if time is None or int(time[1]) > _HOURS or int(time[2]) >= _SIXTY:
        return None
    half, time_start, time_end = _half(text, time.start(), time.end())
    offset = _OFFSET.match(text, max(time_end, end)) or _OFFSET.match(text, time_end)
    zone = _zone(offset) if offset else None
    if offset and (zone or offset[5]):
        time_end = offset.end()
    second = min(int(time[3] or 0), _SIXTY - 1)
    return Clock(time_start, time_end, _hour(int(time[1]) % _HOURS, half), int(time[2]), second, half, zone)


def _belongs(between: str) -> bool:
    """Date and time belong together unless a name or an address stands between them."""
    return not set(between) & set('@<"') and between.count(" ") <= _GAP_WORDS


def _half(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The half of the day named beside a time, and what of the text the time then covers."""
    after = fold(text[end : end + _AFTER])
    following = after.lstrip(" ")
    before = fold(text[max(0, start - _BEFORE) : start])
    preceding = before.rstrip(" ")
    # Only words outside of ASCII stand before a time.
    for word, half in _halves().get(following[:1] if before.isascii() else "", ()):
        if following.startswith(word) and not following[len(word) : len(word) + 1].isalpha():
            dot = following[len(word) : len(word) + 1] == "."
            return half, start, end + len(after) - len(following) + len(word) + dot
        if not word.isascii() and preceding.endswith(word):
            return half, start - len(before) + len(preceding) - len(word), end
    return "", start, end


def _hour(hour: int, half: str) -> int:
    if not half or hour > _NOON:
        return hour
    return hour % _NOON + (_NOON if half == "pm" else 0)


def _zone(offset: re.Match[str]) -> timezone | None:
    """The offset as written, None when it is out of range or its name says nothing certain."""
    if offset[5]:
        return None
    if offset[4]:
        return timezone(timedelta(hours=_ZONES[offset[4]]))
    hours, minutes = int(offset[2]), int(offset[3] or 0)
    if hours > _MOST_HOURS or minutes >= _SIXTY:
        return None
    return timezone(timedelta(hours=hours, minutes=minutes) * (1 if offset[1] == "+" else -1))
