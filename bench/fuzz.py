"""Mutants of every format through the worklist, in children that may not take long or hold much.

    python bench/fuzz.py [--count N] [--first N] [--only FORMAT]

A mutant is known by its format and number and is the same in every run: ``--only tar --first 77 --count 1`` is one of
them again. Nothing but a state may come of it. Printed are those that crash, raise, hang, take more than 5 s of
processor time, or need more than 400 MB; exit code 1 when there are any.
"""

import argparse
import faulthandler
import os
import resource
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.builders.fuzzing import complaints
from tests.builders.seeds import Seed, seeds

from seriema.dissect import warm

MEMORY, SECONDS, PATIENCE = 400 << 20, 5.0, 40.0


def child(batch: Sequence[Seed], first: int, last: int, out: int) -> None:
    """Say the number of each mutant before it is tried, and then what is wrong with it."""
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(out, "w", buffering=1, encoding="utf-8") as pipe:
        for number in range(first, last):
            pipe.write(f"{number}\n")
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            before = time.process_time()
            try:
                wrong = complaints([*batch], number)
            except BaseException:  # noqa: BLE001 - whatever is raised is what is looked for
                wrong = [traceback.format_exc().replace("\n", " | ")[-600:]]
            seconds = time.process_time() - before
            wrong += [f"{seconds:.1f} s"] if seconds > SECONDS else []
            pipe.writelines(f"! {each}\n" for each in wrong)
            pipe.write(f"= {seconds}\n")
    faulthandler.cancel_dump_traceback_later()


def forked(batch: Sequence[Seed], first: int, last: int) -> tuple[int, dict[int, list[str]], float]:
    """The first number not tried, what is wrong by number, and the longest time."""
    reader, writer = os.pipe()
    identity = os.fork()
    if not identity:
        os.close(reader)
        child(batch, first, last, writer)
        os._exit(0)
    os.close(writer)
    number, wrong, longest = first - 1, dict[int, list[str]](), 0.0
    with os.fdopen(reader, encoding="utf-8", errors="replace") as pipe:
        for line in pipe:
            if line.startswith("!"):
                wrong.setdefault(number, []).append(line[2:].rstrip())
            elif line.startswith("="):
                longest = max(longest, float(line[2:]))
            else:
                number = int(line)
    _, status = os.waitpid(identity, 0)
    if status:
        wrong.setdefault(number, []).append(f"the child ended with {os.waitstatus_to_exitcode(status)}")
    return number + 1, wrong, longest


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--count", type=int, default=10_000, help="mutants of each format")
    arguments.add_argument("--first", type=int, default=0, help="number of the first")
    arguments.add_argument("--only", default="", help="one format")
    chosen = arguments.parse_args()
    warm()
    failures = 0
    for name, batch in seeds().items():
        if chosen.only not in ("", name):
            continue
        started, longest, failed = time.perf_counter(), 0.0, 0
        at, last = chosen.first, chosen.first + chosen.count
        while at < last:
            at, wrong, slowest = forked(batch, at, last)
            longest, failed = max(longest, slowest), failed + len(wrong)
            for number, said in wrong.items():
                print(f"  {name} {number}: {'; '.join(said)}", flush=True)
        failures += failed
        taken = time.perf_counter() - started
        print(
            f"{name:8} {chosen.count:6} mutants {taken:7.1f} s, the longest {longest:5.2f} s, {failed} failed",
            flush=True,
        )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
