"""A mail and what memory found → its ``Thread``: header ids first, then the quotation, then subject and people.

A mail is tied by header ids to whatever they connect (RFC 5322, 3.6.4). Without them it is tied to the mail it is most
like, if that one was really quoted, or if subject, people and time agree and it presents itself as a reply.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from seriema.language import base_subject
from seriema.model.message import Message
from seriema.model.thread import Clock, JoinedBy, Kind, Match, Remembered, Thread
from seriema.thread.keys import ancestors, plausible
from seriema.thread.kind import kind, quoted_kind
from seriema.thread.likeness import Clues
from seriema.thread.people import circle
from seriema.thread.quotation import Quotation

#: A subject alone ties a reply to a mail between the same people for so long, and between others on a list.
SUBJECT_DAYS = 1_500.0
LIST_SUBJECT_DAYS = 60.0
#: A mail that does not present itself as a reply continues a subject of somebody else's for so long.
CONTINUED_DAYS = 2.0
DAY = timedelta(days=1)
_TALKED_IN = (Kind.PEOPLE, Kind.LIST)


@dataclass(frozen=True, slots=True)
class Tie:
    """What a mail was tied to and how; ``mails`` are the conversation's earlier ones in order of arrival."""

    by: JoinedBy = JoinedBy.NOTHING
    parent: Remembered | None = None
    mails: tuple[Remembered, ...] = ()


def join(message: Message, matches: tuple[Match, ...], as_of: datetime) -> Thread:
    """The conversation a mail belongs to, as it stood before the mail came. The order of ``matches`` means nothing."""
    case = message.sha256[:32]
    earlier = sorted(
        (one for one in matches if one.mail.case != case and one.mail.received <= as_of),
        key=lambda one: (one.mail.received, one.mail.number),
    )
    clues = Clues.of(message)
    tie = _by_ids(message, earlier) or _by_likeness(message, clues, earlier) or Tie()
    joined = _thread(message, tie, as_of, quoted_seen=_quoted_seen(message, clues, tie, earlier))
    quotation = Quotation.of(message, clues, earlier)
    return replace(
        joined,
        cited_seen=_cited_seen(message, earlier),
        altered=quotation.altered,
        misaddressed=quotation.misaddressed,
    )


def _by_ids(message: Message, earlier: Sequence[Match]) -> Tie | None:
    """The nearest remembered ancestor, a copy of this mail, or a mail that cites the same absent one."""
    rank = {identity: place for place, identity in enumerate(ancestors(message))}
    cited = [one for one in earlier if "id" in one.by and one.mail.message_id in rank]
    direct = set(message.in_reply_to or message.references[-1:])
    if cited:
        nearest = min(cited, key=lambda one: rank[one.mail.message_id]).mail
        answered = next((one.mail for one in cited if one.mail.message_id in direct), None)
        return _tie(JoinedBy.REFERENCES, nearest, answered, earlier)
    linked = [one.mail for one in earlier if one.by & {"id", "ancestor"}]
    return _tie(JoinedBy.REFERENCES, linked[-1], None, earlier) if linked else None


def _by_likeness(message: Message, clues: Clues, earlier: Sequence[Match]) -> Tie | None:
    """The remembered mail that this one quotes, or else answers by subject and people."""
    quoted = [one for one in earlier if clues.quotes(one)]
    if quoted:
        best = max(quoted, key=clues.rank)
    else:
        talks = [one for one in earlier if "subject" in one.by and _plausible(message, clues, one)]
        same = [one for one in talks if not clues.predates(_family(one, earlier))]
        if not same:
            return None
        best = max(same, key=clues.rank)
    family = [one for one in earlier if one.mail.conversation == best.mail.conversation]
    shown = [one for one in family if clues.shows(one)]
    parent = shown[-1] if shown else max(family, key=clues.rank)
    return _tie(JoinedBy.QUOTE if quoted else JoinedBy.SUBJECT, best.mail, parent.mail, earlier)


def _family(match: Match, earlier: Iterable[Match]) -> Iterator[Remembered]:
    return (one.mail for one in earlier if one.mail.conversation == match.mail.conversation)


def _tie(by: JoinedBy, found: Remembered, parent: Remembered | None, earlier: Iterable[Match]) -> Tie:
    mails = tuple(one.mail for one in earlier if one.mail.conversation == found.conversation)
    return Tie(by, parent, mails)


