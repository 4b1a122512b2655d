"""Follows a script's statements: compiles each node to a closure, once, and keeps every budget (steps, sizes, depth).

Where a condition is not known both ways are followed, a loop once. What cannot be followed gives ``UNKNOWN``.
"""

import math
from collections.abc import Callable

from seriema.examine.javascript import expressions, members, statements
from seriema.examine.javascript.pratt import Node
from seriema.examine.javascript.statements import Returned
from seriema.examine.javascript.syntax import parse
from seriema.examine.javascript.values import (
    TOGETHER,
    UNDEFINED,
    UNKNOWN,
    VALUE,
    Exhausted,
    Function,
    Host,
    Native,
    Scope,
    Value,
    number,
    text,
    whole,
)

#: Statements, calls and turns of loops of one script; calls within each other.
STEPS, CALLS = 400_000, 30
Code = Callable[[Scope], Value]


class Machine:
    """One run. ``world`` knows the host's names and objects."""

    def __init__(self, world: "World") -> None:
        self.steps, self.made, self.calls = STEPS, 0, 0
        self.world = world
        self.functions: list[Function] = []
        self.top = Scope({})

    # -- budgets -------------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Charge one step; raises ``Exhausted`` when none is left."""
        self.steps -= 1
        if self.steps < 0:
            raise Exhausted(f"more than {STEPS} steps of script")

    def sized(self, value: Value) -> Value:
        """The value, charged by its size."""
        if isinstance(value, (str, list, bytearray)) and len(value) > 64:  # noqa: PLR2004 - not worth counting
            self.made += len(value)
            if len(value) > VALUE or self.made > TOGETHER:
                raise Exhausted("values too large")
        return value

    # -- running -------------------------------------------------------------------------------------------------------

    def run(self, source: str) -> None:
        """Follow a script, or a text that a script evaluates, at the top."""
        nodes = parse(source)
        statements.block(self, nodes)(self.top)

    def call(self, function: Value, this: Value, arguments: list[Value]) -> Value:
        """Call any value; what is no function that is known gives ``UNKNOWN``."""
        self.step()
        if isinstance(function, Native):
            return self.sized(function.call(this, arguments))
        if not isinstance(function, Function) or self.calls >= CALLS:
            return UNKNOWN
        function.called = True
        self.calls += 1
        try:
            scope = Scope({"this": this, "arguments": arguments}, function.scope)
            for place, (target, default, rest) in enumerate(function.parameters):
                value = arguments[place] if place < len(arguments) else UNDEFINED
                value = arguments[place:] if rest else value
                if value is UNDEFINED and callable(default):
                    value = default(scope)
                self.bind(target, value, scope)
            done = function.body(scope)
            return done.value if isinstance(done, Returned) else UNDEFINED
        finally:
            self.calls -= 1

    def bind(self, target: object, value: Value, scope: Scope) -> None:
        """A name or a destructuring pattern gets its value."""
        if not isinstance(target, tuple):
            return
        if target[0] == "name":
            scope.names[str(target[1])] = value
        elif target[0] == "array":
            for place, one in enumerate(target[1]):
                self.bind(one, self.member(value, place), scope)
        elif target[0] == "object":
            for key, inner in target[1]:
                name = key[1] if isinstance(key, tuple) else ""
                self.bind(inner, self.member(value, name), scope)

    def compile(self, node: Node | None) -> Code:
        """The closure that does what a node says."""
        if node is None:
            return _nothing
        build = _BUILDERS.get(str(node[0]))
        return build(self, *node[1:]) if build else _unknown

    def member(self, owner: Value, key: Value) -> Value:
        """A property or element."""
        if isinstance(owner, Host):
            name = text(key)
            return owner.kept[name] if name in owner.kept else self.world.member(owner, name)
        return members.member(self, owner, key)

    def call_member(self, owner: Value, key: Value, arguments: list[Value]) -> Value:
        """A method, with ``this``."""
        return self.call(self.member(owner, key), owner, arguments)

    def write(self, target: Node, value: Value, scope: Scope) -> None:
        """Assign to a name or member."""
        expressions.store_of(self, target)(scope, value)

    def set_member(self, owner: Value, key: Value, value: Value) -> None:
        """Set a property or element; places far beyond an array's end are not made."""
        if isinstance(owner, Host):
            owner.kept[text(key)] = value
            self.world.set_on(owner, text(key), value)
        elif isinstance(owner, dict):
            owner[text(key)] = value
        elif isinstance(owner, bytearray):
            place, known = whole(key, -1), number(value)
            if 0 <= place < len(owner):
                owner[place] = int(known) & 0xFF if known is not None and math.isfinite(known) else 0
        elif isinstance(owner, list):
            place = whole(key, -1)
            if 0 <= place <= len(owner) + 100_000:
                owner.extend([UNDEFINED] * (place + 1 - len(owner)))
                owner[place] = value
                self.made += 1


class World:
    """What lies around a script: its host's names and objects."""

    def named(self, name: str) -> Value:
        """The value of a name that the script did not declare."""
        raise KeyError(name)

    def member(self, owner: Host, name: str) -> Value:
        """A member of a host object."""
        raise KeyError(owner.name, name)

    def set_on(self, owner: Host, name: str, value: Value) -> None:
        """A property of a host object was set."""
        raise KeyError(owner.name, name, value)


def _nothing(_: Scope) -> Value:
    return None


def _unknown(_: Scope) -> Value:
    return UNKNOWN


_BUILDERS = {**statements.STATEMENTS, **expressions.EXPRESSIONS}
