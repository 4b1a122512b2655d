"""What a single line at the end of a mail is: a client's words, a closing, contact data, a name, or prose.

Words come from the vocabulary ``signatures``; shape decides where words do not.
"""

import re
from collections.abc import Sequence
from functools import cache

from seriema.language import Phrases, fold, languages_of, plain

#: A line of prose: longer than this and of so many words.
_PROSE_CHARS = 64
_PROSE_WORDS = 9
_NAME_WORDS = 5
#: Words of a mail client about itself, and characters before the device they name.
_CLIENT_CHARS = 140
_BEFORE_DEVICE = 30
#: Words of the longest closing, and of a name beside it.
_CLOSING_WORDS = 5
_BESIDE_CLOSING = 3
#: Words in lower case that make a sentence; words and characters of a name in scripts without capitals.
_SENTENCE_WORDS = 2
_CASELESS_NAME_WORDS = 2
_CASELESS_NAME_CHARS = 16
#: Different words of one language that make a disclaimer.
_DISCLAIMER_WORDS = 3

AROUND = " \t,.!;:-–—*_~/()<>[]\"'“”«»、，。！…"
_NUMBER = re.compile(r"\d[\d\s()./-]{5,20}\d")
_LABELLED = re.compile(
    r"(?<!\w)(?:tel|phone|mobile?|fax|cell|fon|tél|tlf|puh|моб|тел|skype|電話|电话|携帯|전화|t|m|f|p|e|w)\s?[.:：]"
)
_REACHABLE = re.compile(r"@|\d[\d\s()./-]{6}")
_ENDS_SENTENCE = re.compile(r"[.!?;:。！？；：؟।][\s\"'”’»)]*\Z")
_NO_NAME = re.compile(r"[\d:：]")
_SENTENCE = re.compile(r"[.!?。！？]\s|[,;]\s\S+\s\S+\s\S+\s")
_POSSESSIVES = frozenset(
    (
        "my",
        "a",
        "an",
        "the",
        "mein",
        "meinem",
        "meiner",
        "mon",
        "ma",
        "mi",
        "mio",
        "mijn",
        "min",
        "mitt",
        "meu",
        "minha",
    )
)


@cache
def _clients() -> tuple[Phrases, tuple[str, ...], Phrases]:
    """What a client's words begin with, what they end with, and the devices and programs they name."""
    return (
        _phrases("sent_begins"),
        tuple(map(fold, map(plain, languages_of("signatures", "sent_ends")))),
        _phrases("devices"),
    )


@cache
def _phrases(table: str, *, stems: bool = False) -> Phrases:
    words = languages_of("signatures", table).items()
    return Phrases({fold(plain(word)): of for word, of in words}, stems=stems)


