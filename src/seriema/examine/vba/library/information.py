"""Functions that say what a value is, and that choose among values ([MS-VBAL] 6.1.2.7, 6.1.2.8)."""

import math
from typing import Any

from seriema.examine.vba.conversion import number, to_date, whole
from seriema.examine.vba.library.registry import function
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.operators import plain
from seriema.examine.vba.values import (
    MISMATCH,
    MISSING,
    NOTHING,
    NULL,
    UNKNOWN,
    Array,
    Date,
    Fault,
    HalfKnown,
    Record,
    Unknown,
    Value,
)


@function("IsNumeric", open=True)
def is_numeric(_: Machine, expression: Value) -> Value:
    """It can be taken for a number."""
    if isinstance(expression, Unknown | HalfKnown):
        return UNKNOWN
    if isinstance(expression, Date):
        return False
    if isinstance(expression, str):
        try:
            number(expression)
        except Fault:
            return False
        return bool(expression.strip())
    return expression is None or isinstance(expression, bool | int | float)


@function("IsEmpty", open=True)
def is_empty(_: Machine, expression: Value) -> Value:
    """Nothing was ever assigned."""
    return UNKNOWN if isinstance(expression, Unknown) else expression is None


@function("IsNull", open=True)
def is_null(_: Machine, expression: Value) -> Value:
    """It is Null."""
    return UNKNOWN if isinstance(expression, Unknown) else expression is NULL


@function("IsMissing", open=True)
def is_missing(_: Machine, argname: Value) -> Value:
    """The argument was omitted."""
    return argname is MISSING


@function("IsArray", open=True)
def is_array(_: Machine, varname: Value) -> Value:
    """It is an array."""
    return UNKNOWN if isinstance(varname, Unknown) else isinstance(varname, Array)


@function("IsDate", open=True)
def is_date(_: Machine, expression: Value) -> Value:
    """It is or can be read as a date."""
    if isinstance(expression, Unknown | HalfKnown):
        return UNKNOWN
    try:
        return isinstance(expression, Date) or (isinstance(expression, str) and to_date(expression) is not None)
    except Fault:
        return False


@function("IsError", open=True)
def is_error(_: Machine, expression: Value) -> Value:
    """It is an error value."""
    return UNKNOWN if isinstance(expression, Unknown) else False


@function("IsObject", open=True)
def is_object(_: Machine, identifier: Value) -> Value:
    """It is an object."""
    return UNKNOWN if isinstance(identifier, Unknown) else identifier is NOTHING or _is_object(identifier)


def _is_object(value: Value) -> bool:
    return not isinstance(value, str | int | float | bool | Array | Record | HalfKnown | Unknown) and value not in (
        None,
        NULL,
        MISSING,
        NOTHING,
    )


_NAMES: dict[Any, tuple[str, int]] = {
    bool: ("Boolean", 11),
    float: ("Double", 5),
    str: ("String", 8),
    Date: ("Date", 7),
    HalfKnown: ("String", 8),
}


@function("TypeName", open=True)
def type_name(_: Machine, varname: Value) -> Value:
    """The type's name."""
    if isinstance(varname, Unknown):
        return UNKNOWN
    if isinstance(varname, Array):
        return f"{varname.kind.capitalize()}()"
    return _kind(varname)[0]


@function("VarType", open=True)
def variant_type(_: Machine, varname: Value) -> Value:
    """The type's number."""
    if isinstance(varname, Unknown):
        return UNKNOWN
    if isinstance(varname, Array):
        return 8192 + {"byte": 17, "string": 8, "long": 3, "integer": 2}.get(varname.kind, 12)
    return _kind(varname)[1]


def _kind(value: Value) -> tuple[str, int]:
    if type(value) is int:
        return (
            ("Integer", 2)
            if -0x8000 <= value < 0x8000
            else ("Long", 3)
            if -0x8000_0000 <= value < 0x8000_0000
            else ("LongLong", 20)
        )
    if value is None:
        return "Empty", 0
    for mark, known in ((NULL, ("Null", 1)), (NOTHING, ("Nothing", 9)), (MISSING, ("Error", 10))):
        if value is mark:
            return known
    found = _NAMES.get(type(value))
    if found:
        return found
    module = getattr(value, "module", None)
    return (module.spelled if module is not None else getattr(value, "kind", "Object")), 9


@function("Array", open=True, many=True)
def array(_: Machine, *arglist: Value) -> Value:
    """An array of its arguments."""
    return Array(((0, len(arglist) - 1),), list(arglist))


@function("LBound")
def lower_bound(_: Machine, arrayname: Value, dimension: Value = 1) -> Value:
    """The first index."""
    return _bound(arrayname, dimension)[0]


@function("UBound")
def upper_bound(_: Machine, arrayname: Value, dimension: Value = 1) -> Value:
    """The last index."""
    return _bound(arrayname, dimension)[1]


def _bound(value: Value, dimension: Value) -> tuple[int, int]:
    if not isinstance(value, Array):
        raise Fault(MISMATCH if value is not None else 9)
    at = (1 if dimension is MISSING else whole(dimension)) - 1
    if not 0 <= at < len(value.bounds):
        raise Fault(9)
    return value.bounds[at]


@function("IIf", open=True)
def chosen_by(machine: Machine, expression: Value, truepart: Value, falsepart: Value) -> Value:
    """One of two values; both have been computed."""
    return truepart if machine.true(expression, (*machine.at, "iif"), preferred=True) else falsepart


@function("Choose", open=True, many=True)
def choose(machine: Machine, *arguments: Value) -> Value:
    """One of several values by its number."""
    index, *choices = arguments
    value = plain(machine, index)
    if type(value) is Unknown:
        return choices[machine.decide((*machine.at, "choose"), len(choices), 0)] if choices else NULL
    at = math.floor(value)
    return choices[at - 1] if 1 <= at <= len(choices) else NULL


@function("Switch", open=True, many=True)
def switch(machine: Machine, *arguments: Value) -> Value:
    """The value behind the first condition that holds."""
    for place, (condition, value) in enumerate(zip(arguments[::2], arguments[1::2], strict=False)):
        if machine.true(condition, (*machine.at, "switch", place), preferred=True):
            return value
    return NULL


@function("VarPtr", "StrPtr", "ObjPtr", open=True)
def address(_: Machine, variable: Value) -> Value:
    """Where it lies in memory: for what is imported the value itself tells more."""
    return variable if isinstance(variable, str | HalfKnown | Array) else UNKNOWN
