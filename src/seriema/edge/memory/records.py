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
            people=self.people,
            subject_key=f"{self.subject & 0xFFFF_FFFF_FFFF_FFFF:016x}",
            kind=Kind(self.kind),
            language=self.language,
            from_us=self.from_us,
            sender_name=self.sender_name,
            letters=self.letters,
        )


class SenderEvent(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One mail of a sender; the conversation by the first 32 bits of its case."""

    received: int
    number: int
    conversation: int


class SenderHabit(msgspec.Struct, array_like=True, gc=False):
    """What one mailbox did over all recipients."""

    sent: int = 0
    first: int = 0
    events: tuple[SenderEvent, ...] = ()
    recipients: dict[int, Mark] = {}
    languages: dict[str, Mark] = {}


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
    kinds: dict[str, Mark] = {}
    languages: dict[str, Mark] = {}


class PairHabit(msgspec.Struct, array_like=True, gc=False):
    """What two mailboxes wrote to each other."""

    ways: tuple[Way, Way] = msgspec.field(default_factory=lambda: (Way(), Way()))
    events: tuple[PairEvent, ...] = ()


encode = msgspec.msgpack.Encoder().encode
document = msgspec.msgpack.Decoder(Document).decode
sender_habit = msgspec.msgpack.Decoder(SenderHabit).decode
pair_habit = msgspec.msgpack.Decoder(PairHabit).decode
ring = msgspec.msgpack.Decoder(tuple[int, ...]).decode


def microseconds(when: datetime) -> int:
    """A moment as it is stored; one without a zone is taken as UTC."""
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - EPOCH) // _MICROSECOND


def moment(stored: int) -> datetime:
    """The moment that was stored, in UTC."""
    return EPOCH + timedelta(microseconds=stored)


def _in_offset(stored: int, minutes: int) -> datetime:
    return moment(stored).astimezone(timezone(timedelta(minutes=minutes))) if minutes else moment(stored)
