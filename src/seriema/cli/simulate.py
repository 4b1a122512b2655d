"""``seriema policy simulate MAIL… --policy A --policy B``: replay old mail, show what each policy would have done."""

import argparse
import asyncio
import json
import shutil
import sys
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from pathlib import Path

import msgspec

from seriema import config, report
from seriema.cli import session
from seriema.cli.output import progress, warn
from seriema.edge.intake import Tally, discover
from seriema.edge.memory import Memory
from seriema.model.case import Case
from seriema.model.errors import InputError, UsageError
from seriema.model.verdict import Tier
from seriema.verdict import Policy

#: As wide as lines are where no terminal says its width.
_WIDE = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``policy simulate``."""
    parser.add_argument("paths", nargs="+", metavar="MAIL", help="mail, mbox, Maildir, folder or zip of mails, or -")
    parser.add_argument("--policy", action="append", required=True, metavar="NAME|FILE", help="repeat to compare")
    parser.add_argument("--history", action="append", default=[], metavar="PATH", help="mail that went before")
    parser.add_argument("--format", choices=("text", "json", "jsonl"), default="text")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write a page to look at, too")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, one TOML file")


def run(args: argparse.Namespace) -> int:
    """Replay and print; 2 when an input could not be used."""
    if len(set(args.policy)) < len(args.policy):
        raise UsageError("policy simulate compares different policies: one is named twice")
    settings = config.load(args.config)
    policies = [_policy(settings, name) for name in args.policy]
    tally = Tally()
    simulation, problems = asyncio.run(_simulate(args, settings, policies, tally))
    if args.page:
        try:
            args.page.write_text(report.simulation_page(simulation), "utf-8")
        except OSError as error:
            raise InputError(f"{args.page}: {error.strerror}") from None
    _print(simulation, args.format)
    for line in (*tally.notes, *problems):
        warn(str(line))
    return 2 if problems else 0


def _policy(settings: config.Settings, name: str) -> Policy:
    return config.policy(msgspec.structs.replace(settings, policy=msgspec.structs.replace(settings.policy, name=name)))


def _print(simulation: report.Simulation, style: str) -> None:
    if style == "json":
        print(json.dumps(report.simulation_data(simulation), ensure_ascii=False, indent=2))
    elif style == "jsonl":
        for mail in simulation.mails:
            print(
                json.dumps(report.simulation_row(mail, simulation.policies), ensure_ascii=False, separators=(",", ":"))
            )
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
        for line in report.simulation_text(simulation, width):
            print(line)


async def _simulate(
    args: argparse.Namespace, settings: config.Settings, policies: list[Policy], tally: Tally
) -> tuple[report.Simulation, list[str]]:
    """Each mail is read once; each policy has a memory of its own, as if it alone had ruled all the time."""
    private = msgspec.structs.replace(settings, memory=config.MemorySettings())
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(session.opened(private))
        lanes = [_lane(first, policy, stack) for policy in policies]
        if args.history:
            past = await session.in_time_order(discover(args.history, tally), first, progress("reading history"))
            async for _ in session.learned((one for one, _ in past), *lanes):
                pass
        found = discover(args.paths, tally, stdin=sys.stdin.buffer)
        inputs = await session.in_time_order(found, first, progress("reading"))
        mails: dict[str, report.Replayed] = {}
        async with aclosing(session.replayed(inputs, lanes, progress("judging"))) as replayed:
            async for source, cases in replayed:
                _collect(mails, source, cases, policies)
        return report.Simulation(_names(args.policy), tuple(mails.values())), [
            *map(str, tally.problems),
            *first.problems,
        ]


def _names(policies: list[str]) -> tuple[str, ...]:
    """A file's own name is enough, unless two bear it."""
    short = [Path(one).name for one in policies]
    return tuple(short if len(set(short)) == len(short) else policies)


def _lane(first: session.Session, policy: Policy, stack: AsyncExitStack) -> session.Session:
    memory = Memory.open(own_domains=first.rules.own_domains)
    stack.callback(memory.close)
    return replace(
        first, memory=memory, edge=replace(first.edge, memory=memory), rules=replace(first.rules, policy=policy)
    )


def _collect(
    mails: dict[str, report.Replayed], source: str, cases: tuple[tuple[Case, ...], ...], policies: list[Policy]
) -> None:
    """The mail itself, and what became of earlier ones because of it. Of one that is there twice the last counts."""
    arrived = tuple(of_one[0] for of_one in cases)
    evidence = arrived[0].evidence
    mails[evidence.id] = report.Replayed(
        id=evidence.id,
        source=source,
        as_of=evidence.as_of,
        sender=evidence.message.sender.address,
        recipients=tuple(one.address for one in evidence.message.recipients),
        subject=evidence.message.subject,
        known=any(pair.answered for pair in evidence.history.pairs),
        outcomes=tuple(_outcome(one, policy) for one, policy in zip(arrived, policies, strict=True)),
    )
    for place, of_one in enumerate(cases):
        for later in of_one[1:]:
            before = mails.get(later.evidence.id)
            if before:
                outcomes = list(before.outcomes)
                outcomes[place] = replace(outcomes[place], latest=later.verdict.tier)
                mails[before.id] = replace(before, outcomes=tuple(outcomes))


def _outcome(case: Case, policy: Policy) -> report.Outcome:
    tier = case.verdict.tier
    by_evidence = policy.applied(case.evidence).tier_of(case.verdict.score)
    return report.Outcome(tier, tier, case.verdict.summary, by_evidence.severity < Tier.ASK.severity)
