"""Bytes → ``Parsed``: one mail read whole, whatever it is made of.

The order: bounds on the raw bytes; the header; the structure, once for each way a client might read it; the leaves;
the text and what it is made of. Every step keeps going; what it repaired or left out becomes a finding.
"""

import hashlib
from dataclasses import replace

from seriema.message import bodies, fields, heading, leaves, outlook, reading, traits
from seriema.message.part import Parsed, Part
from seriema.message.repairs import DAMAGE, LIMITS, say
from seriema.message.structure import Reading, Splitter, Structure, stray
from seriema.model.artifact import State
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.message import Message

_STRICT = Reading()
_READINGS = {
    "loose": Reading("boundaries read loosely", loose=True),
    "last_type": Reading("the last Content-Type", last_type=True),
    "guess": Reading("as a multipart", guess=True),
}
_CHUNK = 1 << 16
_OLE = "application/x-ole-storage"
_MAX_FINDINGS = 500


def arrival(raw: bytes, limits: Limits) -> Message:
    """Only what tells when a mail came and what it is called. Never fails; a mail without header gives its hash."""
    sha256, size = hashlib.sha256(raw).hexdigest(), len(raw)
    if outlook.is_outlook(raw):
        raw = outlook.header(raw, limits)
    head = raw[: limits.header_bytes + 1]
    return heading.arrival(sha256, size, fields.read_top(head, limits), limits)


def header(raw: bytes, limits: Limits, authserv_ids: tuple[str, ...] = ()) -> Parsed:
    """Everything the header says, and nothing else: for a mail on whose body the whole reading came to grief.

    Parameters as for ``parse``. No part, text or link is looked at, and ``Parsed.state`` says so.
    """
    sha256, size = hashlib.sha256(raw).hexdigest(), len(raw)
    if outlook.is_outlook(raw):
        raw = outlook.header(raw, limits)
    top = fields.read_top(raw[: limits.header_bytes + 1], limits)
    message, repairs = heading.message(sha256, size, top, limits, authserv_ids)
    notes = [(name, "header") for name in (*top.repairs, *repairs)]
    return _finish(message, [], [("mail.limit-header-only", ""), *notes], reading.Read())


def parse(raw: bytes, limits: Limits, authserv_ids: tuple[str, ...] = (), *, whole: bool = True) -> Parsed:
    """Read one mail: an Internet message (RFC 5322), or an Outlook .msg told by its first bytes.

    :param limits: bounds; what is beyond them is left out, said so, and makes ``Parsed.state`` ``LIMIT``.
    :param authserv_ids: whose Authentication-Results are believed (RFC 8601).
    :param whole: ``raw`` is all of the mail. A mail within a mail may be its header alone, as in many a bounce, and the
        line end before a boundary is not its own.
    :returns: never fails; what cannot be read is a finding or a part with its state.
    """
    sha256, size = hashlib.sha256(raw).hexdigest(), len(raw)
    if not outlook.is_outlook(raw) or size > limits.message_bytes:
        return _read(raw, sha256, size, limits, authserv_ids, whole=whole)
    try:
        converted = outlook.convert(raw, limits)
    except outlook.NotOutlook as error:
        unread = Part("", raw, _OLE, place="1", state=State.MALFORMED, state_reason=str(error))
        return _finish(Message(sha256, size), [unread], [("mail.msg-unreadable", "")], reading.Read())
    parsed = _read(converted.raw, sha256, size, limits, authserv_ids, whole=False)
    theirs = tuple(finding for finding in parsed.findings if finding.name != "mail.eight-bit-header")
    parsed = replace(parsed, findings=theirs)  # our own conversion writes such fields
    if not converted.damaged:
        return parsed
    damage = say("mail.limit-msg")
    reason = parsed.state_reason or damage.detail
    return replace(parsed, findings=(*parsed.findings, damage), state=State.LIMIT, state_reason=reason)


def _read(raw: bytes, sha256: str, size: int, limits: Limits, authserv_ids: tuple[str, ...], *, whole: bool) -> Parsed:
    """Read an Internet message whose identity (hash and size) is that of the bytes it came from."""
    notes = [("mail.limit-message-bytes", "")] if size > limits.message_bytes else []
    top = fields.read_top(raw if not notes else raw[: limits.header_bytes], limits)
    message, repairs = heading.message(sha256, size, top, limits, authserv_ids)
    notes += ((name, "header") for name in (*top.repairs, *repairs))
    if whole and fields.is_cut(raw, top):
        notes.append(("mail.truncated-header", "header"))
    if size > limits.message_bytes:
        return _finish(message, [], notes, reading.Read())
    stop = _last_line(raw, limits.lines)
    if stop < len(raw):
        notes.append(("mail.limit-lines", ""))
    first = _first_reading(raw, top, stop, limits)
    parts, by_place = _parts(raw, first, limits, notes)
    segments = bodies.segments(first.root, by_place)
    parts, by_place = _marked(parts, by_place, segments)
    more, outside = _outside(raw, first, limits, notes)
    parts += more
    for name in sorted(first.ambiguous):
        parts += _second_reading(raw, top, stop, _READINGS[name], parts, limits, notes)
    by_place, extra = _encoded_in_text(by_place, segments, limits, notes)
    text = bodies.read(segments, by_place, limits)
    return _finish(message, parts + extra, notes, reading.read(text, outside, limits))


