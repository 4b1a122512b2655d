"""PDF: what starts by itself, leads out or carries files. Follows ISO 32000-2.

Actions after section 12.6, embedded files after 7.11.4, forms after 12.7 and 12.7.8 (XFA). One that is encrypted comes
here decrypted, where it could be.
"""

import re
from collections.abc import Iterator

from seriema.examine import words
from seriema.examine.inspector import Examined, Inspector
from seriema.examine.pdf_objects import Stream, decoded_stream, plain_names, scan, strings_after
from seriema.model.artifact import Artifact, Child, State
from seriema.model.errors import HostileInput, LimitReached
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

FILES = 50
SYNTAX_BYTES = 64 << 20
_NAME = re.compile(rb"/(\w{2,40})")
#: Names that say what a document does, and the fact each is.
_FACTS = {
    b"JavaScript": "pdf.script",
    b"JS": "pdf.script",
    b"Launch": "pdf.launch",
    b"OpenAction": "pdf.open-action",
    b"AA": "pdf.additional-actions",
    b"SubmitForm": "pdf.submit-form",
    b"ImportData": "pdf.import-data",
    b"GoToR": "pdf.opens-file",
    b"GoToE": "pdf.opens-embedded-file",
    b"RichMedia": "pdf.rich-media",
    b"XFA": "pdf.xfa-form",
}
_STARTS = b"%PDF-"
_SCRIPT_REFERENCE = re.compile(rb"/JS[ \t\r\n]{1,9}(\d{1,10})[ \t\r\n]{1,9}\d{1,5}[ \t\r\n]{1,9}R")
#: Embedded files: by their type, or as a specification's EF entry refers to them (7.11.4.3).
_FILE_REFERENCE = re.compile(rb"/EF[ \t\r\n]{0,9}<<([^<>]{1,500})>>")
_REFERENCE = re.compile(rb"(\d{1,10})[ \t\r\n]{1,9}\d{1,5}[ \t\r\n]{1,9}R")
_ENCRYPTED = re.compile(rb"/Encrypt[ \t\r\n]{0,9}(?:\d{1,10}[ \t\r\n]{1,9}\d{1,5}[ \t\r\n]{1,9}R|<<)")
_LOCKED = "the document is encrypted"


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """Facts of one document. Of one that is encrypted opening has said why; where it did not, it is ``locked``."""
    syntax, streams = scan(content)
    every = (syntax, *(one.dictionary for one in streams))
    if artifact.decrypted_sha256 is None and any(_ENCRYPTED.search(each) for each in every):
        return Examined(state=State.LOCKED, state_reason=_LOCKED) if artifact.state is State.INSPECTED else Examined()
    return _read(artifact, syntax, streams, limits)


def _read(artifact: Artifact, syntax: bytes, streams: tuple[Stream, ...], limits: Limits) -> Examined:
    reader = _Reader(streams, limits)
    packed = [reader.data(one) for one in streams if one.says(b"ObjStm")]
    open_syntax = b"\n".join(map(plain_names, packed))
    every = syntax + b"\n" + open_syntax
    dictionaries = b"\n".join(one.dictionary for one in streams if one.says(b"FileAttachment") or one.says(b"XFA"))
    names = set(_NAME.findall(every + dictionaries))
    facts = {fact: name for name, fact in _FACTS.items() if name in names}
    findings = [Finding(fact, artifact.id, "", name.decode("ascii")) for fact, name in facts.items()]
    scripts = [*strings_after(every, b"JS"), *reader.scripts(every)]
    launched = list(strings_after(every, b"F", 50)) if "pdf.launch" in facts else []
    findings += [Finding("pdf.launch", artifact.id, "", one[:300]) for one in launched]
    children = tuple(reader.files(every))
    findings += [Finding("pdf.embedded-file", artifact.id, child.name, f"{child.size} bytes") for child in children]
    if not all(one.number for one in streams):
        reader.stop(State.MALFORMED, "a stream whose object was not found")
    if not streams and not names:
        reader.stop(State.MALFORMED, "no objects were found")
    return Examined(
        tuple(findings),
        tuple(dict.fromkeys(_indicators(artifact.id, every, scripts, limits))),
        children,
        (),
        reader.state,
        reader.reason,
    )


def _indicators(artifact: str, syntax: bytes, scripts: list[str], limits: Limits) -> Iterator[Indicator]:
    for target in strings_after(syntax, b"URI", limits.links):
        if target.strip():
            yield Indicator(IndicatorType.URL, target.strip()[:2000], "link", artifact)
    for script in scripts:
        for address in words.urls(script):
            yield Indicator(IndicatorType.URL, address, "link", artifact)


class _Reader:
    """Streams by number, decoded within one budget; what cannot be read becomes the state."""

    def __init__(self, streams: tuple[Stream, ...], limits: Limits) -> None:
        self.streams = streams
        self.by_number = {one.number: one for one in streams}
        self.left = min(SYNTAX_BYTES, limits.opened_bytes)
        self.most = limits.member_bytes
        self.state, self.reason = State.INSPECTED, ""

    def stop(self, state: State, reason: str) -> None:
        """Remember the first thing that could not be read."""
        if self.state is State.INSPECTED:
            self.state, self.reason = state, reason

    def data(self, stream: Stream) -> bytes:
        """A stream's data, b"" when it cannot be read."""
        try:
            data = decoded_stream(stream, min(self.left, self.most))
        except HostileInput as stopped:
            self.stop(State.LIMIT if isinstance(stopped, LimitReached) else State.UNSUPPORTED, str(stopped))
            return b""
        self.left -= len(data)
        return data

    def scripts(self, syntax: bytes) -> Iterator[str]:
        """Scripts that stand in streams of their own."""
        for number in dict.fromkeys(int(found[1]) for found in _SCRIPT_REFERENCE.finditer(syntax)):
            if number in self.by_number:
                yield self.data(self.by_number[number]).decode("latin-1")

    def files(self, syntax: bytes) -> Iterator[Child]:
        """Embedded files; their names stand elsewhere and are not matched up."""
        referred = {
            int(number[1]) for found in _FILE_REFERENCE.finditer(syntax) for number in _REFERENCE.finditer(found[1])
        }
        embedded = [one for one in self.streams if one.number in referred or one.says(b"EmbeddedFile")]
        names = list(dict.fromkeys((*strings_after(syntax, b"UF"), *strings_after(syntax, b"F"))))
        for number, stream in enumerate(embedded[:FILES]):
            content = self.data(stream)
            name = names[number] if len(names) == len(embedded) else f"embedded-{number + 1}"
            if content:
                yield Child(name, content, len(content))
        if len(embedded) > FILES:
            self.stop(State.LIMIT, f"more than {FILES} embedded files")


INSPECTOR = Inspector("pdf", inspect, frozenset({"pdf"}))
