"""Pictures in which a password may stand, and what was read in them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture beside a file that stayed locked. ``artifact`` is its place; its bytes are hostile."""

    artifact: str
    content: bytes

    def __repr__(self) -> str:
        return f"Picture(artifact={self.artifact!r}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a picture; ``trouble`` says in words why it was not read, "" when it was."""

    text: str = ""
    trouble: str = ""

    def __repr__(self) -> str:
        """Without the text, which may be a password."""
        return f"Reading({len(self.text)} characters, trouble={self.trouble!r})"
