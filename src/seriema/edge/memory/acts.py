"""What the sums learn of one mail, worked out from its document alone: so it can be taken back in the same way.

Keys of people beyond the first few recipients are left out; where a person was forgotten stays an empty place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import NamedTuple

from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import Document, Flag, Mark, moment
from seriema.model.message import Address
from seriema.model.thread import authored, name_key

#: Recipients of one mail with which it makes a pair, and recipients that are told apart.
PAIRS, RECIPIENTS = 8, 32
#: Organisations that one mail is noted for.
ORGANISATIONS = 4
#: How a locked file was sent, as it is counted.
LOCKING = {Flag.LOCKED: "locked", Flag.APART: "apart", Flag.BESIDE: "beside"}
#: What is noted for the recipients' organisation: alone it happens every day, of several accounts it is telling.
_TELLING = (Flag.DORMANT, Flag.LOCKED | Flag.BESIDE)


class Shows(NamedTuple):
    """What one mail showed, under the names of the sets in which it is counted."""

    languages: Sequence[str]
    traits: Sequence[str]  #: each as its place among the traits (one digit) and its value
    kinds: Sequence[str]
    locking: Sequence[str]


@dataclass(slots=True)
class Act:
    """One mail as the sums see it."""

    document: Document  #: without its number and place until it is stored
    shown: Shows
    sender: int | None  #: key of the sender's sums
    pairs: tuple[tuple[int, int], ...]  #: (key of a pair's sums, way)
    addressed: tuple[int, ...]  #: keys of the recipients' sums, of a good mail of ours
    recipients: tuple[int, ...]  #: hashed to 32 bits
    organisations: tuple[int, ...]  #: keys of the recipients' organisations, when it is noted for them
    name: int | None  #: key of the sender's display name
    account: int  #: the sender, hashed to 32 bits

    @property
    def mark(self) -> Mark:
        """When it showed what it shows."""
        return self.document.mark

    def rows(self) -> Iterator[int]:
        """The rows it changes."""
        if self.sender is not None:
            yield self.sender
        yield from (key for key, _ in self.pairs)
        yield from self.addressed
        yield from self.organisations


def act(document: Document, keyring: Keyring) -> Act:
    """What a mail teaches."""
    sender = document.sender
    others = [one for one in document.people if one != sender]
    near = [one for one in others[:PAIRS] if one]
    ours = document.from_us and document.good
    return Act(
        document=document,
        shown=shows(document),
        sender=keyring.number("sender", sender) if sender else None,
        pairs=tuple((pair_key(sender, one, keyring), way(sender, one)) for one in near) if sender else (),
        addressed=tuple(keyring.number("sender", one) for one in near) if ours else (),
        recipients=tuple(who(one, keyring) for one in others[:RECIPIENTS] if one),
        organisations=tuple(_organisations(document, near, keyring)),
        name=name(document.sender_name, keyring) if sender else None,
        account=who(sender, keyring),
    )


def shows(document: Document) -> Shows:
    """What a mail showed."""
    flags = document.flags
    return Shows(
        languages=(document.language,) if document.language else (),
        traits=[f"{place}{value}" for place, value in enumerate(document.traits) if value],
        kinds=document.kinds,
        locking=[name for flag, name in LOCKING.items() if flags & flag] if flags & Flag.LOCKED else (),
    )


def own_key(message_id: str, case: str, keyring: Keyring) -> int:
    """The key under which the mail itself stands: by its Message-ID, without one by its case."""
    return keyring.number("id", message_id) if message_id else keyring.number("case", case)


def talk_key(conversation: bytes, keyring: Keyring) -> int:
    """The key of a conversation's mails."""
    return keyring.number("talk", conversation.hex())


def condemned_key(case: bytes, keyring: Keyring) -> int:
    """The key under which stands that a mail is condemned, remembered or not."""
    return keyring.number("condemned", case.hex())


def pair_key(one: str, other: str, keyring: Keyring) -> int:
    """The key of two mailboxes' sums, the same in both directions."""
    return keyring.number("pair", f"{one}\n{other}" if one < other else f"{other}\n{one}")


def way(sender: str, recipient: str) -> int:
    """The direction of a mail within its pair."""
    return int(sender > recipient)


def who(address: str, keyring: Keyring) -> int:
    """A mailbox in 32 bits, where a wrong one in four thousand million does no harm."""
    return keyring.number("who", address) & 0xFFFF_FFFF


def name(shown: str, keyring: Keyring) -> int | None:
    """The key of a display name; None for one of less than two words, which many people bear."""
    plain = name_key(shown)
    return keyring.number("name", plain) if " " in plain else None


def came_key(domain: str, keyring: Keyring) -> int:
    """The key of what came to an organisation from outside."""
    return keyring.number("came", domain)


def authored_keys(document: Document, keyring: Keyring) -> Iterator[int]:
    """The keys by which a quoted header block finds it (``model.thread.authored``)."""
    written = document.received if document.date is None else document.date
    author = Address(document.sender_name, document.sender)
    for one in authored(author, moment(written).astimezone(UTC)):
        yield keyring.number("authored", one)


def _organisations(document: Document, near: list[str], keyring: Keyring) -> Iterator[int]:
    if document.from_us or not any(document.flags & one == one for one in _TELLING):
        return
    own = domain_of(document.sender)
    domains = dict.fromkeys(domain_of(one) for one in near)
    yield from [came_key(one, keyring) for one in domains if one and one != own][:ORGANISATIONS]


def domain_of(address: str) -> str:
    """What follows the last @."""
    return address.rpartition("@")[2]
