"""Visible text told apart: what this mail's author wrote, what is quoted, and the signature."""

from dataclasses import dataclass

from seriema.message.quotes import attributions, blocks, dates, separators, signatures, structure
from seriema.message.quotes.lines import read
from seriema.model.message import Quote


@dataclass(frozen=True, slots=True)
class Split:
    """A visible text in three pieces, and the quoted mails that the quoted piece names, nearest first."""

    reply: str = ""
    quoted: str = ""
    signature: str = ""
    quotes: tuple[Quote, ...] = ()


def load() -> None:
    """Read every vocabulary that ``split`` needs, so that a locked process needs no file afterwards."""
    for part in (attributions, blocks, dates, separators, signatures):
        part.load()


def split(text: str) -> Split:
    """Tell reply, quoted text and signature apart."""
    lines = read(text)
    quoted = structure.find(lines)
    signed = signatures.find(lines, quoted.flags)
    pieces: tuple[list[str], list[str], list[str]] = ([], [], [])
    for index, line in enumerate(lines.raw):
        pieces[1 if quoted.flags[index] else 2 if signed[index] else 0].append(line)
    reply, rest, signature = ("\n".join(piece).strip("\n") for piece in pieces)
    return Split(reply, rest, signature, tuple(quoted.quotes))
