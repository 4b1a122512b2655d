"""How alike a remembered mail is to the one that a mail without header ids answers.

Clues: the header block above the quotation names author and minute; the quotation holds words of the mail; subject and
people agree. Weights are small numbers in one table; they order candidates and are no probability. Whether a candidate
is alike enough to be joined at all is told apart from that (``Clues.quotes``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone

from seriema.model.message import Message, Quote
from seriema.model.thread import Match, Remembered, name_key
from seriema.thread.keys import EAST, QUOTES, WEST, plausible

WEIGHTS = {
    "minute": 12.0,  #: the block above the quotation names a minute, and the mail was written then
    "other minute": -6.0,  #: it names another one
    "day": 3.0,  #: it names only a day, and it is the mail's
    "other day": -6.0,
    "author": 5.0,  #: it names the mail's sender
    "other author": -4.0,  #: it names somebody else
    "fingerprint": 3.0,  #: each piece of quoted text that the mail holds, up to four
    "older author": 1.0,  #: a block further down names its sender
    "subject": 6.0,
    "addressee": 3.0,  #: this mail is written to its sender
    "people": 1.0,  #: this mail's sender had it
    "own": -4.0,  #: it is this mail's sender's own; people seldom answer themselves
}
MOST_FINGERPRINTS = 4
#: So many pieces of quoted text tie a mail to one of another subject; fewer do if a block names its author.
MANY, SOME = 5, 3
#: So many leave no doubt that a mail of the same conversation stands in the quotation.
SHOWN = 2

MINUTE, QUARTER, HOUR = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)
#: A block's date without zone may be so much too early.
SLACK = timedelta(days=2)
#: A block that gives only a day is read as its midnight.
MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Block:
    """Whom and when a quoted header block names."""

    address: str
    name: str
    date: datetime | None

    @classmethod
    def of(cls, quote: Quote) -> "Block":
        """The comparable form of a quoted block."""
        return cls(quote.author.key, name_key(quote.author.name), quote.date)

    def wrote(self, mail: Remembered) -> bool | None:
        """Whether the block's author is the mail's sender; None when the block names nobody.

        Attribution lines may give less than the whole name ("Guido wrote:").
        """
        if not self.address and not self.name:
            return None
        if self.address and self.address == mail.sender:
            return True
        known = f"{name_key(mail.sender_name)} {name_key(mail.sender.partition('@')[0])}".split()
        return bool(self.name) and set(self.name.split()) <= set(known)

    def at(self, mail: Remembered, zone: timedelta) -> bool | None:
        """Whether the block's time is the mail's, give or take a minute; None when the block names no time of day.

        A block that names no zone (or UTC) may mean that of the quoting client, ``zone``, in summer or in winter, or
        the mail's own. None, too, when the block would be right in some other zone of the world.
        """
        if not plausible(self.date) or not plausible(mail.date) or self.date.time() == MIDNIGHT:
            return None
        written = _minute(mail.date)
        if self.date.utcoffset():
            return abs(_minute(self.date) - written) <= MINUTE
        difference = _minute(self.date.replace(tzinfo=UTC)) - written
        zones = {timedelta(), mail.date.utcoffset() or timedelta(), zone, zone - HOUR, zone + HOUR}
        if any(abs(difference - one) <= MINUTE for one in zones):
            return True
        return None if WEST <= difference <= EAST and not difference % QUARTER else False

    def on(self, mail: Remembered, zone: timedelta) -> bool | None:
        """Whether the mail was written on the block's day, by its own clock or by the quoting client's.

        None when the block names none, or names a time as well.
        """
        if not plausible(self.date) or not plausible(mail.date) or self.date.time() != MIDNIGHT:
            return None
        return self.date.date() in {mail.date.date(), mail.date.astimezone(timezone(zone)).date()}

    def is_(self, mail: Remembered, zone: timedelta) -> bool | None:
        """Whether the block is the mail's header; None when author and time leave it open."""
        wrote, at, on = self.wrote(mail), self.at(mail, zone), self.on(mail, zone)
        if wrote is False or at is False or on is False:
            return False
        return True if wrote and at else None


@dataclass(frozen=True, slots=True)
class Clues:
    """What a mail says about the one it answers."""

    blocks: tuple[Block, ...]
    sender: str
    recipients: frozenset[str]
    zone: timedelta

    @classmethod
    def of(cls, message: Message) -> "Clues":
        """Read from the quoted blocks, nearest first, and the people."""
        blocks = tuple(Block.of(quote) for quote in message.body.quotes[:QUOTES])
        zone = message.date.utcoffset() if message.date else None
        recipients = frozenset(one.key for one in message.recipients)
        return cls(blocks, message.sender.key, recipients, zone or timedelta())

    def names(self, mail: Remembered) -> bool | None:
        """Some quoted block names the mail (author and minute), none can be its (False), or it is open (None)."""
        said = {block.is_(mail, self.zone) for block in self.blocks}
        return True if True in said else None if None in said or not said else False

    def quotes(self, match: Match) -> bool:
        """A quoted block names the mail, or its words are quoted and no block says that they are another mail's."""
        named, same = self.names(match.mail), "subject" in match.by
        by_author = any(block.wrote(match.mail) for block in self.blocks)
        if named is False:  # of its author another mail is quoted; or its own header was not recognised
            return not by_author and same and match.fingerprints >= MANY and self.shares(match.mail)
        if named or (same and match.fingerprints):
            return True
        return match.fingerprints >= (SOME if by_author else MANY)

    def predates(self, mails: Iterable[Remembered]) -> bool:
        """The quoted mail is older than all of these and none of them: what they share is not a conversation."""
        if not self.blocks or not plausible(self.blocks[0].date):
            return False
        moment = self.blocks[0].date
        claimed = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return all(claimed < mail.received - SLACK and not self.names(mail) for mail in mails)

    def shares(self, mail: Remembered) -> bool:
        """Sender or recipients of this mail had that one, too."""
        return not {self.sender, *self.recipients}.isdisjoint(mail.people)

    def shows(self, match: Match) -> bool:
        """Its words or its header stand in the quotation beyond doubt."""
        return match.fingerprints >= SHOWN or self.names(match.mail) is True

    def rank(self, match: Match) -> tuple[float, datetime, int]:
        """In which order mails are likely to be the one that is answered; of equals the later."""
        return self.score(match), match.mail.received, match.mail.number

    def score(self, match: Match) -> float:
        """The sum of the weights that apply."""
        return sum(WEIGHTS[name] * times for name, times in self._found(match))

    def _found(self, match: Match) -> Iterator[tuple[str, int]]:
        mail = match.mail
        yield "fingerprint", min(match.fingerprints, MOST_FINGERPRINTS)
        yield "subject", "subject" in match.by
        yield "addressee", mail.sender in self.recipients
        yield "people", self.sender in mail.people
        yield "own", self.sender == mail.sender
        if self.blocks:
            first = self.blocks[0]
            wrote, at, on = first.wrote(mail), first.at(mail, self.zone), first.on(mail, self.zone)
            yield "author", wrote is True
            yield "other author", wrote is False
            yield "minute", wrote is not False and at is True
            yield "other minute", at is False
            yield "day", wrote is not False and on is True
            yield "other day", on is False
            yield "older author", any(block.wrote(mail) for block in self.blocks[1:])


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
