"""Reading and changing entries and documents inside one piece of work, each row read and written once.

Entries lead from a keyed hash to mails. By the purpose of its key a ring means:

- ``id``: mails with that Message-ID; marked (negative): the first mails that cite it while no such mail is remembered
- ``case``: the same for a mail without Message-ID, by its case
- ``subject``: mails with that bare subject
- ``authored``: mails that a person wrote on a day, by address and by name
- ``print``: mails whose reply holds a piece of text
- ``member``: mails in which an archive's member of that name, size and CRC-32 was opened
- ``name``: the first mails of senders who bear that display name; marked: of those whom our people write to
- ``condemned``: no mail, but the moment from which on the mail of that case is known to be harmful
- ``talk``: mails of a conversation of more than one mail; marked: mails that connect it with another conversation

The others are no rings: ``sender`` and ``pair`` (``records.SenderHabit``, ``records.PairHabit``), ``came`` (what lately
came to an organisation, ``records.AccountEvent``), and what mails of several senders hold (``shared``).
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import bindparam, insert, update

from seriema.edge.memory import records, tally
from seriema.edge.memory.database import Database
from seriema.edge.memory.records import Document
from seriema.edge.memory.schema import ENTRY, MAIL
from seriema.edge.memory.statement import lookups
from seriema.edge.memory.tally import Edges
from seriema.model.thread import Remembered

#: Most mails a ring keeps, by the purpose of its key.
MOST = {"id": 8, "case": 8, "subject": 32, "authored": 16, "print": 8, "member": 8, "talk": 64}
#: Most mails that are noted as citing an id that is not remembered, and most that connect a conversation with others.
MOST_CITING, MOST_LINKS = 4, 8


#: Bytes of rows that are kept, about; what a row takes in memory besides its stored bytes.
KEPT_BYTES, ROW_BYTES = 24 << 20, 400

_ENTRIES = (ENTRY.c.key, ENTRY.c.key, ENTRY.c.value)
_DOCUMENTS = (MAIL.c.number, MAIL.c.document)

_INSERT = insert(MAIL)
_REPLACE = update(MAIL).where(MAIL.c.number == bindparam("mail")).values(document=bindparam("content"))


class Rows:
    """Rows as they stand now, each read from the database once and kept as long as nobody else writes.

    Joining, judging and storing one mail ask for much the same rows, and the next mails for many of them again. Where
    the database does not tell that somebody else wrote (``Database.version``), they are kept for one piece of work.
    """

    __slots__ = (
        "_again",
        "_documents",
        "_edges",
        "_entries",
        "_new",
        "_remembered",
        "_room",
        "_version",
        "_waiting",
        "database",
    )

    def __init__(self, database: Database) -> None:
        self.database = database
        self._version: object = None
        self._waiting: dict[int, bytes] = {}
        self._new: dict[int, bytes] = {}
        self._again: dict[int, bytes] = {}
        self._forget()

    def look(self) -> None:
        """Forget what may stand no more. To be called before every look-up and after the beginning of every write."""
        version = self.database.version()
        if version != self._version or self._room < 0:
            self.write()
            self._forget()
            self._version = version

    def _forget(self) -> None:
        self._entries: dict[int, bytes | None] = {}
        self._documents: dict[int, Document] = {}
        self._remembered: dict[int, Remembered] = {}
        self._edges: Edges | None = None
        self._room = KEPT_BYTES

    def load(self, keys: Iterable[int]) -> None:
        """Have these entries at hand."""
        missing = [one for one in dict.fromkeys(keys) if one not in self._entries]
        if missing:
            self._entries.update(dict.fromkeys(missing))
            self._room -= ROW_BYTES * len(missing)
            for query, values in lookups(missing, *_ENTRIES):
                for key, value in self.database.read(query, values):
                    self._entries[key] = value
                    self._room -= len(value)

    def entry(self, key: int) -> bytes | None:
        """The value of a key; None when there is none."""
        if key not in self._entries:
            self.load((key,))
        return self._entries[key]

    def ring(self, key: int) -> tuple[int, ...]:
        """The numbers that a key leads to."""
        value = self.entry(key)
        return records.ring(value) if value else ()

    def documents(self, numbers: Iterable[int]) -> dict[int, Document]:
        """The facts about those mails that are remembered."""
        wanted = set(numbers)
        missing = [one for one in wanted if one not in self._documents]
        for query, values in lookups(missing, *_DOCUMENTS):
            for (data,) in self.database.read(query, values):
                self._known(records.document(data), len(data))
        return {one: self._documents[one] for one in wanted if one in self._documents}

    def remembered(self, mail: Document, conversation: bytes) -> Remembered:
        """A mail as rooms read it, in the conversation it belongs to by now."""
        known = self._remembered.get(mail.number)
        if known is None or known.conversation != conversation.hex():
            known = self._remembered[mail.number] = mail.remembered(conversation)
        return known

    def edges(self) -> Edges:
        """What mails there are in all."""
        if self._edges is None:
            self.write()
            self._edges = tally.edges(self.database)
        return self._edges

    def before(self, moment: int, number: int) -> tuple[int, int | None]:
        """How many mails came before a moment (``tally``)."""
        known = self.edges()
        if known.last is not None and known.last >= moment:
            self.write()
        return tally.before(self.database, known, moment, number)

    def changed(self, entries: Mapping[int, bytes], new: Iterable[Document], again: Iterable[Document]) -> None:
        """Take note of entries, of new mails and of mails with other facts; within a write."""
        self._entries.update(entries)
        self._waiting.update(entries)
        self._room -= ROW_BYTES * len(entries) + sum(map(len, entries.values()))
        received = []
        for document in new:
            self._new[document.number] = self._keep(document)
            received.append(document.received)
        for document in again:
            self._remembered.pop(document.number, None)
            (self._new if document.number in self._new else self._again)[document.number] = self._keep(document)
        if received and self._edges:
            self._edges = self._edges.with_more(received)

    def write(self) -> None:
        """Write what waits: rows that many mails touch are written once for all of them."""
        if not (self._waiting or self._new or self._again):
            return
        database = self.database
        database.upsert(ENTRY, [{"key": key, "value": self._waiting[key]} for key in sorted(self._waiting)])
        if self._new:
            database.write(_INSERT, *(_row(self._documents[one], data) for one, data in self._new.items()))
            tally.counted(database, (self._documents[one].received for one in self._new))
        for number, data in self._again.items():
            database.write(_REPLACE, {"mail": number, "content": data})
        self._nothing_waits()

    def _nothing_waits(self) -> None:
        self._waiting.clear()
        self._new.clear()
        self._again.clear()

    def give_up(self) -> None:
        """Nothing waits any more, and nothing that was read stands."""
        self._nothing_waits()
        self._forget()

    def removed(self, entries: Iterable[int], mails: Collection[int]) -> None:
        """Take note of what was just removed."""
        self._entries.update(dict.fromkeys(entries))
        for number in mails:
            self._documents.pop(number, None)
            self._remembered.pop(number, None)
        if mails:
            self._edges = None

    def _keep(self, document: Document) -> bytes:
        data = records.encode(document)
        self._known(document, len(data))
        return data

    def _known(self, document: Document, size: int) -> None:
        self._documents[document.number] = document
        self._room -= ROW_BYTES + 3 * size  # read, and as rooms read it


def case_key(case: bytes) -> int:
    """The first 64 bits of a case, by which a mail is found."""
    return int.from_bytes(case[:8], "big", signed=True)


def _row(document: Document, data: bytes) -> dict[str, object]:
    case = case_key(document.case)
    return {"number": document.number, "received": document.received, "document": data, "case": case}
