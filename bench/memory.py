"""What a mail costs in a memory that grows: recall, history, remember and commit.

    python bench/memory.py [MAILS]

Mails are generated: two thousand people in forty organisations, conversations of one to a dozen mails over two years,
with header ids, quoted blocks and fingerprints as real ones have. The database is an SQLite file in a temporary folder,
and every mail is committed by itself, which is the dearest way. Printed: milliseconds, median and 99th percentile, over
two thousand mails at ten thousand and a hundred thousand (a million, if MAILS says so).
"""

import asyncio
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from seriema import thread
from seriema.edge.memory import Memory
from seriema.model.case import Evidence
from seriema.model.message import Address, Body, Message, Quote
from seriema.model.verdict import Tier

START = datetime(2024, 1, 1, tzinfo=UTC)
PEOPLE = [Address(f"Person{n:04} Name{n % 40:02}", f"person{n:04}@org{n % 40:02}.example") for n in range(2_000)]
MEASURED = 2_000


@dataclass(slots=True)
class Talk:
    """A conversation as it grows."""

    people: list[Address]
    subject: str
    last: Message | None = None


def main() -> int:
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    sizes = [size for size in (10_000, 100_000, 1_000_000) if size <= largest]
    source = mails(random.Random(7), largest + len(sizes) * MEASURED)
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory.open(f"sqlite:///{folder}/memory.db")
        print(
            f"{'mails':>9} {'recall':>13} {'history':>13} {'remember':>13} {'commit':>13} {'together':>13}  bytes/mail"
        )
        done = 0
        for size in sizes:
            learned = [next(source) for _ in range(size - done)]
            started = time.perf_counter()
            for mail in learned:
                kept(memory, mail)
            memory.flush()
            rate = len(learned) / (time.perf_counter() - started)
            costs = measured(memory, [next(source) for _ in range(MEASURED)])
            done = size + MEASURED
            memory.flush()
            held = memory.facts().size / done
            print(f"{size:>9,} {' '.join(costs)}  {held:,.0f}  (learned at {rate:,.0f} a second with join)")
        asyncio.run(together(memory, [next(source) for _ in range(MEASURED // 2)]))
        memory.close()
    return 0


def mails(chance: random.Random, count: int) -> Iterator[Message]:
    """Mails in the order of their receipt."""
    talks: list[Talk] = []
    step = timedelta(days=730) / count
    for number in range(count):
        if talks and chance.random() < 0.6:
            talk = chance.choice(talks[-400:])
        else:
            talk = Talk(chance.sample(PEOPLE, chance.choice((2, 2, 2, 3, 4, 6))), f"Subject {chance.randrange(10**7)}")
            talks.append(talk)
        talk.last = letter(chance, talk, number, START + number * step)
        del talks[:-2_000]
        yield talk.last


def letter(chance: random.Random, talk: Talk, number: int, when: datetime) -> Message:
    """The next mail of a conversation."""
    sender, *to = chance.sample(talk.people, len(talk.people))
    last = talk.last
    prints = tuple(chance.getrandbits(64) for _ in range(8))
    body = Body(reply="x", reply_language="en", fingerprints=prints)
    if last:
        quote = Quote(last.sender, last.to, last.date, subject=last.subject, body="y")
        body = Body(
            "x",
            "y",
            quotes=(quote,),
            reply_language="en",
            fingerprints=prints,
            quoted_fingerprints=last.body.fingerprints,
        )
    return Message(
        sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        size=4_000,
        message_id=f"{number}.{chance.getrandbits(64):x}@mail.{sender.domain}",
        date=when,
        sender=sender,
        to=tuple(to),
        subject=f"Re: {talk.subject}" if last else talk.subject,
        in_reply_to=(last.message_id,) if last else (),
        references=(*last.references[-9:], last.message_id) if last else (),
        body=body,
    )


def kept(memory: Memory, mail: Message) -> None:
    """Join and remember, as learning does."""
    assert mail.date
    found = memory.recall(thread.keys(mail), mail.date, mail.sha256[:32])
    memory.remember(Evidence("bench", mail.date, mail, thread.join(mail, found, mail.date)), Tier.DELIVER)


def measured(memory: Memory, some: list[Message]) -> list[str]:
    """Median and 99th percentile of each step, in milliseconds."""
    steps: list[list[float]] = [[], [], [], [], []]
    for mail in some:
        assert mail.date
        keys = thread.keys(mail)
        marks = [time.perf_counter()]
        matches = memory.recall(keys, mail.date, mail.sha256[:32])
        marks.append(time.perf_counter())
        joined = thread.join(mail, matches, mail.date)
        between = time.perf_counter() - marks[-1]
        history = memory.history(mail, mail.date)
        marks.append(time.perf_counter() - between)
        memory.remember(Evidence("bench", mail.date, mail, joined, history), Tier.DELIVER)
        marks.append(time.perf_counter() - between)
        memory.flush()
        marks.append(time.perf_counter() - between)
        for step, (before, after) in zip(steps, pairwise(marks), strict=False):
            step.append(1e3 * (after - before))
        steps[4].append(1e3 * (marks[-1] - marks[0]))
    return [f"{sorted(step)[len(step) // 2]:6.3f}/{sorted(step)[len(step) * 99 // 100]:6.3f}" for step in steps]


async def together(memory: Memory, some: list[Message]) -> None:
    """Eight at a time wait for their commit, as a busy service lets them."""
    waiting = iter(some)

    async def worker() -> None:
        for mail in waiting:
            kept(memory, mail)
            await memory.stored()

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(8)))
    print(f"eight at a time, commits shared: {1e3 * (time.perf_counter() - started) / len(some):.3f} ms a mail")


if __name__ == "__main__":
    sys.exit(main())
