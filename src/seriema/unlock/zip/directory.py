"""Every file that any program would find in a ZIP: the central directory's view, and what only local headers show.

Explorer, 7-Zip and WinRAR go by the central directory, streaming readers and salvage tools by the local headers. An
attacker who makes the two disagree shows the filter one archive and the victim another. So both are read, all that
either shows is listed, and each disagreement is said.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from seriema.unlock.zip import records
from seriema.unlock.zip.member_names import decoded_name, unicode_path
from seriema.unlock.zip.records import CENTRAL, DESCRIPTOR, END, LOCAL, End, Header

#: The end record and the longest comment it can have.
_TAIL = 22 + 0xFFFF
#: End records looked at; more than one is a trick, or an archive stored inside the archive.
_ENDS = 8
#: Signatures looked at when the end of streamed data is searched, and false local signatures passed over.
_SEARCHES = 64
_FALSE_HEADERS = 1_000
#: No program ever wrote a higher "version needed" (ten times the APPNOTE number) or a longer name.
_HIGHEST_VERSION = 100
_LONGEST_NAME = 4096
_WIDE = 0xFFFFFFFF

_Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the archive: its header, and where local header and data lie."""

    header: Header
    start: int  #: of the local header
    data: int | None  #: None when there is no local header where it should be
    trouble: str = ""  #: why it cannot be what it seems
    elsewhere: bool = False  #: its data lies in another volume of a split archive
    sized: bool = True  #: size and CRC are known; not so for a streamed file without directory

    @property
    def end(self) -> int:
        """Offset behind its data."""
        return self.start if self.data is None else self.data + self.header.stored


@dataclass(slots=True)
class Directory:
    """What the archive lists. ``trouble`` says why different programs would see different things."""

    entries: list[Entry] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)  #: (fact, place, detail)
    trouble: str = ""
    cut: bool = False  #: there are more entries than the limit
    comment: bytes = b""
    taken: _Range = (0, 0)  #: from the first file to behind the last record

    def note(self, fact: str, place: str, detail: str) -> None:
        """Report something in which the views disagree."""
        self.facts.append((fact, place, detail))
        self.trouble = self.trouble or detail

    def add(self, entry: Entry, limit: int) -> bool:
        """Take in an entry, or note that there is no room."""
        self.cut = self.cut or len(self.entries) >= limit
        if not self.cut:
            self.entries.append(entry)
        return not self.cut


def begins_as_zip(content: bytes) -> bool:
    """Whether it begins with a file, as an empty archive, or with the mark of a split one (8.5.3, 8.5.4)."""
    return content.startswith((LOCAL, END, DESCRIPTOR + LOCAL, b"PK00" + LOCAL))


def recognise(content: bytes) -> bool:
    """Whether it begins as a ZIP, or ends in an end record that really leads to a directory."""
    if begins_as_zip(content):
        return True
    at = content.rfind(END, max(0, len(content) - _TAIL))
    end = records.end_record(content, at) if at >= 0 else None
    return end is not None and bool(_starts(content, end))


def read_directory(content: bytes, limit: int) -> Directory:
    """List the archive, at most ``limit`` entries. One without any readable header has no entries."""
    directory = Directory()
    taken = _central_views(content, directory, limit)
    if not taken:
        directory.note("no-directory", "", "there is no central directory")
    _overlaps(directory)
    for entry in tuple(directory.entries):
        _compare(content, entry, directory, limit)
        _two_names(entry, directory)
    if not directory.cut:
        _local_view(content, taken, directory, limit)
    _around(content, taken, directory)
    return directory


# -- the central directory's view --------------------------------------------------------------------------------------


def _ends(content: bytes) -> Iterator[End]:
    """End records, the last first: that one rules for most programs."""
    before, count = len(content), 0
    while count < _ENDS and (at := content.rfind(END, 0, before)) >= 0:
        end = records.end_record(content, at)
        if end:
            yield end
        before, count = at, count + 1


def _starts(content: bytes, end: End) -> list[int]:
    """Where its central directory may begin: before its end by its size, and at its declared offset."""
    places = dict.fromkeys((end.directory_end - end.size, end.offset))
    return [place for place in places if 0 <= place < end.at and content.startswith(CENTRAL, place)]


