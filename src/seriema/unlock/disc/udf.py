"""UDF (ECMA-167, OSTA UDF 1.02–2.60): the tree of files of a disc image.

From the anchor to the volume descriptors, the partitions, the file set and its folders. Partitions may be plain,
sparable or metadata; a virtual one (packet-written discs) is named and left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import unpack_from

from seriema.model.artifact import State
from seriema.model.errors import HostileInput, Malformed, Unsupported
from seriema.unlock.disc.listing import Extent, Found, Listing, pieces

_ANCHOR, _PARTITION, _VOLUME, _END = 2, 5, 6, 8
_FILE_SET, _IDENTIFIER, _MORE_EXTENTS, _FILE, _EXTENDED_FILE = 256, 257, 258, 261, 266
_TAG = 16
_SECTORS = (2048, 512, 4096)
_ANCHOR_AT = 256
#: Of an anchor that is read: its tag and the extent of the volume's descriptors (3/10.2).
_ANCHOR_BYTES = _TAG + 8
_DESCRIPTORS = 64
_PARTS = 8
_LARGEST_FOLDER = 1 << 22
_HIDDEN, _FOLDER, _DELETED, _PARENT = 0x01, 0x02, 0x04, 0x08
_LINK = 12
#: Offsets in a file entry and an extended one (ECMA-167 4/14.9, 4/14.17): lengths of attributes and of descriptors.
_LENGTHS = {_FILE: 168, _EXTENDED_FILE: 208}
_SHORT, _LONG, _EMBEDDED = 0, 1, 3
_RECORDED, _CONTINUES = 0, 3
_LENGTH_BITS = 30

#: Where the logical blocks of a partition lie: (first block, blocks, offset in the image).
_Part = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file entry: what kind of file, and where its bytes lie."""

    kind: int
    size: int
    extents: tuple[Extent, ...]


@dataclass(slots=True)
class _Volume:
    """A volume while it is read."""

    content: bytes
    block: int
    parts: list[_Part]
    listing: Listing

    def place(self, block: int, part: int) -> int:
        """Offset in the image of a logical block; ``Malformed`` for one that no partition has."""
        runs = self.parts[part] if part < len(self.parts) else ()
        for first, count, offset in runs:
            if first <= block < first + count:
                return offset + (block - first) * self.block
        raise Malformed(f"block {block} is in no partition")


def recognise(content: bytes) -> bool:
    """Whether its volume recognition sequence says so (ECMA-167 2/9.1)."""
    return any(content.startswith((b"NSR02", b"NSR03"), at + 1) for at in range(0x8000, 0x12000, 0x800))


def listing(content: bytes, limit: int) -> Listing:
    """The files of the first volume."""
    found = Listing("UDF", limit)
    try:
        sector, anchor = _anchor(content)
        volume, root = _volume(content, sector, anchor, found)
        _walk(volume, root)
    except HostileInput as error:
        found.stopped(error)
    return found


def _tag(content: bytes, at: int) -> int:
    """The descriptor's number when its checksum agrees, else 0 (3/7.2)."""
    tag = content[at : at + _TAG]
    if at < 0 or len(tag) < _TAG or (sum(tag) - tag[4]) & 0xFF != tag[4]:
        return 0
    return int.from_bytes(tag[:2], "little")


def _anchor(content: bytes) -> tuple[int, int]:
    """(sector size, offset): at sector 256, or counted from the end (3/8.4.2.1)."""
    for sector in _SECTORS:
        last = len(content) // sector - 1
        for place in (_ANCHOR_AT, last, last - _ANCHOR_AT):
            at = place * sector
            if _tag(content, at) == _ANCHOR and at + _ANCHOR_BYTES <= len(content):
                return sector, at
    raise Malformed("UDF: there is no anchor")


