"""A policy as TOML → ``Policy``: the shipped presets, and files of an administrator's; every mistake is named."""

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from seriema.model.artifact import FileClass, State
from seriema.model.case import Direction
from seriema.model.errors import ConfigurationError
from seriema.model.verdict import Tier
from seriema.verdict.policy import SCORED, Group, Least, Lines, Policy

_KEYS = frozenset({"extends", "thresholds", "least", "partner", "partners", "habit", "direction", "group"})
_LINES = frozenset({"thresholds", "least"})
_NOTHING = Policy("", {}, {}, {})


@functools.cache
def _shipped() -> dict[str, Policy]:
    """A preset may extend one that stands before it."""
    text = files("seriema.verdict").joinpath("policies.toml").read_text("utf-8")
    found: dict[str, Policy] = {}
    for name, table in tomllib.loads(text).items():
        below = found[table["extends"]] if "extends" in table else _NOTHING
        found[name] = _over(below, _policy(name, table, f"policies.toml: {name}"))
    return found


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
    return extended(text, name)[1]


def extended(text: str, name: str) -> tuple[Policy, Policy]:
    """What an administrator's file says itself, and the whole policy that this makes of the preset it extends."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{name}: {error}") from None
    own = _policy(name, table, name)
    return own, _over(preset(str(table.get("extends", "balanced"))), own)


def _over(below: Policy, own: Policy) -> Policy:
    directions = {
        one: _lines_over(below.directions.get(one, Lines()), own.directions.get(one, Lines()))
        for one in (*below.directions, *own.directions)
    }
    return Policy(
        own.name,
        {**below.thresholds, **own.thresholds},
        {**below.least, **own.least},
        {**below.partner, **own.partner},
        {**below.partners, **own.partners},
        {**below.habit, **own.habit},
        directions,
        (*own.groups, *below.groups),
    )


def _lines_over(below: Lines, own: Lines) -> Lines:
    return Lines({**below.thresholds, **own.thresholds}, {**below.least, **own.least})


def _policy(name: str, table: Mapping[str, Any], place: str) -> Policy:
    _known(table, _KEYS, f"{place}: unknown key {{}} in a policy")
    own = _lines({key: table[key] for key in _LINES & set(table)}, place)
    return Policy(
        name,
        own.thresholds,
        own.least,
        _least(table.get("partner", {}), f"{place}: partner"),
        _partners(table.get("partners", {}), place),
        _least(table.get("habit", {}), f"{place}: habit"),
        _directions(table.get("direction", {}), place),
        tuple(_group(one, value, place) for one, value in _table(table.get("group", {}), f"{place}: group").items()),
    )


def _table(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{place} is a table")
    return value


def _known(table: Mapping[str, Any], keys: frozenset[str], words: str) -> None:
    unknown = set(table) - keys
    if unknown:
        raise ConfigurationError(words.format(repr(min(unknown))))


def _partners(value: Any, place: str) -> dict[str, Least]:
    """A list of addresses or domains, or a table with lines of each one's own."""
    if isinstance(value, dict):
        return {plain(one): _least(lines, f"{place}: partners.{one}") for one, lines in value.items()}
    return {one: {} for one in _listed(value, f"{place}: partners is a list of addresses or domains")}


def _listed(value: Any, words: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ConfigurationError(words)
    return tuple(plain(one) for one in value)


def plain(name: str) -> str:
    """An address or domain as it is compared: ``@Bank.test`` is the domain bank.test."""
    return name.strip().lower().removeprefix("@")


def _directions(value: Any, place: str) -> dict[Direction, Lines]:
    table = _table(value, f"{place}: direction")
    _known(table, frozenset(Direction), f"{place}: direction is given for {', '.join(Direction)}, not {{}}")
    return {Direction(one): _lines(lines, f"{place}: direction.{one}") for one, lines in table.items()}


def _group(name: str, value: Any, place: str) -> Group:
    at = f"{place}: group.{name}"
    table = dict(_table(value, at))
    members = _listed(table.pop("members", []), f"{at}: members is a list of addresses or domains")
    return Group(name, frozenset(members), _lines(table, at))


def _lines(value: Any, place: str) -> Lines:
    table = _table(value, place)
    _known(table, _LINES, f"{place}: unknown key {{}}; there are thresholds and least")
    return Lines(_thresholds(table.get("thresholds", {}), place), _least(table.get("least", {}), f"{place}: least"))


def _thresholds(table: Any, place: str) -> dict[Tier, float]:
    allowed = {tier.value for tier in SCORED}
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