def _central_views(content: bytes, directory: Directory, limit: int) -> list[_Range]:
    """Read each central directory that is not part of a stored file; returns the ranges they take up."""
    taken: list[_Range] = []
    for end in _ends(content):
        starts = [*dict.fromkeys([*_starts(content, end), *(_starts(content, end.plain) if end.plain else ())])]
        inner = any(entry.start <= end.at < entry.end for entry in directory.entries)
        if inner or any(first <= end.at < last for first, last in taken) or (end.entries and not starts):
            continue
        if taken or len(starts) > 1:
            directory.note("several-directories", f"offset {end.at}", "there is more than one central directory")
        directory.comment = directory.comment or end.comment
        taken.append((end.directory_end, end.end))
        taken += [(start, _central_view(content, end, start, directory, limit)) for start in starts]
    return taken


def _central_view(content: bytes, end: End, start: int, directory: Directory, limit: int) -> int:
    """Take in the headers from ``start``; returns the offset behind the last."""
    at, count = start, 0
    while header := records.central_header(content, at):
        shift = start - end.offset
        entry = _entry(content, header, shift, end.disk)
        if not directory.add(entry, limit):
            return at
        _other_place(content, entry, shift, directory, limit)
        at, count = header.end, count + 1
    if count & 0xFFFF != end.entries & 0xFFFF:
        directory.note("wrong-count", f"offset {end.at}", f"{end.entries} files announced, {count} listed")
    return at


def _entry(content: bytes, header: Header, shift: int, disk: int) -> Entry:
    if header.disk not in (disk, 0xFFFF):
        return Entry(header, header.offset, None, elsewhere=True)
    for start in (header.offset + shift, header.offset):
        local = records.local_header(content, start) if start >= 0 else None
        if local and local.end + header.stored <= len(content):
            return Entry(header, start, local.end)
        if local:
            return Entry(header, start, local.end, "its data goes beyond the end of the archive")
    return Entry(header, header.offset + shift, None, "there is no local header where the directory says")


def _other_place(content: bytes, entry: Entry, shift: int, directory: Directory, limit: int) -> None:
    """Behind other data some programs count offsets from the file's start, some from the archive's: two files."""
    start = entry.header.offset
    if shift and entry.data is not None and entry.start != start:
        local = records.local_header(content, start)
        if local and local.end + entry.header.stored <= len(content):
            directory.note("two-places", _shown(entry), "offsets counted in two ways lead to two files")
            directory.add(replace(entry, start=start, data=local.end), limit)


def _overlaps(directory: Directory) -> None:
    """Files that share bytes: the trick of bombs larger than any ratio allows, and never an honest writer's."""
    reached = -1
    for entry in sorted(directory.entries, key=lambda each: (each.start, each.end)):
        if entry.start < reached:
            directory.note("overlap", _shown(entry), "files of the archive overlap")
            return
        reached = max(reached, entry.end, entry.start + 1)


# -- the local headers' view -------------------------------------------------------------------------------------------

#: What both headers of a file must agree on for all programs to see the same file.
_AGREED = ("name", "method", "encrypted", "crc32", "stored", "size")
#: Of these, a difference in one only leads to other bytes when it is another one.
_ONLY_CHECKED = frozenset({"crc32", "size", "data descriptor"})


def _compare(content: bytes, entry: Entry, directory: Directory, limit: int) -> None:
    """When the local header tells of another file than the directory, list that one too."""
    local = records.local_header(content, entry.start) if entry.data is not None else None
    if local is None or local.flags & records.MASKED:
        return
    # Zero and the ZIP64 mark mean "see elsewhere" in a local header; only what it does say can disagree.
    said = [each for each in _AGREED if each in ("method", "encrypted") or getattr(local, each) not in (0, b"", _WIDE)]
    different = {each for each in said if getattr(local, each) != getattr(entry.header, each)}
    if local.name:
        different -= {"name"}
        different |= {"name"} if decoded_name(local) != decoded_name(entry.header) else set()
    if local.streamed and not _described(content, entry):
        different.add("data descriptor")
    if not different:
        return
    directory.note("two-headers", _shown(entry), f"the headers differ in {', '.join(sorted(different))}")
    if not different <= _ONLY_CHECKED:
        values = {each: getattr(local, each) for each in said if each != "encrypted"}
        header = replace(entry.header, **values, flags=local.flags, extra=local.extra or entry.header.extra)
        directory.add(replace(entry, header=header), limit)


