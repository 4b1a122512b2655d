"""Turn values of one type into another, as VBA does by itself and with ``CStr``, ``CLng`` … [MS-VBAL] 5.5.1.2.

Rounding is to the even neighbour (banker's), overflow is run-time error 6, text that is no number is 13.
"""

import math
import re
from collections.abc import Callable

from seriema.examine.vba.tokens import date_literal
from seriema.examine.vba.values import (
    MISMATCH,
    MISSING,
    NOTHING,
    NULL,
    OVERFLOW,
    Array,
    Date,
    Fault,
    HalfKnown,
    Record,
    Unknown,
    Value,
    joined,
    listed,
)

RANGES = {
    "byte": (0, 255),
    "integer": (-0x8000, 0x7FFF),
    "long": (-0x8000_0000, 0x7FFF_FFFF),
    "longlong": (-(1 << 63), (1 << 63) - 1),
    "longptr": (-(1 << 63), (1 << 63) - 1),
}
_NUMBER = re.compile(r"\s*([+-]?(?:\d+(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:[eEdD][+-]?\d{1,4})?)\s*")
NUMBER_AHEAD = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[ed][+-]?\d{1,3})?")
_BASED = re.compile(r"\s*&[hH]([0-9a-fA-F]{1,16})&?\s*|\s*&[oO]?([0-7]{1,22})&?\s*")
_BIGGEST = 1e308


def default_of(value: Value) -> Value:
    """What an object stands for where a plain value is needed: its default member."""
    member = getattr(value, "default", None)
    return member() if member is not None else value


def number(value: Value) -> Value:
    """A number, or Unknown; raises ``Fault`` for text that is none."""
    kind = type(value)
    if kind is int or kind is float:
        return value
    if kind is bool:
        return -1 if value else 0
    if value is None:
        return 0
    if kind is str:
        return text_number(value)
    if kind is Date:
        return float(value)
    if kind is Unknown or kind is HalfKnown:
        return value if kind is Unknown else Unknown()
    plain = default_of(value)
    if plain is value or value in (NULL, NOTHING, MISSING):
        raise Fault(94 if value is NULL else 91 if value is NOTHING else MISMATCH)
    return number(plain)


def text_number(text: str) -> int | float:
    """The number that a text is as a whole."""
    found = _NUMBER.fullmatch(text)
    if found:
        digits = found[1].replace(",", "").lower().replace("d", "e")
        if digits.lstrip("+-").isdigit() and len(digits) < 20:
            return int(digits)
        value = float(digits)
        if abs(value) > _BIGGEST:
            raise Fault(OVERFLOW)
        return value
    based = _BASED.fullmatch(text)
    if not based:
        raise Fault(MISMATCH)
    return wrapped(int(based[1], 16) if based[1] else int(based[2], 8), len(based[1] or "") <= 4)


def wrapped(value: int, short: bool) -> int:
    """A hexadecimal number with its highest bit as the sign, as in 16 or 32 bits."""
    if short:
        return value - 0x10000 if 0x8000 <= value <= 0xFFFF else value
    return value - (1 << 32) if 1 << 31 <= value < 1 << 32 else value


def whole(value: Value) -> Value:
    """An integer of any width: rounded to the even neighbour. Unknown stays Unknown."""
    if type(value) is int:
        return value
    plain = number(value)
    if type(plain) is Unknown:
        return plain
    if isinstance(plain, float):
        if math.isnan(plain) or math.isinf(plain):
            raise Fault(OVERFLOW)
        return round(plain)
    return plain


def bounded(value: Value, kind: str) -> Value:
    """An integer within the range of its type; raises ``Fault`` beyond it."""
    plain = whole(value)
    if type(plain) is Unknown:
        return plain
    low, high = RANGES[kind]
    if not low <= plain <= high:
        raise Fault(OVERFLOW)
    return plain


def text(value: Value) -> Value:
    """Text, half-known text or Unknown."""
    kind = type(value)
    if kind is str or kind is HalfKnown or kind is Unknown:
        return value
    if kind is int:
        return str(value)
    if kind is bool:
        return "True" if value else "False"
    if value is None:
        return ""
    if kind is float:
        return float_text(value)
    if kind is Date:
        return date_text(value)
    if kind is Array:
        if value.kind == "byte":  # a byte array holds UTF-16
            return byte_text(value)
        raise Fault(MISMATCH)
    if value is NULL:
        raise Fault(94)
    if value is MISSING:
        raise Fault(MISMATCH)
    plain = default_of(value)
    if plain is value:
        raise Fault(91 if value is NOTHING else 438)
    return text(plain)


