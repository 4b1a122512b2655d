"""``Format``: the forms of dates, numbers and case ([MS-VBAL] 6.1.2.11.1.10)."""

import re

from seriema.examine.vba.conversion import number, text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.values import MISSING, UNKNOWN, Date, Fault, HalfKnown, Unknown, Value

_DATE_PART = re.compile(r"yyyy|yy|y|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|nn|n|ss|s|am/pm|\"[^\"]*\"|\\.|.", re.IGNORECASE)
_NAMED = {"general number": "", "currency": "0.00", "fixed": "0.00", "standard": "#,##0.00", "percent": "0.00%"}


def form(machine: Machine, value: Value, form_: Value) -> Value:
    """A value as a form shows it."""
    if type(value) in (Unknown, HalfKnown) or type(form_) in (Unknown, HalfKnown):
        return value if type(value) is HalfKnown and _keeps(form_) else UNKNOWN
    value = machine.let_value(value)
    if form_ is MISSING or form_ is None or form_ == "":
        return text(value)
    shape = text(form_)
    if not isinstance(shape, str):
        return UNKNOWN
    if isinstance(value, Date):
        return _dated(value, shape)
    if isinstance(value, str):
        if shape in (">", "<"):
            return value.upper() if shape == ">" else value.lower()
        if not any(character in shape for character in "0#"):
            return _worded(value, shape)
        try:
            value = number(value)
        except Fault:
            return value
    return _numbered(number(value), _NAMED.get(shape.lower(), shape))


def _keeps(form_: Value) -> bool:
    return form_ is MISSING or form_ in ("", "@")


def _worded(value: str, shape: str) -> str:
    """``@`` and ``&`` stand for characters, all else for itself."""
    if "@" not in shape and "&" not in shape:
        return value if not shape.strip("<>!") else shape
    letters = iter(value)
    return "".join(next(letters, " " if one == "@" else "") if one in "@&" else one for one in shape) + "".join(letters)


def _dated(value: Date, shape: str) -> str:
    day = value.day
    seconds = round(float(value) % 1 * 86400) % 86400
    hour = seconds // 3600
    found, previous = [], ""
    noon = "am/pm" in shape.lower()
    for part in _DATE_PART.findall(shape):
        key = part.lower()
        minutes = key in ("m", "mm") and previous in ("h", "hh")
        shown = {
            "yyyy": f"{day.year:04}", "yy": f"{day.year % 100:02}", "mmmm": f"{day:%B}", "mmm": f"{day:%b}",
            "mm": f"{seconds // 60 % 60 if minutes else day.month:02}",
            "m": str(seconds // 60 % 60 if minutes else day.month),
            "dddd": f"{day:%A}", "ddd": f"{day:%a}", "dd": f"{day.day:02}", "d": str(day.day),
            "hh": f"{(hour + 11) % 12 + 1 if noon else hour:02}", "h": str((hour + 11) % 12 + 1 if noon else hour),
            "nn": f"{seconds // 60 % 60:02}", "n": str(seconds // 60 % 60), "ss": f"{seconds % 60:02}",
            "s": str(seconds % 60),
            "am/pm": "AM" if hour < 12 else "PM", "y": str(day.timetuple().tm_yday),
        }.get(key, part.strip('"\\'))  # fmt: skip
        found.append(shown)
        if part.strip() and part.isalpha():
            previous = key
    return "".join(found)


def _numbered(value: Value, shape: str) -> str:
    shape = shape.split(";", maxsplit=1)[0]
    if type(value) is Unknown or not any(character in shape for character in "0#"):
        return shape or text(value)
    if "%" in shape:
        value *= 100
    whole, _, decimals = shape.partition(".")
    digits = sum(character in "0#" for character in decimals)
    shown = f"{abs(value):.{digits}f}" if digits else str(round(abs(value)))
    head, _, tail = shown.partition(".")
    head = head.rjust(sum(character == "0" for character in whole), "0")
    if head == "0" and "0" not in whole:
        head = ""
    if "," in whole:
        head = f"{int(head or 0):,}"
    least = sum(character == "0" for character in decimals)
    while len(tail) > least and tail.endswith("0"):
        tail = tail[:-1]
    first = (
        next(at for at, character in enumerate(whole or "0") if character in "0#")
        if any(c in whole for c in "0#")
        else 0
    )
    last = max((at for at, character in enumerate(whole) if character in "0#,"), default=-1)
    before, after = (
        whole[:first].strip('"\\'),
        whole[last + 1 :].strip('"\\') if not decimals else decimals.lstrip("0#").strip('"\\'),
    )
    return ("-" if value < 0 else "") + before + head + (f".{tail}" if tail else "") + after
