"""tar archives: v7, ustar, GNU and pax, sparse files included; they have no encryption. See ``unlock.tar``.

Nothing is followed or made: links and devices are facts about the archive, named with where they lead.
"""

from collections.abc import Iterator
from functools import partial

from seriema.model.artifact import Artifact, State
from seriema.model.errors import Malformed
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.password import Text
from seriema.unlock.format import Container, Format, Key, Member
from seriema.unlock.reading import state_of
from seriema.unlock.tar.records import BLOCK, checksum_agrees
from seriema.unlock.tar.walk import Entry, Walk

_CHUNK = 1 << 16


def recognise(content: bytes) -> bool:
    """Whether it begins with a header whose checksum agrees."""
    return checksum_agrees(content[:BLOCK])


def open_tar(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    """List a tar. ``Malformed`` when it begins with no header."""
    if content.strip(b"\0") and not recognise(content):
        raise Malformed("it begins with no header that agrees with its checksum")
    walk = Walk(content)
    members: list[Member] = []
    findings: list[Finding] = []
    for entry in walk.entries():
        if not entry.fact:
            members.append(_member(memoryview(content), entry))
        elif entry.fact not in ("directory", "label") and len(findings) < limits.findings:
            findings.append(Finding(f"tar.{entry.fact}", artifact.id, entry.name, entry.link))
        if len(members) > limits.members:
            break
    return Container(
        members=tuple(members),
        findings=tuple(findings),
        texts=(Text("name", "\n".join(each.name for each in members)),) if members else (),
        state=State.MALFORMED if walk.trouble else State.INSPECTED,
        state_reason=walk.trouble,
    )


def _member(content: memoryview, entry: Entry) -> Member:
    return Member(
        name=entry.name,
        size=entry.size,
        stored=entry.stored,
        read=partial(_read, content, entry),
        method="sparse" if entry.sparse else "",
        state=state_of(entry.trouble) if entry.trouble else State.INSPECTED,
        state_reason=str(entry.trouble or ""),
    )


def _read(content: memoryview, entry: Entry, _key: Key | None) -> Iterator[bytes]:
    data = content[entry.data : entry.data + entry.stored]
    if entry.sparse and not entry.trouble:
        yield from entry.sparse.filled(data)
        return
    for at in range(0, len(data), _CHUNK):
        yield bytes(data[at : at + _CHUNK])


FORMAT = Format(name="tar", kinds=frozenset({"tar"}), recognise=recognise, open=open_tar)
