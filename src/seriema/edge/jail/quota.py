"""How much password work each sender may cause in the unlock pool within an hour, and in which order senders get it.

A sender has one mail there at a time; its others wait behind that one and not before other senders' mail. What it may
cause is looked at before each of its mails, and what was spent is charged after it, so it is overdrawn by one mail at
most. Hours are counted from the start of the process, all senders' alike.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

HOUR = 3_600.0


@dataclass(slots=True)
class Turn:
    """One mail's turn. ``paid``: its sender has something left; ``work``: what it spent, to be told before it ends."""

    paid: bool
    work: float = 0.0


class Quota:
    """Shares of one kind of work. ``work``: units a sender may spend in an hour, None for no bound and no order."""

    def __init__(self, work: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.work = work
        self.clock = clock
        self.hour = -1
        self.spent: dict[str, float] = {}
        self.turns: dict[str, asyncio.Lock] = {}
        self.waiting: dict[str, int] = {}

    @asynccontextmanager
    async def turn(self, sender: str) -> AsyncIterator[Turn]:
        """Wait for this sender's turn; those without an address are one sender."""
        if self.work is None:
            yield Turn(paid=True)
            return
        self.waiting[sender] = self.waiting.get(sender, 0) + 1
        try:
            async with self.turns.setdefault(sender, asyncio.Lock()):
                self._begin_hour()
                turn = Turn(paid=self.spent.get(sender, 0.0) < self.work)
                try:
                    yield turn
                finally:
                    if turn.work:
                        self.spent[sender] = self.spent.get(sender, 0.0) + turn.work
        finally:
            self.waiting[sender] -= 1
            if not self.waiting[sender]:
                del self.waiting[sender], self.turns[sender]

    def _begin_hour(self) -> None:
        hour = int(self.clock() // HOUR)
        if hour != self.hour:
            self.hour = hour
            self.spent.clear()
