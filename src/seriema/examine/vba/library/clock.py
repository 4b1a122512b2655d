"""Functions on dates and times ([MS-VBAL] 6.1.2.4).

The present is unknown; its parts have few values, which are tried.
"""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from seriema.examine.vba.conversion import to_date, whole
from seriema.examine.vba.library.formatting import form
from seriema.examine.vba.library.registry import function
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.tokens import day_number
from seriema.examine.vba.values import BAD_CALL, MISSING, UNKNOWN, Date, Fault, Unknown, Value

NOW = "now"
_PARTS: dict[str, Callable[[date, int], int]] = {
    "yyyy": lambda day, _: day.year, "q": lambda day, _: (day.month + 2) // 3, "m": lambda day, _: day.month,
    "y": lambda day, _: day.timetuple().tm_yday, "d": lambda day, _: day.day, "w": lambda day,
    _: day.isoweekday() % 7 + 1,
    "ww": lambda day, _: day.isocalendar()[1], "h": lambda _, seconds: seconds // 3600,
    "n": lambda _, seconds: seconds // 60 % 60, "s": lambda _, seconds: seconds % 60,
}  # fmt: skip
_OF_NOW = {
    "m": tuple(range(1, 13)), "w": tuple(range(1, 8)), "q": (1, 2, 3, 4), "d": tuple(range(1, 32)),
    "h": tuple(range(24)),
    "yyyy": tuple(range(2020, 2028)),
}  # fmt: skip


@function("Now", "Date", "Date$", "Time", "Time$", "Timer", "GetTickCount", open=True)
def now(_: Machine) -> Value:
    """The present."""
    return Unknown(key=NOW)


def part(value: Value, which: str) -> Value:
    """One part of a date."""
    if type(value) is Unknown:
        return Unknown(domain=_OF_NOW.get(which, ()), key=f"{NOW}.{which}") if value.key == NOW else UNKNOWN
    known = to_date(value)
    if type(known) is Unknown:
        return UNKNOWN
    return _PARTS[which](known.day, round(float(known) % 1 * 86400) % 86400)


def _named(name: str, which: str) -> None:
    function(name, open=True)(lambda machine, date: part(date, which))


for _name, _which in (("year", "yyyy"), ("month", "m"), ("day", "d"), ("hour", "h"), ("minute", "n"), ("second", "s")):
    _named(_name, _which)


@function("Weekday", open=True)
def weekday(_: Machine, date: Value, firstdayofweek: Value = 1) -> Value:
    """The day of the week, Sunday 1 unless told otherwise."""
    first = 1 if firstdayofweek is MISSING else whole(firstdayofweek) or 1
    value = part(date, "w")
    return value if type(value) is Unknown else (value - first) % 7 + 1


@function("DatePart", open=True)
def date_part(_: Machine, interval: Value, date: Value, firstdayofweek: Value = 1, firstweekofyear: Value = 1) -> Value:
    """One part of a date by its short name."""
    if str(interval).lower() not in _PARTS:
        raise Fault(BAD_CALL)
    return part(date, str(interval).lower())


@function("DateSerial")
def date_serial(_: Machine, year: Value, month: Value, day: Value) -> Value:
    """A date of year, month and day."""
    number = whole(year)
    return Date(day_number(number + (2000 if number < 30 else 1900 if number < 100 else 0), whole(month), whole(day)))


@function("TimeSerial")
def time_serial(_: Machine, hour: Value, minute: Value, second: Value) -> Value:
    """A time of day."""
    return Date((whole(hour) * 3600 + whole(minute) * 60 + whole(second)) / 86400)


@function("TimeValue")
def time_value(_: Machine, time: Value) -> Value:
    """The time of a date."""
    if isinstance(time, str):
        parts = time.split(":")
        if 2 <= len(parts) <= 3 and all(one.strip().isdigit() for one in parts):
            hours, minutes, *rest = (int(one) for one in parts)
            return Date((hours * 3600 + minutes * 60 + sum(rest)) / 86400)
    return Date(float(to_date(time)) % 1)


@function("DateAdd")
def date_add(_: Machine, interval: Value, number: Value, date: Value) -> Value:
    """A date some intervals later."""
    begun, count, unit = to_date(date), whole(number), str(interval).lower()
    days = {"d": 1, "y": 1, "w": 1, "ww": 7, "h": 1 / 24, "n": 1 / 1440, "s": 1 / 86400}.get(unit)
    if days is not None:
        return Date(float(begun) + days * count)
    months = {"m": 1, "q": 3, "yyyy": 12}.get(unit)
    if months is None:
        raise Fault(BAD_CALL)
    day = begun.day
    total = day.year * 12 + day.month - 1 + months * count
    if not 12 <= total < 12 * 9999:
        raise Fault(BAD_CALL)
    last = calendar.monthrange(total // 12, total % 12 + 1)[1]
    return Date(day_number(total // 12, total % 12 + 1, min(day.day, last)) + float(begun) % 1)


@function("DateDiff", open=True)
def date_difference(
    _: Machine, interval: Value, date1: Value, date2: Value, firstdayofweek: Value = 1, firstweekofyear: Value = 1
) -> Value:
    """How many intervals lie between two dates."""
    if type(date1) is Unknown or type(date2) is Unknown:
        return UNKNOWN
    first, second, unit = to_date(date1), to_date(date2), str(interval).lower()
    if unit in ("yyyy", "m", "q"):
        months = (second.day.year - first.day.year) * 12 + second.day.month - first.day.month
        return second.day.year - first.day.year if unit == "yyyy" else months if unit == "m" else months // 3
    each = {"d": 1, "y": 1, "w": 7, "ww": 7, "h": 1 / 24, "n": 1 / 1440, "s": 1 / 86400}.get(unit)
    if each is None:
        raise Fault(BAD_CALL)
    return int((float(second) - float(first)) / each)


@function("MonthName")
def month_name(_: Machine, month: Value, abbreviate: Value = False) -> Value:
    """A month's English name."""
    if not 1 <= whole(month) <= 12:
        raise Fault(BAD_CALL)
    return (calendar.month_abbr if abbreviate is True else calendar.month_name)[whole(month)]


@function("WeekdayName")
def weekday_name(_: Machine, weekday: Value, abbreviate: Value = False, firstdayofweek: Value = 1) -> Value:
    """A day's English name."""
    first = 1 if firstdayofweek is MISSING else whole(firstdayofweek) or 1
    day = date(2023, 1, 1) + timedelta(days=whole(weekday) + first - 2)
    return day.strftime("%a" if abbreviate is True else "%A")


@function("Format", "Format$", "FormatDateTime", "FormatNumber", open=True)
def formatted(
    machine: Machine, expression: Value, format: Value = MISSING, firstdayofweek: Value = 1, firstweekofyear: Value = 1
) -> Value:
    """A value in a given form: the forms of dates, digits and case that stand in macros."""
    return form(machine, expression, format)
