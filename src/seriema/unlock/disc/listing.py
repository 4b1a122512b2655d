"""What every file system in an image lists: files by their extents, under one bound on the steps of listing."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from seriema.model.artifact import State
from seriema.model.errors import HostileInput, LimitReached, Malformed
from seriema.unlock.reading import state_of

_CHUNK = 1 << 16
#: Directory records, clusters and sectors looked at in one image; 64 MiB in clusters of 512 bytes are 131,072.
_STEPS = 400_000
_DEPTH = 64

#: (offset in the image, bytes); a negative offset stands for zeros that are not recorded.
Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """One file of a file system. ``trouble`` names what stands in the way of reading it."""

    name: str
    size: int
    extents: tuple[Extent, ...]
    state: State = State.INSPECTED
    trouble: str = ""


@dataclass(slots=True)
class Listing:
    """The files of one file system as far as they could be listed."""

    view: str  #: ISO 9660, Joliet, Rock Ridge, UDF or FAT
    limit: int  #: files that are listed at most
    files: list[Found] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)  #: (fact, place, detail)
    state: State = State.INSPECTED
    reason: str = ""
    steps: int = 0
    short_names: bool = False  #: names are cut to eight and three characters

    def step(self, count: int = 1) -> None:
        """Pay for looking at that much; ``LimitReached`` when the directories go on for ever."""
        self.steps += count
        if self.steps > _STEPS:
            raise LimitReached(f"the image has more than {_STEPS} directory records or clusters")

    def add(self, found: Found) -> None:
        """Take in a file; ``LimitReached`` beyond the limit."""
        if len(self.files) >= self.limit:
            raise LimitReached(f"more than {self.limit} members")
        self.files.append(found)

    def deeper(self, path: str) -> None:
        """``LimitReached`` for folders within folders without end."""
        if path.count("/") > _DEPTH:
            raise LimitReached(f"folders more than {_DEPTH} deep")

    def stopped(self, error: HostileInput) -> None:
        """Note why the listing ends here; the first reason stays."""
        if not self.reason:
            self.state, self.reason = state_of(error), str(error)


def pieces(content: bytes, found: Found) -> Iterator[bytes]:
    """The file's bytes in bounded chunks; ``Malformed`` when the image ends before it."""
    left = found.size
    for offset, length in found.extents:
        length = min(length, left)  # noqa: PLW2901 - the last extent is filled up to a whole block
        left -= length
        if offset >= 0 and offset + length > len(content):
            raise Malformed("the image ends within the file")
        for at in range(0, length, _CHUNK):
            size = min(_CHUNK, length - at)
            yield content[offset + at : offset + at + size] if offset >= 0 else bytes(size)
    if left:
        raise Malformed(f"{left} bytes of the file have no place in the image")
