"""Attribution lines above a quote: "On … X wrote:", "Le … X a écrit :", "X <a@b> 于…写道：", "15 нояб. 2021 г. в 19:42, X <a@b>:".

No list of whole phrases: a line is one when vocabulary (a word for writing, the words before a date) and structure (date,
address, colon, its place above a quotation) together say so. Clients wrap it over up to ``WIDEST`` lines.
"""

import re
from dataclasses import dataclass
from functools import cache

from seriema.language import Hit, Phrases, fold, languages_of, plain
from seriema.message.quotes import dates, people
from seriema.message.quotes.head import Head, language_of
from seriema.message.quotes.lines import Lines
from seriema.model.message import Address

#: Lines that one attribution may take, and its characters.
WIDEST = 4
LONGEST = 400
_LONGEST_NAME = 60
#: Words that a line without address may have beside date and verb: a name, not a sentence.
_WORDS_OF_A_NAME = 7
#: Characters before the date that an opener may take.
_OPENING = 26

_VERB_WEIGHT = 3  #: what a word for writing counts against a month's name when the language is told
_CHAIN = 3  #: fillers beside fillers: "pm बजे को"

_COLONS = (":", "：")
_TRIM = " \t*_`\"'"
_BEFORE = "*-–—>( ,\"'"
_PUNCTUATION = " .,:;、，。;()'\"-–—/"
_UNMASKED = re.compile("[^\0]+")
#: Openers after which the first address is a message's, not a person's.
_OF_A_MESSAGE = ("in article", "in message", "in nachricht")


@dataclass(slots=True)
class _Clues:
    """What one candidate holds."""

    text: str
    folded: str
    verbs: list[Hit]
    date: dates.Written | None
    address: tuple[int, int, str] | None
    colon: bool
    framed: bool  #: "---- On … wrote ----"
    quoted: bool  #: a deeper line follows
    pieces: list[tuple[int, str]] | None = None

    def rest(self) -> list[tuple[int, str]]:
        """What is neither date, verb, opener, filler nor address: the name, in its connected pieces with their places."""
        if self.pieces is None:
            self.pieces = _rest(self)
        return self.pieces


@cache
def _wrote() -> Phrases:
    return Phrases({fold(plain(word)): of for word, of in languages_of("attributions", "wrote").items()})


@cache
def _openers() -> Phrases:
    return Phrases({fold(plain(word)): of for word, of in languages_of("attributions", "openers").items()})


@cache
def _fillers() -> Phrases:
    words = {**languages_of("attributions", "fillers"), **languages_of("attributions", "you")}
    return Phrases({fold(plain(word)): of for word, of in words.items()})


def load() -> None:
    """Read the vocabulary."""
    _wrote(), _openers(), _fillers()


def may_end(text: str) -> bool:
    """Whether a line may be the last of an attribution: a cheap look before the thorough one."""
    return text[-1] in ":：;*-=]" or "@" in text or text.endswith("...") or (text[:2] == "20" and text[-1].isalpha())


def read(lines: Lines, last: int) -> Head | None:
    """The attribution that ends at line ``last``, with up to ``WIDEST`` lines above; None when there is none."""
    quoted = lines.deeper_below(last)
    if _goes_on(lines, last):
        return None
    first, text, smallest = last, "", None
    for _ in range(WIDEST):
        text = f"{lines.text[first]} {text}".strip()
        if len(text) > LONGEST:
            break
        clues = _clues(text, quoted=quoted)
        if clues is None:
            return None
        if _is_attribution(clues):
            smallest = smallest or (first, clues)
            if _is_whole(clues):
                return _head(first, last, clues)
        above = _above(lines, first)
        if above is None:
            break
        first = above
    return _head(smallest[0], last, smallest[1]) if smallest else None


def _goes_on(lines: Lines, last: int) -> bool:
    """The next line is the rest of this one ("wrote:"); the attribution will be found from there."""
    below = last + 1
    if lines.text[last][-1] in _COLONS or below >= len(lines) or lines.depth[below] != lines.depth[last]:
        return False
    return 0 < len(lines.text[below]) <= _LONGEST_NAME and lines.text[below][-1] in _COLONS


