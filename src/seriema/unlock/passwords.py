"""Ranked password candidates out of texts, each with the place where it stood.

What stands behind, before or below a word for password comes first, best by how directly and by how it looks; then what
looks like a password anywhere; at last every other token. So an unknown language or a new trick costs rank and not the
answer. For each place the likely reading comes first and the raw one stays. Time is linear in the text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from heapq import nsmallest
from itertools import chain

from seriema.model.limits import Limits
from seriema.model.password import Candidate, Text
from seriema.unlock.hints import hinted
from seriema.unlock.mentions import Mention, mentions
from seriema.unlock.misread import misread
from seriema.unlock.pieces import WITH_END, readings
from seriema.unlock.places import Run, masked, points_by_place, runs_of
from seriema.unlock.rules import described
from seriema.unlock.shapes import looks
from seriema.unlock.views import View, view
from seriema.unlock.words import Vocabulary, vocabulary

_QUOTED = re.compile(r"\"([^\"\n]{2,48})\"|(?<!\w)'([^'\n]{2,48})'(?!\w)|\[([^\]\n]{2,48})\]")
_ENDS = ".,;:"
_QUOTES = "\"'`["
_SIGNS = " \"'`()[]{}<>*_~|#=:;,.-"
_LONGEST = 64
_PHRASE_LENGTH, _PHRASE_WORDS, _PHRASES = 48, 6, 40
_SENTENCE_END = re.compile(r"[.!?](?= |$)")
_LINE_LENGTH, _LABELLED, _SHORT_LINE = 120, 2.0, 1.0
#: Points beside those of place and shape.
_ALONE, _BEHIND_COLON, _BETWEEN_QUOTES, _RAW, _OTHER_CASE = 2.5, 2.5, 3.0, -0.2, -5.0
_SPELLED, _GROUPED, _PHRASE, _KEYWORD, _KEYWORD_AS_VALUE, _GLUED = 8.0, 1.0, 15.0, 4.0, 18.0, 14.0
#: Readings that cost no more are also tried in other cases.
_LIKELY = 0.5
#: A plain word counts less unless it stands where a password must.
_PLAIN_WORD, _WORD_LIKE, _DIRECT = 6.0, 2.0, 24.0
#: What a place in the mail costs.
_SOURCES = {"subject": 0.5, "name": 1.0, "attachment": 1.0, "picture": 1.0, "quoted": 3.0}
_OTHER_MAIL = 2.0
#: A mention so close behind another one may be the password itself ("the password is password").
_CLOSE = 24
_GROUP = 4  #: characters of a group in a password that is written in groups


#: A value and its points: by the hundred for each mail, so a plain tuple.
_Scored = tuple[str, float]


def candidates(
    texts: Sequence[Text],
    limits: Limits,
    *,
    names: Sequence[str] = (),
    dates: Sequence[date] = (),
    words: Vocabulary | None = None,
) -> tuple[Candidate, ...]:
    """At most ``limits.candidates`` passwords, best first, each value once and with the source of its best place.

    ``names`` (of the sender and its company) and ``dates`` (of the mail) are written out in the usual ways and tried
    late. Of the texts ``limits.text_chars`` are read. ``words`` other than the shipped ones are for measurements.
    """
    ranking = _Ranking()
    words = words or vocabulary()
    seen = [(text.source, view(part)) for text, part in zip(texts, _cut(texts, limits.text_chars), strict=True)]
    heard = words.stems_in("\n".join(each.folded for _, each in seen))
    places = [mentions(each, words, heard) for _, each in seen]
    for (source, each), found in zip(seen, places, strict=True):
        cost = _SOURCES.get(source, _OTHER_MAIL if ":" in source else 0.0)
        scored = _in_text(each, words, found)
        ranking.take(misread(scored, each.plain) if source == "picture" else scored, source, cost)
    ranking.take(
        described([(each, found) for (_, each), found in zip(seen, places, strict=True)], names, dates, words),
        "body",
        0.0,
    )
    ranking.take(hinted(texts, names, dates), "body", 0.0)
    return ranking.first(limits.candidates)


def _cut(texts: Sequence[Text], room: int) -> Iterator[str]:
    for text in texts:
        yield text.content[:room]
        room = max(0, room - len(text.content))


class _Ranking:
    """The values so far, each with its best points, when it got them, and the source."""

    def __init__(self) -> None:
        self._best: dict[str, tuple[float, int, str]] = {}

    def take(self, scored: Iterable[_Scored], source: str, cost: float) -> None:
        best = self._best
        for value, points in scored:
            known = best.get(value)
            if (known is None or points - cost > known[0]) and 0 < len(value) <= _LONGEST:
                best[value] = (points - cost, len(best), source)

    def first(self, count: int) -> tuple[Candidate, ...]:
        """The best, those found earlier first among equals."""
        every = [
            (-points, found, index, value, source)
            for index, (value, (points, found, source)) in enumerate(self._best.items())
        ]
        ranked = nsmallest(count, every)
        return tuple(Candidate(value, source, rank) for rank, (_, _, _, value, source) in enumerate(ranked))


def _in_text(seen: View, words: Vocabulary, places: Sequence[Mention]) -> Iterable[_Scored]:
    bare = masked(seen.plain, places)
    runs = list(runs_of(bare))
    points = points_by_place(seen, runs, places, words)
    return chain(
        _run_by_run(seen, runs, points),
        _spelled(runs, points),
        _quoted(seen.plain, runs, points),
        _phrases(seen, bare, places),
        _keywords(seen, places),
        _lines(seen.plain),
    )


def _run_by_run(seen: View, runs: Sequence[Run], points: Mapping[int, float]) -> Iterator[_Scored]:
    known: dict[str, float] = {}
    labelled = -1  #: the line on which a colon stands right in front
    for index, run in enumerate(runs):
        near = points.get(index)
        # What its line says in any language: alone on it, or right behind a colon.
        stand = _ALONE if run.alone else _BEHIND_COLON if run.line == labelled else 0.0
        end = run.text[-1]
        labelled = run.line if end == ":" else -1
        if near is None and known.get(run.text, -1.0) >= stand:
            continue
        known[run.text] = stand
        word = run.text[:-1] if end in _ENDS else run.text
        if near is None and word.isascii() and word.isalpha() and _as_written(seen, run):
            # The readings of a word of letters, as most runs of a mail are: the same as below, but quickly.
            shape = looks(word)
            yield word, stand + shape - (_PLAIN_WORD if shape < _WORD_LIKE else 0)
            if word != run.text:
                yield run.text, stand + looks(run.text) - WITH_END - _PLAIN_WORD
        else:
            yield from _of_run(seen, run, near, stand)


def _as_written(seen: View, run: Run) -> bool:
    return seen.raw.isascii() or seen.written(run.start, run.end) == run.text


def _of_run(seen: View, run: Run, near: float | None, stand: float) -> Iterator[_Scored]:
    bonus = stand if near is None else near
    if run.text[0] in _QUOTES and run.text.rstrip(".,;:!?")[-1:] in ("\"'`]"):
        bonus += _BETWEEN_QUOTES
    for reading in readings(run.text):
        if len(reading.value) > _LONGEST:
            continue
        shape = looks(reading.value)
        points = bonus + shape - reading.cost - (_PLAIN_WORD if shape < _WORD_LIKE and bonus < _DIRECT else 0)
        yield (reading.value, points)
        if reading.start >= 0 and not seen.raw.isascii():
            written = seen.written(run.start + reading.start, run.start + reading.end)
            if written != reading.value:
                yield (written, points + _RAW)
        if near is not None and reading.cost <= _LIKELY and not reading.value.isdigit():
            yield from ((other, points + _OTHER_CASE) for other in _other_cases(reading.value))


def _other_cases(value: str) -> Iterator[str]:
    """As a telephone or a sentence's beginning changes it."""
    yield value[:1].swapcase() + value[1:]
    yield value.lower()
    yield value.upper()


