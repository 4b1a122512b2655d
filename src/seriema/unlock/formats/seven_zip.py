"""7z archives: plain, encrypted, with encrypted header, solid, alone or behind a program (7zFormat.txt).

Header, folders and tries are our own, so that every bound and every member's state is; the codecs are libraries'. See
``unlock.seven_zip`` for the parts.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

from seriema.model.artifact import Artifact, State
from seriema.model.errors import HostileInput, LimitReached, Malformed
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.password import Text
from seriema.unlock.format import Container, Format, Key, Lock, Member
from seriema.unlock.reading import state_of
from seriema.unlock.seven_zip.aes import Keys, Scheme
from seriema.unlock.seven_zip.blocks import Block, Packed, Passing
from seriema.unlock.seven_zip.header import Entry, Header, Streams, parse
from seriema.unlock.seven_zip.locks import header_lock, lock_of

_MAGIC = b"7z\xbc\xaf\x27\x1c"
_KINDS = frozenset({"7z"})
#: Version, CRC-32 of what follows, offset and size of the header behind this one, its CRC-32.
_START = struct.Struct("<2sLQQL")
_START_SIZE = len(_MAGIC) + _START.size
#: Signatures looked at for further archives behind the first.
_SIGNATURES = 64
#: A header lists 2,000 files with their longest names in less.
_HEADER_BYTES = 8 << 20
#: Headers packed within headers.
_HEADERS = 4


@dataclass(frozen=True, slots=True)
class _Place:
    """An archive within the content: packed data and header."""

    start: int
    header: int
    end: int
    crc32: int


@dataclass(slots=True)
class _Archive:
    """One archive being listed. Its keys are derived once for header and members."""

    artifact: Artifact
    data: memoryview  #: behind the signature header, up to the header
    limits: Limits
    keys: dict[Scheme, Keys] = field(default_factory=dict)

    def listed(self, raw: bytes, headers: int = _HEADERS) -> Container:
        """What a header lists, unpacked first when it is packed."""
        header = parse(raw)
        if not header.encoded:
            return self._members(header)
        if not headers:
            raise LimitReached(f"headers packed in headers, more than {_HEADERS}")
        if len(header.streams.folders) != 1:
            raise Malformed("a packed header that is not one folder")
        folder = header.streams.folders[0]
        if folder.size > _HEADER_BYTES:
            raise LimitReached(f"a header of {folder.size} bytes")
        packed = self._packed(header.streams, 0)
        packed.check()
        lock = header_lock(packed, self.keys, partial(_reads, packed))
        if lock is None:
            return self.listed(_whole(packed, None), headers - 1)
        return Container(directory=lock, reveal=partial(self._revealed, packed, headers - 1))

    def _revealed(self, packed: Packed, headers: int, key: Key) -> Container:
        """``Malformed`` with a wrong key; behind the right one, what is wrong is the container's state."""
        raw = _whole(packed, cast("bytes", key))
        try:
            return self.listed(raw, headers)
        except HostileInput as error:
            return Container(state=state_of(error), state_reason=str(error))

    def _packed(self, streams: Streams, number: int) -> Packed:
        packs = streams.packs_of(number)
        if any(at + size > len(self.data) for at, size in packs):
            raise Malformed("its data goes beyond the end")
        return Packed(streams.folders[number], tuple(self.data[at : at + size] for at, size in packs))

    # -- members -------------------------------------------------------------------------------------------------------

    def _members(self, header: Header) -> Container:
        files = [each for each in header.entries if not each.directory and not each.anti]
        passing, blocks = Passing(), {}
        members: list[Member] = []
        for entry in files[: self.limits.members + 1]:
            number = entry.stream.folder if entry.stream else None
            if number is not None and number not in blocks:
                blocks[number] = self._block(header.streams, number, passing)
            members.append(_member(entry, blocks[number]) if number is not None else _empty(entry))
        return Container(
            members=tuple(members),
            findings=tuple(self._findings(header.entries)),
            texts=(Text("name", "\n".join(each.name for each in members)),) if members else (),
        )

    def _block(self, streams: Streams, number: int, passing: Passing) -> "tuple[Block, Lock | None] | _Closed":
        folder = streams.folders[number]
        packed = Packed(folder, ())
        try:
            packed = self._packed(streams, number)
            packed.check()
            first = next(each for each in streams.contents if each.folder == number and each.size)
            return Block(packed, self.limits, passing), lock_of(packed, first.size, first.crc32, self.keys)
        except StopIteration:
            return Block(packed, self.limits, passing), None
        except HostileInput as error:
            return _Closed(packed, error)

    def _findings(self, entries: tuple[Entry, ...]) -> Iterator[Finding]:
        for each in entries[: self.limits.findings]:
            if each.symlink:
                yield Finding("7z.symlink", self.artifact.id, each.name)
            if each.anti:
                yield Finding("7z.anti-item", self.artifact.id, each.name, "unpacking deletes a file of this name")