@cache
def _closings() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Closings that may stand alone, thanks that need a name below them, and the words that either begin with."""
    strong, thanks = (
        frozenset(fold(plain(word)).strip(AROUND) for word in languages_of("signatures", table))
        for table in ("closings", "thanks")
    )
    return strong, thanks - strong, frozenset(words.replace(",", " ").split()[0] for words in strong | thanks)


@cache
def _banners() -> tuple[str, ...]:
    return tuple(fold(plain(word)) for word in languages_of("signatures", "banner"))


def load() -> None:
    """Read the vocabulary."""
    _clients()
    _closings()
    _banners()
    _phrases("disclaimer", stems=True)
    _phrases("footer", stems=True)


def is_client(line: str) -> bool:
    """The words of a mail client about itself or its device: "Sent from my iPhone", "iPhoneから送信"."""
    bare = line.strip(AROUND) if len(line) <= _CLIENT_CHARS else ""
    if not bare:
        return False
    begins, ends, devices = _clients()
    folded = fold(bare)
    hit = begins.at_start(folded)
    if hit is None:
        return len(bare) <= _PROSE_CHARS and folded.endswith(ends) and next(devices.find(folded), None) is not None
    device = next((found for found in devices.find(folded) if found.start >= hit.start), None)
    if device is not None and device.start - hit.end <= _BEFORE_DEVICE:
        return True
    # No device that is known: a product's name has a capital or a digit, a sentence about a desk has neither.
    rest = bare[hit.end :].strip()
    words = [word for word in rest.split() if fold(word) not in _POSSESSIVES]
    return bool(words) and (words[0][0].isupper() or words[0][0].isdigit() or not _SENTENCE.search(rest + " "))


def is_closing(line: str, below: Sequence[str], *, first: bool) -> bool:
    """A closing, also with a name in the same line, above nothing but a card. Thanks need a name below.

    Many a closing is an opening, too ("Greetings,", "Ciao", "Zdravím", "İyi günler"): what follows tells, in which no
    line may be prose.
    """
    if len(line) > _PROSE_CHARS:
        return False
    strong, thanks, first_words = _closings()
    words = fold(line).strip(AROUND)
    if first_words.isdisjoint(words.replace(",", " ").split(None, 1)[:1]):  # as most lines
        return False
    if words in thanks:
        return not first and bool(below) and is_name(below[0])
    if words not in strong and not _with_name(line, words, strong):
        return False
    return _is_card(below) if first else not (below and is_sentence(below[0]))


def _is_card(below: Sequence[str]) -> bool:
    """Nothing, or a short name and lines that go with one. Above a whole mail anything else is its text."""
    if not below:
        return True
    # Scripts without capitals show no names; two words are hardly a sentence in any of them.
    longest = _BESIDE_CLOSING if below[0].lower() != below[0].upper() else _CASELESS_NAME_WORDS
    named = is_name(below[0]) and below[0].count(" ") < longest and not _ENDS_SENTENCE.search(below[0])
    return (named or is_contact(below[0])) and not any(map(is_sentence, below))


def _with_name(line: str, words: str, strong: frozenset[str]) -> bool:
    """As in "Viele Grüße Anna" and "Regards, John"."""
    parts = words.replace(",", " ").split()
    for size in range(min(len(parts) - 1, _CLOSING_WORDS), 0, -1):
        if " ".join(parts[:size]) in strong:
            rest = line.strip(AROUND).replace(",", " ").split()[size:]
            return len(rest) <= _BESIDE_CLOSING and all(word[0].isupper() or not word[0].isalpha() for word in rest)
    return False


def is_contact(line: str) -> bool:
    """The line holds a telephone number, an address or a link, or is labelled as one."""
    line = line[:200].lower()
    if "@" in line or "http://" in line or "https://" in line or "www." in line or _NUMBER.search(line):
        return True
    return (":" in line or "." in line or "：" in line) and _LABELLED.search(line) is not None


def is_reachable(line: str) -> bool:
    """The line holds an address or a number by which a person can be reached."""
    return _REACHABLE.search(line[:200]) is not None


def is_prose(line: str) -> bool:
    """A line of a sentence rather than of a card: long, of many words, without contact data."""
    words = line.count(" ")
    if len(line) < _PROSE_CHARS or words < _PROSE_WORDS:
        return False
    return words > 2 * _PROSE_WORDS or not is_contact(line)


def is_sentence(line: str) -> bool:
    """A short sentence rather than a name, a post or an address: words in lower case up to its full stop."""
    if not _ENDS_SENTENCE.search(line) or is_contact(line):
        return False
    words = line.split()
    if line.lower() == line.upper():
        return len(words) > _CASELESS_NAME_WORDS or len(line) > _CASELESS_NAME_CHARS
    return sum(word[0].islower() for word in words) >= _SENTENCE_WORDS


def is_name(line: str) -> bool:
    """Up to five words that begin as names do, or one or two in lower case ("john"). No name has digits or a colon."""
    words = line.strip(AROUND).split()
    if not 0 < len(words) <= _NAME_WORDS or _NO_NAME.search(line.strip(AROUND)):
        return False
    return all(word[0].isupper() or not word[0].isalpha() or word[0] == word[0].upper() for word in words) or (
        len(words) <= 2 and line.islower()  # noqa: PLR2004  a first name, or two
    )


def is_disclaimer(paragraph: str) -> bool:
    """Several words of one language that lawyers put below mails."""
    words: dict[str, set[str]] = {}
    folded = fold(paragraph)
    for hit in _phrases("disclaimer", stems=True).find(folded):
        for language in hit.languages:
            words.setdefault(language, set()).add(folded[hit.start : hit.end])
    return any(len(of) >= _DISCLAIMER_WORDS for of in words.values())


def is_footer(line: str) -> bool:
    """Words of a mailing list's, a virus scanner's or a free mail provider's footer."""
    return next(_phrases("footer", stems=True).find(fold(line)), None) is not None


def is_banner(paragraph: str) -> bool:
    """A gateway's warning of mail from outside."""
    folded = fold(paragraph)
    return any(words in folded for words in _banners())
