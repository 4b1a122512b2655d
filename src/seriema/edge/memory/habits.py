"""What a sender and a pair of mailboxes are used to: summed up mail by mail, read as of a moment.

Sums cover all mails; the latest events stand beside them, so that a reader can leave out what came later than the mail
it asks for. Exact while at most ``EVENTS`` later mails of that sender or pair are remembered. Sets keep their first
members when they are full, so that a flood teaches nothing new.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from seriema.edge.memory.records import (
    Mark,
    PairEvent,
    PairHabit,
    SenderEvent,
    SenderHabit,
    moment,
)
from seriema.model.history import Observed, PairHistory, SenderHistory

#: Latest mails of which the time is known.
EVENTS = 32
#: Different recipients, kinds of attachments and languages that are told apart.
RECIPIENTS, KINDS, LANGUAGES = 32, 16, 8
#: Recipients of one mail with which it makes a pair.
PAIRS = 8
#: Silences that a pair's history tells.
GAPS = 16

_DAY = 86_400_000_000

Visible = Callable[[Mark], bool]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Act:
    """One mail as habits see it."""

    received: int
    number: int
    conversation: int
    language: str
    kinds: tuple[str, ...]
    locked: bool
    recipients: tuple[int, ...]

    @property
    def mark(self) -> Mark:
        """When it was first shown."""
        return self.received, self.number


def sender_did(habit: SenderHabit, act: Act) -> None:
    """Add one mail to what its sender is used to."""
    habit.first = min(habit.first, act.received) if habit.sent else act.received
    habit.sent += 1
    event = SenderEvent(act.received, act.number, act.conversation)
    habit.events = tuple(sorted((*habit.events, event), key=_order)[-EVENTS:])
    _learn(habit.recipients, act.recipients, act.mark, RECIPIENTS)
    _learn(habit.languages, (act.language,) if act.language else (), act.mark, LANGUAGES)


def pair_did(habit: PairHabit, act: Act, way: int) -> None:
    """Add one mail to what its sender and one recipient are used to."""
    side = habit.ways[way]
    side.first = min(side.first, act.received) if side.sent else act.received
    side.sent += 1
    side.locked += act.locked
    _learn(side.kinds, act.kinds, act.mark, KINDS)
    _learn(side.languages, (act.language,) if act.language else (), act.mark, LANGUAGES)
    event = PairEvent(act.received, act.number, way, act.locked)
    habit.events = tuple(sorted((*habit.events, event), key=_order)[-EVENTS:])


def sender_history(habit: SenderHabit, visible: Visible, before: int) -> SenderHistory:
    """What was known of a sender. ``recent_threads`` cannot be more than ``EVENTS``, ``recipients`` than its bound."""
    earlier = [one for one in habit.events if visible(_order(one))]
    sent = habit.sent - (len(habit.events) - len(earlier))
    if sent <= 0:
        return SenderHistory()
    return SenderHistory(
        sent=sent,
        first=moment(habit.first),
        last=moment(earlier[-1].received) if earlier else None,
        recipients=sum(visible(mark) for mark in habit.recipients.values()),
        recent_threads=len({one.conversation for one in earlier if before - one.received < _DAY}),
        languages=_known(habit.languages, visible),
    )


def pair_history(recipient: str, habit: PairHabit, way: int, visible: Visible) -> PairHistory:
    """What was known of a pair. ``first``, ``last`` and the silences are of both directions together."""
    earlier = [one for one in habit.events if visible(_order(one))]
    later = [one for one in habit.events if not visible(_order(one))]
    there, back = habit.ways[way], habit.ways[1 - way]
    sent = there.sent - sum(one.way == way for one in later)
    answered = back.sent - sum(one.way != way for one in later)
    if sent + answered <= 0:
        return PairHistory(recipient)
    times = [one.received for one in earlier]
    return PairHistory(
        recipient=recipient,
        sent=sent,
        answered=answered,
        first=_first((there.first, sent), (back.first, answered)),
        last=moment(times[-1]) if times else None,
        gap_days=tuple((b - a) / _DAY for a, b in pairwise(times))[-GAPS:],
        kinds=_known(there.kinds, visible),
        locked=there.locked - sum(one.locked for one in later if one.way == way),
        languages=_known(there.languages, visible),
    )


def _first(*sides: tuple[int, int]) -> datetime | None:
    firsts = [first for first, mails in sides if mails > 0]
    return moment(min(firsts)) if firsts else None


def _order(event: SenderEvent | PairEvent) -> Mark:
    return event.received, event.number


def _learn(known: dict[Key, Mark], shown: Iterable[Key], mark: Mark, most: int) -> None:
    """Note what was shown for the first time, or shown earlier than was known."""
    for one in shown:
        if one in known:
            known[one] = min(known[one], mark)
        elif len(known) < most:
            known[one] = mark


def _known(marks: dict[str, Mark], visible: Visible) -> tuple[Observed, ...]:
    return tuple(Observed(one) for one in sorted(marks) if visible(marks[one]))
