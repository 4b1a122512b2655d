"""Expressions as closures (ECMA-262, section 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from seriema.examine.javascript.operators import added, arithmetic, logical, unary
from seriema.examine.javascript.values import (
    UNDEFINED,
    UNKNOWN,
    Function,
    Host,
    Regular,
    Scope,
    Value,
    number,
    text,
    truth,
)

if TYPE_CHECKING:
    from seriema.examine.javascript.machine import Machine
    from seriema.examine.javascript.pratt import Node

Code = Callable[[Scope], Value]


def _name(machine: Machine, name: str) -> Code:
    def named(scope: Scope) -> Value:
        holder = scope.holder(name)
        return machine.world.named(name) if holder is None else holder.names[name]

    return named


def _sequence(machine: Machine, nodes: list[Node]) -> Code:
    parts = [machine.compile(one) for one in nodes]

    def sequence(scope: Scope) -> Value:
        value: Value = UNDEFINED
        for part in parts:
            value = part(scope)
        return value

    return sequence


def _sum(machine: Machine, nodes: list[Node]) -> Code:
    parts = [machine.compile(one) for one in nodes]

    def total(scope: Scope) -> Value:
        result = parts[0](scope)
        for part in parts[1:]:
            result = added(result, part(scope))
        return machine.sized(result)

    return total


def _binary(machine: Machine, sign: str, left: Node, right: Node) -> Code:
    one, other = machine.compile(left), machine.compile(right)
    if sign in ("&&", "||", "??"):
        return lambda scope: logical(sign, one(scope), other, scope)
    if sign == "+":
        return lambda scope: machine.sized(added(one(scope), other(scope)))
    return lambda scope: arithmetic(sign, one(scope), other(scope))


def _unary(machine: Machine, sign: str, node: Node) -> Code:
    inner = machine.compile(node)
    return lambda scope: unary(sign, inner(scope))


def _choose(machine: Machine, condition: Node, then: Node, otherwise: Node) -> Code:
    test, one, other = machine.compile(condition), machine.compile(then), machine.compile(otherwise)
    return lambda scope: one(scope) if truth(test(scope)) is not False else other(scope)


def _assign(machine: Machine, sign: str, target: Node, value: Node) -> Code:
    inner = machine.compile(value)
    store = store_of(machine, target)
    if sign == "=":
        return lambda scope: store(scope, inner(scope))
    current = machine.compile(target)
    operation = sign[:-1]
    if operation in ("&&", "||", "??"):
        return lambda scope: store(scope, logical(operation, current(scope), inner, scope))
    if operation == "+":
        return lambda scope: store(scope, machine.sized(added(current(scope), inner(scope))))
    return lambda scope: store(scope, arithmetic(operation, current(scope), inner(scope)))


def store_of(machine: Machine, target: Node) -> Callable[[Scope, Value], Value]:
    """What assigns to a name, member or pattern, and gives the value."""
    if target[0] == "name":
        name = str(target[1])

        def to_name(scope: Scope, value: Value) -> Value:
            holder = scope.holder(name) or machine.top
            holder.names[name] = value
            if holder is machine.top:
                machine.world.set_on(Host("window"), name, value)
            return value

        return to_name
    if target[0] == "member":
        owner, key = machine.compile(target[1]), machine.compile(target[2])  # type: ignore[arg-type]  # nodes of the parser

        def to_member(scope: Scope, value: Value) -> Value:
            machine.set_member(owner(scope), key(scope), value)
            return value

        return to_member

    def to_pattern(scope: Scope, value: Value) -> Value:
        machine.bind(target, value, scope)
        return value

    return to_pattern


def _step(machine: Machine, sign: str, target: Node, before: bool) -> Code:  # noqa: FBT001 - as the parser says it
    current, store = machine.compile(target), store_of(machine, target)
    change = 1 if sign == "++" else -1

    def step(scope: Scope) -> Value:
        known = number(current(scope))
        value: Value = UNKNOWN if known is None else known + change
        store(scope, value)
        return value if before or known is None else known

    return step


def _array(machine: Machine, nodes: list[Node]) -> Code:
    give = arguments_of(machine, nodes)
    return lambda scope: machine.sized(give(scope))


def _object(machine: Machine, properties: list[tuple[Node | None, Node]]) -> Code:
    built = [(machine.compile(key) if key else None, machine.compile(value)) for key, value in properties]

    def made(scope: Scope) -> Value:
        found: dict[str, Value] = {}
        for key, value in built:
            if key:
                found[text(key(scope))] = value(scope)
            elif isinstance(spread := value(scope), dict):
                found.update(spread)
        return found

    return made


def _function(machine: Machine, name: str, parameters: list[tuple[Node, Node | None, bool]], body: Node) -> Code:
    inner = machine.compile(body)
    built: list[tuple[object, ...]] = [
        (one, machine.compile(default) if default else None, rest) for one, default, rest in parameters
    ]

    def made(scope: Scope) -> Value:
        function = Function(name, built, inner, scope)
        machine.functions.append(function)
        return function

    return made


def arguments_of(machine: Machine, nodes: list[Node]) -> Callable[[Scope], list[Value]]:
    """What gives the values of arguments or elements, spread ones in their place."""
    parts = [(one[0] == "spread", machine.compile(one[1] if one[0] == "spread" else one)) for one in nodes]  # type: ignore[arg-type]  # nodes of the parser

    def give(scope: Scope) -> list[Value]:
        found: list[Value] = []
        for spread, part in parts:
            value = part(scope)
            if spread and isinstance(value, (list, bytearray, str)):
                found.extend(value)
            else:
                found.append(value)
        return found

    return give


def _call(machine: Machine, node: Node, arguments: list[Node]) -> Code:
    give = arguments_of(machine, arguments)
    if node[0] == "member":
        owner, key = machine.compile(node[1]), machine.compile(node[2])  # type: ignore[arg-type]  # nodes of the parser

        def method(scope: Scope) -> Value:
            this = owner(scope)
            return machine.call_member(this, key(scope), give(scope))

        return method
    inner = machine.compile(node)
    return lambda scope: machine.call(inner(scope), UNDEFINED, give(scope))


def _new(machine: Machine, node: Node, arguments: list[Node]) -> Code:
    inner, give = machine.compile(node), arguments_of(machine, arguments)

    def made(scope: Scope) -> Value:
        kind, values = inner(scope), give(scope)
        if isinstance(kind, Function):
            this: dict[str, Value] = {}
            given = machine.call(kind, this, values)
            return given if isinstance(given, (dict, Host)) else this
        return machine.call(kind, UNDEFINED, values)

    return made


def _member(machine: Machine, node: Node, key: Node) -> Code:
    owner, name = machine.compile(node), machine.compile(key)
    return lambda scope: machine.member(owner(scope), name(scope))


EXPRESSIONS: dict[str, Callable[..., Code]] = {
    "constant": lambda _, value: lambda _: value,
    "group": lambda machine, node: machine.compile(node),
    "regular": lambda _, body, flags: lambda _: Regular(body, flags),
    "name": _name,
    "sequence": _sequence,
    "sum": _sum,
    "binary": _binary,
    "unary": _unary,
    "choose": _choose,
    "assign": _assign,
    "step": _step,
    "array": _array,
    "object": _object,
    "function": _function,
    "call": _call,
    "new": _new,
    "member": _member,
}
