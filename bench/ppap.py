"""Passwords in another mail than their file: how many files open, by the right mail, and what pairs wrongly.

    python bench/ppap.py [--scenes N] [--seed N]

Scenes of all variations (``tests/builders/pairs.py``) are mixed in one stream over two months and judged one mail
after the other, as a gateway would. Prints k of n for each variation, and what ended otherwise than its truth says.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.builders import pairs

from seriema import config, flow
from seriema.cli import session
from seriema.model.artifact import State
from seriema.model.case import Case
from seriema.model.verdict import Tier


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    sent = pairs.stream(args.seed, args.scenes)
    began = time.perf_counter()
    cases = asyncio.run(judged(sent))
    seconds = time.perf_counter() - began
    wrong = _report(sent, cases)
    held = sum(case.verdict.tier.severity >= Tier.HOLD.severity for of in cases.values() for case in of)
    print(f"{len(sent)} mails of {args.scenes} scenes in {seconds:.0f} s; {held} verdicts hold; {wrong} wrong")
    raise SystemExit(1 if wrong or held else 0)


async def judged(sent: tuple[pairs.Sent, ...]) -> dict[str, list[Case]]:
    """All cases of each mail by its Message-ID, in the order in which they were made."""
    cases: dict[str, list[Case]] = {one.id: [] for one in sent}
    with tempfile.TemporaryDirectory() as folder:
        settings = config.Settings(memory=config.MemorySettings(url=f"sqlite:///{folder}/memory.db"))
        async with session.opened(settings) as opened:
            for one in sent:
                for case in await flow.handle(flow.Incoming(one.id, one.raw), opened.edge, opened.rules):
                    cases[case.evidence.message.message_id].append(case)
    return cases


def trouble(one: pairs.Sent, cases: list[Case]) -> str:
    """What is not as the truth says; "" when all is. A mail without a file is judged once, like any other."""
    if not one.file or not cases:
        return "" if len(cases) == 1 else f"{len(cases)} cases"
    return _file_trouble(one, cases)


def _file_trouble(one: pairs.Sent, cases: list[Case]) -> str:
    first, last = (case.evidence.artifacts[1] for case in (cases[0], cases[-1]))
    if not one.opened_by:
        return "" if last.state is not State.INSPECTED else f"opened with {last.password_source}"
    if last.state is not State.INSPECTED:
        return f"{last.state}: {last.state_reason}"
    if last.password_source not in {f"message:{by}" for by in one.opened_by}:
        return f"opened with {last.password_source}"
    if (first.state is not State.INSPECTED) != one.late:
        return "opened later than it could" if not one.late else "opened earlier than it could"
    return ""


def _report(sent: tuple[pairs.Sent, ...], cases: dict[str, list[Case]]) -> int:
    right: Counter[str] = Counter()
    files = Counter(one.variation for one in sent if one.file)
    troubles = [(one, what) for one in sent if (what := trouble(one, cases[one.id]))]
    for one in sent:
        right[one.variation] += one.file and not trouble(one, cases[one.id])
    for name, count in files.items():
        print(f"{name:18} {right[name]:4d} of {count}")
    for one, what in troubles:
        print(f"  {one.variation}: {one.id} of {one.when:%m-%d %H:%M}: {what}")
    return len(troubles)


if __name__ == "__main__":
    main()
