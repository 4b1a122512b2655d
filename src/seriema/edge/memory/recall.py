"""Keys of a mail → the remembered mails that share one, each with the conversation it belongs to by then.

As of a moment: only mails received before it, or at it and remembered earlier. What connects conversations is itself a
mail, so a later mail connects nothing for an earlier one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from seriema.edge.memory.acts import own_key, talk_key
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import Document
from seriema.model.thread import Match, ThreadKeys

#: Conversations whose other mails are looked up, and how often what connects them is followed.
CONVERSATIONS, ROUNDS = 4, 3
#: A piece of text that stands in more conversations than these says nothing about any.
SPOKEN_IN = 2
#: A number above that of every mail.
LAST = 1 << 62

#: What ties surest comes first.
STRENGTH = ("id", "ancestor", "quoted", "fingerprint", "subject", "conversation")


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment of a look-up, and the mail that asks, which never sees itself."""

    before: int
    case: bytes
    number: int = LAST  #: of the mail that asks, once it is remembered

    def sees(self, mark: tuple[int, int]) -> bool:
        """Something was first shown by an earlier mail; ``mark`` is that mail's (received, number)."""
        return mark < (self.before, self.number)

    def of(self, found: Iterable[Document]) -> "AsOf":
        """The same once the mail that asks is seen among those found."""
        own = next((one.number for one in found if one.case == self.case), LAST)
        return AsOf(self.before, self.case, own)

    def visible(self, mail: Document) -> bool:
        """An earlier mail, and not the one that asks."""
        return mail.case != self.case and self.sees((mail.received, mail.number))


@dataclass(slots=True)
class _Found:
    """Mails found so far and what found them."""

    mails: dict[int, Document]
    by: dict[int, set[str]] = field(default_factory=dict)


def recall(rows: Rows, keyring: Keyring, keys: ThreadKeys, asking: AsOf) -> tuple[Match, ...]:
    """The matches in order of their numbers."""
    prints = frozenset(keyring.number("print", str(one)) for one in keys.fingerprints)
    hits = _hits(rows, _purposes(keyring, keys, asking, prints))
    everything = rows.documents(hits)
    asking = asking.of(everything.values())
    found = _Found({number: one for number, one in everything.items() if asking.visible(one)})
    found.by = {number: hits[number] for number in found.mails}
    if not found.mails:
        return ()
    _add_conversations(rows, keyring, found, asking, frozenset(keys.people))
    conversation = _conversations(found.mails.values())
    telling = _telling(found.mails.values(), conversation, prints)
    return tuple(
        Match(
            mail=rows.remembered(one, conversation[one.conversation]),
            by=frozenset(found.by[number]),
            fingerprints=len(telling.intersection(one.fingerprints)),
            agreeing=len(prints.intersection(one.fingerprints)),
            kept=len(one.fingerprints),
        )
        for number, one in sorted(found.mails.items())
    )


def _purposes(keyring: Keyring, keys: ThreadKeys, asking: AsOf, prints: Iterable[int]) -> dict[int, str]:
    """Every key to look up, and what a mail found by it is found by."""
    *ancestors, own = keys.message_ids or ("",)
    wanted = dict.fromkeys(prints, "fingerprint")
    wanted.update((keyring.number("authored", one), "quoted") for one in keys.quoted)
    if keys.subject:
        wanted[keyring.number("subject", keys.subject)] = "subject"
    wanted[own_key(own, asking.case.hex(), keyring)] = "id"
    wanted.update((keyring.number("id", one), "id") for one in ancestors)
    return wanted


def _hits(rows: Rows, wanted: Mapping[int, str]) -> dict[int, set[str]]:
    hits: dict[int, set[str]] = {}
    rows.load(wanted)
    for key, purpose in wanted.items():
        for number in rows.ring(key):
            by = "ancestor" if number < 0 else purpose
            hits.setdefault(abs(number), set()).add(by)
    return hits


def _add_conversations(rows: Rows, keyring: Keyring, found: _Found, asking: AsOf, people: frozenset[str]) -> None:
    """The other mails of the conversations that tie surest, and of those that are connected with them."""
    wanted = _surest(found, people)
    known: set[bytes] = set()
    for _ in range(ROUNDS):
        keys = [talk_key(one, keyring) for one in wanted if one not in known]
        known.update(wanted)
        rows.load(keys)
        numbers = {abs(one) for key in keys for one in rows.ring(key)}
        more = rows.documents(numbers - found.mails.keys())
        new = {number: one for number, one in more.items() if asking.visible(one)}
        found.mails.update(new)
        for number in new:
            found.by[number] = {"conversation"}
        near = [found.mails[number] for number in numbers if number in found.mails]
        wanted = list(dict.fromkeys(talk for one in near for talk in (one.conversation, *one.links)))
        wanted = sorted(set(wanted) - known)[:CONVERSATIONS]
        if not wanted:
            return


def _surest(found: _Found, people: frozenset[str]) -> list[bytes]:
    """Conversations in the order of their surest tie; of equal ones those with more of the same people, then later."""

    def rank(number: int) -> tuple[int, int, int, int]:
        mail = found.mails[number]
        tie = min(STRENGTH.index(one) for one in found.by[number])
        return tie, -len(people.intersection(mail.people)), -mail.received, -number

    return list(dict.fromkeys(found.mails[one].conversation for one in sorted(found.by, key=rank)))[:CONVERSATIONS]


def _telling(mails: Iterable[Document], conversation: Mapping[bytes, bytes], prints: frozenset[int]) -> frozenset[int]:
    """The pieces of text that tell something: what stands in many conversations is a footer or a set phrase."""
    holders: dict[int, set[bytes]] = {one: set() for one in prints}
    for mail in mails:
        for one in prints.intersection(mail.fingerprints):
            holders[one].add(conversation[mail.conversation])
    return frozenset(one for one, talks in holders.items() if len(talks) <= SPOKEN_IN)


def _conversations(mails: Iterable[Document]) -> dict[bytes, bytes]:
    """For each conversation the one it belongs to: that of the earliest mail among all that are connected."""
    ordered = sorted(mails, key=lambda one: (one.received, one.number))
    parent: dict[bytes, bytes] = {}

    def root(talk: bytes) -> bytes:
        while parent.setdefault(talk, talk) != talk:
            talk = parent[talk]
        return talk

    rank: dict[bytes, int] = {}
    for place, one in enumerate(ordered):
        rank.setdefault(one.conversation, place)
    for one in ordered:
        for link in one.links:
            first, second = sorted((root(one.conversation), root(link)), key=lambda talk: rank.get(talk, LAST))
            parent[second] = first
    return {one.conversation: root(one.conversation) for one in ordered}
