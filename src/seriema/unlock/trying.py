"""Tries candidates on locks: ranked batches, one budget, and nothing believed before a full read agrees.

All locks of a container take turns, so that a costly decoy cannot use up the budget before the others had their first
ten tries. A password that opened one lock is tried next on all the others: most archives have one, some have one for
each member. Where encryption has no authentication the search goes on after a success, because a second password
that also reads well is a contradiction which must be known.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from seriema.model.artifact import State
from seriema.model.errors import HostileInput
from seriema.model.password import Candidate
from seriema.plugins import Crash, guarded
from seriema.unlock.format import Key, Lock
from seriema.unlock.reading import Meter, state_of

R = TypeVar("R")

_FIRST_BATCH = 10
#: A lock whose candidates all together cost no more than this gets them in one batch, for bulk work.
_CHEAP = 50.0
#: With so few false fits to be expected, a password that passed the verifier is right and the data is damaged.
_SURE = 0.01


@dataclass(slots=True)
class Attempt(Generic[R]):
    """What trying candidates on one lock came to. ``confirm`` reads with a key and gives None when the key is wrong."""

    lock: Lock
    confirm: Callable[[Key], R | None]
    opened: list[tuple[Candidate, R]] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    refused: list[Candidate] = field(default_factory=list)  #: fitted the verifier, but the read did not agree
    exhausted: bool = False  #: the budget ended before the candidates did
    trouble: tuple[State, str] | None = None  #: the format itself failed while trying

    @property
    def over(self) -> bool:
        """Further candidates would not change the answer."""
        return self.trouble is not None or (bool(self.opened) and self.lock.authenticated)

    @property
    def damaged(self) -> bool:
        """A password almost certainly fits, but what it opens is damaged."""
        return bool(self.refused) and not self.opened and len(self.tried) * self.lock.chance <= _SURE

    def run(self, candidates: Iterable[Candidate], meter: Meter) -> None:
        """Try those that were not tried yet, as far as the budget goes."""
        fresh = list({each.value: each for each in candidates if each.value not in self.tried}.values())
        try:
            ended = guarded(self.lock.scheme, lambda: self._try(fresh, meter))
        except HostileInput as error:
            self.trouble = state_of(error), str(error)
        else:
            if isinstance(ended, Crash):
                self.trouble = State.CRASHED, ended.reason

    def _try(self, fresh: Sequence[Candidate], meter: Meter) -> None:
        costs = [self.lock.cost(candidate.value) for candidate in fresh]
        affordable = _affordable(costs, meter)
        self.exhausted = self.exhausted or affordable < len(fresh)
        paid = 0
        for index, key in self.lock.fits([candidate.value for candidate in fresh[:affordable]]):
            meter.work += sum(costs[paid : index + 1])
            paid = max(paid, index + 1)
            self._check(fresh[index], key)
            if self.over:
                break
        else:
            meter.work += sum(costs[paid:affordable])
            paid = affordable
        self.tried.update(candidate.value for candidate in fresh[:paid])

    def _check(self, candidate: Candidate, key: Key) -> None:
        result = self.confirm(key)
        if result is None:
            self.refused.append(candidate)
        else:
            self.opened.append((candidate, result))


def _affordable(costs: Sequence[float], meter: Meter) -> int:
    total = 0.0
    for count, cost in enumerate(costs):
        total += cost
        if not meter.affords(total):
            return count
    return len(costs)


def try_all(attempts: Sequence[Attempt[R]], candidates: Sequence[Candidate], meter: Meter) -> None:
    """Fill in the attempts: batch by batch over all locks, winners first, until all are over or the budget is."""
    costly = []
    for attempt in attempts:
        if _cheap(attempt.lock, candidates):
            attempt.run([*_winners(attempts), *candidates], meter)
        else:
            costly.append(attempt)
    for batch in (*_batches(candidates), ()):
        for attempt in costly:
            if not attempt.over:
                attempt.run([*_winners(attempts), *batch], meter)


def _winners(attempts: Sequence[Attempt[R]]) -> Iterator[Candidate]:
    return (candidate for attempt in attempts for candidate, _ in attempt.opened)


def _cheap(lock: Lock, candidates: Sequence[Candidate]) -> bool:
    return sum(lock.cost(candidate.value) for candidate in candidates) <= _CHEAP


def _batches(candidates: Sequence[Candidate]) -> Iterator[Sequence[Candidate]]:
    start, size = 0, _FIRST_BATCH
    while start < len(candidates):
        yield candidates[start : start + size]
        start, size = start + size, size * 2