def _described(content: bytes, entry: Entry) -> bool:
    """The descriptor behind the data tells what the directory does, or sloppy writers left it out."""
    header = entry.header
    missing = not header.size or content.startswith((LOCAL, CENTRAL), entry.end)
    return missing or (header.crc32, header.stored, header.size) in records.descriptions(content, entry.end)


def _two_names(entry: Entry, directory: Directory) -> None:
    """Some programs go by the Unicode field and some do not: it must not make another kind of file of it."""
    said = unicode_path(entry.header)
    if said is not None and entry.header.name.rpartition(b".")[2] != said.rpartition(".")[2].encode():
        plain = entry.header.name.decode("ascii", "replace")
        directory.note("two-names", said, f"programs without Unicode names see {plain}")


def _local_view(content: bytes, taken: list[_Range], directory: Directory, limit: int) -> None:
    """List what lies between the listed files and begins with a sound local header."""
    covered = _merged([(each.start, each.end) for each in directory.entries if each.data is not None] + taken)
    at, false = 0, 0
    while false < _FALSE_HEADERS and (at := content.find(LOCAL, at)) >= 0:
        reached = _reached(covered, at)
        if reached > at:
            at = reached
            continue
        entry = _unlisted(content, at)
        if entry is None:
            at, false = at + len(LOCAL), false + 1
            continue
        directory.note("unlisted-file", _shown(entry), "a file is missing in the central directory")
        if not directory.add(entry, limit):
            return
        at = max(entry.end, at + len(LOCAL))


def _merged(ranges: list[_Range]) -> list[_Range]:
    merged: list[_Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _reached(covered: list[_Range], at: int) -> int:
    """The end of the covered range that ``at`` lies in, or ``at``."""
    place = bisect_right(covered, (at, 1 << 62)) - 1
    return max(at, covered[place][1]) if place >= 0 else at


def _unlisted(content: bytes, at: int) -> Entry | None:
    """A file known by its local header alone, if that is plausible."""
    header = records.local_header(content, at)
    if header is None or header.method not in records.METHODS:
        return None
    if header.version > _HIGHEST_VERSION or not 0 < len(header.name) <= _LONGEST_NAME:
        return None
    if header.stored or not header.streamed:
        beyond = header.end + header.stored > len(content)
        return Entry(header, at, header.end, "its data goes beyond the end of the archive" if beyond else "")
    place = header.end
    for _ in range(_SEARCHES):
        place = content.find(DESCRIPTOR, place)
        found = records.descriptor(content, place, header.end) if place >= 0 else None
        if found:
            crc, stored, size = found
            return Entry(replace(header, crc32=crc, stored=stored, size=size), at, header.end)
        if place < 0:
            break
        place += len(DESCRIPTOR)
    following = [place for place in (content.find(mark, header.end) for mark in (LOCAL, CENTRAL)) if place >= 0]
    stored = min(following, default=len(content)) - header.end
    return Entry(replace(header, stored=stored), at, header.end, sized=False)


def _around(content: bytes, taken: list[_Range], directory: Directory) -> None:
    """Bytes before the first file and after the last record: facts, as self-extracting archives have them too."""
    first = min((each.start for each in directory.entries if each.data is not None), default=0)
    if first > 0:
        directory.facts.append(("data-before", "", f"{first} bytes"))
    last = max([end for _, end in taken] + [each.end for each in directory.entries], default=len(content))
    directory.taken = max(first, 0), last
    if last < len(content):
        directory.facts.append(("data-after", "", f"{len(content) - last} bytes"))


def _shown(entry: Entry) -> str:
    return decoded_name(entry.header)
