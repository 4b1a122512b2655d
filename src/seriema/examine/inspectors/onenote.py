"""OneNote sections: the files attached to pages, each a file of its own, and the addresses that stand on them.

[MS-ONESTORE] 2.6.13: a FileDataStoreObject is a header GUID, the length of its data in 8 bytes, 12 more, then the data.
The objects are found by their GUID wherever they lie, so that a broken index hides none. Names of the attachments stand
in property sets elsewhere ([MS-ONE] 2.3.17, EmbeddedFileName) and are matched only where as many are found.
"""

import re
from dataclasses import replace
from struct import unpack_from

from seriema.examine import signatures, words
from seriema.examine.inspector import Examined, Inspector
from seriema.examine.kinds import KINDS
from seriema.model.artifact import Artifact, Child, State
from seriema.model.errors import Malformed
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

#: guidHeader {BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC} as it is stored.
_HEADER = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
_SECTION = 1_024
_BEFORE_DATA = 36  #: the GUID, the length, an unused number and a reserved one
FILES, NAMES, TEXT = 100, 200, 8 << 20
_MORE = f"more than {FILES} attached files, or a large one"
_NAME = re.compile(rb"((?:[\x20-\x2d\x30-\x39\x3b-\x5b\x5d-\x7b\x7d-\x7e]\0){1,120}\.\0(?:[A-Za-z0-9]\0){1,8})\0\0")
_WIDE_TEXT = re.compile(rb"(?:[\x20-\x7e]\0){8,2000}")


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """The attachments of one section. Raises ``Malformed`` for one shorter than its header (2.3.1)."""
    if len(content) < _SECTION:
        raise Malformed("a section shorter than its header")
    findings: list[Finding] = []
    children: list[Child] = []
    names = _names(content)
    state, reason = State.INSPECTED, ""
    count = 0
    at = content.find(_HEADER)
    while at >= 0:
        length = unpack_from("<Q", content.ljust(at + _BEFORE_DATA, b"\0"), at + 16)[0]
        data = content[at + _BEFORE_DATA : at + _BEFORE_DATA + min(length, len(content))]
        if len(data) < length:
            state, reason = State.MALFORMED, "an attached file is cut off"
        if count >= FILES or len(data) > limits.member_bytes:
            return Examined(
                tuple(findings), (), tuple(children), (), State.LIMIT, f"more than {FILES} files, or a large one"
            )
        kind = signatures.match(data)
        if data and not (kind in KINDS and KINDS[kind].harmless):  # pictures of the page are its own
            count += 1
            children.append(Child(f"attached-{count}{'.' + kind if kind else ''}", data, len(data)))
            findings.append(Finding("onenote.attached-file", artifact.id, f"offset {at}", children[-1].name))
        at = content.find(_HEADER, at + _BEFORE_DATA)
    if len(names) == len(children):
        children = [replace(one, name=name) for one, name in zip(children, names, strict=True)]
        findings = [replace(one, detail=name) for one, name in zip(findings, names, strict=True)]
    return Examined(tuple(findings), tuple(_links(artifact.id, content)), tuple(children), (), state, reason)


def _names(content: bytes) -> list[str]:
    """File names in the order they stand in the property sets, each once."""
    found = dict.fromkeys(one[1].decode("utf-16-le") for one in list(_NAME.finditer(content[:TEXT]))[:NAMES])
    return [one for one in found if one.rpartition(".")[2].lower() not in ("png", "jpg", "jpeg", "one", "gif", "emf")]


def _links(artifact: str, content: bytes) -> list[Indicator]:
    """Addresses in the text of the pages."""
    texts = (one[0].decode("utf-16-le") for one in _WIDE_TEXT.finditer(content[:TEXT]))
    found = dict.fromkeys(url for text in texts for url in words.urls(text))
    return [Indicator(IndicatorType.URL, one, "link", artifact) for one in found][:NAMES]


INSPECTOR = Inspector("onenote", inspect, frozenset({"onenote"}))
