"""``Collection``, ``Scripting.Dictionary``, ``System.Collections.ArrayList`` and queues. [MS-VBAL] 6.1.3.1."""

from collections.abc import Iterator

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject, array_of
from seriema.examine.vba.values import ELEMENTS, MISSING, UNKNOWN, Fault, Unknown, Value


class Collection(HostObject):
    """Values in order, some with keys."""

    kind = "Collection"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.items: list[tuple[str | None, Value]] = []

    def do_add(
        self, item: Value = MISSING, key: Value = MISSING, before: Value = MISSING, after: Value = MISSING
    ) -> Value:
        """Put a value in."""
        if len(self.items) >= ELEMENTS // 4:
            raise Fault(7)
        name = self._key(key) if key is not MISSING else None
        if name is not None and any(one == name for one, _ in self.items):
            raise Fault(457)
        if before is not MISSING:
            self.items.insert(self._at(before), (name, item))
        elif after is not MISSING:
            self.items.insert(self._at(after) + 1, (name, item))
        else:
            self.items.append((name, item))
        return None

    def _key(self, key: Value) -> str | None:
        words = text(self.machine.let_value(key))
        return words.lower() if isinstance(words, str) else None

    def _at(self, index: Value) -> int:
        index = self.machine.let_value(index)
        if isinstance(index, str):
            found = next((at for at, (key, _) in enumerate(self.items) if key == index.lower()), None)
            if found is None:
                raise Fault(5)
            return found
        if type(index) is Unknown or not isinstance(index, int | float):
            raise Fault(5)
        if not 1 <= round(index) <= len(self.items):
            raise Fault(9)
        return round(index) - 1

    def do_item(self, index: Value = MISSING) -> Value:
        """A value by number or key."""
        if type(index) is Unknown:
            return UNKNOWN
        self.machine.steps += len(self.items) >> 7
        return self.items[self._at(index)][1]

    def do_count(self) -> Value:
        """How many there are."""
        return len(self.items)

    def do_remove(self, index: Value = MISSING) -> Value:
        """Take a value out."""
        del self.items[self._at(index)]

    def items_in_order(self) -> Iterator[Value]:
        """All values."""
        for _, value in self.items:
            yield value


class Dictionary(HostObject):
    """Values by key, in the order of their first assignment."""

    kind = "Dictionary"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.table: dict[Value, tuple[Value, Value]] = {}
        self.folds = False

    def _key(self, key: Value) -> Value:
        key = self.machine.let_value(key)
        if isinstance(key, str):
            return key.lower() if self.folds else key
        return float(key) if isinstance(key, bool | int | float) else key

    def do_item(self, key: Value = MISSING) -> Value:
        """A value; asking for one that is not there puts Empty in."""
        if type(key) is Unknown:
            return UNKNOWN
        if self._key(key) not in self.table:
            self.put_item(None, key)
        return self.table[self._key(key)][1]

    def put_item(self, value: Value, key: Value = MISSING) -> None:
        """Assign a value."""
        if len(self.table) >= ELEMENTS // 4:
            raise Fault(7)
        self.table[self._key(key)] = (self.machine.let_value(key), value)

    def do_add(self, key: Value = MISSING, item: Value = MISSING) -> Value:
        """Put a new key in."""
        if self._key(key) in self.table:
            raise Fault(457)
        self.put_item(item, key)

    def do_exists(self, key: Value = MISSING) -> Value:
        """Whether the key is there."""
        return UNKNOWN if type(key) is Unknown else self._key(key) in self.table

    def do_count(self) -> Value:
        """How many there are."""
        return len(self.table)

    def do_keys(self) -> Value:
        """The keys as an array."""
        return array_of([key for key, _ in self.table.values()])

    def do_items(self) -> Value:
        """The values as an array."""
        return array_of([value for _, value in self.table.values()])

    def do_remove(self, key: Value = MISSING) -> Value:
        """Take a key out."""
        if self.table.pop(self._key(key), None) is None:
            raise Fault(32811)

    def do_removeall(self) -> Value:
        """Empty it."""
        self.table.clear()

    def put_comparemode(self, value: Value) -> None:
        """1 ignores case."""
        self.folds = value == 1

    def put_key(self, value: Value, key: Value = MISSING) -> None:
        """Another name for a key."""
        old = self.table.pop(self._key(key), None)
        if old is None:
            raise Fault(32811)
        self.put_item(old[1], value)

    def items_in_order(self) -> Iterator[Value]:
        """The keys."""
        for key, _ in list(self.table.values()):
            yield key


class ArrayList(HostObject):
    """``System.Collections.ArrayList``, ``Queue`` and ``Stack``: values by number from 0."""

    kind = "ArrayList"

    def __init__(self, machine: Machine, *, last_first: bool = False) -> None:
        super().__init__(machine)
        self.values: list[Value] = []
        self.last_first = last_first

    def do_add(self, value: Value = MISSING) -> Value:
        """Append."""
        if len(self.values) >= ELEMENTS // 4:
            raise Fault(7)
        self.values.append(value)
        return len(self.values) - 1

    do_enqueue = do_push = do_add

    def do_pop(self) -> Value:
        """Take out the last of a stack, the first of a queue."""
        if not self.values:
            raise Fault(5)
        return self.values.pop(-1 if self.last_first else 0)

    do_dequeue = do_pop

    def do_item(self, index: Value = MISSING) -> Value:
        """A value."""
        index = self.machine.let_value(index)
        if not isinstance(index, int) or not 0 <= index < len(self.values):
            raise Fault(9)
        return self.values[index]

    def put_item(self, value: Value, index: Value = MISSING) -> None:
        """Assign a value."""
        if not isinstance(index, int) or not 0 <= index < len(self.values):
            raise Fault(9)
        self.values[index] = value

    def do_count(self) -> Value:
        """How many there are."""
        return len(self.values)

    def do_reverse(self) -> Value:
        """The other way round."""
        self.values.reverse()

    def do_sort(self) -> Value:
        """In order."""
        if all(isinstance(one, str) for one in self.values) or all(isinstance(one, int | float) for one in self.values):
            self.values.sort()

    def do_clear(self) -> Value:
        """Empty it."""
        self.values.clear()

    def do_contains(self, value: Value = MISSING) -> Value:
        """Whether a value is in it."""
        return value in self.values

    def do_toarray(self) -> Value:
        """As an array."""
        return array_of(list(self.values))

    def items_in_order(self) -> Iterator[Value]:
        """All values."""
        yield from list(self.values)
