"""The same things as ``seriema scan`` and ``seriema reopen``, as Python functions.

``seriema.scan(raw) -> Case``; ``seriema.open_kept(case, passwords, memory=…) -> tuple[Case, ...]``.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

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


def open_kept(
    case: str,
    passwords: Sequence[str],
    *,
    memory: str,
    policy: str = "balanced",
    as_of: datetime | None = None,
) -> tuple[Case, ...]:
    """Open what a scanned mail left locked, with passwords that a person gave later.

    ``case`` is the mail's case id, ``memory`` where it was remembered. The mail's new case comes first, then those of
    the same people's other mails that the passwords opened, too; each says what it supersedes. Empty when nothing
    opened.
    ``as_of`` is now unless given. Raises InputError when no locked file of such a mail is kept, ConfigurationError for
    policy or memory, and ServiceError when no worker can be started.
    """
    settings = config.load()
    chosen = replace(
        settings, policy=replace(settings.policy, name=policy), memory=replace(settings.memory, url=memory)
    )
    return asyncio.run(_open_kept(case, passwords, as_of or datetime.now(UTC), chosen))


async def _open_kept(
    case: str, passwords: Sequence[str], as_of: datetime, settings: config.Settings
) -> tuple[Case, ...]:
    async with session.opened(settings) as opened:
        return await flow.open_kept(case, passwords, as_of, opened.edge, opened.rules)


async def _scan(
    raw: bytes, history: Sequence[bytes], passwords: Sequence[str], settings: config.Settings, source: str
) -> Case:
    async with session.opened(settings, passwords) as opened:
        for number, old in enumerate(history):
            await flow.learn(flow.Incoming(f"history#{number}", old), opened.edge, opened.rules)
        cases = await flow.handle(flow.Incoming(source, raw), opened.edge, opened.rules)
    return cases[0]
