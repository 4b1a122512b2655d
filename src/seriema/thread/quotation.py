"""Whether a quotation is what it claims to be, as far as the mail it names is remembered.

Of that mail memory has its people, its length and a few fingerprints. They are the smallest of the whole
(Schleimer et al. 2003), so a quotation of most of it, with little else beside, holds most of them: on the development
corpus never fewer than three where a mail of 400 characters was quoted to 60 % or more. Whoever trims what he quotes is
told apart by the length.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from seriema.model.message import Message, Quote
from seriema.model.thread import Kind, Match, Remembered
from seriema.thread.likeness import Block, Clues

#: Characters a remembered mail must have, and fingerprints the quotation, for its words to be compared.
LEAST_LETTERS, LEAST_PIECES = 400, 6
#: The quotation is of so much of the mail's length: less is trimmed, in more its words are a small part.
LEAST_PART, MOST_PART = 0.6, 2.0
#: Fingerprints that may agree by chance or by a set phrase.
BY_CHANCE = 1


@dataclass(frozen=True, slots=True)
class Quotation:
    """The remembered mail that the nearest quoted block claims to be, where the two contradict each other."""

    altered: Remembered | None = None  #: its words are others
    misaddressed: Remembered | None = None  #: it went to other people

    @classmethod
    def of(cls, message: Message, clues: Clues, earlier: Sequence[Match]) -> "Quotation":
        """Compare the nearest block with the mails that it names by author and minute; one that fits is enough."""
        quote = message.body.quotes[0] if message.body.quotes else None
        if quote is None:
            return cls()
        block = Block.of(quote)
        named = [one for one in earlier if block.is_(one.mail, clues.zone)]
        pieces = len(message.body.quoted_fingerprints)
        others = bool(named) and all(_other_words(quote, pieces, one) for one in named)
        elsewhere = bool(named) and all(_other_people(quote, one.mail) for one in named)
        return cls(named[0].mail if others else None, named[0].mail if elsewhere else None)


def _other_words(quote: Quote, pieces: int, match: Match) -> bool:
    letters = match.mail.letters
    if letters < LEAST_LETTERS or min(pieces, match.kept) < LEAST_PIECES:
        return False
    return LEAST_PART <= len(quote.body) / letters <= MOST_PART and match.agreeing <= BY_CHANCE


def _other_people(quote: Quote, mail: Remembered) -> bool:
    """The block gives addresses that it was sent to, and the mail went to none of them.

    Lists put their own address there, and blind copies leave nobody, so it must have gone to people by name.
    """
    claimed = {one.key for one in quote.recipients}
    had = set(mail.people) - {mail.sender}
    return mail.kind is Kind.PEOPLE and bool(had) and bool(claimed) and all(claimed) and claimed.isdisjoint(had)
