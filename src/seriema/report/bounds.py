"""A rate as k of n with its exact upper bound (Clopper and Pearson 1934), one-sided at 95 %."""

from math import exp, lgamma, log

_CHANCE = 0.05
_HALVINGS = 50


def upper(k: int, n: int) -> float:
    """The largest rate under which so few would still be seen with a chance of 5 %; 1 of nothing."""
    if k >= n:
        return 1.0
    low, high = k / n, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(k, n, middle) > _CHANCE else (low, middle)
    return high


def _at_most(k: int, n: int, rate: float) -> float:
    """The chance of at most k of n, each with this chance (binomial)."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    yes, no, ways = log(rate), log(1 - rate), lgamma(n + 1)
    return sum(exp(ways - lgamma(one + 1) - lgamma(n - one + 1) + one * yes + (n - one) * no) for one in range(k + 1))
