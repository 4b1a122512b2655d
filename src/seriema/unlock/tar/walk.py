"""From block to block through a tar: each file with its name, size and place, and where readers would part ways.

A header's size says where the next header is. Readers that take another size see other files, so what they might
disagree in is said: sizes that pax amends, data behind links, headers behind the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from seriema.model.errors import HostileInput, Malformed
from seriema.unlock.tar.records import BLOCK, Header, checksum_agrees, decoded, header, pax_records
from seriema.unlock.tar.sparse import Sparse, old_map, pax_map

#: Names and records in front of a header.
_LONGEST_EXTENSION = 1 << 20
_LONG_NAME, _LONG_LINK, _PAX, _GLOBAL, _SPARSE = "L", "K", "xX", "g", "S"
_HARD_LINK, _SYMLINK, _DIRECTORY = "1", "2", "5"
#: Types without data of their own → the fact they are.
DATALESS = {
    _HARD_LINK: "hard-link",
    _SYMLINK: "symlink",
    "3": "device",
    "4": "device",
    _DIRECTORY: "directory",
    "6": "pipe",
}
_DUMPED_DIRECTORY, _LABEL, _CONTINUED = "D", "V", "M"
#: Digits of a size in a record.
_LONGEST_SIZE = 20
_ZERO = bytes(BLOCK)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in the archive and where its data lies."""

    name: str
    kind: str
    link: str
    data: int
    stored: int
    size: int
    sparse: Sparse | None = None
    trouble: HostileInput | None = None

    @property
    def fact(self) -> str:
        """What it is when it is no file."""
        if self.kind == _DUMPED_DIRECTORY:
            return "directory"
        if self.kind in "\0" + "0" and self.name.endswith("/") and not self.stored:
            return "directory"
        return "label" if self.kind == _LABEL else DATALESS.get(self.kind, "")


@dataclass(slots=True)
class Walk:
    """One pass. ``trouble`` says why readers would see different files."""

    content: bytes
    trouble: str = ""
    at: int = 0
    common: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    pairs: list[str] = field(default_factory=list)
    long: dict[str, bytes] = field(default_factory=dict)

    def entries(self) -> Iterator[Entry]:
        """Every entry that a reader might show."""
        while self.at < len(self.content):
            block = self.content[self.at : self.at + BLOCK]
            if block == _ZERO:
                self._end()
                continue
            try:
                read = header(block)
            except Malformed as error:
                self._note(str(error) if len(block) == BLOCK else "it ends within a block")
                self._resume()
                continue
            self.at += BLOCK
            if self._extends(read):
                continue
            yield self._entry(read)
            self.own, self.pairs, self.long = {}, [], {}

    def _note(self, trouble: str) -> None:
        self.trouble = self.trouble or trouble

    def _end(self) -> None:
        """Behind the end: padding, or what only readers that go on would show."""
        while self.content.startswith(_ZERO, self.at):
            self.at += BLOCK
        if self.content[self.at : self.at + BLOCK].strip(b"\0"):
            self._note("data behind the end mark")

    def _resume(self) -> None:
        """Go to the next block that is a header."""
        self.at += BLOCK
        while self.at < len(self.content):
            block = self.content[self.at : self.at + BLOCK]
            if block == _ZERO or checksum_agrees(block):
                return
            self.at += BLOCK

    # -- what stands in front of a header ------------------------------------------------------------------------------

    def _extends(self, read: Header) -> bool:
        """Take long names and pax records; they amend the header that follows."""
        if read.kind not in (_LONG_NAME, _LONG_LINK, _GLOBAL, *_PAX):
            return False
        data = self.content[self.at : self.at + min(read.size, _LONGEST_EXTENSION)]
        if len(data) < read.size:
            self._note("names or records that are cut off or absurdly long")
        self._pass(read.size)
        if read.kind in (_LONG_NAME, _LONG_LINK):
            self.long[read.kind] = data.partition(b"\0")[0]
            return True
        target = self.common if read.kind == _GLOBAL else self.own
        try:
            for key, value in pax_records(data):
                if key in ("GNU.sparse.offset", "GNU.sparse.numbytes"):
                    self.pairs.append(value)
                target[key] = value
        except Malformed as error:
            self._note(str(error))
        return True

    def _pass(self, size: int) -> None:
        self.at += size + -size % BLOCK

    # -- entries -------------------------------------------------------------------------------------------------------

    def _entry(self, read: Header) -> Entry:
        said = {**self.common, **self.own}
        name = said.get("GNU.sparse.name") or said.get("path") or decoded(self.long.get(_LONG_NAME) or read.name)
        link = said.get("linkpath") or decoded(self.long.get(_LONG_LINK) or read.link)
        size = self._size(read, said.get("size"))
        if read.kind in DATALESS:
            if size:
                self._note("a link, device or directory with data")
            return Entry(name, read.kind, link, self.at, 0, 0)
        sparse, trouble = self._sparse(read, said)
        mapped = sparse.mapped if sparse else 0
        if read.kind == _SPARSE:  # its map stands in front of what the size counts
            size += mapped
        start, stored = self.at + mapped, max(0, size - mapped)
        self._pass(size)
        if start + stored > len(self.content):
            trouble = trouble or Malformed("it is cut off")
        elif sparse and sparse.stored > stored:
            trouble = Malformed("a sparse file without its data")
        elif read.kind == _CONTINUED:
            trouble = Malformed("it goes on from another volume")
        return Entry(name, read.kind, link, start, stored, sparse.size if sparse else stored, sparse, trouble)

    def _size(self, read: Header, amended: str | None) -> int:
        if amended is None:
            return read.size
        if not (amended.isascii() and amended.isdigit() and len(amended) < _LONGEST_SIZE):
            self._note("a size that is no number")
            return read.size
        if int(amended) != read.size:
            self._note("two sizes for one file: readers find different files behind it")
        return int(amended)

    def _sparse(self, read: Header, said: dict[str, str]) -> tuple[Sparse | None, HostileInput | None]:
        """The map of a sparse file, or why there is none."""
        try:
            if read.kind == _SPARSE:
                return old_map(read.raw, self.content, self.at), None
            return pax_map(said, self.pairs, self.content, self.at), None
        except HostileInput as error:
            return None, error
