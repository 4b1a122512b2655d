"""Ordinary mail beside costly locked files: how much longer it takes, whether anything is lost or passes unread.

    python bench/fairness.py [--costly N] [--senders N] [--rounds N]

One gateway in one process: jail with a share of work for each sender, SQLite file, ``flow.handle``. Ordinary mail, the
exercise's own, arrives at a steady rate all the time. Quiet and loaded spans alternate, so that both see the same
machine; in a loaded span a part of the costly mails arrives beside it, and it ends when all of them are decided. These
are 7z and Office Open XML files behind fifty words that look like passwords; every other one names the right one, late.
At the end an hour passes, and what was not paid is tried again once.
"""

import argparse
import asyncio
import io
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import msoffcrypto
import py7zr
from msoffcrypto.format.ooxml import OOXMLFile

from seriema import config, exercise, flow
from seriema.edge.jail import Jail, JailSettings
from seriema.edge.jail.quota import HOUR
from seriema.edge.memory import Memory
from seriema.exercise.documents import docx
from seriema.model.artifact import State
from seriema.model.case import Case
from seriema.model.limits import Limits
from seriema.model.verdict import Tier

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
#: Ordinary and costly mails a second, and seconds of a quiet span.
RATE, COSTLY_RATE, QUIET_SECONDS = 12.0, 5.0, 40.0
#: Units of password work that a sender has in an hour, and one mail: far less than usual, so that a run takes minutes.
SENDER_WORK, LIMITS = 1_000, Limits(password_work=1_000)
DECOYS = 50
#: How much longer ordinary mail may take at the 99th percentile.
MOST = 2.0


@dataclass
class Gateway:
    """What is measured, and what it was asked."""

    edge: flow.Edge
    rules: flow.Rules
    quiet: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    ordinary: int = 0
    now: float = 0.0

    async def decide(self, name: str, raw: bytes) -> Case:
        """The first case of one mail."""
        return (await flow.handle(flow.Incoming(name, raw), self.edge, self.rules))[0]


@asynccontextmanager
async def gateway(folder: str) -> AsyncIterator[Gateway]:
    async with Jail.start(JailSettings(sender_work=SENDER_WORK)) as jail:
        memory = Memory.open(f"sqlite:///{folder}/memory.db")
        opened = Gateway(flow.Edge(jail, memory), flow.Rules(config.policy(config.Settings()), LIMITS))
        jail.quota.clock = lambda: opened.now
        try:
            yield opened
        finally:
            memory.close()


async def ordinary(opened: Gateway, raws: list[bytes], latencies: list[float], until: asyncio.Event) -> None:
    """Steady arrival: each mail comes at its time, whether those before are decided or not."""
    tasks = []
    began = time.perf_counter()
    while not until.is_set():
        due = began + len(tasks) / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(_timed(opened, raws[opened.ordinary % len(raws)], latencies, due)))
        opened.ordinary += 1
    await asyncio.gather(*tasks)


async def _timed(opened: Gateway, raw: bytes, latencies: list[float], due: float) -> None:
    await opened.decide("ordinary", raw)
    latencies.append((time.perf_counter() - due) * 1_000)


async def run(args: argparse.Namespace) -> int:
    raws = [mail.raw for mailbox in exercise.make().mailboxes for mail in mailbox.mails if len(mail.raw) < 200_000]
    costly = list(locked(args.costly, args.senders))
    cases: dict[str, Case] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with gateway(folder) as opened:
            await asyncio.gather(*(opened.decide("warm", raw) for raw in raws))
            share = -(-len(costly) // args.rounds)
            for number in range(args.rounds):
                await _span(opened, raws, opened.quiet, asyncio.sleep(QUIET_SECONDS))
                part = costly[number * share : (number + 1) * share]
                await _span(opened, raws, opened.loaded, _all(opened, part, cases))
            opened.now = HOUR
            again = await flow.retry(START + timedelta(days=2), opened.edge, opened.rules)
    return _report(opened, costly, cases, again)


async def _span(opened: Gateway, raws: list[bytes], latencies: list[float], work: object) -> None:
    over = asyncio.Event()
    beside = asyncio.create_task(ordinary(opened, raws, latencies, over))
    await work  # type: ignore[misc]  # sleep or the costly mails
    over.set()
    await beside


async def _all(opened: Gateway, part: list[tuple[str, bytes]], cases: dict[str, Case]) -> None:
    tasks = {}
    for name, raw in part:
        tasks[name] = asyncio.create_task(opened.decide(name, raw))
        await asyncio.sleep(1 / COSTLY_RATE)
    cases |= {name: await task for name, task in tasks.items()}


def locked(count: int, senders: int) -> Iterator[tuple[str, bytes]]:
    """Costly mails, those of one sender in turn with the others'; every other one names the right password late."""
    words = random.Random(4)
    files = [_seven_zip("Right4711x") if one % 2 else _office("Right4711x") for one in range(4)]
    for number in range(count):
        decoys = [f"{words.choice('KTRMXZ')}{words.randrange(10**6):06d}q" for _ in range(DECOYS)]
        named = [*decoys, "Right4711x"] if number % 2 else decoys
        mail = EmailMessage(policy=SMTP)
        mail["From"] = f"writer@sender{number % senders}.example"
        mail["To"], mail["Subject"] = f"reader{number % 7}@ours.test", f"Papers {number}"
        mail["Date"], mail["Message-ID"] = (
            format_datetime(START + timedelta(seconds=number)),
            f"<{number}@costly.example>",
        )
        mail.set_content(" ".join(named))
        content = files[number // 2 % len(files)]
        name = "papers.7z" if content[:2] == b"7z" else "papers.docx"
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        yield str(number), mail.as_bytes()


def _seven_zip(password: str) -> bytes:
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", password=password, header_encryption=True) as archive:
        archive.writestr("What the file is about.\n" * 20, "papers.txt")
    return target.getvalue()


def _office(password: str) -> bytes:
    target = io.BytesIO()
    file = msoffcrypto.OfficeFile(io.BytesIO(docx("What the file is about.")))
    assert isinstance(file, OOXMLFile)
    file.encrypt(password, target)
    return target.getvalue()


def _report(opened: Gateway, costly: list[tuple[str, bytes]], cases: dict[str, Case], again: tuple[Case, ...]) -> int:
    quiet, loaded = (sorted(one) for one in (opened.quiet, opened.loaded))
    for name, one in (("quiet", quiet), ("loaded", loaded)):
        print(f"{name:7} {len(one):5d} mails  p50 {_at(one, 0.5):6.1f} ms  p99 {_at(one, 0.99):6.1f} ms")
    files = {name: case.evidence.artifacts[1] for name, case in cases.items()}
    unread = [name for name, one in files.items() if one.state is not State.INSPECTED]
    complete = sum(cases[name].verdict.inspection.complete for name in unread)
    passed = sum(cases[name].verdict.tier.severity < Tier.ASK.severity for name in unread)
    lost = len(costly) - len(cases) + opened.ordinary - len(quiet) - len(loaded)
    ratio = _at(loaded, 0.99) / _at(quiet, 0.99)
    states = dict(Counter(one.state.value for one in files.values()))
    print(f"costly: {states}; an hour later {len(again)} decided anew")
    print(f"p99 loaded to quiet {ratio:.2f}; {lost} lost; unread: {complete} complete, {passed} passed on")
    return int(ratio > MOST or lost > 0 or complete > 0 or passed > 0)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--costly", type=int, default=1_000)
    parser.add_argument("--senders", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=4)
    sys.exit(asyncio.run(run(parser.parse_args())))


if __name__ == "__main__":
    main()
