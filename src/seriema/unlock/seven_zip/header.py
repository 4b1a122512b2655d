"""The header of a 7z archive: which files lie in which folders, and how a folder is packed (7zFormat.txt).

A folder is a small graph of coders whose one open output is all its files, one after the other ("solid"). Every list is
bounded by the bytes it is written in and by ``numbers.MOST``; what the header says of places is checked by who reads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from seriema.model.errors import Malformed, Unsupported
from seriema.unlock.seven_zip.numbers import Fields

END, HEADER, PROPERTIES, ADDITIONAL, MAIN, FILES = range(6)
PACK, UNPACK, SUBSTREAMS, SIZE, CRC, FOLDER, UNPACK_SIZE, STREAM_COUNT = range(6, 14)
EMPTY_STREAM, EMPTY_FILE, ANTI, NAMES = range(14, 18)
ATTRIBUTES, ENCODED = 0x15, 0x17

_MOST_CODERS = 32  #: of one folder, as 7-Zip has it; also inputs
_ID_SIZE, _COMPLEX, _PROPERTIES, _RESERVED = 0x0F, 0x10, 0x20, 0x80
_UNIX, _REPARSE, _DIRECTORY = 0x8000, 0x400, 0x10
_FILE_TYPE, _SYMLINK = 0o170000, 0o120000


@dataclass(frozen=True, slots=True)
class Coder:
    """One step of unpacking. Its inputs are numbered on from ``first`` over the whole folder."""

    method: bytes
    properties: bytes
    inputs: int
    first: int
    size: int = 0  #: bytes that come out


@dataclass(frozen=True, slots=True)
class Folder:
    """Coders and how they are joined."""

    coders: tuple[Coder, ...]
    bonds: dict[int, int]  #: input → the coder whose output it is
    packed: tuple[int, ...]  #: inputs that come from the archive, in the order of its packed streams
    crc32: int | None = None

    @property
    def main(self) -> int:
        """The coder whose output is the folder's. ``Malformed`` when there is not exactly one."""
        free = set(range(len(self.coders))) - set(self.bonds.values())
        if len(free) != 1:
            raise Malformed("a folder without one output")
        return free.pop()

    @property
    def size(self) -> int:
        """Bytes of all its files together."""
        return self.coders[self.main].size


class Stream(NamedTuple):
    """One file's place in what a folder unpacks to."""

    folder: int
    start: int
    size: int
    crc32: int | None


