"""A plain ZIP that an operator hands over instead of a folder of mails (APPNOTE.TXT 6.3.10, sections 4.3 and 4.4).

It may come from anywhere, so it is read with bounds: size of its directory, number of members, bytes they claim to
unpack to. Whatever is wrong, unusual or locked about it makes it what any archive is: a file to be opened in the jail.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from seriema.edge.intake.sniff import Sniffed, sniff
from seriema.edge.intake.store import CHUNK, Seekable, Store
from seriema.model.errors import HostileInput, LimitReached, Unsupported

#: Of the central directory; a member takes at least 46.
DIRECTORY_BYTES = 8 << 20
#: What all members may unpack to, as a multiple of the archive, but never less than the floor.
RATIO = 60
RATIO_FLOOR = 256 << 20

_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
_DAMAGED = "this member of the archive is damaged"
_MAILS = frozenset({Sniffed.MAIL, Sniffed.MBOX, Sniffed.OUTLOOK})
#: What the macOS archiver adds on its own, told by content: AppleDouble files and Finder folders.
_MACOS = (b"\x00\x05\x16\x07", b"\x00\x00\x00\x01Bud1")


@dataclass(frozen=True, slots=True)
class Member(Store):
    """One member of a ZIP as a store; unpacks from its beginning on each read, never further than asked."""

    archive: Store
    name: str
    header: int  #: offset of its local header
    packed: int
    size: int
    deflated: bool
    crc32: int

    @property
    def end(self) -> int:
        """Where it ends in the archive, near enough to show progress."""
        return self.header + _LOCAL_HEADER + self.packed

    def read(self, offset: int, length: int) -> bytes:
        """As ``Store.read``; OSError also when the member is damaged."""
        content = b"".join(self.pieces(0, offset + length))
        return content[offset:]

    def pieces(self, offset: int, length: int) -> Iterator[bytes]:
        """As ``Store.pieces``, from the member's beginning only; OSError also when the member is damaged."""
        if offset:
            raise ValueError("a member is unpacked from its beginning")
        wanted = min(length, self.size)
        left, crc = wanted, 0
        for piece in self._unpacked():
            part = piece[:left]
            crc = zlib.crc32(part, crc)
            left -= len(part)
            yield part
            if not left:
                break
        if left or (wanted == self.size and crc != self.crc32):
            raise OSError(_DAMAGED)

    def _unpacked(self) -> Iterator[bytes]:
        local = self.archive.read(self.header, _LOCAL_HEADER)
        name, extra = int.from_bytes(local[26:28], "little"), int.from_bytes(local[28:30], "little")
        start = self.header + _LOCAL_HEADER + name + extra
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        for position in range(0, self.packed, CHUNK):
            chunk = self.archive.read(start + position, min(CHUNK, self.packed - position))
            if not self.deflated:
                yield chunk
            while self.deflated and chunk:
                try:
                    yield unpacker.decompress(chunk, CHUNK)
                except zlib.error as error:
                    raise OSError(_DAMAGED) from error
                chunk = unpacker.unconsumed_tail


def mails(archive: Store) -> list[tuple[Member, Sniffed]]:
    """The members of an archive of mails with what each is, in the order of its directory; nothing for other archives.

    More than half of the members must be mails. The others are listed with them, so that none goes unseen.
    """
    try:
        members = _members(archive)
        told = [(member, sniff(member)) for member in members if not member.read(0, 8).startswith(_MACOS)]
    except (zipfile.BadZipFile, HostileInput, OSError, NotImplementedError, ValueError):
        return []
    return told if 2 * sum(kind in _MAILS for _, kind in told) > len(told) else []


def _members(archive: Store) -> list[Member]:
    with zipfile.ZipFile(Seekable(archive, DIRECTORY_BYTES)) as directory:
        entries = [entry for entry in directory.infolist() if not entry.filename.endswith("/")]
    if sum(entry.file_size for entry in entries) > max(RATIO_FLOOR, RATIO * archive.size):
        raise LimitReached(f"members claim to be more than {RATIO} times the archive")
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(entry.flag_bits & _ENCRYPTED or entry.compress_type not in plain for entry in entries):
        raise Unsupported("encrypted, or another method")
    return [
        Member(
            archive,
            entry.filename,
            entry.header_offset,
            entry.compress_size,
            entry.file_size,
            entry.compress_type == zipfile.ZIP_DEFLATED,
            entry.CRC,
        )
        for entry in entries
    ]
