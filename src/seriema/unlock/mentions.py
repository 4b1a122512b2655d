"""Where a text speaks of a password, and whether it says that the password comes another way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seriema.model.password import Text
from seriema.unlock.views import View, cyrillicised, latinised, mixed, view
from seriema.unlock.words import Stem, Vocabulary, folded, spaceless, vocabulary

#: Mentions looked at in one text. More are a decoy; the candidates themselves are found without any mention too.
_MOST = 400
#: Endings that a stem may take (jelszóval, паролем, salasanalla).
_ENDING = 14
#: How far wording about another way may stand from the word for password.
_NEAR = 160
#: Characters of one text searched for such wording.
_SEARCHED = 20_000
#: Characters of one text in which a word for password is looked for at all.
_BEGINNING = 4_000
#: Sources of what the sender wrote in this mail.
_OWN_WORDS = frozenset({"body", "subject", "picture"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A word for password: its place in the plain view, and whether it can hardly mean anything else."""

    start: int
    end: int
    strong: bool
    stem_end: int  #: before the ending that the word may have taken


def mentions(seen: View, words: Vocabulary, heard: Sequence[Stem] | None = None) -> list[Mention]:
    """All mentions in their order, without overlaps; the longer and stronger one wins.

    ``heard`` are the only stems that its folded view can hold, where the caller knows them.
    """
    stems = words.stems_in(seen.folded) if heard is None else heard
    found = [each for stem in stems for each in _found(seen.folded, seen.plain, stem)]
    if mixed(seen.plain):
        for text in (folded(latinised(seen.plain)), folded(cyrillicised(seen.plain))):
            found += [each for stem in words.stems_in(text) for each in _found(text, seen.plain, stem)]
    found.sort(key=lambda each: (each.start, not each.strong, -each.end))
    kept: list[Mention] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif each.strong and not kept[-1].strong:
            kept[-1] = each
    return kept[:_MOST]


def _found(text: str, plain: str, stem: Stem) -> Iterator[Mention]:
    bounded, free, length = stem.bounded, stem.spaceless, len(stem.text)
    at, count = text.find(stem.text), 0
    while at >= 0 and count < _MOST:
        start, end = at, at + length
        if not free:
            start, end = (start, end) if bounded else (_word_start(text, start), end)
            end = end if stem.whole else _word_end(plain, end)
        if free or not ((bounded and _letter(text, start - 1)) or (stem.whole and _letter(text, end))):
            yield Mention(start, end, stem.strong, at + length)
        at, count = text.find(stem.text, at + length), count + 1


def _letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalpha() and not spaceless(text[at])


def _word_start(text: str, start: int) -> int:
    first = max(0, start - _ENDING)
    while start > first and _letter(text, start - 1):
        start -= 1
    return start


def _word_end(plain: str, end: int) -> int:
    """Behind its ending, which a capital letter after a small one does not belong to (``passwordU4613``)."""
    last = end + _ENDING
    while end < last and _letter(plain, end) and not (plain[end].isupper() and plain[end - 1].islower()):
        end += 1
    return end


def announced(texts: Iterable[Text]) -> bool:
    """Whether a mail says that its password comes another way: a second mail, the telephone, later (PPAP and its kin).

    Only what the sender wrote now counts, not what is quoted.
    """
    words = vocabulary()
    return any(_apart(view(own), words) for own in _own(texts, _SEARCHED))


def mentions_password(texts: Iterable[Text]) -> bool:
    """Whether the sender speaks of a password in the beginning of body or subject. Quick, as every mail is asked."""
    words = vocabulary()
    seen = view("\n".join(_own(texts, _BEGINNING)))
    return (words.speaks(seen.folded) or mixed(seen.plain)) and any(each.strong for each in mentions(seen, words))


def _own(texts: Iterable[Text], length: int) -> Iterator[str]:
    return (text.content[:length] for text in texts if text.source in _OWN_WORDS)


def _apart(seen: View, words: Vocabulary) -> bool:
    if not words.speaks(seen.folded) and not mixed(seen.plain):
        return False
    places = [each for each in mentions(seen, words) if each.strong]
    text = " ".join(seen.folded.split("\n"))
    return any(
        phrase in text[max(0, each.start - _NEAR) : each.end + _NEAR] for each in places for phrase in words.apart
    )