@dataclass(frozen=True, slots=True)
class Streams:
    """Packed data (offset behind the signature header, size), folders with the number of their first, contents."""

    packs: tuple[tuple[int, int], ...] = ()
    folders: tuple[Folder, ...] = ()
    contents: tuple[Stream, ...] = ()

    def packs_of(self, number: int) -> tuple[tuple[int, int], ...]:
        """The packed streams of one folder."""
        first = sum(len(each.packed) for each in self.folders[:number])
        mine = self.packs[first : first + len(self.folders[number].packed)]
        if len(mine) < len(self.folders[number].packed):
            raise Malformed("a folder without its packed data")
        return mine


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in the archive. ``stream`` is None for directories and empty files."""

    name: str
    stream: Stream | None
    directory: bool = False
    anti: bool = False  #: says that a file is to be deleted
    attributes: int = 0

    @property
    def symlink(self) -> bool:
        """A link, as Unix or Windows have it; its content is the target."""
        unix = self.attributes & _UNIX and self.attributes >> 16 & _FILE_TYPE == _SYMLINK
        return bool(unix or self.attributes & _REPARSE)


@dataclass(frozen=True, slots=True)
class Header:
    """All that a header says. ``encoded`` says that the streams hold the real header, packed."""

    streams: Streams
    entries: tuple[Entry, ...] = ()
    encoded: bool = False


def parse(data: bytes) -> Header:
    """Read a header. Raises ``Malformed``, ``Unsupported`` and ``LimitReached``."""
    fields = Fields(data)
    kind = fields.number()
    if kind == ENCODED:
        return Header(_streams(fields), encoded=True)
    if kind != HEADER:
        raise Malformed(f"a header of kind {kind}")
    kind, streams = fields.number(), Streams()
    entries: tuple[Entry, ...] = ()
    if kind == PROPERTIES:
        _skip_properties(fields)
        kind = fields.number()
    if kind == ADDITIONAL:
        raise Unsupported("additional streams in a header")
    if kind == MAIN:
        streams = _streams(fields)
        kind = fields.number()
    if kind == FILES:
        entries = _files(fields, streams.contents)
        kind = fields.number()
    if kind != END:
        raise Malformed(f"property {kind} where the header should end")
    return Header(streams, entries)


def _skip_properties(fields: Fields) -> None:
    while fields.number() != END:
        fields.take(fields.number())


# -- streams and folders -----------------------------------------------------------------------------------------------


def _streams(fields: Fields) -> Streams:
    packs: tuple[tuple[int, int], ...] = ()
    folders: tuple[Folder, ...] = ()
    contents: tuple[Stream, ...] | None = None
    while (kind := fields.number()) != END:
        if kind == PACK and not packs:
            packs = _packs(fields)
        elif kind == UNPACK and not folders:
            folders = _folders(fields)
        elif kind == SUBSTREAMS and contents is None:
            contents = _contents(fields, folders)
        else:
            raise Malformed(f"property {kind} among the streams")
    if contents is None:
        contents = tuple(Stream(number, 0, each.size, each.crc32) for number, each in enumerate(folders))
    return Streams(packs, folders, contents)


def _packs(fields: Fields) -> tuple[tuple[int, int], ...]:
    at, count = fields.number(), fields.count("packed streams")
    sizes: list[int] = []
    while (kind := fields.number()) != END:
        if kind == SIZE:
            sizes = [fields.number() for _ in range(count)]
        elif kind == CRC:
            fields.digests(count)
        else:
            raise Malformed(f"property {kind} among the packed streams")
    packs = []
    for size in sizes:
        packs.append((at, size))
        at += size
    return tuple(packs)


def _folders(fields: Fields) -> tuple[Folder, ...]:
    _expect(fields, FOLDER)
    count = fields.count("folders")
    if fields.byte():
        raise Unsupported("folders described elsewhere")
    shapes = [_folder(fields) for _ in range(count)]
    _expect(fields, UNPACK_SIZE)
    sizes = [[fields.number() for _ in coders] for coders, _, _ in shapes]
    crcs: Sequence[int | None] = [None] * count
    while (kind := fields.number()) != END:
        if kind != CRC:
            raise Malformed(f"property {kind} among the folders")
        crcs = fields.digests(count)
    return tuple(
        Folder(tuple(_sized(one, size) for one, size in zip(coders, each, strict=True)), bonds, packed, crc)
        for (coders, bonds, packed), each, crc in zip(shapes, sizes, crcs, strict=True)
    )


def _sized(coder: Coder, size: int) -> Coder:
    return Coder(coder.method, coder.properties, coder.inputs, coder.first, size)


def _expect(fields: Fields, kind: int) -> None:
    if (found := fields.number()) != kind:
        raise Malformed(f"property {found} instead of {kind}")


def _folder(fields: Fields) -> tuple[list[Coder], dict[int, int], tuple[int, ...]]:
    count = fields.number()
    if not 0 < count <= _MOST_CODERS:
        raise Unsupported(f"a folder of {count} coders")
    coders: list[Coder] = []
    inputs = 0
    for _ in range(count):
        coders.append(_coder(fields, inputs))
        inputs += coders[-1].inputs
    bonds: dict[int, int] = {}
    for _ in range(count - 1):
        taken, coder = fields.number(), fields.number()
        if taken >= inputs or coder >= count or taken in bonds or coder in bonds.values():
            raise Malformed("coders joined in a way that makes no sense")
        bonds[taken] = coder
    free = [each for each in range(inputs) if each not in bonds]
    packed = [fields.number() for _ in free] if len(free) > 1 else free
    if sorted(packed) != free:
        raise Malformed("packed streams joined in a way that makes no sense")
    return coders, bonds, tuple(packed)


def _coder(fields: Fields, first: int) -> Coder:
    shape = fields.byte()
    method = fields.take(shape & _ID_SIZE)
    if shape & _RESERVED:
        raise Unsupported("a coder with alternatives")
    inputs, outputs = (fields.number(), fields.number()) if shape & _COMPLEX else (1, 1)
    if not 0 < inputs <= _MOST_CODERS or outputs != 1:
        raise Unsupported(f"a coder of {inputs} inputs and {outputs} outputs")
    return Coder(method, fields.take(fields.number()) if shape & _PROPERTIES else b"", inputs, first)


def _contents(fields: Fields, folders: Sequence[Folder]) -> tuple[Stream, ...]:
    """The files' streams: several in a solid folder, one as a rule."""
    counts = [1] * len(folders)
    kind = fields.number()
    if kind == STREAM_COUNT:
        counts = [fields.count("files in a folder") for _ in folders]
        if sum(counts) > len(folders) + fields.left:
            raise Malformed("more files in the folders than the header has room for")
        kind = fields.number()
    sizes: list[list[int]] = []
    for count, folder in zip(counts, folders, strict=True):
        own = [fields.number() for _ in range(count - 1)] if kind == SIZE else []
        if count and (len(own) != count - 1 or sum(own) > folder.size):
            raise Malformed("files larger than their folder")
        sizes.append([*own, folder.size - sum(own)] if count else [])
    if kind == SIZE:
        kind = fields.number()
    known = [folder.crc32 if count == 1 else None for count, folder in zip(counts, folders, strict=True)]
    given: Sequence[int | None] = ()
    while kind != END:
        if kind != CRC:
            raise Malformed(f"property {kind} among the files' streams")
        wanted = sum(count for count, crc in zip(counts, known, strict=True) if crc is None)
        given = fields.digests(wanted)
        kind = fields.number()
    return tuple(_placed(sizes, known, iter(given)))


