"""Closures for members of objects and elements of arrays, to read and to assign ([MS-VBAL] 5.6.12, 5.6.13)."""

from typing import TYPE_CHECKING

from seriema.examine.vba import call_closures
from seriema.examine.vba.conversion import COERCIONS
from seriema.examine.vba.machine import ME, Frame, Machine
from seriema.examine.vba.objects.host import HostObject
from seriema.examine.vba.objects.unknown import unknown_member
from seriema.examine.vba.operators import plain
from seriema.examine.vba.scope import Instance, Load, ModuleCode, Store
from seriema.examine.vba.syntax import Argument
from seriema.examine.vba.values import (
    NO_MEMBER,
    NOTHING,
    SUBSCRIPT,
    UNKNOWN,
    Array,
    Fault,
    HalfKnown,
    Record,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from seriema.examine.vba.expression_closures import ExpressionCompiler

_OPEN = frozenset({Unknown, HalfKnown})
#: Elements of an array among which an unknown index is tried.
TRIED = 24


def member(compiler: "ExpressionCompiler", holder: Load, name: str, arguments: tuple[Argument, ...], line: int) -> Load:
    """A member of whatever the holder gives at run time."""
    machine, place = compiler.machine, (compiler.module, line)
    positional = tuple(one for one in arguments if not one.name)
    named = [(one.name, compiler.load(one.value)) for one in arguments if one.name and one.value is not None]
    loads = compiler.arguments(positional)
    stores: list[list[Store | None]] = []

    def run(f: Frame) -> Value:
        owner = holder(f)
        values = [load(f) for load in loads]
        keywords = {key: load(f) for key, load in named}
        machine.at = place
        if isinstance(owner, HostObject):
            machine.spend(1)
            return owner.call(name, values, keywords)
        if type(owner) is Instance:
            if not stores:
                stores.append(call_closures.stores_of(compiler, positional))
            return compiler.calls.instance_member(owner, name, values, stores[0], f)
        if type(owner) is Record:
            if name not in owner.fields:
                raise Fault(NO_MEMBER)
            value = owner.fields[name]
            return element(machine, value, values, place) if values else value
        if type(owner) in _OPEN:
            return unknown_member(machine, owner, name, values)
        raise Fault(91 if owner is NOTHING or owner is None else 424)

    return run


def indexed(compiler: "ExpressionCompiler", holder: Load, arguments: tuple[Argument, ...], line: int) -> Load:
    """``holder(arguments)``: an element, or the default member of an object."""
    machine, place = compiler.machine, (compiler.module, line)
    loads = compiler.arguments(arguments)
    if not loads:
        return holder
    if len(loads) == 1:
        only = loads[0]

        def one(f: Frame) -> Value:
            array, index = holder(f), only(f)
            if type(array) is Array and type(index) is int and len(array.bounds) == 1:
                first, last = array.bounds[0]
                if first <= index <= last:
                    return array.items[index - first]
                raise Fault(SUBSCRIPT)
            return element(machine, array, [index], place)

        return one
    return lambda f: element(machine, holder(f), [load(f) for load in loads], place)


def store_element(
    compiler: "ExpressionCompiler", holder: Load, arguments: tuple[Argument, ...], *, is_set: bool
) -> Store:
    """``holder(arguments) = value``."""
    machine = compiler.machine
    loads = compiler.arguments(arguments)

    def store(f: Frame, value: Value) -> None:
        owner = holder(f)
        indexes = [plain(machine, load(f)) if type(owner) is Array else load(f) for load in loads]
        if type(owner) is Array:
            if any(type(index) is Unknown for index in indexes):
                return
            coerce = COERCIONS.get(owner.kind)
            taken = value if is_set else machine.let_value(value)
            owner.items[owner.place([round(index) for index in indexes])] = (
                coerce(taken) if coerce and not is_set else taken
            )
        elif isinstance(owner, HostObject):
            owner.let("item", indexes, value)
        elif type(owner) is Instance:
            compiler.calls.let_member(owner, "item", indexes, value, is_set=is_set)
        elif type(owner) not in _OPEN:
            raise Fault(9 if owner is None else 13)

    return store


def store_member(
    compiler: "ExpressionCompiler",
    holder: Load,
    name: str,
    arguments: tuple[Argument, ...],
    line: int,
    *,
    is_set: bool,
) -> Store:
    """``holder.name(arguments) = value``."""
    machine, place, loads = compiler.machine, (compiler.module, line), compiler.arguments(arguments)

    def store(f: Frame, value: Value) -> None:
        owner = holder(f)
        indexes = [load(f) for load in loads]
        machine.at = place
        if type(owner) is Record:
            if indexes:
                array = owner.fields.get(name)
                if type(array) is Array:
                    array.items[array.place([round(plain(machine, index)) for index in indexes])] = machine.let_value(
                        value
                    )
                return
            kind = _field_kind(compiler, owner, name)
            coerce = COERCIONS.get(kind)
            taken = value if is_set else machine.let_value(value)
            owner.fields[name] = coerce(taken) if coerce and not is_set else taken
        elif isinstance(owner, HostObject):
            machine.spend(1)
            owner.let(name, indexes, value if is_set else machine.let_value(value))
        elif type(owner) is Instance:
            compiler.calls.let_member(owner, name, indexes, value, is_set=is_set)
        elif type(owner) not in _OPEN:
            raise Fault(91 if owner is NOTHING or owner is None else 424)

    return store


def _field_kind(compiler: "ExpressionCompiler", owner: Record, name: str) -> str:
    return next(
        (
            one.kind
            for one in compiler.scope.project.types.get(owner.kind, ())
            if one.name == name and one.bounds is None
        ),
        "",
    )


def store_default(holder: Load) -> Store:
    """``holder = value`` for an object: its default member is assigned to."""

    def store(f: Frame, value: Value) -> None:
        owner = holder(f)
        if isinstance(owner, HostObject):
            owner.let("value", [], value)

    return store


def property_store(
    compiler: "ExpressionCompiler",
    module: ModuleCode,
    name: str,
    arguments: tuple[Argument, ...],
    *,
    is_set: bool,
) -> Store:
    """Assignment to a property of the project, named without an object."""
    loads = compiler.arguments(arguments)
    own, instance = module is compiler.scope.module, module.instance

    def store(f: Frame, value: Value) -> None:
        compiler.calls.let_member(f[ME] if own else instance, name, [load(f) for load in loads], value, is_set=is_set)

    return store


def element(machine: Machine, owner: Value, indexes: list[Value], place: tuple[str, int]) -> Value:
    """An element of an array or the default member of an object."""
    if type(owner) is Array:
        numbers = [plain(machine, one) for one in indexes]
        if any(type(one) is Unknown for one in numbers):
            if len(numbers) == 1 and 0 < len(owner.items) <= TRIED:
                return owner.items[machine.decide((*place, "element"), len(owner.items), 0)]
            return UNKNOWN
        return owner.items[owner.place([round(one) for one in numbers])]
    if isinstance(owner, HostObject):
        machine.at = place
        return owner.call("item", indexes, {})
    if type(owner) is Instance:
        return UNKNOWN
    if type(owner) in _OPEN:
        return UNKNOWN
    raise Fault(13)
