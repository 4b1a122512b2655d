"""Fold constant string expressions: joined literals, ``Chr``, ``StrReverse``, ``Replace`` and the like, and constants.

Sound, not complete: a piece whose neighbour is unknown is marked open on that side, so that half an address is never
taken for one. What needs variables, loops or calls is the interpreter's. Functions after [MS-VBAL] 6.1.2.11.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

#: Nested parentheses and calls that are followed, characters of one folded string.
DEPTH, LENGTH = 30, 65_536
_JOIN = frozenset("&+")
_LIBRARIES = frozenset({"vba", "strings", "conversion"})
_CONSTANTS = {
    "vbcrlf": "\r\n",
    "vbnewline": "\r\n",
    "vblf": "\n",
    "vbcr": "\r",
    "vbtab": "\t",
    "vbnullstring": "",
    "vbnullchar": "\0",
}
_ONE_ARGUMENT: dict[str, Callable[[str], str]] = {
    "strreverse": lambda text: text[::-1],
    "lcase": str.lower,
    "ucase": str.upper,
    "trim": lambda text: text.strip(" "),
    "ltrim": lambda text: text.lstrip(" "),
    "rtrim": lambda text: text.rstrip(" "),
    "cstr": str,
    "cvar": str,
}
_CHARACTER = frozenset({"chr", "chrw", "chrb"})
_ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "xor": lambda a, b: a ^ b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
}


@dataclass(frozen=True, slots=True)
class Folded:
    """A string that is known, where in its line it begins and ends, and whether unknown text adjoins it."""

    value: str
    begin: int
    end: int
    open_start: bool = False
    open_end: bool = False


def folded(tokens: tuple[str, ...], constants: Mapping[str, str]) -> Iterator[Folded]:
    """Every longest known string of a line, from left to right. ``constants`` are named ones, in lower case."""
    at = 0
    while at < len(tokens):
        found = _joined(tokens, at, constants, 0)
        if found is None:
            at += 1
            continue
        value, end = found
        before = at > 0 and tokens[at - 1] in _JOIN
        after = end < len(tokens) and tokens[end] in _JOIN
        yield Folded(value, at, end, before, after)
        at = end


def constant(tokens: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Names and values of the string constants that a line declares."""
    if "const" not in tokens[:3]:
        return
    at = tokens.index("const") + 1
    while at < len(tokens):
        name = tokens[at]
        equals = next((i for i in range(at + 1, min(at + 4, len(tokens))) if tokens[i] == "="), None)
        found = _joined(tokens, equals + 1, {}, 0) if equals else None
        if found is None:
            return
        value, end = found
        if end < len(tokens) and tokens[end] not in (",", ":"):
            return
        yield name, value
        at = end + 1


def unquoted(literal: str) -> str:
    """The value of a string literal; its last quote may be missing."""
    return literal[1:].removesuffix('"').replace('""', '"')


def _joined(tokens: tuple[str, ...], at: int, names: Mapping[str, str], depth: int) -> tuple[str, int] | None:
    """Terms joined by & or +, as far as they are known."""
    first = _term(tokens, at, names, depth)
    if first is None:
        return None
    pieces, end = [first[0]], first[1]
    length = len(first[0])
    while end + 1 < len(tokens) and tokens[end] in _JOIN:
        term = _term(tokens, end + 1, names, depth)
        if term is None or length + len(term[0]) > LENGTH:
            break
        pieces.append(term[0])
        length += len(term[0])
        end = term[1]
    return "".join(pieces), end


def _term(tokens: tuple[str, ...], at: int, names: Mapping[str, str], depth: int) -> tuple[str, int] | None:
    if at >= len(tokens) or depth > DEPTH:
        return None
    first = tokens[at]
    if first[0] == '"':
        return unquoted(first), at + 1
    if first == "(":
        inner = _joined(tokens, at + 1, names, depth + 1)
        return (inner[0], inner[1] + 1) if inner and _is(tokens, inner[1], ")") else None
    if first in _LIBRARIES and _is(tokens, at + 1, "."):
        return _term(tokens, at + 2, names, depth + 1)
    if _is(tokens, at + 1, "("):
        return _call(first, tokens, at + 2, names, depth + 1)
    return _named(tokens, at, names)


