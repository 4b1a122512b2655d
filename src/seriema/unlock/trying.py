"""Tries candidates on locks: ranked batches, one budget, and nothing believed before a full read agrees.

All locks of a container take turns, so that a costly decoy cannot use up the budget before the others had their first
ten tries. A password that opened one lock is tried next on all the others: most archives have one, some have one for
each member. Where encryption has no authentication the search goes on after a success, because a second password
that also reads well is a contradiction which must be known.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic, TypeVar

from seriema.model.artifact import State
from seriema.model.errors import HostileInput
from seriema.model.password import Candidate
from seriema.plugins import Crash, guarded
from seriema.unlock.format import Key, Lock, spellings
from seriema.unlock.reading import Meter, state_of

R = TypeVar("R")

_FIRST_BATCH = 10
#: A lock whose candidates all together cost no more than this gets them in one batch, for bulk work.
_CHEAP = 50.0
#: Work spent after a success on the search for a second password that reads well: any number of cheap tries, the
#: hundred likeliest of those that cost a derivation.
_SEARCH_ON = 1_000.0
#: A try above the first is dear. A file's dear tries end after a second or so, or after so many as the ranking
#: needs as long as that takes no more than three seconds.
_DEAR, _DEAR_WORK, _DEAR_TRIES, _DEAREST_WORK = 5.0, 1_300.0, 24, 3_000.0
#: Work on one container, all its locks together, where a try is more than a few steps: about three seconds.
_TOGETHER, STEPS = 3_000.0, 0.1
#: Of more locks than a few, one is tried first with as many candidates as this work allows: most archives have one
#: password, and ten tries on each of a thousand locks would leave nothing for the eleventh candidate.
_FEW, _SCOUTING = 8, 500.0
#: Work of a try whose key another lock has derived already.
_DERIVED = 1.0
#: With so few false fits to be expected, a password that passed the verifier is right and the data is damaged.
_SURE = 0.01


class Batch:
    """Candidates with different values, and how many tries they are."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.candidates = [*candidates]
        self.values = [each.value for each in self.candidates]
        self.distinct = frozenset(self.values)
        if len(self.distinct) < len(self.values):
            first: dict[str, Candidate] = {}
            for each in self.candidates:
                first.setdefault(each.value, each)
            self.values, self.candidates = [*first], [*first.values()]
        self._tries: Sequence[int] | None = None

    def tries(self, lock: Lock) -> Sequence[int]:
        """After each candidate, the tries so far."""
        if not lock.spelled:
            return range(1, len(self.values) + 1)
        if self._tries is None:
            if "".join(self.values).isascii():
                self._tries = range(1, len(self.values) + 1)
            else:
                each = (1 if value.isascii() else len(spellings(value)) for value in self.values)
                self._tries = [*accumulate(each)]
        return self._tries

    def work(self, lock: Lock) -> float:
        """Work of trying them all."""
        return self.tries(lock)[-1] * lock.cost if self.values else 0.0


