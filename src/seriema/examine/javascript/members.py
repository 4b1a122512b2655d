"""Properties and methods of values: arrays, typed arrays, functions, numbers (ECMA-262, sections 20 to 23)."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from seriema.examine.javascript.strings import STRING, span_of
from seriema.examine.javascript.values import (
    HOLE,
    UNDEFINED,
    UNKNOWN,
    VALUE,
    Blob,
    Exhausted,
    Function,
    Host,
    Native,
    Regular,
    Value,
    given,
    text,
    truth,
    whole,
)

if TYPE_CHECKING:
    from seriema.examine.javascript.machine import Machine

Values = list[Value]


def member(machine: Machine, owner: Value, key: Value) -> Value:  # noqa: C901, PLR0911 - one way out for each sort of value
    """A property, element or method of a value of the language."""
    if isinstance(owner, (str, list, bytearray)):
        if isinstance(key, (int, float)) and not isinstance(key, bool):
            return _element(owner, key)
        name = text(key)
        if name == "length":
            return len(owner) if not isinstance(owner, str) or HOLE not in owner else UNKNOWN
        if name.isdigit():
            return _element(owner, int(name[:9]))
        return _method(machine, owner, name)
    name = text(key)
    if isinstance(owner, dict):
        return owner[name] if name in owner else _bound(_OBJECT, machine, name, UNDEFINED)
    if isinstance(owner, Native) and name in owner.kept:
        return owner.kept[name]
    if isinstance(owner, (Function, Native)):
        return _bound(_FUNCTION, machine, name, UNKNOWN)
    if isinstance(owner, (int, float)):
        return _bound(_NUMBER, machine, name, UNDEFINED)
    if isinstance(owner, Regular):
        return _bound({"test": lambda *_: UNKNOWN, "exec": lambda *_: UNKNOWN}, machine, name, UNKNOWN)
    if isinstance(owner, Blob):
        return _bound(_BLOB, machine, name, len(owner.content) if name == "size" else UNKNOWN)
    return UNKNOWN


def _element(owner: str | list[Value] | bytearray, key: float) -> Value:
    place = int(key) if math.isfinite(key) else -1
    return owner[place] if 0 <= place < len(owner) else UNDEFINED


def _method(machine: Machine, owner: str | list[Value] | bytearray, name: str) -> Value:
    if name == "buffer" and isinstance(owner, bytearray):
        return owner
    if name in ("byteLength", "size"):
        return len(owner)
    if isinstance(owner, str):
        return _bound(STRING, machine, name, UNDEFINED if HOLE not in owner else UNKNOWN)
    return _bound(_ARRAY, machine, name, UNDEFINED)


def _bound(table: dict[str, Callable[..., Value]], machine: Machine, name: str, otherwise: Value) -> Value:
    method = table.get(name)
    return otherwise if method is None else Native(name, partial(_called, method, machine))


def _called(method: Callable[..., Value], machine: Machine, this: Value, arguments: Values) -> Value:
    return method(machine, this, arguments)


# -- arrays ------------------------------------------------------------------------------------------------------------

_Array = list[Value] | bytearray


def _items(this: Value) -> list[Value]:
    return this if isinstance(this, list) else list(this) if isinstance(this, (bytearray, str)) else []


def _like(this: Value, items: list[Value]) -> Value:
    """Typed arrays give typed arrays."""
    return bytearray(whole(one) & 0xFF for one in items) if isinstance(this, bytearray) else items


def _join(_: Machine, this: Value, got: Values) -> Value:
    mark = given(got, 0)
    between = "," if mark is UNDEFINED else text(mark)
    pieces = ["" if one is None or one is UNDEFINED else text(one) for one in _items(this)]
    if sum(map(len, pieces)) + len(between) * len(pieces) > VALUE:
        raise Exhausted("values too large")
    return between.join(pieces)


def _reverse(_: Machine, this: Value, __: Values) -> Value:
    if isinstance(this, (list, bytearray)):
        this.reverse()
    return this


def _push(_: Machine, this: Value, got: Values) -> Value:
    if isinstance(this, list):
        this.extend(got)
    return len(_items(this))


def _unshift(_: Machine, this: Value, got: Values) -> Value:
    if isinstance(this, list):
        this[:0] = got
    return len(_items(this))


def _taken(place: int) -> Callable[..., Value]:
    return lambda _, this, __: this.pop(place) if isinstance(this, list) and this else UNDEFINED


def _concat(_: Machine, this: Value, got: Values) -> Value:
    items = list(_items(this))
    for one in got:
        items += _items(one) if isinstance(one, (list, bytearray)) else [one]
    return items


def _slice(_: Machine, this: Value, got: Values) -> Value:
    return this[slice(*span_of(len(this), got))] if isinstance(this, (list, bytearray)) else UNKNOWN


def _splice(_: Machine, this: Value, got: Values) -> Value:
    if not isinstance(this, list):
        return UNKNOWN
    begin, _unused = span_of(len(this), got[:1])
    count = len(this) if len(got) < 2 else max(0, whole(got[1]))  # noqa: PLR2004 - the count is the second
    taken = this[begin : begin + count]
    this[begin : begin + count] = got[2:]
    return taken


def _map(machine: Machine, this: Value, got: Values) -> Value:
    call = given(got, 0)
    return _like(this, [machine.call(call, UNDEFINED, [one, place, this]) for place, one in enumerate(_items(this)[:])])


def _each(machine: Machine, this: Value, got: Values) -> Value:
    _map(machine, list(_items(this)), got)
    return UNDEFINED


def _filter(machine: Machine, this: Value, got: Values) -> Value:
    kept = [(one, machine.call(given(got, 0), UNDEFINED, [one, place])) for place, one in enumerate(_items(this)[:])]
    return _like(this, [one for one, keep in kept if truth(keep) is not False])


def _reduce(machine: Machine, this: Value, got: Values) -> Value:
    items = list(_items(this))
    total = got[1] if len(got) > 1 else items.pop(0) if items else UNDEFINED
    for place, one in enumerate(items):
        total = machine.call(given(got, 0), UNDEFINED, [total, one, place])
    return total


def _set(_: Machine, this: Value, got: Values) -> Value:
    if isinstance(this, bytearray):
        content = bytes(whole(one) & 0xFF for one in _items(given(got, 0)))
        begin = max(0, whole(given(got, 1)))
        this[begin : begin + len(content)] = content[: max(0, len(this) - begin)]
    return UNDEFINED


def _fill(_: Machine, this: Value, got: Values) -> Value:
    if isinstance(this, bytearray):
        this[:] = bytes([whole(given(got, 0)) & 0xFF]) * len(this)
    elif isinstance(this, list):
        this[:] = [given(got, 0)] * len(this)
    return this


def _find(_: Machine, this: Value, got: Values) -> Value:
    items, wanted = _items(this), given(got, 0)
    return items.index(wanted) if wanted in items else -1


_ARRAY: dict[str, Callable[..., Value]] = {
    "join": _join,
    "reverse": _reverse,
    "push": _push,
    "unshift": _unshift,
    "pop": _taken(-1),
    "shift": _taken(0),
    "concat": _concat,
    "slice": _slice,
    "subarray": _slice,
    "splice": _splice,
    "map": _map,
    "forEach": _each,
    "filter": _filter,
    "reduce": _reduce,
    "set": _set,
    "fill": _fill,
    "indexOf": _find,
    "includes": lambda machine, this, got: _find(machine, this, got) != -1,
    "toString": lambda machine, this, _: _join(machine, this, []),
}


# -- the rest ----------------------------------------------------------------------------------------------------------


def _to_text(_: Machine, this: Value, got: Values) -> Value:
    """A number's ``toString`` with its radix."""
    radix, value = whole(given(got, 0), 10), whole(this)
    if radix == 10 or not 2 <= radix <= 36:  # noqa: PLR2004 - the radices there are
        return text(this)
    digits, rest = "", min(abs(value), 1 << 256)
    while rest:
        rest, digit = divmod(rest, radix)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return ("-" if value < 0 else "") + (digits or "0")


_NUMBER: dict[str, Callable[..., Value]] = {"toString": _to_text, "toFixed": lambda _, this, __: str(whole(this))}
_OBJECT: dict[str, Callable[..., Value]] = {
    "hasOwnProperty": lambda _, this, got: text(given(got, 0)) in this,
    "toString": lambda _, this, __: text(this),
}
_FUNCTION: dict[str, Callable[..., Value]] = {
    "call": lambda machine, this, got: machine.call(this, given(got, 0), got[1:]),
    "apply": lambda machine, this, got: machine.call(this, given(got, 0), list(_items(given(got, 1, [])))),
    "bind": lambda _, this, __: this,
}


def _answered(_: Machine, this: Value, __: Values) -> Value:
    return Host("promise", {"value": this.content.decode("latin-1") if isinstance(this, Blob) else UNKNOWN})


_BLOB: dict[str, Callable[..., Value]] = {
    "text": _answered,
    "arrayBuffer": lambda _, this, __: Host("promise", {"value": bytearray(this.content)}),
    "slice": lambda _, this, __: this,
}
