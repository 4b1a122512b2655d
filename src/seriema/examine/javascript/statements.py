"""Statements as closures (ECMA-262, section 14). Each gives None, or how its block was left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from seriema.examine.javascript import vectors
from seriema.examine.javascript.values import UNDEFINED, UNKNOWN, Host, Scope, Value, truth

if TYPE_CHECKING:
    from seriema.examine.javascript.machine import Machine
    from seriema.examine.javascript.pratt import Node

Code = Callable[[Scope], Value]
BREAK, CONTINUE = Host("break"), Host("continue")
_THROWN = BREAK  #: what a throw does to the block around it: it ends
#: Turns of a loop over the names of an array.
TURNS = 400_000


class Returned:
    """What a function gave back; a statement's completion (6.2.4)."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def block(machine: Machine, nodes: list[Node]) -> Code:
    """Statements in order, declared functions first (10.2.11)."""
    ordered = [one for one in nodes if one[0] == "function-named"] + [
        one for one in nodes if one[0] != "function-named"
    ]
    parts = [machine.compile(one) for one in ordered]

    def block(scope: Scope) -> Value:
        for part in parts:
            machine.step()
            done = part(scope)
            if done.__class__ is Returned or done is BREAK or done is CONTINUE:
                return done
        return None

    return block


def _expression(machine: Machine, node: Node) -> Code:
    inner = machine.compile(node)

    def expression(scope: Scope) -> Value:
        inner(scope)
        return None

    return expression


def _declare(machine: Machine, target: Node, value: Node | None) -> Code:
    inner = machine.compile(value) if value else None

    def declare(scope: Scope) -> Value:
        if inner is None:
            if target[0] == "name" and target[1] not in scope.names:
                scope.names[str(target[1])] = UNDEFINED
        else:
            machine.bind(target, inner(scope), scope)
        return None

    return declare


def _if(machine: Machine, condition: Node, then: Node, otherwise: Node | None) -> Code:
    test, one, other = machine.compile(condition), machine.compile(then), machine.compile(otherwise)

    def choose(scope: Scope) -> Value:
        known = truth(test(scope))
        if known is not None:
            return one(scope) if known else other(scope)
        done = one(scope)
        after = other(scope)
        return after if isinstance(after, Returned) and not isinstance(done, Returned) else None

    return choose


def _for(machine: Machine, first: Node | None, condition: Node | None, step: Node | None, body: Node) -> Code:
    begin, test, on, inner = (machine.compile(one) for one in (first, condition, step, body))
    at_once = vectors.prepared(machine, condition, step, body)

    def loop(scope: Scope) -> Value:
        begin(scope)
        if at_once is not None and at_once(scope):
            return None
        while True:
            machine.step()
            known = True if condition is None else truth(test(scope))
            if known is False:
                return None
            done = inner(scope)
            if isinstance(done, Returned):
                return done
            if done is BREAK or known is None:
                return None
            on(scope)

    return loop


def _for_each(machine: Machine, kind: str, first: Node, over: Node, body: Node) -> Code:
    source, inner = machine.compile(over), machine.compile(body)
    target = first
    while target[0] in ("sequence", "declare"):
        target = target[1][0] if target[0] == "sequence" else target[1]  # type: ignore[index, assignment]  # nested tuples of the parser

    def loop(scope: Scope) -> Value:
        for one in _turns(kind, source(scope)):
            machine.step()
            machine.bind(target, one, scope)
            done = inner(scope)
            if isinstance(done, Returned):
                return done
            if done is BREAK:
                break
        return None

    return loop


def _turns(kind: str, value: Value) -> Iterable[Value]:
    if isinstance(value, (list, bytearray, str)):
        return list(value) if kind == "of" else [str(one) for one in range(min(len(value), TURNS))]
    return list(value) if isinstance(value, dict) else []


def _do(machine: Machine, body: Node, condition: Node) -> Code:
    once = machine.compile(body)
    rest = _for(machine, None, condition, None, body)

    def loop(scope: Scope) -> Value:
        done = once(scope)
        if isinstance(done, Returned):
            return done
        return None if done is BREAK else rest(scope)

    return loop


def _return(machine: Machine, value: Node | None) -> Code:
    inner = machine.compile(value) if value else None
    return lambda scope: Returned(inner(scope) if inner else UNDEFINED)


def _try(machine: Machine, body: Node, name: str, handler: Node | None, last: Node | None) -> Code:
    """The body; what it throws is not followed. Its handler is followed, too, when the body threw."""
    parts = (machine.compile(body), machine.compile(handler), machine.compile(last))

    def attempt(scope: Scope) -> Value:
        done = parts[0](scope)
        if done is _THROWN:
            scope.names[name] = UNKNOWN
            done = parts[1](scope)
        parts[2](scope)
        return done

    return attempt


def _throw(machine: Machine, value: Node) -> Code:
    inner = machine.compile(value)

    def thrown(scope: Scope) -> Value:
        inner(scope)
        return _THROWN

    return thrown


def _switch(machine: Machine, value: Node, cases: list[tuple[Node | None, list[Node]]]) -> Code:
    chosen = machine.compile(value)
    built = [(None if test is None else machine.compile(test), block(machine, body)) for test, body in cases]

    def switch(scope: Scope) -> Value:
        known = chosen(scope)
        start = next((n for n, (test, _) in enumerate(built) if test and test(scope) == known), None)
        if start is None:
            start = next((n for n, (test, _) in enumerate(built) if test is None), len(built))
        for _, body in built[start:]:
            done = body(scope)
            if isinstance(done, Returned) or done is CONTINUE:
                return done
            if done is BREAK:
                return None
        return None

    return switch


def _function_named(machine: Machine, name: str, node: Node) -> Code:
    inner = machine.compile(node)

    def declare(scope: Scope) -> Value:
        scope.names[name] = inner(scope)
        return None

    return declare


STATEMENTS: dict[str, Callable[..., Code]] = {
    "block": block,
    "expression": _expression,
    "declare": _declare,
    "if": _if,
    "for": _for,
    "for-each": _for_each,
    "do": _do,
    "return": _return,
    "try": _try,
    "throw": _throw,
    "switch": _switch,
    "break": lambda *_: lambda _: BREAK,
    "continue": lambda *_: lambda _: CONTINUE,
    "function-named": _function_named,
}
