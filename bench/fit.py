"""Fits the weights of conversation signals on development data and says how well they hold on what they did not see.

    python bench/fit.py FILE [--write]      FILE as ``takeover.py --save`` wrote it

Data: the grafts of ``takeover`` in all states of memory, and the real mails they are grafted on. Of a hundred mails one
is a lure (the base rate of the score), of the others two in a hundred are twins and the rest is real mail. The judge's
own combination is fitted (noisy-or: 1 - Π(1 - weight × strength), and a small chance where nothing was seen) to the
least loss under these shares, with weights shrunk towards 0. A signal that fired on fewer than LEAST mails keeps its
weight by hand, and so does every signal about files: how often our own artificial files occur says nothing.
``--write`` replaces ``src/seriema/verdict/fitted.toml``.

Printed: the weights; cross-validated loss beside weights by hand and a logistic regression; rates cross-validated by
account (thread), by language and by attack family (each trained without it); calibration; what is lost without each
signal and without each group of them.
"""

import pickle
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from math import prod
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import bounds
from grafts import ATTACHED
from samples import SIGNALS, Sample
from seriema.model.verdict import Tier
from seriema.verdict import preset
from seriema.verdict.signal import Reads

BASE_RATE, TWINS = 0.01, 0.02
LEAST = 20
SHRINK = 5e-6
FOLDS = 5
#: Facts that share a cause, left out together. Signals that are not named stand for themselves.
GROUPS = {
    "people": ("one_of_many", "outside_sender", "borrowed_name", "imitates_us"),
    "silence and words": ("dormant_thread", "generic_reply", "machine_thread"),
    "sweep": ("sweep", "several_accounts"),
    "quotation": ("altered_quote", "unseen_reference"),
    "habits": ("language_switch", "new_attachment_kind", "other_hand"),
}
TARGET = Path(__file__).parents[1] / "src/seriema/verdict/fitted.toml"
HAND: dict[str, float] = tomllib.loads((TARGET.parent / "weights.toml").read_text("utf-8"))["weights"]
CONVERSATION = {one.name for one in SIGNALS if one.reads is Reads.CONVERSATION}
THRESHOLDS = preset("balanced").thresholds
TAG, ASK = THRESHOLDS[Tier.TAG], THRESHOLDS[Tier.ASK]

Weights = dict[str, float]


class Data:
    """Strengths by signal, truth and share of many samples."""

    def __init__(self, samples: Sequence[Sample], names: Sequence[str]) -> None:
        self.names = list(names)
        rows = [[one.strengths.get(name, 0.0) for name in names] for one in samples]
        self.seen = np.array(rows).reshape(-1, len(names))
        self.lure = np.array([one.lure for one in samples], float)
        real = np.array([one.pattern == "real" for one in samples])
        honest = 1 - BASE_RATE
        self.weight = np.zeros(len(samples))
        for some, share in (
            (self.lure == 1, BASE_RATE),
            ((self.lure == 0) & ~real, honest * TWINS),
            (real, honest * (1 - TWINS)),
        ):
            self.weight[some] = share / max(1, some.sum())


def fit(samples: Sequence[Sample], names: Sequence[str]) -> Weights:
    """The weights of those signals."""
    return _noisy_or(Data(samples, names))[1]


def _noisy_or(data: Data) -> tuple[float, Weights]:
    """The chance where nothing was seen, and the weights."""

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        left = 1 - data.seen * values[1:]
        spared = np.clip((1 - values[0]) * left.prod(axis=1), 1e-12, 1 - 1e-9)
        cost = -data.weight @ np.where(data.lure == 1, np.log(1 - spared), np.log(spared))
        slope = data.weight * np.where(data.lure == 1, spared / (1 - spared), -1.0)  # of the loss by log(spared)
        by_weight = (slope[:, None] * -data.seen / left).sum(axis=0) + 2 * SHRINK * values[1:]
        return cost + SHRINK * (values[1:] @ values[1:]), np.array([-slope.sum() / (1 - values[0]), *by_weight])

    start = np.array([0.003, *([0.2] * len(data.names))])
    limits = [(1e-6, 0.5), *((0, 0.95) for _ in data.names)]
    base, *found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits).x
    return float(base), {name: round(float(one), 3) for name, one in zip(data.names, found, strict=True)}


