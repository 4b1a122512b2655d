"""The conversation a mail belongs to, as far as it is remembered."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from seriema.model.message import Address

_IN_BRACKETS = re.compile(r"\([^()]{0,200}\)")
_WORD = re.compile(r"[^\W_]+")


class Kind(StrEnum):
    """Who talks in a thread, judged from its remembered mails or from the quoted one."""

    PEOPLE = "people"
    LIST = "list"  #: a mailing list (List-Id, List-Post)
    NOTIFICATION = "notification"  #: written by a machine to one person (Auto-Submitted, noreply …)
    BULK = "bulk"  #: the same text to many (Precedence: bulk, List-Unsubscribe, advertising)


class JoinedBy(StrEnum):
    """What tied the mail to the remembered ones, surest first."""

    REFERENCES = "references"
    QUOTE = "quote"  #: quoted header block or quoted text seen before
    SUBJECT = "subject"  #: same subject and people
    NOTHING = "nothing"


class Clock(StrEnum):
    """Whose time a silence was counted on."""

    RECEIPT = "receipt"  #: our own servers' Received fields
    CLAIMED = "claimed"  #: the Date field or a date in a quoted header block
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept of an earlier mail: facts, never its text. ``number`` orders and names it within one memory."""

    number: int
    case: str
    message_id: str
    conversation: str
    received: datetime
    date: datetime | None
    sender: str  #: address key
    people: tuple[str, ...]  #: address keys of sender and recipients
    subject_key: str  #: keyed hash of the bare subject (hex)
    kind: Kind
    language: str
    from_us: bool = False  #: sent by one of our own domains
    sender_name: str = ""  #: display name, as it stood
    letters: int = 0  #: characters of its reply text; tells a shortened quotation from another text


@dataclass(frozen=True, slots=True)
class ThreadKeys:
    """What to look up in memory to find a mail's conversation; built by ``thread.keys``, hashed by the memory."""

    message_ids: tuple[str, ...] = ()  #: its own id last ("" when it has none); the others nearest ancestor first
    subject: str = ""  #: the bare subject (RFC 5256 base subject, prefixes of many languages removed), case folded
    quoted: tuple[str, ...] = ()  #: of each quoted header block: ``authored`` on the days it may name
    fingerprints: tuple[int, ...] = ()  #: of quoted text
    people: tuple[str, ...] = ()


@lru_cache(4_096)  # the same few people are compared with each other over and over
def name_key(name: str) -> str:
    """The form in which "Müller, Anna (IT)" and "anna müller" are one person's name; "" when nothing is left."""
    plain = _IN_BRACKETS.sub(" ", unicodedata.normalize("NFKC", name[:300]).casefold())
    return " ".join(sorted(_WORD.findall(plain)))


def authored(author: Address, moment: datetime) -> tuple[str, ...]:
    """The keys by which a quoted header block finds the mail it quotes: who wrote it, on which day in UTC."""
    day = moment.astimezone(UTC).date().isoformat()
    name = name_key(author.name)
    return tuple(f"{who} {day}" for who in (author.key, name and f"name {name}") if who)


@dataclass(frozen=True, slots=True)
class Match:
    """One remembered mail and the keys that found it."""

    mail: Remembered
    by: frozenset[str]  #: id, ancestor (both cite an absent one), quoted, fingerprint, subject, conversation
    fingerprints: int = 0  #: how many quoted fingerprints agree, those left out that stand in many conversations
    agreeing: int = 0  #: how many of all of them
    kept: int = 0  #: fingerprints that are remembered of the mail


@dataclass(frozen=True, slots=True)
class Thread:
    """A mail's conversation as known before it arrived. Dates marked CLAIMED are only what mails say."""

    known: bool = False  #: at least one earlier mail of it is remembered
    conversation: str = ""
    messages: int = 0  #: remembered before this one
    participants: tuple[Address, ...] = ()  #: of remembered mails and, marked by ``claimed_only``, quoted blocks
    claimed_only: bool = True  #: nobody here is known from a remembered mail, only from quoted blocks
    addressed: tuple[str, ...] = ()  #: address keys of participants this mail is written to
    sender_participant: bool | None = None  #: None when there is no earlier participant to compare with
    kind: Kind = Kind.PEOPLE
    own_kind: Kind = Kind.PEOPLE  #: of this mail itself, by its own headers and text
    joined_by: JoinedBy = JoinedBy.NOTHING
    parent: str = ""  #: Message-ID of the mail answered, if remembered
    parent_case: str = ""
    quoted_seen: bool | None = None  #: the quoted mail passed through our memory; None when nothing is quoted
    started: datetime | None = None
    last: datetime | None = None  #: the latest earlier mail
    silent_days: float | None = None
    age_days: float | None = None
    clock: Clock = Clock.NONE
    reply: bool = False  #: the mail presents itself as a reply or forward (ids, quote, or Re: prefix)
    reply_language: str = ""
    thread_language: str = ""
    cited_seen: bool | None = None  #: a mail that its header cites is remembered; None when it cites none
    altered: Remembered | None = None  #: the mail that its quotation claims to be, though the words are others
    misaddressed: Remembered | None = None  #: the same, though its people are others
