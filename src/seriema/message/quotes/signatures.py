"""Which unquoted lines their author did not write for this mail: signature, closing, words of the client, disclaimer,
list footer, banner of a gateway.

RFC 3676, 4.3 gives the only standard sign ("-- "); the others are vocabulary (``signatures``) and shape. The end of each
piece of reply is taken away sign by sign, from the bottom, while every line below still looks like what follows a sign.
"""

import re
from collections.abc import Sequence
from functools import cache

from seriema.language import Phrases, fold, languages_of, plain
from seriema.message.quotes import people, separators
from seriema.message.quotes.lines import Lines

#: Filled lines at the end of a piece that are looked at.
REACH = 80
#: Filled lines that may follow each kind of sign.
_AFTER_DELIMITER = 40
_AFTER_RULE = 14
_AFTER_CLOSING = 14
_AFTER_CLIENT = 12
#: Signs taken away from one piece at most.
_ROUNDS = 12
#: Lines below a rule among which a footer's words stand, and as many as a signature may have that says nothing.
_FOOTER_REACH = 6
_FEW = 4
#: A line of prose: longer than this and of so many words.
_PROSE_CHARS = 64
_PROSE_WORDS = 9
_NAME_WORDS = 5
_CLIENT_CHARS = 140
_DISCLAIMER_CHARS = 120
_DISCLAIMER_WORDS = 2
_BANNER_CHARS = 700

#: "-- " and what programs make of it; the syllabic sign is what mail trackers leave above a signature.
_DELIMITER = re.compile(r"(?:--|—|–|——|−−|_{2,3}|\u1427)\s?\Z")
_CONTACT = re.compile(
    r"(?:\+|\(?0|00)?\d[\d\s()./-]{5,20}\d|https?://|www\.|@|(?:^|\W)(?:tel|phone|mobile?|fax|cell|fon|tél|tlf|puh|моб|тел|skype|"
    r"電話|电话|携帯|전화|t|m|f|p|e|w)\s?[.:：]",
    re.IGNORECASE,
)
_DASH_NAME = re.compile(r"[-–—~/]{1,2}\s?[^\W\d_][\w.'’-]{0,30}(?:\s[^\W\d_][\w.'’-]{0,30}){0,3}\Z")
_SENTENCE = re.compile(r"[.!?。！？]\s|[,;]\s\S+\s\S+\s\S+\s")
_AROUND = " \t,.!;:-–—*_~/()<>[]\"'“”«»、，。！…"


@cache
def _clients() -> tuple[Phrases, tuple[str, ...], Phrases]:
    begins = Phrases({fold(plain(word)): of for word, of in languages_of("signatures", "sent_begins").items()})
    ends = tuple(fold(plain(word)) for word in languages_of("signatures", "sent_ends"))
    devices = Phrases({fold(plain(word)): of for word, of in languages_of("signatures", "devices").items()})
    return begins, ends, devices


@cache
def _closings() -> tuple[frozenset[str], frozenset[str]]:
    """Closings that may stand alone, and thanks that need a name below them."""
    strong, weak = (
        frozenset(fold(plain(word)).strip(_AROUND) for word in languages_of("signatures", table))
        for table in ("closings", "thanks")
    )
    return strong, weak - strong


@cache
def _stock() -> tuple[Phrases, Phrases, tuple[str, ...]]:
    disclaimer = Phrases(
        {fold(plain(word)): of for word, of in languages_of("signatures", "disclaimer").items()}, stems=True
    )
    footer = Phrases({fold(plain(word)): of for word, of in languages_of("signatures", "footer").items()}, stems=True)
    banner = tuple(fold(plain(word)) for word in languages_of("signatures", "banner"))
    return disclaimer, footer, banner


def load() -> None:
    """Read the vocabulary."""
    _clients(), _closings(), _stock()


