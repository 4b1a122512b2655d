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
    """People of remembered mails first, then those that all levels of the quotation name.

    Outlook's blocks often name people without their address. Without remembered mail, only a block that names
    recipients can tell whether the sender took part.
    """
    present = (message.sender, *message.recipients)
    seen, people = _unique(_remembered(mails), present), _unique((*_remembered(mails), *_quoted(message)), present)
    addresses = {one.key for one in people if one.key}
    names = {name_key(one.name) for one in people if not one.key}
    addressed = tuple(one.key for one in message.recipients if one.key and (one.key in addresses or _named(one, names)))
    if mails:
        took_part = _took_part(message.sender, {one.key for one in seen}, addresses, names)
    elif any(quote.recipients for quote in message.body.quotes):
        took_part = _took_part(message.sender, addresses, set(), names)
    else:
        took_part = None
    return Circle(people, addressed, took_part)


def _took_part(sender: Address, sure: set[str], claimed: set[str], names: set[str]) -> bool | None:
    """What only a quotation claims, or only by name, is no proof: the sender itself wrote that quotation."""
    if sender.key in sure:
        return True
    if not sure or sender.key in claimed or _named(sender, names):
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
