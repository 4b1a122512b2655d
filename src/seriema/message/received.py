"""Trace fields: who took the mail over from whom, when (RFC 5321, 4.4), as the common servers write them.

The grammar is honoured by nobody, so clauses are found by their key words outside of comments. Bounded and linear.
"""

import re

from seriema.message import dates
from seriema.model.message import Received

_MAX_CHARACTERS = 4_096
_MAX_COMMENT = 500
_KEYS = frozenset({"from", "by", "via", "with", "id", "for"})
_ABSENT = ("", "")
#: A comment without another one in it: what comments commonly are.
_COMMENT = re.compile(r"\(([^()]*+)\)")
_BRACKET = re.compile(r"[()]")
_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{3,45})\]", re.IGNORECASE)
_IN_COMMENT = re.compile(r"(?<![\w.:-])(\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![\w:-])")


def read(raw: str) -> Received:
    """One Received field. Pieces that are not there stay "" or None."""
    raw = raw[:_MAX_CHARACTERS]
    head, _, tail = raw.rpartition(";")
    clauses = _clauses(head or raw)
    from_name, comment = clauses.get("from", _ABSENT)
    return Received(
        from_name=from_name.strip("[]")[:255],
        from_address=_address(from_name, comment),
        by=clauses.get("by", _ABSENT)[0][:255],
        protocol=clauses.get("with", _ABSENT)[0][:64],
        queue_id=clauses.get("id", _ABSENT)[0].strip("<>")[:255],
        recipient=clauses.get("for", _ABSENT)[0].strip("<>")[:320],
        date=dates.read(tail) if head else None,
    )


def _clauses(head: str) -> dict[str, tuple[str, str]]:
    """The word that stands first behind each key word, and the comment behind that; "" where there is none."""
    clauses: dict[str, tuple[str, str]] = {}
    pieces = _pieces(head)
    for text, comment in zip(pieces[::2], (*pieces[1::2], ""), strict=True):
        words = text.split()
        key, last = "", len(words) - 1
        for number, word in enumerate(text.lower().split()):
            if key:
                value, end, _ = words[number].partition(";")
                if value and not clauses.get(key, _ABSENT)[0]:
                    clauses[key] = value, comment[:_MAX_COMMENT] if number == last and not end else ""
                key = ""
            elif word in _KEYS:
                key = word
        if key and comment:  # "from ([192.0.2.1]) by …"
            clauses.setdefault(key, ("", comment[:_MAX_COMMENT]))
    return clauses


def _pieces(text: str) -> list[str]:
    """What stands outside of comments and the outermost comments in turn, text first and last."""
    pieces = _COMMENT.split(text)
    if text.count("(") == text.count(")") == len(pieces) // 2:
        return pieces
    pieces = []
    depth, start = 0, 0
    for bracket in _BRACKET.finditer(text):
        before, depth = depth, max(0, depth + (1 if bracket[0] == "(" else -1))
        if not (before and depth) and before != depth:  # an outermost comment begins or ends
            pieces.append(text[start : bracket.start()])
            start = bracket.end()
    return pieces if depth else [*pieces, text[start:]]  # without a comment that is never closed


def _address(name: str, comment: str) -> str:
    """The address of the client: in brackets in the comment, bare in it, or as the HELO name."""
    for pattern, text in ((_BRACKETED, comment), (_IN_COMMENT, comment), (_BRACKETED, name)):
        if (pattern is _IN_COMMENT or "[" in text) and (found := pattern.search(text)):
            return found[1]
    return ""
