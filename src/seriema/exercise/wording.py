"""What people say in practice mails, drawn from the data files: short mails around a file, and talk on a topic.

Lures and twins draw from one pool by one function (``short``), so their words tell nothing.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from seriema.exercise.cast import Organisation, Person
from seriema.exercise.dice import Dice
from seriema.exercise.resources import table

LANGUAGES = ("en", "de", "es", "fr", "it", "ja")
#: Short passwords as real locked archives carry them (digits, letter and digits, word and digits).
PASSWORDS = ("{d3}", "{d4}", "{U1}{d3}", "{U1}{d4}", "{U2}{d3}", "{l3}{d3}", "{l2}{d2}", "{a5}", "{d5}", "{A6}")
LONG_PASSWORD = "{B8}"  # noqa: S105 - a shape, not a password
AMOUNTS = {"en": "${n},{m}00", "ja": "{n},{m}00円"}
EURO = "{n}.{m}00 EUR"


@cache
def _prefixes() -> tuple[str, ...]:
    words = [table(f"wordings/{language}.toml") for language in LANGUAGES]
    return tuple(dict.fromkeys(entry[key] for entry in words for key in ("reply_prefix", "forward_prefix")))


def bare(subject: str) -> str:
    """``subject`` without what reply and forward put before it."""
    while subject.startswith(_prefixes()):
        subject = subject.partition(": ")[2]
    return subject


def answered(subject: str, author: Person) -> str:
    """``subject`` with the reply prefix of the author's program, unless there is one already."""
    if subject.startswith(_prefixes()):
        return subject
    return phrase_of(author.language, "reply_prefix") + subject


def forwarded(subject: str, author: Person) -> str:
    """``subject`` with the forward prefix of the author's program."""
    return phrase_of(author.language, "forward_prefix") + subject


def phrase_of(language: str, key: str) -> str:
    """A pool's only sentence, as it stands."""
    text: str = table(f"wordings/{language}.toml")[key]
    return text


def password(dice: Dice) -> str:
    """A short password."""
    return dice.shape(dice.choice(PASSWORDS))


def short(
    dice: Dice,
    language: str,
    reader: Person,
    locked_with: str = "",
    pool: str = "ask",
    remark: str = "",
    note: str = "",
) -> str:
    """A few generic sentences around an attached file, with its password when there is one.

    ``remark`` stands before them instead of an opening sentence, ``note`` in a paragraph of its own after them.
    """
    words = table(f"wordings/{language}.toml")
    greeting = dice.choice(words["greeting"]).format(first=reader.first, last=reader.last or reader.first)
    sentences = [dice.choice(words[pool])]
    if remark:
        sentences.insert(0, remark)
    elif dice.chance(0.5):
        sentences.insert(0, dice.choice(words["opener"]))
    blocks = [greeting] if dice.chance(0.85) else []
    blocks.append(dice.choice((" ", "\n")).join(sentences))
    if locked_with:
        phrases = words["help_password" if pool == "help" else "password"]
        blocks.append(dice.choice(phrases).format(password=locked_with))
        if dice.chance(0.25):
            blocks[-2:] = [f"{blocks[-2]} {blocks[-1]}"] if "\n" not in blocks[-1] else blocks[-2:]
    if note:
        blocks.append(note)
    if dice.chance(0.75):
        blocks.append(dice.choice(words["closing"]))
    return "\n\n".join(blocks)


def phrase(dice: Dice, language: str, pool: str, **values: str) -> str:
    """One sentence of a pool (or the pool's only one), filled in."""
    entry = table(f"wordings/{language}.toml")[pool]
    text: str = entry if isinstance(entry, str) else dice.choice(entry)
    return text.format(**values)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a conversation is about. ``kind``: people, list, notification or bulk."""

    key: str
    language: str
    subject: str
    lines: tuple[str, ...]
    kind: str = "people"
    sender: str = ""  #: "display name|local part" of a machine or list


def topics(language: str) -> tuple[dict[str, Any], ...]:
    """The topics known in a language, as in the data file."""
    return tuple(table(f"topics/{language}.toml")["topic"])


def topic(dice: Dice, language: str, key: str, company: Organisation, own: Organisation, people: str = "") -> Topic:
    """The topic ``key``, filled in for one conversation."""
    raw = next(entry for entry in topics(language) if entry["key"] == key)
    data, words = table("cast.toml"), table(f"wordings/{language}.toml")
    values = {
        "number": dice.shape("{d1}") + dice.shape(dice.choice(("{d3}", "-{d4}", "{U1}{d3}", "{d5}"))),
        "amount": AMOUNTS.get(language, EURO).format(n=dice.randrange(2, 90), m=dice.randrange(1, 10)),
        "place": dice.choice(data["people"][language]["places"]),
        "month": dice.choice(words["dates"]["months"]),
        "project": "".join(dice.choice(data["organisations"][part]) for part in ("start", "end")),
        "company": company.name,
        "own": own.name,
        "people": people,
    }
    kind = raw.get("kind", "people")
    lines = [line.format(**values) for line in raw["lines"]]
    if kind in {"people", "list"}:
        dice.shuffle(lines)
    sender = raw.get("sender", "").format(**values)
    return Topic(key, language, raw["subject"].format(**values), tuple(lines), kind, sender)


def talk(dice: Dice, about: Topic, part: int, reader: Person) -> str:
    """The ``part``-th mail (from 0) of a conversation: one to three of the topic's lines."""
    if about.kind in {"notification", "bulk"}:
        return "\n\n".join(about.lines)
    words = table(f"wordings/{about.language}.toml")
    count = dice.choice((1, 2, 2, 3))
    lines = [about.lines[(part * 2 + number) % len(about.lines)] for number in range(count)]
    blocks = [dice.choice((" ", "\n\n")).join(dict.fromkeys(lines))]
    if about.kind == "people" and dice.chance(0.8):
        greeting = dice.choice(words["greeting"])
        blocks.insert(0, greeting.format(first=reader.first, last=reader.last or reader.first))
    if dice.chance(0.7):
        blocks.append(dice.choice(words["closing"]))
    return "\n\n".join(blocks)