@dataclass(frozen=True, slots=True)
class _Closed:
    """A folder that cannot be read, whatever the password."""

    packed: Packed
    error: HostileInput


def _member(entry: Entry, block: tuple[Block, Lock | None] | _Closed) -> Member:
    assert entry.stream is not None
    packed = block.packed if isinstance(block, _Closed) else block[0].packed
    listed = Member(
        name=entry.name,
        size=entry.stream.size,
        stored=packed.size,
        read=None,
        method=", ".join(packed.methods),
        crc32=entry.stream.crc32,
        encrypted=packed.encrypted,
    )
    if isinstance(block, _Closed):
        return replace(listed, state=state_of(block.error), state_reason=str(block.error))
    reader, lock = block
    stream = entry.stream

    def read(key: Key | None) -> Iterator[bytes]:
        return reader.read(stream, cast("bytes | None", key))

    return replace(listed, read=read, lock=lock)


def _empty(entry: Entry) -> Member:
    return Member(entry.name, 0, 0, lambda _: iter(()))


def _whole(packed: Packed, key: bytes | None) -> bytes:
    """A packed header, its CRC-32 checked."""
    raw = b"".join(packed.unpacked(key))
    if packed.folder.crc32 is not None and zlib.crc32(raw) != packed.folder.crc32:
        raise Malformed("the CRC-32 of the packed header does not agree")
    return raw


def _reads(packed: Packed, key: bytes) -> bool:
    """Whether this key gives a header. With a CRC-32 that agrees it is one, however torn."""
    try:
        raw = _whole(packed, key)
        if packed.folder.crc32 is None:
            parse(raw)
    except HostileInput:
        return False
    return True


# -- where an archive lies ---------------------------------------------------------------------------------------------


def _places(content: bytes) -> Iterator[_Place]:
    """Every archive whose start header agrees with its CRC-32, one behind the other."""
    at = 0
    for _ in range(_SIGNATURES):
        at = content.find(_MAGIC, at)
        if at < 0:
            return
        place = _place(content, at)
        if place:
            yield place
        at = place.end if place else at + 1


def _place(content: bytes, at: int) -> _Place | None:
    if len(content) < at + _START_SIZE:
        return None
    _, crc, offset, size, header_crc = _START.unpack_from(content, at + len(_MAGIC))
    if zlib.crc32(content[at + _START_SIZE - 20 : at + _START_SIZE]) != crc:
        return None
    header = at + _START_SIZE + offset
    return _Place(at + _START_SIZE, header, header + size, header_crc)


def recognise(content: bytes) -> bool:
    """Whether it begins as an archive. One behind a program or a picture, ``examine`` cuts out."""
    return content.startswith(_MAGIC)


def open_7z(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    """List a 7z archive, and further ones behind it that no program shows."""
    places = list(_places(content))
    if not places:
        raise Malformed("the start header does not agree with its CRC-32")
    listed = _listed(artifact, content, places[0], limits)
    if len(places) > 1 or places[0].start != _START_SIZE:
        return _with_others(artifact, content, places[1:], listed, limits)
    if places[0].end < len(content):
        behind = Finding("7z.data-after", artifact.id, "", f"{len(content) - places[0].end} bytes")
        return replace(listed, findings=(*listed.findings, behind))
    return listed


def _listed(artifact: Artifact, content: bytes, place: _Place, limits: Limits) -> Container:
    size = place.end - place.header
    if not size:
        return Container()
    if size > _HEADER_BYTES:
        raise LimitReached(f"a header of {size} bytes")
    if place.end > len(content):
        raise Malformed("it ends before its header: cut off, or the first part of a split archive")
    header = content[place.header : place.end]
    if zlib.crc32(header) != place.crc32:
        raise Malformed("the CRC-32 of the header does not agree")
    return _Archive(artifact, memoryview(content)[place.start : place.header], limits).listed(header)


def _with_others(
    artifact: Artifact, content: bytes, places: list[_Place], listed: Container, limits: Limits
) -> Container:
    """The first archive is what programs show. Members of others are opened too, and the whole is malformed."""
    members, findings = list(listed.members), list(listed.findings)
    for place in places:
        findings.append(Finding("7z.second-archive", artifact.id, str(place.start - _START_SIZE)))
        try:
            other = _listed(artifact, content, place, limits)
        except HostileInput:
            continue
        members.extend(other.members)
        findings.extend(other.findings)
    return replace(
        listed,
        members=tuple(members),
        findings=tuple(findings),
        state=State.MALFORMED,
        state_reason="more than one archive in the file; programs show one",
    )


FORMAT = Format(name="7z", kinds=_KINDS, recognise=recognise, open=open_7z)
