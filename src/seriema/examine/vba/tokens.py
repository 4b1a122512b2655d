"""VBA source as tokens: continued lines joined, comments gone, inactive conditional code dropped.

Follows [MS-VBAL] 3.2 (lines), 3.3 (tokens) and 3.4 (conditional compilation). VBScript differs in so little that the
same tokens serve it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from seriema.examine.vba.values import Date, Value

#: Kinds of tokens: string or number or date (``LITERAL``), name, name in brackets, operator, end of a logical line.
LITERAL, NAME, BRACKET, OPERATOR, END = "literal", "name", "bracket", "operator", "end"

#: Each alternative is linear. A ``&`` behind a name is its type only where nothing follows that could be joined.
_TOKEN = re.compile(
    r"""
      (?P<string>"(?:[^"]|"")*+"?)
    | (?P<comment>'.*)
    | (?P<date>\#[0-9][0-9A-Za-z/:,\ -]{2,40}\#)
    | (?P<based>&[hH][0-9A-Fa-f]++[%&^]?|&[oO]?[0-7]++[%&^]?)
    | (?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eEdD][+-]?[0-9]++)?(?:[%@^]|!(?!\w)|\#(?!\w)|&(?!\s*[\w"(]))?)
    | (?P<name>[^\W\d]\w*+(?:[$%@]|!(?![\w\[])|\#(?!\w)|&(?=\s*(?:$|[),=:;.+*/\\<>^&-])))?)
    | (?P<bracket>\[[^\]\n]{1,255}\])
    | (?P<operator>:=|<>|><|<=|=<|>=|=>|\s\.(?=[^\W\d]|\[)|[^\s])
    """,
    re.VERBOSE,
)
_CONTINUED = re.compile(r"(?:^|[ \t])_[ \t]*$")
_SAME = {"><": "<>", "=<": "<=", "=>": ">="}
_SUFFIXES = "$%@!#&"
#: Characters of one logical line, continued ones of it.
LINE, CONTINUED = 200_000, 2_000


@dataclass(frozen=True, slots=True)
class Token:
    """One token: ``text`` is a name in lower case or the operator, ``value`` a literal's value or a name's type."""

    kind: str
    text: str
    value: Value
    line: int
    spelled: str = ""


def tokens(source: str) -> Iterator[Token]:
    """All tokens of a module; every logical line ends with an ``END``."""
    for number, text in _logical_lines(source):
        yield from line_tokens(number, text)
        yield Token(END, "\n", None, number)


def _logical_lines(source: str) -> Iterator[tuple[int, str]]:
    begun, pending = 0, list[str]()
    for number, physical in enumerate(re.split(r"\r\n|\r|\n|\u2028", source), 1):
        if not pending:
            begun = number
        elif physical.lstrip()[:1] == ".":
            physical = physical.lstrip()  # noqa: PLW2901 - a member of what the line before ends with
            pending[-1] = pending[-1].rstrip()
        if _CONTINUED.search(physical[-80:]) and len(pending) < CONTINUED:
            pending.append(physical.rstrip()[:-1])
            continue
        text = "".join((*pending, physical)) if pending else physical
        pending = []
        if text and not text.isspace():
            yield begun, text[:LINE]
    if pending:
        yield begun, "".join(pending)[:LINE]


def line_tokens(number: int, text: str) -> Iterator[Token]:
    """The tokens of one logical line."""
    starts = True
    for found in _TOKEN.finditer(text):
        word = found[0]
        kind = found.lastgroup
        if kind == "comment":
            return
        if kind == "name":
            suffix = word[-1] if word[-1] in _SUFFIXES else ""
            plain = word[:-1] if suffix else word
            lowered = plain.lower()
            if lowered == "rem" and starts:
                return
            yield Token(NAME, lowered, suffix, number, plain)
        elif kind == "operator":
            word = _SAME.get(word, word)
            if word[0].isspace():
                word = " ."
            yield Token(OPERATOR, word, None, number)
        elif kind == "bracket":
            yield Token(BRACKET, word[1:-1].lower(), None, number, word[1:-1])
        else:
            yield Token(LITERAL, kind or "", _literal(kind, word), number, word)
        starts = word == ":"


def _literal(kind: str | None, word: str) -> Value:
    if kind == "string":
        closed = len(word) > 1 and word[-1] == '"'
        return (word[1:-1] if closed else word[1:]).replace('""', '"')
    if kind == "based":
        return _based(word)
    if kind == "date":
        return date_literal(word[1:-1])
    return _number(word)


def _based(word: str) -> int:
    """``&HFF``; without a type of its own, four digits with the highest bit are negative (3.3.2)."""
    suffix = word[-1] if word[-1] in "%&^" else ""
    digits = word[1:].rstrip("%&^").lower()
    number = int(digits[1:], 16) if digits[0] == "h" else int(digits.lstrip("o") or "0", 8)
    if suffix == "&":
        return number - (1 << 32) if 1 << 31 <= number < 1 << 32 else number
    if suffix != "^" and 0x8000 <= number <= 0xFFFF:
        return number - 0x10000
    return number - (1 << 32) if suffix != "^" and 1 << 31 <= number < 1 << 32 else number


def _number(word: str) -> int | float:
    suffix = word[-1] if word[-1] in "%&^!#@" else ""
    digits = word.rstrip("%&^!#@").lower().replace("d", "e")
    if digits.isdigit() and len(digits) < 20 and suffix not in ("!", "#", "@"):
        return int(digits)
    try:
        return float(digits)
    except ValueError:
        return 0


_DATE = re.compile(
    r"(\d{1,4})[/ -](\d{1,2})[/ -](\d{1,4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?)?", re.IGNORECASE
)


def date_literal(text: str) -> Date | None:
    """``#month/day/year#``; None for another spelling."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    first, second, third = (int(found[part]) for part in (1, 2, 3))
    year, month, day = (first, second, third) if first > 31 else (third, first, second)
    days = day_number(year + (2000 if year < 30 else 1900 if year < 100 else 0), month, day)
    hour = int(found[4] or 0) % 12 + (12 if (found[7] or "").lower() == "pm" else 0) if found[7] else int(found[4] or 0)
    return Date(days + (hour * 3600 + int(found[5] or 0) * 60 + int(found[6] or 0)) / 86400)


def day_number(year: int, month: int, day: int) -> int:
    """Days since 30 December 1899; months and days beyond their range carry over, as ``DateSerial`` does."""
    months = year * 12 + month - 1
    first = date(max(1, min(9999, months // 12)), months % 12 + 1, 1)
    return first.toordinal() - date(1899, 12, 30).toordinal() + day - 1
