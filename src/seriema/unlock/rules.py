"""Passwords that a mail describes instead of writing them: its date, the company's name, the end of some number.

Threat notes and innocent senders have all of these ("the usual password: today's date as DDMMYYYY"). What is described
beside a word for password comes early; without such words the same values come late and cost little.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from seriema.unlock.mentions import Mention
from seriema.unlock.views import View
from seriema.unlock.words import Vocabulary, spaceless

#: Characters around a mention, and mentions in one text, in which a rule is looked for.
_NEAR, _MENTIONS = 100, 8
_MASK = re.compile(r"[^\W\d_]{2,8}(?:[-./][^\W\d_]{1,4}){0,2}")
_MASK_LETTERS = range(4, 9)
_MASKS = 40  #: words looked at as one
#: The usual spellings of a date, the commonest first.
_DATE_FORMS = ("%d%m%Y", "%Y%m%d", "%d%m%y", "%y%m%d", "%m%d%Y")
_SPELLINGS = {"d": {1: "%d", 2: "%d"}, "m": {1: "%m", 2: "%m"}, "y": {2: "%y", 4: "%Y"}}
_NUMBER = re.compile(r"\d[\d \-./]{3,24}\d")
_DIGITS = range(5, 21)  #: of a number of which a part may be the password
_NUMBERS = 6
_SEARCHED = 20_000
#: First and last digits of a number, the likeliest first.
_PARTS = (4, 6, 3, 5, 8)
_POINTS_MASK, _POINTS_DATE, _POINTS_NAME, _POINTS_PART = 28.0, 20.0, 22.0, 22.0
_POINTS_UNASKED = 1.0


def described(
    heard: Sequence[tuple[View, Sequence[Mention]]], names: Sequence[str], dates: Sequence[date], words: Vocabulary
) -> Iterator[tuple[str, float]]:
    """Passwords with their points. The last of ``names`` is taken for the company's."""
    said = "\n".join(around for seen, places in heard for around in _around(seen, places))
    if dates and _says(said, words.dated):
        yield from _dates(said, dates, words)
    if names and _says(said, words.named):
        for at, form in enumerate(dict.fromkeys(form for name in reversed(names) for form in _forms(name))):
            yield form, _POINTS_NAME - at
    asked = _says(said, words.part)
    for at, number in enumerate(_numbers(said, heard)):
        for count in _PARTS if asked else _PARTS[:1]:
            if count < len(number):
                points = _POINTS_UNASKED + (_POINTS_PART - at if asked and count == _PARTS[0] else 0.0)
                yield number[-count:], points
                yield number[:count], points - 1


def _around(seen: View, places: Sequence[Mention]) -> Iterator[str]:
    for place in [each for each in places if each.strong][:_MENTIONS]:
        yield seen.folded[max(0, place.start - _NEAR) : place.end + _NEAR].replace("\n", " ")


def _says(said: str, words: Sequence[str]) -> bool:
    """Whether one of the words begins anywhere in what is said around a mention."""
    for word in words:
        at = said.find(word)
        while at >= 0:
            if at == 0 or not said[at - 1].isalpha() or spaceless(word[0]):
                return True
            at = said.find(word, at + 1)
    return False


def _dates(said: str, dates: Sequence[date], words: Vocabulary) -> Iterator[tuple[str, float]]:
    masks = dict.fromkeys(form for word in _MASK.findall(said)[:_MASKS] for form in _form_of(word, words.masks))
    for day in dates:
        yield from ((day.strftime(form), _POINTS_MASK - at) for at, form in enumerate(masks))
        yield from ((day.strftime(form), _POINTS_DATE - at / 10) for at, form in enumerate(_DATE_FORMS))


def _form_of(word: str, masks: Sequence[str]) -> Iterator[str]:
    """``ttmmjjjj`` as ``%d%m%Y``, if some language's letters make a date's pattern of it."""
    groups = [(letter, len([*same])) for letter, same in groupby(word)]
    if sum(count for letter, count in groups if letter.isalpha()) not in _MASK_LETTERS:
        return
    for mask in masks:
        roles = dict(zip(mask, "dmy", strict=True))
        spelt = [_SPELLINGS.get(roles.get(letter, ""), {}).get(count) for letter, count in groups if letter.isalpha()]
        if len(spelt) > 1 and None not in spelt and len(set(spelt)) == len(spelt):
            known = iter(spelt)
            yield "".join(next(known) or "" if letter.isalpha() else letter * count for letter, count in groups)


def _forms(name: str) -> tuple[str, ...]:
    compact = "".join(name.split())
    return compact.lower(), compact, compact.upper(), compact.capitalize()


def _numbers(said: str, heard: Sequence[tuple[View, Sequence[Mention]]]) -> list[str]:
    """Long numbers without what separates their groups, those around mentions first."""
    found: dict[str, None] = {}
    for text in (said, *(seen.plain[:_SEARCHED] for seen, _ in heard)):
        for number in _NUMBER.findall(text):
            digits = "".join(filter(str.isdigit, number))
            if len(digits) in _DIGITS:
                found[digits] = None
            if len(found) == _NUMBERS:
                return [*found]
    return [*found]
