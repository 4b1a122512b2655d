"""``seriema judge CASE true|false --reason TEXT``: a person says what a mail was; true means that it was harmful."""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta

from seriema import flow
from seriema.cli import scan, session
from seriema.cli.output import Printer, warn
from seriema.config import PRIVATE_MEMORY
from seriema.model.errors import UsageError
from seriema.model.judgement import Judgement

_ID_DIGITS = 32
#: The longest that an exception lasts, and how long one does when nothing is said.
MOST_DAYS, DAYS = 365, 90


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``judge``."""
    parser.add_argument("case", metavar="CASE", help="id of the mail's case, as scan prints it with --format json")
    parser.add_argument("harmful", choices=("true", "false"), help="true: it was harmful; false: it was not")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why, for those who read it later")
    parser.add_argument(
        "--except",
        dest="fact",
        default="",
        metavar="SIGNAL",
        help="with false: no reason between its people for a while",
    )
    parser.add_argument("--days", type=int, default=DAYS, metavar="N", help=f"how long, at most {MOST_DAYS}; {DAYS}")
    parser.add_argument("--format", choices=("text", "json", "jsonl"), default="text")
    scan.settled(parser)


def run(args: argparse.Namespace) -> int:
    """Keep the word, and print the new judgements that follow from it."""
    case = args.case.lower()
    if len(case) != _ID_DIGITS or set(case) - set("0123456789abcdef"):
        raise UsageError(
            f"{args.case!r} is no case id: {_ID_DIGITS} hexadecimal digits, as scan --format json prints it"
        )
    if not args.reason.strip():
        raise UsageError("a judgement needs a reason")
    if args.fact and args.harmful == "true":
        raise UsageError("only a harmless mail is a ground for an exception: judge CASE false --except SIGNAL")
    if not 0 < args.days <= MOST_DAYS:
        raise UsageError(f"an exception lasts 1 to {MOST_DAYS} days, not {args.days}")
    if scan.settings(args).memory.url == PRIVATE_MEMORY:
        raise UsageError("judge needs the memory of the earlier run: --memory sqlite:///memory.db, or [memory] url")
    word = Judgement(case, args.harmful == "true", args.reason.strip(), datetime.now(UTC))
    return asyncio.run(_judge(args, word))


async def _judge(args: argparse.Namespace, word: Judgement) -> int:
    async with session.opened(scan.settings(args)) as opened:
        if not word.harmful:
            made = await flow.acquit(word, args.fact, word.at + timedelta(days=args.days), opened.edge)
            for one in made:
                warn(f"{one.fact} is no reason from {one.sender} to {one.recipient} until {one.until:%Y-%m-%d}")
            return 0
        cases = await flow.condemn(word, opened.edge, opened.rules)
    printer = Printer(args.format)
    for case in cases:
        printer(case)
    printer.close()
    if not cases:
        warn("noted; its evidence is not kept (any more), so nothing is judged again")
    return 0
