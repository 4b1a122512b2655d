"""Which leaves are the mail's own text, and what they say together (RFC 2046, 5.1.3–5.1.7; RFC 2387).

A mail's text is every unnamed text part that a client shows; of alternatives the HTML one, because that is what people
see, unless it shows nothing. What only the other alternative says is kept for the search for passwords.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from seriema.message import html as html_reader
from seriema.message.charset import decode, known
from seriema.message.part import Part
from seriema.message.structure import Entity
from seriema.model.limits import Limits

_TEXT = ("text/plain", "text/html")
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_META_WINDOW = 2_048
_WORDS = re.compile(r"\w{2,}")
_URLS = re.compile(r"(?:https?://|www\.)\S*", re.IGNORECASE)
_BYTES_PER_CHARACTER = 4
_PLAIN_ONLY_SHARE, _PLAIN_ONLY_LEAST = 0.2, 5
_HTML_ONLY_SHARE, _HTML_ONLY_LEAST = 0.5, 20


@dataclass(slots=True)
class Segment:
    """Parts that stand for one another: the places of the plain and the HTML ones."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)

    def places(self) -> Iterator[str]:
        """The places of all its parts."""
        yield from self.plain
        yield from self.html


@dataclass(slots=True)
class Text:
    """What the segments say together."""

    visible: str = ""
    other: str = ""
    hidden: str = ""
    aside: str = ""
    alt: str = ""
    links: list[tuple[int, str, str]] = field(default_factory=list)
    repairs: list[tuple[str, str]] = field(default_factory=list)  #: name and place
    is_html: bool = False


def segments(root: Entity, parts: Mapping[str, Part]) -> list[Segment]:
    """The mail's text parts in order, alternatives together. ``parts`` holds the first part of each leaf by place."""
    found: list[Segment] = []
    _collect(root, parts, found)
    return found


def _collect(entity: Entity, parts: Mapping[str, Part], found: list[Segment]) -> None:
    """Depth is bounded by ``Limits.mime_depth``."""
    if not (entity.multipart and entity.children):
        if _is_text(entity, parts[entity.place]):
            found.append(_segment([entity]))
    elif entity.kind == "multipart/alternative":
        inside: list[Segment] = []
        for child in entity.children:
            _collect(child, parts, inside)
        if inside:
            found.append(Segment([p for one in inside for p in one.plain], [p for one in inside for p in one.html]))
    elif entity.kind == "multipart/related":
        _collect(_related_root(entity), parts, found)
    else:
        for child in entity.children:
            _collect(child, parts, found)


def _segment(leaves: list[Entity]) -> Segment:
    plain = [leaf.place for leaf in leaves if leaf.kind != "text/html"]
    return Segment(plain, [leaf.place for leaf in leaves if leaf.kind == "text/html"])


def _is_text(entity: Entity, part: Part) -> bool:
    if entity.kind.startswith("multipart/"):
        return part.declared_type == entity.kind and not entity.cut  # a multipart without parts: all of it is text
    if entity.kind not in _TEXT or part.disposition == "attachment" or entity.cut:
        return False
    return entity.place == "1" or not part.name


def _related_root(entity: Entity) -> Entity:
    """The part that the ``start`` parameter names, else the first that can be text (RFC 2387, 3.2)."""
    start = entity.type.first("start").strip("<> ")
    if start:
        for child in entity.children:
            if child.header.first("content-id").strip("<> \t") == start:
                return child
    shown = (child for child in entity.children if child.kind in _TEXT or child.kind.startswith("multipart/"))
    return next(shown, entity.children[0])


def read(found: list[Segment], parts: Mapping[str, Part], limits: Limits) -> Text:
    """Read the segments one after the other, up to ``Limits.text_chars`` in all."""
    text = Text()
    visible: list[str] = []
    length = 0
    for segment in found:
        if length >= limits.text_chars:
            text.repairs.append(("mail.limit-text", ""))
            break
        shown, links = _segment_text(segment, parts, limits, text)
        text.links += ((offset + length if offset >= 0 else -1, words, where) for offset, words, where in links)
        visible.append(shown)
        length += len(shown) + 1
    text.visible = "\n".join(visible)[: limits.text_chars]
    if length - 1 > limits.text_chars:
        text.repairs.append(("mail.limit-text", ""))
    return text


