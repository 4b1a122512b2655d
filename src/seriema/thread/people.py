"""Who is in a conversation, which of them a mail is written to, and whether its sender is one of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from seriema.model.message import Address, Message
from seriema.model.thread import Remembered, name_key

#: More participants than this are not told apart any more.
MOST = 256


@dataclass(frozen=True, slots=True)
class Circle:
    """The people of a conversation before a mail came, and how the mail's own people relate to them."""

    participants: tuple[Address, ...] = ()
    addressed: tuple[str, ...] = ()
    sender_participant: bool | None = None


def circle(message: Message, mails: tuple[Remembered, ...]) -> Circle:
    """People of remembered mails first, then those that all levels of the quotation name (Outlook blocks often by name
    alone). Without remembered mail, only a block that names recipients can tell whether the sender took part.
    """
    people = _unique((*_remembered(mails), *_quoted(message)), (message.sender, *message.recipients))
    addresses = {one.key for one in people if one.key}
    names = {name_key(one.name) for one in people if not one.key}
    addressed = tuple(one.key for one in message.recipients if one.key and (one.key in addresses or _named(one, names)))
    whole = bool(mails) or any(quote.recipients for quote in message.body.quotes)
    took_part = _took_part(message.sender, addresses, names) if whole else None
    return Circle(people, addressed, took_part)


def _took_part(sender: Address, addresses: set[str], names: set[str]) -> bool | None:
    """A name without an address is no proof: the sender of that name may be, or may only call himself so."""
    if sender.key in addresses:
        return True
    if _named(sender, names) or not addresses:
        return None
    return False


def _named(person: Address, names: set[str]) -> bool:
    name = name_key(person.name)
    return bool(name) and name in names


def _remembered(mails: Iterable[Remembered]) -> Iterable[Address]:
    for mail in mails:
        yield Address(mail.sender_name, mail.sender)
        for person in mail.people:
            yield Address("", person)


def _quoted(message: Message) -> Iterable[Address]:
    for quote in reversed(message.body.quotes):
        yield quote.author
        yield from quote.recipients


def _unique(people: Iterable[Address], present: Iterable[Address]) -> tuple[Address, ...]:
    """Each person once, with a name where any mention gives one; a bare name only if nobody with an address has it.

    ``present`` are the people of the mail itself: they may tell the name of one who is known by address.
    """
    found: dict[str, Address] = {}
    bare: dict[str, Address] = {}
    for person in people:
        if person.key:
            known = found.get(person.key)
            if known is None or (person.name and not known.name):
                found[person.key] = person
        elif name := name_key(person.name):
            bare.setdefault(name, person)
    named = (person for person in (*found.values(), *present) if person.key in found)
    taken = {name_key(person.name) for person in named}
    return (*found.values(), *(person for name, person in bare.items() if name not in taken))[:MOST]
