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
    people = _unique(mails, _quoted(message), (message.sender, *message.recipients))
    addresses = {one.key for one in people if one.key}
    names = {name_key(one.name) for one in people if not one.key}
    addressed = tuple(one.key for one in message.recipients if one.key and (one.key in addresses or _named(one, names)))
    if mails:
        seen = {one for mail in mails for one in (mail.sender, *mail.people) if one}
        took_part = _took_part(message.sender, seen, addresses, names)
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


def _quoted(message: Message) -> Iterable[Address]:
    for quote in reversed(message.body.quotes):
        yield quote.author
        yield from quote.recipients


def _unique(mails: Iterable[Remembered], quoted: Iterable[Address], present: Iterable[Address]) -> tuple[Address, ...]:
    """Each person once, with a name where any mention gives one; a bare name only if nobody with an address has it.

    ``present`` are the people of the mail itself: they may tell the name of one who is known by address.
    """
    found: dict[str, Address] = {}
    bare: dict[str, Address] = {}
    for mail in mails:
        _enter(Address(mail.sender_name, mail.sender), found, bare)
        for key in mail.people:
            if key not in found:
                found[key] = Address("", key)
    for person in quoted:
        _enter(person, found, bare)
    if bare:
        named = (person for person in (*found.values(), *present) if person.key in found)
        for name in {name_key(person.name) for person in named}:
            bare.pop(name, None)
    return (*found.values(), *bare.values())[:MOST]


def _enter(person: Address, found: dict[str, Address], bare: dict[str, Address]) -> None:
    if key := person.key:
        known = found.get(key)
        if known is None or (person.name and not known.name):
            found[key] = person
    elif name := name_key(person.name):
        bare.setdefault(name, person)
