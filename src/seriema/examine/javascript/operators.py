"""Operators (ECMA-262, sections 7.2 and 13.5 to 13.15). What is not known stays not known."""

import math
import operator
from collections.abc import Callable

from seriema.examine.javascript.values import (
    HOLE,
    UNDEFINED,
    UNKNOWN,
    VALUE,
    Exhausted,
    Function,
    Native,
    Scope,
    Value,
    number,
    text,
    truth,
)

_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
_WHOLE: dict[str, Callable[[int, int], int]] = {
    "^": operator.xor, "&": operator.and_, "|": operator.or_,
    "<<": lambda left, right: left << (right & 31), ">>": lambda left, right: left >> (right & 31),
}  # fmt: skip


def arithmetic(sign: str, left: Value, right: Value) -> Value:
    """A binary operator other than + and the logical ones."""
    if sign in ("==", "===", "!=", "!=="):
        same = _same(left, right, loose=len(sign) == 2)  # noqa: PLR2004 - the length of ==
        return UNKNOWN if same is None else same is (sign[0] == "=")
    if sign in _ORDER and isinstance(left, str) and isinstance(right, str):
        return _ORDER[sign](left, right)  # type: ignore[arg-type]  # texts have an order, too
    if sign in ("in", "instanceof"):
        return text(left) in right if sign == "in" and isinstance(right, dict) else UNKNOWN
    one, other = number(left), number(right)
    if one is None or other is None:
        return UNKNOWN
    if sign in _ORDER:
        return _ORDER[sign](one, other)
    return _computed(sign, one, other)


def _computed(sign: str, one: float, other: float) -> Value:
    if sign in _WHOLE:
        return _signed(_WHOLE[sign](_bits(one), _bits(other)))
    if sign == ">>>":
        return (_bits(one) & 0xFFFFFFFF) >> (_bits(other) & 31)
    try:
        result = _reckoned(sign, one, other)
    except (OverflowError, ZeroDivisionError, ValueError):
        return math.nan
    if not math.isfinite(result) or abs(result) > 1 << 200:
        return result if math.isnan(result) else math.inf
    return int(result) if abs(result) < 1 << 53 and result == int(result) else result


def _reckoned(sign: str, one: float, other: float) -> float:
    if sign == "-":
        return one - other
    if sign == "*":
        return one * other
    if sign == "/":
        return one / other if other else math.nan if not one else math.inf
    if sign == "%":
        return math.fmod(one, other)
    return math.pow(one, other)


def _bits(value: float) -> int:
    """A number as 32 bits with sign (7.1.6)."""
    return _signed(int(value)) if math.isfinite(value) else 0


def _signed(value: int) -> int:
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >= 1 << 31 else value


def _same(left: Value, right: Value, *, loose: bool) -> bool | None:
    if left is UNKNOWN or right is UNKNOWN or HOLE in (left, right):
        return None
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    missing = (None, UNDEFINED)
    if left in missing or right in missing:
        return (left in missing and right in missing) if loose else left is right
    plain = (bool, int, float, str)
    if isinstance(left, plain) and isinstance(right, plain):
        if not loose and isinstance(left, str) is not isinstance(right, str):
            return False
        return number(left) == number(right)
    return left is right


def unary(sign: str, value: Value) -> Value:
    """A sign before a value."""
    if sign in ("void", "delete"):
        return UNDEFINED
    if sign == "await":
        return value
    if sign == "typeof":
        return _type(value)
    if sign == "!":
        known = truth(value)
        return UNKNOWN if known is None else not known
    known_number = number(value)
    if known_number is None:
        return UNKNOWN
    return ~_bits(known_number) if sign == "~" else -known_number if sign == "-" else known_number


def _type(value: Value) -> Value:
    for kinds, name in (
        ((bool,), "boolean"),
        ((int, float), "number"),
        ((str,), "string"),
        ((Function, Native), "function"),
    ):
        if isinstance(value, kinds):
            return name
    if value is UNKNOWN:
        return UNKNOWN
    return "undefined" if value is UNDEFINED else "object"


def added(left: Value, right: Value) -> Value:
    """The operator +: a sum of numbers, else texts behind each other (ECMA-262, 13.15.3)."""
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, (bool, int, float, type(None))) and isinstance(right, (bool, int, float, type(None))):
        return (left or 0) + (right or 0)
    if left is UNKNOWN and right is UNKNOWN:
        return UNKNOWN
    one, other = text(left), text(right)
    if len(one) + len(other) > VALUE:
        raise Exhausted("values too large")
    return HOLE if one == other == HOLE else one + other


def logical(sign: str, left: Value, right: Callable[[Scope], Value], scope: Scope) -> Value:
    """The operators that may leave their right side alone."""
    if sign == "??":
        return right(scope) if left is None or left is UNDEFINED else left
    known = truth(left)
    if known is None:
        other = right(scope)
        return other if sign == "||" else UNKNOWN
    return left if known is (sign == "||") else right(scope)
