"""Mails go: what leads to them, what they taught, and they themselves. Bounds of the memory, and how they are kept.

The longest remembered strangers go first: mails of senders to whom nobody of ours ever wrote, and mails that were not
delivered or not what they said. So a flood of them pushes out none of our correspondents. A mark (``hand``) says up to
which number all that is left is of correspondents; only when none but those is left do the oldest of them go. The
newest mails are left alone: they may be answered yet.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select

from seriema.edge.memory import records, sums
from seriema.edge.memory.acts import Act, act, authored_keys, own_key, talk_key
from seriema.edge.memory.changes import Changes
from seriema.edge.memory.database import AnyRow
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.facts import PIECES
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import Document
from seriema.edge.memory.schema import MAIL, META

#: For each mail that is stored so many are looked at, and so many go at most while there are too many.
EXAMINED, REMOVED = 32, 4
#: Of the most mails remembered this part, the newest, is left alone.
NEWEST = 64

_HAND = "hand"
_READ_HAND = select(META.c.value).where(META.c.name == _HAND)
_T = MAIL.c
_ON = (
    select(_T.document)
    .where(_T.number > bindparam("after"), _T.number <= bindparam("until"))
    .order_by(_T.number)
    .limit(bindparam("most"))
)
_AGED = select(_T.document).where(_T.received < bindparam("before")).order_by(_T.received).limit(bindparam("most"))


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is remembered at most; 0 for no such bound. Days are counted on the clock on the wall."""

    most_mails: int = 0
    keep_days: int = 0

    def oldest(self, now: int) -> int | None:
        """Mails received before this moment are kept no longer."""
        return now - timedelta(days=self.keep_days) // timedelta(microseconds=1) if self.keep_days else None


def make_room(rows: Rows, keyring: Keyring, bounds: Bounds, now: int, stored: int, *, ours_known: bool) -> int:
    """See to the bounds after so many mails were stored: little by little; how many mails went. Inside a write."""
    edges = rows.edges()
    oldest = bounds.oldest(now)
    victims: dict[int, Document] = {}
    if oldest is not None and edges.first is not None and edges.first < oldest:
        rows.write()
        aged = rows.database.read(_AGED, {"before": oldest, "most": REMOVED * stored})
        victims = {one.number: one for one in _read(aged)}
    over = edges.mails - len(victims) - bounds.most_mails
    if bounds.most_mails and over > 0:
        rows.write()
        until = edges.number - bounds.most_mails // NEWEST
        for one in _strangers(rows, keyring, until, min(over, REMOVED * stored), stored, ours_known=ours_known):
            victims[one.number] = one
    if victims:
        changes = Changes(rows, keyring)
        remove(changes, victims.values())
        changes.write()
    return len(victims)


def remove(changes: Changes, mails: Iterable[Document]) -> None:
    """Take these mails out of everything."""
    acts = [act(one, changes.keyring) for one in mails]
    changes.load(key for one in acts for key in (*_leading(one, changes.keyring), *one.document.shares, *one.rows()))
    for told in acts:
        number = told.document.number
        for key in _leading(told, changes.keyring):
            ring = changes.ring(key)
            if number in ring or -number in ring:
                changes.put(key, tuple(one for one in ring if abs(one) != number))
        for key in told.document.shares:
            changes.put(key, tuple(one for one in changes.holders(key) if one[0] != number))
        sums.unteach(changes, told)
        changes.remove(told.document)


def _leading(told: Act, keyring: Keyring) -> list[int]:
    """Every key of a ring in which the mail may stand, but that of its sender's name (``sums``)."""
    mail = told.document
    return [
        own_key(mail.message_id, mail.case.hex(), keyring),
        mail.subject,
        *authored_keys(mail, keyring),
        *mail.fingerprints[:PIECES],
        *(talk_key(one, keyring) for one in (mail.conversation, *mail.links)),
        *mail.leads,
    ]


def _strangers(
    rows: Rows, keyring: Keyring, until: int, most: int, stored: int, *, ours_known: bool
) -> Sequence[Document]:
    """Mails that may go, from where the hand stands; the hand moves on."""
    database = rows.database
    stood = database.read(_READ_HAND)
    hand = int.from_bytes(stood[0][0], "big") if stood else 0
    mails = _read(database.read(_ON, {"after": hand, "until": until, "most": EXAMINED * stored}))
    known = _knows(rows, [act(one, keyring) for one in mails], ours_known=ours_known)
    found: list[Document] = []
    for one in mails:
        if len(found) >= most:
            break
        hand = one.number
        if not known(one):
            found.append(one)
    if mails:
        database.upsert(META, [{"name": _HAND, "value": hand.to_bytes(8, "big")}])
    if len(mails) < EXAMINED * stored and len(found) < most:
        gone = {one.number for one in found}
        oldest = _read(database.read(_ON, {"after": 0, "until": until, "most": most}))
        found += [one for one in oldest if one.number not in gone][: most - len(found)]
    return found


def _knows(rows: Rows, acts: Sequence[Act], *, ours_known: bool) -> Callable[[Document], bool]:
    """Whether a mail is ours, or a true one of somebody whom our people write to.

    Where nobody said which domains are ours, that is somebody who writes with one of the mail's recipients both ways.
    """
    wanted = {key for one in acts for key in ([one.sender] if ours_known else [key for key, _ in one.pairs]) if key}
    rows.load(wanted)
    told = {one.document.number: one for one in acts}

    def written_to(one: Act) -> bool:
        if ours_known:
            value = rows.entry(one.sender) if one.sender is not None else None
            return value is not None and bool(records.sender_habit(value).answers)
        pairs = ((records.pair_habit(value), way) for key, way in one.pairs if (value := rows.entry(key)))
        return any(pair.ways[1 - way].sent > 0 for pair, way in pairs)

    def known(mail: Document) -> bool:
        return mail.from_us or (mail.good and mail.condemned is None and written_to(told[mail.number]))

    return known


def _read(found: Iterable[AnyRow]) -> list[Document]:
    return [records.document(data) for (data,) in found]
