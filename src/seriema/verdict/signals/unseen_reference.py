"""The mail that is answered never passed here, though memory sees what these two write to each other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from seriema.model.case import Evidence
from seriema.model.history import PairHistory
from seriema.model.message import Quote
from seriema.model.thread import Kind, name_key
from seriema.verdict.signal import Observation, Reads, Signal

#: Mails of either side by which memory shows that it sees both.
ENOUGH_MAILS = 3
#: Memory must reach this far behind the quoted date: clocks differ, and it may have begun within a conversation.
MARGIN = timedelta(days=2)


def observe(evidence: Evidence) -> Observation | None:
    """Only where the quoted block says who wrote when, and neither its ids, nor its header, nor its words are known."""
    thread, body = evidence.thread, evidence.message.body
    if not thread.reply or thread.kind is not Kind.PEOPLE or thread.cited_seen or thread.quoted_seen is not False:
        return None
    quote = next(iter(body.quotes), None)
    moment = _moment(quote)
    if quote is None or moment is None or moment > evidence.as_of:
        return None
    for pair in _watched(evidence, moment):
        writer = _writer(evidence, quote, pair)
        if writer:
            seen = f"{pair.sent + pair.answered} others between the two are"
            return Observation(f"the quoted mail of {writer} of {moment:%Y-%m-%d} is not remembered, though {seen}")
    return None


def _moment(quote: Quote | None) -> datetime | None:
    date = quote.date if quote else None
    return date if date is None or date.tzinfo else date.replace(tzinfo=UTC)


def _watched(evidence: Evidence, moment: datetime) -> Iterator[PairHistory]:
    """Pairs of which memory knew both directions when the quoted mail was written."""
    for pair in evidence.history.pairs:
        begun = pair.first is not None and pair.first + MARGIN < moment
        if begun and pair.habit and min(pair.sent, pair.answered) >= ENOUGH_MAILS:
            yield pair


def _writer(evidence: Evidence, quote: Quote, pair: PairHistory) -> str:
    """Who of the two wrote the quoted mail, by address or by name; "" when it was somebody else."""
    author, sender = quote.author, evidence.message.sender
    ours = next((one for one in evidence.message.recipients if one.key == pair.recipient), None)
    for person in (one for one in (ours, sender) if one):
        same = author.key == person.key if author.key else name_key(author.name) == name_key(person.name) != ""
        if same:
            return person.name or person.address
    return ""


SIGNAL = Signal("unseen_reference", Reads.CONVERSATION, observe)
