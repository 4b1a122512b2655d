"""Rates as k of n with their exact bounds (Clopper and Pearson 1934), one-sided at 95 %."""

from math import exp, lgamma, log

LEVEL = 0.05


def upper(k: int, n: int) -> float:
    """The largest rate that would still show so few with a chance of 5 %."""
    if k >= n:
        return 1.0
    return _root(lambda rate: _at_most(k, n, rate) > LEVEL)


def lower(k: int, n: int) -> float:
    """The smallest rate that would still show so many with a chance of 5 %."""
    return 0.0 if k == 0 else 1 - upper(n - k, n)


def shown(k: int, n: int, *, high: bool) -> str:
    """``k of n`` in per cent with the bound that matters: the lower one of what should be high."""
    if not n:
        return "     0 of     0"
    bound = lower(k, n) if high else upper(k, n)
    return f"{k:6} of {n:5} {100 * k / n:7.2f} % ({'≥' if high else '≤'} {100 * bound:6.2f} %)"


def _root(below: "object") -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)  # type: ignore[operator]
    return high


def _at_most(k: int, n: int, rate: float) -> float:
    """The chance of at most k of n (binomial)."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    odds, rest = log(rate), log(1 - rate)
    whole = lgamma(n + 1)
    return sum(
        exp(whole - lgamma(one + 1) - lgamma(n - one + 1) + one * odds + (n - one) * rest) for one in range(k + 1)
    )
