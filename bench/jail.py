"""What the jail costs, and whether locked and unlocked workers say the same.

    python bench/jail.py [--rounds N] [--compare N]

First the wall alone, with a dissection that does nothing: start, one mail there and back by size, processor time of
this process for it, a new worker, a process of its own for each mail, and each layer of isolation left out. Then the
real dissection: every file of the corpora and the exercise (or each Nth) in a locked worker and in this process, all
facts compared; exit code 1 when any document differs. Medians over the rounds.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from seriema import exercise
from seriema.edge.jail import Jail, JailSettings, run_unlocked
from seriema.edge.jail.lock import STEPS
from seriema.model.message import Message
from seriema.model.password import Candidate
from seriema.model.plan import Dissection, Done, Plan, Statement, Subject

CORPORA = Path(os.environ.get("SERIEMA_CORPORA", "../shared/corpora"))
#: Folders of bare files; all others hold mails.
FILES = ("archives-", "documents-")
PASSWORDS = tuple(Candidate(value, "user") for value in ("password", "Password1234_", "12345678"))
SIZES = (2_000, 20_000, 200_000, 5_000_000, 40_000_000)
TRIES = 300
EAGER, ROUND = 1_000_000, 5
#: Twice the answer of an ordinary mail in facts and text.
ANSWER = "x" * 4_000


def warm() -> None:
    """This module is also the dissection that does nothing: the workers import it by its name."""


def dissect(_raw: bytes, _plan: Plan) -> Iterator[Statement]:
    yield Message(sha256="", size=0, subject=ANSWER)
    yield Done()


def median(values: Sequence[float], digits: int = 3) -> str:
    ordered = sorted(values)
    return (
        f"{statistics.median(ordered) * 1e3:9.{digits}f} ms, p99 {ordered[len(ordered) * 99 // 100] * 1e3:.{digits}f}"
    )


def settings(**changes: object) -> JailSettings:
    return JailSettings(module=Path(__file__).stem, workers=1, mails=EAGER, **changes)  # type: ignore[arg-type] # by name


async def there_and_back(jail: Jail, raw: bytes, tries: int) -> tuple[list[float], float]:
    """Seconds of each mail, and processor seconds of this process for one."""
    seconds, plan = [], Plan()
    for _ in range(10):
        await jail.dissect(raw, plan)
    spent = time.process_time()
    for _ in range(tries):
        before = time.perf_counter()
        await jail.dissect(raw, plan)
        seconds.append(time.perf_counter() - before)
    return seconds, (time.process_time() - spent) / tries


async def start_seconds(changed: JailSettings) -> float:
    before = time.perf_counter()
    async with Jail.start(changed):
        return time.perf_counter() - before


async def wall(rounds: int) -> None:
    print("start, dissection that does nothing", median([await start_seconds(settings()) for _ in range(rounds)]))
    real = JailSettings(workers=1)
    print("start, real dissection             ", median([await start_seconds(real) for _ in range(rounds)]))
    async with Jail.start(settings()) as jail:
        print(f"isolation is {jail.level}")
        for size in SIZES:
            tries = max(5, min(TRIES, 100_000_000 // size))
            seconds, processor = await there_and_back(jail, bytes(size), tries * rounds // ROUND or 1)
            print(f"a mail of {size:>10,} bytes {median(seconds)}; here {processor * 1e3:.3f} ms of processor time")
    await replacing(rounds)
    await layers(rounds)


async def replacing(rounds: int) -> None:
    """How long a mail waits for a new worker, and what one process for each mail costs."""
    changed = JailSettings(workers=1, mails=1)
    async with Jail.start(changed) as jail:
        seconds = []
        for _ in range(20 * rounds):
            before = time.perf_counter()
            cell = await jail.message._spawn()  # noqa: SLF001 - only the time of this one step is wanted
            seconds.append(time.perf_counter() - before)
            await cell.end()
            jail.message.cells.discard(cell)
        print("a new locked worker                ", median(seconds))
        raw = b"Subject: hello\r\n\r\nhello\r\n"
        alone, processor = await there_and_back(jail, raw, 20 * rounds)
        print("a small real mail, own process each", median(alone), f"; here {processor * 1e3:.3f} ms")
    async with Jail.start(JailSettings(workers=1)) as jail:
        shared, processor = await there_and_back(jail, raw, 20 * rounds)
        print("a small real mail, shared process  ", median(shared), f"; here {processor * 1e3:.3f} ms")


async def layers(rounds: int) -> None:
    """What each layer costs: the same with it left out, in turns so that the machine's moods fall on all alike."""
    names = ["", *(step.name for step in STEPS)]
    hops: dict[str, list[float]] = {name: [] for name in names}
    starts: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            changed = settings(leave_out=frozenset({name} - {""}))
            before = time.perf_counter()
            async with Jail.start(changed) as jail:
                starts[name].append(time.perf_counter() - before)
                hops[name] += (await there_and_back(jail, bytes(20_000), TRIES))[0]
    for name in names:
        print(f"without {name or 'nothing':12} hop {median(hops[name])}; start {median(starts[name], 1)}")


def material(step: int) -> Iterator[tuple[str, bytes, Plan]]:
    """Every ``step``th file of the corpora, bare files with passwords to try, and every mail of the exercise."""
    files = sorted(path for path in CORPORA.rglob("*") if path.is_file() and not path.is_symlink())
    for path in files[::step]:
        name = str(path.relative_to(CORPORA))
        bare = name.startswith(FILES)
        plan = Plan(subject=Subject.FILE, name=path.name, passwords=PASSWORDS) if bare else Plan()
        yield name, path.read_bytes(), plan
    for mailbox in exercise.make().mailboxes:
        for mail in mailbox.mails[::step]:
            yield f"exercise {mailbox.name}", mail.raw, Plan()


def differences(locked: Dissection, unlocked: Dissection) -> list[str]:
    return [name for name in locked.__slots__ if getattr(locked, name) != getattr(unlocked, name)]


async def compare(step: int) -> int:
    """Locked and unlocked documents of all material; how many differ."""
    outcome: Counter[str] = Counter()
    async with Jail.start(JailSettings(workers=1)) as jail:
        for name, raw, plan in material(step):
            locked = await jail.dissect(raw, plan)
            different = differences(locked, run_unlocked(raw, plan))
            outcome["different" if different else "equal"] += 1
            outcome["with trouble"] += bool(locked.trouble)
            if different or locked.trouble:
                print(f"{name}: {', '.join(different) or 'equal'} {locked.trouble}")
    print(f"locked and unlocked: {dict(outcome)}; peak of a worker {jail.peak_bytes >> 20} MB")
    return outcome["different"]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--compare", type=int, default=1, metavar="N", help="compare each Nth file; 0: none")
    arguments.add_argument("--only-compare", action="store_true")
    asked = arguments.parse_args()
    if not asked.only_compare:
        asyncio.run(wall(asked.rounds))
    return 1 if asked.compare and asyncio.run(compare(asked.compare)) else 0


if __name__ == "__main__":
    sys.exit(main())
