"""Closures for calls of procedures, library functions and imports ([MS-VBAL] 5.3.1.11, 5.6.13).

Arguments given by reference are copied in and, when the procedure changed them, copied out.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from seriema.examine.vba import externals, member_closures, store_closures
from seriema.examine.vba.library.registry import Function
from seriema.examine.vba.machine import ME, Frame, Machine
from seriema.examine.vba.scope import Load, ModuleCode, Scope, Store
from seriema.examine.vba.syntax import Argument, Expression, Import, Index, Member, Name
from seriema.examine.vba.values import (
    UNKNOWN,
    Fault,
    HalfKnown,
    Unknown,
    Value,
    listed,
    usual_text,
)

if TYPE_CHECKING:
    from seriema.examine.vba.expression_closures import ExpressionCompiler

_OPEN = frozenset({Unknown, HalfKnown})


def procedure(compiler: "ExpressionCompiler", module: ModuleCode, name: str, arguments: tuple[Argument, ...]) -> Load:
    """A call of a procedure of the project."""
    kinds = module.procedures[name]
    code = kinds.get("get") or next(iter(kinds.values()))
    parameters = code.tree.parameters
    if arguments and not parameters and code.tree.kind in ("function", "get"):
        return member_closures.indexed(compiler, procedure(compiler, module, name, ()), arguments, 0)
    ordered = by_name(arguments, tuple(one.name for one in parameters))
    loads = compiler.arguments(ordered)
    stores = stores_of(compiler, ordered)
    own = module is compiler.scope.module
    instance, invoke = module.instance, compiler.calls.invoke

    def run(f: Frame) -> Value:
        return invoke(code, f[ME] if own else instance, [load(f) for load in loads], stores, f)

    return run


def stores_of(compiler: "ExpressionCompiler", arguments: tuple[Argument, ...]) -> list[Store | None]:
    """How to give changed arguments back: for variables and elements, not for values."""
    found: list[Store | None] = []
    for one in arguments:
        target = one.value
        back: Store | None = None
        if (
            (not one.by_value and isinstance(target, Name) and compiler.scope.known(target.name))
            or (not one.by_value and isinstance(target, Name) and target.name in compiler.scope.slots)
            or (not one.by_value and isinstance(target, Index | Member) and _is_variable(compiler.scope, target))
        ):
            back = store_closures.store(compiler, target, is_set=True)
        found.append(back)
    return found


def _is_variable(scope: Scope, target: Expression) -> bool:
    """An element of an array, a field of a record: not the result of a call."""
    if isinstance(target, Index):
        return isinstance(target.callee, Name) and scope.kinds.get(target.callee.name, "") in (
            "array",
            "bytes",
            "variant",
        )
    return (
        isinstance(target, Member)
        and isinstance(target.object, Name)
        and scope.kinds.get(target.object.name, "") in scope.project.types
    )


def library(compiler: "ExpressionCompiler", function: Function, arguments: tuple[Argument, ...], line: int) -> Load:
    """A call of a library function."""
    machine, run, place = compiler.machine, function.run, (compiler.module, line)
    loads = compiler.arguments(by_name(arguments, function.names))
    if function.name == "Array" and compiler.scope.module.tree.base:
        return lambda f: listed([load(f) for load in loads], 1)
    if not function.many and (len(loads) < function.fewest or len(loads) > len(function.names)):
        loads = loads[: len(function.names)]
        if len(loads) < function.fewest:
            return _refused(loads)
    if function.open or function.many:

        def free(f: Frame) -> Value:
            values = [load(f) for load in loads]
            machine.at = place
            return run(machine, *values)

        return free
    if len(loads) == 1:
        return _with_one(machine, run, loads[0])
    if len(loads) == 3:
        return _with_three(machine, run, loads[0], loads[1], loads[2])

    def known(f: Frame) -> Value:
        values = [load(f) for load in loads]
        for value in values:
            if type(value) in _OPEN:
                return guessed(machine, run, values)
        return run(machine, *values)

    return known


def _refused(loads: list[Load]) -> Load:
    def refuse(f: Frame) -> Value:
        for load in loads:
            load(f)
        raise Fault(450)

    return refuse


def imported(compiler: "ExpressionCompiler", one: Import, arguments: tuple[Argument, ...], line: int) -> Load:
    """A call of an imported function."""
    machine, place = compiler.machine, (compiler.module, line)
    ordered = by_name(arguments, tuple(parameter.name for parameter in one.parameters))
    loads, stores = compiler.arguments(ordered), stores_of(compiler, ordered)
    pointers = compiler.calls.pointers

    def run(f: Frame) -> Value:
        values = [load(f) for load in loads]
        machine.at = place
        machine.spend(2)
        result, changed = externals.call(machine, one, values, pointers)
        for number, value in changed.items():
            store = stores[number] if number < len(stores) else None
            if store is not None:
                store(f, value)
        return result

    return run


def unresolved(compiler: "ExpressionCompiler", name: str, arguments: tuple[Argument, ...], line: int) -> Load:
    """A call of something nobody declares: its arguments are evaluated, the result is unknown."""
    machine, place, loads = compiler.machine, (compiler.module, line), compiler.arguments(arguments)

    def run(f: Frame) -> Value:
        values = [load(f) for load in loads]
        machine.at = place
        return externals.undeclared(machine, name, values)

    return run


def by_name(arguments: tuple[Argument, ...], names: tuple[str, ...]) -> tuple[Argument, ...]:
    """Arguments in the order of the parameters; those between that are not given are omitted ones."""
    if not any(one.name for one in arguments):
        return arguments
    placed = [one for one in arguments if not one.name]
    for one in arguments:
        if one.name in names:
            at = names.index(one.name)
            placed += [Argument(None)] * (at + 1 - len(placed))
            placed[at] = one
    return tuple(placed)


def guessed(machine: Machine, run: Callable[..., Value], values: list[Value]) -> Value:
    """A function of unknown arguments: computed where they have few or usual values, else unknown."""
    taken: list[Any] = []
    for value in values:
        if type(value) is Unknown and (value.domain or value.key in machine.bound):
            taken.append(machine.chosen(value))
        elif type(value) in _OPEN:
            usual = usual_text(value)
            if usual is None:
                return UNKNOWN
            taken.append(usual)
        else:
            taken.append(value)
    return run(machine, *taken)


def _with_one(machine: Machine, run: Callable[..., Value], load: Load) -> Load:
    def call(f: Frame) -> Value:
        value = load(f)
        return guessed(machine, run, [value]) if type(value) in _OPEN else run(machine, value)

    return call


def _with_three(machine: Machine, run: Callable[..., Value], first: Load, second: Load, third: Load) -> Load:
    def call(f: Frame) -> Value:
        one, two, three = first(f), second(f), third(f)
        if type(one) in _OPEN or type(two) in _OPEN or type(three) in _OPEN:
            return guessed(machine, run, [one, two, three])
        return run(machine, one, two, three)

    return call
