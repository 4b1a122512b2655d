"""Archives inside files that are something else: behind a picture, a program, a document, or in the middle of one.

Whoever opens such a file as an archive finds them, so a finding names each, and each that no other format opens in
place becomes a file of its own. Archives and disk images are left out, as they hold others by their nature.
"""

from seriema.model.artifact import Artifact, FileClass
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.unlock import hidden
from seriema.unlock.format import Container, Format
from seriema.unlock.rar.volumes import first_mark
from seriema.unlock.zip import directory as zip_directory

_HOLDERS = frozenset({FileClass.ARCHIVE, FileClass.DISK_IMAGE, FileClass.MAIL})


def _open(artifact: Artifact, content: bytes, _limits: Limits) -> Container:
    if artifact.file_class in _HOLDERS:
        return Container(covers=False)
    found = hidden.places(content)
    elsewhere = _opened_in_place(artifact, content)
    own = [each for each in found if each.kind not in elsewhere]
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
        covers=False,
    )


def _opened_in_place(artifact: Artifact, content: bytes) -> set[str]:
    """The formats that find their archive inside other files themselves; they are not asked about documents."""
    if artifact.file_class is FileClass.OFFICE:
        return set()
    kinds = {"zip"} if zip_directory.recognise(content) else set()
    return kinds | ({"rar"} if first_mark(content) >= 0 else set())


def _recognise(content: bytes) -> bool:
    return bool(hidden.places(content))


FORMAT = Format(name="file", kinds=frozenset(), recognise=_recognise, open=_open, within_documents=True)
