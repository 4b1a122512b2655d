"""Visible text told apart: what this mail's author wrote, what is quoted, and the signature.

No specification covers this but RFC 3676, 4.3 ("-- ") and 4.5 ("> "); the rest is what clients do, in the reader's
language. Vocabularies (room ``language``) say what words mean, structure says whether they stand where they must.
All of it is a claim: a sender may write any attribution and any header block above any text.
"""

from dataclasses import dataclass
from itertools import compress

from seriema.message.quotes import attributions, blocks, dates, separators, signatures, structure
from seriema.message.quotes.lines import read
from seriema.model.message import Quote

#: The pieces of a text by the names that ``Link.place`` gives them.
PLACES = ("reply", "quoted", "signature")


@dataclass(frozen=True, slots=True)
class Split:
    """A visible text in three pieces, and the quoted mails that the quoted piece names, in order of appearance.

    Every line that is not blank stands in exactly one piece, unchanged and in order. ``Quote.body`` keeps quote marks.
    """

    reply: str = ""
    quoted: str = ""
    signature: str = ""
    quotes: tuple[Quote, ...] = ()
    places: bytes = b""  #: for each line of the text (ended by a line feed) its place in ``PLACES``


def load() -> None:
    """Read every vocabulary that ``split`` needs, so that a locked process needs no file afterwards."""
    for part in (attributions, blocks, dates, separators, signatures):
        part.load()


def split(text: str) -> Split:
    """Tell reply, quoted text and signature apart. Never raises; time grows linearly with the text."""
    lines = read(text)
    quoted = structure.find(lines)
    signed = signatures.find(lines, quoted.flags)
    both = zip(quoted.flags, signed, strict=True)
    places = bytes([1 if is_quoted else 2 * is_signed for is_quoted, is_signed in both])
    reply, rest, signature = (_joined(list(compress(lines.raw, map(place.__eq__, places)))) for place in range(3))
    return Split(reply, rest, signature, quoted.quotes, places)


def _joined(lines: list[str]) -> str:
    """The lines without blank ones around them."""
    first, end = 0, len(lines)
    while first < end and not lines[first].strip():
        first += 1
    while end > first and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[first:end])