def named(lines: Lines, index: int) -> Head | None:
    """A name alone in its paragraph directly above a quotation: "[Anna Berg]", "Anna Berg:"."""
    text = plain(lines.text[index])
    bracketed = text[0] == "[" and text[-1] in "]:"
    if len(text) > _LONGEST_NAME or not (bracketed or text[-1] in ":;"):
        return None
    if lines.next_filled(index + 1) > index + 2 or not lines.deeper_below(index):
        return None
    if index and lines.text[index - 1] and lines.depth[index - 1] == lines.depth[index]:
        return None
    name = people.name_of(text.strip("[]:;"))
    words = name.split()
    if not 0 < len(words) <= _WORDS_OF_A_NAME - 3 or not all(word[0].isupper() for word in words):
        return None
    greeting = fold(words[0]) in languages_of("greetings", "words")
    return None if greeting else Head(index, index, "other", Address(name))


def _above(lines: Lines, first: int) -> int | None:
    """The line that a wrapped attribution goes on with upwards; a blank one only above "<address>"."""
    above = first - 1
    if above >= 0 and not lines.text[above] and lines.text[first][:1] == "<":
        above -= 1
    if above < 0 or not lines.text[above] or lines.depth[above] != lines.depth[first]:
        return None
    return above


def _clues(text: str, *, quoted: bool) -> _Clues | None:
    """What a candidate holds; None when neither colon nor frame nor address ends it, so that more lines do not help."""
    text = plain(text)
    framed = text[:2] in ("--", "==") and text[-2:] in ("--", "==")
    bare = text.strip("-= ") if framed else text
    colon = bare.rstrip(_TRIM)[-1:] in _COLONS or (quoted and bare.endswith("..."))
    if not (colon or framed or "@" in bare or bare[:2] == "20"):
        return None
    folded = fold(bare)
    verbs = list(_wrote().find(folded))
    hint = frozenset[str]().union(*(hit.languages for hit in verbs))
    addresses = list(people.addresses(bare))
    address = addresses[-1 if folded.startswith(_OF_A_MESSAGE) else 0] if addresses else None
    return _Clues(bare, folded, verbs, dates.find(bare, hint), address, colon, framed, quoted)


def _is_attribution(clues: _Clues) -> bool:
    """The table of what suffices. Without a quotation below, more is asked for."""
    verb, date, address = bool(clues.verbs), clues.date, clues.address
    ends = clues.colon or (clues.framed and verb)
    if ends and address and (verb or date):
        return _short_rest(clues)
    if ends and verb and date:
        return _short_rest(clues)
    if clues.quoted and ends and verb:
        return 0 < _words(clues) and _short_rest(clues)
    if clues.quoted and ends and date and date.clock:
        return 0 < _words(clues) and _short_rest(clues)
    if not date or (not date.clock and not address) or date.start > _OPENING:
        return False
    if ends and date.offset:
        return 0 < _words(clues) <= _WORDS_OF_A_NAME - 3
    if address:
        # "2013/7/20 Name <a@b>" without a colon: date first, address last.
        return clues.text.rstrip(" >)]\"'").endswith(clues.text[address[0] : address[1]]) and _short_rest(clues)
    # "2016-03-03 17:21 GMT+01:00 Name": the shape old Gmail wrote.
    return date.start == 0 and "GMT" in date.text and 0 < _words(clues) <= _WORDS_OF_A_NAME - 2


