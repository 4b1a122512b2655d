"""Cabinet files, stored and MSZIP; Quantum and LZX are named ([MS-CAB]). A cabinet has no encryption."""

from collections.abc import Iterator
from itertools import islice

from seriema.model.artifact import Artifact, State
from seriema.model.errors import Malformed, Unsupported
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.unlock import hidden
from seriema.unlock.cab.directory import FileEntry, files_of, folders_of, header_of
from seriema.unlock.cab.folder import METHODS, Budget, Folder
from seriema.unlock.format import Container, Format, Key, Member

_INSTALLSHIELD = b"ISc("
_KINDS = frozenset({"cab"})


def _open(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    if content.startswith(_INSTALLSHIELD):
        raise Unsupported("an InstallShield cabinet")
    header = header_of(content)
    if header is None:
        raise Malformed("no cabinet header")
    budget = Budget(2 * limits.opened_bytes)
    listed = folders_of(content, header)
    folders = [Folder(content, each, header.data_reserve, budget.spend) for each in listed]
    files: list[FileEntry] = []
    trouble = "" if header.size <= len(content) else "the cabinet is cut off"
    try:
        files.extend(islice(files_of(content, header), limits.members + 1))
    except Malformed as error:
        trouble = str(error)
    beside = hidden.beside(content, 0, header.size)
    if beside:
        trouble = trouble or f"there is a {beside[0].kind} archive behind it"
    members = [_member(each, folders, len(content)) for each in files]
    members += [hidden.member(content, each, number) for number, each in enumerate(beside)]
    after = len(content) - header.size
    return Container(
        members=tuple(members),
        findings=(Finding("cab.data-after", artifact.id, "", f"{after} bytes"),) if after > 0 else (),
        state=State.MALFORMED if trouble else State.INSPECTED,
        state_reason=trouble,
    )


def _member(file: FileEntry, folders: list[Folder], stored: int) -> Member:
    """One file; the packed bytes are its folder's, so it is weighed against the whole cabinet."""
    if file.folder is None:
        return _unread(file, State.UNSUPPORTED, "its data goes on in another cabinet")
    if file.folder >= len(folders):
        return _unread(file, State.MALFORMED, "its folder does not exist")
    folder = folders[file.folder]
    if folder.method not in (METHODS[0], METHODS[1]):
        return _unread(file, State.UNSUPPORTED, f"compression {folder.method}")

    def read(_key: Key | None) -> Iterator[bytes]:
        return folder.slice(file.offset, file.size)

    return Member(file.name, file.size, stored, read, method=folder.method)


def _unread(file: FileEntry, state: State, reason: str) -> Member:
    return Member(file.name, file.size, 0, None, state=state, state_reason=reason)


def recognise(content: bytes) -> bool:
    """Whether it begins with a sound cabinet header."""
    return header_of(content) is not None


FORMAT = Format(name="cab", kinds=_KINDS, recognise=recognise, open=_open)
