"""Closures that assign: to variables, elements, members and properties ([MS-VBAL] 5.4.3.8, 5.4.3.9)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from seriema.examine.vba import member_closures
from seriema.examine.vba.conversion import COERCIONS, to_bytes
from seriema.examine.vba.machine import ME, RESULT, Frame, Machine
from seriema.examine.vba.scope import Store
from seriema.examine.vba.syntax import Argument, Bracket, Expression, Grouped, Index, Literal, Member, Name
from seriema.examine.vba.values import Array, Date, Record, Unknown, Value

if TYPE_CHECKING:
    from seriema.examine.vba.expression_closures import ExpressionCompiler

SIMPLE = frozenset({int, str, float, bool, type(None), Unknown, Date})


def store(compiler: "ExpressionCompiler", target: Expression, *, is_set: bool) -> Store:
    """A closure that assigns to a target."""
    while isinstance(target, Grouped):
        target = target.inner
    if isinstance(target, Name):
        return _store_name(compiler, target, is_set=is_set)
    if isinstance(target, Index):
        return _store_index(compiler, target, is_set=is_set)
    if isinstance(target, Member):
        return _store_member(compiler, target, (), is_set=is_set)
    if isinstance(target, Bracket):
        holder = compiler.bracket(target)
        return member_closures.store_default(holder)
    return lambda f, value: None


def _store_name(compiler: "ExpressionCompiler", target: Name, *, is_set: bool) -> Store:
    name, scope = target.name, compiler.scope
    slot = scope.slots.get(name, 0)
    if slot > 0:
        return _store_slot(compiler, slot, scope.kinds.get(name, "variant"), is_set=is_set)
    if slot < 0 and scope.procedure:
        return _store_field(compiler, scope.module.fields[f"{scope.procedure.name}.{name}"], is_set=is_set)
    if name == scope.function and scope.procedure:
        return _store_slot(compiler, RESULT, scope.procedure.returns, is_set=is_set)
    if name in scope.module.fields:
        return _store_field(compiler, scope.module.fields[name], is_set=is_set)
    for module in (scope.module, scope.project.procedures.get(name)):
        if module is not None and {"let", "set"} & module.procedures.get(name, {}).keys():
            return member_closures.property_store(compiler, module, name, (), is_set=is_set)
    owner = scope.project.variables.get(name)
    if owner is not None:
        index, instance = owner.fields[name], owner.instance
        kind = owner.kinds[index]
        convert = converter(compiler.machine, kind, is_set=is_set)

        def store(_: Frame, value: Value) -> None:
            instance.fields[index] = convert(value)

        return store
    control = compiler.calls.control(scope.module, name)
    if control is not None or compiler.calls.is_host(name):
        return member_closures.store_default(compiler.name(target))
    return _store_slot(compiler, scope.add(name, "variant"), "variant", is_set=is_set)


def _store_slot(compiler: "ExpressionCompiler", slot: int, kind: str, *, is_set: bool) -> Store:
    convert = converter(compiler.machine, kind, is_set=is_set)

    def store(f: Frame, value: Value) -> None:
        f[slot] = convert(value)

    return store


def _store_field(compiler: "ExpressionCompiler", index: int, *, is_set: bool) -> Store:
    convert = converter(compiler.machine, compiler.scope.module.kinds[index], is_set=is_set)

    def store(f: Frame, value: Value) -> None:
        f[ME].fields[index] = convert(value)

    return store


def _store_index(compiler: "ExpressionCompiler", target: Index, *, is_set: bool) -> Store:
    callee = target.callee
    while isinstance(callee, Grouped):
        callee = callee.inner
    if isinstance(callee, Member):
        return _store_member(compiler, callee, target.arguments, is_set=is_set)
    if isinstance(callee, Name) and not compiler.scope.known(callee.name):
        for module in (compiler.scope.module, compiler.scope.project.procedures.get(callee.name)):
            if module is not None and {"let", "set"} & module.procedures.get(callee.name, {}).keys():
                return member_closures.property_store(compiler, module, callee.name, target.arguments, is_set=is_set)
    holder = compiler.load(callee)
    return member_closures.store_element(compiler, holder, target.arguments, is_set=is_set)


def _store_member(
    compiler: "ExpressionCompiler", target: Member, arguments: tuple[Argument, ...], *, is_set: bool
) -> Store:
    owner = target.object
    if isinstance(owner, Name) and not compiler.scope.known(owner.name):
        module = compiler.scope.project.find(owner.name)
        if module is not None and target.name in module.fields:
            index, instance, kind = (
                module.fields[target.name],
                module.instance,
                module.kinds[module.fields[target.name]],
            )
            if arguments:
                return member_closures.store_element(
                    compiler,
                    lambda f: instance.fields[index],
                    arguments,
                    is_set=is_set,
                )
            convert = converter(compiler.machine, kind, is_set=is_set)

            def store(_: Frame, value: Value) -> None:
                instance.fields[index] = convert(value)

            return store
    holder = compiler.load(owner) if owner is not None else compiler.with_object()
    if target.bang:
        key = Argument(Literal(target.name))
        return member_closures.store_element(compiler, holder, (key, *arguments), is_set=is_set)
    return member_closures.store_member(compiler, holder, target.name, arguments, target.line, is_set=is_set)


def converter(machine: Machine, kind: str, *, is_set: bool) -> Callable[[Value], Value]:
    """What assignment to a variable of that type makes of a value."""
    if is_set:
        return lambda value: value
    coerce = to_bytes if kind == "bytes" else COERCIONS.get(kind)
    if coerce is None:

        def convert(value: Value) -> Value:
            return value if type(value) in SIMPLE else machine.let_value(value)

        return (
            convert
            if kind in ("variant", "array", "")
            else lambda value: value if not isinstance(value, Array | Record) else value.copy()
        )
    fast = {"string": str, "double": float, "boolean": bool}.get(kind)

    def coerced(value: Value) -> Value:
        if type(value) is fast or (kind == "long" and type(value) is int and -0x8000_0000 <= value <= 0x7FFF_FFFF):
            return value
        if type(value) is Array:
            return coerce(value)
        return coerce(machine.let_value(value) if type(value) not in SIMPLE else value)

    return coerced
