"""Legacy Office documents: Excel 4 macro sheets, embedded files, and whether there is anything to read.

Word after [MS-DOC] 2.5.2 (FibBase), Excel after [MS-XLS] 2.4 (FilePass, BoundSheet8), PowerPoint after [MS-PPT] 2.3.3
(CurrentUserAtom). Macros in VBA are the vba inspector's.
"""

from collections.abc import Iterator
from struct import unpack_from

from seriema.examine.compound import SIGNATURE, Compound, open_compound
from seriema.examine.inspector import Examined, Inspector
from seriema.examine.ole_streams import FILES, files_in
from seriema.model.artifact import Artifact, Child, State
from seriema.model.finding import Finding
from seriema.model.limits import Limits

_WORD_FLAGS, _WORD_ENCRYPTED = 0x0A, 0x0100
_FILE_PASS, _BOUND_SHEET, _END_OF_PART = 0x2F, 0x85, 0x0A
_MACRO_SHEET = 1
_RECORDS = 200_000
_PRESENTATION_ENCRYPTED = 0xF3D1C4DF
_EQUATIONS = ("equation native", "{0002ce02-0000-0000-c000-000000000046}")


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """Facts of one document. Of one that is encrypted opening has said why; where it did not, it is ``locked``."""
    if not content.startswith(SIGNATURE):
        return Examined()  # the same kind as a package is the office_package inspector's
    compound = open_compound(content)
    if "encryptedpackage" in compound.entries or _encrypted(artifact.kind, compound):
        if artifact.state is not State.INSPECTED:
            return Examined()
        return Examined(state=State.LOCKED, state_reason="the document is encrypted")
    findings = [Finding("office.equation-object", artifact.id, path) for path in _equations(compound)]
    sheets = list(_macro_sheets(compound)) if artifact.kind == "xls" else []
    findings += [Finding("office.macro-sheet", artifact.id, name) for name in sheets]
    files = files_in(compound, limits.member_bytes)
    children = [Child(name or "embedded", inner, len(inner)) for name, inner in files[:FILES]]
    findings += [Finding("office.embedded-file", artifact.id, "", child.name) for child in children]
    state, reason = (State.UNSUPPORTED, "Excel 4 macros are not read") if sheets else (State.INSPECTED, "")
    if state is State.INSPECTED and sum(1 for _ in _records(_workbook(compound))) == _RECORDS:
        state, reason = State.LIMIT, f"more than {_RECORDS} records"
    if state is State.INSPECTED and len(files) > FILES:
        state, reason = State.LIMIT, f"more than {FILES} embedded files"
    if artifact.kind == "ole":
        state, reason = State.UNSUPPORTED, "a compound file of a kind that nothing here reads"
    return Examined(tuple(findings), (), tuple(children), state=state, state_reason=reason)


def _encrypted(kind: str, compound: Compound) -> bool:
    if kind == "doc":
        header = _beginning(compound, "WordDocument")
        return len(header) > _WORD_FLAGS + 1 and bool(unpack_from("<H", header, _WORD_FLAGS)[0] & _WORD_ENCRYPTED)
    if kind == "xls":
        return any(number == _FILE_PASS for number, _ in _records(_workbook(compound)))
    if kind == "ppt":
        user = _beginning(compound, "Current User")
        return len(user) >= 16 and unpack_from("<I", user, 12)[0] == _PRESENTATION_ENCRYPTED  # noqa: PLR2004 - headerToken ends there
    return False


def _beginning(compound: Compound, stream: str) -> bytes:
    """The start of a stream, however large it is; b"" when there is none."""
    return compound.read(stream, len(compound.content))[:4096] if stream in compound else b""


def _workbook(compound: Compound) -> bytes:
    for name in ("Workbook", "Book"):
        if name in compound:
            return compound.read(name, len(compound.content))
    return b""


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of the records of the first part, the workbook's globals ([MS-XLS] 2.1.4)."""
    at = 0
    for _ in range(_RECORDS):
        if at + 4 > len(stream):
            return
        number, size = unpack_from("<HH", stream, at)
        if number == _END_OF_PART:
            return
        yield number, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _macro_sheets(compound: Compound) -> Iterator[str]:
    """Names of the sheets that hold Excel 4 macros ([MS-XLS] 2.4.28)."""
    for number, content in _records(_workbook(compound)):
        if number == _BOUND_SHEET and len(content) > 8 and content[5] == _MACRO_SHEET:  # noqa: PLR2004 - the name begins there
            wide = content[7] & 1
            yield content[8:].decode("utf-16-le" if wide else "cp1252", "replace")


def _equations(compound: Compound) -> Iterator[str]:
    """Objects of the old equation editor, whose program was withdrawn for its faults."""
    for entry in compound.entries.values():
        if entry.path.rpartition("/")[2].lower() == _EQUATIONS[0] or f"{{{entry.clsid}}}" == _EQUATIONS[1]:
            yield entry.path


INSPECTOR = Inspector(
    "office_binary",
    inspect,
    frozenset({"doc", "xls", "ppt", "ole", "visio", "publisher", "encrypted-office"}),
)
