"""Which unquoted lines their author did not write for this mail: signature, closing, words of the client, disclaimer,
list footer, banner of a gateway.

RFC 3676, 4.3 gives the only standard sign ("-- "); the others are vocabulary and shape (``signs``). The end of each
piece of reply is taken away sign by sign, from the bottom, while every line below still looks like what follows a sign.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seriema.message.quotes import separators, signs
from seriema.message.quotes.lines import Lines

#: Filled lines at the end of a piece that are looked at.
REACH = 80
#: Filled lines that may follow each kind of sign.
_AFTER_DELIMITER = 40
_AFTER_RULE = 14
_AFTER_CLOSING = 14
_AFTER_CLIENT = 12
#: Signs taken away from one piece at most.
_ROUNDS = 12
#: Lines below a rule among which a footer's words stand, and as many as a signature may have that says nothing.
_FOOTER_REACH = 6
_FEW = 4
_SHORTEST_DISCLAIMER = 120
_LONGEST_DISCLAIMER = 3_000
_BANNER_LINES = 8
_BANNER_CHARS = 700

#: "-- " and what programs make of it; the syllabic sign is what mail trackers leave above a signature.
_DELIMITERS = frozenset({"--", "—", "–", "——", "−−", "__", "___", "\u1427"})
_DASH_NAME = re.compile(r"[-–—~/]{1,2}\s?[^\W\d_][\w.'’-]{0,30}(?:\s[^\W\d_][\w.'’-]{0,30}){0,3}\Z")


@dataclass(frozen=True, slots=True)
class _Piece:
    """The filled lines of one piece of reply with their places, so far as they are not signature yet."""

    lines: tuple[str, ...]
    places: tuple[int, ...]
    paragraph: int  #: where the last paragraph begins


#: A sign: the position from which on a piece is signature, its length when the sign is not there.
_Sign = Callable[[_Piece], int]


def load() -> None:
    """Read the vocabulary."""
    signs.load()


def find(lines: Lines, quoted: Sequence[bool]) -> list[bool]:
    """For each line, whether it is signature; quoted lines never are. Linear in the lines."""
    signed = [False] * len(lines)
    flags = bytes(quoted)
    start = flags.find(0)
    while start >= 0:
        end = flags.find(1, start)
        if end < 0:
            end = len(lines)
        cut = _cut(lines.text, start, end)
        signed[cut:end] = [True] * (end - cut)
        start = flags.find(0, end)
    first, last = _banner(lines, quoted)
    signed[first:last] = [True] * (last - first)
    return signed


def _cut(text: Sequence[str], start: int, end: int) -> int:
    """The line from which on a piece of reply is signature."""
    places = tuple([index for index in range(max(start, end - 4 * REACH), end) if text[index]][-REACH:])
    lines = tuple([text[index] for index in places])
    count = len(places)
    for _ in range(_ROUNDS if count else 0):
        piece = _Piece(lines[:count], places[:count], _paragraph(places, count))
        shorter = min([sign(piece) for sign in _SIGNS])
        if shorter == count:
            break
        count = shorter
        if not count:
            break
    return places[count] if count < len(places) else end


def _paragraph(places: Sequence[int], count: int) -> int:
    """Where the last paragraph of the first ``count`` lines begins."""
    start = count - 1
    while start > 0 and places[start - 1] == places[start] - 1:
        start -= 1
    return start


def _delimiter(piece: _Piece) -> int:
    """The standard "-- " on a line of its own."""
    count = len(piece.lines)
    last = piece.lines[-_AFTER_DELIMITER:]
    if _DELIMITERS.isdisjoint(last):
        return count
    return count - len(last) + next(at for at, line in enumerate(last) if line in _DELIMITERS)


def _rule(piece: _Piece) -> int:
    """A drawn line above a list's or a virus scanner's footer, above contact data, or above nothing."""
    count = len(piece.lines)
    first = max(0, count - _AFTER_RULE)
    for at, line in enumerate(piece.lines[first:], first):
        if not line[0].isalnum() and separators.is_rule(line):
            below = piece.lines[at + 1 :]
            if all(map(separators.is_rule, below)) or _is_footer(below, lenient=line[0] == "_"):
                return at
    return count


def _is_footer(below: Sequence[str], *, lenient: bool) -> bool:
    """Words of a footer before any sentence, or a few short lines, with contact data unless ``lenient``."""
    for line in below[:_FOOTER_REACH]:
        if signs.is_footer(line):
            return True
        if signs.is_prose(line):
            return False
    if any(map(signs.is_prose, below)):
        return False
    return (lenient and len(below) <= _FEW) or sum(map(signs.is_contact, below)) >= 2  # noqa: PLR2004  one may be content


def _client(piece: _Piece) -> int:
    """A line like "Sent from my iPhone" that begins or ends its paragraph, below something written."""
    count, places = len(piece.lines), piece.places
    first = max(1, count - _AFTER_CLIENT)
    named = list(map(signs.is_client, piece.lines[first:]))
    if True not in named:
        return count
    for at in range(first, count):
        last = at + 1 == count or places[at + 1] > places[at] + 1 or named[at + 1 - first]
        if named[at - first] and (last or places[at - 1] < places[at] - 1):
            return at - _is_name_above(piece, at)
    return count


def _is_name_above(piece: _Piece, at: int) -> bool:
    """A paragraph of its own that is a name and goes on with the words of the client."""
    if at < 2 or piece.places[at] > piece.places[at - 1] + 1 or piece.places[at - 1] == piece.places[at - 2] + 1:  # noqa: PLR2004 - the lines right before
        return False
    return signs.is_name(piece.lines[at - 1])


def _closing(piece: _Piece) -> int:
    """A closing, then at most a name and contact data: the first of them below which there is no prose."""
    count = topmost = len(piece.lines)
    for at in range(count - 1, max(-1, count - 1 - _AFTER_CLOSING), -1):
        line = piece.lines[at]
        if signs.is_closing(line, piece.lines[at + 1 :], first=at == 0):
            topmost = at
        if signs.is_prose(line):
            break
    return topmost


def _dash_name(piece: _Piece) -> int:
    """A line like "-John", the last or above nothing but contact data."""
    count = len(piece.lines)
    for at in range(max(1, count - _FEW), count):
        line = piece.lines[at]
        if not line[0].isalnum() and _DASH_NAME.match(line) and signs.is_name(line.lstrip("-–—~/ ")):
            return at if all(map(signs.is_contact, piece.lines[at + 1 :])) else count
    return count


def _card(piece: _Piece) -> int:
    """A last paragraph that begins with a name and holds an address or number, without any other sign."""
    count, start = len(piece.lines), piece.paragraph
    block = piece.lines[start:]
    if start == 0 or not 1 < len(block) <= _AFTER_CLOSING or not signs.is_name(block[0].split(",")[0]):
        return count
    reachable = any(map(signs.is_reachable, block[1:]))
    return start if reachable and not any(map(signs.is_prose, block)) else count


def _disclaimer(piece: _Piece) -> int:
    """A last paragraph that lawyers wrote."""
    start = piece.paragraph
    paragraph = " ".join(piece.lines[start:])[:_LONGEST_DISCLAIMER] if start > 0 else ""
    if len(paragraph) >= _SHORTEST_DISCLAIMER and signs.is_disclaimer(paragraph):
        return start
    return len(piece.lines)


_SIGNS: tuple[_Sign, ...] = (_delimiter, _rule, _client, _disclaimer, _closing, _dash_name, _card)


def _banner(lines: Lines, quoted: Sequence[bool]) -> tuple[int, int]:
    """A first paragraph in which a gateway warns of mail from outside; an empty range when there is none."""
    first = end = lines.next_filled(0)
    while end < len(lines) and lines.text[end] and not quoted[end] and end - first < _BANNER_LINES:
        end += 1
    paragraph = " ".join(lines.text[first:end])
    return (
        (first, end) if end < len(lines) and len(paragraph) <= _BANNER_CHARS and signs.is_banner(paragraph) else (0, 0)
    )
