"""The operators on any two values, unknown ones included. Follows [MS-VBAL] 5.6.9.

The fast cases stand in ``closures``; what comes here is mixed, textual, unknown or beyond its range.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from seriema.examine.vba.conversion import appended, number, text, truth, whole
from seriema.examine.vba.values import (
    BAD_CALL,
    DIVISION,
    NOTHING,
    NULL,
    OVERFLOW,
    UNKNOWN,
    Date,
    Fault,
    HalfKnown,
    Unknown,
    Value,
    usual_text,
)

if TYPE_CHECKING:
    from seriema.examine.vba.machine import Machine

_LONG, _LONGLONG = 1 << 31, 1 << 63
_SMALL = 64  #: values of the largest key domain that is enumerated


def plain(machine: "Machine", value: Value) -> Value:
    """A value for arithmetic: one of few possible ones is chosen, an object gives its default."""
    if type(value) is Unknown and (value.domain or value.key in machine.bound):
        return machine.chosen(value)
    return number(value)


def arithmetic(machine: "Machine", operator: str, left: Value, right: Value) -> Value:
    """Arithmetic on any values."""
    if left is NULL or right is NULL:
        return NULL
    if operator == "+" and _joins(left, right):
        return appended(left, right)
    dated = operator in ("+", "-") and (type(left) is Date) != (type(right) is Date)
    first, second = plain(machine, left), plain(machine, right)
    if type(first) is Unknown or type(second) is Unknown:
        return _unknown_result(operator, first, second)
    result = _COMPUTE[operator](first, second)
    return Date(result) if dated else fitting(result)


def _joins(left: Value, right: Value) -> bool:
    """``+`` joins texts; a text and a number are added."""
    textual = (str, HalfKnown)
    if isinstance(left, textual) and (isinstance(right, textual) or right is None or type(right) is Unknown):
        return True
    return isinstance(right, textual) and (left is None or type(left) is Unknown)


def _unknown_result(operator: str, left: Value, right: Value) -> Value:
    """Chance times a small number has few values; all else stays unknown."""
    if operator == "*":
        for one, other in ((left, right), (right, left)):
            if type(one) is Unknown and one.key == CHANCE and isinstance(other, int) and 1 < other <= _SMALL:
                return Unknown(domain=tuple(range(other)), key=f"{CHANCE}{other}")
    return UNKNOWN


CHANCE = "rnd"


def fitting(value: Value) -> Value:
    """A result that leaves the range of Long becomes a Double, as it does in a Variant."""
    if type(value) is int and not -_LONG <= value < _LONG and not -_LONGLONG <= value < _LONGLONG:
        return float(value) if abs(value) < 1 << 1000 else _overflow()
    if isinstance(value, float) and (value != value or abs(value) > 1.7976931348623157e308):  # noqa: PLR0124 - not a number; the largest Double
        raise Fault(OVERFLOW)
    return value


def _overflow() -> Value:
    raise Fault(OVERFLOW)


def _divided(left: Value, right: Value) -> Value:
    if right == 0:
        raise Fault(DIVISION if left else OVERFLOW)
    result = left / right
    return int(result) if result == int(result) and abs(result) < _LONG else result


def _whole_divided(left: Value, right: Value) -> Value:
    first, second = whole(left), whole(right)
    if second == 0:
        raise Fault(DIVISION)
    quotient = abs(first) // abs(second)
    return quotient if (first < 0) == (second < 0) else -quotient


def _remainder(left: Value, right: Value) -> Value:
    first, second = whole(left), whole(right)
    if second == 0:
        raise Fault(DIVISION)
    rest = abs(first) % abs(second)
    return -rest if first < 0 else rest


def _power(left: Value, right: Value) -> Value:
    try:
        result = float(left) ** float(right)
    except ZeroDivisionError:
        raise Fault(BAD_CALL) from None
    except OverflowError:
        raise Fault(OVERFLOW) from None
    if isinstance(result, complex):
        raise Fault(BAD_CALL)
    return int(result) if abs(result) < 1 << 53 and result == int(result) else result


_COMPUTE: dict[str, Callable[[Value, Value], Value]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
    "\\": _whole_divided,
    "mod": _remainder,
    "^": _power,
}


# -- logic: bitwise on integers, and on Boolean the same ---------------------------------------------------------------


def logic(machine: "Machine", operator: str, left: Value, right: Value) -> Value:
    """``And Or Xor Eqv Imp`` on any values."""
    if type(left) is bool and type(right) is bool:
        return bool(_BITS[operator](-left, -right))
    if isinstance(left, Unknown | HalfKnown) or isinstance(right, Unknown | HalfKnown):
        return _unknown_logic(machine, operator, left, right)
    if left is NULL or right is NULL:
        return NULL
    result = _BITS[operator](_bits(left), _bits(right))
    return bool(result) if type(left) is bool and type(right) is bool else result


def _bits(value: Value) -> int:
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return -1 if truth(value) else 0
    return int(whole(value))


_BITS: dict[str, Callable[[int, int], int]] = {
    "and": lambda left, right: left & right,
    "or": lambda left, right: left | right,
    "xor": lambda left, right: left ^ right,
    "eqv": lambda left, right: ~(left ^ right),
    "imp": lambda left, right: ~left | right,
}


def _unknown_logic(machine: "Machine", operator: str, left: Value, right: Value) -> Value:
    """False And anything is False, True Or anything True; a key of few values is chosen."""
    values = []
    for one in (left, right):
        value = plain(machine, one) if type(one) is Unknown and one.domain else one
        values.append(value)
    first, second = values
    if not isinstance(first, Unknown | HalfKnown) and not isinstance(second, Unknown | HalfKnown):
        return logic(machine, operator, first, second)
    for one, other in ((first, second), (second, first)):
        if isinstance(one, bool):
            if operator == "and":
                return other if one else False
            if operator == "or":
                return True if one else other
    usual = _usual_bit(operator, first, second)
    return Unknown(usual=usual) if usual is not None else UNKNOWN


def _usual_bit(operator: str, first: Value, second: Value) -> Value:
    usual = [one.usual if type(one) is Unknown else one for one in (first, second)]
    return bool(_BITS[operator](-usual[0], -usual[1])) if all(isinstance(one, bool) for one in usual) else None


def negated(machine: "Machine", value: Value) -> Value:
    """``Not``."""
    if type(value) is bool:
        return not value
    if type(value) is Unknown:
        if value.domain:
            return negated(machine, machine.chosen(value))
        return Unknown(usual=not value.usual) if isinstance(value.usual, bool) else UNKNOWN
    if value is NULL or type(value) is HalfKnown:
        return NULL if value is NULL else UNKNOWN
    return ~_bits(value)


def minus(machine: "Machine", value: Value) -> Value:
    """Unary ``-``."""
    if value is NULL:
        return NULL
    result = plain(machine, value)
    return UNKNOWN if type(result) is Unknown else -result


# -- comparison --------------------------------------------------------------------------------------------------------

HOLDS: dict[str, Callable[[Value, Value], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


def compared(machine: "Machine", operator: str, left: Value, right: Value, *, fold: bool = False) -> Value:
    """``= <> < > <= >=``; ``fold`` under ``Option Compare Text``."""
    kinds = (type(left), type(right))
    if kinds == (str, str):
        return HOLDS[operator](left.lower(), right.lower()) if fold else HOLDS[operator](left, right)
    if Unknown in kinds or HalfKnown in kinds:
        return _unknown_comparison(machine, operator, left, right)
    if left is NULL or right is NULL:
        return NULL
    first, second = _comparable(left, right)
    if fold and isinstance(first, str) and isinstance(second, str):
        first, second = first.lower(), second.lower()
    return HOLDS[operator](first, second)


def _comparable(left: Value, right: Value) -> tuple[Value, Value]:
    """Two values of one kind: as texts when both are or one is Empty, else as numbers."""
    if isinstance(left, str) and (right is None or isinstance(right, str)):
        return left, right or ""
    if isinstance(right, str) and left is None:
        return "", right
    if isinstance(left, str) or isinstance(right, str):
        words, other = (left, right) if isinstance(left, str) else (right, left)
        if not isinstance(other, bool | int | float):
            other = text(other)
            return (words, other) if words is left else (other, words)
        try:
            known = number(words)
        except Fault:  # a Variant's text is greater than every number
            return (1, 0) if words is left else (0, 1)
        return (known, number(other)) if words is left else (number(other), known)
    return number(left), number(right)


def _unknown_comparison(machine: "Machine", operator: str, left: Value, right: Value) -> Value:
    """Decided where few values are possible or the known part settles it; else unknown with what is usual."""
    for one, other, turned in ((left, right, False), (right, left, True)):
        if type(one) is Unknown and (one.key in machine.bound or (one.domain and not is_open(other))):
            value = machine.chosen(one)
            return compared(machine, operator, *((other, value) if turned else (value, other)))
    if operator in ("=", "<>") and _differ(left, right):
        return operator == "<>"
    usual = [
        usual_text(one) if isinstance(one, HalfKnown) else one.usual if type(one) is Unknown else one
        for one in (left, right)
    ]
    guess = None
    if None not in usual:
        try:
            guess = HOLDS[operator](*_comparable(*usual))
        except (Fault, TypeError):
            guess = None
    equals = None
    if operator == "=" and type(left) is Unknown and left.key and not is_open(right):
        equals = (left.key, right)
    elif operator == "=" and type(right) is Unknown and right.key and not is_open(left):
        equals = (right.key, left)
    return Unknown(usual=guess, equals=equals)


def is_open(value: Value) -> bool:
    """It is not wholly known."""
    return type(value) in (Unknown, HalfKnown)


def _differ(left: Value, right: Value) -> bool:
    """Half-known text and a known one cannot be equal: beginning, end or length tell."""
    if not isinstance(left, HalfKnown):
        left, right = right, left
    if not isinstance(left, HalfKnown) or not isinstance(right, str):
        return False
    known = sum(len(piece) for piece in left.pieces if isinstance(piece, str))
    last = left.pieces[-1]
    ends = isinstance(last, str) and not right.lower().endswith(last.lower())
    return ends or known > len(right) or not right.lower().startswith(left.prefix.lower())


def identical(left: Value, right: Value) -> Value:
    """``Is``."""
    if type(left) is Unknown or type(right) is Unknown:
        other = right if type(left) is Unknown else left
        return Unknown(usual=False) if other is NOTHING else UNKNOWN
    if isinstance(left, str | int | float) or isinstance(right, str | int | float):
        raise Fault(424)
    return left is right or (left is None and right is NOTHING) or (right is None and left is NOTHING)


# -- Like --------------------------------------------------------------------------------------------------------------


def alike(machine: "Machine", left: Value, right: Value, *, fold: bool = False) -> Value:
    """``Like`` ([MS-VBAL] 5.6.9.6)."""
    if left is NULL or right is NULL:
        return NULL
    subject, pattern = text(left), text(right)
    if not isinstance(subject, str) or not isinstance(pattern, str):
        return UNKNOWN
    if fold:
        subject, pattern = subject.lower(), pattern.lower()
    return matches(subject, _like(pattern))


@lru_cache(256)
def _like(pattern: str) -> tuple[str, ...]:
    """The pattern in pieces: ``*``, or a regular expression for one character."""
    pieces = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                raise Fault(93)
            group = pattern[at + 1 : end]
            negative = group.startswith("!")
            inner = re.sub(r"([\\\]\[^&~|])", r"\\\1", group[1:] if negative else group)
            pieces.append(f"[{'^' if negative else ''}{inner}]" if inner else "")
            at = end + 1
            continue
        pieces.append({"*": "*", "?": ".", "#": r"\d"}.get(character, re.escape(character)))
        at += 1
    return tuple(piece for piece in pieces if piece)


def matches(subject: str, pieces: tuple[str, ...]) -> bool:
    """Greedy matching with one place to come back to: the time is the product of the lengths at worst."""
    try:
        compiled = [None if piece == "*" else re.compile(piece, re.DOTALL) for piece in pieces]
    except re.error:
        raise Fault(93) from None
    at = here = 0
    star = back = -1
    while at < len(subject):
        if here < len(compiled) and compiled[here] is None:
            star, back = here, at
            here += 1
        elif here < len(compiled) and (one := compiled[here]) and one.match(subject, at):
            at, here = at + 1, here + 1
        elif star >= 0:
            back += 1
            at, here = back, star + 1
        else:
            return False
    return all(one is None for one in compiled[here:])
