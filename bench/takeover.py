"""Is a taken-over conversation noticed, and honest mail let through? Lures and twins grafted onto real threads.

    python bench/takeover.py [--quick] [--save FILE]

Real threads are those of the corpus ``threads-spamassassin-easyham1`` and the ordinary mail of the exercise.
One writer makes lures and twins (``grafts``), each is judged at its own arrival with only earlier mail remembered, by
``flow`` with the policy "balanced", three times: with everything remembered that came before (warm), with one month of
it, and with nothing (cold). Mails are dissected in this process, without the jail: what it does is not measured here.
Rates stand as k of n with the exact 95 % bound. FILE keeps the samples for ``fit.py`` and ``takeover_leak.py``.
"""

import argparse
import asyncio
import pickle
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import bounds
import grounds
from grafts import ATTACHED
from samples import STATES, Sample, grafted
from seriema import dissect, verdict

CAMPAIGNS = {"easy-ham": 760, "exercise": 380}
QUICK = {"easy-ham": 76, "exercise": 38}


# -- tables ------------------------------------------------------------------------------------------------------------

STOPPED = frozenset({"ask", "hold", "reject"})
NOTICED = STOPPED | {"tag"}


def table(title: str, rows: Iterable[tuple[str, list[Sample]]], *, lures: bool) -> None:
    print(f"\n{title:44}      n    hold     ask     tag deliver   {'tag or higher' if lures else 'ask or higher'}")
    for name, some in rows:
        if some:
            tiers = Counter(one.tier for one in some)
            counts = " ".join(f"{tiers[tier]:7}" for tier in ("hold", "ask", "tag", "deliver"))
            over = sum(one.tier in (NOTICED if lures else STOPPED) for one in some)
            print(f"  {name:42}{len(some):7} {counts}   {bounds.shown(over, len(some), high=lures)}")


def by(samples: Sequence[Sample], key: Callable[[Sample], str]) -> Iterator[tuple[str, list[Sample]]]:
    for name in sorted({key(one) for one in samples}):
        yield name, [one for one in samples if key(one) == name]


def tables(samples: Sequence[Sample]) -> None:
    lures, twins = [one for one in samples if one.lure], [one for one in samples if not one.lure]
    for state in STATES:
        some = [one for one in lures if one.state == state]
        table(f"lures, {state}: pattern, payload", by(some, lambda one: f"{one.pattern} {one.brings}"), lures=True)
        others = [one for one in twins if one.state == state]
        table(f"twins, {state}", by(others, lambda one: f"{one.pattern} ({one.brings})"), lures=False)
    warm = [one for one in lures if one.state == "warm"]
    table(
        "lures, warm: language of the words",
        by(
            warm,
            lambda one: f"{one.language}, thread {'the same' if one.language == one.thread_language else 'another'}",
        ),
        lures=True,
    )
    table("lures, warm: silence", by(warm, lambda one: f"{one.pattern} {one.silence}"), lures=True)
    table(
        "lures, warm: corpus, route",
        by(warm, lambda one: f"{one.corpus} {one.pattern} {'own' if one.own_route else 'other'} route"),
        lures=True,
    )
    table("lures, warm: number in the sweep", by(warm, lambda one: f"{one.pattern} {min(one.number, 5)}"), lures=True)
    warm = [one for one in twins if one.state == "warm"]
    table(
        "twins, warm: language of the words",
        by(
            warm,
            lambda one: f"{one.language}, thread {'the same' if one.language == one.thread_language else 'another'}",
        ),
        lures=False,
    )


def missed(samples: Sequence[Sample], most: int = 12) -> None:
    """What the judge saw in what it got wrong, most frequent first."""
    for title, wrong in (
        (
            "lures with an attachment not asked about",
            [s for s in samples if s.lure and s.brings in ATTACHED and s.tier not in STOPPED],
        ),
        (
            "lures without one not noticed (warm)",
            [s for s in samples if s.lure and s.state == "warm" and s.brings not in ATTACHED and s.tier not in NOTICED],
        ),
        (
            "opened twins held or asked about (warm)",
            [s for s in samples if not s.lure and s.state == "warm" and s.opened and s.tier in STOPPED],
        ),
        (
            "twins with habit held or asked about (warm)",
            [s for s in samples if not s.lure and s.state == "warm" and "habit" in s.pattern and s.tier in STOPPED],
        ),
        ("real mail tagged or higher", [s for s in samples if s.pattern == "real" and s.tier in NOTICED]),
    ):
        print(f"\n{title}: {len(wrong)}")
        seen = Counter(
            (
                s.pattern,
                s.brings,
                s.tier,
                " + ".join(name for name, weight, _ in s.reasons if weight or name == "not_inspected"),
            )
            for s in wrong
        )
        for (pattern, brings, tier, reasons), count in seen.most_common(most):
            print(f"  {count:5}  {tier:7} {pattern} {brings}: {reasons or 'no signal'}")


