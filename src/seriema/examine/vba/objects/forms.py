"""Forms and controls with the properties that their containers hold. MS-OFORMS names."""

from collections.abc import Iterator

from seriema.examine.vba.document import Control
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.objects.ranges import Text
from seriema.examine.vba.values import MISSING, UNKNOWN, Value


class ControlObject(HostObject):
    """A control of a form or document: its properties as the container says."""

    kind = "Control"

    def __init__(self, machine: Machine, control: Control) -> None:
        super().__init__(machine)
        self.control = control
        self.extra.update(control.properties)
        self.extra.setdefault("name", control.name)
        if "text" in self.extra or "value" in self.extra:
            self.extra.setdefault("text", self.extra.get("value"))
            self.extra.setdefault("value", self.extra.get("text"))

    def default(self) -> Value:
        """Its value, for a label its caption."""
        return self.extra.get("value", self.extra.get("caption", UNKNOWN))

    def do_controls(self, index: Value = MISSING) -> Value:
        """The controls on it."""
        found = controls(self.machine, self.control.controls)
        return found if index is MISSING else found.do_item(index)

    do_pages = do_tabs = do_controls

    def do_item(self, index: Value = MISSING) -> Value:
        """A page or control on it."""
        return self.do_controls(index)

    def do_range(self) -> Value:
        """Of a content control: its text."""
        return Text(self.machine, self.extra.get("text", UNKNOWN))

    def do_object(self) -> Value:
        """Itself."""
        return self

    def other(self, name: str, values: list[Value]) -> Value:
        """A property, or a control on it by its name."""
        if name not in self.extra:
            for one in self.control.controls:
                if one.name.lower() == name:
                    return ControlObject(self.machine, one)
        return super().other(name, values)


class FormObject(HostObject):
    """A form of the project."""

    kind = "UserForm"

    def __init__(self, machine: Machine, properties: dict[str, Value], items: tuple[Control, ...]) -> None:
        super().__init__(machine)
        self.extra.update(properties)
        self.found: dict[str, ControlObject] = {}
        for one in _nested(items):
            self.found.setdefault(one.name.lower(), ControlObject(machine, one))

    def has(self, name: str) -> bool:
        """Whether it has such a property or control."""
        return name in self.found or super().has(name)

    def do_controls(self, index: Value = MISSING) -> Value:
        """Its controls; by number from 0."""
        found = Items(self.machine, [(one.control.name, one) for one in self.found.values()], first=0, absent=UNKNOWN)
        return found if index is MISSING else found.do_item(index)

    def do_show(self, mode: Value = MISSING) -> Value:
        """Nobody sees it; its events are started on their own."""

    do_hide = do_repaint = do_move = do_show

    def other(self, name: str, values: list[Value]) -> Value:
        """A control by its name."""
        return self.found[name] if name in self.found else super().other(name, values)


def _nested(items: tuple[Control, ...], depth: int = 0) -> Iterator[Control]:
    for one in items:
        yield one
        if depth < 8:
            yield from _nested(one.controls, depth + 1)


def controls(machine: Machine, items: tuple[Control, ...]) -> Items:
    """Controls by number from 0, or by name."""
    return Items(machine, [(one.name, ControlObject(machine, one)) for one in items], first=0, absent=UNKNOWN)
