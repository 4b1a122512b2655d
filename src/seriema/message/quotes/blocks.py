"""Header blocks above a quoted mail: "From: … Sent: … To: … Subject: …", as Outlook, Exchange, Lotus Notes, Apple Mail,
Gmail's forwards and mobile clients write them, in the languages of the vocabulary ``fields``.

A block is known by its structure: several fields of different roles beside each other, one of them the sender's, and
something that no list of a traveller's stops or a form has: an address, a subject, or a separator above.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from seriema.language import fold, languages_of, plain, vocabulary
from seriema.message.quotes import dates, people, separators
from seriema.message.quotes.head import Head, language_of
from seriema.message.quotes.lines import Lines
from seriema.model.message import Address

#: Lines and fields of one block; a list of recipients may go on for many lines.
MOST_LINES = 60
MOST_FIELDS = 16
_LONGEST_NAME = 40
_MOST_CONTINUED = {"to": 30, "cc": 30, "bcc": 30, "from": 3, "subject": 2, "sent": 1, "other": 2}
#: Blank lines that HTML leaves between two fields.
_BLANKS = 2
#: Lines looked at above a block for the rule or phrase that belongs to it.
_ABOVE = 4

_EDGES = " \t*_|•·-"
#: A subject's line this long may go on in the next.
_WRAPPED = 56
#: Colons within one value that are looked at for another field in the same line.
_MOST_INLINE = 12


@dataclass(slots=True)
class _Block:
    """Fields read so far: role → value, and the languages each name belongs to."""

    values: dict[str, str] = field(default_factory=dict)
    languages: list[frozenset[str]] = field(default_factory=list)
    last: int = 0
    fields: int = 0


@cache
def _names() -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Name of a field → its roles, each with the languages it has this role in."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    tables = vocabulary("fields")
    for role in ("from", "sent", "to", "cc", "bcc", "subject", "other"):
        languages: dict[str, set[str]] = {}
        for language, roles in tables.items():
            for name in roles.get(role, ()):
                languages.setdefault(fold(plain(name)), set()).add(language)
        for name, of in languages.items():
            found.setdefault(name, []).append((role, frozenset(of)))
    return MappingProxyType({name: tuple(roles) for name, roles in found.items()})


def load() -> None:
    """Read the names of fields."""
    _names()
    languages_of("fields", "en")


def may_begin(text: str) -> bool:
    """A cheap look before ``is_field``."""
    return ":" in text[: _LONGEST_NAME + 1] or (text[:3] == "---" and ":" in text)


def is_field(text: str) -> bool:
    """The line begins with the name of a header field in some language and a colon, a framed phrase before it allowed."""
    framed = separators.frame(text)
    return _field(framed[1] if framed else text) is not None


def _field(text: str) -> tuple[tuple[tuple[str, frozenset[str]], ...], str] | None:
    """Roles and value of a field's line."""
    colon = text.find(":", 1, _LONGEST_NAME)
    if colon < 0:
        return None
    name = text[:colon].strip(_EDGES)
    roles = _names().get(fold(name)) if name else None
    return (roles, text[colon + 1 :].strip(" \t*_")) if roles else None


def read(lines: Lines, first: int) -> Head | None:
    """The header block that begins at line ``first``; None when what stands there is none."""
    block = _collect(lines, first)
    if block is None:
        return None
    top, phrase = _above(lines, first)
    framed = separators.frame(lines.text[first])
    if framed:
        phrase = separators.separator(f"--- {framed[0]} ---") or separators.Separator(True, frozenset())
    if not _convincing(lines, block, phrase is not None or top < first):
        return None
    values = block.values
    evidence = [*block.languages, *([phrase.languages] * 2 if phrase else ())]
    language = language_of(evidence)
    written = dates.find(plain(values.get("sent", "")), (language,))
    if not language and written:
        language = language_of([*evidence, written.languages])
    author = people.person(values.get("from", ""))
    return Head(
        first=top,
        last=block.last,
        style=_style(lines, top, first, phrase, values),
        author=author,
        recipients=people.people(values.get("to", "")) + people.people(values.get("cc", "")),
        date=written.value if written else None,
        date_text=values.get("sent", "")[: dates.LONGEST],
        subject=values.get("subject", "")[: people.LONGEST_FIELD],
        language=language,
    )


def _collect(lines: Lines, first: int) -> _Block | None:
    """Fields from line ``first`` on, in any order, each role once; continued lines belong to the field above."""
    block = _Block(last=first)
    depth, role, continued, index = lines.depth[first], "", 0, first
    end = min(len(lines), first + MOST_LINES)
    while index < end and block.fields < MOST_FIELDS:
        text = lines.text[index]
        if not text:
            following = lines.next_filled(index)
            if following - index > _BLANKS or following >= end or not _goes_on(lines, following, block, role):
                break
            index = following
            continue
        if lines.depth[index] != depth:
            break
        framed = separators.frame(text) if index == first else None
        found = _field(framed[1] if framed else text)
        if found:
            chosen = _role(found[0], block)
            if chosen is None:
                break
            role, languages = chosen
            _take(block, role, languages, found[1])
            continued = 0
        elif role and continued < _MOST_CONTINUED[role] and _continues(lines, index, block, role):
            block.values[role] = f"{block.values[role]} {text}".strip()
            continued += 1
        else:
            break
        block.last = index
        index += 1
    return block if "from" in block.values else None