def byte_text(value: Array) -> Value:
    """What a byte array is as text: its bytes are UTF-16."""
    if all(type(one) is int for one in value.items):
        data = bytes(one & 0xFF for one in value.items)
        return data[: len(data) & ~1].decode("utf-16-le", "surrogatepass")
    return Unknown()


def float_text(value: float) -> str:
    """A Double as ``CStr`` writes it: up to 15 digits, no trailing zeros."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    written = f"{value:.15g}"
    if "e" in written:
        mantissa, exponent = written.split("e")
        return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}"
    return written


def date_text(value: Date) -> str:
    """A date as the United States write it."""
    seconds = round((float(value) % 1) * 86400) % 86400
    half = "AM" if seconds < 43200 else "PM"
    clock = f"{(seconds // 3600 + 11) % 12 + 1}:{seconds // 60 % 60:02}:{seconds % 60:02} {half}"
    day = value.day
    if not int(float(value)):
        return clock
    written = f"{day.month}/{day.day}/{day.year}"
    return f"{written} {clock}" if seconds else written


def truth(value: Value) -> Value:
    """True, False or Unknown."""
    kind = type(value)
    if kind is bool or kind is Unknown:
        return value
    if kind is int or kind is float:
        return value != 0
    if kind is str:
        lowered = value.strip().lower()
        if lowered in ("true", "false", "#true#", "#false#"):
            return "true" in lowered
        return text_number(value) != 0
    if kind is HalfKnown:
        return Unknown()
    if value is None or value is NULL:
        return False
    plain = number(value)
    return plain if type(plain) is Unknown else plain != 0


def to_double(value: Value) -> Value:
    """A Double."""
    plain = number(value)
    return float(plain) if type(plain) is int else plain


def to_currency(value: Value) -> Value:
    """A Currency: four decimals."""
    plain = number(value)
    return round(plain, 4) if isinstance(plain, float) else plain


def to_date(value: Value) -> Value:
    """A Date."""
    if isinstance(value, str):
        from_text = date_literal(value)
        if from_text is None:
            raise Fault(MISMATCH)
        return from_text
    plain = number(value)
    return plain if type(plain) is Unknown else Date(plain)


def to_bytes(value: Value) -> Value:
    """What a dynamic byte array takes over: another array, or a text's UTF-16."""
    if isinstance(value, str):
        return listed(list(value.encode("utf-16-le", "surrogatepass")), 0, "byte")
    if isinstance(value, Array):
        return Array(value.bounds, list(value.items), "byte")
    if type(value) in (Unknown, HalfKnown):
        return value if type(value) is Unknown else Unknown()
    raise Fault(MISMATCH)


def same(value: Value) -> Value:
    """A Variant takes anything."""
    return value.copy() if type(value) in (Array, Record) else value


COERCIONS: dict[str, Callable[[Value], Value]] = {
    "byte": lambda value: bounded(value, "byte"),
    "integer": lambda value: bounded(value, "integer"),
    "long": lambda value: bounded(value, "long"),
    "longlong": lambda value: bounded(value, "longlong"),
    "longptr": lambda value: bounded(value, "longptr"),
    "single": to_double,
    "double": to_double,
    "currency": to_currency,
    "string": text,
    "boolean": truth,
    "date": to_date,
}
#: What a variable holds before anything is assigned.
INITIAL: dict[str, Value] = {
    "byte": 0, "integer": 0, "long": 0, "longlong": 0, "longptr": 0, "single": 0.0, "double": 0.0, "currency": 0,
    "string": "", "boolean": False, "date": Date(0), "variant": None, "": None, "decimal": None,
}  # fmt: skip


def initial(kind: str) -> Value:
    """The first value of a variable of that type; objects begin as Nothing."""
    return INITIAL.get(kind, NOTHING)


def appended(left: Value, right: Value) -> Value:
    """``left & right``."""
    if left is NULL:
        left = ""
    if right is NULL:
        right = ""
    first, second = text(left), text(right)
    if type(first) is str and type(second) is str:
        return first + second
    return joined(first, second)
