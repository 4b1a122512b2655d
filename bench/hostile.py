"""Every hostile attachment of the tests through the jail, each in a worker of its own: seconds, memory, its state.

    python bench/hostile.py [--only WORD]

Two times are printed: processor time of all that worked on it, which is what the caller waits where nothing else runs
(an ordinary mail's is taken off, for the start of the jail), and what the caller did wait, which a busy machine makes
longer. Memory is the peak resident set of the hungriest worker, pages shared with the zygote included. Bounds: 5 s of
processor time and 400 MB. Exit code 1 when one is not kept or a state is another.
"""

import argparse
import asyncio
import resource
import sys
from pathlib import Path

from seriema.model.plan import Dissection
from torture import one

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.builders.mail import mail
from tests.unlock.hostile.table import CASES

SECONDS, MEMORY = 5.0, 400 << 20


def processor_seconds() -> float:
    """Of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(raw: bytes) -> tuple[Dissection, float, float, int]:
    before = processor_seconds()
    seen, waited, peak = asyncio.run(one(raw))
    return seen, processor_seconds() - before, waited, peak


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--only", default="", help="cases whose name holds this")
    only = arguments.parse_args().only
    measured: list[tuple[float, int, str]] = []
    start = min(timed(mail())[1] for _ in range(3))
    broken = 0
    for name, case in CASES.items():
        if only not in name:
            continue
        seen, seconds, waited, peak = timed(case.mail())
        seconds = max(0.0, seconds - start)
        first = next(each for each in seen.artifacts if each.id == "1")
        kept = seconds <= SECONDS and peak <= MEMORY and first.state is case.state and not seen.trouble
        broken += not kept
        measured.append((seconds, peak, name))
        said = f"{seen.trouble} {first.state}: {first.state_reason}"[:90]
        print(f"{'ok ' if kept else 'NOT'} {name:48} {seconds:5.2f} s ({waited:5.2f} s) {peak >> 20:4} MB {said}")
    if measured:
        slowest, hungriest = max(measured), max(measured, key=lambda each: each[1])
        print(f"{len(measured)} files, {broken} not as they must be")
        print(f"worst time   {slowest[0]:6.2f} s   {slowest[2]}")
        print(f"worst memory {hungriest[1] >> 20:6} MB  {hungriest[2]}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