def _placed(
    sizes: Sequence[Sequence[int]], known: Sequence[int | None], given: Iterator[int | None]
) -> Iterator[Stream]:
    for number, (own, crc) in enumerate(zip(sizes, known, strict=True)):
        start = 0
        for size in own:
            yield Stream(number, start, size, crc if crc is not None else next(given, None))
            start += size


# -- files -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Properties:
    """What the header says of all files, property by property."""

    count: int
    empty: list[bool] = field(default_factory=list)
    empty_file: list[bool] = field(default_factory=list)
    anti: list[bool] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    attributes: list[int] = field(default_factory=list)


def _files(fields: Fields, contents: Sequence[Stream]) -> tuple[Entry, ...]:
    said = _Properties(fields.count("files"))
    seen: set[int] = set()
    while (kind := fields.number()) != END:
        if kind in seen and kind in _READERS:
            raise Malformed(f"property {kind} of the files twice")
        seen.add(kind)
        data = fields.take(fields.number())
        if kind in _READERS:
            _READERS[kind](Fields(data), said)
    return tuple(_entries(said, iter(contents)))


def _empty_streams(fields: Fields, said: _Properties) -> None:
    said.empty = fields.bits(said.count)


def _empty_files(fields: Fields, said: _Properties) -> None:
    said.empty_file = fields.bits(sum(said.empty))


def _anti_items(fields: Fields, said: _Properties) -> None:
    said.anti = fields.bits(sum(said.empty))


def _names(fields: Fields, said: _Properties) -> None:
    """UTF-16, each with a zero behind it."""
    if fields.byte():
        raise Unsupported("names stored elsewhere")
    said.names = fields.take(fields.left).decode("utf-16-le", "replace").split("\0")[: said.count]
    if len(said.names) < said.count:
        raise Malformed("fewer names than files")


def _attributes(fields: Fields, said: _Properties) -> None:
    known = fields.defined(said.count)
    if fields.byte():
        raise Unsupported("attributes stored elsewhere")
    said.attributes = [fields.unsigned() if each else 0 for each in known]


#: The properties that matter here; the others (times, padding) are passed over.
_READERS: dict[int, Callable[[Fields, _Properties], None]] = {
    EMPTY_STREAM: _empty_streams,
    EMPTY_FILE: _empty_files,
    ANTI: _anti_items,
    NAMES: _names,
    ATTRIBUTES: _attributes,
}


def _entries(said: _Properties, contents: Iterator[Stream]) -> Iterator[Entry]:
    empties = 0
    for number in range(said.count):
        name = said.names[number] if said.names else ""
        attributes = said.attributes[number] if said.attributes else 0
        if said.empty and said.empty[number]:
            file, anti = (bool(bits and bits[empties]) for bits in (said.empty_file, said.anti))
            empties += 1
            yield Entry(name, None, directory=not file, anti=anti, attributes=attributes)
            continue
        stream = next(contents, None)
        if stream is None:
            raise Malformed("more files than there is data for")
        yield Entry(name, stream, directory=bool(attributes & _DIRECTORY), attributes=attributes)
    if next(contents, None) is not None:
        raise Malformed("data that belongs to no file")
