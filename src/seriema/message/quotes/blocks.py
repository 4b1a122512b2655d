"""Header blocks above a quoted mail: "From: … Sent: … To: … Subject: …", as Outlook, Exchange, Lotus Notes, Apple Mail,
Gmail's forwards and mobile clients write them, in the languages of the vocabulary ``fields``.

A block is known by its structure: several fields of different roles beside each other, one of them the sender's, and
something that no list of a traveller's stops or a form has: an address, a subject, or a separator above.
"""

from dataclasses import dataclass, field

from seriema.language import plain
from seriema.message.quotes import dates, fields, people, separators
from seriema.message.quotes.head import Head, language_of
from seriema.message.quotes.lines import Lines
from seriema.message.quotes.separators import Separator
from seriema.model.message import Address

#: Lines and fields of one block; a list of recipients may go on for many lines.
MOST_LINES = 60
MOST_FIELDS = 16
#: Lines without a name that may go on with the field above them.
_CONTINUED = {"to": 30, "cc": 30, "bcc": 30, "from": 3, "subject": 2, "sent": 1, "date": 1, "other": 2}
#: A subject's line this long may go on in the next.
_WRAPPED = 56
#: Blank lines that HTML leaves between two fields.
_BLANKS = 2
#: Lines looked at above a block for the rule or phrase that belongs to it.
_ABOVE = 4
_MAIN_ROLES = frozenset({"from", "sent", "date", "to", "subject"})


@dataclass(slots=True)
class _Block:
    """Fields read so far: role → value, and the languages each name belongs to."""

    values: dict[str, str] = field(default_factory=dict)
    languages: list[frozenset[str]] = field(default_factory=list)
    last: int = 0
    role: str = ""  #: of the field read last
    continued: int = 0

    def choose(self, roles: fields.Roles) -> tuple[str, frozenset[str]] | None:
        """Which of its roles a name plays here: one not taken yet, in the language of the fields above if it can be."""
        free = [item for item in roles if item[0] not in self.values or item[0] == "other"]
        spoken = frozenset[str]().union(*self.languages)
        return max(free, key=lambda item: len(item[1] & spoken), default=None)

    def take(self, role: str, languages: frozenset[str], value: str) -> None:
        """Put a field into the block; other fields that stand in the same line come out of its value."""
        self.role, self.continued = role, 0
        self.languages.append(languages)
        inline = fields.within(value[: people.LONGEST_FIELD]) if role not in ("subject", "other") else None
        self.values.setdefault(role, value)
        chosen = self.choose(inline[1]) if inline else None
        if inline and chosen:
            start, _, colon = inline
            self.values[role] = value[:start].strip()
            self.take(*chosen, value[colon + 1 :].strip())


def load() -> None:
    """Read the names of fields."""
    fields.load()


def may_begin(text: str) -> bool:
    """Whether a line begins with the name of a field, a framed phrase before it allowed (Yahoo's forwards)."""
    if ":" not in text[: fields.LONGEST_NAME + 1] and text[:3] != "---":
        return False
    return fields.at_start(_unframed(text)) is not None


def _unframed(text: str) -> str:
    framed = separators.frame(text)
    return framed[1] if framed else text


def read(lines: Lines, first: int) -> Head | None:
    """The header block that begins at line ``first``; None when what stands there is none."""
    block = _collect(lines, first)
    if "from" not in block.values:
        return None
    top, phrase = _above(lines, first)
    if framed := separators.frame(lines.text[first]):
        phrase = separators.separator(f"--- {framed[0]} ---") or Separator(forwarded=True, languages=frozenset())
    if not _convinces(lines, block, separated=phrase is not None or top < first):
        return None
    values = block.values
    evidence = [*block.languages, *([phrase.languages] * 2 if phrase else ())]
    language = language_of(evidence)
    sent = values.get("sent") or values.get("date", "")
    date = dates.find(plain(sent), (language,))
    return Head(
        first=top,
        last=block.last,
        style=_style(lines.raw[top:first], phrase, values),
        author=people.person(values["from"]),
        recipients=people.people(values.get("to", "")) + people.people(values.get("cc", "")),
        date=date.value if date else None,
        date_text=sent[: dates.LONGEST],
        subject=values.get("subject", "")[: people.LONGEST_FIELD],
        language=language or (language_of([*evidence, date.languages]) if date else ""),
    )


