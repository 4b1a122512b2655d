"""People as clients write them above a quote: "Name <a@b>", "Name [mailto:a@b]", "a@b<mailto:a@b>", "a@b (Name)".

Looser than RFC 5322 on purpose: what stands there is text for readers, wrapped, translated and linked by many programs.
"""

import re
from collections.abc import Iterator

from seriema.model.message import Address

#: People read from one field, and characters of a name.
MOST = 100
LONGEST_NAME = 200
#: Characters of one field.
LONGEST_FIELD = 8_000

_LOCAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-"
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){0,10}[\w-]{1,63}")
_AROUND_NAME = " \t\"'“”„‟«»‘’*_,;:|<>[]()-"
_NAME_ENDS = re.compile(r"[<\[(]|mailto:")
_BEHALF = re.compile(
    r"\s(?:on behalf of|im auftrag von|de la part de|en nombre de|per conto di|namens)\s", re.IGNORECASE
)


def addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and address of each addr-spec in a text, left to right. Linear: each @ is looked at once."""
    at = text.find("@")
    while at > 0:
        before = text[max(0, at - 64) : at]
        local = before[len(before.rstrip(_LOCAL)) :]
        domain = _DOMAIN.match(text, at + 1)
        if local and domain:
            name = local.lstrip("'*_")
            host = domain[0].rstrip(".-_")
            # "John Doe/Sales/ACME@ACME" is a name in Lotus Notes.
            if name and ("." in host or "/" not in name):
                yield at - len(name), domain.end(), f"{name}@{host.lower()}"
        at = text.find("@", at + 1)


def person(text: str) -> Address:
    """The person a field or a piece of one names; the last of "a on behalf of b"."""
    text = _BEHALF.split(text[:LONGEST_FIELD])[-1]
    found = next(addresses(text), None)
    name = name_of(text[: found[0]] if found else text)
    if found is None:
        return Address(name="" if "@" in name and "/" not in name else name)
    if not name:
        name = _name_after(text[found[1] :])
    return Address("" if name.lower() == found[2].lower() else name, found[2])


def name_of(text: str) -> str:
    """What remains of a text as a name: without quotation marks, brackets and emphasis around it."""
    cut = _NAME_ENDS.search(text)
    # Gnus: ``"AB" == Anna Berg``.
    name = (text[: cut.start()] if cut else text).rpartition("==")[2].strip(_AROUND_NAME)
    return " ".join(name.split())[:LONGEST_NAME]


def _name_after(text: str) -> str:
    """The name in "a@b (Name)", the comment of old mail programs."""
    opening = text.find("(")
    if 0 <= opening <= 2 and (closing := text.find(")", opening)) > 0:  # noqa: PLR2004  directly after the address
        inner = text[opening + 1 : closing].strip(_AROUND_NAME)
        return "" if "@" in inner else inner[:LONGEST_NAME]
    return ""


def people(text: str) -> tuple[Address, ...]:
    """All people a field names, at most ``MOST``; those without an address by name only."""
    text = text[:LONGEST_FIELD]
    separator = ";" if ";" in text else ","
    found: dict[str, Address] = {}
    kept = ""
    for piece in text.split(separator):
        kept = f"{kept}{separator}{piece}" if kept else piece
        # "Doe, John <x@y>": a comma within a name, known by the address that comes only with the second piece.
        if separator == "," and "@" not in kept and "@" in text and len(kept) < LONGEST_NAME:
            continue
        one, kept = person(kept), ""
        if one != Address():
            found.setdefault(one.key or one.name, one)
        if len(found) >= MOST:
            break
    if kept.strip() and (one := person(kept)) != Address():
        found.setdefault(one.key or one.name, one)
    return tuple(found.values())[:MOST]
