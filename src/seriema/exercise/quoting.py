"""The text of a letter with everything quoted below it, as five families of mail programs write it.

Attribution lines and header blocks are those the programs are known by, in the language of the author's program
(``wordings/<language>.toml``). ``shown`` says whose addresses a reader of the quoted text can see.
"""

import textwrap
from datetime import datetime
from html import escape
from typing import Any

from seriema.exercise.letter import Letter, local
from seriema.exercise.resources import table

#: What HTML puts before and after the quoted letter; programs not named here write as Apple Mail does.
RICH = {
    "gmail": (
        (
            '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{line}<br></div>'
            '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">'
        ),
        "</blockquote></div>",
    ),
    "thunderbird": ('<div class="moz-cite-prefix">{line}<br></div><blockquote type="cite">', "</blockquote>"),
    "apple": ('<div><br><blockquote type="cite"><div>{line}</div><br>', "</blockquote></div>"),
}
NOON = 12
ATTRIBUTION_WIDTH = 76


def plain(letter: Letter) -> str:
    """Own words, signature and quoted letters as plain text."""
    pieces = [_own(letter)]
    if letter.parent:
        pieces.append(_quoted(letter, letter.parent))
    return "\n\n".join(piece for piece in pieces if piece)


def _own(letter: Letter) -> str:
    words = _wrapped(letter.words, letter.author.client.wrap)
    if not letter.signature:
        return words
    delimiter = "-- \n" if letter.author.client.quoting in {"gmail", "thunderbird"} else ""
    return f"{words}\n\n{delimiter}{letter.signature}"


def _wrapped(text: str, width: int) -> str:
    if not width:
        return text
    lines = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n"))
    return "\n".join("\n".join(line) for line in lines)


def _quoted(letter: Letter, parent: Letter) -> str:
    """What stands below the author's own words."""
    older = plain(parent)
    if letter.forward or letter.author.client.quoting == "outlook":
        return f"{_introduction(letter)}{_block(letter, parent)}\n\n{older}"
    return f"{_attribution(letter, parent)}\n{_prefixed(older)}"


def _prefixed(text: str) -> str:
    return "\n".join(f">{'' if line.startswith('>') or not line else ' '}{line}" for line in text.split("\n"))


def _introduction(letter: Letter) -> str:
    """The line above a header block: programs that quote with > write one when they forward, old Outlook always."""
    block = _wordings(letter)["block"]
    if letter.forward and letter.author.client.quoting != "outlook":
        return f"{block['forwarded']}\n"
    return f"{block['original']}\n" if letter.author.client.name == "outlook-smtp" else ""


def _block(letter: Letter, parent: Letter) -> str:
    return "\n".join(f"{label} {value}" for label, value in _block_fields(letter, parent))


def _block_fields(letter: Letter, parent: Letter) -> list[tuple[str, str]]:
    block = _wordings(letter)["block"]
    date = _date(block["date"], letter, parent.sent)
    to, cc = ("; ".join(person.written for person in people) for people in (parent.to, parent.cc))
    values = (parent.author.written, date, to, cc, parent.subject)
    return [(label, value) for label, value in zip(block["labels"], values, strict=True) if value]


def _attribution(letter: Letter, parent: Letter) -> str:
    """The line that says who wrote what follows; webmail breaks it at its own width."""
    pattern = _wordings(letter)["attribution"][letter.author.client.quoting]
    line = _date(pattern, letter, parent.sent, name=parent.author.name, address=parent.author.address)
    if letter.author.client.quoting != "gmail":
        return line
    return "\n".join(textwrap.wrap(line, ATTRIBUTION_WIDTH, break_long_words=False, break_on_hyphens=False))


def _date(pattern: str, letter: Letter, moment: datetime, **names: str) -> str:
    """``pattern`` filled in with the moment on the author's own clock."""
    here, words = local(moment, letter.author.organisation), _wordings(letter)["dates"]
    return pattern.format(
        weekday=words["weekdays"][here.weekday()],
        wd=words["short_weekdays"][here.weekday()],
        month=words["months"][here.month - 1],
        mon=words["short_months"][here.month - 1],
        y=here.year,
        m=here.month,
        d=here.day,
        mm=f"{here.month:02}",
        dd=f"{here.day:02}",
        h=here.hour % NOON or NOON,
        HH=f"{here.hour:02}",
        MM=f"{here.minute:02}",
        ampm="AM" if here.hour < NOON else "PM",
        **names,
    )


def _wordings(letter: Letter) -> dict[str, Any]:
    return table(f"wordings/{letter.author.language}.toml")


def rich(letter: Letter) -> str:
    """The same as an HTML fragment, for the programs that send one beside the plain text."""
    own = _paragraphs(letter.words)
    if letter.signature:
        own += f'<div class="signature">{_lines(letter.signature)}</div>\n'
    return own + (_rich_quoted(letter, letter.parent) if letter.parent else "")


def _rich_quoted(letter: Letter, parent: Letter) -> str:
    older, quoting = rich(parent), letter.author.client.quoting
    if letter.forward or quoting == "outlook":
        fields = "<br>\n".join(f"<b>{label}</b> {escape(value)}" for label, value in _block_fields(letter, parent))
        rule = '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        return f'{rule}<p class="MsoNormal">{fields}</p></div>\n{older}'
    line = escape(_attribution(letter, parent).replace("\n", " "))
    before, after = RICH.get(quoting, RICH["apple"])
    return f"{before.format(line=line)}\n{older}{after}\n"


def _paragraphs(text: str) -> str:
    return "".join(f'<p class="MsoNormal">{_lines(part)}</p>\n' for part in text.split("\n\n"))


def _lines(text: str) -> str:
    return "<br>\n".join(escape(line) for line in text.split("\n"))


def shown(letter: Letter) -> tuple[str, ...]:
    """Addresses that the quoted text below shows: of authors, and of recipients where a header block names them."""
    found: dict[str, None] = {}
    for quoting, quoted in zip((letter, *letter.ancestors), letter.ancestors, strict=False):
        style = quoting.author.client.quoting
        block = quoting.forward or style == "outlook"
        if block or style in {"gmail", "apple"}:
            found[quoted.author.address] = None
        if block:
            found.update(dict.fromkeys(person.address for person in quoted.recipients))
    return tuple(found)