def _segment_text(
    segment: Segment, parts: Mapping[str, Part], limits: Limits, text: Text
) -> tuple[str, list[tuple[int, str, str]]]:
    plain = "\n".join(plain_text(parts[place], limits, text.repairs) for place in segment.plain)
    shown: list[str] = []
    links: list[tuple[int, str, str]] = []
    length = 0
    for place in segment.html:
        seen = html_reader.read(html_source(parts[place], limits, text.repairs), limits)
        text.repairs += ((name, place) for name in seen.repairs)
        _append(text, seen, place)
        links += ((offset + length if offset >= 0 else -1, words, where) for offset, words, where in seen.links)
        shown.append(seen.visible)
        length += len(seen.visible) + 1
    visible = "\n".join(shown)
    if not visible.strip():
        return plain, [(-1, words, where) for _, words, where in links]
    text.is_html = True
    if plain.strip():
        only = _differences(plain, visible)
        text.other = "\n".join(filter(None, (text.other, only.lines)))
        if only.material:
            text.repairs.append(("mail.alternatives-differ", segment.plain[0]))
    return visible, links


def _append(text: Text, seen: html_reader.Seen, place: str) -> None:
    if seen.hidden:
        text.repairs.append(("mail.hidden-text", place))
    text.hidden = "\n".join(filter(None, (text.hidden, seen.hidden)))
    text.aside = "\n".join(filter(None, (text.aside, seen.aside)))
    text.alt = "\n".join(filter(None, (text.alt, seen.alt)))


def plain_text(part: Part, limits: Limits, repairs: list[tuple[str, str]]) -> str:
    """The text of a plain part, lines ended by a line feed."""
    data, charset = part.content, part.charset
    if len(data) > limits.line_bytes and _has_long_line(data, limits.line_bytes):
        repairs.append(("mail.limit-line", part.place))
        data = _cut_lines(data, limits.line_bytes)
    text = _decoded(data, charset, part.place, limits, repairs)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def html_source(part: Part, limits: Limits, repairs: list[tuple[str, str]]) -> str:
    """The source of an HTML part; its meta element names the charset where the header does not."""
    charset = part.charset
    if not charset:
        meta = _META_CHARSET.search(part.content, 0, _META_WINDOW)
        charset = meta[1].decode("ascii") if meta else ""
    return _decoded(part.content, charset, part.place, limits, repairs)


def _decoded(data: bytes, charset: str, place: str, limits: Limits, repairs: list[tuple[str, str]]) -> str:
    bound = limits.text_chars * _BYTES_PER_CHARACTER
    if len(data) > bound:
        repairs.append(("mail.limit-text", place))
        data = _whole_characters(data[:bound], charset)
    text, more = decode(data, charset)
    repairs += ((name, place) for name in more)
    return text


def _whole_characters(data: bytes, charset: str) -> bytes:
    """Without a character cut in two at the end, which would look like a wrong charset."""
    info = known(charset)
    if info is None or info.name != codecs.lookup("utf-8").name:
        return data
    end = len(data)
    while end > len(data) - 4 and data[end - 1] & 0xC0 == 0x80:  # noqa: PLR2004 - UTF-8 has at most four bytes
        end -= 1
    return data[: end - 1]


def _has_long_line(data: bytes, limit: int) -> bool:
    """Whether a line is longer than ``limit``: only then does a stretch of that length hold no line end."""
    position = 0
    while position + limit < len(data):
        last = max(data.rfind(b"\n", position, position + limit + 1), data.rfind(b"\r", position, position + limit + 1))
        if last < 0:
            return True
        position = last + 1
    return False


def _cut_lines(data: bytes, limit: int) -> bytes:
    return b"\n".join(line[:limit] for line in data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))


@dataclass(frozen=True, slots=True)
class _Difference:
    lines: str = ""
    material: bool = False


def _differences(plain: str, visible: str) -> _Difference:
    """Lines of the plain text with words that the HTML does not show, and whether the two are different mails."""
    bare = _URLS.sub(" ", plain) if "://" in plain or "www." in plain else plain
    plain_words = set(_WORDS.findall(bare.lower()))
    html_words = set(_WORDS.findall(visible.lower()))
    only_plain = plain_words - html_words
    only_html = len(html_words - plain_words)
    if not only_plain and only_html <= _HTML_ONLY_LEAST:
        return _Difference()
    lines = [line for line in bare.splitlines() if not only_plain.isdisjoint(_WORDS.findall(line.lower()))]
    material = len(only_plain) >= max(_PLAIN_ONLY_LEAST, _PLAIN_ONLY_SHARE * len(plain_words)) or (
        only_html >= max(_HTML_ONLY_LEAST, _HTML_ONLY_SHARE * len(html_words))
    )
    return _Difference("\n".join(lines), material)
