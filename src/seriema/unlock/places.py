"""How much the place of a run says that it is the password: behind, before or below a word for password.

Points are added to those of the run's shape (``shapes``, at most 9). What stands right behind a strong word and a colon
has 26, what only stands in the same sentence 5 to 20, what stands nowhere near none.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from seriema.unlock.mentions import Mention
from seriema.unlock.views import View
from seriema.unlock.words import Vocabulary, folded

_RUN = re.compile(r"\S+")
_SEPARATORS = ":=>-"
_SENTENCE_ENDS = ".!?"
_SIGNS = "\"'`()[]{}<>*_~|#=:;,./\\-!?"
#: Runs looked at behind and in front of a mention, and lines below it (empty ones not counted).
_BEHIND, _IN_FRONT, _BELOW = 14, 6, 3
#: Points of a mention for what stands behind it and for what stands in front.
_STRONG, _WEAK = (20.0, 14.0), (12.0, 8.0)
_LONGEST_LINK = 24
_DIRECT, _NEXT, _ALONE_BELOW = 6.0, 3.0, 4.0
#: Points lost with each word between, each sentence that ended, each line further down.
_WORD, _LINK, _SENTENCE, _LINE = 1.2, 0.2, 3.0, 2.5


class Run(NamedTuple):
    """Characters without white space between them, in the view whose keywords are blanked out."""

    start: int
    end: int
    text: str
    line: int  #: counted over lines that hold anything
    alone: bool  #: nothing else stands on its line


def masked(plain: str, places: Sequence[Mention]) -> str:
    """The text with its keywords blanked out, so that what is glued to them stands free. Offsets stay."""
    if not places:
        return plain
    parts, at = [], 0
    for each in places:
        parts += [plain[at : each.start], " " * (each.end - each.start)]
        at = each.end
    return "".join([*parts, plain[at:]])


def runs_of(text: str) -> Iterator[Run]:
    """Its runs in order."""
    at, number = 0, 0
    for line in text.split("\n"):
        found = [each.span() for each in _RUN.finditer(line)]
        alone = len(found) == 1
        for start, end in found:
            yield Run(at + start, at + end, line[start:end], number, alone)
        number += bool(found)
        at += len(line) + 1


def points_by_place(seen: View, runs: Sequence[Run], places: Sequence[Mention], words: Vocabulary) -> dict[int, float]:
    """Points of the runs around mentions: index of the run → its best points."""
    points: dict[int, float] = {}
    if not places:
        return points
    starts = [run.start for run in runs]
    for place in places:
        first = bisect_left(starts, place.end)
        near = [*_behind(seen.plain, runs, first, place, words), *_in_front(seen.plain, runs, first, place)]
        for index, value in near:
            points[index] = max(value, points.get(index, 0.0))
    return points


def _behind(
    plain: str, runs: Sequence[Run], first: int, place: Mention, words: Vocabulary
) -> Iterator[tuple[int, float]]:
    base = (_STRONG if place.strong else _WEAK)[0]
    if first == len(runs):
        return
    offset = runs[first].line - ("\n" in plain[place.end : runs[first].start])
    direct, fresh = False, True
    for index in range(first, min(first + _BEHIND, len(runs))):
        run = runs[index]
        below = run.line - offset
        if below > _BELOW:
            return
        bare = run.text.strip(_SIGNS)
        if not bare or (len(bare) <= _LONGEST_LINK and folded(bare) in words.links):
            direct = direct or bool(bare) or any(sign in run.text for sign in _SEPARATORS)
            base -= _LINK if bare else 0
            continue
        value = base - _LINE * below + (_ALONE_BELOW if below and run.alone else 0)
        if direct or run.text[0] in _SEPARATORS:
            value += _DIRECT
        elif fresh:
            value += _NEXT
        yield index, value
        fresh, direct = False, run.text[-1] in _SEPARATORS
        base -= _SENTENCE if run.text[-1] in _SENTENCE_ENDS else _WORD


def _in_front(plain: str, runs: Sequence[Run], first: int, place: Mention) -> Iterator[tuple[int, float]]:
    base = (_STRONG if place.strong else _WEAK)[1]
    for index in range(first - 1, max(-1, first - 1 - _IN_FRONT), -1):
        run = runs[index]
        if "\n" in plain[run.end : place.start]:
            return
        if run.text.strip(_SIGNS):
            yield index, base
            base -= _WORD
