"""VBA source as logical lines of tokens: continued lines joined, comments gone. Follows [MS-VBAL] 3.2 and 3.3."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: String literal, comment, number, name, or any other single character; each alternative is linear.
_TOKEN = re.compile(
    r"""
      "(?:[^"]|"")*+"?            # a string; the last quote may be missing
    | '.*                         # a comment to the end of the line
    | &[hHoO][0-9A-Fa-f]++[%&^]?  # a number in base 16 or 8
    | \d++(?:\.\d*+)?[%&!\#@^]?   # a number
    | \w++\$?                     # a name or keyword
    | :=                          # a named argument
    | [^\s]
    """,
    re.VERBOSE,
)
_CONTINUED = re.compile(r"[ \t]_[ \t]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One statement: the number of its first physical line (from 1), its tokens with names in lower case, and the same
    tokens as they are spelled.
    """

    number: int
    tokens: tuple[str, ...]
    spelled: tuple[str, ...]


def lines(source: str) -> Iterator[Line]:
    """The statements, several to a line where colons part them."""
    number, begun, pending = 0, 1, ""
    for number, physical in enumerate(source.split("\n"), 1):
        if not pending:
            begun = number
        if _CONTINUED.search(physical[-80:]):
            pending += physical.rstrip()[:-1]
            continue
        yield from _statements(begun, pending + physical)
        pending = ""
    yield from _statements(min(begun, number), pending)


def _statements(number: int, text: str) -> Iterator[Line]:
    """A logical line without its comment, parted at the colons; VBA ignores the case of names and ``$`` behind them."""
    tokens: list[str] = []
    spelled: list[str] = []
    for word in _TOKEN.findall(text):
        if word[0] == "'" or (not tokens and word.lower() == "rem"):
            break
        if word == ":":
            if tokens:
                yield Line(number, tuple(tokens), tuple(spelled))
            tokens, spelled = [], []
            continue
        plain = word if word[0] == '"' or word == "$" else word.removesuffix("$")
        tokens.append(plain if word[0] == '"' else plain.lower())
        spelled.append(plain)
    if tokens:
        yield Line(number, tuple(tokens), tuple(spelled))
