"""Functions on text ([MS-VBAL] 6.1.2.11). Half-known text keeps its known pieces through those that can keep them."""

import re
from collections.abc import Callable

from seriema.examine.vba.conversion import text, whole
from seriema.examine.vba.library.arguments import folds_case, number_of, refuse
from seriema.examine.vba.library.characters import character_of
from seriema.examine.vba.library.registry import function
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.values import (
    LENGTH,
    MISSING,
    NULL,
    UNKNOWN,
    Fault,
    HalfKnown,
    Unknown,
    Value,
    joined,
    usual_text,
)

_UNKNOWN = (Unknown, HalfKnown)


def _mapped(value: Value, change: Callable[[str], str]) -> Value:
    """Change the known pieces of a text."""
    if value is NULL:
        return NULL
    words = text(value)
    if isinstance(words, str):
        return change(words)
    if isinstance(words, HalfKnown):
        return joined(*(change(piece) if isinstance(piece, str) else piece for piece in words.pieces))
    return words


# -- pieces of a text --------------------------------------------------------------------------------------------------


@function("Left", "Left$", "LeftB", "LeftB$", open=True)
def left(machine: Machine, string: Value, length: Value) -> Value:
    """The first characters."""
    words, count = text(string) if string is not NULL else "", number_of(machine, length)
    if isinstance(words, str):
        if type(count) is Unknown:
            return joined(words[:0], UNKNOWN)
        return words[:count] if count >= 0 else refuse()
    if type(count) is Unknown:  # usually the text up to its closing zero
        return words
    if isinstance(words, HalfKnown) and len(words.prefix) >= count:
        return words.prefix[:count]
    usual = usual_text(words)
    return usual[:count] if usual is not None else UNKNOWN


@function("Right", "Right$", "RightB", "RightB$", open=True)
def right(machine: Machine, string: Value, length: Value) -> Value:
    """The last characters."""
    words, count = text(string) if string is not NULL else "", number_of(machine, length)
    if type(count) is Unknown:
        return UNKNOWN
    if count < 0:
        refuse()
    if isinstance(words, str):
        return words[len(words) - count :] if 0 < count < len(words) else words if count else ""
    if isinstance(words, HalfKnown):
        last = words.pieces[-1]
        if isinstance(last, str) and len(last) >= count:
            return last[len(last) - count :]
    usual = usual_text(words)
    return usual[-count:] if usual is not None and count else UNKNOWN


@function("Mid", "Mid$", "MidB", "MidB$", open=True)
def mid(machine: Machine, string: Value, start: Value, length: Value = MISSING) -> Value:
    """Characters from a place on, counted from 1."""
    if type(string) is str and type(start) is int and type(length) is int:
        if start < 1 or length < 0:
            refuse()
        return string[start - 1 : start - 1 + length]
    words = text(string) if string is not NULL else ""
    begin, count = number_of(machine, start), number_of(machine, length, LENGTH)
    if type(begin) is Unknown or type(count) is Unknown:
        return UNKNOWN
    if begin < 1 or count < 0:
        refuse()
    if isinstance(words, str):
        return words[begin - 1 : begin - 1 + count]
    if isinstance(words, HalfKnown) and begin - 1 + count <= len(words.prefix):
        return words.prefix[begin - 1 : begin - 1 + count]
    usual = usual_text(words)
    return usual[begin - 1 : begin - 1 + count] if usual is not None else UNKNOWN


@function("Len", "LenB")
def length(_: Machine, expression: Value) -> Value:
    """How long a text is."""
    if expression is NULL:
        return NULL
    return len(text(expression))


@function("InStr", open=True)
def in_string(
    machine: Machine, start: Value, string1: Value, string2: Value = MISSING, compare: Value = MISSING
) -> Value:
    """Where a text stands in another, counted from 1; 0 when it does not."""
    if string2 is MISSING:
        start, string1, string2 = 1, start, string1
    elif isinstance(start, str | HalfKnown) and not (isinstance(start, str) and start.strip().isdigit()):
        start, string1, string2, compare = 1, start, string1, string2
    if string1 is NULL or string2 is NULL:
        return NULL
    words, sought, begin = text(string1), text(string2), number_of(machine, start, 1)
    if not isinstance(words, str):
        if isinstance(words, HalfKnown) and isinstance(sought, str) and sought:
            pieces = [piece for piece in words.pieces if isinstance(piece, str) and sought.lower() in piece.lower()]
            if not pieces:
                return Unknown(usual=0)
            if pieces[0] is words.prefix and isinstance(begin, int):
                return words.prefix.lower().find(sought.lower(), begin - 1) + 1
            return Unknown(usual=1)
        return Unknown(usual=0)
    if not isinstance(sought, str) or type(begin) is Unknown:
        return Unknown(usual=0)
    if begin < 1:
        refuse()
    if folds_case(machine, compare):
        words, sought = words.lower(), sought.lower()
    machine.characters += len(words) >> 4
    return words.find(sought, begin - 1) + 1