def lines(samples: Sequence[Sample], real: dict[str, list[Sample]]) -> bool:
    """The project's own bounds, each with pass or FAIL."""
    good = True

    def line(text: str, some: Sequence[Sample], tiers: frozenset[str], wanted: float, *, high: bool = True) -> None:
        nonlocal good
        k, n = sum(one.tier in tiers for one in some), len(some)
        held = n > 0 and (k >= wanted * n if high else k <= wanted * n)
        good &= held
        print(f"  {'pass' if held else 'FAIL'}  {text:76} {bounds.shown(k, n, high=high)}")

    def lure(state: str, pattern: str, *, attached: bool) -> list[Sample]:
        return [
            s
            for s in samples
            if s.lure and s.state == state and s.pattern.startswith(pattern) and (s.brings in ATTACHED) == attached
        ]

    print("\nDone when, line 1")
    line("true mailbox, locked or macro, warm: ask or hold ≥ 99 %", lure("warm", "true", attached=True), STOPPED, 0.99)
    line("true mailbox, link or text, warm: tag or higher ≥ 85 %", lure("warm", "true", attached=False), NOTICED, 0.85)
    strange = lure("warm", "strange", attached=True)
    line(
        "strange account, warm: tag or higher ≥ 99 %",
        [*strange, *lure("warm", "strange", attached=False)],
        NOTICED,
        0.99,
    )
    line("strange account, locked or macro, warm: ask or hold ≥ 95 %", strange, STOPPED, 0.95)
    line("cold start, locked or macro: ask or hold ≥ 95 %", lure("cold", "", attached=True), STOPPED, 0.95)
    for state, some in real.items():
        line(f"real mail, {state}: no hold", some, frozenset({"hold", "reject"}), 0, high=False)
        line(f"real mail, {state}: ask ≤ 1 per 1,000", some, STOPPED, 0.001, high=False)
        line(f"real mail, {state}: tag or higher ≤ 5 per 1,000", some, NOTICED, 0.005, high=False)
    twins = [
        s for s in samples if not s.lure and s.state == "warm" and s.brings in {"locked", "macro", "shut", "apart"}
    ]
    opened, habit = [s for s in twins if s.opened], [s for s in twins if "habit" in s.pattern]
    enough = len(twins) >= 2000
    print(f"  {'pass' if enough else 'FAIL'}  benign locked or macro attachments: {len(twins)}, at least 2,000")
    good &= enough
    line("  opened and harmless: no hold", opened, frozenset({"hold", "reject"}), 0, high=False)
    line("  opened and harmless: ask ≤ 2 %", opened, STOPPED, 0.02, high=False)
    line("  the pair has the habit: ask ≤ 2 %", habit, STOPPED, 0.02, high=False)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the grafts")
    parser.add_argument("--save", type=Path, help="keep the samples here")
    args = parser.parse_args()
    dissect.warm()
    started = time.perf_counter()
    corpora = grounds.corpora()
    if not all(one.mails for one in corpora):
        print(f"no mail in {grounds.threads.corpora()}", file=sys.stderr)
        return 2
    samples, real = asyncio.run(grafted(corpora, QUICK if args.quick else CAMPAIGNS))
    if args.save:
        args.save.write_bytes(pickle.dumps((samples, real)))
    tables(samples)
    for state, some in real.items():
        table(f"real mail without locked or active files, {state}", by(some, lambda one: one.corpus), lures=True)
    missed([*samples, *(one for some in real.values() for one in some)])
    good = lines(samples, real)
    print(f"\n{len(samples)} grafts judged in {time.perf_counter() - started:.0f} s; rules {verdict.rules_version()}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
