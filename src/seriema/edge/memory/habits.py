"""What a sender, a pair of mailboxes and an organisation are used to: summed up mail by mail, and taken back.

Sums cover all mails; the latest events stand beside them, so that a reader can leave out what came later than the mail
it asks for (``history``). What is shown is counted, with the first mails fit to make it a habit. Sets keep their first
members when they are full, so that a flood teaches nothing new; taking a mail back makes room again.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from seriema.edge.memory.acts import Act
from seriema.edge.memory.records import (
    AccountEvent,
    Condemned,
    Document,
    Flag,
    Group,
    Mark,
    PairEvent,
    PairHabit,
    SenderEvent,
    SenderHabit,
    Shown,
)

#: Latest mails of which the time is known.
EVENTS = 32
#: Different recipients, kinds of attachments, languages and values of one trait that are told apart.
RECIPIENTS, KINDS, LANGUAGES, VALUES = 32, 16, 8, 16
#: Groups of recipients that are kept, the first half for good; recipients of one group.
GROUPS, MEMBERS = 16, 12
#: Latest days on which our people wrote; first mails that may make a habit.
DAYS, FIRST = 32, 3
#: Latest mails that are noted for an organisation.
ACCOUNTS = 64
#: Display names of one sender that lead to it.
NAMES = 4

DAY = 86_400_000_000

_Key = TypeVar("_Key", int, str)
_Marked = TypeVar("_Marked", bound=SenderEvent | PairEvent | AccountEvent | Group | Condemned)


def sender_did(habit: SenderHabit, act: Act) -> None:
    """Add one mail to what its sender is used to."""
    document, mark, shown = act.document, act.mark, act.shown
    habit.first = min(habit.first, mark[0]) if habit.sent else mark[0]
    habit.sent += 1
    talk = int.from_bytes(document.conversation[:4], "big")
    event = SenderEvent(*mark, talk, bool(document.flags & Flag.DORMANT))
    habit.events = _with(habit.events, event, EVENTS)
    _show(habit.recipients, act.recipients, mark, RECIPIENTS)
    _show(habit.languages, shown.languages, mark, LANGUAGES, good=document.good)
    for one in shown.traits:
        _show(habit.traits, (one,), mark, _room(habit.traits, one), good=document.good)
    habit.groups = _grouped(habit.groups, act)


def sender_undid(habit: SenderHabit, act: Act) -> None:
    """Take one mail back. When the first ever came stays known, but of a condemned one."""
    number, shown = act.document.number, act.shown
    if _counted(habit.condemned, act.document):
        habit.sent -= 1
        _hide(habit.recipients, act.recipients, number)
        _hide(habit.languages, shown.languages, number)
        _hide(habit.traits, shown.traits, number)
    habit.events = _without(habit.events, number)
    habit.first = _first(habit.first, habit.events, act)
    habit.groups = _without(habit.groups, number)
    habit.condemned = _without(habit.condemned, number)
    habit.names = tuple(one for one in habit.names if one[1] != number)


def pair_did(habit: PairHabit, act: Act, way: int) -> None:
    """Add one mail to what its sender and one recipient are used to."""
    document, mark, side = act.document, act.mark, habit.ways[way]
    shown, locked = act.shown, bool(document.flags & Flag.LOCKED)
    side.first = min(side.first, mark[0]) if side.sent else mark[0]
    side.sent += 1
    side.locked += locked
    _show(side.kinds, shown.kinds, mark, KINDS, good=document.good)
    _show(side.languages, shown.languages, mark, LANGUAGES, good=document.good)
    _show(side.locking, shown.locking, mark, KINDS, good=document.good)
    if document.good:
        side.answers = answered(side.answers, mark)
    habit.events = _with(habit.events, PairEvent(*mark, way, locked), EVENTS)


def pair_undid(habit: PairHabit, act: Act, way: int) -> None:
    """Take one mail back."""
    document, side = act.document, habit.ways[way]
    number, shown = document.number, act.shown
    if _counted(habit.condemned, document):
        side.sent -= 1
        side.locked -= bool(document.flags & Flag.LOCKED)
        _hide(side.kinds, shown.kinds, number)
        _hide(side.languages, shown.languages, number)
        _hide(side.locking, shown.locking, number)
    side.answers = tuple(one for one in side.answers if one[1] != number)
    habit.events = _without(habit.events, number)
    side.first = _first(side.first, habit.events, act)
    habit.condemned = _without(habit.condemned, number)


def answered(days: tuple[Mark, ...], mark: Mark) -> tuple[Mark, ...]:
    """The days on which our people wrote, each with its first good mail, and one more mail."""
    if days and mark > days[-1] and mark[0] // DAY == days[-1][0] // DAY:
        return days
    by_day: dict[int, Mark] = {}
    for one in sorted((*days, mark)):
        by_day.setdefault(one[0] // DAY, one)
    return tuple(by_day.values())[-DAYS:]


def noted(events: tuple[AccountEvent, ...], act: Act) -> tuple[AccountEvent, ...]:
    """What lately came to an organisation, with one more mail."""
    return _with(events, AccountEvent(*act.mark, act.account, act.document.flags), ACCOUNTS)


def _first(first: int, events: Sequence[SenderEvent | PairEvent], act: Act) -> int:
    condemned = act.document.condemned is not None and first == act.document.received
    return events[0].received if condemned and events else first


def _counted(condemned: Iterable[Condemned], document: Document) -> bool:
    """The sums hold it: a condemned mail that does not stand here any more was taken out of them before."""
    return document.condemned is None or any(one.number == document.number for one in condemned)


def _with(events: tuple[_Marked, ...], event: _Marked, most: int) -> tuple[_Marked, ...]:
    if not events or _order(event) > _order(events[-1]):
        return (*events[-most + 1 :], event)
    return tuple(sorted((*events, event), key=_order)[-most:])


def _without(events: tuple[_Marked, ...], number: int) -> tuple[_Marked, ...]:
    return tuple(one for one in events if one.number != number)


def _order(event: SenderEvent | PairEvent | AccountEvent | Group | Condemned) -> Mark:
    return event.received, event.number


def _room(traits: dict[str, Shown], value: str) -> int:
    """How many traits there may be so that those of this one's place are not too many."""
    here = sum(one[0] == value[0] for one in traits)
    return len(traits) + (here < VALUES)


