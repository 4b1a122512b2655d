"""Queued mails → rows: one document each, and the entries that change, every row read and written once a batch."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from seriema.edge.memory import sums
from seriema.edge.memory.acts import Act, act, condemned_key, talk_key
from seriema.edge.memory.changes import Changes
from seriema.edge.memory.entries import MOST, MOST_CITING, MOST_LINKS, Rows
from seriema.edge.memory.facts import Facts
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.records import Document
from seriema.edge.memory.rings import added, entered, pinned
from seriema.edge.memory.shared import entered as shared_entered

#: Conversations that one mail may connect with its own.
MOST_CONNECTED = 4


def store(rows: Rows, keyring: Keyring, mails: Sequence[Facts]) -> None:
    """Write mails in their order. One that is there already only gets its new tier: storing twice changes nothing."""
    rows.database.begin()
    rows.look()
    batch = _Batch(rows, keyring, mails)
    batch.add_all()
    batch.changes.write()


class _Batch:
    """The rows one batch touches, as they were read and as they become."""

    def __init__(self, rows: Rows, keyring: Keyring, mails: Sequence[Facts]) -> None:
        self._keyring, self._facts = keyring, mails
        self._acts = [act(one.document, keyring) for one in mails]
        self.changes = Changes(rows, keyring)
        keys = [key for one in mails for key in _keys(one, keyring)]
        self.changes.load([*keys, *(key for one in self._acts for key in one.rows())])
        self._next = rows.edges().number + 1
        cited = {abs(number) for one in mails for key in (one.own, *one.ancestors) for number in self._ring(key)}
        self.changes.documents(cited)

    def add_all(self) -> None:
        """Work out what the mails change."""
        for mail, told in zip(self._facts, self._acts, strict=True):
            self._add(mail, told)

    def _add(self, mail: Facts, told: Act) -> None:
        before = next((one for one in self._mails(mail.own, 1) if one.case == mail.document.case), None)
        if before:
            self._judge_again(before, mail.document)
            return
        number, self._next = self._next, self._next + 1
        document = self._placed(mail, number)
        cites = self._enter_ids(mail, number)
        members = tuple(key for purpose, key in mail.rings if purpose == "member")
        document = msgspec.structs.replace(document, leads=(*cites, *members), shares=mail.shared)
        self._enter_conversations(document)
        for purpose, key in mail.rings:
            self._put(key, added(self._ring(key), number, MOST[purpose]))
        told.document = document
        for key in mail.shared:
            self._put(key, shared_entered(self.changes.holders(key), number, told.account))
        sums.teach(self.changes, told)
        known = self.changes.ring(condemned_key(document.case, self._keyring))
        if known:
            sums.condemn(self.changes, told, known[0])
            document = msgspec.structs.replace(document, condemned=known[0])
        self.changes.add(document)

    def _placed(self, mail: Facts, number: int) -> Document:
        """The document with its number, its conversation, and the others that its header ids connect with it."""
        linked = [*self._mails(mail.own, -1), *self._mails(mail.own, 1)]
        for key in mail.ancestors:
            linked += [*self._mails(key, 1), *self._mails(key, -1)]
        own = mail.document.conversation if mail.known or not linked else linked[0].conversation
        connected = {own, *(link for one in linked for link in one.links)}
        links = tuple(dict.fromkeys(one.conversation for one in linked if one.conversation not in connected))
        return msgspec.structs.replace(mail.document, number=number, conversation=own, links=links[:MOST_CONNECTED])

    def _enter_ids(self, mail: Facts, number: int) -> list[int]:
        """It stands under its own id, and under those it cites while nobody else does; the latter."""
        self._put(mail.own, entered(self._ring(mail.own), number, MOST["id"]))
        cites = []
        for key in mail.ancestors:
            ring = self._ring(key)
            if len(ring) < MOST_CITING and all(one < 0 for one in ring):
                self._put(key, (*ring, -number))
                cites.append(key)
        return cites

    def _enter_conversations(self, document: Document) -> None:
        own = talk_key(document.conversation, self._keyring)
        self._put(own, entered(self._ring(own), document.number, MOST["talk"]))
        for key in (own, *(talk_key(one, self._keyring) for one in document.links)) if document.links else ():
            self._put(key, pinned(self._ring(key), document.number, MOST["talk"], MOST_LINKS))

    def _judge_again(self, before: Document, now: Document) -> None:
        """Another tier; where it makes the mail fit for habits or unfit, the sums learn it anew."""
        if before.tier == now.tier:
            return
        again = msgspec.structs.replace(before, tier=now.tier, flags=now.flags)
        if before.good != again.good:
            sums.unteach(self.changes, act(before, self._keyring))
            sums.teach(self.changes, act(again, self._keyring))
            if again.condemned is not None:
                sums.condemn(self.changes, act(again, self._keyring), again.condemned)
        self.changes.replace(again)

    def _mails(self, key: int, sign: int) -> Iterator[Document]:
        """The mails in a ring, plain (1) or marked (-1)."""
        numbers = [one * sign for one in self._ring(key) if one * sign > 0]
        mails = self.changes.documents(numbers)
        yield from (mails[one] for one in numbers if one in mails)

    def _ring(self, key: int) -> tuple[int, ...]:
        return self.changes.ring(key)

    def _put(self, key: int, value: tuple[object, ...]) -> None:
        self.changes.put(key, value)


def _keys(mail: Facts, keyring: Keyring) -> Iterable[int]:
    yield from (mail.own, *mail.ancestors, *(key for _, key in mail.rings), *mail.shared)
    yield talk_key(mail.document.conversation, keyring)
    yield condemned_key(mail.document.case, keyring)
