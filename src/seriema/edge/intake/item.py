"""One mail or bare file among the inputs, and what was met besides."""

import hashlib
from dataclasses import dataclass, field

from seriema.edge.intake import mbox
from seriema.edge.intake.store import Store
from seriema.model.errors import InputError, LimitReached
from seriema.model.plan import Subject


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the inputs were read, so that a later run goes on behind it: see ``discover(after=…)``.

    Plain values, to be kept anywhere. ``file`` is the path as walked, ``offset`` the end within it and ``number`` how
    many mails lie before that end.
    """

    file: str
    offset: int
    number: int


@dataclass(frozen=True, slots=True)
class Input:
    """One mail or bare file, by reference: nothing of it is in memory until it is read, and it can be read again."""

    source: str  #: the path as given, #n (from 0) in an mbox, !name in a zip
    kind: Subject
    name: str  #: the file's own name
    size: int  #: bytes as they lie
    done: int  #: bytes of all inputs up to the end of this one; ``measure`` gives the whole
    mark: Mark
    store: Store = field(repr=False, compare=False)
    offset: int = 0
    quoted: bool = False  #: from an mbox: ">From " lines lose one ">"

    def read(self, limit: int) -> bytes:
        """The whole mail or file. Raises LimitReached above ``limit`` bytes, InputError when it cannot be read now."""
        if self.size > limit:
            raise LimitReached(f"{self.size} bytes, more than {limit}", self.source)
        content = self._read(self.size)
        if len(content) < self.size:
            raise InputError(f"{self.source}: it became shorter while it was read")
        return mbox.unquote(content) if self.quoted else content

    def head(self, length: int) -> bytes:
        """At most the first ``length`` bytes. Raises InputError when they cannot be read now."""
        return self._read(min(length, self.size))

    def sha256(self) -> str:
        """SHA-256 (hex) of what ``read`` gives, in bounded memory.

        For mails above a reader's limit, whose document still needs its id. Raises InputError.
        """
        digest = hashlib.sha256()
        try:
            pieces = self.store.pieces(self.offset, self.size)
            for piece in mbox.unquoted(pieces) if self.quoted else pieces:
                digest.update(piece)
        except OSError as error:
            raise self._lost(error) from error
        return digest.hexdigest()

    def _read(self, length: int) -> bytes:
        try:
            return self.store.read(self.offset, length)
        except OSError as error:
            raise self._lost(error) from error

    def _lost(self, error: OSError) -> InputError:
        return InputError(f"{self.source}: {error.strerror or error}")


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be used. ``str()`` is one clear line for standard error; the exit code is 2."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


@dataclass(slots=True)
class Tally:
    """What ``discover`` met besides inputs; complete once its iterator is used up."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)  #: worth a line on standard error, but no exit code
    not_mail: int = 0  #: files within folders that are no mail: counted, and no document is made of them