@function("InStrRev")
def in_string_reverse(
    machine: Machine, stringcheck: Value, stringmatch: Value, start: Value = -1, compare: Value = MISSING
) -> Value:
    """Where a text stands last in another, counted from 1."""
    words, sought = text(stringcheck), text(stringmatch)
    end = number_of(machine, start, -1)
    if folds_case(machine, compare):
        words, sought = words.lower(), sought.lower()
    return words.rfind(sought, 0, len(words) if end < 0 else end) + 1


@function("StrReverse", open=True)
def reversed_text(_: Machine, expression: Value) -> Value:
    """The characters from the last to the first."""
    words = text(expression)
    if isinstance(words, HalfKnown):
        return joined(*(piece[::-1] if isinstance(piece, str) else UNKNOWN for piece in reversed(words.pieces)))
    return words[::-1] if isinstance(words, str) else UNKNOWN


@function("Replace", "Replace$", open=True)
def replaced(
    machine: Machine,
    expression: Value,
    find: Value,
    replace: Value,
    start: Value = 1,
    count: Value = -1,
    compare: Value = MISSING,
) -> Value:
    """Every place of a text put in place of another."""
    words, sought, other = text(expression), text(find), text(replace)
    if not isinstance(sought, str):
        return UNKNOWN
    begin, most = number_of(machine, start, 1), number_of(machine, count, -1)
    if begin < 1 or most < -1:
        refuse()
    folds = folds_case(machine, compare)
    if not sought:
        return words
    if isinstance(words, str) and isinstance(other, str):
        machine.grow(words.count(sought) * len(other) + len(words) if not folds else len(words) * (1 + len(other)))
        rest = words[begin - 1 :]
        if folds:
            return re.sub(re.escape(sought), lambda _: other, rest, count=max(0, most), flags=re.IGNORECASE)
        return rest.replace(sought, other, most)
    if isinstance(words, str):
        return _between(words[begin - 1 :].split(sought), other)
    if isinstance(words, HalfKnown) and isinstance(other, str):
        return _mapped(words, lambda piece: piece.replace(sought, other))
    return UNKNOWN


def _between(pieces: list[str], other: Value) -> Value:
    """Pieces with an unknown text between them."""
    parts: list[Value] = []
    for piece in pieces[:64]:
        parts += [other, piece] if parts else [piece]
    return joined(*parts)


@function("LCase", "LCase$", open=True)
def lower(_: Machine, string: Value) -> Value:
    """Small letters."""
    return _mapped(string, str.lower)


@function("UCase", "UCase$", open=True)
def upper(_: Machine, string: Value) -> Value:
    """Capital letters."""
    return _mapped(string, str.upper)


@function("Trim", "Trim$", open=True)
def trimmed(_: Machine, string: Value) -> Value:
    """Without spaces at both ends."""
    return (
        _mapped(string, lambda words: words.strip(" "))
        if isinstance(string, str)
        else _ends(string, left=True, right=True)
    )


@function("LTrim", "LTrim$", open=True)
def left_trimmed(_: Machine, string: Value) -> Value:
    """Without spaces before."""
    return _ends(string, left=True, right=False)


@function("RTrim", "RTrim$", open=True)
def right_trimmed(_: Machine, string: Value) -> Value:
    """Without spaces behind."""
    return _ends(string, left=False, right=True)


def _ends(value: Value, *, left: bool, right: bool) -> Value:
    if value is NULL:
        return NULL
    words = text(value)
    if isinstance(words, str):
        words = words.lstrip(" ") if left else words
        return words.rstrip(" ") if right else words
    if not isinstance(words, HalfKnown):
        return words
    pieces = list(words.pieces)
    if left and isinstance(pieces[0], str):
        pieces[0] = pieces[0].lstrip(" ")
    if right and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip(" ")
    return joined(*pieces)


@function("Space", "Space$")
def spaces(machine: Machine, number: Value) -> Value:
    """That many spaces."""
    return _repeated(machine, number, " ")


@function("String", "String$")
def repeated(machine: Machine, number: Value, character: Value) -> Value:
    """One character many times."""
    return _repeated(
        machine, number, character if isinstance(character, str) else character_of(machine, whole(character) & 0xFF)
    )


def _repeated(machine: Machine, number: Value, character: str) -> str:
    count = whole(number)
    if count < 0 or not character:
        refuse()
    if count > LENGTH:
        raise Fault(14)
    machine.grow(count)
    return character[:1] * int(count)


# -- characters and their numbers --------------------------------------------------------------------------------------


# -- several texts -----------------------------------------------------------------------------------------------------
