"""What a sender and a pair were used to, read from their sums as of a moment.

What came later than the mail that asks, and what is condemned by then, is taken out by its own documents. Exact while
at most ``habits.EVENTS`` later mails of that sender or pair are remembered.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from seriema.edge.memory.acts import Shows, act, shows
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.habits import DAY
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.recall import AsOf
from seriema.edge.memory.records import (
    Condemned,
    Document,
    Mark,
    PairEvent,
    PairHabit,
    SenderEvent,
    SenderHabit,
    Shown,
    moment,
)
from seriema.model.history import Habits, Observed, PairHistory, SenderHistory

#: Silences that a pair's history tells.
GAPS = 16
#: Days on which our people answer after it was shown make a habit of a thing.
HABIT_DAYS = 2

#: One set of what a mail showed.
Showing = Callable[[Shows], Sequence[str]]

_TRAITS = tuple(Habits.__dataclass_fields__)


@dataclass(frozen=True)
class Past:
    """One row of sums as it stood: what of it the mail that asks may not see, or should not count."""

    rows: Rows
    asking: AsOf
    events: Sequence[SenderEvent | PairEvent]
    condemned: Sequence[Condemned]
    answers: tuple[Mark, ...] = field(default=())  #: our people's, one for each day, seen by now

    @cached_property
    def out(self) -> frozenset[int]:
        """The mails that are condemned."""
        return condemned_by(self.condemned, self.asking)

    @cached_property
    def taken(self) -> list[Document]:
        """The mails that are later or condemned: what they showed is in the sums, but does not count."""
        later = {one.number for one in self.events if not self.asking.sees((one.received, one.number))}
        return list(self.rows.documents(later | self.out).values()) if later or self.out else []

    @cached_property
    def left(self) -> list[Document]:
        """The latest mails that count."""
        mails = self.rows.documents(one.number for one in self.seen if one.number not in self.out)
        return sorted(mails.values(), key=lambda one: one.mark)

    @cached_property
    def seen(self) -> list[SenderEvent | PairEvent]:
        """The latest events before the mail that asks, condemned ones among them."""
        return [one for one in self.events if self.asking.sees((one.received, one.number))]

    @property
    def times(self) -> list[int]:
        """When the latest mails came that count."""
        return [one.received for one in self.seen if one.number not in self.out]

    def observed(
        self,
        known: Mapping[str, Shown],
        shown: Callable[[Shows], Sequence[str]],
        taken: Sequence[Document] | None = None,
    ) -> dict[str, Observed]:
        """The values of a set, each with how many mails showed it and whether it is a habit."""
        less = Counter(one for mail in (self.taken if taken is None else taken) for one in shown(shows(mail)))
        found = {}
        for value in sorted(known):
            mails = known[value].mails - less[value]
            if mails > 0 and self.began(known[value]):
                found[value] = Observed(value, mails, self._habit(known[value], value, shown))
        return found

    def began(self, shown: Shown) -> bool:
        """It was shown before; by a condemned mail first, perhaps by others later."""
        return self.asking.sees((shown.received, shown.number)) or shown.number in self.out

    def _habit(self, known: Shown, value: str, shown: Showing) -> bool:
        marks = [one for one in known.good if self.asking.sees(one) and one[1] not in self.out]
        if not marks and self.out.intersection(number for _, number in known.good):
            marks = [one.mark for one in self.left if one.good and value in shown(shows(one))]
        return bool(marks) and days_after(self.answers, marks[0][0]) >= HABIT_DAYS


def condemned_by(condemned: Iterable[Condemned], asking: AsOf) -> frozenset[int]:
    """The numbers of earlier mails that are condemned by then."""
    return frozenset(
        one.number for one in condemned if one.since < asking.before and asking.sees((one.received, one.number))
    )


def days_after(answers: Iterable[Mark], when: int) -> int:
    """Different days after that day on which our people wrote."""
    return len({received // DAY for received, _ in answers if received // DAY > when // DAY})


def answers_seen(answers: Iterable[Mark], condemned: Iterable[Condemned], asking: AsOf) -> tuple[Mark, ...]:
    """The days' first mails that the mail that asks may count."""
    out = condemned_by(condemned, asking)
    return tuple(one for one in answers if asking.sees(one) and one[1] not in out)