def _spelled(runs: Sequence[Run], points: Mapping[int, float]) -> Iterator[_Scored]:
    """Passwords written with spaces: character by character anywhere, in groups only where one is expected."""
    cores = [_core(run.text) for run in runs]
    start = 0
    while start < len(runs):
        if not cores[start]:
            start += 1
            continue
        end = start
        while end < len(runs) and cores[end] and runs[end].line == runs[start].line:
            end += 1
        first = next((at for at in range(start, end) if cores[at].isalnum()), end)
        if end > first:
            yield from _joined(cores[first:end], points.get(first))
        start = end


def _core(text: str) -> str:
    """A run that may be a part of a password written in parts, without the signs around it; else ""."""
    if len(text) == 1:
        return text
    if text.isalpha() and not text.isupper():
        return ""
    core = text.strip(_SIGNS)
    if not core.isalnum() or len(core) > _GROUP:
        return ""
    return core if len(core) == 1 or core.isupper() or any(map(str.isdigit, core)) else ""


def _joined(cores: Sequence[str], near: float | None) -> Iterator[_Scored]:
    single = 0
    while single < len(cores) and len(cores[single]) == 1:
        single += 1
    if single > (1 if near is not None else 2):
        value = "".join(cores[:single])
        points = (near or 0.0) + _SPELLED + looks(value)
        yield value, points
        yield value.rstrip(_SIGNS), points - 0.1
    if near is not None:
        for count in range(2, min(len(cores), _PHRASE_WORDS) + 1):
            value = "".join(cores[:count])
            if any(character.isdigit() for character in value):
                yield value, near + _GROUPED + looks(value) / 2


