"""What becomes of remembered mails afterwards: condemned, acquitted, forgotten with their people."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import bindparam, select

from seriema.edge.memory import notes, records, sealed, sums
from seriema.edge.memory.acts import act, condemned_key, pair_key, who
from seriema.edge.memory.changes import Changes
from seriema.edge.memory.entries import Rows, case_key
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import Document
from seriema.edge.memory.removal import remove
from seriema.edge.memory.schema import MAIL

#: Mails that are read at once when a person is forgotten.
AT_ONCE = 1_000

_BY_CASE = select(MAIL.c.document).where(MAIL.c.case == bindparam("of"))
_ON = select(MAIL.c.document).where(MAIL.c.number > bindparam("after")).order_by(MAIL.c.number).limit(bindparam("most"))


def condemn(rows: Rows, keyring: Keyring, case: bytes, since: int) -> None:
    """Note that a mail is harmful, whether it is remembered already or will be. Inside a write."""
    changes = _changes(rows, keyring)
    key = condemned_key(case, keyring)
    since = min((since, *changes.ring(key)))
    changes.put(key, (since,))
    for mail in _of_case(rows, case):
        changes.replace(msgspec.structs.replace(mail, condemned=since))
        sums.condemn(changes, act(mail, keyring), since)
    changes.write()


def acquit(rows: Rows, keyring: Keyring, case: bytes) -> None:
    """Take that back."""
    changes = _changes(rows, keyring)
    changes.put(condemned_key(case, keyring), ())
    for mail in _of_case(rows, case):
        if mail.condemned is not None:
            innocent = msgspec.structs.replace(mail, condemned=None)
            changes.replace(innocent)
            sums.acquit(changes, act(innocent, keyring))
    changes.write()


def forget(rows: Rows, keyring: Keyring, address: str) -> int:
    """Remove a person: its mails, what they taught, what others' mails say of it, what is sealed; how many mails."""
    rows.database.begin()
    count = 0
    for mails in _all(rows):
        changes = _changes(rows, keyring)
        own = [one for one in mails if one.sender == address]
        remove(changes, own)
        for one in own:
            changes.put(condemned_key(one.case, keyring), ())
            notes.unsay(rows.database, keyring, one.case.hex())
        for one in mails:
            if one.sender != address and address in one.people:
                _take_out(changes, one, address)
        changes.put(keyring.number("sender", address), records.SenderHabit())
        changes.write()
        count += len(own)
    sealed.forget(
        rows.database,
        keyring.number("sender", address),
        keyring.number("who", address).to_bytes(8, "big", signed=True),
    )
    notes.forget(rows.database, keyring, address)
    return count


def _take_out(changes: Changes, mail: Document, address: str) -> None:
    """Somebody else's mail without this person; its place stays, so that what the mail taught can be taken back."""
    keyring = changes.keyring
    people = tuple("" if one == address else one for one in mail.people)
    changes.replace(msgspec.structs.replace(mail, people=people))
    changes.put(pair_key(mail.sender, address, keyring), records.PairHabit())
    key, known = keyring.number("sender", mail.sender), who(address, keyring)
    habit = changes.sender(key)
    habit.recipients.pop(known, None)
    habit.groups = tuple(one for one in habit.groups if known not in one.members)
    changes.put(key, habit)


def _changes(rows: Rows, keyring: Keyring) -> Changes:
    rows.database.begin()
    rows.look()
    return Changes(rows, keyring)


def _of_case(rows: Rows, case: bytes) -> list[Document]:
    rows.write()
    found = rows.database.read(_BY_CASE, {"of": case_key(case)})
    return [one for one in (records.document(data) for (data,) in found) if one.case == case]


def _all(rows: Rows) -> Iterator[list[Document]]:
    last = 0
    rows.write()
    while found := rows.database.read(_ON, {"after": last, "most": AT_ONCE}):
        mails = [records.document(data) for (data,) in found]
        yield mails
        last = mails[-1].number
