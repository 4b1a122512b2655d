"""Address fields: From, To, Cc, Reply-To … → mailboxes (RFC 5322, 3.4 with the obsolete forms; RFC 6532).

Our own reader: one pass over tokens, so that the time is linear whatever stands there. It never refuses a field: what
is no address becomes a display name. Encoded words are decoded after the grammar has been applied, so that a comma
or an angle bracket hidden in one cannot invent a mailbox.
"""

import re
from dataclasses import dataclass, field

from seriema.message.words import decode
from seriema.model.message import Address

_MAX_CHARACTERS = 1 << 18
_REST = r'<([^<>]*)>?|([(,;:])|([^"<(,;:\s]+)|\s+|.'
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|' + _REST, re.DOTALL)
#: From the first quote on that is never closed: to look for its end again and again would take quadratic time.
_TOKEN_UNCLOSED = re.compile(r"(?!)()|" + _REST, re.DOTALL)
#: A single mailbox in one of the three forms that nearly all have: "name" <a@b>, name <a@b>, a@b.
_USUAL = re.compile(
    r'\s*+(?:(?:"([^"\\]*+)"\s*+|((?:[^"<>(),;:\\@\s]++\s*+)*+))<([^<>\s@:]++@[^<>\s@:]++)>'
    r'|([^"<>(),;:\\@\s]++@[^"<>(),;:\\@\s]++))\s*+\Z'
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MAX_ADDRESS = 320 + 64  #: RFC 5321 allows 64 + 1 + 255; longer ones are kept as a name
_ROUTE = re.compile(r"\A@[^:]*:")
#: The look-behind keeps it linear: a run of characters is tried once, not from each of its characters.
_BARE = re.compile(r"(?<![^\s@<>\"(),;])[^\s@<>\"(),;]+@[^\s@<>\"(),;]+")


@dataclass(slots=True)
class _Mailbox:
    """One mailbox while it is read."""

    words: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)  #: words after the angle brackets
    comments: list[str] = field(default_factory=list)
    angle: str | None = None
    quoted: bool = False
    at: bool = False

    def empty(self) -> bool:
        return not (self.words or self.comments or self.angle is not None)


def read(raw: str, limit: int) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    """The mailboxes of one raw field value (Latin-1, one character a byte), at most ``limit``, and repairs."""
    if len(raw) <= _MAX_ADDRESS and limit > 0 and (usual := _USUAL.match(raw)):
        quoted, words, angle, bare = usual.groups("")
        return _usual(quoted or words, angle or bare.strip("'"))
    reader, pattern = _Reader(), _TOKEN
    position, end = 0, min(len(raw), _MAX_CHARACTERS)
    while position < end and len(reader.found) < limit:
        token = pattern.match(raw, position, end)
        assert token is not None  # its last alternative takes any character
        position = token.end()
        if token[3] == "(":
            comment, position = _comment(raw, position, end)
            reader.current.comments.append(comment)
        elif token[3]:
            reader.separator(token[3])
        elif token.group() == '"':
            pattern = _TOKEN_UNCLOSED
        else:
            reader.word(token)
    if len(reader.found) < limit:
        reader.finish()
    if position < end or end < len(raw):
        reader.repairs.append("mail.limit-addresses")
    return tuple(reader.found), tuple(dict.fromkeys(reader.repairs))


def _usual(name: str, spec: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    found: list[Address] = []
    repairs: list[str] = []
    _add(name, spec, found, repairs)
    return tuple(found), tuple(dict.fromkeys(repairs))


@dataclass(slots=True)
class _Reader:
    """The mailboxes found so far and the one under way."""

    found: list[Address] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    current: _Mailbox = field(default_factory=_Mailbox)

    def word(self, token: re.Match[str]) -> None:
        """An atom, a quoted string or what stands in angle brackets."""
        box = self.current
        words = box.words if box.angle is None else box.after
        if token[4] is not None:
            words.append(token[4])
            box.at = box.at or "@" in token[4]
        elif token[1] is not None:
            words.append(_ESCAPED.sub(r"\1", token[1]))
            box.quoted = True
        elif token[2] is not None:
            if box.angle is not None:  # "a <a@b> c <c@d>": the comma was forgotten
                following, box.after = box.after, []
                self.finish()
                self.current.words = following
            self.current.angle = token[2]

    def separator(self, character: str) -> None:
        """A comma or semicolon ends a mailbox; a colon ends a group's name, unless it is part of a word."""
        if character != ":":
            self.finish()
        elif self.current.quoted or self.current.at:
            self.current.words.append(":")
        else:
            self.current = _Mailbox()

    def finish(self) -> None:
        """The mailbox under way is complete."""
        _finish(self.current, self.found, self.repairs)
        self.current = _Mailbox()


def _comment(raw: str, position: int, end: int) -> tuple[str, int]:
    """A comment's text from after its opening bracket; an unclosed one ends at the field's end."""
    start, depth = position, 1
    while position < end:
        character = raw[position]
        if character == "\\":
            position += 1
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if not depth:
                return raw[start:position], position + 1
        position += 1
    return raw[start:end], end


def _finish(box: _Mailbox, found: list[Address], repairs: list[str]) -> None:
    """Make an address of what was collected; nothing when nothing was."""
    if box.empty():
        return
    name = " ".join((*box.words, *box.after))
    if box.angle is not None:
        spec = _ROUTE.sub("", "".join(box.angle.split()))
    else:
        spec, name = _bare(box, name)
    if not name and box.comments:
        name = box.comments[0]
    if len(spec) > _MAX_ADDRESS:
        spec, name = "", f"{name} {spec}".strip()
    _add(name, spec, found, repairs)


def _add(name: str, spec: str, found: list[Address], repairs: list[str]) -> None:
    address = _normal(_text(spec, repairs))
    shown = " ".join(_text(name, repairs).split())
    if address or shown:
        found.append(Address(shown, address))


def _bare(box: _Mailbox, joined: str) -> tuple[str, str]:
    """Addr-spec and name of a mailbox without angle brackets."""
    compact = "".join(box.words)
    if "@" in compact and (len(box.words) == 1 or not _BARE.search(joined)):
        if box.quoted:
            local, _, domain = compact.rpartition("@")
            return (f"{local}@{domain}", "") if domain else ("", joined)
        return compact.strip("'"), ""
    match = _BARE.search(joined)
    if not match:
        return "", joined
    return match.group().strip("'"), (joined[: match.start()] + joined[match.end() :]).strip()


def _text(raw: str, repairs: list[str]) -> str:
    if raw.isascii() and "=?" not in raw:
        return raw
    text, more = decode(raw)
    repairs.extend(more)
    return text


def _normal(spec: str) -> str:
    """The domain in lower case, without a closing dot; "" when it is no address."""
    local, at, domain = spec.rpartition("@")
    if not at or not local or not domain:
        return spec if spec and not at and " " not in spec else ""
    return f"{local}@{domain.rstrip('.').lower()}"
