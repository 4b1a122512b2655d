"""What to look up in memory to find a mail's conversation.

Header ids by RFC 5322, 3.6.4: the nearest ancestor is in In-Reply-To, then come the References from last to first.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

from seriema.language import base_subject
from seriema.model.message import Message, Quote
from seriema.model.thread import ThreadKeys, authored

#: Ancestors looked up: the nearest ones, and the root of the conversation.
ANCESTORS = 24
#: Quoted header blocks looked up, nearest first.
QUOTES = 4
#: The civil time zones of the world lie between these offsets from UTC.
WEST, EAST = timedelta(hours=-12), timedelta(hours=14)
#: A quoted mail is of a year in which there was mail, and in which dates can still be reckoned with.
YEARS = range(1971, 2200)


def keys(message: Message) -> ThreadKeys:
    """The keys of one mail; at most 25 ids and 24 quote keys, so that a look-up stays one bounded query."""
    return ThreadKeys(
        message_ids=(*ancestors(message), message.message_id),
        subject=base_subject(message.subject).casefold(),
        quoted=tuple(dict.fromkeys(_quote_keys(message))),
        fingerprints=message.body.quoted_fingerprints,
        people=(message.sender.key, *(one.key for one in message.recipients[:64])),
    )


def ancestors(message: Message) -> tuple[str, ...]:
    """The ids of the mails before this one, nearest first, the root kept when there are too many."""
    found = message.ancestors
    return found if len(found) <= ANCESTORS else (*found[: ANCESTORS - 1], found[-1])


def plausible(moment: datetime | None) -> TypeGuard[datetime]:
    """There is a date and a mail may have been written then."""
    return moment is not None and moment.year in YEARS


def _quote_keys(message: Message) -> Iterator[str]:
    for quote in message.body.quotes[:QUOTES]:
        for moment in _possible_days(quote):
            yield from authored(quote.author, moment)


def _possible_days(quote: Quote) -> tuple[datetime, ...]:
    """Moments on each UTC day that the block's date may mean: a block often leaves its time zone out.

    One that is given in UTC may as well be without a zone: the reader of blocks cannot say which.
    """
    if not plausible(quote.date):
        return ()
    if quote.date.utcoffset():
        return (quote.date,)
    civil = quote.date.replace(tzinfo=UTC)
    return (civil - EAST, civil, civil - WEST)
