"""MAPI properties as TNEF encapsulates them ([MS-OXTNEF] 2.1.3.4; types after [MS-OXCDATA] 2.11.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import calcsize, unpack_from

from seriema.model.errors import LimitReached, Malformed

#: Properties by number ([MS-OXPROPS]).
SUBJECT, PLAIN_BODY, RTF_BODY, HTML_BODY = 0x0037, 0x1000, 0x1009, 0x1013
SENDER, SENDER_ADDRESS = 0x0C1A, 0x0C1F
DISPLAY_NAME, DATA, SHORT_NAME, LONG_NAME = 0x3001, 0x3701, 0x3704, 0x3707
SHORT_PATH, LONG_PATH, MIME_TYPE = 0x3708, 0x370D, 0x370E

_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING, _WIDE_STRING, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x102
_VARIABLE = frozenset({_STRING, _WIDE_STRING, OBJECT, BINARY})
_MANY, _NAMED = 0x1000, 0x8000
_GUID = 16
#: Properties read of one list; each value takes bytes, so these bound themselves.
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Property:
    """The first value of a property of variable length; others are passed over."""

    number: int
    kind: int
    start: int
    end: int

    @property
    def wide(self) -> bool:
        """Characters of two bytes."""
        return self.kind == _WIDE_STRING

    def text(self, content: bytes, encoding: str) -> str:
        """The value as characters; binary ones (HTML) in the given encoding too."""
        raw = content[self.start : self.end]
        if self.wide:
            return raw.decode("utf-16-le", "replace").rstrip("\0")
        return raw.decode(encoding, "replace").rstrip("\0")


def properties(content: bytes, at: int, end: int) -> Iterator[Property]:
    """The properties in ``content[at:end]``; ``Malformed`` where the list is torn."""
    (count,) = _read("<L", content, at, end)
    at += 4
    if count > _MOST:
        raise LimitReached(f"TNEF: more than {_MOST} properties")
    for _ in range(count):
        kind, number = _read("<HH", content, at, end)
        at += 4
        if number >= _NAMED:
            at = _behind_name(content, at, end)
        base, many = kind & ~_MANY, bool(kind & _MANY)
        if base not in _VARIABLE and base not in _FIXED:
            raise Malformed(f"TNEF: property type {kind:#06x} is unknown")
        values = 1
        if many or base in _VARIABLE:
            (values,) = _read("<L", content, at, end)
            at += 4
        if base in _FIXED:
            at += values * _FIXED[base]
            continue
        for place in range(values):
            (length,) = _read("<L", content, at, end)
            at += 4
            if at + length > end:
                raise Malformed("TNEF: a property is torn")
            if not place:
                yield Property(number, base, at, at + length)
            at += length + -length % 4


def _behind_name(content: bytes, at: int, end: int) -> int:
    """Offset behind the set and the number or name of a named property."""
    form, length = _read("<LL", content, at + _GUID, end)
    at += _GUID + 8
    return at + length + -length % 4 if form else at


def _read(layout: str, content: bytes, at: int, end: int) -> tuple[int, ...]:
    if at + calcsize(layout) > end:
        raise Malformed("TNEF: the properties are torn")
    return unpack_from(layout, content, at)
