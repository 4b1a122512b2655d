"""The values of VBA as Python holds them, and the ones that are not known. Follows [MS-VBAL] 2.1 and 5.5.1.2.

Integers of every width are ``int``, Single to Decimal ``float`` or ``int``, strings ``str``, Boolean ``bool``; Empty is
``None``. What depends on the machine, the network or chance is ``Unknown``; text that is known in part is ``HalfKnown``
and never taken for a whole address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Value = Any

#: Elements of one array, characters of one string.
ELEMENTS, LENGTH = 1_000_000, 4 << 20


class Fault(Exception):
    """A run-time error of the running macro, which its own ``On Error`` may catch."""

    def __init__(self, number: int, text: str = "") -> None:
        super().__init__(text or f"run-time error {number}")
        self.number = number
        self.text = text


MISMATCH, OVERFLOW, SUBSCRIPT, BAD_CALL, DIVISION, NO_OBJECT, NO_MEMBER = 13, 6, 9, 5, 11, 91, 438


class _Mark:
    """A value of which there is one."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


NULL, NOTHING, MISSING = _Mark("Null"), _Mark("Nothing"), _Mark("Missing")


class Date(float):
    """Days since 30 December 1899 ([MS-VBAL] 2.1)."""

    __slots__ = ()

    @property
    def day(self) -> date:
        """The calendar day."""
        return date(1899, 12, 30) + timedelta(days=int(self // 1))


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """What cannot be known here.

    ``label`` is how a person would write it (``%TEMP%``), ``usual`` what it usually is, ``domain`` the few values it
    can have, ``key`` names equal unknowns, ``origin`` is the address whose answer it is, ``equals`` the comparison it
    came of.
    """

    label: str = ""
    usual: Value = None
    domain: tuple[Value, ...] = ()
    key: str = ""
    origin: Value = None
    equals: tuple[str, Value] | None = None


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True, eq=False)
class HalfKnown:
    """Text with holes: known pieces and unknown ones in their order."""

    pieces: tuple[str | Unknown, ...]

    @property
    def prefix(self) -> str:
        """What is known before the first hole."""
        return self.pieces[0] if isinstance(self.pieces[0], str) else ""


def joined(*parts: Value) -> "str | HalfKnown | Unknown":
    """Parts after each other, neighbouring known ones as one."""
    pieces: list[str | Unknown] = []
    for part in parts:
        for piece in part.pieces if isinstance(part, HalfKnown) else (part,):
            if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
                pieces[-1] += piece
            elif piece != "":
                pieces.append(piece)
    if len(pieces) > _PIECES:
        pieces = [*pieces[:_PIECES], UNKNOWN]
    if not pieces:
        return ""
    if len(pieces) == 1:
        return pieces[0]
    return HalfKnown(tuple(pieces))


_PIECES = 64


def labelled(value: Value) -> str | None:
    """Text for a person, unknown pieces by their label; None where one has none."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unknown):
        return value.label or None
    if isinstance(value, HalfKnown):
        shown = [labelled(piece) for piece in value.pieces]
        return None if None in shown else "".join(one or "" for one in shown)
    return None


def shown(value: Value) -> str:
    """Text for a person with ``…`` where nothing is known."""
    if isinstance(value, HalfKnown):
        return "".join(piece if isinstance(piece, str) else piece.label or "…" for piece in value.pieces)
    if isinstance(value, Unknown):
        return value.label or "…"
    return value if isinstance(value, str) else "…"


def usual_text(value: Value) -> str | None:
    """Half-known text as it usually is, None where a piece may be anything."""
    if isinstance(value, HalfKnown):
        pieces = [piece if isinstance(piece, str) else piece.usual for piece in value.pieces]
        return None if not all(isinstance(one, str) for one in pieces) else "".join(map(str, pieces))
    return value.usual if isinstance(value, Unknown) and isinstance(value.usual, str) else None


def is_unknown(value: Value) -> bool:
    """It is not known, or in part only."""
    kind = type(value)
    return kind is Unknown or kind is HalfKnown


@dataclass(slots=True, eq=False)
class Array:
    """An array of one or more dimensions, flat; ``bounds`` are first and last index of each."""

    bounds: tuple[tuple[int, int], ...]
    items: list[Value]
    kind: str = "variant"

    def place(self, indexes: list[Value]) -> int:
        """Where an element stands in ``items``; raises ``Fault`` outside the bounds."""
        if len(indexes) != len(self.bounds):
            raise Fault(SUBSCRIPT)
        at = 0
        for index, (first, last) in zip(indexes, self.bounds, strict=True):
            if not first <= index <= last:
                raise Fault(SUBSCRIPT)
            at = at * (last - first + 1) + index - first
        return at

    def copy(self) -> "Array":
        """Another array with the same values, as assignment makes it (2.1: arrays are values)."""
        return Array(self.bounds, [copied(one) for one in self.items], self.kind)


@dataclass(slots=True, eq=False)
class Record:
    """A value of a user-defined type."""

    kind: str
    fields: dict[str, Value] = field(default_factory=dict)

    def copy(self) -> "Record":
        """Another record with the same values."""
        return Record(self.kind, {name: copied(value) for name, value in self.fields.items()})


def copied(value: Value) -> Value:
    """A value as assignment takes it over: arrays and records are copied, all else is shared."""
    return value.copy() if type(value) in (Array, Record) else value


def listed(items: list[Value], base: int = 0, kind: str = "variant") -> Array:
    """A one-dimensional array."""
    return Array(((base, base + len(items) - 1),), items, kind)


def size_of(bounds: tuple[tuple[int, int], ...]) -> int:
    """Number of elements; raises ``Fault`` for bounds that make no sense or too many."""
    count = 1
    for first, last in bounds:
        if last < first - 1:
            raise Fault(SUBSCRIPT)
        count *= last - first + 1
        if count > ELEMENTS:
            raise Fault(7)
    return count


def elements(value: Value) -> Iterator[Value]:
    """What ``For Each`` visits in an array: the first dimension runs fastest."""
    if len(value.bounds) == 1:
        yield from value.items
        return
    sizes = [last - first + 1 for first, last in value.bounds]
    for number in range(len(value.items)):
        indexes, rest = [], number
        for (first, _), size in zip(value.bounds, sizes, strict=True):
            indexes.append(first + rest % size)
            rest //= size
        yield value.items[value.place(indexes)]