def _collect(lines: Lines, first: int) -> _Block:
    """Fields from line ``first`` on, in any order, each role once; continued lines belong to the field above."""
    block = _Block(last=first)
    index, end = first, min(len(lines), first + MOST_LINES)
    while index < end and len(block.languages) < MOST_FIELDS and lines.depth[index] == lines.depth[first]:
        text = lines.text[index]
        if not text:
            following = lines.next_filled(index)
            if following - index > _BLANKS or following >= end or not _goes_on(lines.text[following], block):
                break
            index = following
            continue
        found = fields.at_start(_unframed(text) if index == first else text)
        chosen = block.choose(found[0]) if found else None
        if found and chosen:
            block.take(*chosen, found[1])
        elif found or not _continues(lines, index, block):
            break
        else:
            block.values[block.role] = f"{block.values[block.role]} {text}".strip()
            block.continued += 1
        block.last = index
        index += 1
    return block


def _goes_on(text: str, block: _Block) -> bool:
    """After a blank line the block goes on with another field, or with the value its last field has not got yet."""
    found = fields.at_start(text)
    if found:
        return block.choose(found[0]) is not None
    return block.role in _MAIN_ROLES and not block.values[block.role]


def _continues(lines: Lines, index: int, block: _Block) -> bool:
    """Whether a line without a name goes on with the field above it."""
    role = block.role
    if not role or block.continued >= _CONTINUED[role]:
        return False
    text, value = lines.text[index], block.values[role]
    if not value:
        return True
    if role == "from":
        return "@" in text and "@" not in value
    if role in ("to", "cc", "bcc"):
        return value[-1] in ";,<" or "@" in text or ";" in text
    if role == "subject":
        following = lines.text[index + 1] if index + 1 < len(lines) else ""
        return fields.at_start(following) is not None if following else len(value) >= _WRAPPED
    return False


def _above(lines: Lines, first: int) -> tuple[int, Separator | None]:
    """The line from which the block's own rules and phrases begin, and the phrase if there is one."""
    top, phrase = first, None
    for index in range(first - 1, max(-1, first - 1 - _ABOVE), -1):
        text = lines.text[index]
        if not text:
            continue
        found = separators.separator(text) if lines.depth[index] == lines.depth[first] else None
        if found:
            phrase = found
        elif lines.depth[index] != lines.depth[first] or not (separators.is_rule(text) or separators.frame(text)):
            break
        top = index
    return top, phrase


def _convinces(lines: Lines, block: _Block, *, separated: bool) -> bool:
    """Enough of a header block to be one: the fewer roles, the more must speak for it."""
    values, author = block.values, block.values["from"]
    subject = "subject" in values
    if not author and not subject:
        return False
    if separated:
        return True
    roles = len({"sent" if role == "date" else role for role in values.keys() & _MAIN_ROLES})
    if roles >= 3 and ("@" in author or "@" in values.get("to", "")):  # noqa: PLR2004  three of the four
        return True
    dated = dates.find(plain(values.get("sent") or values.get("date", ""))) is not None
    if roles >= 3:  # noqa: PLR2004  three of the four
        return (dated and "sent" in values) or (subject and (dated or "to" in values))
    if roles == 2:  # noqa: PLR2004  half of them
        return "@" in author and (subject or dated)
    return "@" in author and lines.deeper_below(block.last)


def _style(above: list[str], phrase: Separator | None, values: dict[str, str]) -> str:
    """The kind of client, as far as the shape tells."""
    if phrase:
        if phrase.forwarded:
            return "forwarded"
        if any("-------- " in line for line in above):
            return "mobile"
    elif above and above[0].lstrip(" >").startswith("____"):
        return "exchange"
    sender = values["from"]
    if "@" not in sender and sender.count("/") > 1:
        return "lotus"
    return "outlook" if values.keys() & {"sent", "date"} and people.person(sender) != Address() else "other"
