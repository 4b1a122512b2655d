"""ISO 9660 (ECMA-119) with its two other directories: Joliet and Rock Ridge (IEEE P1282, SUSP 1.12).

One image may hold a tree for each: Windows shows Joliet or else the plain names, macOS and Linux show Rock Ridge. Each
is listed as a view of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import unpack_from

from seriema.model.artifact import State
from seriema.model.errors import HostileInput, Malformed
from seriema.unlock.disc.listing import Found, Listing
from seriema.unlock.disc.rock_ridge import Extras, extras

SECTOR = 2048
_FIRST, _LAST = 16, 32  #: sectors in which volume descriptors are looked for (6.7.1)
_MARK = b"CD001"
_PRIMARY, _SUPPLEMENTARY, _END = 1, 2, 255
_JOLIET = (b"%/@", b"%/C", b"%/E")
_ESCAPES, _BLOCK_SIZE, _ROOT, _ROOT_SIZE = 88, 128, 156, 34
_HIDDEN, _FOLDER, _MORE = 0x01, 0x02, 0x80
_NAME = 33  #: offset of the name in a record, the least length of one
_BLOCKS = frozenset({512, 1024, 2048})


@dataclass(frozen=True, slots=True)
class _Record:
    """One directory record (9.1)."""

    start: int
    size: int
    flags: int
    interleaved: bool
    name: bytes
    extras: Extras


@dataclass(slots=True)
class _Tree:
    """One descriptor's tree while it is walked."""

    content: bytes
    block: int
    listing: Listing
    rock_ridge: bool


def recognise(content: bytes) -> bool:
    """Whether a volume descriptor stands at its place."""
    return any(content.startswith(_MARK, sector * SECTOR + 1) for sector in range(_FIRST, _FIRST + 3))


def listings(content: bytes, limit: int) -> Iterator[Listing]:
    """A listing for each view of each volume descriptor, as far as they can be read."""
    for at in _descriptors(content):
        joliet = content[at] == _SUPPLEMENTARY and content.startswith(_JOLIET, at + _ESCAPES)
        if joliet:
            yield _walked(content, at, Listing("Joliet", limit), rock_ridge=False)
            continue
        plain = _walked(content, at, Listing("ISO 9660", limit, short_names=True), rock_ridge=False)
        named = _walked(content, at, Listing("Rock Ridge", limit), rock_ridge=True)
        different = [each.name for each in named.files] != [each.name for each in plain.files]
        yield from (named, plain) if different else (plain,)


def _descriptors(content: bytes) -> Iterator[int]:
    """Offsets of the descriptors that lead to a directory."""
    for sector in range(_FIRST, _LAST):
        at = sector * SECTOR
        if not content.startswith(_MARK, at + 1) or content[at] == _END:
            return
        if content[at] in (_PRIMARY, _SUPPLEMENTARY) and len(content) >= at + SECTOR:
            yield at


def _walked(content: bytes, at: int, listing: Listing, *, rock_ridge: bool) -> Listing:
    block = unpack_from("<H", content, at + _BLOCK_SIZE)[0]
    tree = _Tree(content, block if block in _BLOCKS else SECTOR, listing, rock_ridge)
    try:
        root = _record(tree, content[at + _ROOT : at + _ROOT + _ROOT_SIZE])
        if root is None or not root.flags & _FOLDER:
            raise Malformed("the volume has no root directory")
        _walk(tree, root)
    except HostileInput as error:
        listing.stopped(error)
    return listing


def _walk(tree: _Tree, root: _Record) -> None:
    """Every folder once, breadth first; one that is listed twice is a loop or a trick and is said."""
    folders, seen = [("", root)], {root.start}
    for path, folder in folders:
        tree.listing.deeper(path)
        running: list[_Record] = []
        for record in _records(tree, folder):
            name = path + _name(tree, record)
            if record.flags & _FOLDER and not record.extras.moved:
                if record.start in seen:
                    tree.listing.facts.append(("repeated-folder", name, ""))
                else:
                    seen.add(record.start)
                    folders.append((f"{name}/", record))
                continue
            running.append(record)
            if not record.flags & _MORE:
                _add(tree, name, running)
                running = []


def _add(tree: _Tree, name: str, records: list[_Record]) -> None:
    first, listing = records[0], tree.listing
    size = sum(each.size for each in records)
    if first.flags & _HIDDEN:
        listing.facts.append(("hidden-file", name, listing.view))
    if first.extras.link:
        listing.facts.append(("symlink", name, listing.view))
    trouble = ""
    if any(each.interleaved for each in records):
        trouble = "the file is interleaved"
    elif tree.rock_ridge and first.extras.packed:
        trouble = "the file is compressed with zisofs"
    state = State.UNSUPPORTED if trouble else State.INSPECTED
    listing.add(Found(name, size, tuple((each.start, each.size) for each in records if each.size), state, trouble))


def _records(tree: _Tree, folder: _Record) -> Iterator[_Record]:
    """The records of a folder without those for itself and its parent; none crosses a sector (6.8.1.1)."""
    at, end = folder.start, folder.start + folder.size
    if end > len(tree.content):
        tree.listing.stopped(Malformed("the image ends within a folder"))
        end = len(tree.content)
    while at < end:
        tree.listing.step()
        length = tree.content[at]
        if not length:
            at = folder.start + ((at - folder.start) // SECTOR + 1) * SECTOR
            continue
        record = _record(tree, tree.content[at : at + length])
        if record is None:
            raise Malformed("a directory record is torn", f"offset {at}")
        if record.name not in (b"\0", b"\1"):
            yield record
        at += length


def _record(tree: _Tree, raw: bytes) -> _Record | None:
    if len(raw) < _NAME or len(raw) < _NAME + raw[32]:
        return None
    extended, extent, size, flags, unit, gap, length = unpack_from("<xBL4xL4x7xBBB4xB", raw)
    name = raw[_NAME : _NAME + length]
    beyond = _NAME + length + (length + 1) % 2
    own = extras(tree.content, raw[beyond:], tree.block) if tree.rock_ridge else Extras()
    start = own.moved or extent
    return _Record((start + extended) * tree.block, size, flags, bool(unit or gap), name, own)


def _name(tree: _Tree, record: _Record) -> str:
    """The name of this view, without the version number that no program shows."""
    if tree.listing.view == "Joliet":
        name = record.name.decode("utf-16-be", "replace")
    elif record.extras.name:
        return record.extras.name
    else:
        name = record.name.decode("ascii" if record.name.isascii() else "cp1252", "replace")
    bare, semicolon, version = name.rpartition(";")
    return bare.removesuffix(".") if semicolon and version.isdigit() else name
