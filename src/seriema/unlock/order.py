"""In which order passwords of different origin are tried: a person's, this mail's, other mails', the pool's.

Tries at costly formats are few, so the likeliest of each origin come first. A password agreed on once and for all often
carries the date of sending, so what other mails named is also tried with the date of this one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from seriema.model.password import Candidate

#: This mail's own first tries, and other mails' before dates are added to them.
_OWN_FIRST, _OTHERS_FIRST = 10, 20
#: Of the first twenty tries at most five are the pool's.
POOL_FIRST, FIRST = 5, 20
#: Named passwords that are tried with a date: the likeliest of a mail, more where it describes one, and of all mails.
_DATED_RANK, _RULE_RANK, _DATED = 3, 20, 40
_DATE_FORMS = ("%m%d", "%Y%m%d", "%y%m%d", "%d%m", "%d%m%Y", "%d%m%y")
#: How dates are described where a rule for passwords is announced, in the letters of several languages; longest first.
_DESCRIBED = {
    "yyyymmdd": "%Y%m%d", "ddmmyyyy": "%d%m%Y", "mmddyyyy": "%m%d%Y", "jjjjmmtt": "%Y%m%d", "ttmmjjjj": "%d%m%Y",
    "aaaammjj": "%Y%m%d", "jjmmaaaa": "%d%m%Y", "aaaammdd": "%Y%m%d", "ddmmaaaa": "%d%m%Y", "aaaammgg": "%Y%m%d",
    "ggmmaaaa": "%d%m%Y", "yymmdd": "%y%m%d", "ddmmyy": "%d%m%y", "mmddyy": "%m%d%y", "jjmmtt": "%y%m%d",
    "ttmmjj": "%d%m%y", "mmdd": "%m%d", "ddmm": "%d%m", "mmtt": "%m%d", "ttmm": "%d%m", "jjmm": "%d%m",
    "mmjj": "%m%d", "ggmm": "%d%m", "mmgg": "%m%d",
}  # fmt: skip
_DESCRIPTION = re.compile("|".join(_DESCRIBED), re.IGNORECASE)
_GIVEN = frozenset({"user", "admin"})


def in_order(own: Sequence[Candidate], outside: Sequence[Candidate], sent: date | None) -> tuple[Candidate, ...]:
    """All candidates in the order of trying, each value once, with the source of its first place.

    ``own`` are what this mail names, best first; ``outside`` all others, told apart by their sources: user and admin,
    message:<id>, pool; any other source is that of the mail a kept file came in. ``sent`` is the date of the mail.
    """
    given = [one for one in outside if one.source in _GIVEN]
    others = [one for one in outside if one.source.startswith("message:")]
    pool = [one for one in outside if one.source == "pool"]
    named = [*_own(outside), *own]
    tried = _unique(
        (
            *given,
            *named[:_OWN_FIRST],
            *(_filled_in(named[:_DATED_RANK], sent) if sent else ()),
            *others[:_OTHERS_FIRST],
            *(_by_rule(others, sent) if sent else ()),
            *others[_OTHERS_FIRST:],
            *named[_OWN_FIRST:],
        )
    )
    before = FIRST - POOL_FIRST
    late = pool[POOL_FIRST:] if len(tried) >= before else []
    return _unique((*tried[:before], *pool[:POOL_FIRST], *tried[before:], *late))


def of_its_mail(outside: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those that the mail itself named from which a kept file came."""
    return tuple(_own(outside))


def _own(outside: Sequence[Candidate]) -> Iterator[Candidate]:
    for one in outside:
        if one.source not in _GIVEN and one.source != "pool" and not one.source.startswith("message:"):
            yield one


def _unique(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    first: dict[str, Candidate] = {}
    for one in candidates:
        first.setdefault(one.value, one)
    return tuple(first.values())


def _by_rule(others: Sequence[Candidate], sent: date) -> Iterator[Candidate]:
    """What other mails named, with the date of this one: as they describe it, else in its usual spellings."""
    of_mail: dict[str, list[Candidate]] = {}
    for one in others:
        if one.rank < _RULE_RANK:
            of_mail.setdefault(one.source, []).append(one)
    dated = (each for named in of_mail.values() for each in _with_date(named, sent))
    yield from islice(dated, _DATED * len(_DATE_FORMS))


def _with_date(named: Sequence[Candidate], sent: date) -> Iterator[Candidate]:
    yield from _filled_in(named, sent)
    described = (found for one in named for found in _DESCRIPTION.findall(one.value))
    forms = dict.fromkeys(_DESCRIBED[found.lower()] for found in described)
    for one in named:
        if forms or one.rank < _DATED_RANK:
            for form in forms or _DATE_FORMS:
                yield Candidate(one.value + sent.strftime(form), one.source, one.rank)


def _filled_in(named: Sequence[Candidate], sent: date) -> Iterator[Candidate]:
    """A described date (``abcMMDD``) filled in."""
    for one in named:
        value = _DESCRIPTION.sub(lambda found: sent.strftime(_DESCRIBED[found[0].lower()]), one.value)
        if value != one.value:
            yield Candidate(value, one.source, one.rank)
