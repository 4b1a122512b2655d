"""Bytes → the tree of MIME entities, in one pass over the lines that begin with "--" (RFC 2046, 5.1).

Ours rather than the standard library's parser, because every bound holds before anything is built, offsets stay known,
and an ambiguous mail can be read each way a client might read it (docs/decisions/0010). A boundary of any open
multipart ends all that are open inside it. Nothing is dropped: what lies outside the parts is kept as spans.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from seriema.message import fields as header
from seriema.message import parameters
from seriema.model.limits import Limits

_DASHES = re.compile(rb"(?:^|[\r\n])--([^\r\n]*)")
_DASHES_LF = re.compile(rb"\n--([^\r\n]*)")
_LINE_END = re.compile(header.EOL)
_GUESS = re.compile(
    rb"(?:^|[\r\n])--([^\r\n]{1,200})[ \t]*" + header.EOL + rb"content-(?:type|disposition|transfer)", re.IGNORECASE
)
_PART_HEADER = re.compile(rb"(?:^|[\r\n])(content-(?:type|disposition|transfer-encoding)[ \t]*:)", re.IGNORECASE)
_GUESS_WINDOW = 1 << 16
_MAX_BOUNDARY = 16_384
_MAX_SEARCHES = 16  #: for boundaries that never occur: each may cost a pass over the mail
_PATIENCE = 1_000  #: lines that begin with dashes and are no boundary, before only boundaries are searched for
_FIRST_WINDOW = 4_096
_PARTS = "mail.limit-mime-parts"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of reading what is ambiguous."""

    name: str = ""
    loose: bool = False  #: a line that begins with a boundary and goes on is one
    last_type: bool = False  #: of several Content-Type fields the last counts
    guess: bool = False  #: a body built like a multipart is one, whatever the header says


@dataclass(slots=True)
class Entity:
    """One entity while and after it is read: header, type, body span, children. Spans are offsets into the mail."""

    place: str
    header: header.Section
    type: parameters.Parameterised
    kind: str  #: "type/subtype", defaults applied
    start: int
    end: int = 0
    multipart: bool = False
    cut: str = ""  #: the limit that kept it from being split further
    children: list["Entity"] = field(default_factory=list)
    outside: list[tuple[int, int]] = field(default_factory=list)  #: preamble and epilogues

    def leaves(self) -> Iterator["Entity"]:
        """The entities without parts, in order of appearance."""
        pending = [self]
        while pending:
            entity = pending.pop()
            if entity.multipart and entity.children:
                pending.extend(reversed(entity.children))
            else:
                yield entity


@dataclass(slots=True)
class Structure:
    """A mail taken apart one way, what had to be repaired, and which other readings it would bear."""

    root: Entity
    repairs: list[tuple[str, str]]  #: name and place
    ambiguous: set[str]  #: names of ``Reading`` switches that would change something


@dataclass(slots=True)
class _Open:
    entity: Entity
    boundary: bytes
    inside: bool = False  #: a part is open
    closed: bool = False
    mark: int = 0  #: where the current text outside parts begins


def read_kind(section: header.Section, reading: Reading, default: str) -> tuple[parameters.Parameterised, str, str]:
    """Content-Type field, the type it gives and what is wrong with it."""
    values = section.all("content-type")
    if not values:
        return parameters.Parameterised(""), default, ""
    declared = parameters.read(values[-1 if reading.last_type else 0])
    if parameters.is_type(declared.value):
        return declared, declared.value, ""
    if declared.value.startswith("multipart") and declared.first("boundary"):
        return declared, "multipart/mixed", "mail.broken-content-type"
    if declared.value in ("text", "html", "plain"):
        return declared, "text/html" if declared.value == "html" else "text/plain", "mail.broken-content-type"
    return declared, default if not declared.value else "application/octet-stream", "mail.broken-content-type"


def _rest(place: str, start: int, stop: int) -> Entity:
    """What comes after the last part that is read, whole."""
    nothing = parameters.Parameterised("")
    return Entity(place, header.Section((), start), nothing, "application/octet-stream", start, stop, cut=_PARTS)


def stray(raw: bytes, place: str, span: tuple[int, int], limits: Limits) -> Entity | None:
    """What lies outside the parts as a part, where it has a part's header: some readers take it for one."""
    found = _PART_HEADER.search(raw, max(0, span[0] - 1), min(span[1], span[0] + _GUESS_WINDOW))
    if not found:
        return None
    section = header.read(raw, found.start(1), span[1], limits)
    declared, kind, _ = read_kind(section, Reading(), "text/plain")
    return Entity(place, section, declared, kind, section.body, span[1])


