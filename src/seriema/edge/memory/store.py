"""Queued mails → rows: one document each, and the entries that change, every row read and written once a batch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import bindparam, insert, update

from seriema.edge.memory import records, tally
from seriema.edge.memory.entries import MOST, MOST_CITING, MOST_LINKS, Rows
from seriema.edge.memory.facts import Facts
from seriema.edge.memory.habits import Act, pair_did, sender_did
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import Document, PairHabit, SenderHabit
from seriema.edge.memory.rings import added, entered, pinned
from seriema.edge.memory.schema import ENTRY, MAIL

#: Conversations that one mail may connect with its own.
MOST_CONNECTED = 4

_INSERT = insert(MAIL)
_REPLACE = update(MAIL).where(MAIL.c.number == bindparam("mail")).values(document=bindparam("content"))

_Value = TypeVar("_Value")


def store(rows: Rows, keyring: Keyring, mails: Sequence[Facts]) -> None:
    """Write mails in their order. One that is there already only gets its new tier: storing twice changes nothing."""
    rows.database.begin()
    rows.look()
    batch = _Batch(rows, keyring, mails)
    for one in mails:
        batch.add(one)
    batch.write()


class _Batch:
    """The rows one batch touches, as they were read and as they become."""

    def __init__(self, rows: Rows, keyring: Keyring, mails: Sequence[Facts]) -> None:
        self._rows, self._keyring = rows, keyring
        rows.load(key for one in mails for key in _keys(one, keyring))
        self._values: dict[int, object] = {}
        self._changed: dict[int, object] = {}
        cited = {abs(number) for one in mails for key in (one.own, *one.ancestors) for number in self._ring(key)}
        self._documents = rows.documents(cited)
        self._next = rows.edges().number + 1
        self._new: list[Document] = []
        self._judged_again: list[Document] = []

    def add(self, mail: Facts) -> None:
        """Work out what one mail changes."""
        before = next((one for one in self._mails(mail.own, 1) if one.case == mail.document.case), None)
        if before:
            self._judge_again(before, mail.document.tier)
            return
        document = self._placed(mail)
        self._documents[document.number] = document
        self._new.append(document)
        self._enter_ids(mail, document.number)
        self._enter_conversations(document)
        for purpose, key in mail.rings:
            self._put(key, added(self._ring(key), document.number, MOST[purpose]))
        self._teach(mail, document)

    def write(self) -> None:
        """Write all that changed."""
        database = self._rows.database
        entries = {key: records.encode(value) for key, value in self._changed.items()}
        database.upsert(ENTRY, [{"key": key, "value": value} for key, value in entries.items()])
        documents = [(one, records.encode(one)) for one in (*self._new, *self._judged_again)]
        new, again = documents[: len(self._new)], documents[len(self._new) :]
        if new:
            database.write(_INSERT, *({"number": m.number, "received": m.received, "document": d} for m, d in new))
            tally.counted(database, (one.received for one in self._new))
        for one, data in again:
            database.write(_REPLACE, {"mail": one.number, "content": data})
        self._rows.wrote(entries, new, again)

    def _placed(self, mail: Facts) -> Document:
        """The document with its number, its conversation, and the others that its header ids connect with it."""
        linked = [*self._mails(mail.own, -1), *self._mails(mail.own, 1)]
        for key in mail.ancestors:
            linked += [*self._mails(key, 1), *self._mails(key, -1)]
        own = mail.document.conversation if mail.known or not linked else linked[0].conversation
        connected = {own, *(link for one in linked for link in one.links)}
        links = tuple(dict.fromkeys(one.conversation for one in linked if one.conversation not in connected))
        number, self._next = self._next, self._next + 1
        return msgspec.structs.replace(mail.document, number=number, conversation=own, links=links[:MOST_CONNECTED])

    def _enter_ids(self, mail: Facts, number: int) -> None:
        """It stands under its own id, and under those it cites while nobody else does."""
        self._put(mail.own, entered(self._ring(mail.own), number, MOST["id"]))
        for key in mail.ancestors:
            ring = self._ring(key)
            if len(ring) < MOST_CITING and all(one < 0 for one in ring):
                self._put(key, (*ring, -number))

    def _enter_conversations(self, document: Document) -> None:
        own = talk_key(document.conversation, self._keyring)
        self._put(own, entered(self._ring(own), document.number, MOST["talk"]))
        for key in (own, *(talk_key(one, self._keyring) for one in document.links)) if document.links else ():
            self._put(key, pinned(self._ring(key), document.number, MOST["talk"], MOST_LINKS))

    def _teach(self, mail: Facts, document: Document) -> None:
        act = Act(
            received=document.received,
            number=document.number,
            conversation=int.from_bytes(document.conversation[:4], "big"),
            language=document.language,
            kinds=mail.kinds,
            locked=mail.locked,
            recipients=mail.recipients,
        )
        if mail.sender is not None:
            sender = self._value(mail.sender, records.sender_habit, SenderHabit)
            sender_did(sender, act)
            self._put(mail.sender, sender)
        for key, way in mail.pairs:
            pair = self._value(key, records.pair_habit, PairHabit)
            pair_did(pair, act, way)
            self._put(key, pair)

    def _judge_again(self, before: Document, tier: str) -> None:
        if before.tier != tier:
            again = msgspec.structs.replace(before, tier=tier)
            self._documents[again.number] = again
            if before in self._new:
                self._new[self._new.index(before)] = again
            else:
                self._judged_again.append(again)

    def _mails(self, key: int, sign: int) -> Iterator[Document]:
        """The mails in a ring, plain (1) or marked (-1)."""
        for number in self._ring(key):
            document = self._documents.get(number * sign)
            if document:
                yield document

    def _ring(self, key: int) -> tuple[int, ...]:
        return self._value(key, records.ring, tuple[int, ...])

    def _value(self, key: int, decode: Callable[[bytes], _Value], empty: Callable[[], _Value]) -> _Value:
        """The value of an entry as it stands by now; the caller knows by the key's purpose what it is."""
        if key not in self._values:
            stored = self._rows.entry(key)
            self._values[key] = empty() if stored is None else decode(stored)
        return self._values[key]  # type: ignore[return-value]  # one purpose, one type

    def _put(self, key: int, value: object) -> None:
        self._values[key] = self._changed[key] = value


def talk_key(conversation: bytes, keyring: Keyring) -> int:
    """The key of a conversation's mails."""
    return keyring.number("talk", conversation.hex())


def _keys(mail: Facts, keyring: Keyring) -> Iterable[int]:
    yield from (mail.own, *mail.ancestors, *(key for _, key in mail.rings), *(key for key, _ in mail.pairs))
    yield talk_key(mail.document.conversation, keyring)
    if mail.sender is not None:
        yield mail.sender
