"""Attribution lines above a quote: "On … X wrote:", "Le … X a écrit :", "X <a@b> 于…写道：", "15 нояб. 2021 г. в 19:42, X <a@b>:".

No list of whole phrases: a line is one when vocabulary (a word for writing, the words before a date) and structure (date,
address, colon, its place above a quotation) together say so. Clients wrap it over up to ``WIDEST`` lines.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from seriema.language import Hit, Phrases, fold, languages_of, plain
from seriema.message.quotes import dates, people, separators
from seriema.message.quotes.head import Head, language_of
from seriema.message.quotes.lines import Lines
from seriema.model.message import Address

#: Lines that one attribution may take, and its characters.
WIDEST = 4
LONGEST = 400
#: Words that a line without address may have beside date and verb: a name, not a sentence.
_WORDS_OF_A_NAME = 7
#: Characters before the date that an opener may take.
_OPENING = 26

_COLONS = (":", "：")
_TRIM = " \t*_`\"'"


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
    last = text[-1]
    return last in ":：*-=" or "@" in text or text[-2:] in (": ", ":*") or (text[:2] == "20" and last.isalpha())


def read(lines: Lines, last: int) -> Head | None:
    """The attribution that ends at line ``last``, with up to ``WIDEST`` lines above; None when there is none."""
    following = lines.next_filled(last + 1)
    quoted = following < len(lines) and lines.depth[following] > lines.depth[last]
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
    colon = bare.rstrip(_TRIM)[-1:] in _COLONS
    if not (colon or framed or "@" in bare or bare[:2] == "20"):
        return None
    folded = fold(bare)
    verbs = list(_wrote().find(folded))
    hint = frozenset[str]().union(*(hit.languages for hit in verbs))
    return _Clues(
        bare, folded, verbs, dates.find(bare, hint), next(people.addresses(bare), None), colon, framed, quoted
    )


def _is_attribution(clues: _Clues) -> bool:
    """The table of what suffices. Without a quotation below, more is asked for."""
    verb, date, address = bool(clues.verbs), clues.date, clues.address
    ends = clues.colon or (clues.framed and verb)
    if ends and address and (verb or date):
        return _short_rest(clues)
    if ends and verb and date:
        return _short_rest(clues)
    if clues.quoted and ends and verb:
        return _rest(clues) != "" and _short_rest(clues)
    if clues.quoted and ends and date and date.clock:
        return _short_rest(clues) and _rest(clues) != ""
    if not date or not date.clock and not address or date.start > _OPENING:
        return False
    if address:
        # "2013/7/20 Name <a@b>" without a colon: date first, address last.
        return clues.text.rstrip(" >)]\"'").endswith(clues.text[address[0] : address[1]]) and _short_rest(clues)
    # "2016-03-03 17:21 GMT+01:00 Name": the shape old Gmail wrote.
    return date.start == 0 and "GMT" in date.text and 0 < len(_rest(clues).split()) <= _WORDS_OF_A_NAME - 2


def _is_whole(clues: _Clues) -> bool:
    """Nothing of it can stand in a line above: it begins with the words before a date, a date, or the name it ends."""
    if clues.date is None:
        return False
    if clues.date.start <= _OPENING:
        head = clues.folded[: clues.date.start]
        opener = _openers().at_start(head.lstrip("*-–—>( \"'"))
        return not head.strip(" ,(*-–—>\"'") or opener is not None or next(dates.weekdays().find(head), None) is not None
    return bool(clues.verbs or clues.address)


def _short_rest(clues: _Clues) -> bool:
    """Beside date, verb and address there is room for a name, not for a sentence."""
    limit = _WORDS_OF_A_NAME + (3 if clues.address else 0)
    return len(_rest(clues).split()) <= limit


def _rest(clues: _Clues) -> str:
    """The words that are neither date, verb, opener, filler nor address: the name."""
    return " ".join(_pieces(clues))


def _pieces(clues: _Clues) -> list[str]:
    """The rest in its connected pieces, left to right."""
    text = list(clues.text)
    spans: list[tuple[int, int]] = [(hit.start, hit.end) for hit in clues.verbs]
    spans.extend(clues.date.spans if clues.date else ())
    spans.extend((start, end) for start, end, _ in people.addresses(clues.text))
    for start, end in spans:
        text[start:end] = "\0" * (end - start)
    masked = "".join(text)
    for start, end in _words_around(masked, clues):
        text[start:end] = "\0" * (end - start)
    return [piece for part in "".join(text).split("\0") if (piece := people.name_of(part.strip(" .,:：;-–—/、，。")))]


def _words_around(masked: str, clues: _Clues) -> Iterable[tuple[int, int]]:
    """Openers, weekdays and fillers, where they stand beside something already masked or at an end."""
    folded = fold(masked)
    opener = _openers().at_start(folded.lstrip("*-–—>( \"'"))
    if opener:
        shift = len(folded) - len(folded.lstrip("*-–—>( \"'"))
        yield opener.start + shift, opener.end + shift
    for hits in (dates.weekdays(), _fillers()):
        for hit in hits.find(folded):
            if _beside_mask(masked, hit) or (clues.date and hit.end <= clues.date.end and hit.start < clues.date.end):
                yield hit.start, hit.end


def _beside_mask(masked: str, hit: Hit) -> bool:
    before = masked[: hit.start].rstrip(" .,;()'\"")
    after = masked[hit.end :].lstrip(" .,;()'\"")
    return not before or not after or before[-1] == "\0" or after[0] == "\0"


def _head(first: int, last: int, clues: _Clues) -> Head:
    evidence = [hit.languages for hit in clues.verbs for _ in range(3)]
    opener = _openers().at_start(clues.folded.lstrip("*-–—>( \"'"))
    evidence.extend([opener.languages] if opener else [])
    if clues.date:
        evidence.extend([clues.date.languages])
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
    """The name that stands before the address, else the longest piece that is left."""
    pieces = _pieces(clues)
    if clues.address is None:
        return Address(max(pieces, key=len)) if pieces else Address()
    start = clues.address[0]
    before = [piece for piece in pieces if 0 <= clues.text.find(piece) < start]
    name = before[-1] if before else max(pieces, key=len, default="")
    return Address("" if name.lower() == clues.address[2].lower() else name, clues.address[2])


def _style(clues: _Clues) -> str:
    """The kind of client, as far as the shape tells."""
    date = clues.date
    if clues.framed or date is None:
        return "other"
    if not clues.address:
        return "thunderbird" if date.clock and not date.languages else "other"
    if not date.languages:
        return "lotus" if date.start > clues.address[1] and "en" in language_of(
            hit.languages for hit in clues.verbs
        ) else "other"
    weekday = next(dates.weekdays().find(clues.folded[: date.start]), None)
    if weekday:
        return "gmail"
    return "apple" if date.clock else "other"


def is_rule_only(text: str) -> bool:
    """A drawn line can never be an attribution."""
    return separators.is_rule(text)
