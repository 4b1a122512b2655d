"""One header section: bytes → raw fields (RFC 5322, 2.2 and 4; obsolete folding and broken sections tolerated).

Values stay raw here, as Latin-1 text so that each character is one byte; ``words.decode`` makes them readable.
Bounds are met before anything is split.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from seriema.model.limits import Limits

#: Line ends as they occur: CRLF, LF, CR alone, the CR CR LF of broken converters. Atomic: CR LF is never two.
EOL = rb"(?>\r{0,2}\n|\r)"

_BLANK = re.compile(EOL + EOL)
_EMPTY_AT_END = re.compile(EOL + rb"[ \t]{0,2}" + EOL + rb"\Z")
_LONGEST_END = 8
_NAME_CUT = re.compile(rb"[!-9;-~]{1,80}\Z")
_LINES_AT_START = re.compile(rb"[\r\n]+")
_NEWLINE = re.compile(EOL)
#: One line with those that continue it: the name with its colon, where it begins with one, and what follows.
_FIELD = re.compile(r"(?:([!-9;-~]++)[ \t]*+:)?([^\n]*+(?:\n[ \t][^\n]*+)*+)(?:\n|\Z)")
_HEADER_LIKE = re.compile(rb"[!-9;-~]{1,80}[ \t]*:")
_FROM_LINE = re.compile(rb">?From [^\r\n]*" + EOL)
_KNOWN = re.compile(
    rb"(?:received|return-path|from|to|cc|subject|date|message-id|mime-version|content-type|delivered-to|reply-to"
    rb"|sender|x-[a-z-]+|dkim-signature|authentication-results|status)[ \t]*:",
    re.IGNORECASE,
)

#: Fields that are read even when more fields came before them than are kept.
SIGNIFICANT = frozenset(
    (
        *("from", "to", "cc", "reply-to", "sender", "subject", "date", "message-id", "in-reply-to", "references"),
        *("received", "return-path", "authentication-results"),
        *("content-type", "content-transfer-encoding", "content-disposition", "content-id"),
    ),
)
_SIGNIFICANT_MORE = 200


class Field(NamedTuple):
    """One raw field. ``key`` is its name in lower case; ``value`` is unfolded Latin-1, one character a byte."""

    name: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A header section: its fields, where the body begins, and what had to be repaired or cut."""

    fields: tuple[Field, ...]
    body: int
    repairs: tuple[str, ...] = ()
    _values: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for one in self.fields:
            self._values.setdefault(one.key, []).append(one.value)

    def all(self, key: str) -> Sequence[str]:
        """The values of every field of that lower-case name, in order."""
        return self._values.get(key, ())

    def first(self, key: str) -> str:
        """The value of the first field of that name, or ""."""
        return next(iter(self.all(key)), "")


def read_top(raw: bytes, limits: Limits) -> Section:
    """The header of a whole mail: an mbox line, blank lines before it, or its absence are repaired."""
    start, repairs = 0, []
    blank = _LINES_AT_START.match(raw)
    if blank and _KNOWN.match(raw, blank.end()):
        start = blank.end()
        repairs.append("mail.leading-blank-lines")
    mbox = _FROM_LINE.match(raw, start)
    if mbox and _HEADER_LIKE.match(raw, mbox.end()):
        start = mbox.end()
        repairs.append("mail.mbox-line")
    section = read(raw, start, len(raw), limits)
    if not section.fields and raw:
        return Section((), start, (*repairs, "mail.no-header"))
    return Section(section.fields, section.body, (*repairs, *section.repairs)) if repairs else section


def read(raw: bytes, start: int, stop: int, limits: Limits) -> Section:
    """The header section that begins at ``start``; nothing at or after ``stop`` belongs to it."""
    end, body = extent(raw, start, stop, limits)
    if end == start:
        return Section((), body)
    repairs = []
    block = raw[start:end]
    if end - start > limits.header_bytes:
        block = block[: limits.header_bytes]
        repairs.append("mail.limit-header-bytes")
    if b"\r" in block:
        crlf = block.count(b"\r\n")
        if crlf != block.count(b"\r"):
            repairs.append("mail.bare-cr")
            block = block.replace(b"\r\r\n", b"\n")
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in block:
        repairs.append("mail.nul")
        block = block.replace(b"\0", b"")
    fields, more, junk_at = _fields(block.decode("latin-1"), limits)
    if junk_at is not None:
        repairs.append("mail.missing-blank-line")
        body = _line_start(raw, start, stop, junk_at)
    return Section(tuple(fields), body, (*repairs, *more))


