"""Encrypted Office documents: Word, Excel and PowerPoint of every age ([MS-OFFCRYPTO]); see ``unlock.office``.

What Office itself opens without asking is opened here too: Excel and PowerPoint each try a password of their own first.
"""

import re
from collections.abc import Callable, Sequence

from seriema.model.artifact import Artifact, State
from seriema.model.errors import HostileInput, Malformed
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.password import Candidate
from seriema.unlock.format import Container, Format, Member
from seriema.unlock.office import excel, package, powerpoint, word
from seriema.unlock.office.compound import SIGNATURE, Compound
from seriema.unlock.office.document import Encrypted
from seriema.unlock.reading import state_of

#: Passwords that are no secret: a program tries them before it asks ([MS-OFFCRYPTO] 2.4.2.1 and as PowerPoint does).
_OWN = (Candidate("VelvetSweatshop", "Excel"), Candidate("/01Hannes Ruescher/01", "PowerPoint"))
#: Word asks for every password. What it opens by its name needs no tries that cost a tenth of a second each.
_OF_WORD = re.compile(r"\.do[ct][xm]?[ .]*\Z", re.IGNORECASE)


_Document = tuple[str, Callable[[Compound], bool], Callable[[Compound], Encrypted]]
#: Streams of which each makes a compound file a document of its own, whether it is encrypted, and how.
_DOCUMENTS: tuple[_Document, ...] = (
    (package.PACKAGE, lambda _: True, package.encryption),
    (word.MAIN, word.is_encrypted, word.encryption),
    *((name, excel.is_encrypted, excel.encryption) for name in excel.STREAMS),
    (powerpoint.MAIN, powerpoint.is_encrypted, powerpoint.encryption),
)
#: The kind that ``examine`` gives to a file whose package is encrypted.
_PACKAGE_KIND = "encrypted-office"


def _open(artifact: Artifact, content: bytes, _: Limits) -> Container:
    if not content.startswith(SIGNATURE):
        return Container(covers=False)
    known = artifact.kind == _PACKAGE_KIND
    try:
        compound = Compound(content)
        present = [each for each in _DOCUMENTS if each[0].lower() in compound.streams]
        known = any(encrypted(compound) for _, encrypted, _ in present) or known
        if not known:
            return Container(covers=False)
        return _document(artifact, _encryption(compound, present))
    except HostileInput as error:
        if not known:
            raise
        return _sealed(artifact, state_of(error), str(error))


def _encryption(compound: Compound, present: Sequence[_Document]) -> Encrypted:
    """Of the one document that the file is; programs would not agree about two."""
    if len(present) != 1:
        raise Malformed(f"an encrypted file that is {len(present)} documents")
    _, _, encryption = present[0]
    return encryption(compound)


def _document(artifact: Artifact, found: Encrypted) -> Container:
    own = () if artifact.kind == _PACKAGE_KIND and _OF_WORD.search(artifact.name) else _OWN
    return Container((_member(artifact, found),), _facts(artifact, found.lock.scheme), covers=False, own=own)


def _member(artifact: Artifact, found: Encrypted) -> Member:
    return Member(
        name=artifact.name,
        size=artifact.size,
        stored=found.stored,
        read=found.read,
        lock=found.lock,
        method=found.lock.scheme,
        state=State.UNSUPPORTED if found.unread else State.INSPECTED,
        state_reason=found.unread,
        encrypted=True,
        itself=True,
    )


def _sealed(artifact: Artifact, state: State, reason: str) -> Container:
    member = Member(
        artifact.name, artifact.size, artifact.size, None, state=state, state_reason=reason, encrypted=True, itself=True
    )
    return Container((member,), _facts(artifact, reason), covers=False)


def _facts(artifact: Artifact, how: str) -> tuple[Finding, ...]:
    return (Finding("office.encrypted", artifact.id, "", how),)


FORMAT = Format(
    name="office",
    kinds=frozenset({"doc", "xls", "ppt", "ole", "visio", "publisher", "encrypted-office"}),
    recognise=lambda _: False,
    open=_open,
)
