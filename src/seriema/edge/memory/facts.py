"""What is kept of a judged mail, and under which keys it will be found: worked out once, before it is stored.

Of the body only what leads back to it stays: keyed hashes of a few pieces of its text. People's addresses are facts
that reasons must name; the subject, other mails' ids and texts are only keys.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta

from seriema.edge.memory import members, shared
from seriema.edge.memory.acts import PAIRS, authored_keys, own_key, pair_key, way
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import Document, Flag, microseconds
from seriema.language import base_subject
from seriema.model.artifact import Artifact, State
from seriema.model.case import Evidence
from seriema.model.message import AuthenticationResult, Message
from seriema.model.password import Proven
from seriema.model.traits import Traits
from seriema.model.verdict import Tier

#: People of one mail that are kept by name; a mail to more is to a crowd.
PEOPLE = 64
#: Ids of earlier mails that one mail may connect: the nearest ones and the root.
ANCESTORS = 16
#: Pieces of its text by which a mail is found; the others only tell which of those found is quoted.
PIECES = 4
#: Longest id, address or name that is kept, in characters.
LONGEST = 320

#: A conversation silent for so many days is dormant.
DORMANT_DAYS = 45

_LOCKED = (State.LOCKED, State.WAITING)
_DELIVERED = (Tier.DELIVER, Tier.TAG)
#: Passwords from these places stand outside the mail.
_OUTSIDE = ("message:", "pool", "admin", "user")
_MINUTE = timedelta(minutes=1)
_NO_TRAITS = Traits()


@dataclass(frozen=True, slots=True)
class Facts:
    """One mail, ready to be stored: a document that lacks only its number and links, and the keys that lead to it."""

    document: Document
    known: bool  #: its conversation was found when it was judged
    own: int
    ancestors: tuple[int, ...]
    rings: tuple[tuple[str, int], ...]  #: (purpose, key)
    shared: tuple[int, ...]  #: keys of what it may share with mails of other senders


def facts(
    evidence: Evidence, tier: Tier, proven: Sequence[Proven], keyring: Keyring, own_domains: frozenset[str]
) -> Facts:
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
        shared=tuple(one.key for one in shared.held(evidence, proven, keyring)),
    )


def others(message: Message) -> tuple[str, ...]:
    """The recipients' address keys without the sender's."""
    return tuple(one.key for one in message.recipients if one.key and one.key != message.sender.key)


def pair_keys(message: Message, keyring: Keyring) -> tuple[tuple[str, int, int], ...]:
    """For the first recipients: the recipient, the pair's key (the same in both directions), the way of this mail."""
    sender = text(message.sender.key)
    if not sender:
        return ()
    near = (text(one) for one in others(message)[:PAIRS])
    return tuple((one, pair_key(sender, one, keyring), way(sender, one)) for one in near)


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
        message_id=text(message.message_id),
        sender=text(message.sender.key),
        sender_name=text(message.sender.name),
        people=_people(message),
        subject=keyring.number("subject", base_subject(message.subject).casefold()),
        kind=evidence.thread.own_kind,
        language=message.body.reply_language,
        from_us=within(message.sender.key, own_domains),
        tier=tier,
        fingerprints=tuple(keyring.number("print", str(one)) for one in message.body.fingerprints),
        letters=len(message.body.reply),
        traits=() if message.traits == _NO_TRAITS else tuple(map(text, astuple(message.traits))),
        kinds=tuple(sorted({one.kind for one in evidence.artifacts if one.parent == "0"})),
        flags=_flags(evidence, tier),
    )


def _flags(evidence: Evidence, tier: Tier) -> int:
    flags = 0
    if tier in _DELIVERED and not contradicted(evidence.message.authentication):
        flags |= Flag.GOOD
    locked = [one for one in evidence.artifacts if one.encrypted or one.state in _LOCKED]
    if locked:
        flags |= Flag.LOCKED | (Flag.BESIDE if any(map(_opened_by_itself, locked)) else Flag.APART)
    if (evidence.thread.silent_days or 0) >= DORMANT_DAYS:
        flags |= Flag.DORMANT
    return flags


def contradicted(results: Sequence[AuthenticationResult]) -> bool:
    """Our own servers say that the mail is not from whom it says: DMARC fails, or both SPF and DKIM (RFC 7489, 3.1)."""
    trusted = {(one.method, one.result) for one in results if one.trusted}
    failed = {method for method, result in trusted if result == "fail" and (method, "pass") not in trusted}
    return "dmarc" in failed or {"spf", "dkim"} <= failed


def _opened_by_itself(artifact: Artifact) -> bool:
    return bool(artifact.password_source) and not (artifact.password_source or "").startswith(_OUTSIDE)


def text(whole: str) -> str:
    """A text as it is kept: of bounded length, and nothing in it that cannot be written as UTF-8."""
    return whole[:LONGEST] if whole.isascii() else whole[:LONGEST].encode("utf-8", "replace").decode()


def _people(message: Message) -> tuple[str, ...]:
    keys = dict.fromkeys((message.sender.key, *(one.key for one in message.recipients)))
    keys.pop("", None)
    return tuple(text(one) for one in keys)[:PEOPLE]


def within(address: str, domains: frozenset[str]) -> bool:
    """It is of our own domains or one below them."""
    _, at, domain = address.rpartition("@")
    labels = domain.split(".")
    return bool(domains and at) and any(".".join(labels[start:]) in domains for start in range(len(labels)))


def _rings(evidence: Evidence, document: Document, keyring: Keyring) -> Iterator[tuple[str, int]]:
    """Everything but ids and conversation that leads to the mail."""
    message = evidence.message
    if base_subject(message.subject):
        yield "subject", document.subject
    for one in authored_keys(document, keyring):
        yield "authored", one
    for piece in document.fingerprints[:PIECES]:
        yield "print", piece
    for key in members.opened_keys(evidence.artifacts, keyring):
        yield "member", key
