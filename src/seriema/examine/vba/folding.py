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
    """Every longest known string of a statement, from left to right. ``constants`` are named ones, in lower case."""
    parser = _Parser(tokens, constants)
    at = 0
    while at < len(tokens):
        found = parser.joined(at, 0)
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
    parser = _Parser(tokens, {})
    at = tokens.index("const") + 1
    while at < len(tokens):
        name = tokens[at]
        equals = next((i for i in range(at + 1, min(at + 4, len(tokens))) if tokens[i] == "="), None)
        found = parser.joined(equals + 1, 0) if equals else None
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


class _Parser:
    """Reads constant expressions out of one statement. A place that failed once is not tried again, whatever asks."""

    def __init__(self, tokens: tuple[str, ...], names: Mapping[str, str]) -> None:
        self.tokens = tokens
        self.names = names
        self.failed: set[int] = set()
        self.failed_numbers: set[int] = set()

    def joined(self, at: int, depth: int) -> tuple[str, int] | None:
        """Terms joined by & or +, as far as they are known, and where they end."""
        if at in self.failed:
            return None
        first = self._term(at, depth)
        if first is None:
            self.failed.add(at)
            return None
        pieces, end = [first[0]], first[1]
        length = len(first[0])
        while end + 1 < len(self.tokens) and self.tokens[end] in _JOIN:
            term = self._term(end + 1, depth)
            if term is None or length + len(term[0]) > LENGTH:
                break
            pieces.append(term[0])
            length += len(term[0])
            end = term[1]
        return "".join(pieces), end

    def _is(self, at: int, wanted: str) -> bool:
        return at < len(self.tokens) and self.tokens[at] == wanted

    def _term(self, at: int, depth: int) -> tuple[str, int] | None:
        if at >= len(self.tokens) or depth > DEPTH:
            return None
        first = self.tokens[at]
        if first[0] == '"':
            return unquoted(first), at + 1
        if first == "(":
            return self._closed(self.joined(at + 1, depth + 1))
        if first in _LIBRARIES and self._is(at + 1, "."):
            return self._term(at + 2, depth + 1)
        if self._is(at + 1, "("):
            return self._call(first, at + 2, depth + 1)
        return self._named(at)

    def _closed(self, inner: tuple[str, int] | None) -> tuple[str, int] | None:
        """What was read, when a parenthesis closes behind it."""
        return (inner[0], inner[1] + 1) if inner and self._is(inner[1], ")") else None

    def _named(self, at: int) -> tuple[str, int] | None:
        """A constant of the language or of the project; a member of that name is none."""
        member = at > 0 and self.tokens[at - 1] == "."
        value = _CONSTANTS.get(self.tokens[at], None if member else self.names.get(self.tokens[at]))
        return None if value is None else (value, at + 1)

    def _call(self, name: str, at: int, depth: int) -> tuple[str, int] | None:
        """A function of known arguments; ``at`` is behind its opening parenthesis."""
        if name in _CHARACTER:
            number = self._number(at, depth)
            return self._closed((_character(number[0]), number[1])) if number else None
        if name in _ONE_ARGUMENT:
            closed = self._closed(self.joined(at, depth))
            return (_ONE_ARGUMENT[name](closed[0]), closed[1]) if closed else None
        return self._replaced(at, depth) if name == "replace" else None

    def _replaced(self, at: int, depth: int) -> tuple[str, int] | None:
        """``Replace`` of three known strings."""
        values: list[str] = []
        while len(values) < 3:
            found = self.joined(at, depth)
            if found is None or not self._is(found[1], ")" if len(values) == 2 else ","):
                return None
            values.append(found[0])
            at = found[1] + 1
        text, find, replacement = values
        if not find or len(text) * (len(replacement) + 1) > LENGTH:
            return None
        return text.replace(find, replacement), at

    def _number(self, at: int, depth: int) -> tuple[int, int] | None:
        """A constant integer expression, evaluated from left to right but for products, which bind first."""
        found = self._operand(at, depth)
        if found is None:
            return None
        values, operators = [found[0]], list[str]()
        end = found[1]
        while end + 1 < len(self.tokens) and self.tokens[end] in _ARITHMETIC:
            operand = self._operand(end + 1, depth)
            if operand is None:
                return None
            if self.tokens[end] == "*":
                values[-1] = _bounded(values[-1] * operand[0])
            else:
                operators.append(self.tokens[end])
                values.append(operand[0])
            end = operand[1]
        total = values[0]
        for operator, value in zip(operators, values[1:], strict=True):
            total = _bounded(_ARITHMETIC[operator](total, value))
        return total, end

    def _operand(self, at: int, depth: int) -> tuple[int, int] | None:
        if at >= len(self.tokens) or depth > DEPTH or at in self.failed_numbers:
            return None
        first = self.tokens[at]
        found: tuple[int, int] | None = None
        if first == "-":
            inner = self._operand(at + 1, depth + 1)
            found = (-inner[0], inner[1]) if inner else None
        elif first == "(":
            inner = self._number(at + 1, depth + 1)
            found = (inner[0], inner[1] + 1) if inner and self._is(inner[1], ")") else None
        else:
            value = _integer(first.rstrip("%&!#@^"))
            found = None if value is None else (value, at + 1)
        if found is None:
            self.failed_numbers.add(at)
        return found


def _integer(token: str) -> int | None:
    digits, base = (token[2:], 16) if token[:2] == "&h" else (token[2:], 8) if token[:2] == "&o" else (token, 10)
    if not digits.isascii() or not digits or len(digits) > 10:
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
    return bytes((number,)).decode("cp1252", "replace") if 127 < number < 256 else chr(number)
