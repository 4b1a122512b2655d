"""Texts in which a password may stand, and the candidates read out of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text.

    ``source`` is its place: body, subject, name, quoted, attachment, picture, message:<id>, pool, admin or user.
    """

    source: str
    content: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One password to try. ``source`` as in ``Text``; lower ``rank`` is tried earlier (see ``unlock.passwords``)."""

    value: str
    source: str
    rank: int = 0

    def __repr__(self) -> str:
        """Without the value: candidates appear in tracebacks and logs."""
        return f"Candidate(source={self.source!r}, rank={self.rank})"


@dataclass(frozen=True, slots=True)
class Proven:
    """A password that opened something, confirmed by a full read. ``source`` as in ``Text``."""

    value: str
    source: str

    def __repr__(self) -> str:
        """Without the value, as above."""
        return f"Proven(source={self.source!r})"
