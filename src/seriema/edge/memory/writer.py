"""What is queued for the database, and when it is written and committed.

What was queued is written before anything is read, so that a look-up sees every mail that was queued before it, and
equal order of calls gives equal answers. It is committed when somebody waits for it, together with whatever else is
queued by then; nobody waits for a batch to fill. An SQLite commit (a tenth of a millisecond, no sync of the disk)
happens in the caller's thread: a hop into another one costs more. One over the network gets a thread of its own.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from seriema.edge.memory.entries import Rows
from seriema.edge.memory.facts import Facts

#: So many queued things are committed without anybody waiting for them: learning never piles up more.
MOST_QUEUED = 256

#: Anything but a mail that is to be written; done again when it could not be committed.
Work = Callable[[], None]


class Writer:
    """The queue of one memory. ``store`` writes mails that follow each other together."""

    def __init__(self, rows: Rows, store: Callable[[Sequence[Facts]], None]) -> None:
        self._rows, self._database, self._store = rows, rows.database, store
        self._queue: deque[Facts | Work] = deque()
        self._uncommitted: list[Facts | Work] = []
        self._queued = self._written = self._committed = 0
        self._lock = threading.RLock()
        self._thread = None if rows.database.local else ThreadPoolExecutor(1, "seriema-memory")

    def close(self) -> None:
        """Commit what is queued."""
        try:
            if self._queued > self._committed:
                self.flush()
        finally:
            if self._thread:
                self._thread.shutdown()

    def enqueue(self, item: Facts | Work) -> None:
        """To be written before anything is read, and committed when somebody waits for it."""
        self._queue.append(item)
        self._queued += 1
        if self._queued - self._committed >= MOST_QUEUED:
            self.flush()

    async def stored(self) -> None:
        """Return when everything queued until now is committed."""
        ticket = self._queued
        if self._thread:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, ticket)
        else:
            await asyncio.sleep(0)  # others that are ready to queue do so, and share the commit
            self._commit(ticket)

    def flush(self) -> None:
        """The same without an event loop."""
        self._commit(self._queued)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Alone with the database, everything queued written."""
        with self._lock:
            self._write()
            yield

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Alone with the database; what is written within is committed at the end, or not at all."""
        with self.reading(), self._or_all_again():
            yield
            self._rows.write()
            self._database.commit()
            self._settle_accounts()

    def _commit(self, ticket: int) -> None:
        with self._lock:
            if ticket > self._committed:
                self._write()
                with self._or_all_again():
                    self._rows.write()
                    self._database.commit()
                self._settle_accounts()

    def _settle_accounts(self) -> None:
        self._uncommitted.clear()
        self._committed = self._written

    def _write(self) -> None:
        """Write all that is queued, mails that follow each other together."""
        if not self._queue:
            return
        with self._or_all_again():
            while self._queue:
                first = self._take()
                if not isinstance(first, Facts):
                    first()
                    continue
                mails = [first]
                while self._queue and isinstance(self._queue[0], Facts):
                    mails.append(self._queue[0])
                    self._take()
                self._store(mails)

    def _take(self) -> Facts | Work:
        item = self._queue.popleft()
        self._uncommitted.append(item)
        self._written += 1
        return item

    @contextmanager
    def _or_all_again(self) -> Iterator[None]:
        """When writing or committing fails, everything since the last commit is queued again in its order."""
        done = False
        try:
            yield
            done = True
        finally:
            if not done:
                self._queue.extendleft(reversed(self._uncommitted))
                self._uncommitted.clear()
                self._written = self._committed
                self._rows.give_up()
                self._database.rollback()
