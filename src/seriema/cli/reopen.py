"""``seriema reopen CASE``: give the password of a file that an earlier run left locked, and judge its mail again."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from seriema import flow
from seriema.cli import scan, session
from seriema.cli.output import Printer
from seriema.config import PRIVATE_MEMORY
from seriema.model.case import Case
from seriema.model.errors import InputError, UsageError
from seriema.model.verdict import Tier

#: Passwords read from standard input, one a line, and characters of a line.
LINES, LINE_CHARS = 100, 1_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``reopen``."""
    parser.add_argument("case", metavar="CASE", help="id of the mail's case, as scan prints it with --format json")
    parser.add_argument("--password-stdin", action="store_true", help="read passwords from standard input, one a line")
    parser.add_argument("--format", choices=("text", "json", "jsonl"), default="text")
    parser.add_argument("--fail-on", choices=("tag", "ask", "hold"), default="hold", help="exit 1 from this tier on")
    scan.judging(parser)


def run(args: argparse.Namespace) -> int:
    """Open, print the new judgements, and say by the exit code how severe they are."""
    if (args.memory or scan.settings(args).memory.url) == PRIVATE_MEMORY:
        raise UsageError("reopen needs the memory of the earlier run: --memory sqlite:///memory.db, or [memory] url")
    passwords = [*args.password, *(_from_standard_input() if args.password_stdin else ())]
    if not passwords:
        raise UsageError("reopen needs a password: --password TEXT, or --password-stdin")
    cases = asyncio.run(_reopen(args, passwords))
    if not cases:
        raise InputError(f"{args.case}: the password opens nothing there")
    printer = Printer(args.format)
    for case in cases:
        printer(case)
    printer.close()
    return 1 if printer.worst.severity >= Tier(args.fail_on).severity else 0


async def _reopen(args: argparse.Namespace, passwords: list[str]) -> tuple[Case, ...]:
    async with session.opened(scan.settings(args)) as opened:
        return await flow.open_kept(args.case.lower(), passwords, datetime.now(UTC), opened.edge, opened.rules)


def _from_standard_input() -> list[str]:
    """As they stand, but for the line's end: spaces may belong to a password."""
    lines = (sys.stdin.readline(LINE_CHARS).removesuffix("\n").removesuffix("\r") for _ in range(LINES))
    return [one for one in lines if one]
