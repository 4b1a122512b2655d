"""``seriema demo``: scan the built-in exercise, show what was found as it is found, and write a page to look at."""

import argparse
import asyncio
import tempfile
from contextlib import aclosing
from pathlib import Path

from seriema import config, report
from seriema.cli import exercise, session
from seriema.cli.output import Printer, progress
from seriema.edge.intake import Tally, discover
from seriema.model.case import Case
from seriema.model.errors import InputError

TITLE = "Seriema: a practice week of hijacked conversations"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``demo``."""
    parser.add_argument(
        "--page", type=Path, default=Path("seriema-demo.html"), metavar="FILE", help="where the page goes"
    )
    parser.add_argument("--seed", type=int, help="draw another exercise")


def run(args: argparse.Namespace) -> int:
    """Print the verdicts of the exercise; exit 0 whatever they are."""
    print("Practice mailboxes, written for this run, all inert. Each mail is judged as of its own arrival.", flush=True)
    cases = asyncio.run(_demo(args.seed))
    try:
        args.page.write_text(report.page(cases, TITLE), "utf-8")
    except OSError as error:
        raise InputError(f"{args.page}: {error.strerror}") from None
    print(f"\nA page to look at: {args.page.resolve()}")
    print("Next: seriema scan YOUR-MAILBOX --history OLDER-MAIL      seriema explain MAIL      seriema --help")
    return 0


async def _demo(seed: int | None) -> list[Case]:
    cases: list[Case] = []
    printer = Printer("text")
    with tempfile.TemporaryDirectory() as folder:
        exercise.write(Path(folder), seed)
        async with session.opened(config.load()) as opened:
            inputs = await session.in_time_order(discover([folder], Tally()), opened, progress("reading"))
            async with aclosing(session.judged(inputs, opened, progress("judging"))) as found:
                async for case in found:
                    cases.append(case)
                    printer(case)
    printer.close()
    return cases
