"""What the rows hold: facts about a mail, habits of a sender, habits of a pair.

MessagePack arrays, so that fields may be added at their ends; a row written before has their defaults.

Moments are microseconds since 1970 in UTC. A ``Mark`` is the moment and the number of the first mail that showed a
thing: what was first shown by a later mail is unknown to an earlier one.
"""

from datetime import UTC, datetime, timedelta, timezone

import msgspec

from seriema.model.thread import Kind, Remembered

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

#: (received, number)
Mark = tuple[int, int]
#: When a mail counts as condemned for every moment.
ALWAYS = -(1 << 62)


class Flag:
    """What a mail was, as it bears on habits."""

    GOOD = 1  #: delivered at its arrival, and no trusted authentication result contradicts it
    LOCKED = 2  #: it held a locked file
    APART = 4  #: and its own text did not hold the password
    BESIDE = 8  #: and its own text did
    DORMANT = 16  #: it went into a conversation that had been silent for long


class Document(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One mail. ``conversation`` is the case of the first mail of its conversation as it stood when it was stored."""

    number: int
    case: bytes
    conversation: bytes
    received: int
    date: int | None
    offset: int  #: of ``date`` from UTC, in minutes
    message_id: str
    sender: str
    sender_name: str
    people: tuple[str, ...]
    subject: int
    kind: str
    language: str
    from_us: bool
    tier: str
    fingerprints: tuple[int, ...] = ()  #: keyed, of its reply text
    links: tuple[bytes, ...] = ()  #: other conversations that its header ids connect with its own
    letters: int = 0  #: characters of its reply text
    traits: tuple[str, ...] = ()  #: ``model.traits.Traits`` in the order of its fields; none at all: ()
    kinds: tuple[str, ...] = ()  #: of its attachments
    flags: int = 0  #: ``Flag``
    leads: tuple[int, ...] = ()  #: keys of rings that lead to it and cannot be worked out from the other fields
    shares: tuple[int, ...] = ()  #: keys of what mails of other senders may hold, too (``shared``)
    condemned: int | None = None  #: harmful, as known from this moment on

    @property
    def mark(self) -> Mark:
        """When what it shows was shown."""
        return self.received, self.number

    @property
    def good(self) -> bool:
        """What it shows may become a habit."""
        return bool(self.flags & Flag.GOOD)

    def remembered(self, conversation: bytes) -> Remembered:
        """The value that rooms read; ``conversation`` is the one it belongs to by now."""
        return Remembered(
            number=self.number,
            case=self.case.hex(),
            message_id=self.message_id,
            conversation=conversation.hex(),
            received=moment(self.received),
            date=None if self.date is None else _in_offset(self.date, self.offset),
            sender=self.sender,
            people=self.people if "" not in self.people else tuple(one for one in self.people if one),
            subject_key=f"{self.subject & 0xFFFF_FFFF_FFFF_FFFF:016x}",
            kind=Kind(self.kind),
            language=self.language,
            from_us=self.from_us,
            sender_name=self.sender_name,
            letters=self.letters,
        )


class Shown(msgspec.Struct, array_like=True, gc=False):
    """One way of doing something: when it was shown first, how often, and first by mails fit to make it a habit."""

    received: int
    number: int
    mails: int = 1
    good: tuple[Mark, ...] = ()


class Condemned(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A mail that turned out harmful, known from a moment on. ``answer``: it stands here only as our answer."""

    received: int
    number: int
    since: int
    answer: bool = False


class SenderEvent(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One mail of a sender; the conversation by the first 32 bits of its case."""

    received: int
    number: int
    conversation: int
    dormant: bool = False  #: that conversation had been silent for long


class Group(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Recipients that were first addressed together by this mail, by the hashes of their addresses, in order."""

    received: int
    number: int
    members: tuple[int, ...]


class SenderHabit(msgspec.Struct, array_like=True, gc=False):
    """What one mailbox did over all recipients."""

    sent: int = 0
    first: int = 0
    events: tuple[SenderEvent, ...] = ()
    recipients: dict[int, Shown] = {}
    languages: dict[str, Shown] = {}
    traits: dict[str, Shown] = {}  #: by the trait's place (one digit) and its value
    answers: tuple[Mark, ...] = ()  #: our people's first good mail to it on each of the latest days
    groups: tuple[Group, ...] = ()
    condemned: tuple[Condemned, ...] = ()
    unlearned: int = 0  #: mails condemned before these, counted no more
    names: tuple[Mark, ...] = ()  #: (key of a display name, number of the mail that stands there)


class PairEvent(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One mail between two mailboxes. ``way`` is 0 when the one whose address sorts first wrote it."""

    received: int
    number: int
    way: int
    locked: bool = False


class Way(msgspec.Struct, array_like=True, gc=False):
    """One direction between two mailboxes."""

    sent: int = 0
    first: int = 0
    locked: int = 0
    kinds: dict[str, Shown] = {}
    languages: dict[str, Shown] = {}
    locking: dict[str, Shown] = {}  #: locked, apart, beside (``Flag``)
    answers: tuple[Mark, ...] = ()  #: the first good mail of this way on each of the latest days


class PairHabit(msgspec.Struct, array_like=True, gc=False):
    """What two mailboxes wrote to each other."""

    ways: tuple[Way, Way] = msgspec.field(default_factory=lambda: (Way(), Way()))
    events: tuple[PairEvent, ...] = ()
    condemned: tuple[Condemned, ...] = ()


class AccountEvent(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A mail from outside an organisation that is telling only together with others; ``account`` hashed."""

    received: int
    number: int
    account: int
    flags: int


encode = msgspec.msgpack.Encoder().encode
document = msgspec.msgpack.Decoder(Document).decode
sender_habit = msgspec.msgpack.Decoder(SenderHabit).decode
pair_habit = msgspec.msgpack.Decoder(PairHabit).decode
ring = msgspec.msgpack.Decoder(tuple[int, ...]).decode
#: Mails that share something, each with the hash of its sender.
holders = msgspec.msgpack.Decoder(tuple[tuple[int, int], ...]).decode
accounts = msgspec.msgpack.Decoder(tuple[AccountEvent, ...]).decode


def microseconds(when: datetime) -> int:
    """A moment as it is stored; one without a zone is taken as UTC."""
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - EPOCH) // _MICROSECOND


def moment(stored: int) -> datetime:
    """The moment that was stored, in UTC."""
    return EPOCH + timedelta(microseconds=stored)


def _in_offset(stored: int, minutes: int) -> datetime:
    return moment(stored).astimezone(timezone(timedelta(minutes=minutes))) if minutes else moment(stored)