def _finish(message: Message, parts: list[Part], notes: list[tuple[str, str]], read: reading.Read) -> Parsed:
    """Put the pieces together, and the notes of name and place into findings that name the right artifact."""
    notes = [*notes, *read.notes]
    files = [part for part in parts if not part.body]
    ids = {part.place: str(number) for number, part in reversed(list(enumerate(files, 1)))}
    unique = dict.fromkeys((name, ids.get(place, "0"), place) for name, place in notes)
    findings = tuple(say(name, artifact, place) for name, artifact, place in unique)
    limit = next((name for name, _, _ in unique if name in LIMITS), "")
    damage = next((name for name, _, _ in unique if name in DAMAGE), "")
    return Parsed(
        message=replace(
            message,
            body=read.body,
            links=read.links,
            parts=len(parts),
            traits=traits.read(message, read.body.signature),
        ),
        attachments=tuple(parts),
        findings=_bounded(findings),
        texts=read.texts(message.subject, reading.name_texts(files)),
        other_text=read.other,
        state=State.MALFORMED if damage else State.LIMIT if limit else State.INSPECTED,
        state_reason=DAMAGE.get(damage) or LIMITS.get(limit, ""),
    )


def _bounded(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings of one mail; hostile ones could be as many as its parts."""
    if len(findings) <= _MAX_FINDINGS:
        return findings
    kept = [finding for finding in findings if finding.name in LIMITS][:_MAX_FINDINGS]
    return (*kept, *findings[: _MAX_FINDINGS - len(kept)], say("mail.limit-findings"))


def _last_line(raw: bytes, lines: int) -> int:
    """Where the last line that is read ends. Carriage returns alone count as line ends, too."""
    if len(raw) <= lines:
        return len(raw)
    left = lines
    for start in range(0, len(raw), _CHUNK):
        chunk = raw[start : start + _CHUNK]
        count = max(chunk.count(b"\n"), chunk.count(b"\r"))
        if count > left:
            mark = b"\n" if chunk.count(b"\n") == count else b"\r"
            position = -1
            for _ in range(left):
                position = chunk.find(mark, position + 1)
            return start + position + 1
        left -= count
    return len(raw)


def _first_reading(raw: bytes, top: fields.Section, stop: int, limits: Limits) -> Structure:
    """The strict reading, unless it finds no part at all in a multipart where another one does."""
    first = Splitter(raw, limits, _STRICT).split(top, stop)
    if first.root.multipart and not first.root.children:
        for name in sorted(first.ambiguous - {"guess"}):
            other = Splitter(raw, limits, _READINGS[name]).split(top, stop)
            if other.root.children:
                return other
    return first


def _parts(
    raw: bytes, structure: Structure, limits: Limits, notes: list[tuple[str, str]]
) -> tuple[list[Part], dict[str, Part]]:
    """All leaves as parts, and the first reading of each by its place."""
    notes += structure.repairs
    parts: list[Part] = []
    by_place: dict[str, Part] = {}
    for entity in structure.root.leaves():
        leaf = leaves.read(raw, entity, limits)
        notes += ((name, entity.place) for name in leaf.repairs)
        if leaf.parts:
            by_place[entity.place] = leaf.parts[0]
            parts += leaf.parts
    return parts, by_place


def _marked(
    parts: list[Part], by_place: dict[str, Part], segments: list[bodies.Segment]
) -> tuple[list[Part], dict[str, Part]]:
    """The parts with those of the mail's own text marked."""
    own = {place for segment in segments for place in segment.places()}
    marked = {place: replace(part, body=True) if place in own else part for place, part in by_place.items()}
    return [marked.get(part.place, part) for part in parts], marked


def _outside(
    raw: bytes, structure: Structure, limits: Limits, notes: list[tuple[str, str]]
) -> tuple[list[Part], list[str]]:
    """Encoded files and text in what lies before, between and after the parts."""
    parts: list[Part] = []
    texts: list[str] = []
    pending = [structure.root]
    while pending:
        entity = pending.pop()
        pending += reversed(entity.children)
        for start, end in entity.outside:
            data = raw[start:end]
            if data.strip():
                place = f"{entity.place} outside its parts"
                if found := stray(raw, place, (start, end), limits):
                    leaf = leaves.read(raw, found, limits)
                    notes += ((name, place) for name in ("mail.part-outside-parts", *leaf.repairs))
                    parts += leaf.parts
                data, more, repairs = leaves.from_text(data, place, limits)
                notes += ((name, place) for name in repairs)
                parts += more
                text = reading.outside_text(data, limits)
                if text:
                    notes.append(("mail.text-outside-parts", entity.place))
                    texts.append(text)
    return parts, texts


def _second_reading(
    raw: bytes,
    top: fields.Section,
    stop: int,
    way: Reading,
    known: list[Part],
    limits: Limits,
    notes: list[tuple[str, str]],
) -> list[Part]:
    """The parts that another way of reading yields and the first did not; plain text without a name is no file."""
    contents = {part.content for part in known}
    structure = Splitter(raw, limits, way).split(top, stop)
    parts: list[Part] = []
    for entity in structure.root.leaves():
        for part in leaves.read(raw, entity, limits).parts:
            plain = part.declared_type == "text/plain" and not part.name
            if part.content and part.content not in contents and not plain:
                contents.add(part.content)
                place = f"{part.place} read with {way.name}"
                notes.append(("mail.second-reading", place))
                parts.append(replace(part, place=place))
    return parts


def _encoded_in_text(
    by_place: dict[str, Part], segments: list[bodies.Segment], limits: Limits, notes: list[tuple[str, str]]
) -> tuple[dict[str, Part], list[Part]]:
    """Files encoded in plain text: as parts of their own, and the text without them."""
    extra: list[Part] = []
    own = {place for segment in segments for place in segment.places()}
    for place, part in list(by_place.items()):
        if not part.declared_type.startswith(("text/", "multipart/")):
            continue
        text, files, repairs = leaves.from_text(part.content, place, limits)
        if files:
            notes += ((name, files[0].place) for name in repairs)
            extra += files
            if place in own:
                by_place[place] = replace(part, content=text)
    return by_place, extra
