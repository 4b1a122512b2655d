"""Signals and policy → tier, keeping every reason.

A weight is the probability that the fact alone makes a mail a lure, where one mail in a hundred is one: the base rate
that thresholds are written for; true rates are lower. Independent evidence combines as 1 - Π(1 - weight × strength)
(noisy-or, Pearl 1988, section 4.3.2), so payload and conversation each suffice alone. Assumed is that facts are
independent causes. Weights of the conversation are fitted to development data by ``bench/fit.py`` (``fitted.toml``),
which shows how well stated and true shares agree; those of files, and of facts too rare there, are set by hand
(``weights.toml``): how often our own artificial files occur says nothing about real ones.

The policy turns the score into a tier, and each gap in inspection
raises it to at least what its table says. Nothing ever lowers it: what the files show has at least the tier of the
policy's own thresholds, whoever wrote to whom.
"""

import functools
import tomllib
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Any

from seriema import plugins
from seriema.model.case import Evidence
from seriema.model.verdict import Reason, Verdict
from seriema.verdict.not_inspected import not_inspected
from seriema.verdict.policy import Policy, severest
from seriema.verdict.signal import Reads, Signal
from seriema.verdict.summary import summary

#: Reasons that no signal sees: a later mail threw light on this one, a person spoke.
LATER, JUDGED = "later_evidence", "judged_harmful"
SAID = frozenset({LATER, JUDGED})


@dataclass(frozen=True, slots=True)
class Rules:
    """The signals with their weights, as one version."""

    version: str
    signals: tuple[tuple[Signal, float], ...]


@functools.cache
def _rules() -> Rules:
    data, fitted = _table("weights.toml"), _table("fitted.toml")
    loaded = plugins.load("seriema.verdict.signals", "SIGNAL", Signal, "seriema.signals")
    weights: dict[str, float] = {**data["weights"], **fitted["weights"]}
    return Rules(str(data["rules"]), tuple((one, weights.get(one.name, 0.0)) for one in loaded.values))


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("seriema.verdict").joinpath(name).read_text("utf-8"))


def rules_version() -> str:
    """The version of signals and weights, as printed in case documents."""
    return _rules().version


def judge(evidence: Evidence, policy: Policy, arrival: tuple[Reason, ...] | None = None) -> Verdict:
    """The verdict on one mail.

    ``arrival``: the reasons of this mail's first verdict when it is judged again, because a locked file opened later or
    something was said of it since (``SAID``, with those reasons). What the conversation said then stands; only the
    files are read anew.
    """
    reasons = _observed(evidence, arrival)
    score = _combined(reasons)
    applied = policy.applied(evidence)
    least, gaps = not_inspected(evidence, applied)
    # Lines for a direction or group may set other thresholds; what the files show alone stays under the policy's own.
    tier = severest((applied.tier_of(score), policy.tier_of(_combined(_payload(reasons))), least))
    ranked = tuple(sorted((*reasons, *gaps), key=lambda reason: (-reason.weight, reason.signal)))
    return Verdict(tier, round(score, 4), evidence.inspection, summary(evidence, ranked), ranked)


def _observed(evidence: Evidence, arrival: tuple[Reason, ...] | None) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    for signal, weight in _rules().signals:
        if arrival is not None and signal.reads is Reads.CONVERSATION:
            reasons.extend(reason for reason in arrival if reason.signal == signal.name)
            continue
        seen = plugins.guarded(signal.name, partial(signal.observe, evidence))
        if isinstance(seen, plugins.Crash):
            reasons.append(Reason(signal.name, 0.0, f"the signal {signal.name} failed ({seen.reason})"))
        elif seen:
            reasons.append(_reason(signal, round(weight * seen.strength, 4), seen.text, evidence))
    return (*reasons, *(one for one in arrival or () if one.signal in SAID))


def _reason(signal: Signal, weight: float, text: str, evidence: Evidence) -> Reason:
    """Nothing excepts what the files show, whatever memory says."""
    exempt = next((one for one in evidence.history.exempt if one.fact == signal.name), None)
    if exempt is None or signal.reads is Reads.CONTENT:
        return Reason(signal.name, weight, text)
    return Reason(signal.name, 0.0, f"{text} (excepted until {exempt.until:%Y-%m-%d}: {exempt.reason})")


def exceptable() -> frozenset[str]:
    """The facts that a person may except between two mailboxes: those of the conversation."""
    return frozenset(signal.name for signal, _ in _rules().signals if signal.reads is Reads.CONVERSATION)


def _payload(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(one for one in reasons if one.signal in _content())


@functools.cache
def _content() -> frozenset[str]:
    return frozenset(signal.name for signal, _ in _rules().signals if signal.reads is Reads.CONTENT)


def _combined(reasons: tuple[Reason, ...]) -> float:
    harmless = 1.0
    for reason in reasons:
        harmless *= 1 - reason.weight
    return 1 - harmless