def _goes_on(lines: Lines, index: int, block: _Block, role: str) -> bool:
    """After a blank line the block goes on with another field, or with the value its last field has not got yet."""
    found = _field(lines.text[index])
    if found:
        return _role(found[0], block) is not None
    return bool(role) and not block.values[role] and role in ("from", "to", "sent", "subject")


def _role(roles: tuple[tuple[str, frozenset[str]], ...], block: _Block) -> tuple[str, frozenset[str]] | None:
    """Which of its roles a name plays here: one not taken yet, in the language of the fields above if it can be."""
    free = [item for item in roles if item[0] not in block.values or item[0] == "other"]
    if not free:
        return None
    spoken = frozenset[str]().union(*block.languages)
    return max(free, key=lambda item: len(item[1] & spoken))


def _take(block: _Block, role: str, languages: frozenset[str], value: str) -> None:
    """Put a field into the block; other fields that stand in the same line come out of its value."""
    block.fields += 1
    block.languages.append(languages)
    if role in ("subject", "other"):
        block.values.setdefault(role, value)
        return
    value = value[: people.LONGEST_FIELD]
    colon = value.find(":")
    for _ in range(_MOST_INLINE):
        if colon < 0:
            break
        start, roles = _inline_name(value, colon)
        chosen = _role(roles, block) if roles else None
        if chosen and chosen[0] != role:
            block.values[role] = value[:start].strip()
            _take(block, *chosen, value[colon + 1 :].strip())
            return
        colon = value.find(":", colon + 1)
    block.values[role] = value


def _inline_name(value: str, colon: int) -> tuple[int, tuple[tuple[str, frozenset[str]], ...]]:
    """The longest name of a field that ends at this colon, and where it begins: after a space, ">" or glued to a time."""
    for start in range(max(0, colon - _LONGEST_NAME), colon):
        before, first = value[start - 1 : start], value[start]
        if start and not (before in " >\t;" or (before.isalnum() and first.isupper() and not before.islower())):
            continue
        if roles := _names().get(fold(value[start:colon].strip())):
            return start, roles
    return 0, ()


def _continues(lines: Lines, index: int, block: _Block, role: str) -> bool:
    """Whether a line without a name goes on with the field above it."""
    text, value = lines.text[index], block.values[role]
    if not value:
        return True
    if role == "from":
        return "@" in text and "@" not in value
    if role in ("to", "cc", "bcc"):
        return value[-1] in ";,<" or "@" in text or ";" in text
    if role == "subject":
        following = lines.text[index + 1] if index + 1 < len(lines) else ""
        return is_field(following) if following else len(value) >= _WRAPPED
    return False


def _above(lines: Lines, first: int) -> tuple[int, separators.Separator | None]:
    """The line from which the block's own rules and phrases begin, and the phrase if there is one."""
    top, phrase, depth = first, None, lines.depth[first]
    for index in range(first - 1, max(-1, first - 1 - _ABOVE), -1):
        text = lines.text[index]
        if not text:
            continue
        if lines.depth[index] != depth:
            break
        found = separators.separator(text)
        if found:
            top, phrase = index, found
        elif separators.is_rule(text) or separators.frame(text):
            top = index
        else:
            break
    return top, phrase


def _convincing(lines: Lines, block: _Block, separated: bool) -> bool:
    """Enough of a header block to be one."""
    values = block.values
    author = values["from"]
    if not author and "subject" not in values:
        return False
    addressed = "@" in author or "@" in values.get("to", "")
    dated = dates.find(plain(values.get("sent", ""))) is not None
    roles = len(values.keys() & {"from", "sent", "to", "subject"})
    if roles >= 3:  # noqa: PLR2004  of four
        return addressed or separated or ("subject" in values and (dated or "to" in values))
    if roles == 2:  # noqa: PLR2004  half of them
        return separated or ("@" in author and ("subject" in values or dated))
    return separated or ("@" in author and lines.deeper_below(block.last))


def _style(lines: Lines, top: int, first: int, phrase: separators.Separator | None, values: Mapping[str, str]) -> str:
    """The kind of client, as far as the shape tells."""
    if phrase and phrase.forwarded:
        return "forwarded"
    if phrase and any("-------- " in lines.raw[index] for index in range(top, first)):
        return "mobile"
    if top < first and lines.text[top].startswith("____"):
        return "exchange"
    sender = values["from"]
    if "@" not in sender and sender.count("/") > 1:
        return "lotus"
    return "outlook" if "sent" in values and people.person(sender) != Address() else "other"
