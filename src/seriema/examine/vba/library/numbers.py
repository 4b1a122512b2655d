"""Functions on numbers and between types ([MS-VBAL] 6.1.2.3, 6.1.2.10)."""

import math

from seriema.examine.vba import conversion
from seriema.examine.vba.conversion import bounded, text, to_currency, to_date, to_double, truth, whole
from seriema.examine.vba.library.registry import function
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.operators import CHANCE, plain
from seriema.examine.vba.values import (
    BAD_CALL,
    MISSING,
    NULL,
    OVERFLOW,
    Array,
    Fault,
    Unknown,
    Value,
)


@function("CInt")
def to_integer(_: Machine, expression: Value) -> Value:
    """An Integer, rounded to even."""
    return bounded(expression, "integer")


@function("CLng")
def to_long(_: Machine, expression: Value) -> Value:
    """A Long."""
    return bounded(expression, "long")


@function("CLngLng", "CLngPtr")
def to_longlong(_: Machine, expression: Value) -> Value:
    """A LongLong."""
    return bounded(expression, "longlong")


@function("CByte")
def to_byte(_: Machine, expression: Value) -> Value:
    """A Byte."""
    return bounded(expression, "byte")


@function("CDbl", "CSng", "CDec")
def to_number(_: Machine, expression: Value) -> Value:
    """A Double."""
    value = to_double(expression)
    return int(value) if isinstance(value, float) and value == int(value) and abs(value) < 1 << 53 else value


@function("CCur")
def currency(_: Machine, expression: Value) -> Value:
    """A Currency."""
    return to_currency(expression)


@function("CBool")
def boolean(_: Machine, expression: Value) -> Value:
    """A Boolean."""
    return truth(expression)


@function("CStr", open=True)
def string(machine: Machine, expression: Value) -> Value:
    """A String."""
    return text(machine.let_value(expression) if not isinstance(expression, Array) else expression)


@function("CVar", open=True)
def variant(_: Machine, expression: Value) -> Value:
    """The value itself."""
    return expression


@function("CDate", "DateValue", "CVDate")
def date(_: Machine, expression: Value) -> Value:
    """A Date."""
    return to_date(expression)


@function("CVErr")
def error_value(_: Machine, expression: Value) -> Value:
    """An error value, of which nothing more is done here."""
    return expression


@function("Val")
def value_of(_: Machine, string: Value) -> Value:
    """The number at the beginning of a text, spaces left out ([MS-VBAL] 6.1.2.3.1.28)."""
    words = "".join(character for character in text(string) if character not in " \t\n\r")[:60].lower()
    if words.startswith("&h"):
        digits = _leading(words[2:], "0123456789abcdef")
        return conversion.wrapped(int(digits, 16), len(digits) <= 4) if digits else 0
    if words.startswith("&o"):
        digits = _leading(words[2:], "01234567")
        return int(digits, 8) if digits else 0
    found = conversion.NUMBER_AHEAD.match(words)
    if not found:
        return 0
    value = float(found[0].replace("d", "e"))
    return int(value) if value == int(value) and abs(value) < 1 << 53 else value


def _leading(words: str, allowed: str) -> str:
    end = next((at for at, character in enumerate(words) if character not in allowed), len(words))
    return words[:end]


@function("Hex", "Hex$")
def hexadecimal(_: Machine, number: Value) -> Value:
    """A number with base 16; a negative one by its two's complement."""
    value = whole(number)
    return f"{value & (0xFFFF if -0x8000 <= value < 0 else 0xFFFFFFFF) if value < 0 else value:X}"


@function("Oct", "Oct$")
def octal(_: Machine, number: Value) -> Value:
    """A number with base 8."""
    value = whole(number)
    return f"{value & (0xFFFF if -0x8000 <= value < 0 else 0xFFFFFFFF) if value < 0 else value:o}"


@function("Str", "Str$")
def spaced(_: Machine, number: Value) -> Value:
    """A number as text, with a space in place of the plus."""
    value = conversion.number(number)
    words = text(value)
    return words if value < 0 else f" {words}"


@function("Abs")
def absolute(_: Machine, number: Value) -> Value:
    """Without its sign."""
    return NULL if number is NULL else abs(conversion.number(number))


@function("Sgn")
def sign(_: Machine, number: Value) -> Value:
    """-1, 0 or 1."""
    value = conversion.number(number)
    return (value > 0) - (value < 0)


@function("Int", open=True)
def floor(machine: Machine, number: Value) -> Value:
    """The next lower integer."""
    value = plain(machine, number)
    return value if type(value) is Unknown or value is NULL else math.floor(value)


@function("Fix", open=True)
def truncated(machine: Machine, number: Value) -> Value:
    """The integer towards zero."""
    value = plain(machine, number)
    return value if type(value) is Unknown else math.trunc(value)


@function("Round")
def rounded(_: Machine, number: Value, numdigitsafterdecimal: Value = 0) -> Value:
    """Rounded to even."""
    digits = 0 if numdigitsafterdecimal is MISSING else whole(numdigitsafterdecimal)
    if not 0 <= digits <= 22:
        raise Fault(BAD_CALL)
    value = conversion.number(number)
    return round(value, digits) if digits else round(value)


def _of_float(name: str) -> None:
    compute = {
        "sqr": math.sqrt,
        "exp": math.exp,
        "log": math.log,
        "sin": math.sin,
        "cos": math.cos,
        "tan": math.tan,
        "atn": math.atan,
    }[name]

    def run(_: Machine, number: Value) -> Value:
        try:
            value = compute(float(conversion.number(number)))
        except ValueError:
            raise Fault(BAD_CALL) from None
        except OverflowError:
            raise Fault(OVERFLOW) from None
        return int(value) if value == int(value) and abs(value) < 1 << 31 else value

    function(name)(run)


for _name in ("sqr", "exp", "log", "sin", "cos", "tan", "atn"):
    _of_float(_name)


@function("Rnd", open=True)
def chance(_: Machine, number: Value = MISSING) -> Value:
    """A number by chance: unknown, so that nothing that hangs on it is ever printed as known."""
    return Unknown(key=CHANCE)


@function("Randomize", open=True)
def randomize(_: Machine, number: Value = MISSING) -> Value:
    """Nothing."""
    return None


@function("RGB")
def colour(_: Machine, red: Value, green: Value, blue: Value) -> Value:
    """A colour as one number."""
    parts = [max(0, min(255, whole(one))) for one in (red, green, blue)]
    return parts[0] | parts[1] << 8 | parts[2] << 16


@function("QBColor")
def old_colour(_: Machine, color: Value) -> Value:
    """One of sixteen colours."""
    table = (
        0,
        0x800000,
        0x8000,
        0x808000,
        0x80,
        0x800080,
        0x8080,
        0xC0C0C0,
        0x808080,
        0xFF0000,
        0xFF00,
        0xFFFF00,
        0xFF,
        0xFF00FF,
        0xFFFF,
        0xFFFFFF,
    )
    return table[whole(color) & 15]


# -- what a value is ---------------------------------------------------------------------------------------------------


# -- arrays and choices ------------------------------------------------------------------------------------------------
