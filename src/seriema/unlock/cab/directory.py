"""The directory of a cabinet: header, folders and files as they stand in the bytes ([MS-CAB] 2.1–2.3)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from seriema.model.errors import Malformed

MAGIC = b"MSCF"
_HEADER = struct.Struct("<4s4xL4xL4xBBHHHHH")
_RESERVED = struct.Struct("<HBB")
_FOLDER = struct.Struct("<LHH")
_FILE = struct.Struct("<LLHHHH")
_PREVIOUS, _NEXT, _RESERVE = 0x1, 0x2, 0x4
_UTF8_NAME = 0x80
#: Folder numbers of files that begin in the cabinet before, go on in the next, or both (2.3).
_CONTINUED = frozenset({0xFFFD, 0xFFFE, 0xFFFF})
_LONGEST_NAME = 1024
_MAJOR = 1


@dataclass(frozen=True, slots=True)
class Header:
    """The cabinet header and where the folders begin."""

    size: int  #: declared bytes of the cabinet
    files_at: int
    folders: int
    files: int
    folders_at: int
    folder_reserve: int
    data_reserve: int


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A run of compressed blocks that several files share."""

    data_at: int
    blocks: int
    compression: int


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file: a slice of its folder's opened bytes. ``folder`` is None for a file that spans cabinets."""

    name: str
    size: int
    offset: int
    folder: int | None


def header_of(content: bytes) -> Header | None:
    """The header, if it is one that a program would accept."""
    if len(content) < _HEADER.size or not content.startswith(MAGIC):
        return None
    _, size, files_at, _, major, folders, files, flags, _, _ = _HEADER.unpack_from(content)
    at, reserves = _HEADER.size, (0, 0, 0)
    if flags & _RESERVE and len(content) >= at + _RESERVED.size:
        reserves = _RESERVED.unpack_from(content, at)
        at += _RESERVED.size + reserves[0]
    for _ in range(2 * (bool(flags & _PREVIOUS) + bool(flags & _NEXT))):
        at = content.find(b"\0", at, at + _LONGEST_NAME) + 1
        if not at:
            return None
    sound = major == _MAJOR and _HEADER.size <= files_at < size and at <= files_at
    return Header(size, files_at, folders, files, at, reserves[1], reserves[2]) if sound else None


def folders_of(content: bytes, header: Header) -> list[FolderEntry]:
    """All folders; ``Malformed`` when the file ends before they do."""
    step = _FOLDER.size + header.folder_reserve
    if header.folders_at + step * header.folders > len(content):
        raise Malformed("the cabinet ends within its folders")
    places = range(header.folders_at, header.folders_at + step * header.folders, step)
    return [FolderEntry(*_FOLDER.unpack_from(content, at)) for at in places]


def files_of(content: bytes, header: Header) -> Iterator[FileEntry]:
    """The files in order; ``Malformed`` where the list is torn."""
    at = header.files_at
    for _ in range(header.files):
        end = content.find(b"\0", at + _FILE.size, at + _FILE.size + _LONGEST_NAME)
        if end < 0:
            raise Malformed("the cabinet ends within its list of files")
        size, offset, folder, _, _, attributes = _FILE.unpack_from(content, at)
        name = _decoded(content[at + _FILE.size : end], utf8=bool(attributes & _UTF8_NAME))
        yield FileEntry(name, size, offset, None if folder in _CONTINUED else folder)
        at = end + 1


def _decoded(name: bytes, *, utf8: bool) -> str:
    """Without the UTF-8 mark it is the writer's code page; Windows-1252 loses no byte that it has."""
    if name.isascii() or utf8:
        return name.decode("utf-8", "replace")
    return name.decode("cp1252", "replace")
