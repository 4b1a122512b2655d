"""``type/subtype; name=value`` fields: Content-Type and Content-Disposition (RFC 2045, 5.1; RFC 2183; RFC 2231).

A hand-written scanner, linear in the length of the field. Nothing is dropped: parameters that stand twice, in two
writings (``filename`` and ``filename*0*``) or without quotes all stay, in order, so that a caller sees each reading.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from seriema.message.charset import decode as decode_charset
from seriema.message.words import decode as decode_words

_MAX_CHARACTERS = 65_536  #: of one field; longer ones are padding
_MAX_PARAMETERS = 100
_MAX_COMMENTS = 10
_TOKEN = re.compile(r"[^\s;=\"(]+")
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+*-]+\Z", re.ASCII)
_PIECE = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?\Z")


@dataclass(frozen=True, slots=True)
class Parameterised:
    """A field's leading value in lower case and its parameters, decoded, duplicates kept in order."""

    value: str
    parameters: tuple[tuple[str, str], ...] = ()
    repairs: tuple[str, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Every different value of a parameter, in order."""
        return tuple(dict.fromkeys(value for key, value in self.parameters if key == name))

    def first(self, name: str) -> str:
        """The first value of a parameter, or ""."""
        return next((value for key, value in self.parameters if key == name), "")


def read(field: str) -> Parameterised:
    """Read one raw field value (Latin-1, one character a byte)."""
    field = field[:_MAX_CHARACTERS]
    head, _, rest = field.partition(";")
    head = _without_comments(head).strip() if "(" in head else head.strip()
    if "=" in head:  # the value is absent, or its semicolon was forgotten: "text/plain charset=x"
        first, _, more = head.partition(" ")
        head, more = ("", head) if "=" in first or more.lstrip().startswith("=") else (first, more)
        rest = f"{more};{rest}"
    pairs = _pairs(rest) if rest else []
    if not pairs:
        return Parameterised(head.lower())
    return _joined(head.lower(), pairs)


def is_type(value: str) -> bool:
    """Whether a value is ``type/subtype`` as the grammar has it."""
    return bool(_TYPE.match(value))


def _pairs(text: str) -> list[tuple[str, str, bool]]:
    """``name``, raw value and whether it was quoted, in order."""
    pairs: list[tuple[str, str, bool]] = []
    position, end = 0, len(text)
    while position < end and len(pairs) < _MAX_PARAMETERS:
        if text[position] in "; \t\r\n":
            position += 1
        elif text[position] == "(":
            position = _comment_end(text, position)
        else:
            position = _pair(text, position, pairs)
    return pairs


def _pair(text: str, position: int, pairs: list[tuple[str, str, bool]]) -> int:
    token = _TOKEN.match(text, position)
    if not token:
        return position + 1
    name = token.group().lower()
    position = token.end()
    while position < len(text) and text[position] in " \t":
        position += 1
    if position >= len(text) or text[position] != "=":
        return position
    position += 1
    while position < len(text) and text[position] in " \t":
        position += 1
    if text[position : position + 1] == '"':
        value, position = _quoted(text, position + 1)
        pairs.append((name, value, True))
        return position
    stop = text.find(";", position)
    stop = len(text) if stop < 0 else stop
    pairs.append((name, _unquoted(text[position:stop]), False))
    return stop


def _quoted(text: str, position: int) -> tuple[str, int]:
    """A quoted string from after its opening quote; an unclosed one ends at the field's end."""
    close = text.find('"', position)
    plain = text[position : close if close >= 0 else len(text)]
    if "\\" not in plain:
        return plain, (close + 1 if close >= 0 else len(text))
    out: list[str] = []
    while position < len(text) and text[position] != '"':
        if text[position] == "\\" and text[position + 1 : position + 2] in ('"', "\\"):
            position += 1  # other backslashes are kept: Windows paths stand unescaped in real mail
        out.append(text[position])
        position += 1
    return "".join(out), position + 1


def _unquoted(text: str) -> str:
    """An unquoted value up to its semicolon: spaces and brackets are kept, for names that should have been quoted."""
    return text.strip().strip('"')


def _comment_end(text: str, position: int) -> int:
    depth = 0
    while position < len(text):
        character = text[position]
        position += 2 if character == "\\" else 1
        depth += {"(": 1, ")": -1}.get(character, 0)
        if not depth:
            break
    return position


def _without_comments(text: str) -> str:
    for _ in range(_MAX_COMMENTS):
        start = text.find("(")
        if start < 0:
            break
        text = text[:start] + text[_comment_end(text, start) :]
    return text


def _joined(value: str, pairs: list[tuple[str, str, bool]]) -> Parameterised:
    """Put RFC 2231 continuations together and decode every value once."""
    out: list[tuple[str, str]] = []
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    repairs: list[str] = []
    for name, raw, _ in pairs:
        match = _PIECE.match(name) if "*" in name else None
        if match and (match[2] is not None or match[3]):
            key, number = match[1], int(match[2] or 0)
            if match[2] is None:
                out.append((key, _extended(raw, repairs)))
            elif number in pieces.setdefault(key, {}):
                repairs.append("mail.duplicate-parameter")
            else:
                pieces[key][number] = (raw, bool(match[3]))
        else:
            out.append((name, _plain(raw, repairs)))
    for key, parts in pieces.items():
        out.append((key, _continued(parts, repairs)))
    seen: dict[str, str] = {}
    for key, text in out:
        if seen.setdefault(key, text) != text:
            repairs.append("mail.duplicate-parameter")
    return Parameterised(value, tuple(out), tuple(dict.fromkeys(repairs)))


def _plain(raw: str, repairs: list[str]) -> str:
    """A parameter value in the plain writing; RFC 2047 words and raw bytes in it are decoded as clients do."""
    if raw.isascii() and "=?" not in raw:
        return raw
    text, more = decode_words(raw)
    repairs.extend(more)
    return text


def _extended(raw: str, repairs: list[str]) -> str:
    """``charset'language'percent-encoded``."""
    charset, quote, rest = raw.partition("'")
    if not quote or "'" not in rest:
        return _plain(unquote_to_bytes(raw.encode("latin-1")).decode("latin-1"), repairs)
    encoded = rest.partition("'")[2]
    text, more = decode_charset(unquote_to_bytes(encoded.encode("latin-1")), charset)
    repairs.extend(more)
    return text


def _continued(parts: dict[int, tuple[str, bool]], repairs: list[str]) -> str:
    """The numbered pieces in order; gaps are passed over so that no piece is lost."""
    ordered = [parts[number] for number in sorted(parts)]
    if not any(extended for _, extended in ordered):
        return _plain("".join(raw for raw, _ in ordered), repairs)
    charset, _, rest = ordered[0][0].partition("'")
    first = rest.partition("'")[2] if "'" in rest else ordered[0][0]
    raws = [(first if ordered[0][1] else ordered[0][0], ordered[0][1]), *ordered[1:]]
    data = b"".join(
        unquote_to_bytes(raw.encode("latin-1")) if extended else raw.encode("latin-1") for raw, extended in raws
    )
    text, more = decode_charset(data, charset if "'" in rest and ordered[0][1] else "")
    repairs.extend(more)
    return text
