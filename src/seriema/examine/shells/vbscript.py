"""VBScript: the strings that its statements put together from literals (Microsoft's VBScript language reference).

Assignments are followed from top to bottom; what is not a constant expression leaves ``HOLE``. This is the one place
that reads VBScript for its values: ``strings`` gives every text that stands in a statement, worked out as far as known.
"""

import re
from collections.abc import Callable

from seriema.examine.shells.batch import HOLE

#: Statements, characters of one text and of all of them, nested calls.
STATEMENTS, LONGEST, TOGETHER, DEPTH = 50_000, 1 << 20, 16 << 20, 30
_TOKEN = re.compile(
    r"\"((?:[^\"]|\"\")*)\"|(\d{1,9}|&[hH][0-9a-fA-F]{1,8}&?)|([A-Za-z_]\w{0,99}(?:\.\w{1,99})*)|([&+(),=*/<>^-])|(:|')|(\s+)|(.)"
)
_ASSIGN = re.compile(r"\s*(?:const\s+|set\s+|dim\s+)?([a-z_]\w{0,99})\s*=(?!=)", re.IGNORECASE)
Value = str | int | list[str]


class _Spent(Exception):
    """A budget is spent."""


def strings(text: str) -> list[str]:
    """The texts of all statements in order, pieces joined; ``HOLE`` where a piece is not known."""
    return _Reader().read(text)


