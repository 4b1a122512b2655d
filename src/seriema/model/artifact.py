"""What came out of a mail: every file, member and part, each in its place in one tree, with its state of inspection."""

from dataclasses import dataclass, replace
from enum import StrEnum


class State(StrEnum):
    """How far an artifact was inspected. Only ``INSPECTED`` means that nothing was left unread."""

    INSPECTED = "inspected"
    LOCKED = "locked"  #: encrypted and not opened; a wrong password is this too, ``state_reason`` says so
    WAITING = "waiting"  #: locked, and its mail says that the password follows separately
    LIMIT = "limit"  #: a bound was met or the time ran out
    UNSUPPORTED = "unsupported"  #: named, but there is no reader for it; S/MIME and PGP are this
    MALFORMED = "malformed"
    CRASHED = "crashed"


#: The worst state counts for a container: later in this order is worse.
SEVERITY = (
    State.INSPECTED,
    State.UNSUPPORTED,
    State.WAITING,
    State.LOCKED,
    State.LIMIT,
    State.MALFORMED,
    State.CRASHED,
)


def worst(*states: tuple[State, str]) -> tuple[State, str]:
    """Of states with their reasons the first of the worst, one with a reason before one without."""
    return max(states, key=lambda each: (SEVERITY.index(each[0]), bool(each[1])))


class FileClass(StrEnum):
    """What a kind of file is to policy: the rows of the incomplete table name these."""

    ARCHIVE = "archive"
    OFFICE = "office"  #: documents that can carry macros, with or without
    PDF = "pdf"
    SCRIPT = "script"
    EXECUTABLE = "executable"
    DISK_IMAGE = "disk-image"
    SHORTCUT = "shortcut"
    WEB = "web"  #: HTML, SVG: text that can run script in a browser
    MAIL = "mail"
    PROTECTED = "protected"  #: S/MIME, PGP: sealed for a person, not a locked archive
    TEXT = "text"
    PICTURE = "picture"
    MEDIA = "media"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Child:
    """A file that came out of an artifact, before it has its place in the tree. ``content`` is None while unread.

    Opened members, files a macro writes, a blob that HTML reassembles: all become artifacts by going round again.
    """

    name: str
    content: bytes | None
    size: int
    state: State = State.INSPECTED
    state_reason: str = ""
    encrypted: bool = False
    password_source: str | None = None
    method: str = ""
    crc32: int | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file, archive member or mail part.

    ``id`` is its place in the tree: "0" is the mail itself, "1", "2" … its attachments, "2.1" the first member of the
    second. ``path`` holds the names from the mail downwards, its own last.
    """

    id: str
    path: tuple[str, ...]
    name: str  #: as declared; "" when none was
    kind: str  #: what the content is (``examine.identify``), or by its name alone while locked: zip, docm, pdf, lnk …
    size: int  #: bytes as they lie in the container; the declared size while locked
    sha256: str | None = None  #: of the bytes as they lie in the opened container; None while they cannot be read
    decrypted_sha256: str | None = None  #: for a file that is itself encrypted (Office, PDF), once opened
    file_class: FileClass = FileClass.OTHER
    state: State = State.INSPECTED
    state_reason: str = ""
    encrypted: bool = False
    password_source: str | None = None  #: where the password stood, as in ``Text.source``
    declared_type: str = ""  #: the MIME type the mail gives it, attachments only
    method: str = ""  #: compression and encryption of an archive member, in the format's own words
    crc32: int | None = None  #: from the container's directory; known also while locked
    part_of: str = ""  #: for a volume: id of the artifact under which the joined archive stands

    def __post_init__(self) -> None:
        if not self.id or not self.path:
            raise ValueError("an artifact has an id and a path")
        if self.size < 0:
            raise ValueError("an artifact's size is not negative")

    @property
    def parent(self) -> str:
        """The id of what it lies in; "0" (the mail) for attachments, "" for the mail."""
        if self.id == "0":
            return ""
        return self.id.rpartition(".")[0] or "0"

    @property
    def extension(self) -> str:
        """The last extension of its name in lower case without the dot, or ""."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""

    def worsened(self, state: State, reason: str) -> "Artifact":
        """This artifact in the worse of its state and another one."""
        shown = worst((self.state, self.state_reason), (state, reason))
        unchanged = shown == (self.state, self.state_reason)
        return self if unchanged else replace(self, state=shown[0], state_reason=shown[1])

    def as_part_of(self, whole: "Artifact") -> "Artifact":
        """This volume beside the archive it is part of: as far inspected as that, or less."""
        said = f"part of {whole.name}" + (f": {whole.state_reason}" if whole.state_reason else "")
        state, reason = worst((whole.state, said), (self.state, self.state_reason))
        return replace(self, state=state, state_reason=reason, encrypted=whole.encrypted, part_of=whole.id)


def child_id(parent: str, number: int) -> str:
    """The id of what lies in ``parent`` as its ``number``-th, counted from 1."""
    return str(number) if parent == "0" else f"{parent}.{number}"
