"""Inputs made to use up their reader, each through the jail in a worker of its own: seconds, memory, what is said.

    python bench/torture.py [--only WORD]

Seconds are what the caller waits, both tries and the second pool included. Memory is the peak resident set of the
hungriest worker, pages shared with the zygote included, as the kernel counts it when the worker ends. Bounds: 2 s, for
a mail of 40 MB 5 s, and 400 MB. Exit code 1 when one is not kept.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

from seriema.edge.jail import Jail, JailSettings
from seriema.model.artifact import State
from seriema.model.plan import Dissection, Plan

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.builders import torture

MEGABYTE = 1 << 20
SECONDS, SECONDS_OF_A_LARGE_MAIL, LARGE = 2.0, 5.0, 20 * MEGABYTE
MEMORY = 400 * MEGABYTE


def zipped(content: bytes) -> bytes:
    return torture.with_attachment("info.zip", content)


CASES: dict[str, Callable[[], bytes]] = {
    "2,000 nested multiparts": lambda: torture.nested_multiparts(2_000),
    "100 kB of newlines": lambda: torture.newlines(100_000),
    "40 MB of newlines": lambda: torture.newlines(40 * MEGABYTE),
    "20,000 From: lines": lambda: torture.from_lines(20_000),
    "50,000 headers": lambda: torture.many_headers(50_000),
    "a 30 MB single line": lambda: torture.one_line(30 * MEGABYTE),
    "ZIP bomb, flat, 1 GB": lambda: zipped(torture.flat_bomb(1 << 30)),
    "ZIP bomb, 2,000 members of 1 MB": lambda: zipped(torture.wide_bomb(2_000, MEGABYTE)),
    "ZIP bomb, nested, 16^5 of 1 MB": lambda: zipped(torture.nested_bomb(16, 5, MEGABYTE)),
    "ZIP bomb, overlapping, 1 GB": lambda: zipped(torture.overlapping_bomb(250, 4 * MEGABYTE)),
    "ZIP quine": lambda: zipped(torture.quine()),
    "200 MB mail": lambda: torture.newlines(200 * MEGABYTE),
}


async def one(raw: bytes) -> tuple[Dissection, float, int]:
    """One mail in a fresh jail, so that the peak is its own."""
    async with Jail.start(JailSettings(workers=1, mails=1)) as jail:
        before = time.perf_counter()
        seen = await jail.dissect(raw, Plan())
        seconds = time.perf_counter() - before
    return seen, seconds, jail.peak_bytes


def told(seen: Dissection) -> str:
    """What the document says of the inspection, shortest first."""
    gaps = {f"{one.state}: {one.state_reason}" for one in seen.artifacts if one.state is not State.INSPECTED}
    facts = sorted({one.name for one in seen.findings})
    parts = [seen.trouble, *sorted(gaps, key=len)[:2], *facts[:4]]
    return f"{len(seen.artifacts)} artifacts; " + "; ".join(part for part in parts if part)[:200]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--only", default="", help="cases whose name holds this")
    only = arguments.parse_args().only
    broken = 0
    for name, make in CASES.items():
        if only not in name:
            continue
        raw = make()
        seen, seconds, peak = asyncio.run(one(raw))
        bound = SECONDS_OF_A_LARGE_MAIL if len(raw) > LARGE else SECONDS
        kept = seconds <= bound and peak <= MEMORY
        broken += not kept
        measured = f"{len(raw) / 1e6:7.1f} MB {seconds:6.2f} s {peak >> 20:4} MB"
        print(f"{'ok ' if kept else 'NOT'} {name:32} {measured}  {told(seen)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