def find(lines: Lines, quoted: Sequence[bool]) -> list[bool]:
    """For each line, whether it is signature; quoted lines never are. Linear in the lines."""
    signed = [False] * len(lines)
    start = 0
    while start < len(lines):
        if quoted[start]:
            start += 1
            continue
        end = start
        while end < len(lines) and not quoted[end]:
            end += 1
        cut = _cut(lines.text, start, end)
        signed[cut:end] = [True] * (end - cut)
        start = end
    _banner(lines, quoted, signed)
    return signed


def _cut(text: Sequence[str], start: int, end: int) -> int:
    """The line from which on a piece of reply is signature."""
    filled = [index for index in range(max(start, end - 4 * REACH), end) if text[index]][-REACH:]
    count = len(filled)
    for _ in range(_ROUNDS):
        shorter = min((sign(text, filled, count) for sign in _SIGNS), default=count)
        if shorter == count:
            break
        count = shorter
    return filled[count] if count < len(filled) else end


def _delimiter(text: Sequence[str], filled: list[int], count: int) -> int:
    """ "-- " on a line of its own."""
    for position in range(max(0, count - _AFTER_DELIMITER), count):
        if _DELIMITER.match(text[filled[position]]):
            return position
    return count


def _rule(text: Sequence[str], filled: list[int], count: int) -> int:
    """A drawn line above a list's or a virus scanner's footer, above contact data, or above nothing."""
    for position in range(max(0, count - _AFTER_RULE), count):
        line = text[filled[position]]
        if separators.is_rule(line):
            below = [text[index] for index in filled[position + 1 : count]]
            if all(map(separators.is_rule, below)) or _is_footer(below, lenient=line[0] == "_"):
                return position
    return count


def _is_footer(below: list[str], *, lenient: bool) -> bool:
    """Words of a footer before any sentence, or a few short lines, with contact data unless ``lenient``."""
    _, footer, _ = _stock()
    for line in below[:_FOOTER_REACH]:
        if next(footer.find(fold(line)), None):
            return True
        if _is_prose(line):
            return False
    if any(map(_is_prose, below)):
        return False
    return (lenient and len(below) <= _FEW) or sum(map(_is_contact, below)) >= 2  # noqa: PLR2004  one may be content


def _client(text: Sequence[str], filled: list[int], count: int) -> int:
    """ "Sent from my iPhone": from there on, when it is a paragraph of its own."""
    for position in range(max(0, count - _AFTER_CLIENT), count):
        index = filled[position]
        alone = position + 1 >= count or filled[position + 1] > index + 1 or is_client_line(text[filled[position + 1]])
        first = position == 0 or filled[position - 1] < index - 1
        if (alone or first) and position and is_client_line(text[index]):
            return position
    return count


def is_client_line(line: str) -> bool:
    """The words of a mail client about itself or its device."""
    if len(line) > _CLIENT_CHARS:
        return False
    begins, ends, devices = _clients()
    bare = line.strip(_AROUND)
    folded = fold(bare)
    if not folded:
        return False
    hit = begins.at_start(folded)
    if hit is None:
        return len(bare) <= _PROSE_CHARS and folded.endswith(ends) and next(devices.find(folded), None) is not None
    device = next((found for found in devices.find(folded) if found.start >= hit.start), None)
    rest = bare[hit.end :].strip()
    if device is not None and device.start - hit.end <= 30:  # noqa: PLR2004  three words
        return True
    words = [word for word in rest.split() if fold(word) not in _POSSESSIVES]
    return bool(words) and (words[0][0].isupper() or words[0][0].isdigit() or not _SENTENCE.search(rest + " "))


_POSSESSIVES = frozenset(
    "my a an the mein meinem meiner mon ma mi mio mijn min mitt meu minha mojego mého môjho moj moja a az el la o do il lo".split()
)


def _closing(text: Sequence[str], filled: list[int], count: int) -> int:
    """A closing ("Kind regards,"), then at most a name and contact data. Thanks need a name below."""
    strong, weak = _closings()
    for position in range(max(0, count - _AFTER_CLOSING), count):
        line = text[filled[position]]
        if len(line) > _PROSE_CHARS:
            continue
        words = fold(line).strip(_AROUND)
        below = [text[index] for index in filled[position + 1 : count]]
        if words in strong or (words in weak and position and below):
            if not any(map(_is_prose, below)) and (words in strong or _is_name(below[0])):
                return position
        elif _closing_with_name(line, words, strong) and not any(map(_is_prose, below)):
            return position
    return count


