"""How the locked files of one mail share its password work, so that each gets the likeliest candidates.

Nothing is tried on a file when it is first listed: only when all that is locked lies there can the work be divided.
What is cheap to try is tried with everything. Of what is dear, each file gets a share of the work that is left then; a
password that opened one file is tried first on the others, and what they did not need goes to those that were short.
All of it counts work, so that the same mail gives the same answer.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from seriema.model.limits import Spent
from seriema.model.password import Candidate
from seriema.unlock.opened import Opened, Tries

#: How often a container may be opened again, with new candidates, without its members counting anew. An archive in
#: which each file holds the next one's password ends at the number of members.
_REOPENED = 5
#: How often a file is tried for which there was not enough work, when other files needed less than their share.
_SHORT_TRIES = 3
#: A file whose tries are dearer gets no larger a share of the work.
_DEAREST = 100.0
#: Of more dear files than a few, the cheapest gets this part of the work first: most mails have one password.
_FEW, _SCOUTING = 8, 0.25

#: An artifact's id, and the hash of its bytes: joined or decrypted it is another file, perhaps of the same size.
_Place = tuple[str, int]


class Shares:
    """What stays locked in one mail, and what was tried on it. ``contents`` are the files as they are by now."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.locked: list[str] = []
        self._contents = contents
        self._openings: dict[_Place, list[Spent]] = {}  #: what each opening cost, in order
        self._tries: dict[_Place, Tries] = {}
        self._read: dict[_Place, int] = {}  #: how many files came out
        self._short: Counter[str] = Counter()  #: how often there was not enough work
        self._tried: set[str] = set()
        self._untried: set[str] = set()
        self._opened_with: dict[Candidate, None] = {}
        self._share = 0.0  #: of the work, for the dear file that is next

    def before(self, identity: str, content: bytes) -> Tries | None:
        """What was tried on this file before; None when it was not opened yet."""
        return self._tries.get((identity, hash(content)))

    def work(self, before: Tries | None, left: int) -> int:
        """Password work that opening a file may take on which this was tried before."""
        if before is None:
            return 0
        return min(left, math.ceil(self._share)) if before.price else left

    def known_cost(self, identity: str, content: bytes) -> Spent:
        """What opening it again spends that was spent before, as less than nothing: its files are the same ones."""
        earlier = self._openings.get((identity, hash(content)), [])
        if not 0 < len(earlier) <= _REOPENED:
            return Spent()
        return Spent(members=-earlier[-1].members, opened_bytes=-earlier[-1].opened_bytes)

    def opened(self, identity: str, content: bytes, opened: Opened) -> bool:
        """Take note of an opening; False when less came out than before, for then what opened before stays open."""
        place = identity, hash(content)
        first = place not in self._tries
        self._openings.setdefault(place, []).append(opened.spent)
        self._tries[place] = opened.tries
        if opened.files_read < self._read.get(place, 0):
            return False
        self._read[place] = opened.files_read
        self._opened_with |= dict.fromkeys(opened.passwords)
        if opened.closed:
            self.locked.append(identity)
            if first:
                self._untried.add(identity)
            else:
                self._short[identity] += opened.tries.short
        return True

    def first(self, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """The candidates, those that opened something in this mail before all others."""
        return (*self._opened_with, *candidates)

    def rounds(self, candidates: Sequence[Candidate], left: Callable[[], int]) -> Iterator[tuple[str, ...]]:
        """What to open again with these candidates, one group after the other; ``left`` is the work that is left."""
        new = any(one.value not in self._tried for one in candidates)
        again = [one for one in self.locked if new or one in self._untried or self._may_go_on(one, left())]
        self.locked = [one for one in self.locked if one not in again]
        self._untried.difference_update(again)
        self._tried.update(one.value for one in candidates)
        prices = {one: price for one in again if (price := self._price(one))}
        if cheap := tuple(one for one in again if one not in prices):
            yield cheap
        scouts = [min(prices, key=lambda one: prices[one])] if len(prices) > _FEW else []
        weights = {one: min(price, _DEAREST) for one, price in prices.items()}
        for identity in dict.fromkeys([*scouts, *prices]):
            part = _SCOUTING if identity in scouts else weights[identity] / sum(weights.values())
            del weights[identity]
            self._share = max(prices[identity], part * left())
            yield (identity,)

    def _price(self, identity: str) -> float:
        tries = self.before(identity, self._contents[identity])
        return tries.price if tries else 0.0

    def _may_go_on(self, identity: str, left: int) -> bool:
        """There was not enough work for it, and now there is some."""
        tries = self.before(identity, self._contents[identity])
        short = tries is not None and tries.short and self._short[identity] < _SHORT_TRIES
        return short and 0 < self._price(identity) <= left
