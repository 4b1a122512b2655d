"""The head that Lotus Notes puts above an answered mail: author and date in lines of their own, then names of fields
without colons, each above its value ("To / <b@c> / cc / Subject / Re: …"), in the languages of the vocabulary.
"""

from seriema.message.quotes import dates, fields, people
from seriema.message.quotes.head import Head, language_of
from seriema.message.quotes.lines import Lines

_LONGEST_DATE = 40
#: Lines from the date to the subject's value.
_MOST_LINES = 24
_SOURCE = "internet"
#: Roles of the fields that stand there; a value may go on over several lines.
_ROLES = ("to", "cc", "bcc", "subject")


def may_begin(lines: Lines, index: int) -> bool:
    """A cheap look: a line that begins with a digit and is as short as a date, above the name of a field."""
    text = lines.text[index]
    if not text[0].isdigit() or len(text) > _LONGEST_DATE or index == 0:
        return False
    following = lines.next_filled(index + 1)
    return following < len(lines) and _label(lines.text[following], "to") is not None


def read(lines: Lines, index: int) -> Head | None:
    """The head whose date stands at line ``index`` and its author in the line above."""
    date = dates.find(lines.text[index])
    author = people.person(lines.text[index - 1])
    if date is None or not (author.name or author.address) or lines.depth[index - 1] != lines.depth[index]:
        return None
    found = _fields(lines, index)
    if found is None:
        return None
    last, values, languages = found
    source = index > 1 and lines.text[index - 2].lower() == _SOURCE
    return Head(
        first=index - 2 if source else index - 1,
        last=last,
        style="lotus",
        author=author,
        recipients=people.people(values.get("to", "")) + people.people(values.get("cc", "")),
        date=date.value,
        date_text=date.text,
        subject=values["subject"],
        language=language_of(languages),
    )


def _fields(lines: Lines, index: int) -> tuple[int, dict[str, str], list[frozenset[str]]] | None:
    """Where the subject's value ends, the values by role, and the languages of the names; None without a subject."""
    values: dict[str, str] = {}
    languages: list[frozenset[str]] = []
    role = ""
    place = lines.next_filled(index + 1)
    while place < min(len(lines), index + _MOST_LINES) and lines.depth[place] == lines.depth[index]:
        text = lines.text[place]
        named = next((found for wanted in _ROLES if wanted not in values and (found := _label(text, wanted))), None)
        if named:
            role, of, value = named
            values[role] = value
            languages.append(of)
        elif role:
            values[role] = f"{values[role]} {text}".strip()
        if values.get("subject"):
            return place, values, languages
        place = lines.next_filled(place + 1)
    return None


def _label(text: str, role: str) -> tuple[str, frozenset[str], str] | None:
    """The line as a field of this role: its name alone, or with a colon and a value."""
    found = fields.at_start(text if ":" in text else f"{text}:")
    of = dict(found[0]).get(role) if found else None
    return (role, of, found[1]) if found and of else None