def _volume(content: bytes, sector: int, anchor: int, found: Listing) -> tuple[_Volume, tuple[int, int]]:
    """The volume and where its root directory's entry is."""
    length, first = unpack_from("<LL", content, anchor + _TAG)
    starts: dict[int, tuple[int, int]] = {}
    logical = -1
    for place in range(first, first + min(length // sector, _DESCRIPTORS)):
        at = place * sector
        kind = _tag(content, at) if at + sector <= len(content) else 0
        if kind == _PARTITION:
            number, start, blocks = unpack_from("<H164xLL", content, at + 22)
            starts[number] = (start * sector, blocks)
        elif kind == _VOLUME:
            logical = at
        elif kind == _END:
            break
    if logical < 0:
        raise Malformed("UDF: there is no logical volume")
    block, set_block, set_part = unpack_from("<L36xLH", content, logical + 212)
    volume = _Volume(content, block if block in _SECTORS else sector, [], found)
    for each in _maps(content, logical):
        volume.parts.append(_part(volume, each, starts))
    at = volume.place(set_block, set_part)
    if _tag(content, at) != _FILE_SET or at + 512 > len(content):
        raise Malformed("UDF: there is no file set")
    root_block, root_part = unpack_from("<LH", content, at + 404)
    return volume, (root_block, root_part)


def _maps(content: bytes, logical: int) -> Iterator[bytes]:
    """The partition maps of a logical volume (3/10.7)."""
    (count,) = unpack_from("<L", content, logical + 268)
    at = logical + 440
    for _ in range(min(count, _PARTS)):
        length = content[at + 1] if at + 1 < len(content) else 0
        if not length:
            return
        yield content[at : at + length]
        at += length


def _part(volume: _Volume, said: bytes, starts: dict[int, tuple[int, int]]) -> _Part:
    """Where the blocks of one partition lie."""
    plain = len(said) == 6 and said[0] == 1  # noqa: PLR2004 - the two shapes of 3/10.7
    if not plain and len(said) < 64:  # noqa: PLR2004 - the same
        raise Malformed("UDF: a partition map is torn")
    (number,) = unpack_from("<H", said, 4 if plain else 38)
    if number not in starts:
        raise Malformed(f"UDF: partition {number} is not described")
    start, blocks = starts[number]
    whole: _Part = ((0, blocks, start),)
    if plain or b"Sparable" in said[:28]:
        return whole
    if b"Metadata" not in said[:28]:
        raise Unsupported("a UDF volume with a virtual partition")
    (location,) = unpack_from("<L", said, 40)
    volume.parts.append(whole)
    try:
        entry = _entry(volume, location, len(volume.parts) - 1)
    finally:
        volume.parts.pop()
    runs, first = [], 0
    for offset, length in entry.extents:
        runs.append((first, length // volume.block, offset))
        first += length // volume.block
    return tuple(run for run in runs if run[2] >= 0)


def _entry(volume: _Volume, block: int, part: int) -> _Entry:
    """The file entry at that place (4/14.9); ``Malformed`` when there is none."""
    volume.listing.step()
    content, at = volume.content, volume.place(block, part)
    lengths = _LENGTHS.get(_tag(content, at))
    if lengths is None or at + volume.block > len(content):
        raise Malformed(f"UDF: there is no file entry at block {block}")
    (size,) = unpack_from("<Q", content, at + 56)
    attributes, described = unpack_from("<LL", content, at + lengths)
    begin = at + lengths + 8 + attributes
    form = content[at + 34] & 7
    if begin + described > at + volume.block:
        raise Malformed("UDF: a file entry is torn")
    if form == _EMBEDDED:
        return _Entry(content[at + 27], min(size, described), ((begin, min(size, described)),))
    if form not in (_SHORT, _LONG):
        raise Unsupported("a UDF file with extended allocation descriptors")
    return _Entry(content[at + 27], size, tuple(_extents(volume, begin, described, form, part)))


def _extents(volume: _Volume, at: int, length: int, form: int, part: int) -> Iterator[Extent]:
    """The extents of a file in order (4/14.14.1, 4/14.14.2); a continuation is followed."""
    step = 8 if form == _SHORT else 16
    end = at + length
    while at + step <= end:
        volume.listing.step()
        said, block = unpack_from("<LL", volume.content, at)
        place = part if form == _SHORT else unpack_from("<H", volume.content, at + 8)[0]
        kind, size = said >> _LENGTH_BITS, said & ((1 << _LENGTH_BITS) - 1)
        at += step
        if not size:
            return
        if kind == _CONTINUES:
            begin = volume.place(block, place)
            if _tag(volume.content, begin) != _MORE_EXTENTS:
                raise Malformed("UDF: the list of extents is torn")
            at = begin + 24
            end = min(at + unpack_from("<L", volume.content, begin + 20)[0], begin + volume.block)
        else:
            yield (volume.place(block, place) if kind == _RECORDED else -1), size


def _walk(volume: _Volume, root: tuple[int, int]) -> None:
    """Every folder once, breadth first."""
    folders, seen, found = [("", root)], {root}, volume.listing
    for path, place in folders:
        found.deeper(path)
        entry = _entry(volume, *place)
        for name, flags, icb in _identifiers(volume, entry):
            full = path + name
            if flags & _HIDDEN:
                found.facts.append(("hidden-file", full, found.view))
            if not flags & _FOLDER:
                _add(volume, full, icb)
            elif icb in seen:
                found.facts.append(("repeated-folder", full, ""))
            else:
                seen.add(icb)
                folders.append((f"{full}/", icb))


def _add(volume: _Volume, name: str, icb: tuple[int, int]) -> None:
    try:
        entry = _entry(volume, *icb)
    except (Malformed, Unsupported) as error:
        state = State.MALFORMED if isinstance(error, Malformed) else State.UNSUPPORTED
        volume.listing.add(Found(name, 0, (), state, str(error)))
        return
    if entry.kind == _LINK:
        volume.listing.facts.append(("symlink", name, "UDF"))
    volume.listing.add(Found(name, entry.size, entry.extents))


def _identifiers(volume: _Volume, folder: _Entry) -> Iterator[tuple[str, int, tuple[int, int]]]:
    """(name, flags, place of the entry) of what a folder lists (4/14.4)."""
    if folder.size > _LARGEST_FOLDER:
        raise Malformed("UDF: a folder is larger than any is")
    raw = b"".join(pieces(volume.content, Found("", folder.size, folder.extents)))
    at = 0
    while at + 38 <= len(raw):
        volume.listing.step()
        if _tag(raw, at) != _IDENTIFIER:
            raise Malformed("UDF: a folder is torn")
        flags, length = raw[at + 18], raw[at + 19]
        block, part = unpack_from("<LH", raw, at + 24)
        (used,) = unpack_from("<H", raw, at + 36)
        begin = at + 38 + used
        if not flags & (_DELETED | _PARENT):
            yield _decoded(raw[begin : begin + length]), flags, (block, part)
        at = begin + length + (-(38 + used + length) % 4)


def _decoded(raw: bytes) -> str:
    """OSTA compressed Unicode (UDF 2.1.1): a byte that tells the width, then the characters."""
    if raw[:1] == b"\x10":
        return raw[1:].decode("utf-16-be", "replace")
    return raw[1:].decode("latin-1")
