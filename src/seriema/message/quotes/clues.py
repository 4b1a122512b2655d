"""What a candidate for an attribution holds: a word for writing, a date, an address, a colon, and the words left over.

The words left over are the author's name in a true attribution, and half a sentence in any other line.
"""

import re
from dataclasses import dataclass
from functools import cache

from seriema.language import Hit, Phrases, fold, languages_of, plain
from seriema.message.quotes import dates, people
from seriema.model.message import Address

_COLONS = (":", "：")
_AFTER_COLON = " \t*_`\"'"
_BEFORE_OPENER = "*-–—>( ,\"'"
_PUNCTUATION = " .,:;、，。;()'\"-–—/"
_UNMASKED = re.compile("[^\0]+")
#: Without a quotation below, one of both is in every attribution.
_DATE_OR_ADDRESS = re.compile(r"[\d@]")
#: What stands in a link was not written about a mail.
_LINK = re.compile(r"https?://[^\s<>]{0,400}")
#: Fillers stand beside fillers: "pm बजे को".
_CHAIN = 3
#: Openers after which the first address is a message's, not a person's.
_OF_A_MESSAGE = ("in article", "in message", "in nachricht")


@dataclass(frozen=True, slots=True)
class Clues:
    """One candidate taken apart. ``rest``: the connected pieces that are nothing known, with their places."""

    text: str
    folded: str
    colon: bool
    framed: bool  #: "---- On … wrote ----"
    quoted: bool  #: a deeper line follows
    verbs: tuple[Hit, ...]
    opener: Hit | None
    date: dates.Written | None
    address: tuple[int, int, str] | None
    rest: tuple[tuple[int, str], ...]

    @property
    def ends(self) -> bool:
        """It ends as attributions end: with a colon, a frame, or the word for writing after date and address."""
        if self.colon or not self.verbs:
            return self.colon
        wrote_last = self.verbs[-1].end == len(self.folded.rstrip())
        return self.framed or (wrote_last and self.date is not None and self.address is not None)

    @property
    def words(self) -> int:
        """How many words are left over."""
        return sum(len(piece.split()) for _, piece in self.rest)

    @property
    def weekday(self) -> Hit | None:
        """A weekday before the date."""
        return next(dates.weekdays().find(self.folded[: self.date.start]), None) if self.date else None


@cache
def _phrases(*tables: str) -> Phrases:
    words = {word: of for table in tables for word, of in languages_of("attributions", table).items()}
    return Phrases({fold(plain(word)): of for word, of in words.items()})


def load() -> None:
    """Read the vocabulary."""
    for tables in (("wrote",), ("openers",), ("fillers", "you")):
        _phrases(*tables)


def gather(text: str, *, quoted: bool) -> Clues | None:
    """Take a candidate apart; None when nothing in it can end an attribution, however many lines stand above."""
    text = plain(text)
    framed = text[:2] in ("--", "==") and text[-2:] in ("--", "==")
    bare = text.strip("-= ") if framed else text
    if "://" in bare:
        bare = _LINK.sub("", bare)
    colon = bare.rstrip(_AFTER_COLON)[-1:] in _COLONS or (quoted and bare.endswith("..."))
    if not (colon or framed or "@" in bare or bare[:2] == "20"):
        return None
    folded = fold(bare)
    if not (quoted or _DATE_OR_ADDRESS.search(bare)):
        return Clues(bare, folded, colon, framed, quoted, (), None, None, None, ())
    verbs = tuple(_phrases("wrote").find(folded))
    found = list(people.addresses(bare))
    address = found[-1 if folded.startswith(_OF_A_MESSAGE) else 0] if found else None
    date = dates.find(bare, frozenset[str]().union(*(hit.languages for hit in verbs)))
    opener = _opener(folded)
    rest: tuple[tuple[int, str], ...] = ()
    if verbs or date or address:
        spans = [(hit.start, hit.end) for hit in (*verbs, *((opener,) if opener else ()))]
        spans.extend([(date.start, date.end)] if date else ())
        spans.extend((start, end) for start, end, _ in found)
        rest = tuple(_left_over(bare, folded, spans))
    return Clues(bare, folded, colon, framed, quoted, verbs, opener, date, address, rest)


def _opener(folded: str) -> Hit | None:
    """The words before a date that the line begins with."""
    start = len(folded) - len(folded.lstrip(_BEFORE_OPENER))
    hit = _phrases("openers").at_start(folded[start:])
    return Hit(start, hit.end + start, hit.languages) if hit else None


def _left_over(text: str, folded: str, spans: list[tuple[int, int]]) -> list[tuple[int, str]]:
    """The pieces outside the spans, without weekdays and fillers that stand beside these or at an end."""
    masked = folded
    for _ in range(_CHAIN):
        for start, end in spans:
            masked = masked[:start] + "\0" * (end - start) + masked[end:]
        around = (hit for words in (dates.weekdays(), _phrases("fillers", "you")) for hit in words.find(masked))
        spans = [(hit.start, hit.end) for hit in around if _beside_known(masked, hit)]
        if not spans:
            break
    places = (piece.span() for piece in _UNMASKED.finditer(masked))
    pieces = ((start, text[start:end].strip(_PUNCTUATION)) for start, end in places)
    named = ((start, people.name_of(piece)) for start, piece in pieces if piece)
    return [(start, name) for start, name in named if name]


def _beside_known(masked: str, hit: Hit) -> bool:
    before = masked[: hit.start].rstrip(_PUNCTUATION)
    after = masked[hit.end :].lstrip(_PUNCTUATION)
    return not before or not after or before[-1] == "\0" or after[0] == "\0"


def begins_whole(clues: Clues) -> bool:
    """It begins with a date or the words before one, so that nothing of it stands in a line above."""
    if clues.date is None:
        return False
    head = clues.folded[: clues.date.start]
    return not head.strip(_BEFORE_OPENER) or clues.opener is not None or clues.weekday is not None


def author(clues: Clues) -> Address:
    """The name nearest before the address, else the longest piece that is left over."""
    longest = max((piece for _, piece in clues.rest), key=len, default="")
    if clues.address is None:
        return Address(_without_verb(longest))
    before = [piece for start, piece in clues.rest if start < clues.address[0]]
    name = before[-1] if before else longest
    return Address("" if name.lower() == clues.address[2].lower() else name, clues.address[2])


def _without_verb(rest: str) -> str:
    """The rest as a name: without one unknown word for writing after it, "" when it is part of a sentence."""
    words = rest.split()
    if len(words) > 1 and words[-1].islower():
        words.pop()
        if words[-1].islower() or words[-1].endswith(","):
            return ""
    return " ".join(words)
