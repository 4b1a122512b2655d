"""A pool: as many slots as workers, handed out in the order of asking.

A slot holds a worker or is empty. Whoever gets an empty slot fills it, so nobody waits for a worker that will never
come; a pool that is ``eager`` fills its slots in the background besides, so that ordinary mail finds a worker ready.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress

from seriema.edge.jail.cell import Cell
from seriema.edge.jail.settings import Layer, Terms, level, meets
from seriema.edge.jail.spawner import Spawner
from seriema.model.errors import JailUnavailable


class Pool:
    """Workers of one kind. ``mails``: how many mails one of them reads before it is replaced."""

    def __init__(self, spawner: Spawner, terms: Terms, least: str, workers: int, mails: int, *, eager: bool) -> None:
        self.spawner = spawner
        self.terms = terms
        self.least = least
        self.layers: dict[str, Layer] = {}  #: one that failed in any worker stays as it was there
        self.mails = mails
        self.eager = eager
        self.slots: asyncio.Queue[Cell | None] = asyncio.Queue()
        self.cells: set[Cell] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.closed = False
        for _ in range(workers):
            self.slots.put_nowait(None)

    async def fill(self) -> None:
        """Put a worker into every empty slot. Raises JailUnavailable."""
        found = [self.slots.get_nowait() for _ in range(self.slots.qsize())]
        for cell in found:
            self.slots.put_nowait(cell or await self._spawn())

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Cell]:
        """A worker for one mail. Raises JailUnavailable when none can be started."""
        cell = await self._take()
        try:
            yield cell
        except BaseException:
            self._replace(cell)
            raise
        if cell.trouble or cell.tired or cell.mails >= self.mails:
            self._replace(cell)
        else:
            self.slots.put_nowait(cell)

    async def close(self) -> None:
        """End all workers. Who waits for one, or has a mail in one, gets JailUnavailable."""
        self.closed = True
        for cell in tuple(self.cells):
            self._bury(cell)
        self.slots.put_nowait(None)
        while self.tasks:
            await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _take(self) -> Cell:
        cell = await self.slots.get()
        try:
            if cell and not cell.quiet:
                self._bury(cell)
                cell = None
            return cell or await self._spawn()
        except BaseException:
            self.slots.put_nowait(None)
            raise

    async def _spawn(self) -> Cell:
        self.expect_open()
        try:
            cell = await Cell.spawn(self.spawner, self.terms)
        except OSError as error:
            raise JailUnavailable(f"no isolated worker: {error.strerror}") from error
        self.cells.add(cell)
        try:
            self.expect_open()
            self._expect_isolation(cell.layers)
        except JailUnavailable:
            self._bury(cell)
            raise
        return cell

    def expect_open(self) -> None:
        """Raises JailUnavailable after ``close``."""
        if self.closed:
            raise JailUnavailable("the jail is closed")

    def _expect_isolation(self, layers: tuple[Layer, ...]) -> None:
        failed = {name: layer for name, layer in self.layers.items() if not layer.holds}
        self.layers = {layer.name: layer for layer in layers} | failed
        found = level(layers)
        if not meets(found, self.least):
            missing = "; ".join(f"{layer.name}: {layer.reason}" for layer in layers if not layer.holds)
            raise JailUnavailable(f"isolation is only {found}, {self.least} is asked for ({missing})")

    def _replace(self, cell: Cell) -> None:
        self._bury(cell)
        if self.eager and not self.closed:
            self._later(self._refill())
        else:
            self.slots.put_nowait(None)

    async def _refill(self) -> None:
        cell = None
        try:
            with suppress(JailUnavailable):  # the next mail tries again and is told
                cell = await self._spawn()
        finally:
            self.slots.put_nowait(cell)

    def _bury(self, cell: Cell) -> None:
        cell.close()
        self.cells.discard(cell)
        self._later(cell.end())

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
