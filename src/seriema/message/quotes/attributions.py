"""Attribution lines above a quote: "On … X wrote:", "Le … X a écrit :", "X <a@b> 于…写道：", "15 нояб. 2021 г., X:".

No list of whole phrases: a line is one when vocabulary (a word for writing, the words before a date) and structure
(date, address, colon, its place above a quotation) together say so. Clients wrap it over up to ``WIDEST`` lines.
"""

import re

from seriema.language import fold, languages_of, plain
from seriema.message.quotes import clues as gathering
from seriema.message.quotes import dates, people
from seriema.message.quotes.clues import Clues
from seriema.message.quotes.head import Head, language_of
from seriema.message.quotes.lines import Lines
from seriema.model.message import Address

#: Lines that one attribution may take, and its characters.
WIDEST = 4
LONGEST = 400
_LONGEST_NAME = 60
#: Words left over that may be a name; more beside an address, fewer where little else speaks for an attribution.
_NAME = 7
_NAME_BESIDE_ADDRESS = 10
_PLAIN_NAME = 4
#: Characters before the date that an opener may take.
_OPENING = 26
#: A line of nothing else is drawn, no attribution.
_DRAWN = "*-= "
_DIGIT = re.compile(r"\d")
#: One of both is in every attribution, unless a quotation follows.
_DATE_OR_ADDRESS = re.compile(r"[\d@]")
#: What a word for writing counts against a month's name when the language is told.
_VERB_WEIGHT = 3


def load() -> None:
    """Read the vocabulary."""
    gathering.load()


def may_end(text: str) -> bool:
    """Whether a line may be the last of an attribution: a cheap look before the thorough one."""
    if text[-1] in _DRAWN:
        return bool(text.strip(_DRAWN))
    if text[-1] in ":：;]" or text.endswith("..."):
        return True
    if text[:2] == "20" and text[-1].isalpha():
        return True
    return "@" in text and _DIGIT.search(text, 0, _OPENING) is not None


def read(lines: Lines, last: int) -> Head | None:
    """The attribution that ends at line ``last``, with up to ``WIDEST`` lines above; None when there is none.

    The shortest run of lines that suffices, unless a longer one begins as a whole attribution does.
    """
    if _goes_on(lines, last):
        return None
    quoted = lines.deeper_below(last)
    if not quoted and not _DATE_OR_ADDRESS.search("\n".join(lines.text[max(0, last - 2 * WIDEST) : last + 1])):
        return None
    first: int | None = last
    text, shortest = "", None
    for _ in range(WIDEST):
        if first is None or len(text) + len(lines.text[first]) > LONGEST:
            break
        text = f"{lines.text[first]} {text}".strip()
        clues = gathering.gather(text, quoted=quoted)
        if clues is None:
            return None
        if _suffices(clues):
            if _is_whole(clues):
                return _head(first, last, clues)
            shortest = shortest or (first, clues)
        first = _above(lines, first)
    return _head(shortest[0], last, shortest[1]) if shortest else None


def _goes_on(lines: Lines, last: int) -> bool:
    """The next line is the rest of this one ("wrote:"); the attribution will be found from there."""
    below = last + 1
    if lines.text[last][-1] in ":：" or below >= len(lines) or lines.depth[below] != lines.depth[last]:
        return False
    return 0 < len(lines.text[below]) <= _LONGEST_NAME and lines.text[below][-1] in ":："


def _above(lines: Lines, first: int) -> int | None:
    """The line that a wrapped attribution goes on with upwards; a blank one only above "<address>"."""
    above = first - 1
    if above >= 0 and not lines.text[above] and lines.text[first][:1] == "<":
        above -= 1
    if above < 0 or not lines.text[above] or lines.depth[above] != lines.depth[first]:
        return None
    return above


def _suffices(clues: Clues) -> bool:
    """Any two of verb, date and address before a colon; one of them above a quotation; or a shape without a colon."""
    verb, date, address = bool(clues.verbs), clues.date is not None, clues.address is not None
    if clues.words > (_NAME_BESIDE_ADDRESS if address else _NAME):
        return False
    if clues.ends and verb + date + address > 1:
        return True
    if clues.ends and clues.quoted and clues.words and (verb or (clues.date and clues.date.clock)):
        return True
    return _known_shape(clues)


def _known_shape(clues: Clues) -> bool:
    """A date first and a name last, without a word for writing, as some clients leave it."""
    date = clues.date
    if date is None or date.start > _OPENING or not (clues.words or clues.address):
        return False
    if clues.address:  # "2013/7/20 Name <a@b>"
        return clues.text.rstrip(" >)]\"'").endswith(clues.text[clues.address[0] : clues.address[1]])
    if clues.ends:  # "понедельник, 15 ноября 2021 г. в 19:42:13 UTC+3, Name:"
        return date.offset and clues.words <= _PLAIN_NAME
    return date.start == 0 and "GMT" in date.text and clues.words <= _PLAIN_NAME  # "2016-03-03 17:21 GMT+01:00 Name"


def _is_whole(clues: Clues) -> bool:
    """Nothing of it can stand in a line above."""
    if clues.date and clues.date.start > _OPENING:
        return bool(clues.verbs or clues.address)
    return gathering.begins_whole(clues)


def _head(first: int, last: int, clues: Clues) -> Head:
    evidence = [hit.languages for hit in clues.verbs for _ in range(_VERB_WEIGHT)]
    evidence.extend([clues.opener.languages] if clues.opener else [])
    date = clues.date
    if date:
        evidence.append(date.languages)
        evidence.extend(hit.languages for hit in dates.weekdays().find(clues.folded[: date.end]))
    return Head(
        first=first,
        last=last,
        style=_style(clues),
        author=gathering.author(clues),
        date=date.value if date else None,
        date_text=date.text if date else "",
        language=language_of(evidence),
    )


def _style(clues: Clues) -> str:
    """The kind of client, as far as the shape tells."""
    date, address = clues.date, clues.address
    if clues.framed or date is None or not date.clock:
        return "other"
    if date.languages and (address or not clues.weekday):
        return "gmail" if clues.weekday else "apple"
    if address is None:
        if any("/" in piece for _, piece in clues.rest):
            return "lotus"
        return "other" if date.languages else "thunderbird"
    return "lotus" if date.start > address[1] and any("en" in hit.languages for hit in clues.verbs) else "other"


def named(lines: Lines, index: int) -> Head | None:
    """A name alone in its paragraph directly above a quotation: "[Anna Berg]", "Anna Berg:"."""
    text = plain(lines.text[index])
    bracketed = text[0] == "[" and text[-1] in "]:"
    if len(text) > _LONGEST_NAME or not (bracketed or text[-1] in ":;"):
        return None
    if not lines.deeper_below(index) or lines.next_filled(index + 1) > index + 2 or _above(lines, index) is not None:
        return None
    name = people.name_of(text.strip("[]:;"))
    words = name.split()
    if not 0 < len(words) <= _PLAIN_NAME or not all(word[0].isupper() for word in words):
        return None
    greeting = fold(words[0]) in languages_of("greetings", "words")
    return None if greeting else Head(index, index, "other", Address(name))
