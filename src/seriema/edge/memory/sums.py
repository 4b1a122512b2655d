"""One mail's part in all sums it touches: taught, taken back, condemned, acquitted.

Condemning changes no sum: the mail is noted beside them with the moment it was known, and whoever asks later leaves it
out (``history``). So it does not matter what came first, the mails it stood among or its condemnation. Only beyond
``CONDEMNED`` of them in one row the oldest is taken out of the sums themselves, for every moment.
"""

from collections.abc import Callable
from functools import partial

from seriema.edge.memory.acts import Act, act
from seriema.edge.memory.changes import Changes
from seriema.edge.memory.habits import (
    NAMES,
    answered,
    noted,
    pair_did,
    pair_undid,
    sender_did,
    sender_undid,
)
from seriema.edge.memory.records import Condemned, Document, PairHabit, SenderHabit
from seriema.edge.memory.rings import added, pinned

#: Condemned mails that one row names; mails that stand under one display name, and those of them that stay.
CONDEMNED, BEARERS, KNOWN_BEARERS = 64, 16, 8
#: Our answer on so many days makes the names of a sender stay.
_KNOWN_DAYS = 2


def teach(changes: Changes, mail: Act) -> None:
    """Add one mail to all sums it touches."""
    if mail.sender is not None:
        sender = changes.sender(mail.sender)
        sender_did(sender, mail)
        _enter_name(changes, sender, mail)
        changes.put(mail.sender, sender)
    for key, way in mail.pairs:
        pair = changes.pair(key)
        pair_did(pair, mail, way)
        changes.put(key, pair)
    for key in mail.addressed:
        _answer(changes, key, mail)
    for key in mail.organisations:
        changes.put(key, noted(changes.accounts(key), mail))


def unteach(changes: Changes, mail: Act) -> None:
    """Take one mail out of all sums, as if it had never come."""
    number = mail.document.number
    if mail.sender is not None:
        sender = changes.sender(mail.sender)
        sender_undid(sender, mail)
        changes.put(mail.sender, sender)
    if mail.name is not None:
        changes.put(mail.name, tuple(one for one in changes.ring(mail.name) if abs(one) != number))
    for key, way in mail.pairs:
        pair = changes.pair(key)
        pair_undid(pair, mail, way)
        changes.put(key, pair)
    for key in mail.addressed:
        other = changes.sender(key)
        other.answers = tuple(one for one in other.answers if one[1] != number)
        other.condemned = tuple(one for one in other.condemned if one.number != number)
        changes.put(key, other)
    for key in mail.organisations:
        changes.put(key, tuple(one for one in changes.accounts(key) if one.number != number))


def condemn(changes: Changes, mail: Act, since: int) -> None:
    """Note a mail as harmful in all rows that counted it."""
    note = Condemned(*mail.mark, since)
    for key, row, _ in _counting(changes, mail):
        row.condemned = _noted(row.condemned, note)
        _fold(changes, row)
        changes.put(key, row)
    for key in mail.addressed:
        other = changes.sender(key)
        other.condemned = _noted(other.condemned, Condemned(*mail.mark, since, answer=True))
        _fold(changes, other)
        changes.put(key, other)


def acquit(changes: Changes, mail: Act) -> None:
    """Take the note away; where the mail was taken out of the sums, add it again."""
    number = mail.document.number
    for key, row, again in _counting(changes, mail):
        if any(one.number == number for one in row.condemned):
            row.condemned = tuple(one for one in row.condemned if one.number != number)
        else:
            again()
            if isinstance(row, SenderHabit):
                row.unlearned -= 1
        changes.put(key, row)
    for key in mail.addressed:
        other = changes.sender(key)
        other.condemned = tuple(one for one in other.condemned if one.number != number)
        other.answers = answered(other.answers, mail.mark)
        changes.put(key, other)


def _counting(changes: Changes, mail: Act) -> list[tuple[int, SenderHabit | PairHabit, Callable[[], None]]]:
    """The rows whose sums hold the mail, each with what adds it again."""
    found: list[tuple[int, SenderHabit | PairHabit, Callable[[], None]]] = []
    if mail.sender is not None:
        sender = changes.sender(mail.sender)
        found.append((mail.sender, sender, partial(sender_did, sender, mail)))
    for key, way in mail.pairs:
        pair = changes.pair(key)
        found.append((key, pair, partial(pair_did, pair, mail, way)))
    return found


def _noted(condemned: tuple[Condemned, ...], note: Condemned) -> tuple[Condemned, ...]:
    """Of two notes on one mail the earlier known counts."""
    same = [one.since for one in condemned if one.number == note.number]
    kept = Condemned(note.received, note.number, min((note.since, *same)), note.answer)
    others = (one for one in condemned if one.number != note.number)
    return tuple(sorted((*others, kept), key=lambda one: (one.received, one.number)))


def _fold(changes: Changes, row: SenderHabit | PairHabit) -> None:
    """Take the oldest condemned mail out of the sums when there are too many to be named."""
    if len(row.condemned) <= CONDEMNED:
        return
    oldest = row.condemned[0]
    mail = changes.documents((oldest.number,)).get(oldest.number)
    if oldest.answer and isinstance(row, SenderHabit):
        row.answers = tuple(one for one in row.answers if one[1] != oldest.number)
    elif mail and isinstance(row, SenderHabit):
        sender_undid(row, act(mail, changes.keyring))
        row.unlearned += 1
    elif mail and isinstance(row, PairHabit):
        _undo_pair(changes, row, mail)
    row.condemned = tuple(one for one in row.condemned if one.number != oldest.number)


def _undo_pair(changes: Changes, row: PairHabit, mail: Document) -> None:
    told = act(mail, changes.keyring)
    for key, way in told.pairs:
        if changes.pair(key) is row:
            pair_undid(row, told, way)


def _enter_name(changes: Changes, sender: SenderHabit, mail: Act) -> None:
    """The first mail of a sender under a display name leads to it from that name."""
    key = mail.name
    if key is None or len(sender.names) >= NAMES or any(one[0] == key for one in sender.names):
        return
    sender.names = (*sender.names, (key, mail.document.number))
    changes.put(key, added(changes.ring(key), mail.document.number, BEARERS))
    if len(sender.answers) >= _KNOWN_DAYS:
        _keep_names(changes, sender)


def _answer(changes: Changes, key: int, mail: Act) -> None:
    """One of our people wrote to this mailbox."""
    other = changes.sender(key)
    before = len(other.answers)
    other.answers = answered(other.answers, mail.mark)
    changes.put(key, other)
    if before < _KNOWN_DAYS <= len(other.answers):
        _keep_names(changes, other)


def _keep_names(changes: Changes, sender: SenderHabit) -> None:
    """No flood of others who call themselves so pushes out somebody whom our people write to."""
    for key, number in sender.names:
        ring = tuple(-one if one == -number else one for one in changes.ring(key))
        changes.put(key, pinned(ring, number, BEARERS, KNOWN_BEARERS))
