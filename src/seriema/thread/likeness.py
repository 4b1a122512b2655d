"""How alike a remembered mail is to the one that a mail without header ids answers.

Clues: the header block above the quotation names author and minute; the quotation holds words of the mail; subject and
people agree. Weights are small whole numbers in one table; they order candidates and are no probability.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from seriema.model.message import Message, Quote
from seriema.model.thread import Match, Remembered, name_key
from seriema.thread.keys import EAST, QUOTES, WEST, plausible

WEIGHTS = {
    "minute": 12.0,  #: the block's author wrote at the block's minute
    "author": 5.0,  #: the block above the quotation names its sender
    "other author": -4.0,  #: it names somebody else
    "fingerprint": 3.0,  #: each piece of quoted text it holds, up to four
    "older author": 1.0,  #: a block further down names its sender
    "subject": 3.0,
    "addressee": 2.0,  #: this mail is written to its sender
    "people": 1.0,  #: this mail's sender had it
}
MOST_FINGERPRINTS = 4
#: Offsets of civil time differ by whole quarters of an hour.
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom and when a quoted header block names."""

    address: str
    name: str
    date: datetime | None

    @classmethod
    def of(cls, quote: Quote) -> "Named":
        """The comparable form of a block."""
        return cls(quote.author.key, name_key(quote.author.name), quote.date)

    def wrote(self, mail: Remembered) -> bool | None:
        """Whether the block's author is the mail's sender; None when the block names nobody."""
        if not self.address and not self.name:
            return None
        if self.address and self.address == mail.sender:
            return True
        return bool(self.name) and self.name == name_key(mail.sender_name)

    def at(self, mail: Remembered) -> bool:
        """Whether the block's date is the mail's, to the minute; the block may show it in another time zone."""
        if self.date is None or mail.date is None or not plausible(self.date) or not plausible(mail.date):
            return False
        claimed = self.date if self.date.tzinfo else self.date.replace(tzinfo=UTC)
        difference = _minute(claimed) - _minute(mail.date)
        return not difference % QUARTER and WEST <= difference <= EAST


@dataclass(frozen=True, slots=True)
class Clues:
    """What a mail says about the one it answers."""

    blocks: tuple[Named, ...]
    sender: str
    recipients: frozenset[str]

    @classmethod
    def of(cls, message: Message) -> "Clues":
        """Read from the quoted blocks, nearest first, and the people."""
        blocks = tuple(Named.of(quote) for quote in message.body.quotes[:QUOTES])
        return cls(blocks, message.sender.key, frozenset(one.key for one in message.recipients))

    def quotes(self, match: Match) -> bool:
        """A quoted block or quoted words are this mail's."""
        named = any(block.wrote(match.mail) and block.at(match.mail) for block in self.blocks)
        return named or match.fingerprints > 0

    def score(self, match: Match) -> float:
        """The sum of the weights that apply."""
        return sum(WEIGHTS[name] * times for name, times in self._found(match))

    def _found(self, match: Match) -> Iterator[tuple[str, int]]:
        mail = match.mail
        yield "fingerprint", min(match.fingerprints, MOST_FINGERPRINTS)
        yield "subject", "subject" in match.by
        yield "addressee", mail.sender in self.recipients
        yield "people", self.sender in mail.people
        if self.blocks:
            wrote = self.blocks[0].wrote(mail)
            yield "author", wrote is True
            yield "other author", wrote is False
            yield "minute", wrote is not False and self.blocks[0].at(mail)
            yield "older author", any(block.wrote(mail) for block in self.blocks[1:])


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
