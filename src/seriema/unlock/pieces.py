"""The ways one run of characters may be read as a password, likeliest first, the raw one never missing."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import combinations
from typing import NamedTuple

from seriema.unlock.views import latinised

#: What stands around a password and is seldom part of it: quotes, brackets, emphasis, list marks, separators.
_BEFORE = "\"'`([{<*_~|#>-=:;,./\\"
_AFTER = "\"'`)]}<>*_~|#-.,;:/\\"
#: Of these, those that passwords end in.
_SIGNS = "#*~_-="
#: Kept with the piece as often as not; what that reading costs.
_SENTENCE_END = ".,;:!?"
WITH_END = 1.5
_PRINTABLE = re.compile(r"[!-~]+")
_SUFFIX = re.compile(r"(\w{0,48}\d\w{0,48})['-](?:[a-z]{1,6}|[^\x00-\x7f]{1,6})")
_PART = re.compile(r"[^-._/,+|()\[\]'\"?&;=]+")
_LABEL = re.compile(r"[:=>]+")
#: A sentence that begins right behind the password: ``777Best regards``.
_GLUED = re.compile(r"([A-Za-z]{0,8}\d{1,12})[A-Z][a-z]{2,20}")
#: A word for password in a language we know no word of, with the password right behind it.
_GLUED_TO = re.compile(r"[A-Za-z]?[a-z]{2,20}([A-Z]{0,8}\d\w{0,20})")
#: Parts that are read one by one, and parts of which neighbours are read together, at most.
_MOST_PARTS, _SPANNED = 8, 5
#: Characters of a password that is made of signs alone, and of one that is spelled out (7-7-7), at least.
_SIGNS_ALONE, _SPELLED_OUT = 3, 3
_ENTITIES = 256  #: characters of a run in which HTML's entities are looked for


class Reading(NamedTuple):
    """One reading of a run. ``start`` and ``end`` are its place in the run; -1 when it was put together."""

    value: str
    cost: float  #: points it has less than the likeliest reading
    start: int = -1
    end: int = -1


def readings(run: str) -> Iterator[Reading]:
    """All readings of one run of characters without white space."""
    start = len(run) - len(run.lstrip(_BEFORE))
    end = len(run.rstrip(_AFTER))
    if end <= start:
        if len(run) >= _SIGNS_ALONE:
            yield Reading(run, 0.0, 0, len(run))
        return
    core = run[start:end]
    if core.isascii() and core.isalnum():
        yield Reading(core, 0.0, start, end)
        if not core.isalpha():
            yield from (Reading(glued.group(1), 0.8) for glued in [_GLUED.fullmatch(core)] if glued)
            yield from (Reading(glued.group(1), 3.0) for glued in [_GLUED_TO.fullmatch(core)] if glued)
    else:
        yield from _composed(core, start, end)
    if core != run:
        yield from _with_signs(run, start, end)
        if end < len(run) and run[end] in _SENTENCE_END:
            yield Reading(run[start : end + 1], WITH_END, start, end + 1)
        yield Reading(run, 2.5, 0, len(run))


def _with_signs(run: str, start: int, end: int) -> Iterator[Reading]:
    """With signs that emphasise or separate, but may be a part (``Winter20*``), unless they stand on both sides."""
    first, last = start, end
    while first and run[first - 1] in _SIGNS:
        first -= 1
    while last < len(run) and run[last] in _SIGNS:
        last += 1
    if last > end and run[start - 1 : start] != run[end]:
        yield Reading(run[start:last], 0.4, start, last)
        for inner in _inner(run[start:last]):
            yield from (Reading(each.value, each.cost + 0.4) for each in readings(inner))
    if first < start and run[end : end + 1] != run[start - 1]:
        yield Reading(run[first:end], 2.0, first, end)


def _inner(text: str) -> Iterator[str]:
    """What is glued behind a label or between letters of another script, the signs at its end included."""
    label, _, value = text.replace("=", ":").rpartition(":")
    if label and value:
        yield text[-len(value) :]
    elif not text.isascii():
        yield from (piece for piece in _PRINTABLE.findall(text) if piece != text)


def _composed(core: str, start: int, end: int) -> Iterator[Reading]:
    """Readings of a core that is not simply letters and digits."""
    mixed = not core.isascii() and _PRINTABLE.search(core) is not None
    label, value = _labelled(core)
    yield Reading(core, 3.0 if mixed else 1.0 if value or core.endswith("?") else 0.0, start, end)
    if value:
        yield Reading(value, 0.0, end - len(value), end)
        yield from (Reading(each.value, each.cost) for each in readings(value) if each.value != value)
        yield Reading(label, 2.5, start, start + len(label))
    if core.endswith(("!", "?")):
        bare = core.rstrip("!?")
        yield Reading(bare, 0.5, start, start + len(bare))
    if mixed:
        for found in _PRINTABLE.finditer(core):
            yield from (Reading(each.value, each.cost) for each in readings(found.group()))
    suffixed = _SUFFIX.fullmatch(core)
    if suffixed:
        yield Reading(suffixed.group(1), 0.5, start, start + suffixed.end(1))
    if "&" in core and len(core) <= _ENTITIES and (bare := unescape(core)) != core:
        yield from (Reading(each.value, each.cost - 1.0) for each in readings(bare))
    latin = latinised(core)
    if latin != core:
        yield Reading(latin, 0.3)
    yield from _parts(core)


def _labelled(core: str) -> tuple[str, str]:
    """``pwd=777`` as label and value; ("", "") without a sign of that sort."""
    found = list(_LABEL.finditer(core))
    if not found:
        return "", ""
    value = core[found[-1].end() :].lstrip(_BEFORE)
    return (core[: found[-1].start()], value) if value else ("", "")


def _parts(core: str) -> Iterator[Reading]:
    parts = _PART.findall(core)
    if len(parts) >= _SPELLED_OUT and all(len(part) == 1 for part in parts):
        yield Reading("".join(parts), -1.0)
    elif 1 < len(parts) <= _MOST_PARTS:
        for part in parts:
            yield Reading(part, 3.0)
        yield Reading("".join(parts), 3.5)
        if len(parts) <= _SPANNED:
            yield from _spans([found.span() for found in _PART.finditer(core)], core)


def _spans(places: Sequence[tuple[int, int]], core: str) -> Iterator[Reading]:
    """Neighbouring parts with the sign between them, as in a file name: ``plan_a1b-C2.zip``."""
    for first, last in combinations(range(len(places)), 2):
        if (first, last) != (0, len(places) - 1):
            yield Reading(core[places[first][0] : places[last][1]], 3.2)