def is_cut(raw: bytes, top: Section) -> bool:
    """Whether a whole mail ends within its header.

    Without a body the empty line may be missing, too (RFC 5322, 2.1), so its absence alone says nothing. But every line
    has an end, every mail a From field (3.6), and a multipart at least one part (RFC 2046, 5.1.1).
    """
    if not top.fields or _EMPTY_AT_END.search(raw, max(0, len(raw) - _LONGEST_END)):
        return False
    if top.body < len(raw):  # read as a body that nothing parts from the header, though a name may have begun there
        return "mail.missing-blank-line" in top.repairs and _NAME_CUT.match(raw, top.body) is not None
    announced = top.first("content-type").lower().startswith("multipart/")
    return announced or not raw.endswith((b"\n", b"\r")) or not top.first("from")


def extent(raw: bytes, start: int, stop: int, limits: Limits) -> tuple[int, int]:
    """Where the section's last line ends and where the body begins; both ``stop`` when no blank line comes."""
    lead = _NEWLINE.match(raw, start, stop)
    if lead:
        return start, lead.end()
    for window in (4096, 65536, limits.header_bytes, stop):
        found = blank_line(raw, start, min(stop, start + window))
        # A match at the window's edge may be the first half of CR CR LF; the next window decides.
        if found and (found[1] < start + window or found[1] == stop):
            return found
    return stop, stop


def blank_line(raw: bytes, start: int, stop: int) -> tuple[int, int] | None:
    """Where the line before the first blank line ends, and where what follows it begins."""
    crlf = raw.find(b"\n\r\n", start, stop)
    lf = raw.find(b"\n\n", start, crlf if crlf >= 0 else stop)
    end, body = (lf, lf + 2) if lf >= 0 else (crlf, crlf + 3) if crlf >= 0 else (stop, stop)
    if raw.find(b"\r", start, body) >= 0 and raw.count(b"\r", start, body) != raw.count(b"\r\n", start, body):
        found = _BLANK.search(raw, start, stop)
        return found.span() if found else None
    if end == stop:
        return None
    return end - (end > start and raw[end - 1 : end] == b"\r"), body


def _fields(block: str, limits: Limits) -> tuple[list[Field], list[str], int | None]:
    """The fields of a normalised block, repairs, and the number of the line at which the body turns out to begin."""
    logical = _FIELD.findall(block)
    if not block.endswith("\n"):
        logical.pop()  # the empty match at the end
    fields: list[Field] = []
    repairs: list[str] = []
    extra = 0
    for index, (name, value) in enumerate(logical):
        if not name:
            if not value:
                continue
            if not _goes_on(logical, index, _HEADER_LIKE if fields else _KNOWN):
                return fields, repairs, sum(one.count("\n") + 1 for _, one in logical[:index])
            repairs.append("mail.junk-header-line")
        key = name.lower()
        if len(fields) >= limits.headers:
            if key not in SIGNIFICANT or extra >= _SIGNIFICANT_MORE:
                continue
            extra += 1
        fields.append(Field(name, key, (value.replace("\n", "") if "\n" in value else value).strip(" \t")))
    if len(logical) > limits.headers:
        repairs.append("mail.limit-headers")
    return fields, list(dict.fromkeys(repairs)), None


def _goes_on(logical: list[tuple[str, str]], index: int, pattern: re.Pattern[bytes]) -> bool:
    """Whether the header goes on after a line that is no field: the next line must look like a field.

    Before any field it must look like a *known* one, or prose with a colon would be taken for a header.
    """
    if index + 1 >= len(logical):
        return False
    return bool(pattern.match(f"{logical[index + 1][0]}:".encode("latin-1")))


def _line_start(raw: bytes, start: int, stop: int, line: int) -> int:
    """The offset at which the ``line``-th line after ``start`` begins."""
    position = start
    for _ in range(line):
        found = _NEWLINE.search(raw, position, stop)
        if not found:
            return stop
        position = found.end()
    return position