def _named(tokens: tuple[str, ...], at: int, names: Mapping[str, str]) -> tuple[str, int] | None:
    """A constant of the language or of the project; a member of that name is none."""
    member = at > 0 and tokens[at - 1] == "."
    value = _CONSTANTS.get(tokens[at], None if member else names.get(tokens[at]))
    return None if value is None else (value, at + 1)


def _call(name: str, tokens: tuple[str, ...], at: int, names: Mapping[str, str], depth: int) -> tuple[str, int] | None:
    """A function of known arguments; ``at`` is behind its opening parenthesis."""
    if name in _CHARACTER:
        number = _number(tokens, at, depth)
        return (_character(number[0]), number[1] + 1) if number and _is(tokens, number[1], ")") else None
    if name in _ONE_ARGUMENT:
        inner = _joined(tokens, at, names, depth)
        return (_ONE_ARGUMENT[name](inner[0]), inner[1] + 1) if inner and _is(tokens, inner[1], ")") else None
    if name == "replace":
        arguments = _arguments(tokens, at, names, depth)
        if arguments and len(arguments[0]) == 3 and arguments[0][1]:  # noqa: PLR2004 - text, find, replacement
            text, find, replacement = arguments[0]
            if len(text) * (len(replacement) + 1) <= LENGTH:
                return text.replace(find, replacement), arguments[1]
    return None


def _arguments(tokens: tuple[str, ...], at: int, names: Mapping[str, str], depth: int) -> tuple[list[str], int] | None:
    """Known arguments up to the closing parenthesis, and where it ends."""
    values: list[str] = []
    while True:
        found = _joined(tokens, at, names, depth)
        if found is None:
            return None
        values.append(found[0])
        at = found[1]
        if _is(tokens, at, ")"):
            return values, at + 1
        if not _is(tokens, at, ","):
            return None
        at += 1


def _number(tokens: tuple[str, ...], at: int, depth: int) -> tuple[int, int] | None:
    """A constant integer expression, evaluated from left to right but for products, which bind first."""
    found = _operand(tokens, at, depth)
    if found is None:
        return None
    values, operators = [found[0]], list[str]()
    end = found[1]
    while end + 1 < len(tokens) and tokens[end] in _ARITHMETIC:
        operand = _operand(tokens, end + 1, depth)
        if operand is None:
            return None
        if tokens[end] == "*":
            values[-1] = _bounded(values[-1] * operand[0])
        else:
            operators.append(tokens[end])
            values.append(operand[0])
        end = operand[1]
    total = values[0]
    for operator, value in zip(operators, values[1:], strict=True):
        total = _bounded(_ARITHMETIC[operator](total, value))
    return total, end


def _operand(tokens: tuple[str, ...], at: int, depth: int) -> tuple[int, int] | None:
    if at >= len(tokens) or depth > DEPTH:
        return None
    first = tokens[at]
    if first == "-":
        inner = _operand(tokens, at + 1, depth + 1)
        return (-inner[0], inner[1]) if inner else None
    if first == "(":
        inner = _number(tokens, at + 1, depth + 1)
        return (inner[0], inner[1] + 1) if inner and _is(tokens, inner[1], ")") else None
    value = _integer(first.rstrip("%&!#@^"))
    return None if value is None else (value, at + 1)


def _integer(token: str) -> int | None:
    digits, base = (token[2:], 16) if token[:2] == "&h" else (token[2:], 8) if token[:2] == "&o" else (token, 10)
    if not digits.isascii() or not digits or len(digits) > 10:  # noqa: PLR2004 - a Long has no more digits
        return None
    try:
        return int(digits, base)
    except ValueError:
        return None


def _bounded(number: int) -> int:
    return max(-(1 << 62), min(number, 1 << 62))


def _character(number: int) -> str:
    """``Chr`` in the usual code page; ``ChrW`` and negative numbers count 16-bit units."""
    number &= 0xFFFF
    return bytes((number,)).decode("cp1252", "replace") if 127 < number < 256 else chr(number)  # noqa: PLR2004


def _is(tokens: tuple[str, ...], at: int, wanted: str) -> bool:
    return at < len(tokens) and tokens[at] == wanted
