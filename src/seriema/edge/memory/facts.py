"""What is kept of a judged mail, and under which keys it will be found: worked out once, before it is stored.

Of the body only what leads back to it stays: keyed hashes of a few pieces of its text. People's addresses are facts
that reasons must name; the subject, other mails' ids and texts are only keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from seriema.edge.memory import members
from seriema.edge.memory.habits import PAIRS, RECIPIENTS
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import Document, microseconds
from seriema.language import base_subject
from seriema.model.artifact import State
from seriema.model.case import Evidence
from seriema.model.message import Address, Message
from seriema.model.thread import authored
from seriema.model.verdict import Tier

#: People of one mail that are kept by name; a mail to more is to a crowd.
PEOPLE = 64
#: Ids of earlier mails that one mail may connect: the nearest ones and the root.
ANCESTORS = 16
#: Pieces of its text by which a mail is found; the others only tell which of those found is quoted.
PIECES = 4
#: Longest id, address or name that is kept, in characters.
LONGEST = 320

_LOCKED = (State.LOCKED, State.WAITING)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """One mail, ready to be stored: a document that lacks only its number and links, and the keys that lead to it."""

    document: Document
    known: bool  #: its conversation was found when it was judged
    own: int
    ancestors: tuple[int, ...]
    rings: tuple[tuple[str, int], ...]  #: (purpose, key)
    sender: int | None
    pairs: tuple[tuple[int, int], ...]  #: (key, way)
    recipients: tuple[int, ...]
    kinds: tuple[str, ...]
    locked: bool


def facts(evidence: Evidence, tier: Tier, keyring: Keyring, own_domains: frozenset[str]) -> Facts:
    """Everything about one mail that memory keeps."""
    message = evidence.message
    document = _document(evidence, tier, keyring, own_domains)
    ancestors = message.ancestors
    if len(ancestors) > ANCESTORS:
        ancestors = (*ancestors[: ANCESTORS - 1], ancestors[-1])
    return Facts(
        document=document,
        known=evidence.thread.known,
        own=own_key(message.message_id, evidence.id, keyring),
        ancestors=tuple(keyring.number("id", one) for one in ancestors),
        rings=tuple(_rings(evidence, document, keyring)),
        sender=keyring.number("sender", message.sender.key) if message.sender.key else None,
        pairs=tuple((key, way) for _, key, way in pair_keys(message, keyring)),
        recipients=tuple(keyring.number("who", one) & 0xFFFF_FFFF for one in others(message)[:RECIPIENTS]),
        kinds=tuple(sorted({one.kind for one in evidence.artifacts if one.parent == "0"})),
        locked=any(one.encrypted or one.state in _LOCKED for one in evidence.artifacts),
    )


def own_key(message_id: str, case: str, keyring: Keyring) -> int:
    """The key under which the mail itself stands: by its Message-ID, without one by its case."""
    return keyring.number("id", message_id) if message_id else keyring.number("case", case)


def others(message: Message) -> tuple[str, ...]:
    """The recipients' address keys without the sender's."""
    return tuple(one.key for one in message.recipients if one.key and one.key != message.sender.key)


def pair_keys(message: Message, keyring: Keyring) -> tuple[tuple[str, int, int], ...]:
    """For the first recipients: the recipient, the pair's key (the same in both directions), the way of this mail."""
    sender = message.sender.key
    if not sender:
        return ()
    return tuple(
        (one, keyring.number("pair", "\n".join(sorted((sender, one)))), int(sender > one))
        for one in others(message)[:PAIRS]
    )


def _document(evidence: Evidence, tier: Tier, keyring: Keyring, own_domains: frozenset[str]) -> Document:
    message = evidence.message
    case = bytes.fromhex(evidence.id)
    date = message.date
    return Document(
        number=0,
        case=case,
        conversation=bytes.fromhex(evidence.thread.conversation) if evidence.thread.known else case,
        received=microseconds(evidence.as_of),
        date=None if date is None else microseconds(date),
        offset=0 if date is None else (date.utcoffset() or timedelta()) // _MINUTE,
        message_id=_text(message.message_id),
        sender=_text(message.sender.key),
        sender_name=_text(message.sender.name),
        people=_people(message),
        subject=keyring.number("subject", base_subject(message.subject).casefold()),
        kind=evidence.thread.own_kind,
        language=message.body.reply_language,
        from_us=_within(message.sender, own_domains),
        tier=tier,
        fingerprints=tuple(keyring.number("print", str(one)) for one in message.body.fingerprints),
        letters=len(message.body.reply),
    )


def _text(text: str) -> str:
    """A text as it is kept: of bounded length, and nothing in it that cannot be written as UTF-8."""
    return text[:LONGEST] if text.isascii() else text[:LONGEST].encode("utf-8", "replace").decode()


def _people(message: Message) -> tuple[str, ...]:
    keys = dict.fromkeys((message.sender.key, *(one.key for one in message.recipients)))
    keys.pop("", None)
    return tuple(_text(one) for one in keys)[:PEOPLE]


def _within(sender: Address, domains: frozenset[str]) -> bool:
    """Our own domains and all below them."""
    labels = sender.domain.split(".")
    return bool(domains) and any(".".join(labels[start:]) in domains for start in range(len(labels)))


def _rings(evidence: Evidence, document: Document, keyring: Keyring) -> Iterator[tuple[str, int]]:
    """Everything but ids and conversation that leads to the mail."""
    message = evidence.message
    if base_subject(message.subject):
        yield "subject", document.subject
    written = message.date or datetime.fromtimestamp(document.received / 1e6, UTC)
    for one in authored(message.sender, written):
        yield "authored", keyring.number("authored", one)
    for piece in document.fingerprints[:PIECES]:
        yield "print", piece
    for key in members.opened_keys(evidence.artifacts, keyring):
        yield "member", key
