"""An open memory: what all of its parts share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from seriema.edge.memory import sealed
from seriema.edge.memory.database import Database
from seriema.edge.memory.entries import Rows
from seriema.edge.memory.facts import Facts
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.recall import AsOf
from seriema.edge.memory.records import microseconds
from seriema.edge.memory.removal import Bounds, make_room
from seriema.edge.memory.sealed import Sealing
from seriema.edge.memory.store import store
from seriema.edge.memory.writer import Writer
from seriema.model.case import Evidence


@dataclass(frozen=True, slots=True)
class Retention:
    """How much is remembered, and the mailboxes (address keys) of whose mails nothing is kept."""

    bounds: Bounds = Bounds()
    excluded: frozenset[str] = frozenset()


class Opened:
    """A database with its key, its rows, its queue, and what was set."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        own_domains: frozenset[str],
        retention: Retention,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._keyring, self._own_domains, self._clock = database, keyring, own_domains, clock
        self._retention = retention
        self._rows = Rows(database)
        self._writer = Writer(self._rows, self._store)

    def _now(self) -> int:
        return microseconds(self._clock())

    def _store(self, mails: Sequence[Facts]) -> None:
        store(self._rows, self._keyring, mails)
        self._make_room(len(mails))

    def _make_room(self, stored: int) -> int:
        """A private memory forgets all at its end, and is filled with mails of any time: it has no days to keep."""
        bounds = self._retention.bounds
        if not self._database.lasting:
            bounds = Bounds(bounds.most_mails)
        if bounds == Bounds():
            return 0
        return make_room(self._rows, self._keyring, bounds, self._now(), stored, ours_known=bool(self._own_domains))

    def _excluded(self, evidence: Evidence) -> bool:
        """It is from or to somebody of whom nothing is kept."""
        message, names = evidence.message, self._retention.excluded
        return bool(names) and any(one.key in names for one in (message.sender, *message.recipients))

    def _keep(self, evidence: Evidence, sealing: Sealing) -> None:
        """Queue something to be sealed."""
        if not self._excluded(evidence):
            self._writer.enqueue(partial(sealed.keep, self._database, sealing))


def asking(before: datetime, case: str) -> AsOf:
    """The moment of a look-up and the mail that asks, by its case."""
    return AsOf(microseconds(before), bytes.fromhex(case) if case else b"")
