"""The people and organisations of one exercise, drawn without repetition. Every name ends in a reserved domain.

Names: RFC 2606 (``.test``, ``.example``). Addresses: RFC 5737 (IPv4) and RFC 3849 (IPv6), for documentation.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

from seriema.exercise.clients import DESKTOPS, MACHINE, Client, client
from seriema.exercise.dice import Dice
from seriema.exercise.resources import table

T = TypeVar("T")

NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
#: Hours east of UTC in early summer, by the language of an organisation.
ZONES = {"en": (-5, -4), "de": (2,), "es": (2,), "fr": (2,), "it": (2,), "ja": (9,)}


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who runs a mail domain: its name, language, time zone, and the server that sends its mail."""

    name: str
    domain: str
    language: str
    zone: int  #: hours east of UTC
    address: str  #: of the sending server
    selector: str  #: of its DKIM key (RFC 6376, 3.1)

    @property
    def mail_host(self) -> str:
        """Name of the sending server."""
        return f"mail.{self.domain}"


@dataclass(frozen=True, slots=True)
class Person:
    """A mailbox and who sits before it. Machines and lists are people here too, without a signature."""

    first: str
    last: str
    address: str
    organisation: Organisation
    client: Client
    signature: str = ""

    @property
    def name(self) -> str:
        """The display name as its country writes it."""
        parts = (self.last, self.first) if self.language == "ja" else (self.first, self.last)
        return " ".join(part for part in parts if part)

    @property
    def language(self) -> str:
        """The language of the person's mail program."""
        return self.organisation.language

    @property
    def written(self) -> str:
        """Name and address as quoted header blocks show them."""
        return f"{self.name} <{self.address}>"


class Cast:
    """Deals out people and organisations; no name appears twice in one exercise."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice.child("cast")
        data = table("cast.toml")
        hosts = (f"{network}.{number}" for network in NETWORKS for number in range(1, 255))
        self._firms = _shuffled(self._dice, product(data["organisations"]["start"], data["organisations"]["end"]))
        self._hosts = _shuffled(self._dice, hosts)
        self._names = {
            language: _shuffled(self._dice, product(names["first"], names["last"]))
            for language, names in data["people"].items()
        }

    def organisation(self, trade: str, language: str) -> Organisation:
        """A new organisation of that trade."""
        dice, trades = self._dice, table("cast.toml")["organisations"]["trades"]
        name = f"{''.join(next(self._firms))} {dice.choice(trades[trade])}"
        domain = f"{re.sub('[^a-z]+', '-', name.lower()).strip('-')}.{dice.choice(('test', 'example'))}"
        zone = dice.choice(ZONES[language])
        return Organisation(name, domain, language, zone, next(self._hosts), dice.shape("s{d4}"))

    def person(self, organisation: Organisation) -> Person:
        """A new person with an address, a mail program and a signature of that organisation."""
        dice, language = self._dice, organisation.language
        first, last = next(self._names[language])
        local = dice.choice(("{f}.{l}", "{f}{l}", "{f}-{l}", "{l}.{f}", "{f}_{l}")).format(
            f=_ascii(first), l=_ascii(last)
        )
        first, last = first.partition("|")[0], last.partition("|")[0]
        mail_program = client(dice.choice(DESKTOPS))
        person = Person(first, last, f"{local}@{organisation.domain}", organisation, mail_program)
        return replace(person, signature=self._signature(person))

    def at(self, person: Person, organisation: Organisation) -> Person:
        """The same person with a mailbox at another organisation."""
        local = person.address.partition("@")[0]
        moved = replace(person, address=f"{local}@{organisation.domain}", organisation=organisation)
        return replace(moved, signature=self._signature(moved))

    def machine(self, name: str, local: str, organisation: Organisation) -> Person:
        """A sender that is no person: notices, newsletters, lists, gateways."""
        return Person(name, "", f"{local}@{organisation.domain}", organisation, client(MACHINE))

    def host(self) -> str:
        """An address that no organisation's server has: a home, a hotel, a phone."""
        return next(self._hosts)

    def _signature(self, person: Person) -> str:
        dice, names = self._dice, table("cast.toml")["people"][person.language]
        lines = [person.name, dice.choice(names["titles"]), person.organisation.name, dice.choice(names["places"])]
        lines.append(dice.shape("{d3} 555 01{d2}"))
        keep = dice.choice(((0,), (0, 1, 2), (0, 1, 2, 4), (0, 1, 2, 3, 4), (0, 2, 4)))
        return "\n".join(lines[number] for number in keep)


def _ascii(name: str) -> str:
    return name.rpartition("|")[2].lower()


def _shuffled(dice: Dice, items: Iterable[T]) -> Iterator[T]:
    pool = list(items)
    dice.shuffle(pool)
    return iter(pool)
