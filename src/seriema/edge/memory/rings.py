"""Bounded lists of mail numbers: the first few stay, of the others the latest.

So no flood of later mails pushes out those that a key knew first. A negative number marks a mail that stands there for
another reason than the others (``records``); in a pinned ring the marked ones are never pushed out.
"""

from collections.abc import Sequence

#: Of every ring so many of the first are kept.
FIRST = 4


def added(ring: Sequence[int], number: int, most: int) -> tuple[int, ...]:
    """The ring with one more number, of at most ``most``."""
    if number in ring:
        return tuple(ring)
    whole = (*ring, number)
    return whole if len(whole) <= most else (*whole[:FIRST], *whole[FIRST + 1 :])


def pinned(ring: Sequence[int], number: int, most: int, most_pinned: int) -> tuple[int, ...]:
    """The ring with a marked number before all others, if there is room for it; a plain one becomes marked."""
    marks = tuple(one for one in ring if one < 0)
    if -number in marks:
        return tuple(ring)
    if len(marks) >= most_pinned:
        return entered(ring, number, most)
    return (-number, *(one for one in ring if one != number))


def entered(ring: Sequence[int], number: int, most: int) -> tuple[int, ...]:
    """The ring with one more plain number; marked ones keep their place and are not counted."""
    if -number in ring:
        return tuple(ring)
    marks = tuple(one for one in ring if one < 0)
    return (*marks, *added([one for one in ring if one > 0], number, most))
