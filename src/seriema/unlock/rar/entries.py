"""What the headers of a RAR archive say, in the same words for every version of the format."""

from dataclasses import dataclass, field
from enum import Enum

#: "Rar!" and the two bytes that all versions since 1.5 share; 0 follows in RAR 1.5 to 4, 1 and 0 in RAR 5 and later.
MARK = b"Rar!\x1a\x07"
MARK3, MARK5 = MARK + b"\0", MARK + b"\1\0"
#: Sizes that no header of an honest archive reaches (unrar refuses RAR 5 headers above 2 MiB).
LARGEST_HEADER = 2 << 20
#: Versions of the compression in the words of RAR 1.5 to 4 ("version needed to extract").
RAR5_VERSION, RAR7_VERSION = 50, 70
STORED = 0


class Link(Enum):
    """What a file without data of its own points to."""

    SYMLINK = "symlink"
    JUNCTION = "junction"
    HARD_LINK = "hard-link"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Cipher:
    """How data is encrypted; what the password must be derived with."""

    version: int  #: of the compression, which tells the cipher apart: 50 AES-256, 29 and more AES-128, below RAR's own
    salt: bytes
    rounds: int = 0  #: RAR 5: binary logarithm of the PBKDF2 iterations
    check: bytes | None = None  #: RAR 5: what verifies a password, where it was stored and is itself sound
    iv: bytes = b""  #: RAR 5; older ones derive it
    tweaked: bool = False  #: RAR 5: checksums are keyed


@dataclass(frozen=True, slots=True)
class Header:
    """One file header in one volume."""

    name: str
    start: int  #: of the data in the joined volumes
    end: int
    size: int | None  #: unpacked; None when the writer did not know it
    method: int  #: 0 stored, 1 fastest … 5 best
    version: int  #: of the compression: 15, 20, 26, 29, 36, 50, 70
    dictionary: int = 0  #: bytes
    solid: bool = False  #: goes on with the dictionary of the compressed file before it
    folder: bool = False
    crc32: int | None = None
    blake2: bytes | None = None
    cipher: Cipher | None = None
    link: Link | None = None
    target: str = ""
    unix_mode: int = 0
    split_before: bool = False  #: its data began in an earlier volume
    split_after: bool = False  #: its data goes on in the next volume
    service: bool = False  #: a comment, a stream of the file before it, recovery data …
    detail: bytes = b""  #: what a service header says beside its data
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the archive, its parts in all volumes together. ``header`` is that of the last volume it is in."""

    header: Header
    pieces: tuple[tuple[int, int], ...]
    missing: str = ""  #: which part is in no volume that is here

    @property
    def stored(self) -> int:
        """Bytes it occupies."""
        return sum(end - start for start, end in self.pieces)


@dataclass(slots=True)
class Listing:
    """All that the volumes list. ``trouble`` says why it cannot be believed or is not all."""

    files: list[File] = field(default_factory=list)
    services: list[File] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)  #: (fact, place, detail)
    trouble: str = ""
    missing: str = ""  #: the volume that is not here
    cut: bool = False  #: there are more entries than the limit
    encrypted: Cipher | None = None  #: the headers are encrypted, and this is the first salt to derive with

    def note(self, fact: str, place: str, detail: str) -> None:
        """Report something that makes the archive ambiguous or torn."""
        self.facts.append((fact, place, detail))
        self.trouble = self.trouble or detail
