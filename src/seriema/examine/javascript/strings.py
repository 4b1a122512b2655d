"""The methods of strings (ECMA-262, section 22.1), and which regular expressions are followed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from seriema.examine.javascript.values import (
    HOLE,
    UNDEFINED,
    UNKNOWN,
    VALUE,
    Exhausted,
    Function,
    Regular,
    Value,
    given,
    text,
    whole,
)

if TYPE_CHECKING:
    from seriema.examine.javascript.machine import Machine

Values = list[Value]


def _on_text(function: Callable[[str, Values], Value]) -> Callable[[Machine, Value, Values], Value]:
    """A method of strings; of one that is not wholly known only those that keep the hole."""

    def method(_: Machine, this: Value, arguments: Values) -> Value:
        return function(text(this), arguments)

    return method


def _sure(function: Callable[[str, Values], Value]) -> Callable[[Machine, Value, Values], Value]:
    def method(_: Machine, this: Value, arguments: Values) -> Value:
        plain = text(this)
        return UNKNOWN if HOLE in plain or UNKNOWN in arguments else function(plain, arguments)

    return method


def span_of(size: int, arguments: Values) -> tuple[int, int]:
    """Begin and end as ``slice`` takes them."""
    begin, end = whole(given(arguments, 0)), given(arguments, 1)
    last = size if end is UNDEFINED else whole(end)
    begin, last = (max(0, size + one) if one < 0 else min(one, size) for one in (begin, last))
    return begin, max(begin, last)


def _substring(plain: str, arguments: Values) -> str:
    first, last = whole(given(arguments, 0)), given(arguments, 1)
    ends = (max(0, first), len(plain) if last is UNDEFINED else max(0, whole(last)))
    return plain[min(ends) : max(ends)]


def _substr(plain: str, arguments: Values) -> str:
    begin = whole(given(arguments, 0))
    begin = max(0, len(plain) + begin) if begin < 0 else begin
    count = given(arguments, 1)
    return plain[begin:] if count is UNDEFINED else plain[begin : begin + max(0, whole(count))]


def _code(plain: str, arguments: Values) -> Value:
    place = whole(given(arguments, 0))
    return ord(plain[place]) if 0 <= place < len(plain) else math.nan


def _split(plain: str, arguments: Values) -> Value:
    mark = given(arguments, 0)
    if isinstance(mark, Regular):
        pattern = simple_pattern(mark)
        return UNKNOWN if pattern is None else list(pattern.split(plain))
    return [plain] if mark is UNDEFINED else list(plain.split(text(mark))) if text(mark) else list(plain)


def _replace(machine: Machine, this: Value, arguments: Values, *, every: bool = False) -> Value:
    plain, mark, by = text(this), given(arguments, 0), given(arguments, 1)
    if mark is UNKNOWN or by is UNKNOWN:
        return HOLE
    if isinstance(mark, Regular):
        pattern = simple_pattern(mark)
        if pattern is None:
            return HOLE
        count = 0 if "g" in mark.flags or every else 1
        if isinstance(by, Function):
            return pattern.sub(
                lambda found: text(machine.call(by, UNDEFINED, [found[0], *found.groups()])), plain, count
            )
        written = text(by).replace("$$", "$")
        return _grown(plain, pattern.subn(lambda _: written, plain, count)[0])
    if isinstance(by, Function):
        by = machine.call(by, UNDEFINED, [mark])
    least = plain.count(text(mark)) if every else 1
    if len(plain) + least * len(text(by)) > VALUE:
        raise Exhausted("values too large")
    return plain.replace(text(mark), text(by), -1 if every else 1)


def _grown(_: str, after: str) -> str:
    if len(after) > VALUE:
        raise Exhausted("values too large")
    return after


def _repeat(plain: str, arguments: Values) -> str:
    count = max(0, whole(given(arguments, 0)))
    if len(plain) * count > VALUE:
        raise Exhausted("values too large")
    return plain * count


def _padded(plain: str, arguments: Values) -> str:
    size = min(whole(given(arguments, 0)), VALUE)
    fill = text(given(arguments, 1, " ")) or " "
    missing = max(0, size - len(plain))
    return (fill * (missing // len(fill) + 1))[:missing] + plain


def _match(plain: str, arguments: Values) -> Value:
    mark = given(arguments, 0)
    pattern = simple_pattern(mark) if isinstance(mark, Regular) else None
    if pattern is None or not isinstance(mark, Regular):
        return UNKNOWN
    if "g" in mark.flags:
        return [found[0] for found in pattern.finditer(plain)] or None
    found = pattern.search(plain)
    return [found[0], *found.groups()] if found else None


#: What patterns may be made of to be followed: characters, classes, dots and groups of them, where nothing that repeats
#: holds or meets another repetition, so that matching stays linear.
_PIECE = (
    r"(?:[^\\()\[\]{}*+?.|^$]|\\[dDwWsSnrt./\\()\[\]{}*+?|^$-]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\."
    r"|\[\^?(?:[^\]\\]|\\.)+\])"
)
_SIMPLE = re.compile(
    rf"\^?\(?{_PIECE}{{1,80}}(?:[+*]|\{{\d{{1,3}}(?:,\d{{1,3}})?\}})?\)?(?:\|{_PIECE}{{1,80}}){{0,20}}\$?"
)


def simple_pattern(mark: Regular) -> re.Pattern[str] | None:
    """A script's pattern where it is simple enough to be followed in linear time."""
    if not _SIMPLE.fullmatch(mark.body):
        return None
    flags = (re.IGNORECASE if "i" in mark.flags else 0) | (re.DOTALL if "s" in mark.flags else 0)
    try:
        return re.compile(mark.body, flags)
    except re.error:
        return None


STRING: dict[str, Callable[..., Value]] = {
    "charAt": _sure(lambda plain, got: plain[whole(given(got, 0)) :][:1]),
    "charCodeAt": _sure(_code),
    "codePointAt": _sure(_code),
    "substring": _sure(_substring),
    "substr": _sure(_substr),
    "slice": _sure(lambda plain, got: plain[slice(*span_of(len(plain), got))]),
    "split": _sure(_split),
    "replace": _replace,
    "replaceAll": partial(_replace, every=True),
    "concat": _on_text(lambda plain, got: plain + "".join(map(text, got))),
    "toLowerCase": _on_text(lambda plain, _: plain.lower()),
    "toUpperCase": _on_text(lambda plain, _: plain.upper()),
    "trim": _on_text(lambda plain, _: plain.strip()),
    "indexOf": _sure(lambda plain, got: plain.find(text(given(got, 0)), max(0, whole(given(got, 1))))),
    "lastIndexOf": _sure(lambda plain, got: plain.rfind(text(given(got, 0)))),
    "includes": _sure(lambda plain, got: text(given(got, 0)) in plain),
    "startsWith": _sure(lambda plain, got: plain.startswith(text(given(got, 0)))),
    "endsWith": _sure(lambda plain, got: plain.endswith(text(given(got, 0)))),
    "repeat": _sure(_repeat),
    "padStart": _sure(_padded),
    "match": _sure(_match),
    "toString": _on_text(lambda plain, _: plain),
    "valueOf": _on_text(lambda plain, _: plain),
}
