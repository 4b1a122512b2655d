"""Loops that decode byte for byte, done at once: ``a[i] = s.charCodeAt(i) ^ k[i % n]`` and ``s += fromCharCode(…)``.

A page smuggles megabytes through such a loop; turn by turn that would spend any budget. What does not have this shape
is followed turn by turn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from seriema.examine.javascript.values import VALUE, Exhausted, Scope, Value, number, whole

if TYPE_CHECKING:
    from seriema.examine.javascript.machine import Machine
    from seriema.examine.javascript.pratt import Node

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Vector = Callable[[Scope, Numbers], "Numbers | None"]
#: Fewer turns than this are followed one by one, and so, until the budget ends them, are more than that.
LEAST, MOST = 64, 8 << 20
_SIGNS: dict[str, Callable[[Numbers, Numbers], Numbers]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "^": np.bitwise_xor, "&": np.bitwise_and, "|": np.bitwise_or,
}  # fmt: skip


def prepared(machine: Machine, condition: Node | None, step: Node | None, body: Node) -> Callable[[Scope], bool] | None:
    """What does the loop at once, and says whether it could; None for a loop of another shape."""
    counter = _counter(condition, step)
    while body[0] == "block" and isinstance(body[1], list) and len(body[1]) == 1:
        body = body[1][0]
    inner = body[1] if body[0] == "expression" else None
    if not counter or not isinstance(inner, tuple) or condition is None:
        return None
    target, value = _target(inner, counter)
    vector = _vector(machine, value, counter) if value is not None else None
    if target is None or vector is None:
        return None
    end = machine.compile(condition[3])  # type: ignore[arg-type]  # a node of the parser
    return lambda scope: _at_once(machine, scope, counter, end, target, vector)


def _counter(condition: Node | None, step: Node | None) -> str:
    """The counter's name when it goes up by one to a bound."""
    if condition is None or step is None or condition[:2] != ("binary", "<"):
        return ""
    name = condition[2]
    steps = step[0] == "step" and step[1] == "++" and step[2] == name
    return str(name[1]) if steps and isinstance(name, tuple) and name[0] == "name" else ""


def _target(node: Node, counter: str) -> tuple[Node | None, Node | None]:
    """Where the loop writes, and the value of each turn: an element, an array's end or a text's."""
    if node[0] == "call" and isinstance(node[1], tuple) and node[1][0] == "member":
        owner, key, given = node[1][1], node[1][2], node[2]
        if key == ("constant", "push") and isinstance(given, list) and len(given) == 1:
            return ("push", owner), given[0]
    if node[0] != "assign":
        return None, None
    sign, target, value = node[1:]
    if sign == "=" and isinstance(target, tuple) and target[0] == "member" and target[2] == ("name", counter):
        return ("element", target[1]), value  # type: ignore[return-value]  # a node of the parser
    if sign == "+=" and isinstance(value, tuple) and value[0] == "call":
        called, given = value[1], value[2]
        if called == ("member", ("name", "String"), ("constant", "fromCharCode")) and len(given) == 1:
            return ("text", target), given[0]
    return None, None


def _at_once(
    machine: Machine, scope: Scope, counter: str, end: Callable[[Scope], Value], target: Node, vector: Vector
) -> bool:
    holder = scope.holder(counter)
    first = whole(holder.names[counter], -1) if holder else -1
    last = whole(end(scope), -1)
    if holder is None or first < 0 or not LEAST <= last - first <= MOST:
        return False
    machine.made += last - first
    values = vector(scope, np.arange(first, last, dtype=np.int64))
    owner = machine.compile(target[1])(scope)  # type: ignore[arg-type]  # a node of the parser
    if values is None or not _written(machine, scope, target, owner, values, first):
        return False
    holder.names[counter] = last
    return True


