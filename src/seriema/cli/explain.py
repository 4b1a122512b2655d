"""``seriema explain PATH…``: everything behind the verdict on each mail, for a person who must decide."""

import argparse
import asyncio
from contextlib import aclosing

from seriema.cli import scan, session
from seriema.cli.output import Printer, warn
from seriema.edge.intake import Tally


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``explain``."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="mail, mailbox, archive, document or -")
    parser.add_argument("--history", action="append", default=[], metavar="PATH", help="mail that went before")
    parser.add_argument("--id", metavar="ID", help="only the mail whose case id begins so")
    scan.judging(parser)


def run(args: argparse.Namespace) -> int:
    """Print reasons with weights, the thread, the tree of files with findings, and the indicators."""
    return asyncio.run(_explain(args))


async def _explain(args: argparse.Namespace) -> int:
    printer = Printer("text", detailed=True)
    tally = Tally()
    async with session.opened(scan.settings(args), args.password) as opened:
        async with aclosing(scan.cases(args, opened, tally)) as found:
            async for case in found:
                if not args.id or case.evidence.id.startswith(args.id.lower()):
                    printer(case)
        problems = [*map(str, tally.problems), *opened.problems]
    for sentence in (*map(str, tally.notes), *problems):
        warn(sentence)
    if args.id and not printer.latest:
        problems.append(args.id)
        warn(f"no mail has a case id that begins with {args.id}")
    return 2 if problems else 0