@dataclass(slots=True)
class Attempt(Generic[R]):
    """What trying candidates on one lock came to. ``confirm`` reads with a key and gives None when the key is wrong."""

    lock: Lock
    confirm: Callable[[Key], R | None]
    opened: list[tuple[Candidate, R]] = field(default_factory=list)
    tried: frozenset[str] = frozenset()
    refused: list[Candidate] = field(default_factory=list)  #: fitted the verifier, but the read did not agree
    exhausted: bool = False  #: the budget ended before the candidates did
    short: bool = False  #: what ended was the mail's budget
    trouble: tuple[State, str] | None = None  #: the format itself failed while trying
    searched: float = 0.0  #: work done after the first success
    doubt: float = 0.0  #: false fits to be expected of all tries on this and on like locks of the container

    @property
    def over(self) -> bool:
        """Further candidates would not change the answer."""
        enough = self.lock.authenticated or self.searched >= _SEARCH_ON
        return self.trouble is not None or (bool(self.opened) and enough)

    @property
    def damaged(self) -> bool:
        """A password almost certainly fits, but what it opens is damaged."""
        return bool(self.refused) and not self.opened and self.doubt <= _SURE

    def run(self, batch: Batch, meter: Meter) -> None:
        """Try those that were not tried yet, as far as the budget goes."""
        fresh = batch
        if self.tried:
            fresh = Batch(each for each in batch.candidates if each.value not in self.tried)
        if self.over or not fresh.values:
            return
        for part, cost in self._parts(fresh, meter):
            self._guarded(part, cost, meter)

    def _guarded(self, part: Batch, cost: float, meter: Meter) -> None:
        if self.over:
            return
        try:
            ended = guarded(self.lock.scheme, lambda: self._try(part, cost, meter))
        except HostileInput as error:
            self.trouble = state_of(error), str(error)
        else:
            if isinstance(ended, Crash):
                self.trouble = State.CRASHED, ended.reason

    def _parts(self, fresh: Batch, meter: Meter) -> list[tuple[Batch, float]]:
        """With the work of a try: first those whose keys are there already, then the others."""
        derived = meter.derived.get(self.lock.derivation)
        if not derived:
            return [(fresh, self.lock.cost)]
        there = Batch(each for each in fresh.candidates if each.value in derived)
        others = Batch(each for each in fresh.candidates if each.value not in derived)
        parts = ((there, min(_DERIVED, self.lock.cost)), (others, self.lock.cost))
        return [(part, cost) for part, cost in parts if part.values]

    def _affordable(self, cost: float, meter: Meter) -> float:
        """Work that this lock may still cause, however much the mail has left."""
        left = math.inf
        if cost > STEPS:
            left = _TOGETHER - meter.work
        if cost > _DEAR:
            most = min(_DEAREST_WORK, max(_DEAR_WORK, _DEAR_TRIES * cost))
            left = min(left, most - meter.dear.get(self.lock.derivation or self.lock, 0.0))
        return left - meter.before.work

    def _try(self, fresh: Batch, cost: float, meter: Meter) -> None:
        tries, before = fresh.tries(self.lock), meter.work
        own, mail = self._affordable(cost, meter), meter.limits.password_work - meter.work
        affordable = bisect_right(tries, min(own, mail) / cost)
        self.exhausted = self.exhausted or affordable < len(tries)
        self.short = self.short or (affordable < len(tries) and mail < own)
        values = fresh.values if affordable == len(tries) else fresh.values[:affordable]
        try:
            self._each(fresh, values, tries, cost, meter)
        finally:
            if cost > STEPS:
                meter.costly += meter.work - before
            if cost > _DEAR:
                key = self.lock.derivation or self.lock
                meter.dear[key] = meter.dear.get(key, 0.0) + meter.work - before
            if self.lock.derivation is not None:
                meter.derived.setdefault(self.lock.derivation, set()).update(self.tried)

    def _each(self, fresh: Batch, values: Sequence[str], tries: Sequence[int], cost: float, meter: Meter) -> None:
        before, paid = meter.work, 0
        for index, key in self.lock.fits(values):
            already = bool(self.opened)
            meter.work += (tries[index] - paid) * cost
            paid = tries[index]
            self._check(fresh.candidates[index], key)
            self.searched += (meter.work - before) * already
            before = meter.work
            if self.over:
                self._note(frozenset(values[: index + 1]))
                return
        meter.work += (tries[len(values) - 1] - paid) * cost if values else 0.0
        self._note(fresh.distinct if values is fresh.values else frozenset(values))

    def _note(self, tried: frozenset[str]) -> None:
        self.tried = self.tried | tried if self.tried else tried

    def _check(self, candidate: Candidate, key: Key) -> None:
        result = self.confirm(key)
        if result is None:
            self.refused.append(candidate)
        else:
            self.opened.append((candidate, result))


def try_all(attempts: Sequence[Attempt[R]], candidates: Sequence[Candidate], meter: Meter) -> None:
    """Fill in the attempts: batch by batch over all locks, winners first, until all are over or the budget is."""
    everything = Batch(candidates)
    winners: dict[Candidate, None] = {}
    costly = []
    for attempt in attempts:
        if everything.work(attempt.lock) > _CHEAP:
            costly.append(attempt)
            continue
        if attempt.lock.authenticated:
            attempt.run(Batch(winners), meter)
        attempt.run(everything, meter)
        winners |= {candidate: None for candidate, _ in attempt.opened}
    scouted = [min(costly, key=lambda attempt: attempt.lock.cost)] if len(costly) > _FEW else []
    for attempt in scouted:
        attempt.run(Batch(everything.candidates[: max(_FIRST_BATCH, int(_SCOUTING / attempt.lock.cost))]), meter)
        winners |= {candidate: None for candidate, _ in attempt.opened}
    for batch in (*_batches(everything.candidates), []) if costly else ():
        for attempt in costly:
            attempt.run(Batch([*winners, *batch]), meter)
            winners |= {candidate: None for candidate, _ in attempt.opened}
    tries: Counter[float] = Counter()
    for attempt in attempts:
        tries[attempt.lock.chance] += len(attempt.tried)
    for attempt in attempts:
        attempt.doubt = attempt.lock.chance * tries[attempt.lock.chance]


def _batches(candidates: Sequence[Candidate]) -> Iterator[Sequence[Candidate]]:
    start, size = 0, _FIRST_BATCH
    while start < len(candidates):
        yield candidates[start : start + size]
        start, size = start + size, size * 2
