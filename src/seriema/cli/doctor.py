"""``seriema doctor``: what works here, what does not, and which line to change."""

import argparse
import asyncio
import platform
from importlib.metadata import version

from seriema import config
from seriema.cli import scan, session

_LEVELS = ("weak", "reduced", "strong")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``doctor``."""
    scan.judging(parser)


def run(args: argparse.Namespace) -> int:
    """Print one line for each thing that was checked; exit 1 when something must be mended."""
    return asyncio.run(_doctor(scan.settings(args)))


async def _doctor(settings: config.Settings) -> int:
    print(f"seriema {version('seriema')} on Python {platform.python_version()}, Linux {platform.release()}")
    policy = config.policy(settings)
    print(f"ok    policy {policy.name}, {len(policy.partners)} partners that send locked files")
    async with session.opened(settings) as opened:
        mended = _jail(opened)
        await _ocr(opened)
        facts = opened.memory.facts()
        print(f"ok    memory {settings.memory.url}: {facts.mails} mails remembered, schema {facts.revision}")
    return 0 if mended else 1


async def _ocr(opened: session.Session) -> None:
    tool = await opened.ocr.tool()
    if tool.trouble:
        print(f"no    pictures beside locked files are not read: {tool.trouble}")
    else:
        print(f"ok    {tool.program} reads pictures beside locked files, {tool.level}: {', '.join(tool.languages)}")


def _jail(opened: session.Session) -> bool:
    for layer in opened.jail.layers:
        print(f"{'ok   ' if layer.holds else 'no   '} {layer.name}: {layer.reason}")
    strong = opened.jail.level != _LEVELS[0]
    print(f"{'ok   ' if strong else 'MEND '} jail is {opened.jail.level}, {opened.parallel - 2} workers")
    if not strong:
        print('      run Seriema where seccomp or Landlock is allowed, or accept it with [jail] least = "weak"')
    return strong
