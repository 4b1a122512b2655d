"""Make what variables hold: arrays with their bounds, records, objects ``As New``; and ``ReDim``.

[MS-VBAL] 5.2.3, 5.4.3.3.
"""

from typing import TYPE_CHECKING

from seriema.examine.vba.conversion import initial
from seriema.examine.vba.expression_closures import ExpressionCompiler
from seriema.examine.vba.machine import Frame, Machine
from seriema.examine.vba.operators import plain
from seriema.examine.vba.scope import Factory, Instance, Load, Scope, record
from seriema.examine.vba.signals import Run, Signal
from seriema.examine.vba.syntax import Expression, Name, ReDim, Variable
from seriema.examine.vba.values import Array, Fault, Unknown, Value, copied, listed, size_of

if TYPE_CHECKING:
    from seriema.examine.vba.calling import Calls
    from seriema.examine.vba.statement_closures import StatementCompiler

Bounds = tuple[tuple[Load | None, Load], ...]


def creator(machine: Machine, calls: "Calls", scope: Scope, variable: Variable) -> Factory | None:
    """What makes the first value of a variable each time; None where it is always the same."""
    kind = scope.default_kind(variable.name, variable.kind)
    if variable.bounds is not None:
        outside = Scope(scope.module, None)  # bounds are constant: they see the constants, not the variables
        outside.constants, outside.procedure = scope.constants, scope.procedure
        bounds = compiled_bounds(ExpressionCompiler(machine, outside, calls), variable.bounds)
        base = scope.module.tree.base

        def array(me: Instance | None) -> Value:
            frame: Frame = [me, None, None, None, *[None] * 8]
            return (
                filled(machine, scope, evaluated(machine, bounds, base, frame), kind) if bounds else listed([], 0, kind)
            )

        return array
    if kind in scope.project.types:
        return lambda me: record(machine, scope.project, kind)
    if variable.new:
        return lambda me: calls.create(machine, kind)
    return None


def compiled_bounds(
    expressions: ExpressionCompiler, bounds: tuple[tuple[Expression | None, Expression], ...]
) -> Bounds:
    """Closures for first and last index of each dimension."""
    return tuple(
        (expressions.load(first) if first is not None else None, expressions.load(last)) for first, last in bounds
    )


def evaluated(machine: Machine, bounds: Bounds, base: int, f: Frame) -> tuple[tuple[int, int], ...]:
    """First and last index of each dimension; an unknown one is taken as small."""
    found = []
    for first, last in bounds:
        low = _index(plain(machine, first(f))) if first is not None else base
        high = _index(plain(machine, last(f)))
        found.append((base if low is None else low, base if high is None else high))
    return tuple(found)


def _index(value: Value) -> int | None:
    return None if type(value) is Unknown else round(value)


def filled(machine: Machine, scope: Scope, bounds: tuple[tuple[int, int], ...], kind: str) -> Array:
    """An array of first values."""
    count = size_of(bounds)
    machine.spend(count >> 5)
    if kind in scope.project.types:
        machine.spend(count)
        return Array(bounds, [record(machine, scope.project, kind) for _ in range(count)], kind)
    return Array(bounds, [initial(kind)] * count, kind)


def redimensioned(compiler: "StatementCompiler", tree: ReDim) -> Run:
    """``ReDim [Preserve]`` as a closure."""
    machine, scope = compiler.machine, compiler.scope
    targets = []
    for target, bounds, kind in tree.targets:
        known = kind or _element_kind(scope, target)
        targets.append((
            compiler.expressions.load(target),
            compiler.store(target, is_set=True),
            compiled_bounds(compiler.expressions, bounds),
            known,
        ))  # fmt: skip

    def run(f: Frame) -> Signal:
        for load, store, bounds, kind in targets:
            old = load(f)
            made = filled(machine, scope, evaluated(machine, bounds, scope.module.tree.base, f), kind or _kind_of(old))
            if tree.preserve and isinstance(old, Array):
                _take_over(machine, old, made)
            store(f, made)
        return None

    return run


def _kind_of(value: Value) -> str:
    return value.kind if isinstance(value, Array) else "variant"


def _element_kind(scope: Scope, target: Expression) -> str:
    if not isinstance(target, Name):
        return ""
    if target.name in scope.elements:
        return scope.elements[target.name]
    index = scope.module.fields.get(target.name)
    return scope.module.variables[index].kind if index is not None else ""


def _take_over(machine: Machine, old: Array, made: Array) -> None:
    """``Preserve``: what the old array held at the same indexes."""
    machine.spend(len(old.items) >> 5)
    if not old.items:
        return
    if len(old.bounds) == len(made.bounds) == 1:
        shift = old.bounds[0][0] - made.bounds[0][0]
        if shift == 0:
            count = min(len(old.items), len(made.items))
            made.items[:count] = old.items[:count]
            return
    if len(old.bounds) != len(made.bounds):
        raise Fault(9)
    sizes = [last - first + 1 for first, last in old.bounds]
    for number, value in enumerate(old.items):
        indexes: list[Value] = []
        rest = number
        for (first, _), size in zip(reversed(old.bounds), reversed(sizes), strict=True):
            indexes.insert(0, first + rest % size)
            rest //= size
        if all(low <= index <= high for index, (low, high) in zip(indexes, made.bounds, strict=True)):
            made.items[made.place(indexes)] = copied(value)
