"""Functions that take texts apart into arrays and put them together ([MS-VBAL] 6.1.2.11)."""

import re

from seriema.examine.vba.conversion import text
from seriema.examine.vba.library.arguments import folds_case, number_of
from seriema.examine.vba.library.registry import function
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.values import (
    MISSING,
    NULL,
    UNKNOWN,
    Array,
    Fault,
    HalfKnown,
    Value,
    joined,
    listed,
)


@function("Split", open=True)
def split(
    machine: Machine, expression: Value, delimiter: Value = " ", limit: Value = -1, compare: Value = MISSING
) -> Value:
    """The pieces between delimiters, as an array that begins at 0."""
    words = text(expression)
    mark = " " if delimiter is MISSING else text(delimiter)
    if not isinstance(mark, str) or not isinstance(words, str):
        if isinstance(words, HalfKnown) and isinstance(mark, str) and mark:
            return listed(_split_pieces(words, mark))
        return UNKNOWN
    if not words:
        return listed([])
    most = number_of(machine, limit, -1)
    if not mark:
        return listed([words])
    if folds_case(machine, compare):
        return listed(list(re.split(re.escape(mark), words, maxsplit=max(0, most - 1), flags=re.IGNORECASE)))
    found = words.split(mark, most - 1 if most > 0 else -1)
    machine.spend(len(found) >> 4)
    return listed(list(found), kind="string")


def _split_pieces(words: HalfKnown, mark: str) -> list[Value]:
    """Half-known text between delimiters; a hole is taken to hold none."""
    found: list[Value] = [""]
    for piece in words.pieces:
        first, *rest = piece.split(mark) if isinstance(piece, str) else [piece]
        found[-1] = joined(found[-1], first)
        found += rest
    return found


@function("Join", open=True)
def join(machine: Machine, sourcearray: Value, delimiter: Value = " ") -> Value:
    """The elements of an array as one text."""
    if not isinstance(sourcearray, Array):
        return UNKNOWN
    mark = " " if delimiter is MISSING else text(delimiter)
    machine.spend(len(sourcearray.items) >> 4)
    parts = [text(machine.let_value(one)) if one is not NULL else "" for one in sourcearray.items]
    if isinstance(mark, str) and all(isinstance(one, str) for one in parts):
        machine.grow(sum(map(len, parts)) + len(mark) * len(parts))
        return mark.join(parts)
    return joined(*[one for part in parts for one in (mark, part)][1:])


@function("Filter")
def filtered(
    machine: Machine, sourcearray: Value, match: Value, include: Value = True, compare: Value = MISSING
) -> Value:
    """The elements that contain a text, or those that do not."""
    if not isinstance(sourcearray, Array):
        raise Fault(13)
    sought, folds = text(match), folds_case(machine, compare)
    wanted = include is MISSING or bool(include)
    known = [one for one in sourcearray.items if isinstance(one, str)]
    return listed([one for one in known if (sought.lower() in one.lower() if folds else sought in one) is wanted])
