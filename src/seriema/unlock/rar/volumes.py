"""One archive out of the headers of all its volumes, which lie one behind the other in the bytes.

What no header, no volume or no checksum accounts for is said: WinRAR, 7-Zip and unrar go on after different defects.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from seriema.model.errors import HostileInput, Malformed
from seriema.unlock.rar import headers3, headers5
from seriema.unlock.rar.entries import MARK, MARK3, MARK5, Cipher, File, Header, Listing
from seriema.unlock.rar.keys import Derived, Keys

#: unrar looks for an archive behind a self-extractor in so many bytes.
SFX_BYTES = 4 << 20
#: False marks passed over when one is searched.
_MARKS = 16
#: Blocks read for each member allowed; the others are services.
_BLOCKS = 4
_AES3 = 29
_NEXT = "volume {} is missing"
_SPLIT = "it is split over several volumes"


def first_mark(content: bytes) -> int:
    """Where the archive begins, behind whatever stands before it; -1 when there is none."""
    at = -1
    for _ in range(_MARKS):
        at = content.find(MARK, at + 1, SFX_BYTES)
        if at < 0 or is_archive(content, at):
            return at
    return -1


def is_archive(content: bytes, at: int) -> bool:
    """Whether a mark is followed by the header that must come first."""
    try:
        if content.startswith(MARK5, at):
            block = headers5.block_at(content, at + len(MARK5), None)
            return block is not None and block.kind in (headers5.MAIN, headers5.ENCRYPTION)
        old = headers3.block_at(content, at + len(MARK3), None) if content.startswith(MARK3, at) else None
    except HostileInput:
        return False
    return old is not None and old.kind == headers3.MAIN


def read_listing(content: bytes, limit: int, keys: Keys, password: str | None = None) -> Listing:
    """List at most ``limit`` files. ``Malformed`` when nothing can be read, also for a wrong ``password``.

    Without the password of encrypted headers the listing holds what it must be derived with, and no files.
    """
    at = first_mark(content)
    if at < 0:
        at = content.find(MARK, 0, SFX_BYTES)
    if at < 0:
        raise Malformed("there is no RAR header")
    walk = _Walk(content, limit, keys, password)
    if at:
        walk.listing.facts.append(("data-before", "", f"{at} bytes"))
    while at >= 0:
        at = walk.volume(at)
    walk.close()
    return walk.listing


@dataclass(slots=True)
class _Walk:
    """Goes through the volumes; holds the file whose data goes on in the next one."""

    content: bytes
    limit: int
    keys: Keys
    password: str | None
    listing: Listing = field(default_factory=Listing)
    pending: File | None = None
    blocks: int = 0
    number: int = 0  #: volumes so far, which is the number of the next one, from 0
    several: bool = False  #: this is a volume of a split archive
    more: bool = False  #: the volume read last says that others follow
    continued: list[int] = field(
        default_factory=list
    )  #: places of the files that began before this volume and end here

    def volume(self, at: int) -> int:
        """Read the archive or volume whose mark is at ``at``; returns where the next one begins, or -1."""
        newer = self.content.startswith(MARK5, at)
        self.several = self.more = False
        self.continued.clear()
        start, end, whole = at + (len(MARK5) if newer else len(MARK3)), at, False
        try:
            for block in self._volume5(start) if newer else self._volume3(start):
                end = block.end
                whole = block.kind == (headers5.END if newer else headers3.END)
        except HostileInput as error:
            if self.password is not None and not self.listing.files and not self.listing.services:
                raise
            self.listing.note("torn-header", error.place, str(error))
            return -1
        if self.listing.cut or self.listing.encrypted:
            return -1
        self._ended(whole=whole, newer=newer)
        return self._behind(end)

    def _ended(self, *, whole: bool, newer: bool) -> None:
        if whole:
            return
        if newer:
            self.listing.note("no-end", "", "the archive ends without an end header")
        else:
            self.listing.facts.append(("no-end", "", "the archive ends without an end header"))

    def _behind(self, end: int) -> int:
        """The next volume, or what else stands behind the end."""
        if end >= len(self.content):
            return -1
        following = self.content.find(MARK, end)
        if following >= 0 and is_archive(self.content, following):
            if not self.more:
                self.listing.note("several-archives", f"offset {following}", "there is more than one archive")
            return following
        if self.content[end:].strip(b"\0"):  # volumes are filled up to their size
            self.listing.facts.append(("data-after", "", f"{len(self.content) - end} bytes"))
        return -1

    def close(self) -> None:
        """What was to follow and did not come."""
        if self.more and not self.listing.missing:
            self.listing.missing = _NEXT.format(self.number + 1)
        self._finish(f"it goes on in volume {self.number + 1}, which is missing")

    # -- the two families of headers -----------------------------------------------------------------------------------

    def _volume5(self, at: int) -> Iterator[headers5.Block]:
        key: bytes | None = None
        while block := headers5.block_at(self.content, at, key):
            self._count()
            if self.listing.cut:
                return
            if block.kind == headers5.ENCRYPTION:
                cipher = headers5.encryption(block)
                if self.password is None:
                    self.listing.encrypted = cipher
                    return
                key = self.keys.of(self.password, cipher).key
            else:
                self._read5(block, plain=key is None)
            yield block
            if block.kind == headers5.END:
                return
            at = block.end

    def _read5(self, block: headers5.Block, *, plain: bool) -> None:
        if block.kind == headers5.MAIN:
            self.several, number = headers5.volume_number(block)
            if self.several:
                self._counted(number, self.number)
        elif block.kind in (headers5.FILE, headers5.SERVICE):
            self._take(headers5.file_header(block))
            if plain:
                self._compare(block)
        elif block.kind == headers5.END:
            self.more = headers5.more_follow(block)

    def _volume3(self, at: int) -> Iterator[headers3.Block]:
        locked = False
        while at < len(self.content):
            keys: Derived | None = None
            if locked:
                cipher = Cipher(_AES3, headers3.salt_at(self.content, at))
                if self.password is None:
                    self.listing.encrypted = cipher
                    return
                keys = self.keys.of(self.password, cipher)
            block = headers3.block_at(self.content, at, keys)
            self._count()
            if block is None or self.listing.cut:
                return
            locked = locked or (block.kind == headers3.MAIN and headers3.headers_locked(block))
            self._read3(block)
            yield block
            if block.kind == headers3.END:
                return
            at = block.end

    def _read3(self, block: headers3.Block) -> None:
        if block.kind == headers3.MAIN:
            self.several = bool(block.flags & headers3.VOLUME)
            self.number += self.several
        elif block.kind in (headers3.FILE, headers3.SERVICE):
            self._take(headers3.file_header(block))
        elif block.kind == headers3.END:
            self.more = bool(block.flags & headers3.MORE_FOLLOW)
            number = headers3.volume_number(block)
            if self.several and number is not None:
                self._counted(number, self.number - 1)

    def _count(self) -> None:
        self.blocks += 1
        self.listing.cut = self.listing.cut or self.blocks > _BLOCKS * self.limit + 8

    def _counted(self, number: int, expected: int) -> None:
        """This volume has a number of its own, from 0."""
        if number > expected:
            missing = _NEXT.format(expected + 1)
            self.listing.missing = self.listing.missing or missing
            if self.pending:
                self.pending = replace(self.pending, missing=self.pending.missing or missing)
            for place in self.continued:  # RAR 3 says its number at the end
                self.listing.files[place] = replace(self.listing.files[place], missing=missing)
        self.number = max(number, expected) + 1

    # -- files ---------------------------------------------------------------------------------------------------------

    def _take(self, header: Header) -> None:
        """A header of a new file, or of the part of one that this volume holds."""
        end = min(header.end, len(self.content))
        if header.end > len(self.content):
            header = replace(header, trouble=header.trouble or "its data goes beyond the end of the archive")
        piece = (min(header.start, end), end)
        if header.folder and piece[0] < piece[1]:
            header = replace(header, folder=False, trouble=header.trouble or "a folder that has data")
        if header.service:
            self._add(File(header, (piece,), _SPLIT if header.split_before or header.split_after else ""))
            return
        before, self.pending = self.pending, None
        if header.split_before and before is not None and before.header.name == header.name:
            whole = replace(before, header=_continued(before.header, header), pieces=(*before.pieces, piece))
            if not header.split_after:
                self.continued.append(len(self.listing.files))
        else:
            self.pending = before
            self._finish("it goes on in a volume where it is not")
            missing = "it begins in an earlier volume, which is missing" if header.split_before else ""
            whole = File(header, (piece,), missing)
        if header.split_after:
            self.pending = whole
        else:
            self._add(whole)

    def _finish(self, why: str) -> None:
        if self.pending is not None:
            self._add(replace(self.pending, missing=self.pending.missing or why))
            self.pending = None

    def _add(self, file: File) -> None:
        into = self.listing.services if file.header.service else self.listing.files
        if file.header.service:
            # A stream belongs to the file before it.
            file = replace(file, header=replace(file.header, target=self._last_name()))
            if file.header.trouble:
                self.listing.note("torn-service", file.header.name, file.header.trouble)
        if len(into) >= self.limit:
            self.listing.cut = True
        else:
            into.append(file)

    def _last_name(self) -> str:
        before = self.pending or (self.listing.files[-1] if self.listing.files else None)
        return before.header.name if before else ""

    # -- the second directory of RAR 5 ---------------------------------------------------------------------------------

    def _compare(self, block: headers5.Block) -> None:
        """List what the quick open data shows and the headers do not: WinRAR goes by it, others do not look at it."""
        header = headers5.file_header(block)
        if not header.service or header.name != "QO" or header.method or header.cipher:
            return
        for copy in headers5.quick_copies(self.content[block.data : block.end], block.start):
            if copy.start >= 0 and self.content.startswith(copy.raw, copy.start):
                continue
            self.listing.note("two-directories", f"offset {copy.start}", "the quick open data shows other headers")
            shown = _shown(copy)
            if shown:
                self._take(shown)


def _continued(before: Header, after: Header) -> Header:
    """Sizes and checksums of the whole stand in the last part; how it is encrypted and packed, in the first."""
    return replace(
        before,
        size=after.size if after.size is not None else before.size,
        crc32=after.crc32,
        blake2=after.blake2,
        split_after=after.split_after,
        trouble=before.trouble or after.trouble,
    )


def _shown(copy: headers5.Copy) -> Header | None:
    try:
        block = headers5.block_at(copy.raw, 0, None)
        header = headers5.file_header(block) if block and block.kind == headers5.FILE else None
    except HostileInput:
        return None
    return replace(header, start=header.start + copy.start, end=header.end + copy.start) if header else None
