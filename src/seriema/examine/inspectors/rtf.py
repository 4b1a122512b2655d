"""Rich Text: objects embedded in it, remote templates, fields that fetch. Follows the RTF 1.9.1 specification.

Object data is read tolerantly, as Word reads it: control words, groups and white space between the hexadecimal digits
are skipped. What an object holds becomes a file of its own ([MS-OLEDS] 2.2).
"""

import re
from collections.abc import Iterator
from itertools import islice

from seriema.examine import words
from seriema.examine.inspector import Examined, Inspector
from seriema.examine.ole_object import native_file, object_content
from seriema.model.artifact import Artifact, Child, State
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

#: Objects of a document, and braces and binary runs of one object's data, that are followed.
OBJECTS, BRACES, RUNS = 50, 100_000, 10_000
BLOCK = 1 << 16
_SKIPPED_MOST = 50  #: bytes of the longest control word with its number
_OBJECT = re.compile(rb"\\objdata", re.IGNORECASE)
_SKIPPED = re.compile(rb"\\'[0-9a-f]{2}|\\[a-z]{1,32}-?\d{0,10} ?|\\[^a-z0-9]", re.IGNORECASE)
_BRACE = re.compile(rb"[{}]")
_BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
_HEX = bytes(set(range(256)) - set(b"0123456789abcdefABCDEF"))
_FACTS = (
    (b"\\objupdate", "rtf.object-update"),
    (b"\\objautlink", "rtf.linked-object"),
    (b"\\objlink", "rtf.linked-object"),
    (b"ddeauto", "rtf.data-exchange"),
    (b"\\*\\template", "rtf.template"),
)
_TEMPLATE = re.compile(rb"\\\*\\template[ \t\r\n]{1,20}([^{}\\]{3,2000})", re.IGNORECASE)
_FIELD = re.compile(
    rb"(?:includepicture|includetext|import|link)[ \t]{1,9}(?:\\?\"|[a-z.0-9]{1,40} \\?\")?(https?:[^\s\"{}]{3,500})",
    re.IGNORECASE,
)


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """Facts and embedded objects of one document."""
    lowered = content.lower()
    findings = [Finding(name, artifact.id, f"offset {lowered.find(mark)}") for mark, name in _FACTS if mark in lowered]
    remote = [found[1].decode("latin-1") for pattern in (_TEMPLATE, _FIELD) for found in pattern.finditer(content)]
    addresses = dict.fromkeys(one for text in remote for one in words.urls(text.replace("\\\\", "/")))
    children, unread = [], 0
    for number, (offset, raw) in enumerate(_objects(content, limits), 1):
        name, child = _child(raw, number)
        findings.append(Finding("rtf.object", artifact.id, f"offset {offset}", name))
        if child and number <= OBJECTS:
            children.append(child)
        else:
            unread += 1
    state, reason = (State.UNSUPPORTED, "object data that was not understood") if unread else (State.INSPECTED, "")
    if len(children) + unread > OBJECTS:
        state, reason = State.LIMIT, f"more than {OBJECTS} objects"
    indicators = tuple(Indicator(IndicatorType.URL, one, "download", artifact.id) for one in addresses)
    return Examined(tuple(findings), indicators, tuple(children), state=state, state_reason=reason)


def _objects(content: bytes, limits: Limits) -> Iterator[tuple[int, bytes]]:
    """Offset and bytes of each object's data, one more than are kept; it ends at the latest where the next begins."""
    places = [found.span() for found in islice(_OBJECT.finditer(content), OBJECTS + 1)]
    following = [begin for begin, _ in (*places, (len(content), 0))][1:]
    left = limits.opened_bytes
    for (begin, end), most in zip(places, following, strict=True):
        raw = _unhexed(content[end : _group_end(content, end, most)])[:left]
        left -= len(raw)
        yield begin, raw


def _group_end(content: bytes, at: int, most: int) -> int:
    """Where the group that is open at ``at`` closes."""
    depth = 1
    for brace in islice(_BRACE.finditer(content, at, most), BRACES):
        depth += 1 if brace[0] == b"{" else -1
        if not depth:
            return brace.start()
    return most


def _unhexed(text: bytes) -> bytes:
    """The hexadecimal digits of object data as bytes; binary runs are taken as they are."""
    pieces: list[bytes] = []
    digits = b""
    at = 0
    for run in islice(_BINARY.finditer(text), RUNS):
        if run.start() < at or not int(run[1]):
            continue
        digits += _digits(text[at : run.start()])
        pieces += [_bytes(digits), text[run.end() : run.end() + int(run[1])]]
        digits, at = b"", run.end() + int(run[1])
    pieces.append(_bytes(digits + _digits(text[at:])))
    return b"".join(pieces)


def _digits(text: bytes) -> bytes:
    """The hexadecimal digits between control words; block by block, never cutting a control word in two."""
    pieces: list[bytes] = []
    at = 0
    while at < len(text):
        end = at + BLOCK
        control = text.rfind(b"\\", end - _SKIPPED_MOST, end) if end < len(text) else -1
        end = control if control > at else end
        pieces.append(_SKIPPED.sub(b"", text[at:end]).translate(None, _HEX))
        at = end
    return b"".join(pieces)


def _bytes(digits: bytes) -> bytes:
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


def _child(raw: bytes, number: int) -> tuple[str, Child | None]:
    """An OLE 1 object's class name and content."""
    name, content = object_content(raw)
    if not content:
        return name or "unreadable", None
    file_name, inner = native_file(content) if name.lower() == "package" else ("", content)
    return name, Child(file_name or f"object-{number}", inner, len(inner))


INSPECTOR = Inspector("rtf", inspect, frozenset({"rtf"}))
