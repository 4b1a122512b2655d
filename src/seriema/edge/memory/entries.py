"""Reading and changing entries and documents inside one piece of work, each row read and written once.

Entries lead from a keyed hash to mails. By the purpose of its key a ring means:

- ``id``: mails with that Message-ID; marked (negative): the first mails that cite it while no such mail is remembered
- ``case``: the same for a mail without Message-ID, by its case
- ``subject``: mails with that bare subject
- ``authored``: mails that a person wrote on a day, by address and by name
- ``print``: mails whose reply holds a piece of text
- ``member``: mails in which an archive's member of that name, size and CRC-32 was opened
- ``talk``: mails of a conversation of more than one mail; marked: mails that connect it with another conversation

and two are no rings: ``sender`` and ``pair`` (``records.SenderHabit``, ``records.PairHabit``).
"""

from collections.abc import Iterable

from seriema.edge.memory import records
from seriema.edge.memory.database import Database
from seriema.edge.memory.records import Document
from seriema.edge.memory.schema import ENTRY, MAIL
from seriema.edge.memory.statement import lookups

#: Most mails a ring keeps, by the purpose of its key.
MOST = {"id": 8, "case": 8, "subject": 32, "authored": 16, "print": 8, "member": 8, "talk": 64}
#: Most mails that are noted as citing an id that is not remembered, and most that connect a conversation with others.
MOST_CITING, MOST_LINKS = 4, 8


def entries(database: Database, keys: Iterable[int]) -> dict[int, bytes]:
    """The values of those keys that there are."""
    found: dict[int, bytes] = {}
    for query, values in lookups(keys, ENTRY.c.key, ENTRY.c.key, ENTRY.c.value):
        found.update(database.read(query, values))
    return found


def documents(database: Database, numbers: Iterable[int]) -> dict[int, Document]:
    """The facts about those mails that are remembered."""
    found: dict[int, Document] = {}
    for query, values in lookups(numbers, MAIL.c.number, MAIL.c.document):
        for (data,) in database.read(query, values):
            one = records.document(data)
            found[one.number] = one
    return found