class Splitter:
    """Takes one mail apart in one reading. One use only."""

    def __init__(self, raw: bytes, limits: Limits, reading: Reading) -> None:
        self.raw = raw
        self.limits = limits
        self.reading = reading
        self.stack: list[_Open] = []
        self.dashes = _DASHES_LF if raw.count(b"\r") == raw.count(b"\r\n") else _DASHES
        self.repairs: list[tuple[str, str]] = []
        self.ambiguous: set[str] = set()
        self.count = 0
        self.searches = 0
        self.levels: dict[bytes, int] = {}
        self.boundaries: tuple[bytes, ...] = ()

    def split(self, top: header.Section, stop: int) -> Structure:
        """The tree of the mail whose header was read; nothing from ``stop`` on is looked at."""
        root = self._entity("1", top, "text/plain", stop)
        lines, misses = self._lines(top.body, stop), 0
        while self.stack and (line := next(lines, None)) is not None:
            start, end = line
            level, closing = self._match(self.raw[start + 2 : min(end, start + _MAX_BOUNDARY)])
            if level is None:
                misses += 1
                if misses == _PATIENCE:
                    lines = self._lines(end, stop, self._narrow())
                continue
            body = self._delimiter(level, start, end, stop, closing=closing)
            if body is None:
                break
            lines, misses = self._lines(body, stop), 0
        self._close(0, stop)
        root.end = stop
        return Structure(root, self.repairs, self.ambiguous)

    def _lines(self, start: int, stop: int, pattern: re.Pattern[bytes] | None = None) -> Iterator[tuple[int, int]]:
        """Offsets of the lines that begin with "--", from the dashes to the line's end."""
        raw = self.raw
        if pattern is None and raw.startswith(b"--", start):
            end = _LINE_END.search(raw, start, stop)
            yield start, end.start() if end else stop
        for match in (pattern or self.dashes).finditer(raw, start, stop):
            if match.start(1) - 2 > start:
                yield match.start(1) - 2, match.end()

    def _narrow(self) -> re.Pattern[bytes]:
        """A search for the open boundaries alone, where very many other lines begin with dashes."""
        names = b"|".join(re.escape(one) for one in sorted(self.boundaries, key=len, reverse=True))
        exact = "loose" in self.ambiguous and not self.reading.loose
        return re.compile(
            rb"[\r\n]--((?:" + names + rb")" + (rb"(?:--)?[ \t]*(?=[\r\n]|\Z))" if exact else rb"[^\r\n]*)")
        )

    def _match(self, line: bytes) -> tuple[int | None, bool]:
        """Which open multipart the line belongs to, and whether it closes it."""
        if not line.startswith(self.boundaries):
            return None, False
        bare = line.rstrip(b" \t")
        level = self.levels.get(bare)
        if level is not None and line.startswith(self.stack[level].boundary):
            return level, False
        if bare.endswith(b"--"):
            level = self.levels.get(bare[:-2].rstrip(b" \t"))
            if level is not None and line.startswith(self.stack[level].boundary):
                return level, True
        if "loose" not in self.ambiguous:
            self.ambiguous.add("loose")
            self.repairs.append(("mail.loose-boundary", self.stack[-1].entity.place))
        if self.reading.loose:
            boundary = max((one for one in self.boundaries if line.startswith(one)), key=len)
            return self.levels[boundary], line[len(boundary) :].lstrip(b" \t").startswith(b"--")
        return None, False

    def _delimiter(self, level: int, start: int, end: int, stop: int, *, closing: bool) -> int | None:
        """Act on a boundary line; where its part's body begins, the line's end for a closing one, None to stop."""
        text_end = self._before(start)
        self._close(level + 1, text_end)
        current = self.stack[level]
        if current.inside:
            current.entity.children[-1].end = text_end
        elif text_end > current.mark:
            current.entity.outside.append((current.mark, text_end))
        line_end = _LINE_END.match(self.raw, end, stop)
        after = line_end.end() if line_end else stop
        if closing:
            current.inside, current.closed, current.mark = False, True, after
            return after
        if current.closed:
            self.repairs.append(("mail.part-after-closing-boundary", current.entity.place))
            current.closed = False
        current.inside = True
        return self._part(current, after, stop)

    def _part(self, parent: _Open, start: int, stop: int) -> int | None:
        place = f"{parent.entity.place}.{len(parent.entity.children) + 1}"
        self.count += 1
        if self.count >= self.limits.mime_parts:
            parent.entity.children.append(_rest(place, start, stop))
            return None
        section = header.read(self.raw, start, self._header_stop(start, stop), self.limits)
        default = "message/rfc822" if parent.entity.kind == "multipart/digest" else "text/plain"
        parent.entity.children.append(self._entity(place, section, default, stop))
        return section.body

    def _header_stop(self, start: int, stop: int) -> int:
        """A boundary line ends a header that has no blank line. Looked for in growing windows, so in linear time."""
        if _LINE_END.match(self.raw, start, stop):
            return stop
        window, pattern = _FIRST_WINDOW, None
        while True:
            end = min(stop, start + window)
            blank = header.blank_line(self.raw, start, end)
            until = blank[0] if blank else end
            if self.raw.find(b"--", start, until) >= 0:
                for line_start, line_end in self._lines(start, until, pattern):
                    if self._match(self.raw[line_start + 2 : min(line_end, line_start + _MAX_BOUNDARY)])[0] is not None:
                        return line_start
            if blank or end == stop:
                return stop
            window, pattern = window * 16, self._narrow()

    def _entity(self, place: str, section: header.Section, default: str, stop: int) -> Entity:
        """An entity whose header is read; a multipart is opened."""
        declared, kind, wrong = read_kind(section, self.reading, default)
        types = section.all("content-type")
        if len(types) > 1:
            self.repairs.append(("mail.second-content-type", place))
            if types[-1].lower() != types[0].lower():
                self.ambiguous.add("last_type")
        self.repairs.extend((name, place) for name in (wrong, *declared.repairs) if name)
        if place != "1":  # the mail's own header was judged where it was read
            self.repairs.extend((name, place) for name in section.repairs)
        entity = Entity(place, section, declared, kind, section.body)
        boundary = self._boundary(entity, stop)
        if boundary:
            self._open(entity, boundary)
        return entity

    def _declared(self, entity: Entity) -> bytes:
        """The boundary that the header gives; of two, the one that this reading takes."""
        given = entity.type.all("boundary") if entity.type.parameters else ()
        if not given:
            return b""
        if len(given) > 1:
            self.ambiguous.add("last_type")
        boundary = given[-1 if self.reading.last_type else 0].partition(" (")[0]
        return boundary.encode("latin-1", "replace")[: _MAX_BOUNDARY - 4]

    def _boundary(self, entity: Entity, stop: int) -> bytes:
        """The boundary to split at; b"" for a leaf."""
        boundary = self._declared(entity)
        multipart = entity.kind.startswith("multipart/")
        if boundary.strip() and (multipart or self.reading.guess):
            if self.reading.loose or self.searches >= _MAX_SEARCHES or self._occurs(boundary, entity.start, stop):
                return boundary
        elif (
            boundary and not multipart and self.searches < _MAX_SEARCHES and self._occurs(boundary, entity.start, stop)
        ):
            self.repairs.append(("mail.undeclared-multipart", entity.place))
            self.ambiguous.add("guess")
        if multipart:
            self.repairs.append(("mail.missing-boundary", entity.place))
            return self._guess(entity.start, stop) or boundary
        if entity.place == "1" and not boundary and entity.kind.startswith("text/"):
            guessed = self._guess(entity.start, stop)
            if guessed and self.reading.guess:
                return guessed
            if guessed:
                self.repairs.append(("mail.undeclared-multipart", entity.place))
                self.ambiguous.add("guess")
        return b""

    def _occurs(self, boundary: bytes, start: int, stop: int) -> bool:
        if self.raw.find(b"--" + boundary, start, stop) >= 0:
            return True
        self.searches += 1
        return False

    def _guess(self, start: int, stop: int) -> bytes:
        """The first line that begins with two dashes and is followed by a Content field."""
        begin, end = max(0, start - 1), min(stop, start + _GUESS_WINDOW)
        if self.dashes is _DASHES_LF and begin:  # all lines end in a line feed: looked for as such, for speed
            found, at = None, self.raw.find(b"\n--", begin, end)
            while at >= 0 and not found:
                found = _GUESS.match(self.raw, at, end)
                at = self.raw.find(b"\n--", at + 1, end)
        else:
            found = _GUESS.search(self.raw, begin, end)
        boundary = found[1].rstrip(b" \t") if found else b""
        return b"" if boundary in self.levels else boundary  # the next part of an outer multipart is no guess

    def _open(self, entity: Entity, boundary: bytes) -> None:
        if len(self.stack) >= self.limits.mime_depth:
            entity.cut = "mail.limit-mime-depth"
            return
        entity.multipart = True
        self.stack.append(_Open(entity, boundary, mark=entity.start))
        self._index()

    def _close(self, level: int, end: int) -> None:
        """Close the multiparts from ``level`` inwards; what is open in them ends at ``end``."""
        if len(self.stack) <= level:
            return
        for current in self.stack[level:]:
            current.entity.end = end
            if current.inside:
                current.entity.children[-1].end = end
            elif end > current.mark:
                current.entity.outside.append((current.mark, end))
            if not current.closed:
                self.repairs.append(("mail.unclosed-multipart", current.entity.place))
        del self.stack[level:]
        self._index()

    def _index(self) -> None:
        """The innermost of equal boundaries counts. One that ends in spaces must stand with them, to be sure."""
        self.levels = {current.boundary.rstrip(b" \t"): level for level, current in enumerate(self.stack)}
        self.boundaries = tuple(self.levels)

    def _before(self, position: int) -> int:
        """Without the line end before a boundary line, which belongs to it."""
        if self.raw[position - 1 : position] == b"\n":
            position -= 1
        elif self.raw[position - 1 : position] != b"\r":
            return position
        if self.raw[position - 1 : position] == b"\r":
            position -= 1
        return position
