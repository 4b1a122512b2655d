"""A jail full of inmates, in a loop of its own that a whole module of tests shares."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from seriema.edge.jail import Jail, JailSettings

T = TypeVar("T")

#: Nothing here may hang: longer than this is a failure.
PATIENCE = 30.0


class Prison:
    """A running jail and a way to wait for what it does."""

    def __init__(self, runner: asyncio.Runner, jail: Jail) -> None:
        self.runner = runner
        self.jail = jail

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(_patiently(work))

    def holds(self, layer: str) -> bool:
        return any(one.name == layer and one.holds for one in self.jail.layers)


async def _patiently(work: Coroutine[Any, Any, T]) -> T:
    async with asyncio.timeout(PATIENCE):
        return await work


@contextmanager
def prison(settings: JailSettings) -> Iterator[Prison]:
    with asyncio.Runner() as runner:
        running = Jail.start(settings)
        jail = runner.run(_patiently(running.__aenter__()))
        try:
            yield Prison(runner, jail)
        finally:
            runner.run(_patiently(running.__aexit__(None, None, None)))


@pytest.fixture(scope="session")
def build() -> Callable[..., Any]:
    """How a test gets a jail of its own, settings as keywords."""
    return lambda **settings: prison(JailSettings(module="tests.edge.jail.inmate", **settings))


@pytest.fixture(scope="module")
def inmates(build: Callable[..., Any]) -> Iterator[Prison]:
    with build(workers=2) as running:
        yield running
