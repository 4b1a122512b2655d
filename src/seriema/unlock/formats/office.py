"""Encrypted Office documents: Word, Excel and PowerPoint of every age ([MS-OFFCRYPTO]); see ``unlock.office``.

What Office itself opens without asking is opened here too: Excel and PowerPoint each try a password of their own first.
"""

from collections.abc import Callable, Iterator, Sequence

from seriema.model.artifact import Artifact, State
from seriema.model.errors import HostileInput, Malformed
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.unlock.format import Container, Format, Key, Lock, Member
from seriema.unlock.office import excel, package, powerpoint, word
from seriema.unlock.office.compound import SIGNATURE, Compound
from seriema.unlock.office.document import Encrypted
from seriema.unlock.reading import state_of

#: Passwords that are no secret: a program tries them before it asks ([MS-OFFCRYPTO] 2.4.2.1 and as PowerPoint does).
_DEFAULTS = (("VelvetSweatshop", "Excel"), ("/01Hannes Ruescher/01", "PowerPoint"))


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


def _open(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    if not content.startswith(SIGNATURE):
        return Container(covers=False)
    known = artifact.kind == _PACKAGE_KIND
    try:
        compound = Compound(content)
        present = [each for each in _DOCUMENTS if each[0].lower() in compound.streams]
        known = any(encrypted(compound) for _, encrypted, _ in present) or known
        if not known:
            return Container(covers=False)
        return _document(artifact, _encryption(compound, present), limits)
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


def _document(artifact: Artifact, found: Encrypted, limits: Limits) -> Container:
    lock, work = found.lock, 0.0
    for password, program in _DEFAULTS:
        work += lock.cost
        if work > limits.password_work:
            break
        for _, key in lock.fits([password]):
            return _opened(artifact, found, key, work, f"opened with the password that {program} tries by itself")
    member = _member(artifact, found, found.read, lock)
    return Container((member,), _facts(artifact, lock.scheme), work=work, covers=False)


def _opened(artifact: Artifact, found: Encrypted, key: Key, work: float, reason: str) -> Container:
    def read(_: Key | None) -> Iterator[bytes]:
        return found.read(key)

    member = _member(artifact, found, read, None)
    return Container((member,), _facts(artifact, found.lock.scheme), state_reason=reason, work=work, covers=False)


def _member(
    artifact: Artifact, found: Encrypted, read: Callable[[Key | None], Iterator[bytes]], lock: Lock | None
) -> Member:
    return Member(
        name=artifact.name,
        size=artifact.size,
        stored=found.stored,
        read=read,
        lock=lock,
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
