"""ZIP archives: plain, ZipCrypto and WinZip AES, in every code page and however torn (APPNOTE.TXT 6.3.10).

Strong encryption (section 7) and methods without a codec are named and left. See ``unlock.zip`` for the parts.
"""

from collections.abc import Iterator

from seriema.model.artifact import Artifact, State
from seriema.model.errors import Malformed
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.password import Text
from seriema.unlock import hidden
from seriema.unlock.format import Container, Format, Member
from seriema.unlock.zip import records, zipcrypto
from seriema.unlock.zip.directory import Directory, begins_as_zip, read_directory, recognise
from seriema.unlock.zip.member_names import decoded_name
from seriema.unlock.zip.members import member_of

_KINDS = frozenset({"zip"})
_UNIX_HOSTS = frozenset({3, 19})
_FILE_TYPE, _SYMLINK = 0o170000, 0o120000
_COMMENT_CHARS = 4096


def open_zip(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    """List a ZIP by all its views. ``Malformed`` when no header at all can be read."""
    directory = read_directory(content, limits.members)
    if not directory.entries and not content.startswith(records.END):
        raise Malformed(directory.trouble or "no file header can be read")
    files = [each for each in directory.entries if not _folder(each.header)]
    schedules, view = zipcrypto.Schedules(), memoryview(content)
    members = tuple(member_of(view, each, schedules) for each in files)
    _two_contents(directory, members)
    if artifact.kind in _KINDS:
        members += _beside(content, directory)
    state, reason = _own_state(directory, limits)
    return Container(
        members=members,
        findings=tuple(_findings(artifact.id, directory)),
        texts=tuple(_texts(directory, members)),
        state=state,
        state_reason=reason,
        covers=artifact.kind in _KINDS or begins_as_zip(content),
    )


def _folder(header: records.Header) -> bool:
    return header.name.endswith((b"/", b"\\")) and not header.size and not header.crc32


def _beside(content: bytes, directory: Directory) -> tuple[Member, ...]:
    """Archives of other formats before or behind this one: some programs open these instead."""
    found = hidden.beside(content, *directory.taken)
    for each in found:
        directory.note("another-archive", f"offset {each.start}", f"there is a {each.kind} archive beside it")
    return tuple(hidden.member(content, each, number) for number, each in enumerate(found))


def _two_contents(directory: Directory, members: tuple[Member, ...]) -> None:
    """One name with different contents: which of them a person gets depends on the program."""
    contents: dict[str, tuple[int | None, int]] = {}
    for member in members:
        known = contents.setdefault(member.name.casefold(), (member.crc32, member.size))
        if known != (member.crc32, member.size):
            directory.note("two-contents", member.name, "one name stands for different contents")


def _own_state(directory: Directory, limits: Limits) -> tuple[State, str]:
    if any(each.header.flags & records.MASKED for each in directory.entries):
        return State.UNSUPPORTED, "PKWARE strong encryption, also of the central directory"
    if directory.trouble:
        return State.MALFORMED, directory.trouble
    if directory.cut:
        return State.LIMIT, f"more than {limits.members} members"
    return State.INSPECTED, ""


def _findings(artifact: str, directory: Directory) -> Iterator[Finding]:
    for fact, place, detail in directory.facts:
        yield Finding(f"zip.{fact}", artifact, place, detail)
    for entry in directory.entries:
        if entry.header.host in _UNIX_HOSTS and entry.header.attributes >> 16 & _FILE_TYPE == _SYMLINK:
            yield Finding("zip.symlink", artifact, decoded_name(entry.header))


def _texts(directory: Directory, members: tuple[Member, ...]) -> Iterator[Text]:
    if directory.comment:
        yield Text("attachment", directory.comment[:_COMMENT_CHARS].decode("utf-8", "replace"))
    if members:
        yield Text("name", "\n".join(member.name for member in members))


FORMAT = Format(name="zip", kinds=_KINDS, recognise=recognise, open=open_zip, anywhere=True)
