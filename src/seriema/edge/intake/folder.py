"""Walks a folder: every file below it in one fixed order, names sorted at each level, each folder once.

A Maildir (https://cr.yp.to/proto/maildir.html) is a folder like any other, but what lies in its ``tmp`` is not
delivered yet, and the empty ``maildirfolder`` is a mark of Maildir++.
"""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_MAILDIR = frozenset({"cur", "new", "tmp"})
_NOT_DELIVERED = frozenset({"tmp", "maildirfolder"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file below a folder. ``regular`` is false for pipes, sockets and devices, which are never opened."""

    path: str
    size: int
    regular: bool


def walk(top: str, trouble: Callable[[str, OSError], None]) -> Iterator[Found]:
    """Every file below ``top``. What cannot be listed or looked at is told to ``trouble`` and left out.

    Symbolic links are followed; a folder reached a second time, in a loop or otherwise, is not entered again.
    """
    entered: set[tuple[int, int]] = set()
    waiting = [top]
    while waiting:
        path = waiting.pop()
        try:
            status = os.stat(path)  # noqa: PTH116  names that are no Unicode stay plain strings
            if not stat.S_ISDIR(status.st_mode):
                yield Found(path, status.st_size, stat.S_ISREG(status.st_mode))
                continue
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            names = os.listdir(path)  # noqa: PTH208  names only: a folder may hold a million
        except OSError as error:
            trouble(path, error)
            continue
        if set(names) >= _MAILDIR:
            names = [name for name in names if name not in _NOT_DELIVERED]
        waiting.extend(f"{path.rstrip('/')}/{name}" for name in sorted(names, reverse=True))


def order(path: str) -> tuple[str, ...]:
    """Sorts paths in the order in which ``walk`` gives them."""
    return tuple(path.split("/"))
