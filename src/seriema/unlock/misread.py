"""What a program that reads pictures takes for one another: a zero for the letter O, small letters for their capitals.

Of the best values of a picture the likely other readings are added behind each. Found by reading drawn passwords with
tesseract 5.3: nearly every miss is one or two of these.
"""

from collections.abc import Iterable, Iterator
from heapq import nlargest
from itertools import combinations, islice, pairwise

#: Characters of one shape.
_ALIKE = (
    "0OoQ", "1lI|i!", "5Ss$", "8BSs&", "2Zz", "6Gb", "9gqa", "E£€", "Cce", "Kk", "Pp", "UuJ", "Vv", "Ww", "Xx", "Yy",
    "Jj", "Mm",
)  # fmt: skip
_OTHERS = {one: [other for other in alike if other != one] for alike in _ALIKE for one in alike}
_RUNS = (("rn", "m"), ("m", "rn"), ("vv", "w"), ("cl", "d"), ("(", "C"), ("§", "S"))
#: Values of one picture that are read otherwise, their lengths, and readings of the best; the n-th has an n-th of that.
_VALUES, _SHORTEST, _LONGEST, _READINGS = 12, 2, 20, 240
_ONE, _TWO = 2.0, 4.0
#: Neighbours that may be one word, and the points of what they make: below what stands behind a word for password.
_NEIGHBOURS, _JOINED = 200, 6.0

_Scored = tuple[str, float]


def misread(scored: Iterable[_Scored], text: str) -> Iterator[_Scored]:
    """All values of a text with their points, and other readings of the best with fewer."""
    every = list(scored)
    best: dict[str, float] = {}
    for value, points in every:
        if _SHORTEST <= len(value) <= _LONGEST:
            best[value] = max(points, best.get(value, points))
    yield from every
    yield from islice(_joined(text), _NEIGHBOURS)
    for number, (value, points) in enumerate(nlargest(_VALUES, best.items(), key=lambda one: one[1]), 1):
        yield from ((other, points - cost) for other, cost in islice(_readings(value), _READINGS // number))


def _readings(value: str) -> Iterator[_Scored]:
    """Other readings with what they cost: one place read otherwise, then two."""
    changes = [(at, other) for at, sign in enumerate(value) for other in _OTHERS.get(sign, ())]
    for run, other in _RUNS:
        if run in value:
            yield value.replace(run, other), _ONE
    for count, cost in ((1, _ONE), (2, _TWO)):
        for chosen in combinations(changes, count):
            signs = list(value)
            for at, other in chosen:
                signs[at] = other
            yield "".join(signs), cost


def _joined(text: str) -> Iterator[_Scored]:
    """A gap is seen where there is none, most often beside digits."""
    for line in text.split("\n"):
        words = line.split()
        for one, other in pairwise(words):
            if one[-1].isdigit() or other[0].isdigit():
                yield one + other, _JOINED
