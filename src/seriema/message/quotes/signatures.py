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
_DELIMITER = re.compile(r"(?:--|—|–|——|−−|_{2,3}|\u1427)\s?\Z")
_DASH_NAME = re.compile(r"[-–—~/]{1,2}\s?[^\W\d_][\w.'’-]{0,30}(?:\s[^\W\d_][\w.'’-]{0,30}){0,3}\Z")


@dataclass(frozen=True, slots=True)
class _Piece:
    """The filled lines of one piece of reply with their places, so far as they are not signature yet."""

    lines: tuple[str, ...]
    places: tuple[int, ...]

    def paragraph(self) -> int:
        """Where the last paragraph begins."""
        start = len(self.places) - 1
        while start > 0 and self.places[start - 1] == self.places[start] - 1:
            start -= 1
        return start


#: A sign: the position from which on a piece is signature, its length when the sign is not there.
_Sign = Callable[[_Piece], int]


def load() -> None:
    """Read the vocabulary."""
    signs.load()


def find(lines: Lines, quoted: Sequence[bool]) -> list[bool]:
    """For each line, whether it is signature; quoted lines never are. Linear in the lines."""
    signed = [False] * len(lines)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and not quoted[end]:
            end += 1
        if end > start:
            cut = _cut(lines.text, start, end)
            signed[cut:end] = [True] * (end - cut)
        start = end + 1
    first, last = _banner(lines, quoted)
    signed[first:last] = [True] * (last - first)
    return signed


def _cut(text: Sequence[str], start: int, end: int) -> int:
    """The line from which on a piece of reply is signature."""
    places = tuple(index for index in range(max(start, end - 4 * REACH), end) if text[index])[-REACH:]
    count = len(places)
    for _ in range(_ROUNDS):
        piece = _Piece(tuple(text[index] for index in places[:count]), places[:count])
        shorter = min(sign(piece) for sign in _SIGNS) if count else 0
        if shorter == count:
            break
        count = shorter
    return places[count] if count < len(places) else end


def _delimiter(piece: _Piece) -> int:
    """The standard "-- " on a line of its own."""
    count = len(piece.lines)
    return next(
        (at for at in range(max(0, count - _AFTER_DELIMITER), count) if _DELIMITER.match(piece.lines[at])), count
    )


def _rule(piece: _Piece) -> int:
    """A drawn line above a list's or a virus scanner's footer, above contact data, or above nothing."""
    count = len(piece.lines)
    for at in range(max(0, count - _AFTER_RULE), count):
        if separators.is_rule(piece.lines[at]):
            below = piece.lines[at + 1 :]
            if all(map(separators.is_rule, below)) or _is_footer(below, lenient=piece.lines[at][0] == "_"):
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
    count = len(piece.lines)
    for at in range(max(1, count - _AFTER_CLIENT), count):
        place = piece.places[at]
        last = at + 1 == count or piece.places[at + 1] > place + 1 or signs.is_client(piece.lines[at + 1])
        if (last or piece.places[at - 1] < place - 1) and signs.is_client(piece.lines[at]):
            return at - _is_name_above(piece, at)
    return count


def _is_name_above(piece: _Piece, at: int) -> bool:
    """A paragraph of its own that is a name and goes on with the words of the client."""
    if at < 2 or piece.places[at] > piece.places[at - 1] + 1 or piece.places[at - 1] == piece.places[at - 2] + 1:  # noqa: PLR2004 - the lines right before
        return False
    return signs.is_name(piece.lines[at - 1])


def _closing(piece: _Piece) -> int:
    """A closing, then at most a name and contact data."""
    count = len(piece.lines)
    for at in range(max(0, count - _AFTER_CLOSING), count):
        if signs.is_closing(piece.lines[at], piece.lines[at + 1 :], first=at == 0):
            return at
    return count


def _dash_name(piece: _Piece) -> int:
    """A line like "-John", the last or above nothing but contact data."""
    count = len(piece.lines)
    for at in range(max(1, count - _FEW), count):
        line = piece.lines[at]
        if _DASH_NAME.match(line) and signs.is_name(line.lstrip("-–—~/ ")):
            return at if all(map(signs.is_contact, piece.lines[at + 1 :])) else count
    return count


def _card(piece: _Piece) -> int:
    """A last paragraph that begins with a name and holds an address or number, without any other sign."""
    count, start = len(piece.lines), piece.paragraph()
    block = piece.lines[start:]
    if start == 0 or not 1 < len(block) <= _AFTER_CLOSING or not signs.is_name(block[0].split(",")[0]):
        return count
    reachable = any(map(signs.is_reachable, block[1:]))
    return start if reachable and not any(map(signs.is_prose, block)) else count


def _disclaimer(piece: _Piece) -> int:
    """A last paragraph that lawyers wrote."""
    start = piece.paragraph()
    paragraph = " ".join(piece.lines[start:])[:_LONGEST_DISCLAIMER]
    if start > 0 and len(paragraph) >= _SHORTEST_DISCLAIMER and signs.is_disclaimer(paragraph):
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
