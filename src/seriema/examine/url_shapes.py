"""Shapes of addresses by which delivery servers of a family were known (``url_shapes.toml``, each with its dates)."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from seriema.model.finding import Finding, Indicator, IndicatorType

#: Characters of an address; none of the shapes is longer.
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape and when it was seen."""

    name: str
    pattern: "re.Pattern[str]"
    first: date
    last: date
    source: str


@cache
def shapes() -> tuple[Shape, ...]:
    """Every shape that is shipped."""
    listed = tomllib.loads(files("seriema.examine").joinpath("url_shapes.toml").read_text("utf-8"))["shape"]
    return tuple(Shape(**{**one, "pattern": re.compile(one["pattern"])}) for one in listed)


def shape_of(url: str) -> Shape | None:
    """The shape of an address's path and query, None when it has none."""
    if ".php?" not in url or len(url) > LONGEST:
        return None
    path = "/" + url.partition("://")[2].partition("/")[2]
    return next((one for one in shapes() if one.pattern.fullmatch(path)), None)


def findings(indicators: Iterable[Indicator]) -> Iterator[Finding]:
    """A finding for each address of a known shape."""
    for one in indicators:
        shape = shape_of(one.value) if one.type is IndicatorType.URL else None
        if shape:
            seen = f"{shape.name}, seen {shape.first} to {shape.last}: {one.value}"
            yield Finding("url.known-shape", one.artifact, "", seen)


def with_shapes(facts: Iterable[Indicator | Finding]) -> Iterator[Indicator | Finding]:
    """The facts, and behind each address of a known shape the finding that says so."""
    for one in facts:
        yield one
        if isinstance(one, Indicator):
            yield from findings((one,))
