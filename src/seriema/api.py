"""The same thing as ``seriema scan``, as a Python function: ``seriema.scan(raw) -> Case``."""

import asyncio
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from seriema import config, flow
from seriema.cli import session
from seriema.model.case import Case


def scan(
    raw: bytes,
    *,
    history: Iterable[bytes] = (),
    passwords: Sequence[str] = (),
    policy: str = "balanced",
    memory: str = config.PRIVATE_MEMORY,
    source: str = "mail",
) -> Case:
    """Judge one mail.

    ``history`` are raw mails that went before, oldest first; ``passwords`` are tried on locked files before all
    others; ``policy`` is a shipped policy's name or a TOML file; ``memory`` an SQLAlchemy URL, by default a
    private memory that is forgotten. Same mail, same history, same version: same case. Raises ConfigurationError for
    policy or memory, and ServiceError when no worker can be started; what the mail does becomes part of its case.
    """
    settings = config.load()
    chosen = replace(
        settings,
        policy=replace(settings.policy, name=policy),
        memory=replace(settings.memory, url=memory),
    )
    return asyncio.run(_scan(raw, tuple(history), passwords, chosen, source))


async def _scan(
    raw: bytes, history: Sequence[bytes], passwords: Sequence[str], settings: config.Settings, source: str
) -> Case:
    async with session.opened(settings, passwords) as opened:
        for number, old in enumerate(history):
            await flow.learn(flow.Incoming(f"history#{number}", old), opened.edge, opened.rules)
        cases = await flow.handle(flow.Incoming(source, raw), opened.edge, opened.rules)
    return cases[0]