def _logistic(data: Data) -> tuple[float, np.ndarray]:
    """The same as log-odds that add up, to compare with."""

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        odds = values[0] + data.seen @ values[1:]
        cost = data.weight @ (np.logaddexp(0, odds) - data.lure * odds) + SHRINK * (values[1:] @ values[1:])
        slope = data.weight * (1 / (1 + np.exp(-odds)) - data.lure)
        return cost, np.concatenate([[slope.sum()], data.seen.T @ slope + 2 * SHRINK * values[1:]])

    start, limits = np.array([-4.6, *([1.0] * len(data.names))]), [(-12, 0), *((0, 12) for _ in data.names)]
    base, *found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits).x
    return float(base), np.array(found)


def losses(whole: Sequence[Sample], names: Sequence[str]) -> None:
    """Log loss on accounts that were not trained on."""
    every = Data(whole, names)
    folds = np.array([_fold(one) for one in whole])
    hand = np.array([HAND.get(name, 0.0) for name in names])
    found = dict.fromkeys(("weights by hand", "noisy-or, fitted", "logistic regression, fitted"), 0.0)
    for fold in range(FOLDS):
        train, test = Data([one for one in whole if _fold(one) != fold], names), folds == fold
        seen, lure, weight = every.seen[test], every.lure[test], every.weight[test]
        base, weights = _noisy_or(train)
        other, odds = _logistic(train)
        chances = (
            1 - (1 - base) * (1 - seen * hand).prod(axis=1),
            1 - (1 - base) * (1 - seen * np.array(list(weights.values()))).prod(axis=1),
            1 / (1 + np.exp(-(other + seen @ odds))),
        )
        for name, chance in zip(found, chances, strict=True):
            found[name] -= float(weight @ np.where(lure == 1, np.log(chance), np.log(1 - chance)))
    print("\nlog loss, cross-validated by account")
    for name, value in found.items():
        print(f"  {name:30}{value:.5f}")


def _fold(one: Sample) -> int:
    return sha256(one.account.encode()).digest()[0] % FOLDS


def score(one: Sample, fitted: Mapping[str, float]) -> float:
    """As the judge combines, with these weights over those by hand."""
    weights = {**HAND, **fitted}
    return 1 - prod(1 - weights.get(name, 0.0) * strength for name, strength in one.strengths.items())


def rates(name: str, scored: Iterable[tuple[Sample, float]]) -> None:
    """One line: lures without a file tagged, the true mailbox's of these, real mail tagged, opened twins asked."""
    some = list(scored)
    plain = [(s, p) for s, p in some if s.lure and s.brings not in ATTACHED and s.state == "warm"]
    true = [p for s, p in plain if s.pattern == "true-mailbox"]
    real = [p for s, p in some if s.pattern == "real"]
    opened = [p for s, p in some if not s.lure and s.pattern != "real" and s.opened]
    columns = [
        bounds.shown(sum(p >= TAG for _, p in plain), len(plain), high=True),
        bounds.shown(sum(p >= TAG for p in true), len(true), high=True),
        bounds.shown(sum(p >= TAG for p in real), len(real), high=False),
        bounds.shown(sum(p >= ASK for p in opened), len(opened), high=False),
    ]
    print(f"  {name:28}" + " |".join(columns))