def _rest(clues: _Clues) -> list[tuple[int, str]]:
    masked = list(clues.folded)
    spans = [(hit.start, hit.end) for hit in clues.verbs]
    spans.extend([(clues.date.start, clues.date.end)] if clues.date else ())
    spans.extend((start, end) for start, end, _ in people.addresses(clues.text))
    if opener := _opener(clues.folded):
        spans.append(opener[:2])
    for start, end in spans:
        masked[start:end] = "\0" * (end - start)
    for _ in range(_CHAIN):
        folded = "".join(masked)
        words = [hit for hits in (dates.weekdays(), _fillers()) for hit in hits.find(folded)]
        near = [hit for hit in words if _beside_mask(folded, hit)]
        if not near:
            break
        for hit in near:
            masked[hit.start : hit.end] = "\0" * (hit.end - hit.start)
    pieces = (
        (match.start(), people.name_of(clues.text[match.start() : match.end()].strip(_PUNCTUATION)))
        for match in _UNMASKED.finditer("".join(masked))
    )
    return [(start, piece) for start, piece in pieces if piece]


def _opener(folded: str) -> Hit | None:
    """The words before a date that the line begins with."""
    start = len(folded) - len(folded.lstrip(_BEFORE))
    hit = _openers().at_start(folded[start:])
    return Hit(hit.start + start, hit.end + start, hit.languages) if hit else None


def _beside_mask(folded: str, hit: Hit) -> bool:
    before = folded[: hit.start].rstrip(_PUNCTUATION)
    after = folded[hit.end :].lstrip(_PUNCTUATION)
    return not before or not after or before[-1] == "\0" or after[0] == "\0"


def _is_whole(clues: _Clues) -> bool:
    """Nothing of it can stand in a line above: it begins with the words before a date, a date, or the name it ends."""
    if clues.date is None:
        return False
    if clues.date.start <= _OPENING:
        head = clues.folded[: clues.date.start]
        return (
            not head.strip(_BEFORE) or _opener(head) is not None or next(dates.weekdays().find(head), None) is not None
        )
    return bool(clues.verbs or clues.address)


def _short_rest(clues: _Clues) -> bool:
    """Beside date, verb and address there is room for a name, not for a sentence."""
    limit = _WORDS_OF_A_NAME + (3 if clues.address else 0)
    return _words(clues) <= limit


def _words(clues: _Clues) -> int:
    """How many words are neither date, verb, opener, filler nor address."""
    return sum(len(piece.split()) for _, piece in clues.rest())


def _head(first: int, last: int, clues: _Clues) -> Head:
    evidence = [hit.languages for hit in clues.verbs for _ in range(_VERB_WEIGHT)]
    if opener := _opener(clues.folded):
        evidence.append(opener.languages)
    if clues.date:
        evidence.append(clues.date.languages)
        evidence.extend(hit.languages for hit in dates.weekdays().find(clues.folded[: clues.date.end]))
    return Head(
        first=first,
        last=last,
        style=_style(clues),
        author=_author(clues),
        date=clues.date.value if clues.date else None,
        date_text=clues.date.text if clues.date else "",
        language=language_of(evidence),
    )


def _author(clues: _Clues) -> Address:
    """The name nearest before the address, else the longest piece that is left."""
    pieces = clues.rest()
    longest = max((piece for _, piece in pieces), key=len, default="")
    if clues.address is None:
        return Address(_without_verb(longest))
    before = [piece for start, piece in pieces if start < clues.address[0]]
    name = before[-1] if before else longest
    return Address("" if name.lower() == clues.address[2].lower() else name, clues.address[2])


def _without_verb(rest: str) -> str:
    """The rest as a name: without one unknown word for writing after it, "" when it is part of a sentence."""
    words = rest.split()
    if len(words) > 1 and words[-1].islower():
        words.pop()
        if words[-1].islower() or words[-1].endswith(","):
            return ""
    return " ".join(words)


def _style(clues: _Clues) -> str:
    """The kind of client, as far as the shape tells."""
    date = clues.date
    if clues.framed or date is None:
        return "other"
    if not clues.address:
        return "thunderbird" if date.clock and not date.languages else "other"
    if not date.languages:
        return (
            "lotus"
            if date.start > clues.address[1] and "en" in language_of(hit.languages for hit in clues.verbs)
            else "other"
        )
    weekday = next(dates.weekdays().find(clues.folded[: date.start]), None)
    if weekday:
        return "gmail"
    return "apple" if date.clock else "other"
