"""What an organisation wants done: thresholds on the score, and what a gap in inspection means at least.

A policy is data (``policies.toml``, or a file of the administrator's in the same form). What it leaves unsaid is
``ask``: a missing line can never let an unread file through.
"""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from seriema.model.artifact import FileClass, State
from seriema.model.errors import ConfigurationError
from seriema.model.verdict import Tier

LeastTable = Mapping[tuple[State, FileClass], Tier]
_TIERS = (Tier.HOLD, Tier.ASK, Tier.TAG)
_KEYS = frozenset({"thresholds", "least", "partner", "partners", "extends"})


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. ``partners``: addresses or domains that may send locked files."""

    name: str
    thresholds: Mapping[Tier, float]
    least: LeastTable
    partner: LeastTable
    partners: frozenset[str] = frozenset()

    def tier_of(self, score: float) -> Tier:
        """The severest tier whose threshold the score reaches."""
        return next((tier for tier in _TIERS if score >= self.thresholds.get(tier, 2.0)), Tier.DELIVER)

    def least_for(self, reason: State, file_class: FileClass, *, partner: bool) -> Tier:
        """What a gap means at least; ``ask`` where neither table has a line."""
        if partner and (reason, file_class) in self.partner:
            return self.partner[reason, file_class]
        return self.least.get((reason, file_class), Tier.ASK)

    def is_partner(self, address: str) -> bool:
        """The administrator named this address, or its domain, as one that sends locked files."""
        return address in self.partners or address.rpartition("@")[2] in self.partners


@functools.cache
def _shipped() -> dict[str, Policy]:
    text = files("seriema.verdict").joinpath("policies.toml").read_text("utf-8")
    return {name: _policy(name, table, "policies.toml") for name, table in tomllib.loads(text).items()}


def presets() -> tuple[str, ...]:
    """The names of the shipped policies."""
    return tuple(_shipped())


def preset(name: str) -> Policy:
    """The shipped policy of that name; raises ConfigurationError for another name."""
    if name not in _shipped():
        raise ConfigurationError(f"no policy is called {name!r}; there are {', '.join(presets())}")
    return _shipped()[name]


def parse(text: str, name: str) -> Policy:
    """An administrator's policy file (TOML). ``extends`` names the preset that fills what it leaves out.

    Raises ConfigurationError with the offending key for anything unknown.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{name}: {error}") from None
    below = preset(str(table.get("extends", "balanced")))
    own = _policy(name, table, name)
    return Policy(
        name,
        {**below.thresholds, **own.thresholds},
        {**below.least, **own.least},
        {**below.partner, **own.partner},
        below.partners | own.partners,
    )


def _policy(name: str, table: Mapping[str, Any], place: str) -> Policy:
    unknown = set(table) - _KEYS
    if unknown:
        raise ConfigurationError(f"{place}: unknown key {min(unknown)!r} in a policy")
    partners = table.get("partners", [])
    if not isinstance(partners, list) or not all(isinstance(one, str) for one in partners):
        raise ConfigurationError(f"{place}: partners is a list of addresses or domains")
    return Policy(
        name,
        _thresholds(table.get("thresholds", {}), place),
        _least(table.get("least", {}), f"{place}: least"),
        _least(table.get("partner", {}), f"{place}: partner"),
        frozenset(one.lower().removeprefix("@") for one in partners),
    )


def _thresholds(table: Any, place: str) -> dict[Tier, float]:
    allowed = {tier.value for tier in _TIERS}
    if not isinstance(table, dict) or set(table) - allowed:
        raise ConfigurationError(f"{place}: thresholds are given for {', '.join(sorted(allowed))}")
    for tier, value in table.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise ConfigurationError(f"{place}: the threshold of {tier} lies between 0 and 1")
    return {Tier(tier): float(value) for tier, value in table.items()}


def _least(table: Any, place: str) -> dict[tuple[State, FileClass], Tier]:
    reasons = {state.value for state in State} - {State.INSPECTED.value}
    if not isinstance(table, dict) or set(table) - reasons:
        raise ConfigurationError(f"{place} is given for {', '.join(sorted(reasons))}")
    return {key: tier for reason, row in table.items() for key, tier in _row(State(reason), row, place).items()}


def _row(reason: State, row: Any, place: str) -> dict[tuple[State, FileClass], Tier]:
    """One reason's line. ``other`` stands for all classes that are not named in it."""
    classes = {one.value for one in FileClass}
    if not isinstance(row, dict) or set(row) - classes:
        raise ConfigurationError(f"{place}.{reason}: the classes are {', '.join(sorted(classes))}")
    if set(map(str, row.values())) - {tier.value for tier in Tier}:
        raise ConfigurationError(f"{place}.{reason}: the tiers are {', '.join(Tier)}")
    named = {(reason, FileClass(name)): Tier(tier) for name, tier in row.items()}
    if FileClass.OTHER.value not in row:
        return named
    rest = Tier(row[FileClass.OTHER.value])
    return {(reason, one): named.get((reason, one), rest) for one in FileClass}
