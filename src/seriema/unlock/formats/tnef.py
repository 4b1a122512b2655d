"""TNEF, Outlook's ``winmail.dat``: attachments, mails within, and the body ([MS-OXTNEF]).

Outlook goes by the MAPI properties (long name, data), other programs by the old attributes (title, data): where the two
tell of different files, both are listed and the difference is said.
"""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from seriema.model.artifact import Artifact, State
from seriema.model.errors import HostileInput, Malformed
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.password import Text
from seriema.unlock.format import Container, Format, Key, Member
from seriema.unlock.reading import state_of
from seriema.unlock.tnef import attributes as tnef
from seriema.unlock.tnef import properties as mapi
from seriema.unlock.tnef.compressed_rtf import plain_rtf

_KINDS = frozenset({"tnef"})
_CHUNK = 1 << 16
_IDENTIFIER = 16  #: of the interface, before the data of an object
_SHORT_EXTENSION = 3
_BODIES = {mapi.PLAIN_BODY: "body.txt", mapi.HTML_BODY: "body.html", mapi.RTF_BODY: "body.rtf"}
_FALLBACK = "cp1252"

_Range = tuple[int, int]


@dataclass(slots=True)
class _Attachment:
    """What the attributes of one attachment say; texts by attribute or property."""

    names: dict[int, str] = field(default_factory=dict)
    data: list[_Range] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As Outlook shows it."""
        order = (mapi.LONG_NAME, tnef.TITLE, mapi.SHORT_NAME, tnef.TRANSPORT_NAME, mapi.DISPLAY_NAME)
        return next((self.names[each] for each in order if self.names.get(each)), "")


@dataclass(slots=True)
class _Stream:
    """A TNEF stream while it is read."""

    content: bytes
    artifact: str
    limit: int
    attachments: list[_Attachment] = field(default_factory=list)
    bodies: dict[str, _Range] = field(default_factory=dict)
    wide: set[str] = field(default_factory=set)  #: bodies in UTF-16
    texts: list[Text] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    encoding: str = _FALLBACK
    state: State = State.INSPECTED
    reason: str = ""

    def note(self, state: State, reason: str) -> None:
        """Keep the first thing that is wrong."""
        if not self.reason:
            self.state, self.reason = state, reason


def _open(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    if not recognise(content):
        raise Malformed("no TNEF signature")
    stream = _Stream(content, artifact.id, limits.members)
    try:
        for each in tnef.attributes(content):
            _take(stream, each)
    except HostileInput as error:
        stream.note(state_of(error), str(error))
    members = (*_body_members(stream), *(one for each in stream.attachments for one in _members(stream, each)))
    return Container(
        members=members,
        findings=tuple(stream.findings),
        texts=tuple(stream.texts),
        state=stream.state,
        state_reason=stream.reason,
    )


# -- attributes and properties -----------------------------------------------------------------------------------------


def _take(stream: _Stream, said: tnef.Attribute) -> None:
    if not said.sound:
        stream.note(State.MALFORMED, "TNEF: the checksum of an attribute does not agree")
    raw = stream.content[said.start : min(said.end, said.start + _CHUNK)]
    if said.number == tnef.CODE_PAGE:
        stream.encoding = _encoding(int.from_bytes(raw[:4], "little"))
    elif said.number in (tnef.SUBJECT, tnef.FROM):
        stream.texts.append(Text("attachment", _string(stream, raw)))
    elif said.number == tnef.BODY:
        stream.bodies.setdefault("body.txt", (said.start, said.end))
    elif said.number == tnef.PROPERTIES:
        _message(stream, said)
    elif said.level == tnef.ATTACHMENT:
        _attachment(stream, said, raw)


def _attachment(stream: _Stream, said: tnef.Attribute, raw: bytes) -> None:
    """An attribute of the attachment that began last."""
    if said.number == tnef.RENDERING or not stream.attachments:
        if len(stream.attachments) > stream.limit:
            return
        stream.attachments.append(_Attachment())
    current = stream.attachments[-1]
    if said.number == tnef.DATA:
        current.data.append((said.start, said.end))
    elif said.number in (tnef.TITLE, tnef.TRANSPORT_NAME):
        current.names[said.number] = _string(stream, raw)
    elif said.number == tnef.ATTACHMENT_PROPERTIES:
        for each in mapi.properties(stream.content, said.start, said.end):
            _attached(stream, current, each)


def _attached(stream: _Stream, current: _Attachment, said: mapi.Property) -> None:
    if said.number == mapi.DATA:
        start = said.start + _IDENTIFIER if said.kind == mapi.OBJECT else said.start
        current.data.append((min(start, said.end), said.end))
    elif said.number in (mapi.LONG_NAME, mapi.SHORT_NAME, mapi.DISPLAY_NAME):
        current.names[said.number] = said.text(stream.content, stream.encoding)
    elif said.number in (mapi.SHORT_PATH, mapi.LONG_PATH):
        path = said.text(stream.content, stream.encoding)
        stream.findings.append(Finding("tnef.file-elsewhere", stream.artifact, current.name, path))


def _message(stream: _Stream, said: tnef.Attribute) -> None:
    for each in mapi.properties(stream.content, said.start, said.end):
        name = _BODIES.get(each.number)
        if name and each.end > each.start:
            stream.bodies[name] = each.start, each.end
            if each.wide:
                stream.wide.add(name)
        elif each.number in (mapi.SUBJECT, mapi.SENDER, mapi.SENDER_ADDRESS):
            stream.texts.append(Text("attachment", each.text(stream.content, stream.encoding)))


def _encoding(code_page: int) -> str:
    try:
        return codecs.lookup("utf-8" if code_page == 65001 else f"cp{code_page}").name  # noqa: PLR2004 - Windows' number of UTF-8
    except LookupError:
        return _FALLBACK


def _string(stream: _Stream, raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode(stream.encoding, "replace")


# -- members -----------------------------------------------------------------------------------------------------------


def _body_members(stream: _Stream) -> Iterator[Member]:
    for name, (start, end) in stream.bodies.items():
        if name == "body.rtf":
            yield Member(name, end - start, end - start, _rtf(stream.content, start, end), method="LZFu")
        elif name in stream.wide:
            yield Member(name, end - start, end - start, _utf8(stream.content, start, end), method="UTF-16")
        else:
            yield Member(name, end - start, end - start, _slices(stream.content, start, end), method="stored")


def _members(stream: _Stream, attachment: _Attachment) -> Iterator[Member]:
    """The attachment by each of its contents, and by each of its names that would make another kind of file of it."""
    content = stream.content
    places = {content[start:end]: (start, end) for start, end in attachment.data}
    if len(places) > 1:
        _disagree(stream, "two-contents", attachment.name, "an attachment has two different contents")
    shown = {attachment.name: _extension(attachment.name)}
    for number, name in attachment.names.items():
        if number in (tnef.TITLE, mapi.LONG_NAME, mapi.SHORT_NAME) and _extension(name) not in shown.values():
            shown[name] = _extension(name)
            _disagree(stream, "two-names", attachment.name, f"other programs show {name}")
    if not places and attachment.names:
        yield Member(attachment.name, 0, 0, None, state=State.UNSUPPORTED, state_reason="the attachment has no data")
    for start, end in places.values():
        for name in shown:
            yield Member(name, end - start, end - start, _slices(content, start, end), method="stored")


def _disagree(stream: _Stream, fact: str, place: str, detail: str) -> None:
    stream.findings.append(Finding(f"tnef.{fact}", stream.artifact, place, detail))
    stream.note(State.MALFORMED, detail)


def _extension(name: str) -> str:
    """As far as a short name keeps it."""
    return name.rpartition(".")[2].casefold()[:_SHORT_EXTENSION] if "." in name else ""


_Read = Callable[[Key | None], Iterator[bytes]]


def _slices(content: bytes, start: int, end: int) -> _Read:
    return lambda _key: (content[at : min(at + _CHUNK, end)] for at in range(start, end, _CHUNK))


def _utf8(content: bytes, start: int, end: int) -> _Read:
    return lambda _key: (
        content[at : min(at + _CHUNK, end)].decode("utf-16-le", "replace").encode("utf-8", "replace")
        for at in range(start, end, _CHUNK)
    )


def _rtf(content: bytes, start: int, end: int) -> _Read:
    return lambda _key: plain_rtf(content[start:end])


def recognise(content: bytes) -> bool:
    """Whether it begins with the signature."""
    return content.startswith(tnef.SIGNATURE)


FORMAT = Format(name="tnef", kinds=_KINDS, recognise=recognise, open=_open)
