"""Which line of which module built which piece of a text that reached the outside.

Strings are remembered with the place where they were made first. A text is taken apart into the longest pieces that
were
made elsewhere; what lies between them was made where the whole was.
"""

from collections.abc import Iterable, Mapping

from seriema.examine.vba.machine import SHORTEST, Place

#: Pieces of one text; texts longer than this are not taken apart.
PIECES, LONGEST = 40, 2_048

Piece = tuple[str, Place]


def pieces(text: str, made: Mapping[str, Place], literals: Iterable[Piece], place: Place) -> tuple[Piece, ...]:
    """The pieces in order, neighbours of one line as one. ``place`` is where the text was used."""
    if len(text) > LONGEST:
        return ((text, place),)
    whole = made.get(text, place)
    candidates: dict[str, Place] = {}
    for piece, where in (*made.items(), *literals):
        if SHORTEST <= len(piece) < len(text) and where != whole and piece in text:
            candidates.setdefault(piece, where)
    found: list[Piece] = []
    for piece, where in _cover(text, sorted(candidates, key=len, reverse=True), candidates, whole):
        if found and found[-1][1] == where:
            found[-1] = (found[-1][0] + piece, where)
        else:
            found.append((piece, where))
    return tuple(found) if len(found) <= PIECES else ((text, whole),)


def _cover(text: str, longest_first: list[str], candidates: Mapping[str, Place], whole: Place) -> list[Piece]:
    """The longest piece first, then what is left on both sides of it."""
    waiting, done = [(0, len(text))], dict[int, Piece]()
    while waiting:
        begin, end = waiting.pop()
        part = text[begin:end]
        piece = next((one for one in longest_first if len(one) <= len(part) and one in part), None)
        if piece is None:
            if part:
                done[begin] = (part, whole)
            continue
        at = begin + part.find(piece)
        done[at] = (piece, candidates[piece])
        waiting += [(begin, at), (at + len(piece), end)]
    return [done[at] for at in sorted(done)]


def said(found: Iterable[Piece]) -> str:
    """The pieces in words."""
    return " + ".join(f'"{piece}" ({module}:{line})' for piece, (module, line) in found)
