"""Trace fields: who took the mail over from whom, when (RFC 5321, 4.4), as the common servers write them.

The grammar is honoured by nobody, so clauses are found by their key words outside of comments. Bounded and linear.
"""

import re

from seriema.message import dates
from seriema.model.message import Received

_MAX_CHARACTERS = 4_096
_MAX_COMMENT = 500
_CLAUSE = re.compile(r"(?:^|\s)(from|by|via|with|id|for)\s+([^\s;]+)(?:\s+\x01([0-9]{1,4})(?=\s|\Z))?", re.IGNORECASE)
_BRACKET = re.compile(r"[()]")
_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{3,45})\]", re.IGNORECASE)
_IN_COMMENT = re.compile(r"(?<![\w.:-])(\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![\w:-])")


def read(raw: str) -> Received:
    """One Received field. Pieces that are not there stay "" or None."""
    raw = raw[:_MAX_CHARACTERS]
    head, _, tail = raw.rpartition(";")
    date = dates.read(tail)
    if not head:
        head, date = raw, None
    bare, comments = _outside_comments(head)
    clauses: dict[str, str] = {}
    comment_of: dict[str, str] = {}
    for word, value, number in _CLAUSE.findall(bare):
        clauses.setdefault(word.lower(), value)
        comment_of.setdefault(word.lower(), comments.get(int(number), "") if number else "")
    from_name = clauses.get("from", "")
    return Received(
        from_name=from_name.strip("[]")[:255],
        from_address=_address(from_name, comment_of.get("from", "")),
        by=clauses.get("by", "")[:255],
        protocol=clauses.get("with", "")[:64],
        queue_id=clauses.get("id", "").strip("<>")[:255],
        recipient=clauses.get("for", "").strip("<>")[:320],
        date=date,
    )


def _outside_comments(text: str) -> tuple[str, dict[int, str]]:
    """The text with each comment replaced by a mark (a control character and a number), and the comments by number."""
    if "(" not in text:
        return text, {}
    out: list[str] = []
    comments: dict[int, str] = {}
    depth, start = 0, 0
    for bracket in _BRACKET.finditer(text):
        if bracket[0] == "(":
            if not depth:
                out.append(text[start : bracket.start()])
                start = bracket.end()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                comments[len(comments)] = text[start : bracket.start()][:_MAX_COMMENT]
                out.append(f" \x01{len(comments) - 1} ")
                start = bracket.end()
    out.append(text[start:] if not depth else "")
    return "".join(out), comments


def _address(name: str, comment: str) -> str:
    """The address of the client: in brackets in the comment, bare in it, or as the HELO name."""
    for pattern, text in ((_BRACKETED, comment), (_IN_COMMENT, comment), (_BRACKETED, name)):
        found = pattern.search(text)
        if found:
            return found[1]
    return ""
