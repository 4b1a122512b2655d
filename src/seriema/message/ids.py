"""Message-ID, In-Reply-To and References (RFC 5322, 3.6.4 and 4.5.4), as clients really write them.

Ids are opaque: nothing is normalised but the white space that folding puts inside. In-Reply-To may hold prose in the
obsolete syntax; only what stands in angle brackets counts there, a bare id where there are none.
"""

import re

_MAX_CHARACTERS = 1 << 16
_MAX_ID = 998
_MAX_IDS = 200
_ANGLE = re.compile(r"<([^<>]*)>")
_BARE = re.compile(r"(?<![^\s<>,;\"()])[^\s<>,;\"()@]+@[^\s<>,;\"()]+")


def read(raw: str) -> tuple[str, ...]:
    """The ids of a raw field value without brackets, each once, in order; the last ones when there are too many."""
    raw = raw[-_MAX_CHARACTERS:]
    found = _ANGLE.findall(raw) or _bare(raw)
    ids = ("".join(one.split())[:_MAX_ID] for one in found)
    unique = tuple(dict.fromkeys(_valid(one) for one in ids if one))
    return unique[-_MAX_IDS:]


def first(raw: str) -> str:
    """The one id of a Message-ID field, or ""; whatever stands there when it is no id at all."""
    ids = read(raw)
    return ids[0] if ids else _valid("".join(raw.strip("<> \t").split())[:_MAX_ID])


def _bare(raw: str) -> list[str]:
    """Ids without brackets. The pattern is run word by word: over a whole field it could backtrack far."""
    return [match.group() for word in raw.split() if len(word) <= _MAX_ID and (match := _BARE.search(word))]


def _valid(text: str) -> str:
    """Raw bytes in an id are read as UTF-8 (RFC 6532), or kept as Latin-1."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text