def _show(known: dict[_Key, Shown], values: Iterable[_Key], mark: Mark, most: int, *, good: bool = False) -> None:
    for one in values:
        if one not in known:
            if len(known) < most:
                known[one] = Shown(*mark, 1, (mark,) if good else ())
            continue
        shown: Shown = known[one]
        shown.mails += 1
        if mark < (shown.received, shown.number):
            shown.received, shown.number = mark[0], mark[1]
        if good and (len(shown.good) < FIRST or mark < shown.good[-1]):
            shown.good = tuple(sorted({*shown.good, mark}))[:FIRST]


def _hide(known: dict[_Key, Shown], values: Iterable[_Key], number: int) -> None:
    for one in values:
        shown = known.get(one)
        if shown is None:
            continue
        shown.mails -= 1
        if shown.mails <= 0:
            del known[one]
            continue
        shown.good = tuple(mark for mark in shown.good if mark[1] != number)
        if shown.number == number and shown.good:
            shown.received, shown.number = shown.good[0]


def _grouped(groups: tuple[Group, ...], act: Act) -> tuple[Group, ...]:
    """Recipients addressed together stand there once, by the first mail that did so."""
    members = tuple(sorted(set(act.recipients[:MEMBERS])))
    same = next((one for one in groups if one.members == members), None)
    if len(members) < 2 or (same and _order(same) <= act.mark):  # noqa: PLR2004 - one alone is no group
        return groups
    others = tuple(one for one in groups if one is not same)
    whole = tuple(sorted((*others, Group(*act.mark, members)), key=_order))
    return whole if len(whole) <= GROUPS else (*whole[: GROUPS // 2], *whole[GROUPS // 2 + 1 :])
