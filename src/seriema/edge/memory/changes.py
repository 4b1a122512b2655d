"""Rows as one piece of work finds and changes them: each read once, worked on as a value, written once."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import bindparam, delete

from seriema.edge.memory import records, tally
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import AccountEvent, Document, PairHabit, SenderHabit
from seriema.edge.memory.schema import ENTRY, MAIL
from seriema.edge.memory.shared import Holder

_REMOVE = delete(MAIL).where(MAIL.c.number == bindparam("mail"))
_REMOVE_ENTRY = delete(ENTRY).where(ENTRY.c.key == bindparam("row"))

_Value = TypeVar("_Value")


class Changes:
    """The rows that one piece of work touches. Nothing is written before ``write``."""

    def __init__(self, rows: Rows, keyring: Keyring) -> None:
        self.rows, self.keyring = rows, keyring
        self._values: dict[int, object] = {}
        self._changed: dict[int, object] = {}
        self._documents: dict[int, Document] = {}
        self._new: dict[int, Document] = {}
        self._again: dict[int, Document] = {}
        self._gone: dict[int, Document] = {}

    def load(self, keys: Iterable[int]) -> None:
        """Have these entries at hand."""
        self.rows.load(keys)

    def ring(self, key: int) -> tuple[int, ...]:
        """A ring as it stands by now."""
        return self._value(key, records.ring, tuple[int, ...])

    def holders(self, key: int) -> tuple[Holder, ...]:
        """Mails that share something."""
        return self._value(key, records.holders, tuple[Holder, ...])

    def accounts(self, key: int) -> tuple[AccountEvent, ...]:
        """What lately came to an organisation."""
        return self._value(key, records.accounts, tuple[AccountEvent, ...])

    def sender(self, key: int) -> SenderHabit:
        """The sums of a sender; to be put back when changed."""
        return self._value(key, records.sender_habit, SenderHabit)

    def pair(self, key: int) -> PairHabit:
        """The sums of a pair; to be put back when changed."""
        return self._value(key, records.pair_habit, PairHabit)

    def put(self, key: int, value: object) -> None:
        """Change an entry; an empty one goes."""
        self._values[key] = self._changed[key] = value

    def documents(self, numbers: Iterable[int]) -> dict[int, Document]:
        """Mails as they stand by now."""
        wanted = set(numbers)
        found = {one: self._documents[one] for one in wanted if one in self._documents}
        found |= self.rows.documents(wanted - found.keys())
        return {number: one for number, one in found.items() if number not in self._gone}

    def add(self, document: Document) -> None:
        """A new mail."""
        self._documents[document.number] = self._new[document.number] = document

    def replace(self, document: Document) -> None:
        """Other facts about a mail that is there."""
        number = document.number
        self._documents[number] = document
        (self._new if number in self._new else self._again)[number] = document

    def remove(self, document: Document) -> None:
        """A mail goes; it must have been written before."""
        self._gone[document.number] = document
        self._again.pop(document.number, None)

    def write(self) -> None:
        """Hand in all that changed; it is written with the next mails' (``Rows.write``), what goes at once."""
        empty = [key for key, value in self._changed.items() if _is_empty(value)]
        entries = {key: records.encode(value) for key, value in self._changed.items() if not _is_empty(value)}
        self.rows.changed(entries, self._new.values(), self._again.values())
        if not empty and not self._gone:
            return
        database = self.rows.database
        self.rows.write()
        if empty:
            database.write(_REMOVE_ENTRY, *({"row": key} for key in sorted(empty)))
        if self._gone:
            tally.kept_number(database, self.rows.edges().number)
            database.write(_REMOVE, *({"mail": number} for number in self._gone))
            tally.counted(database, (one.received for one in self._gone.values()), -1)
        self.rows.removed(empty, self._gone)

    def _value(self, key: int, decode: Callable[[bytes], _Value], empty: Callable[[], _Value]) -> _Value:
        """The value of an entry as it stands by now; the caller knows by the key's purpose what it is."""
        if key not in self._values:
            stored = self.rows.entry(key)
            self._values[key] = empty() if stored is None else decode(stored)
        return self._values[key]  # type: ignore[return-value]  # one purpose, one type


def _is_empty(value: object) -> bool:
    """A ring without mails, or sums to which nothing adds any more."""
    if isinstance(value, SenderHabit):
        return value.sent <= 0 and not (value.answers or value.condemned)
    if isinstance(value, PairHabit):
        return all(way.sent <= 0 for way in value.ways) and not value.condemned
    return not value
