"""What remembering costs in a memory that grows: learning, look-ups of one mail, bytes; a flood of strangers; raw mail.

    python bench/memory.py [MAILS] [--url postgresql://… --key FILE] [--flood STRANGERS BOUND] [--raw FOLDER]

Mails are generated: two thousand people in forty organisations, five of them ours, conversations of one to a dozen
mails over two years, with header ids, quoted blocks, fingerprints and traits as real ones have, some with locked files.
Learning is joined and remembered mail by mail and committed in batches, as ``seriema learn`` does; look-ups (recall,
history, what is shared) and single commits are those of two thousand mails at ten thousand, a hundred thousand and a
million. Seconds are of this process on the processor, and of the clock on the wall in brackets: the first are of use on
a busy machine. ``--raw`` reads mails of a folder, and compares with the standard library's parser alone.
"""

import argparse
import asyncio
import email
import hashlib
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from itertools import islice, pairwise
from pathlib import Path

from seriema import message, thread
from seriema.edge.intake import Tally, discover
from seriema.edge.memory import Bounds, Memory, Retention
from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.case import Evidence
from seriema.model.limits import Limits
from seriema.model.message import Address, Body, Message, Quote
from seriema.model.traits import Traits
from seriema.model.verdict import Tier

START = datetime(2024, 1, 1, tzinfo=UTC)
PEOPLE = [Address(f"Person{n:04} Name{n % 40:02}", f"person{n:04}@org{n % 40:02}.example") for n in range(2_000)]
OURS = frozenset(f"org{n:02}.example" for n in range(5))
CLIENTS = ("Microsoft Outlook", "Apple Mail", "Mozilla Thunderbird", "iPhone Mail", "Roundcube Webmail")
ZIP = Artifact(
    "1", ("file.zip",), "file.zip", "zip", 9, "ab" * 32, None, FileClass.ARCHIVE, State.LOCKED, encrypted=True
)
SIZES = (10_000, 100_000, 1_000_000)
MEASURED = 2_000


@dataclass(slots=True)
class Talk:
    """A conversation as it grows."""

    people: list[Address]
    subject: str
    last: Message | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mails", nargs="?", type=int, default=100_000)
    parser.add_argument("--url", default="", help="of an empty database, by default an SQLite file")
    parser.add_argument("--key", type=Path)
    parser.add_argument("--flood", nargs=2, type=int, metavar=("STRANGERS", "BOUND"))
    parser.add_argument("--raw", metavar="FOLDER")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.url or f"sqlite:///{folder}/memory.db"
        if chosen.raw:
            raw(url, chosen.raw)
        elif chosen.flood:
            flood(url, *chosen.flood)
        else:
            growing(Memory.open(url, chosen.key, OURS), chosen.mails)