def sender_history(
    rows: Rows, keyring: Keyring, habit: SenderHabit, asking: AsOf, answers: tuple[Mark, ...], recipients: Sequence[int]
) -> SenderHistory:
    """What was known of a sender. ``recent_threads`` is at most ``EVENTS``, ``recipients`` at most its bound."""
    own = tuple(one for one in habit.condemned if not one.answer)
    past = Past(rows, asking, habit.events, own, answers)
    recent = [one for one in past.seen if isinstance(one, SenderEvent) and asking.before - one.received < DAY]
    sent = habit.sent - len(past.taken)
    told = SenderHistory(
        recent_threads=len({one.conversation for one in recent}),
        recent_dormant=len({one.conversation for one in recent if one.dormant}),
        answered_days=len(answers),
        condemned=len(past.out) + habit.unlearned,
    )
    if sent <= 0:
        return told
    traits = past.observed(habit.traits, lambda one: one.traits)
    return SenderHistory(
        sent=sent,
        first=_first(past, (habit.first, sent)),
        last=moment(past.times[-1]) if past.times else None,
        recipients=_recipients(past, habit, keyring),
        recent_threads=told.recent_threads,
        recent_dormant=told.recent_dormant,
        answered_days=told.answered_days,
        languages=tuple(past.observed(habit.languages, lambda one: one.languages).values()),
        habits=_habits(traits),
        together=_together(past, habit, frozenset(recipients)),
        condemned=told.condemned,
    )


def pair_history(
    rows: Rows, habit: PairHabit, recipient: str, way: int, asking: AsOf, answers: tuple[Mark, ...]
) -> PairHistory:
    """What was known of a pair. ``first``, ``last`` and the silences are of both directions together."""
    past = Past(rows, asking, habit.events, habit.condemned, answers)
    there, back = habit.ways[way], habit.ways[1 - way]
    mine = [one for one in past.taken if one.sender != recipient]
    sent = there.sent - len(mine)
    returned = back.sent - (len(past.taken) - len(mine))
    if sent + returned <= 0:
        return PairHistory(recipient)
    locking = past.observed(there.locking, lambda one: one.locking, mine)
    return PairHistory(
        recipient=recipient,
        sent=sent,
        answered=returned,
        answered_days=len(answers),
        first=_first(past, (there.first, sent), (back.first, returned)),
        last=moment(past.times[-1]) if past.times else None,
        gap_days=tuple((b - a) / DAY for a, b in pairwise(past.times))[-GAPS:],
        kinds=tuple(past.observed(there.kinds, lambda one: one.kinds, mine).values()),
        locked=there.locked - sum("locked" in shows(one).locking for one in mine),
        locked_habit=_of(locking, "locked").habit,
        password_apart=_of(locking, "apart").mails,
        password_beside=_of(locking, "beside").mails,
        languages=tuple(past.observed(there.languages, lambda one: one.languages, mine).values()),
    )


def _of(found: Mapping[str, Observed], value: str) -> Observed:
    return found.get(value, Observed(value, 0))


def _first(past: Past, *sides: tuple[int, int]) -> datetime | None:
    """The first mail of those directions in which any count; where that one is condemned, the first known after it."""
    firsts = [first for first, mails in sides if mails > 0]
    if firsts and any(one.received == min(firsts) and one.number in past.out for one in past.taken):
        return moment(past.times[0]) if past.times else None
    return moment(min(firsts)) if firsts else None


def _recipients(past: Past, habit: SenderHabit, keyring: Keyring) -> int:
    less = Counter(one for mail in past.taken for one in act(mail, keyring).recipients)
    return sum(past.began(one) and one.mails > less[key] for key, one in habit.recipients.items())


def _together(past: Past, habit: SenderHabit, recipients: frozenset[int]) -> int:
    known: set[int] = set()
    for group in habit.groups:
        if past.asking.sees((group.received, group.number)) and group.number not in past.out:
            here = recipients.intersection(group.members)
            known |= here if len(here) > 1 else set()
    return len(known)


def _habits(traits: Mapping[str, Observed]) -> Habits:
    by_place: dict[str, list[Observed]] = {name: [] for name in _TRAITS}
    for value, seen in traits.items():
        by_place[_TRAITS[int(value[0])]].append(Observed(value[1:], seen.mails, seen.habit))
    return Habits(**{name: tuple(values) for name, values in by_place.items()})