def _quoted(plain: str, runs: Sequence[Run], points: Mapping[int, float]) -> Iterator[_Scored]:
    """What stands between quotes and holds spaces; the rest is found run by run."""
    starts = [run.start for run in runs]
    for found in _QUOTED.finditer(plain):
        value = next(group for group in found.groups() if group is not None).strip()
        if " " in value:
            near = points.get(bisect_left(starts, found.start()), 0.0)
            yield (value, near + _BETWEEN_QUOTES + looks(value))
            yield (value.replace(" ", ""), near + _BETWEEN_QUOTES)


def _phrases(seen: View, bare: str, places: Sequence[Mention]) -> Iterator[_Scored]:
    """A password of several words: the rest of the line behind a mention, or else the next line, or the end of it."""
    for place in places if len(places) <= _PHRASES else places[:_PHRASES]:
        line = bare[place.end : place.end + 4 * _PHRASE_LENGTH].lstrip(_SIGNS + "\n>").partition("\n")[0]
        start = bare.find(line, place.end) if line else -1
        value = line.rstrip(_SIGNS)
        if not place.strong or " " not in value:
            continue
        if len(value) <= _PHRASE_LENGTH and value.count(" ") < _PHRASE_WORDS:
            for written in dict.fromkeys((value, line.strip(), seen.written(start, start + len(value)))):
                yield written, _PHRASE
            yield "".join(value.split()), _PHRASE - 1
        sentence = _SENTENCE_END.split(line, maxsplit=1)[0].rstrip(_SIGNS).split()
        for count in range(2, min(len(sentence), _PHRASE_WORDS)):
            yield " ".join(sentence[-count:]), _PHRASE - 1 - count


def _lines(plain: str) -> Iterator[_Scored]:
    """Passwords of several words in a language we know no word of: behind a colon, or a short line of its own."""
    for line in plain.split("\n"):
        if len(line) <= _LINE_LENGTH:
            label, _, value = line.replace("=", ":").rpartition(":")
            value = value.strip(_SIGNS)
            if 0 < value.count(" ") < (_PHRASE_WORDS if label else _PHRASE_WORDS // 2):
                yield (value, _LABELLED if label else _SHORT_LINE)
                if label:
                    yield ("".join(value.split()), _LABELLED)


def _keywords(seen: View, places: Sequence[Mention]) -> Iterator[_Scored]:
    """Passwords that hold a word for password themselves: ``password123``, or just ``password``."""
    before = -_CLOSE - 1
    for place in places:
        end = place.end
        while end < len(seen.plain) and end - place.end < _CLOSE and not seen.plain[end].isspace():
            end += 1
        start = place.start
        while start > 0 and place.start - start < _CLOSE and not seen.plain[start - 1].isspace():
            start -= 1
        points = _KEYWORD_AS_VALUE if place.start - before <= _CLOSE else _KEYWORD
        for reading in readings(seen.plain[start:end]):
            yield (reading.value, points + looks(reading.value) - reading.cost)
        yield (seen.plain[place.start : place.end], points - 1)
        if place.stem_end < place.end < end:
            for reading in readings(seen.plain[place.stem_end : end]):
                yield (reading.value, _GLUED + looks(reading.value) - reading.cost)
        before = place.end
