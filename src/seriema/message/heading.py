"""The top header section → ``Message`` without its body: who, to whom, when, under which ids, by which way.

RFC 5322, 3.6 for the fields, with every repeated field read: a second From is not hidden by the first.
"""

from datetime import datetime

from seriema.message import addresses, authentication, dates, ids, received
from seriema.message.fields import Field, Section
from seriema.message.words import decode
from seriema.model.limits import Limits
from seriema.model.message import Address, Header, Message, Received

_MAX_RECEIVED = 200
_SINGLE = ("from", "subject", "date", "message-id", "to", "cc", "in-reply-to", "references", "reply-to", "sender")

#: What ``arrival`` reads.
_ARRIVAL = frozenset({"from", "to", "subject", "date", "message-id", "received"})


def arrival(sha256: str, size: int, section: Section, limits: Limits) -> Message:
    """The cheap reading: topmost Received, Date, From, To, Subject and Message-ID; no other header is kept."""
    wanted = Section(tuple(field for field in section.fields if field.key in _ARRIVAL), section.body)
    senders, to = _mailboxes(wanted, "from", limits, []), _mailboxes(wanted, "to", limits, [])
    hops = wanted.all("received")
    return Message(
        sha256=sha256,
        size=size,
        message_id=ids.first(wanted.first("message-id")),
        date=_date(wanted),
        sender=_sender(senders),
        senders=len(senders) or 1,
        to=to,
        subject=_line(wanted.first("subject"), []),
        received=(received.read(hops[0]),) if hops else (),
    )


def message(
    sha256: str, size: int, section: Section, limits: Limits, authserv_ids: tuple[str, ...]
) -> tuple[Message, list[str]]:
    """Everything the header says, and what had to be repaired."""
    repairs: list[str] = []
    senders = _mailboxes(section, "from", limits, repairs)
    hops, trace = _trace(section)
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
        headers=tuple(_header(field, repairs) for field in section.fields),
        received=hops,
        authentication=authentication.read(trace, authserv_ids) if len(trace) > len(hops) else (),
    )
    return whole, list(dict.fromkeys(repairs))


def _header(field: Field, repairs: list[str]) -> Header:
    return Header(field.name, _line(field.value, repairs))


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


def _trace(section: Section) -> tuple[tuple[Received, ...], list[authentication.Trace]]:
    """Received fields newest first, and these with the authentication results between them."""
    hops: list[Received] = []
    trace: list[authentication.Trace] = []
    for field in section.fields:
        if field.key == "received" and len(hops) < _MAX_RECEIVED:
            hops.append(received.read(field.value))
            trace.append(authentication.Trace(received=hops[-1]))
        elif field.key == "authentication-results":
            trace.append(authentication.Trace(results=field.value))
    return tuple(hops), trace


def _oddities(section: Section, senders: tuple[Address, ...], date: datetime | None) -> list[str]:
    counts: dict[str, int] = {}
    for field in section.fields:
        counts[field.key] = counts.get(field.key, 0) + 1
    repairs = []
    if len(senders) > 1 or counts.get("from", 0) > 1:
        repairs.append("mail.several-from")
    if any(counts.get(key, 0) > 1 for key in _SINGLE[1:]):
        repairs.append("mail.duplicate-field")
    if date is None and "date" in counts:
        repairs.append("mail.unreadable-date")
    return repairs