def growing(memory: Memory, largest: int) -> None:
    """Learn, and at each size measure what one mail costs."""
    source = mails(random.Random(7), largest)
    print(f"{'mails':>9} {'learned a second':>18} " + "".join(f"{one:>16}" for one in STEPS) + "  bytes/mail")
    done = 0
    for size in (one for one in SIZES if one <= largest):
        worked, watched = learned(memory, islice(source, size - done - MEASURED))
        rates = f"{(size - done - MEASURED) / worked:,.0f} ({(size - done - MEASURED) / watched:,.0f})"
        costs = measured(memory, list(islice(source, MEASURED)))
        done = size
        print(
            f"{size:>9,} {rates:>18} {''.join(f'{one:>16}' for one in costs)}  {memory.facts().size / done:,.0f}",
            flush=True,
        )
    asyncio.run(together(memory, list(mails(random.Random(8), MEASURED // 2))))
    memory.close()


def learned(memory: Memory, some: Iterable[Message]) -> tuple[float, float]:
    """Seconds to join and remember these mails: of the processor, and on the wall. Making them up is not counted."""
    worked = watched = 0.0
    waiting = iter(some)
    while batch := list(islice(waiting, 1_000)):
        began, looked = time.process_time(), time.perf_counter()
        for mail in batch:
            kept(memory, mail)
        memory.flush()
        worked += time.process_time() - began
        watched += time.perf_counter() - looked
    return worked, watched


def flood(url: str, strangers: int, bound: int) -> None:
    """Half a bound of correspondence, then strangers: what is still known of the correspondents, and what it costs."""
    memory = Memory.open(url, own_domains=OURS, retention=Retention(Bounds(bound)))
    talks = list(mails(random.Random(7), bound // 2))
    learned(memory, talks)
    last = talks[-1].date
    assert last
    strange = [mail for mail in talks if mail.sender.domain not in OURS]
    known = {mail.sha256: told(memory, mail, last + timedelta(days=1)) for mail in strange[-MEASURED:]}
    asking = [mail for mail in strange if known.get(mail.sha256, (0,))[0]]
    worked, watched = learned(memory, (stranger(n, last + timedelta(seconds=n)) for n in range(1, strangers + 1)))
    same = sum(known[mail.sha256] == told(memory, mail, last + timedelta(days=3)) for mail in asking)
    left = memory.facts().mails
    print(f"{strangers:,} strangers' mails into a memory of {bound:,} that held {bound // 2:,}: {left:,} are left;")
    print(f"{strangers / worked:,.0f} a second ({strangers / watched:,.0f} on the wall);")
    print(f"of {len(asking)} mails of senders whom ours had answered {same} find the same habits and pairs with ours")
    memory.close()


def told(memory: Memory, mail: Message, when: datetime) -> tuple[object, ...]:
    """What is known of a mail's sender: days answered, habits, what it and our people wrote to each other."""
    history = memory.history(mail, when)
    ours = [pair for pair in history.pairs if pair.recipient.rpartition("@")[2] in OURS]
    return history.sender.answered_days, history.sender.habits, history.sender.sent, ours


def stranger(number: int, when: datetime) -> Message:
    """One mail of somebody who never wrote before."""
    sender = Address(f"Some Body{number}", f"s{number}@far{number % 997}.example")
    return Message(
        sha256=hashlib.sha256(f"flood {number}".encode()).hexdigest(),
        size=2_000,
        message_id=f"{number}@{sender.domain}",
        date=when,
        sender=sender,
        to=(PEOPLE[number % len(PEOPLE)],),
        subject=f"Offer {number}",
        body=Body(reply="x", reply_language="en", fingerprints=(number, number + 1, number + 2, number + 3)),
    )


def raw(url: str, folder: str) -> None:
    """Real mail: the bare parser, reading, and learning, each over the same bytes."""
    bodies = [one.read(1 << 26) for one in discover([folder], Tally())]
    bare = clocked(lambda one: email.message_from_bytes(one, policy=policy.compat32), bodies)
    memory = Memory.open(url, own_domains=OURS)
    read = clocked(lambda one: message.parse(one, Limits()), bodies)
    parsed = [message.parse(one, Limits()).message for one in bodies]
    remembered, _ = learned(memory, (one for one in parsed if one.date))
    whole = read + remembered
    print(f"{len(bodies):,} mails of {folder}, on the processor: bare parser {len(bodies) / bare:,.0f} a second;")
    print(
        f"read {len(bodies) / read:,.0f}, remembered {len(parsed) / remembered:,.0f}, both {len(bodies) / whole:,.0f}"
    )
    print(f"from raw mail {bare / whole:.2f} of the bare parser's rate; {read / whole:.0%} of it is reading the mail")
    memory.close()


def clocked(work: Callable[[bytes], object], bodies: Iterable[bytes]) -> float:
    """Seconds of the processor."""
    began = time.process_time()
    for one in bodies:
        work(one)
    return time.process_time() - began


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
        traits=Traits(
            client=CLIENTS[len(sender.name) * number % 5],
            fields=f"{number % 9:016x}",
            id_shape="h8.d12@own",
            boundary_shape="d3_h8",
            zone="+0100",
            network=f"192.0.{number % 40}.0/24",
            helo=sender.domain,
            signature=hashlib.sha256(sender.address.encode()).hexdigest()[:16],
        ),
    )


def kept(memory: Memory, mail: Message) -> None:
    """Join and remember, as learning does; one in twenty holds a locked archive."""
    when = mail.time
    assert when
    found = memory.recall(thread.keys(mail), when, mail.sha256[:32])
    locked = (ZIP,) if mail.sha256.startswith("0") else ()
    memory.remember(Evidence("bench", when, mail, thread.join(mail, found, when), artifacts=locked), Tier.DELIVER)


STEPS = ("recall", "history", "shared", "all look-ups", "remember", "commit")


def measured(memory: Memory, some: list[Message]) -> list[str]:
    """Median and 99th percentile of each step for a mail committed alone, in milliseconds on the wall."""
    costs: dict[str, list[float]] = {one: [] for one in STEPS}
    for mail in some:
        assert mail.date
        keys = thread.keys(mail)
        began = time.perf_counter()
        matches = memory.recall(keys, mail.date, mail.sha256[:32])
        recalled = time.perf_counter()
        joined = thread.join(mail, matches, mail.date)
        locked = (ZIP,) if mail.sha256.startswith("0") else ()
        marks = [time.perf_counter()]
        history = memory.history(mail, mail.date)
        marks.append(time.perf_counter())
        evidence = Evidence("bench", mail.date, mail, joined, history, locked)
        memory.reused(evidence, ())
        marks.append(time.perf_counter())
        memory.remember(evidence, Tier.DELIVER)
        marks.append(time.perf_counter())
        memory.flush()
        marks.append(time.perf_counter())
        history_cost, shared, remember, commit = (after - before for before, after in pairwise(marks))
        lookups = recalled - began + history_cost + shared
        for step, cost in zip(STEPS, (recalled - began, history_cost, shared, lookups, remember, commit), strict=True):
            costs[step].append(1e3 * cost)
    return [f"{sorted(one)[len(one) // 2]:.3f}/{sorted(one)[len(one) * 99 // 100]:.3f}" for one in costs.values()]


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
    main()
