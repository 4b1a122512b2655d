"""The top header section → ``Message`` without its body: who, to whom, when, under which ids, by which way.

RFC 5322, 3.6 for the fields, with every repeated field read: a second From is not hidden by the first.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from seriema.message import addresses, authentication, dates, ids, received
from seriema.message.fields import Section
from seriema.message.words import decode
from seriema.model.limits import Limits
from seriema.model.message import Address, Header, Message, Received

_MAX_RECEIVED = 200
_SINGLE = ("from", "subject", "date", "message-id", "to", "cc", "in-reply-to", "references", "reply-to", "sender")


def arrival(sha256: str, size: int, section: Section, limits: Limits) -> Message:
    """The cheap reading: topmost Received, Date, From, To, Subject and Message-ID; no other header is kept."""
    senders, to = _mailboxes(section, "from", limits, []), _mailboxes(section, "to", limits, [])
    hops = section.all("received")
    return Message(
        sha256=sha256,
        size=size,
        message_id=ids.first(section.first("message-id")),
        date=_date(section),
        sender=_sender(senders),
        senders=len(senders) or 1,
        to=to,
        subject=_line(section.first("subject"), []),
        received=(received.read(hops[0]),) if hops else (),
    )


def message(
    sha256: str, size: int, section: Section, limits: Limits, authserv_ids: tuple[str, ...]
) -> tuple[Message, list[str]]:
    """Everything the header says, and what had to be repaired."""
    repairs: list[str] = []
    senders = _mailboxes(section, "from", limits, repairs)
    hops = tuple(map(received.read, section.all("received")[:_MAX_RECEIVED]))
    date = _date(section)
    repairs += _oddities(section, senders, date)
    whole = Message(
        sha256=sha256,
        size=size,
        message_id=ids.first(section.first("message-id")),
        date=date,
        sender=_sender(senders),
        senders=len(senders) or 1,
        reply_to=_mailboxes(section, "reply-to", limits, repairs),
        to=_mailboxes(section, "to", limits, repairs),
        cc=_mailboxes(section, "cc", limits, repairs),
        subject=_line(section.first("subject"), repairs),
        in_reply_to=_ids(section, "in-reply-to"),
        references=_ids(section, "references"),
        headers=tuple([Header(name, _line(value, repairs)) for name, _, value in section.fields]),
        received=hops,
        authentication=authentication.read(_trace(section, hops), authserv_ids),
    )
    return whole, list(dict.fromkeys(repairs))


def _line(raw: str, repairs: list[str]) -> str:
    """A raw value as text."""
    if raw.isascii() and "=?" not in raw:
        return raw
    text, more = decode(raw)
    repairs += more
    return text


def _mailboxes(section: Section, key: str, limits: Limits, repairs: list[str]) -> tuple[Address, ...]:
    found: list[Address] = []
    for raw in section.all(key):
        more, broken = addresses.read(raw, limits.addresses - len(found))
        found += more
        repairs += broken
    return tuple(found)


def _sender(senders: tuple[Address, ...]) -> Address:
    """The first mailbox of From; one that has an address before one that is a name only."""
    return next((one for one in senders if one.address), senders[0] if senders else Address())


def _ids(section: Section, key: str) -> tuple[str, ...]:
    values = section.all(key)
    return ids.read(" ".join(values)) if values else ()


def _date(section: Section) -> datetime | None:
    return next((date for raw in section.all("date")[:5] if (date := dates.read(raw))), None)


def _trace(section: Section, hops: Iterable[Received]) -> Iterator[authentication.Trace]:
    """The authentication results with the Received fields between them, newest first."""
    if section.all("authentication-results"):
        rest = iter(hops)
        for field in section.fields:
            if field.key == "received" and (hop := next(rest, None)):
                yield authentication.Trace(received=hop)
            elif field.key == "authentication-results":
                yield authentication.Trace(results=field.value)


def _oddities(section: Section, senders: tuple[Address, ...], date: datetime | None) -> list[str]:
    repairs = []
    if len(senders) > 1 or len(section.all("from")) > 1:
        repairs.append("mail.several-from")
    if any(len(section.all(key)) > 1 for key in _SINGLE[1:]):
        repairs.append("mail.duplicate-field")
    if date is None and section.all("date"):
        repairs.append("mail.unreadable-date")
    return repairs
