"""``seriema scan PATH…``: judge mails as of their own times, with only earlier mail remembered."""

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from msgspec.structs import replace

from seriema import config
from seriema.cli import session
from seriema.cli.output import Printer, progress, warn
from seriema.edge.intake import Tally, discover
from seriema.model.case import Case
from seriema.model.verdict import Tier


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``scan``."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="mail, mbox, Maildir, folder, zip, archive, document or -"
    )
    parser.add_argument("--history", action="append", default=[], metavar="PATH", help="mail that went before")
    parser.add_argument("--format", choices=("text", "json", "jsonl"), default="text")
    parser.add_argument("--fail-on", choices=("tag", "ask", "hold"), default="hold", help="exit 1 from this tier on")
    parser.add_argument("--strict", action="store_true", help="exit 3 when something could not be inspected")
    judging(parser)


def judging(parser: argparse.ArgumentParser) -> None:
    """The arguments that every command takes which reads mail."""
    parser.add_argument("--password", action="append", default=[], metavar="TEXT", help="a password to try")
    settled(parser)


def settled(parser: argparse.ArgumentParser) -> None:
    """The arguments that stand for settings."""
    parser.add_argument("--memory", metavar="URL", help="sqlite:///… (default: a private one that is forgotten)")
    parser.add_argument("--policy", metavar="NAME|FILE", help="a shipped policy or a TOML file")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, one TOML file")


def run(args: argparse.Namespace) -> int:
    """Scan, print, and say by the exit code how it went."""
    printer = Printer(args.format)
    problems = asyncio.run(_scan(args, printer))
    printer.close()
    if problems:
        return 2
    if printer.worst.severity >= Tier(args.fail_on).severity:
        return 1
    return 3 if args.strict and printer.incomplete else 0


async def _scan(args: argparse.Namespace, printer: Printer) -> int:
    """The number of inputs that could not be used; each is one line on standard error."""
    tally = Tally()
    async with session.opened(settings(args), args.password) as opened, aclosing(cases(args, opened, tally)) as found:
        async for case in found:
            printer(case)
        problems = [*map(str, tally.problems), *opened.problems]
    for line in (*tally.notes, *problems):
        warn(str(line))
    if tally.not_mail:
        warn(f"{tally.not_mail} files that are no mail were passed over")
    return len(problems)


async def cases(args: argparse.Namespace, opened: session.Session, tally: Tally) -> AsyncGenerator[Case, None]:
    """Learn the history, then judge all inputs in the order of their times."""
    if args.history:
        past = await session.in_time_order(discover(args.history, tally), opened, progress("reading history"))
        async for _ in session.learned((one for one, _ in past), opened):
            pass
    found = discover(args.paths, tally, stdin=sys.stdin.buffer)
    inputs = await session.in_time_order(found, opened, progress("reading"))
    async for case in session.judged(inputs, opened, progress("judging")):
        yield case


def settings(args: argparse.Namespace) -> config.Settings:
    """The settings file with what the command line overrides."""
    chosen = config.load(args.config)
    if args.memory:
        chosen = replace(chosen, memory=replace(chosen.memory, url=args.memory))
    if args.policy:
        chosen = replace(chosen, policy=replace(chosen.policy, name=args.policy))
    return chosen
