"""``seriema learn PATH…``: fill the memory from old mail, with progress; once stopped, it goes on where it was."""

import argparse
import asyncio
import json
import signal
import sys
from contextlib import aclosing
from dataclasses import asdict

from seriema.cli import scan, session
from seriema.cli.output import progress, warn
from seriema.config import PRIVATE_MEMORY
from seriema.edge.intake import Input, Mark, Tally, discover, measure
from seriema.model.errors import UsageError

#: Mails between two notes of how far the inputs were read; what lies between is learned again, which changes nothing.
NOTED_EVERY = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``learn``."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="mbox, Maildir, folder, zip of mails or single mail")
    parser.add_argument("--again", action="store_true", help="start at the beginning, whatever was learned before")
    scan.judging(parser)


def run(args: argparse.Namespace) -> int:
    """Learn, and print how many mails are remembered now."""
    if (args.memory or scan.settings(args).memory.url) == PRIVATE_MEMORY:
        raise UsageError(
            "learn needs a memory that lasts: --memory sqlite:///memory.db, or [memory] url in the settings"
        )
    return asyncio.run(_learn(args))


async def _learn(args: argparse.Namespace) -> int:
    tally = Tally()
    key = "\n".join(args.paths)
    total = measure(args.paths)
    show = progress("learning")
    async with session.opened(scan.settings(args)) as opened:
        stop = _on_interrupt()
        mark = None if args.again else _mark(opened.memory.learned(key))
        count = 0
        last: Input | None = None
        inputs = discover(args.paths, tally, stdin=sys.stdin.buffer, after=mark)
        async with aclosing(session.learned(inputs, opened)) as learned:
            async for last in learned:
                count += 1
                show(last.done, total)
                if count % NOTED_EVERY == 0:
                    await _note(opened, key, last)
                if stop.is_set():
                    break
        if last is not None:
            await _note(opened, key, last)
        facts = opened.memory.facts()
        problems = [*map(str, tally.problems), *opened.problems]
    for line in (*tally.notes, *problems):
        warn(str(line))
    rest = "; stopped, the same command goes on from here" if stop.is_set() else ""
    print(f"{count} mails learned, {facts.mails} remembered in all{rest}")
    return 2 if problems else 130 if stop.is_set() else 0


async def _note(opened: session.Session, key: str, last: Input) -> None:
    """Only what is stored counts as learned."""
    await opened.memory.stored()
    opened.memory.mark_learned(key, json.dumps(asdict(last.mark)))


def _mark(noted: str) -> Mark | None:
    return Mark(**json.loads(noted)) if noted else None


def _on_interrupt() -> asyncio.Event:
    """Ctrl-C and a service stop end learning after the mail at hand."""
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    return stop