def _closing_with_name(line: str, words: str, strong: frozenset[str]) -> bool:
    """ "Viele Grüße Anna", "Regards, John" in one line."""
    parts = words.replace(",", " ").split()
    for size in range(min(len(parts) - 1, 5), 0, -1):
        if " ".join(parts[:size]) in strong:
            rest = line.strip(_AROUND).replace(",", " ").split()[size:]
            return len(rest) <= 3 and all(word[0].isupper() or not word[0].isalpha() for word in rest)  # noqa: PLR2004 - a name
    return False


def _dash_name(text: Sequence[str], filled: list[int], count: int) -> int:
    """ "-John" as the last line."""
    if count > 1 and _DASH_NAME.match(text[filled[count - 1]]) and _is_name(text[filled[count - 1]].lstrip("-–—~/ ")):
        return count - 1
    return count


def _contact_block(text: Sequence[str], filled: list[int], count: int) -> int:
    """A last paragraph that begins with a name and holds an address or number, without any other sign."""
    position = count - 1
    while position > 0 and filled[position - 1] == filled[position] - 1:
        position -= 1
    block = [text[index] for index in filled[position:count]]
    if position == 0 or len(block) < 2 or len(block) > _AFTER_CLOSING or any(map(_is_prose, block)):  # noqa: PLR2004 - a pair
        return count
    reachable = any("@" in line or re.search(r"\d[\d\s()./-]{6,}", line) for line in block[1:])
    return position if reachable and _is_name(block[0].split(",")[0]) else count


def _stock_paragraph(text: Sequence[str], filled: list[int], count: int) -> int:
    """A last paragraph that is a disclaimer or a footer of a list."""
    position = count - 1
    while position > 0 and filled[position - 1] == filled[position] - 1:
        position -= 1
    if position <= 0:
        return count
    paragraph = fold(" ".join(text[index] for index in filled[position:count])[:3_000])
    if len(paragraph) < _DISCLAIMER_CHARS:
        return count
    disclaimer, _, _ = _stock()
    words: dict[str, set[str]] = {}
    for hit in disclaimer.find(paragraph):
        for language in hit.languages:
            words.setdefault(language, set()).add(paragraph[hit.start : hit.end])
    return position if any(len(of) > _DISCLAIMER_WORDS for of in words.values()) else count


_SIGNS = (_delimiter, _rule, _client, _stock_paragraph, _closing, _dash_name, _contact_block)


def _banner(lines: Lines, quoted: Sequence[bool], signed: list[bool]) -> None:
    """A first paragraph in which a gateway warns of mail from outside."""
    first = lines.next_filled(0)
    end = first
    while end < len(lines) and lines.text[end] and not quoted[end] and end - first < 8:  # noqa: PLR2004 - a card of lines
        end += 1
    paragraph = fold(" ".join(lines.text[first:end]))
    if first < end < len(lines) and len(paragraph) <= _BANNER_CHARS and any(word in paragraph for word in _stock()[2]):
        signed[first:end] = [True] * (end - first)


def _is_contact(line: str) -> bool:
    return _CONTACT.search(line[:200]) is not None


def _is_prose(line: str) -> bool:
    """A line of a sentence rather than of a card: long, of many words, without contact data."""
    if len(line) < _PROSE_CHARS or line.count(" ") < _PROSE_WORDS:
        return False
    return not _is_contact(line) or line.count(" ") > 2 * _PROSE_WORDS


def _is_name(line: str) -> bool:
    """Up to five words, each beginning as names do."""
    words = line.strip(_AROUND).split()
    return (
        0 < len(words) <= _NAME_WORDS
        and all(word[0].isupper() or not word[0].isalpha() for word in words)
        or (
            0 < len(words) <= 2 and line.islower() and people.name_of(line) == line  # noqa: PLR2004  "john", "anna b."
        )
    )