def main() -> int:
    samples, real = pickle.loads(Path(sys.argv[1]).read_bytes())
    whole = [*samples, *(one for some in real.values() for one in some)]
    fired = {name: sum(name in one.strengths for one in whole) for name in sorted(CONVERSATION)}
    names = [name for name, count in fired.items() if count >= LEAST]
    by_hand = [name for name, count in fired.items() if count < LEAST]
    table = fit(whole, names)
    print(f"by hand: {', '.join(by_hand) or 'none'}, and all signals about files")
    for name in names:
        print(f"  {name:24} {fired[name]:6} mails, weight {table[name]:.3f}; by hand {HAND.get(name, 0):.2f}")
    losses(whole, names)
    columns = ("lures without file tagged", "true mailbox's of these", "real mail tagged", "opened twins asked")
    print("\n" + " " * 30 + " |".join(f"{one:37}" for one in columns))
    rates("weights by hand", ((one, score(one, {})) for one in whole))
    rates("fitted, on the same data", ((one, score(one, table)) for one in whole))
    rates("cross-validated by account", held_out(whole, names, _fold))
    rates("  by language", held_out(whole, names, lambda one: "" if one.pattern == "real" else one.language))
    rates("  by family: pattern", held_out(whole, names, lambda one: one.pattern if one.lure else ""))
    rates("  by family: what it brings", held_out(whole, names, lambda one: one.brings if one.lure else ""))
    calibration(whole, names)
    print("\nwithout one signal or group, the others fitted anew")
    alone = [name for name in names if not any(name in group for group in GROUPS.values())]
    for title, gone in (*((name, {name}) for name in names), *((title, set(group)) for title, group in GROUPS.items())):
        if title not in alone or len(gone) == 1:
            without = fit(whole, [one for one in names if one not in gone])
            rates(title, ((one, score(_less(one, gone), without)) for one in whole))
    rates("all about the conversation", ((one, score(_less(one, CONVERSATION), {})) for one in whole))
    if "--write" in sys.argv:
        TARGET.write_text(written(table, by_hand), "utf-8")
    return 0


def held_out(
    whole: Sequence[Sample], names: Sequence[str], key: Callable[[Sample], object]
) -> Iterable[tuple[Sample, float]]:
    """Each sample with the score of weights fitted without its fold; the fold "" is in every training, and judged."""
    for fold in sorted({key(one) for one in whole}, key=str):
        table = fit([one for one in whole if key(one) != fold or fold == ""], names)
        yield from ((one, score(one, table)) for one in whole if key(one) == fold)


def _less(one: Sample, names: set[str]) -> Sample:
    return replace(one, strengths={name: strength for name, strength in one.strengths.items() if name not in names})


def calibration(whole: Sequence[Sample], names: Sequence[str]) -> None:
    """Stated and true share of lures by score of the conversation alone, cross-validated by account."""
    scored = list(held_out([_less(one, set(one.strengths) - set(names)) for one in whole], names, _fold))
    shares = Data([one for one, _ in scored], names).weight
    print("\nconversation alone, cross-validated: score, stated share of lures, true share")
    for low, high in ((0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 0.45), (0.45, 0.8), (0.8, 0.9), (0.9, 1.01)):
        inside = [(w, p, one.lure) for w, (one, p) in zip(shares, scored, strict=True) if low <= p < high]
        mass = sum(w for w, _, _ in inside)
        if mass:
            stated = sum(w * p for w, p, _ in inside) / mass
            true = sum(w * lure for w, _, lure in inside) / mass
            print(f"  {low:4.2f}–{min(high, 1):4.2f}  {stated:6.3f}  {true:6.3f}  ({len(inside)} samples)")


def written(table: Mapping[str, float], by_hand: Sequence[str]) -> str:
    """The table as TOML."""
    lines = [
        "# Written by bench/fit.py from development data; it prevails over weights.toml. Do not edit: fit anew.",
        f"# Not seen there often enough, so by hand: {', '.join(by_hand) or 'none'}; and all signals about files.",
        "",
        "[weights]",
        *(f"{name} = {weight}" for name, weight in sorted(table.items())),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
