"""What a script's values are here, and how one becomes text, number or truth (ECMA-262, section 7.1).

Strings, numbers, truths and None are Python's; arrays are lists, objects dicts, typed arrays bytearrays. What cannot be
known is ``UNKNOWN``; in a text it leaves ``HOLE``, so that a half-known address is never printed as one.
"""

import base64
import binascii
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

Value = object
#: Stands in a text for what is not known. A private character of the last plane, which no script uses.
HOLE = "\U0010fffd"
#: Characters or bytes of one value, and of all values that a script makes.
VALUE, TOGETHER = 32 << 20, 256 << 20


class Exhausted(Exception):
    """A budget is spent."""


@dataclass(frozen=True, slots=True)
class _Only:
    """A value of which there is one."""

    name: str

    def __repr__(self) -> str:
        return self.name


UNDEFINED, UNKNOWN = _Only("undefined"), _Only("unknown")


@dataclass(slots=True)
class Scope:
    """Names and their values; what is not here is looked up around it."""

    names: dict[str, Value]
    around: "Scope | None" = None

    def holder(self, name: str) -> "Scope | None":
        """The scope that has the name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.around
        return scope


@dataclass(slots=True, eq=False)
class Function:
    """A function of the script."""

    name: str
    parameters: list[tuple[object, ...]]
    body: Callable[[Scope], Value]
    scope: Scope
    called: bool = False


@dataclass(slots=True, eq=False)
class Native:
    """A function of the language or of the program around it; gets ``this`` and the arguments.

    ``kept`` are its own members, as ``String`` has ``fromCharCode``.
    """

    name: str
    call: Callable[[Value, list[Value]], Value]
    kept: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Regular:
    """A regular expression."""

    body: str
    flags: str


@dataclass(slots=True, eq=False)
class Blob:
    """A file in the making."""

    content: bytes
    type: str = ""


@dataclass(slots=True, eq=False)
class Host:
    """An object of the browser or of Windows, by its name; ``kept`` are properties that the script set."""

    name: str
    kept: dict[str, Value] = field(default_factory=dict)


def text(value: Value) -> str:  # noqa: PLR0911 - one way out for each sort of value
    """The value as a string."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 1 << 70 else "Infinity"
    if isinstance(value, float):
        return _number_text(value)
    if value is None or value is UNDEFINED:
        return "null" if value is None else "undefined"
    if isinstance(value, list):
        return ",".join(
            "" if one is None or one is UNDEFINED else "" if isinstance(one, list) else text(one) for one in value
        )
    if isinstance(value, bytearray):
        return ",".join(map(str, value[:VALUE]))
    return "[object Object]" if isinstance(value, dict) else HOLE


def _number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) and abs(value) < 1e21 else repr(value)  # noqa: PLR2004 - Number::toString, 6.1.6.1.20


def number(value: Value) -> float | None:
    """The value as a number, None when it is not known."""
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return None if HOLE in value else _text_number(value.strip())
    if value is None or value == []:
        return 0
    return None if value is UNKNOWN or isinstance(value, Host) else math.nan


def _text_number(plain: str) -> float:
    try:
        if plain[:2].lower() in ("0x", "0b", "0o"):
            return int(plain[:300], 0)
        return int(plain[:300]) if plain.isdigit() else float(plain) if plain else 0
    except ValueError:
        return math.nan


def whole(value: Value, otherwise: int = 0) -> int:
    """The value as a whole number, ``otherwise`` when it is none."""
    known = number(value)
    return otherwise if known is None or math.isnan(known) or math.isinf(known) else int(known)


def truth(value: Value) -> bool | None:
    """Whether a condition holds, None when that is not known."""
    if value is UNKNOWN or (isinstance(value, str) and value == HOLE):
        return None
    if value is UNDEFINED or value is None:
        return False
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value) if isinstance(value, (bool, int, float, str)) else True


def from_base64(raw: str) -> bytes:
    """Base64 as forgivingly as browsers and scripts take it; b"" when it is none."""
    cleaned = "".join(unquote(raw[:VALUE]).split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(cleaned + "=" * (-len(cleaned) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def given(arguments: list[Value], place: int, otherwise: Value = UNDEFINED) -> Value:
    """The argument at that place."""
    return arguments[place] if place < len(arguments) else otherwise
