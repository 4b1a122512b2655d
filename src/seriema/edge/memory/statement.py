"""SQLAlchemy Core statements, compiled once for a dialect and run on the driver's own cursor.

What Core does around each execution (about 30 µs) is more than what a look-up costs (10 µs in SQLite), and each mail
asks about ten times. Core still writes the SQL, so that one statement serves SQLite and PostgreSQL.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Column, Dialect, Select, bindparam, select

#: Lists of keys are filled up to one of these lengths, so that few texts serve all; longer ones are asked in pieces.
LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)


class Statement:
    """One statement as text, with what it takes to order its values."""

    __slots__ = ("_fixed", "_in_order", "_named", "_single", "text")

    def __init__(self, clause: ClauseElement, dialect: Dialect) -> None:
        compiled = clause.compile(dialect=dialect)
        self.text = str(compiled)
        names = tuple(getattr(compiled, "positiontup", None) or ())
        self._named = not dialect.positional
        self._single = names[0] if len(names) == 1 else None
        self._in_order = itemgetter(*names) if len(names) > 1 else _nothing
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def bound(self, values: Mapping[str, Any]) -> Any:
        """Values as the driver takes them: in order, or by name."""
        whole = {**self._fixed, **values} if self._fixed else values
        if self._named:
            return whole
        return self._in_order(whole) if self._single is None else (whole[self._single],)


def _nothing(_: Mapping[str, Any]) -> tuple[Any, ...]:
    return ()


def lookups(
    keys: Iterable[int], key: Column[Any], *columns: Column[Any]
) -> Iterator[tuple[Select[Any], dict[str, int]]]:
    """Queries for the rows with these keys, each with its values."""
    wanted = list(keys)
    for start in range(0, len(wanted), LENGTHS[-1]):
        some = wanted[start : start + LENGTHS[-1]]
        length = LENGTHS[bisect_left(LENGTHS, len(some))]
        some += [some[-1]] * (length - len(some))
        yield _lookup(length, key, *columns), dict(zip(_names(length), some, strict=True))


@cache
def _lookup(length: int, key: Column[Any], *columns: Column[Any]) -> Select[Any]:
    return select(*columns).where(key.in_([bindparam(name) for name in _names(length)]))


@cache
def _names(length: int) -> tuple[str, ...]:
    return tuple(f"key_{place}" for place in range(length))
