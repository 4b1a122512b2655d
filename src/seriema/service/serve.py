"""One process: the gateway with its listeners, its upkeep, and its end without loss."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from seriema import config
from seriema.cli import session
from seriema.edge.quarantine import Quarantine
from seriema.model.errors import ConfigurationError, ServiceError
from seriema.service import health
from seriema.service.gateway import Gateway
from seriema.service.journal import Journal
from seriema.service.milter import MilterServer, ServerLimits

_LOG = logging.getLogger(__name__)
#: Seconds between two looks at what waits; what expires is looked for every so many looks.
UPKEEP, EXPIRY = 60.0, 60


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def serving(settings: config.Settings, clock: Callable[[], datetime] = _now) -> AsyncIterator[Gateway]:
    """A gateway that listens until left; it then takes no more mail and finishes what it has.

    Raises ConfigurationError for settings that do not suffice, ServiceError when jail, memory or quarantine fail.
    """
    _expect(settings)
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(
            session.opened(settings, sender_work=settings.service.sender_work or None)
        )
        quarantine, journal = None, None
        if settings.quarantine.folder:
            quarantine = quarantine_of(settings, clock)
            stack.callback(quarantine.close)
            journal = Journal(Path(settings.quarantine.folder) / "in-flight")
        gateway = Gateway(opened, settings, clock, quarantine, journal)
        limits = ServerLimits(connections=settings.service.connections, message_bytes=settings.limits.message_bytes)
        stack.push_async_callback(gateway.finish)
        for place, judge in ((settings.service.milter, gateway.judge), (settings.service.released, gateway.returned)):
            if place:
                await stack.enter_async_context(MilterServer(judge, limits).listening(place))
        if settings.service.http:
            pages = _Pages(gateway, opened, quarantine)
            await stack.enter_async_context(health.listening(settings.service.http, pages))
        upkeep = asyncio.create_task(_keep_up(gateway, opened, quarantine, clock))
        stack.callback(upkeep.cancel)
        _LOG.info(
            "listening at %s, %s mode, jail %s", settings.service.milter, settings.service.mode, opened.jail.level
        )
        yield gateway


def reload(gateway: Gateway, settings: config.Settings) -> None:
    """Judge by new settings from the next mail on. Places, memory, jail and quarantine stay as they were.

    Raises ConfigurationError; then everything stays.
    """
    _expect(settings)
    rules = session.rules_of(settings)
    gateway.rules, gateway.settings = rules, replace(settings, quarantine=gateway.settings.quarantine)
    gateway.outage.hours = settings.service.open_after_hours


def quarantine_of(settings: config.Settings, clock: Callable[[], datetime] = _now) -> Quarantine:
    """The quarantine of the settings. Raises ConfigurationError when they name none."""
    chosen = settings.quarantine
    if not chosen.folder or not chosen.key:
        raise ConfigurationError("the settings name no quarantine: [quarantine] folder and key")
    return Quarantine.open(Path(chosen.folder), Path(chosen.key), chosen.url, timedelta(days=chosen.days), clock)


def _expect(settings: config.Settings) -> None:
    if not settings.service.milter:
        raise ConfigurationError('serve needs a place to listen: [service] milter = "unix:/run/seriema/milter.sock"')
    if settings.memory.url == config.PRIVATE_MEMORY:
        raise ConfigurationError("serve needs a memory that lasts: [memory] url")
    if settings.service.mode == "act" and not (settings.quarantine.folder and settings.quarantine.key):
        raise ConfigurationError('[service] mode "act" needs a quarantine: [quarantine] folder and key')


async def _keep_up(
    gateway: Gateway, opened: session.Session, quarantine: Quarantine | None, clock: Callable[[], datetime]
) -> None:
    looks = 0
    while True:
        await asyncio.sleep(UPKEEP)
        try:
            await gateway.retry()
            if looks % EXPIRY == 0:
                opened.memory.expire(clock())
                if quarantine is not None:
                    await asyncio.to_thread(quarantine.expire)
        except ServiceError as error:
            _LOG.warning("upkeep: %s", error)
        looks += 1


class _Pages:
    """What the health port says."""

    def __init__(self, gateway: Gateway, opened: session.Session, quarantine: Quarantine | None) -> None:
        self._gateway, self._opened, self._quarantine = gateway, opened, quarantine

    def __call__(self, path: str) -> tuple[int, str, str]:
        """Status, content type and text of a page."""
        if path == "/health":
            since = self._gateway.outage.since
            return (503, "text/plain", f"out of order since {since:%F %T}\n") if since else (200, "text/plain", "ok\n")
        if path == "/metrics":
            return 200, "text/plain; version=0.0.4", self._gateway.metrics.text(self._gauges())
        return 404, "text/plain", "/health and /metrics\n"

    def _gauges(self) -> dict[str, dict[str, float]]:
        gauges = {
            "seriema_jail": {f'level="{self._opened.jail.level}"': 1.0},
            "seriema_out_of_order": {"": 1.0 if self._gateway.outage.since else 0.0},
        }
        if self._quarantine is not None:
            try:
                counts = self._quarantine.counts()
            except ServiceError:
                return gauges
            gauges["seriema_quarantine_recipients"] = {f'state="{one}"': count for one, count in counts.items()}
        return gauges
