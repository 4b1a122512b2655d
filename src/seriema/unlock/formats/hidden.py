"""Archives inside files that are something else: behind a picture, a program, a document, or in the middle of one.

Whoever opens such a file as an archive finds them, so a finding names each, and each that no other format opens in
place becomes a file of its own. Archives and disk images hold others by their nature: there only one that ends where
the file does stands behind the rest.
"""

from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.unlock import hidden
from seriema.unlock.format import Container, Format
from seriema.unlock.rar.volumes import first_mark
from seriema.unlock.zip import directory as zip_directory

_HOLDERS = frozenset({FileClass.ARCHIVE, FileClass.DISK_IMAGE})
#: Holders that look beside themselves; the last member of a cabinet may end where it does.
_LOOK_THEMSELVES = frozenset({"zip", "cab"})


def _open(artifact: Artifact, content: bytes, _limits: Limits) -> Container:
    found = hidden.places(content)
    if artifact.file_class is FileClass.MAIL or artifact.kind in _LOOK_THEMSELVES:
        return Container(covers=False)
    if artifact.file_class in _HOLDERS:
        found = [each for each in found if each.kind not in ("rar", artifact.kind) and each.end == len(content)]
    elsewhere = _opened_in_place(artifact, content)
    own = [each for each in found if each.kind not in elsewhere]
    state, reason = State.INSPECTED, ""
    if artifact.file_class not in _HOLDERS and hidden.unsearched(content):
        state, reason = State.LIMIT, "more places in it look like archives than are looked at"
    if artifact.file_class in _HOLDERS and found:
        state, reason = State.MALFORMED, f"there is a {found[0].kind} archive behind it"
    return Container(
        members=tuple(hidden.member(content, each, number) for number, each in enumerate(own)),
        findings=tuple(
            Finding(
                "file.appended-archive",
                artifact.id,
                f"offset {each.start}",
                f"{each.kind} of {each.end - each.start} bytes",
            )
            for each in found
        ),
        state=state,
        state_reason=reason,
        covers=False,
    )


def _opened_in_place(artifact: Artifact, content: bytes) -> set[str]:
    """The formats that find their archive inside other files themselves, and are asked about this one."""
    if artifact.file_class is FileClass.OFFICE or artifact.file_class in _HOLDERS:
        return set()
    kinds = {"zip"} if zip_directory.recognise(content) else set()
    return kinds | ({"rar"} if first_mark(content) >= 0 else set())


def _recognise(content: bytes) -> bool:
    return bool(hidden.places(content)) or hidden.crowded(content)


FORMAT = Format(name="file", kinds=frozenset(), recognise=_recognise, open=_open, within_documents=True)