class _Reader:
    def __init__(self) -> None:
        self.names: dict[str, Value] = {}
        self.heard: list[str] = []  #: what functions that are not known were given
        self.made = 0
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        self.depth = 0

    def read(self, text: str) -> list[str]:
        found: list[str] = []
        joined = re.sub(r"[ \t]_[ \t]{0,99}\r?\n", " ", text)
        try:
            for line in joined.splitlines()[:STATEMENTS]:
                for statement in _statements(line):
                    found += self._statement(statement)
        except _Spent:
            pass
        return found

    def _statement(self, tokens: list[tuple[str, str]]) -> list[str]:
        """Every text of one statement; an assignment to a name is remembered."""
        self.tokens, self.at, self.depth = tokens, 0, 0
        target = ""
        begin = 1 if tokens and tokens[0][1].lower() in ("const", "set", "dim", "private", "public") else 0
        if len(tokens) > begin + 1 and tokens[begin][0] == "name" and tokens[begin + 1] == ("sign", "="):
            target, self.at = tokens[begin][1].lower(), begin + 2
        found: list[str] = []
        self.heard = found
        first: Value | None = None
        while self.at < len(self.tokens):
            if self.tokens[self.at][1] in "&+=<>^*/-,)":
                self.at += 1
                continue
            value = self._sum()
            first = value if first is None else first
            found += [value] if isinstance(value, str) and value.strip(HOLE) else []
        if target and first is not None:
            self.names[target] = first
        return found

    def _charge(self, value: str) -> str:
        self.made += len(value)
        if len(value) > LONGEST or self.made > TOGETHER:
            raise _Spent
        return value

    def _next(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _sum(self) -> Value:
        self.depth += 1
        if self.depth > DEPTH:
            raise _Spent
        value = self._one()
        while self._next() in ("&", "+", "-", "*", "^") and self.at < len(self.tokens):
            sign = self._next()
            self.at += 1
            if self.at >= len(self.tokens):
                break
            value = self._joined(sign, value, self._one())
        self.depth -= 1
        return value

    def _joined(self, sign: str, left: Value, right: Value) -> Value:
        if isinstance(left, int) and isinstance(right, int) and sign != "&":
            return (
                {"+": left + right, "-": left - right, "*": left * right}.get(sign, left) if abs(left) < 1 << 40 else 0
            )
        return self._charge(_text(left) + _text(right)) if sign in ("&", "+") else HOLE

    def _one(self) -> Value:
        kind, word = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return word
        if kind == "number":
            return int(word[2:].rstrip("&"), 16) if word[0] == "&" else int(word)
        if word == "(":
            value = self._sum() if self.at < len(self.tokens) else HOLE
            self.at += self._next() == ")"
            return value
        if kind != "name":
            return HOLE
        if self._next() == "(":
            self.at += 1
            return self._called(word.lower(), self._arguments())
        return self.names.get(word.lower(), _CONSTANTS.get(word.lower(), HOLE))

    def _arguments(self) -> list[Value]:
        found: list[Value] = []
        while self.at < len(self.tokens) and self._next() != ")":
            if self._next() == ",":
                self.at += 1
                continue
            found.append(self._sum())
            if self._next() not in (",", ")"):
                self.at += 1
        self.at += 1
        return found

    def _called(self, name: str, got: list[Value]) -> Value:
        function = _FUNCTIONS.get(name.rstrip("$"))
        held = self.names.get(name)
        if isinstance(held, list) and len(got) == 1 and isinstance(got[0], int):
            return held[got[0]] if 0 <= got[0] < len(held) else HOLE
        if function is None or not got or any(one == HOLE for one in got):
            self.heard += [one for one in got if isinstance(one, str) and one.strip(HOLE)]  # CreateObject and the like
            return HOLE
        try:
            value = function(got)
        except (ValueError, IndexError, TypeError):
            return HOLE
        return self._charge(value) if isinstance(value, str) else value


def _statements(line: str) -> list[list[tuple[str, str]]]:
    """The tokens of each statement of a line, up to a comment."""
    found: list[list[tuple[str, str]]] = [[]]
    for one in _TOKEN.finditer(line[:LONGEST]):
        if one[5] == "'":
            break
        if one[5] == ":":
            found.append([])
        elif one[1] is not None:
            found[-1].append(("text", one[1].replace('""', '"')))
        elif one[2] or one[3] or one[4]:
            found[-1].append(("number", one[2]) if one[2] else ("name", one[3]) if one[3] else ("sign", one[4]))
    return [one for one in found if one and one[0][1].lower() != "rem"]


def _text(value: Value) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else HOLE


def _number(value: Value) -> int:
    return value if isinstance(value, int) else int(_text(value))


def _replace(got: list[Value]) -> str:
    text, old, new = map(_text, got[:3])
    if not old or text.count(old) * len(new) > LONGEST:
        return text
    return text.replace(old, new)


def _middle(got: list[Value]) -> str:
    begin = max(0, _number(got[1]) - 1)
    return _text(got[0])[begin:] if len(got) < 3 else _text(got[0])[begin : begin + max(0, _number(got[2]))]  # noqa: PLR2004 - the count is the third


def _split(got: list[Value]) -> list[str]:
    return _text(got[0]).split(_text(got[1]) if len(got) > 1 else " ")[:100_000]


_CONSTANTS: dict[str, Value] = {
    "vbcrlf": "\r\n",
    "vbcr": "\r",
    "vblf": "\n",
    "vbnewline": "\r\n",
    "vbtab": "\t",
    "empty": "",
}
_FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "chr": lambda got: chr(_number(got[0]) & 0xFF).encode("latin-1").decode("cp1252", "replace"),
    "chrw": lambda got: chr(_number(got[0]) & 0xFFFF),
    "asc": lambda got: ord(_text(got[0])[0]),
    "len": lambda got: len(_text(got[0])),
    "strreverse": lambda got: _text(got[0])[::-1],
    "replace": _replace,
    "mid": _middle,
    "left": lambda got: _text(got[0])[: max(0, _number(got[1]))],
    "right": lambda got: _text(got[0])[-_number(got[1]) :] if _number(got[1]) > 0 else "",
    "lcase": lambda got: _text(got[0]).lower(),
    "ucase": lambda got: _text(got[0]).upper(),
    "trim": lambda got: _text(got[0]).strip(),
    "cstr": lambda got: _text(got[0]),
    "cint": lambda got: _number(got[0]),
    "clng": lambda got: _number(got[0]),
    "string": lambda got: _text(got[1])[:1] * min(max(_number(got[0]), 0), LONGEST),
    "space": lambda got: " " * min(max(_number(got[0]), 0), LONGEST),
    "array": lambda got: [_text(one) for one in got],
    "split": _split,
    "join": lambda got: (_text(got[1]) if len(got) > 1 else " ").join(got[0]) if isinstance(got[0], list) else HOLE,
    "eval": lambda got: _text(got[0]),
}
