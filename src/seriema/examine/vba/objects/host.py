"""What all objects have in common: members by name, and what is done with those nobody knows."""

from collections.abc import Callable, Iterator

from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.unknown import unknown_member
from seriema.examine.vba.values import MISSING, UNKNOWN, Array, Fault, Value, listed

#: Members that any object may be given by the macro.
EXTRAS = 200


class HostObject:
    """An object of the system. A member ``name`` is the method ``do_name`` or is put by ``put_name``.

    Every parameter of a member may be omitted. Members that are not there are unknown; what is assigned to them is
    kept.
    """

    kind = "Object"

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.extra: dict[str, Value] = {}

    def has(self, name: str) -> bool:
        """Whether the object itself knows this member."""
        return hasattr(self, f"do_{name}") or name in self.extra

    def call(self, name: str, values: list[Value], named: dict[str, Value]) -> Value:
        """A method is called or a property read."""
        method: Callable[..., Value] | None = getattr(self, f"do_{name}", None)
        if method is None:
            return self.other(name, values)
        code = getattr(method, "__func__", method).__code__
        if code.co_flags & 0x04:  # takes any number
            return method(*values)
        most = code.co_argcount - 1
        known = {key: value for key, value in named.items() if key in code.co_varnames[1 : most + 1]}
        result = method(*values[:most], **known)
        if len(values) > most and isinstance(result, HostObject):
            return result.call("item", values[most:], {})
        if len(values) > most and isinstance(result, Array):
            return result.items[result.place([round(self.machine.let_value(one)) for one in values[most:]])]
        return result

    def let(self, name: str, indexes: list[Value], value: Value) -> None:
        """A property is assigned."""
        put: Callable[..., None] | None = getattr(self, f"put_{name}", None)
        if put is not None:
            put(value, *indexes[: put.__func__.__code__.co_argcount - 2])  # type: ignore[attr-defined]  # a bound method
        elif len(self.extra) < EXTRAS:
            self.extra[name] = value

    def other(self, name: str, values: list[Value]) -> Value:
        """A member that the class does not have."""
        found = self.extra.get(name, UNKNOWN)
        if name not in self.extra and values:
            return unknown_member(self.machine, UNKNOWN, name, values)
        if values and isinstance(found, Array):
            return found.items[found.place([round(self.machine.let_value(one)) for one in values])]
        return found


class Items(HostObject):
    """Objects or values in order, by number from 1 or by name."""

    kind = "Collection"

    def __init__(
        self, machine: Machine, items: "list[tuple[str, Value]]", *, first: int = 1, absent: Value = None
    ) -> None:
        super().__init__(machine)
        self.items = items
        self.first = first
        self.absent = absent  #: what stands for a member that is not there; None: a fault

    def do_item(self, index: Value = MISSING) -> Value:
        """A member."""
        index = self.machine.let_value(index)
        if isinstance(index, str):
            for name, value in self.items:
                if name.lower() == index.lower():
                    return value
            return self._absent()
        if isinstance(index, int | float):
            at = round(index) - self.first
            if 0 <= at < len(self.items):
                return self.items[at][1]
            return self._absent()
        return UNKNOWN

    def _absent(self) -> Value:
        if self.absent is not None:
            return self.absent
        raise Fault(9)

    def do_count(self) -> Value:
        """How many there are."""
        return len(self.items)

    do_length = do_count

    def do_exists(self, name: Value = MISSING) -> Value:
        """Whether there is one of that name."""
        name = self.machine.let_value(name)
        return any(one.lower() == name.lower() for one, _ in self.items) if isinstance(name, str) else UNKNOWN

    def do_first(self) -> Value:
        """The first member."""
        return self.do_item(self.first)

    def do_last(self) -> Value:
        """The last member."""
        return self.do_item(self.first + len(self.items) - 1)

    def items_in_order(self) -> Iterator[Value]:
        """All members."""
        for _, value in self.items:
            yield value

    def other(self, name: str, values: list[Value]) -> Value:
        """A name behind the point may be a member's."""
        for one, value in self.items:
            if one and one.lower() == name:
                return value
        return super().other(name, values)


def array_of(values: list[Value]) -> Array:
    """An array that begins at 0."""
    return listed(values)