def _written(machine: Machine, scope: Scope, target: Node, owner: Value, values: Numbers, first: int) -> bool:
    if target[0] == "text":
        if not isinstance(owner, str):
            return False
        if len(owner) + len(values) > VALUE:
            raise Exhausted("values too large")
        characters = (values & 0xFFFF).astype("<u2").tobytes().decode("utf-16-le", "replace")
        machine.write(target[1], owner + characters, scope)  # type: ignore[arg-type]  # a node of the parser
        return True
    if isinstance(owner, bytearray) and target[0] == "element" and first + len(values) <= len(owner):
        owner[first : first + len(values)] = (values & 0xFF).astype(np.uint8).tobytes()
        return True
    if isinstance(owner, list) and (target[0] == "push" or len(owner) >= first):
        owner[len(owner) if target[0] == "push" else first :] = values.tolist()
        return True
    return False


def _vector(machine: Machine, node: object, counter: str) -> Vector | None:  # noqa: PLR0911 - one way out for each sort of node
    """The node for all turns at once; None when it holds what is not numbers."""
    if not isinstance(node, tuple):
        return None
    if node == ("name", counter):
        return lambda _, turns: turns
    if node[0] == "group":
        return _vector(machine, node[1], counter)
    if node[0] in ("binary", "sum"):
        return _operation(machine, node, counter)
    if node[0] == "member" and node[2] == ("constant", "length"):
        return _same(machine, node)
    if node[0] == "member":
        return _elements(machine, node[1], node[2], counter)
    if node[0] == "call" and isinstance(node[1], tuple) and node[1][0] == "member" and len(node[2]) == 1:
        if node[1][2] in (("constant", "charCodeAt"), ("constant", "codePointAt")):
            return _elements(machine, node[1][1], node[2][0], counter)
        return None
    if node[0] in ("constant", "name"):
        return _same(machine, node)
    return None


def _same(machine: Machine, node: Node) -> Vector:
    value = machine.compile(node)

    def vector(scope: Scope, turns: Numbers) -> Numbers | None:
        known = number(value(scope))
        if known is None or not abs(known) < 1 << 31 or known != int(known):
            return None
        return np.full(len(turns), int(known), np.int64)

    return vector


def _operation(machine: Machine, node: Node, counter: str) -> Vector | None:
    sign, parts = ("+", node[1]) if node[0] == "sum" else (str(node[1]), list(node[2:]))
    inner = [_vector(machine, one, counter) for one in parts]  # type: ignore[attr-defined]  # a list of nodes
    if any(one is None for one in inner) or sign not in {*_SIGNS, "%", ">>", ">>>", "<<"}:
        return None

    def vector(scope: Scope, turns: Numbers) -> Numbers | None:
        found = [one(scope, turns) for one in inner if one]
        result = found[0]
        for other in found[1:]:
            if result is None or other is None or np.abs(result).max() >= 1 << 31 or np.abs(other).max() >= 1 << 31:
                return None
            result = _combined(sign, result, other)
        return result

    return vector


def _combined(sign: str, left: Numbers, right: Numbers) -> Numbers | None:
    if sign in _SIGNS:
        return _SIGNS[sign](left, right)
    if sign == "%":
        return np.fmod(left, right) if right.all() else None
    if (right < 0).any() or (right > 31).any():  # noqa: PLR2004 - the bits of a number that is shifted
        return None
    return np.left_shift(left, right) if sign == "<<" else np.right_shift(left, right)


def _elements(machine: Machine, owner: object, place: object, counter: str) -> Vector | None:
    """Elements of an array, or characters' codes, at the places of all turns."""
    if not isinstance(owner, tuple) or owner[0] not in ("name", "member") or "call" in owner:
        return None
    value, places = machine.compile(owner), _vector(machine, place, counter)
    if places is None:
        return None

    def vector(scope: Scope, turns: Numbers) -> Numbers | None:
        at, source = places(scope, turns), _codes(value(scope))
        if at is None or source is None or not len(source) or at.min() < 0 or at.max() >= len(source):
            return None
        return source[at]

    return vector


def _codes(value: Value) -> Numbers | None:
    if isinstance(value, str):
        return np.frombuffer(value.encode("utf-16-le", "replace"), "<u2").astype(np.int64)
    if isinstance(value, bytearray):
        return np.frombuffer(bytes(value), np.uint8).astype(np.int64)
    if isinstance(value, list) and all(isinstance(one, int) and abs(one) < 1 << 40 for one in value):
        return np.array(value, np.int64)
    return None
