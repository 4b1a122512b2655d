"""Reading and changing entries and documents inside one piece of work, each row read and written once.

Entries lead from a keyed hash to mails. By the purpose of its key a ring means:

- ``id``: mails with that Message-ID; marked (negative): the first mails that cite it while no such mail is remembered
- ``case``: the same for a mail without Message-ID, by its case
- ``subject``: mails with that bare subject
- ``authored``: mails that a person wrote on a day, by address and by name
- ``print``: mails whose reply holds a piece of text
- ``talk``: mails of a conversation of more than one mail; marked: mails that connect it with another conversation

and two are no rings: ``sender`` and ``pair`` (``records.SenderHabit``, ``records.PairHabit``).
"""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from seriema.edge.memory import records
from seriema.edge.memory.database import Database, chunks
from seriema.edge.memory.records import Document
from seriema.edge.memory.schema import ENTRY, MAIL

#: Most mails a ring keeps, by the purpose of its key.
MOST = {"id": 8, "case": 8, "subject": 32, "authored": 16, "print": 8, "talk": 64}
#: Most mails that are noted as citing an id that is not remembered, and most that connect a conversation with others.
MOST_CITING, MOST_LINKS = 4, 8

_ENTRIES = select(ENTRY.c.key, ENTRY.c.value).where(ENTRY.c.key.in_(bindparam("keys", expanding=True)))
_DOCUMENTS = select(MAIL.c.document).where(MAIL.c.number.in_(bindparam("numbers", expanding=True)))


def entries(database: Database, keys: Iterable[int]) -> dict[int, bytes]:
    """The values of those keys that there are."""
    found: dict[int, bytes] = {}
    for some in chunks(keys):
        found.update((key, value) for key, value in database.read(_ENTRIES, {"keys": some}))
    return found


def documents(database: Database, numbers: Iterable[int]) -> dict[int, Document]:
    """The facts about those mails that are remembered."""
    found: dict[int, Document] = {}
    for some in chunks(numbers):
        for (data,) in database.read(_DOCUMENTS, {"numbers": some}):
            one = records.document(data)
            found[one.number] = one
    return found
