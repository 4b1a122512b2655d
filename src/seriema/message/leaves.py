"""Leaf entities → parts: names, dispositions and transfer decoding, every reading of what is said twice.

RFC 2045 (transfer encodings), RFC 2183 (disposition), RFC 2231 (names). A field that stands twice yields a part for
each different content, and every name is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from seriema.message import embedded, parameters, transfer
from seriema.message import words as header_words
from seriema.message.part import Part
from seriema.message.structure import Entity
from seriema.model.artifact import State
from seriema.model.limits import Limits

#: Parts that are whole mails to be read in their own right.
MAIL_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf entity as parts (more than one when it can be read in several ways) and what was repaired in it."""

    parts: tuple[Part, ...]
    repairs: tuple[str, ...] = ()


def read(raw: bytes, entity: Entity, limits: Limits) -> Leaf:
    """Decode one leaf. The first part is the first reading; further ones are marked in their ``place``."""
    data = raw[entity.start : max(entity.start, entity.end)]
    disposition, names, repairs = _describe(entity)
    part = partial(
        Part,
        name=names[0] if names else "",
        declared_type=entity.kind,
        disposition=disposition,
        content_id=entity.header.first("content-id").strip("<> \t")[:500],
        charset=entity.type.first("charset").lower()[:100],
        inline=disposition == "inline",
        other_names=names[1:],
    )
    if entity.cut:
        unread = part(content=data, place=entity.place, state=State.LIMIT, state_reason=entity.cut)
        return Leaf((unread,), (*repairs, entity.cut))
    decoded, more = _decode(data, entity, limits)
    return Leaf(tuple(_parts(part, decoded, entity, named=bool(names))), (*repairs, *more))


def _describe(entity: Entity) -> tuple[str, tuple[str, ...], list[str]]:
    """Disposition, all names (the first is what clients show), repairs."""
    repairs: list[str] = []
    fields = entity.header.all("content-disposition")
    if len(fields) > 1:
        repairs.append("mail.second-disposition")
    disposition = ""
    names: list[str] = []
    for number, raw in enumerate(fields[:10]):
        read_field = parameters.read(raw)
        repairs += read_field.repairs
        names += read_field.all("filename") or read_field.all("name")
        disposition = disposition if number else _disposition(read_field)
    typed = list(entity.type.all("name") or entity.type.all("filename")) if entity.type.parameters else []
    if names and typed and names[0] != typed[0]:
        repairs.append("mail.names-differ")
    names += typed
    if not names and entity.kind not in ("text/plain", "text/html"):
        names += _described(entity)
    return disposition, tuple(dict.fromkeys(name.strip() for name in names if name.strip())), repairs


def _disposition(read_field: parameters.Parameterised) -> str:
    """Anything but inline is to be treated as attachment (RFC 2183, 2.8)."""
    if not read_field.value:
        return "attachment" if read_field.parameters else ""
    return "inline" if read_field.value == "inline" else "attachment"


def _described(entity: Entity) -> list[str]:
    """A name of last resort: Content-Description where it looks like a file name."""
    text = header_words.decode(entity.header.first("content-description")[:300])[0].strip()
    return [text] if "." in text[-6:-1] else []


def _decode(data: bytes, entity: Entity, limits: Limits) -> tuple[list[transfer.Decoded], list[str]]:
    """The body decoded by each different Content-Transfer-Encoding field."""
    labels = entity.header.all("content-transfer-encoding") or [""]
    chosen = {transfer.encoding(label): label for label in reversed(labels)}
    repairs = ["mail.second-transfer-encoding"] if len(labels) > 1 else []
    first = transfer.encoding(labels[0])
    order = [first, *(name for name in chosen if name != first)]
    decoded = [transfer.decode(data, chosen[name], limits.line_bytes) for name in order]
    for one in decoded:
        repairs += one.repairs
    return decoded, repairs


def _parts(part: Callable[..., Part], decoded: list[transfer.Decoded], entity: Entity, *, named: bool) -> list[Part]:
    parts: list[Part] = []
    seen: set[bytes] = set()
    for number, one in enumerate(decoded):
        # Of unnamed text a second decoding is no file: nobody would be offered it.
        others = () if entity.kind == "text/plain" and not named else one.others
        for further, content in enumerate((one.content, *others)):
            if content in seen:
                continue
            seen.add(content)
            place = entity.place if not number + further else f"{entity.place} otherwise decoded"
            state = State.MALFORMED if one.malformed and not further else State.INSPECTED
            parts.append(
                part(
                    content=content,
                    place=place,
                    state=state,
                    state_reason=one.malformed if state is not State.INSPECTED else "",
                )
            )
    return [_special(one, entity) for one in parts]


def _special(part: Part, entity: Entity) -> Part:
    """Types whose bytes alone are not the thing."""
    if part.declared_type == "message/partial":
        return replace(part, state=State.UNSUPPORTED, state_reason="a fragment of a larger mail")
    if part.declared_type.startswith("multipart/") and transfer.encoding(
        entity.header.first("content-transfer-encoding")
    ) in ("base64", "quoted-printable"):
        field = f"Content-Type: {entity.header.first('content-type')}\r\n\r\n".encode("latin-1")
        return replace(part, declared_type="message/rfc822", content=field + part.content)
    return part


def from_text(text: bytes, place: str, limits: Limits) -> tuple[bytes, list[Part], list[str]]:
    """The encoded files that stand in a text as parts, and the text without them."""
    if len(text) > limits.message_bytes or not (files := embedded.find(text)):
        return text, [], []
    parts: list[Part] = []
    repairs: list[str] = []
    for file in files:
        name, more = header_words.decode(file.name.decode("latin-1"))
        repairs += (file.finding, *more)
        if file.state is State.MALFORMED:
            repairs.append("mail.truncated-encoded-file")
        parts.append(
            Part(
                name=name.strip(' "'),
                content=file.content,
                declared_type=file.declared_type,
                disposition="attachment",
                place=f"{place} in text",
                state=file.state,
                state_reason=file.state_reason,
            )
        )
    return embedded.without(text, files), parts, repairs
