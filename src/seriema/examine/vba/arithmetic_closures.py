"""Closures for operators: known integers and texts in place, all else through ``operators``."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from seriema.examine.vba import operators
from seriema.examine.vba.conversion import appended
from seriema.examine.vba.machine import Frame, Machine
from seriema.examine.vba.scope import Load, Scope
from seriema.examine.vba.syntax import Binary, Expression, Grouped, Literal, Name
from seriema.examine.vba.values import Fault, Value

if TYPE_CHECKING:
    pass


_LONG = 1 << 31
_INTEGER, _LONG_KIND = "integer", "long"


def narrow(scope: Scope, tree: Expression) -> str:
    """The declared type of an integer expression, whose result must stay within it; "" for all others."""
    if isinstance(tree, Literal) and type(tree.value) is int:
        return _INTEGER if -0x8000 <= tree.value < 0x8000 else _LONG_KIND
    if isinstance(tree, Name):
        kind = scope.kinds.get(tree.name, "")
        return {"byte": _INTEGER, _INTEGER: _INTEGER, _LONG_KIND: _LONG_KIND}.get(kind, "")
    if isinstance(tree, Grouped):
        return narrow(scope, tree.inner)
    if isinstance(tree, Binary) and tree.operator in ("+", "-", "*"):
        left, right = narrow(scope, tree.left), narrow(scope, tree.right)
        return _LONG_KIND if left and right and _LONG_KIND in (left, right) else left and right
    return ""


def texts(left: Value, right: Value) -> tuple[Value, Value]:
    """Both sides of ``&`` as text."""
    if type(left) is str and type(right) is str:
        return left, right
    joined = appended(left, "")
    return joined, appended("", right)


def _plus(machine: Machine, left: Load, right: Load, limit: int) -> Load:
    def run(f: Frame) -> Value:
        first, second = left(f), right(f)
        if type(first) is int and type(second) is int:
            total = first + second
            if -_LONG <= total < _LONG and (not limit or -limit <= total < limit):
                return total
            return _beyond(total, limit)
        if type(first) is str and type(second) is str:
            return machine.joined(first, second)
        return operators.arithmetic(machine, "+", first, second)

    return run


def _minus(machine: Machine, left: Load, right: Load, limit: int) -> Load:
    def run(f: Frame) -> Value:
        first, second = left(f), right(f)
        if type(first) is int and type(second) is int:
            total = first - second
            if -_LONG <= total < _LONG and (not limit or -limit <= total < limit):
                return total
            return _beyond(total, limit)
        return operators.arithmetic(machine, "-", first, second)

    return run


def _times(machine: Machine, left: Load, right: Load, limit: int) -> Load:
    def run(f: Frame) -> Value:
        first, second = left(f), right(f)
        if type(first) is int and type(second) is int:
            total = first * second
            if -_LONG <= total < _LONG and (not limit or -limit <= total < limit):
                return total
            return _beyond(total, limit)
        return operators.arithmetic(machine, "*", first, second)

    return run


def _beyond(total: int, limit: int) -> Value:
    """A result outside of its declared type is an overflow; a Variant widens."""
    if limit:
        raise Fault(6)
    return operators.fitting(total)


def _modulo(machine: Machine, left: Load, right: Load, _: int) -> Load:
    def run(f: Frame) -> Value:
        first, second = left(f), right(f)
        if type(first) is int and type(second) is int and first >= 0 and second > 0:
            return first % second
        return operators.arithmetic(machine, "mod", first, second)

    return run


def _halved(machine: Machine, left: Load, right: Load, _: int) -> Load:
    def run(f: Frame) -> Value:
        first, second = left(f), right(f)
        if type(first) is int and type(second) is int and first >= 0 and second > 0:
            return first // second
        return operators.arithmetic(machine, "\\", first, second)

    return run


_ALIKE = frozenset({(bool, bool), (int, int)})


def _xor(machine: Machine, left: Load, right: Load) -> Load:
    def run(f: Frame) -> Value:
        first, second = left(f), right(f)
        if type(first) is int and type(second) is int:
            return first ^ second
        return operators.logic(machine, "xor", first, second)

    return run


def _and(machine: Machine, left: Load, right: Load) -> Load:
    def run(f: Frame) -> Value:
        first, second = left(f), right(f)
        kinds = (type(first), type(second))
        if kinds in _ALIKE:
            return first & second
        return operators.logic(machine, "and", first, second)

    return run


def _or(machine: Machine, left: Load, right: Load) -> Load:
    def run(f: Frame) -> Value:
        first, second = left(f), right(f)
        kinds = (type(first), type(second))
        if kinds in _ALIKE:
            return first | second
        return operators.logic(machine, "or", first, second)

    return run


def _comparing(operator: str) -> Callable[[Machine, Load, Load, bool], Load]:
    holds = operators.HOLDS[operator]

    def compile_(machine: Machine, left: Load, right: Load, fold: bool) -> Load:
        def run(f: Frame) -> Value:
            first, second = left(f), right(f)
            if type(first) is int and type(second) is int:
                return holds(first, second)
            return operators.compared(machine, operator, first, second, fold=fold)

        return run

    return compile_


FAST = {"+": _plus, "-": _minus, "*": _times, "mod": _modulo, "\\": _halved}


LOGIC = {"xor": _xor, "and": _and, "or": _or}


COMPARE = {operator: _comparing(operator) for operator in ("=", "<>", "<", ">", "<=", ">=")}
