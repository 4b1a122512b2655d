"""``seriema serve``: judge mail on its way. SIGTERM ends it without loss, SIGHUP reads the settings anew."""

import argparse
import asyncio
import logging
import signal
from pathlib import Path

from seriema import config
from seriema.model.errors import ConfigurationError
from seriema.service import log, serve

_LOG = logging.getLogger(__name__)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``serve``."""
    parser.add_argument("--config", type=Path, metavar="FILE", required=True, help="settings, one TOML file")


def run(args: argparse.Namespace) -> int:
    """Serve until told to end."""
    log.begin()
    asyncio.run(_serve(args.config))
    return 0


async def _serve(path: Path) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    async with serve.serving(config.load(path)) as gateway:

        def reload() -> None:
            try:
                serve.reload(gateway, config.load(path))
                _LOG.info("settings read anew")
            except ConfigurationError as error:
                _LOG.error("settings stay as they were: %s", error)

        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, ended.set)
        loop.add_signal_handler(signal.SIGHUP, reload)
        await ended.wait()
        _LOG.info("ending: no more mail is taken, what is here is finished")