def _plausible(message: Message, clues: Clues, match: Match) -> bool:
    """Somebody is in both mails, and they are not further apart than such a subject is taken up again.

    What does not look like a reply is one all the same when somebody else writes under that subject within days.
    """
    mail = match.mail
    known = bool(clues.recipients) and len(mail.people) > 1  # blind copies show nobody
    if known and not clues.shares(mail):
        return False
    if not _presents_as_reply(message):
        days = CONTINUED_DAYS if mail.sender != clues.sender and mail.kind in _TALKED_IN else 0.0
    elif mail.kind is not Kind.LIST and clues.sender in mail.people and clues.recipients.intersection(mail.people):
        days = SUBJECT_DAYS
    else:
        days = LIST_SUBJECT_DAYS
    return message.date is None or abs(message.date - mail.received) <= days * DAY


def _presents_as_reply(message: Message) -> bool:
    """It cites ids, quotes somebody, or its subject begins like a reply's or a forward's."""
    if message.in_reply_to or message.references or message.body.quotes or message.body.quoted.strip():
        return True
    return _prefixed(message.subject)


def _prefixed(subject: str) -> bool:
    """More than a list's tag in brackets stands before the base subject."""
    base, whole = base_subject(subject).casefold(), " ".join(subject.split()).casefold()
    while whole.startswith("[") and "]" in whole and whole != base:
        whole = whole.partition("]")[2].strip()
    return whole != base


def _quoted_seen(message: Message, clues: Clues, tie: Tie, earlier: Sequence[Match]) -> bool | None:
    """The quoted mail once passed here: it is cited and remembered, or its author and minute or its words are known."""
    if not message.body.quotes and not message.body.quoted.strip():
        return None
    if tie.by is JoinedBy.REFERENCES and tie.parent is not None:
        return True
    return any(clues.quotes(one) for one in earlier)


def _cited_seen(message: Message, earlier: Iterable[Match]) -> bool | None:
    """One of the mails that its header names is remembered."""
    cited = frozenset(ancestors(message))
    return any("id" in one.by and one.mail.message_id in cited for one in earlier) if cited else None


def _thread(message: Message, tie: Tie, as_of: datetime, *, quoted_seen: bool | None) -> Thread:
    people, own_kind = circle(message, tie.mails), kind(message)
    claimed = [date for quote in message.body.quotes if (date := _claimed(quote.date, as_of))]
    times = [one.received for one in tie.mails] or claimed
    last, started = max(times, default=None), min((*times, *claimed), default=None)
    return Thread(
        known=bool(tie.mails),
        conversation=tie.mails[0].conversation if tie.mails else message.sha256[:32],
        messages=len(tie.mails),
        participants=people.participants,
        claimed_only=not tie.mails,
        addressed=people.addressed,
        sender_participant=people.sender_participant,
        kind=_kind(message, tie, own_kind),
        own_kind=own_kind,
        joined_by=tie.by,
        parent=tie.parent.message_id if tie.parent else "",
        parent_case=tie.parent.case if tie.parent else "",
        quoted_seen=quoted_seen,
        started=started,
        last=last,
        silent_days=_days(as_of, last),
        age_days=_days(as_of, started),
        clock=Clock.RECEIPT if tie.mails else Clock.CLAIMED if last else Clock.NONE,
        reply=_presents_as_reply(message),
        reply_language=message.body.reply_language,
        thread_language=_language(message, tie),
    )


def _kind(message: Message, tie: Tie, own: Kind) -> Kind:
    """Of the mail answered; where it is not remembered of the first one; else of the quoted one."""
    if tie.parent or tie.mails:
        return (tie.parent or tie.mails[0]).kind
    if message.body.quotes:
        return quoted_kind(message.body.quotes[0], message.subject)
    return own


def _language(message: Message, tie: Tie) -> str:
    """What most of the remembered mails are written in, the latest of equals; else the quotation's language."""
    spoken = Counter(one.language for one in reversed(tie.mails) if one.language)
    return spoken.most_common(1)[0][0] if spoken else message.body.quoted_language


def _claimed(date: datetime | None, as_of: datetime) -> datetime | None:
    """A quoted date as a moment (UTC where the block names no zone), unless it lies in the future or before mail."""
    if date is None or not plausible(date):
        return None
    moment = date if date.tzinfo else date.replace(tzinfo=UTC)
    return moment if moment <= as_of + DAY else None


def _days(as_of: datetime, moment: datetime | None) -> float | None:
    return None if moment is None else max(0.0, (as_of - moment) / DAY)
