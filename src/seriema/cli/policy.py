"""``seriema policy check FILE`` says what is wrong with a policy; ``policy simulate`` is in a file of its own."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

from seriema import config, verdict
from seriema.cli import simulate
from seriema.cli.output import wrapped

#: Which notes ``--fail-on`` counts.
_FAILING = {
    "contradiction": frozenset({verdict.Kind.CONTRADICTION}),
    "blind-spot": frozenset(verdict.Kind),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``policy``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="name contradictions and blind spots of a policy")
    check.add_argument("policy", metavar="NAME|FILE", help="a shipped policy or a TOML file")
    check.add_argument("--format", choices=("text", "json", "jsonl"), default="text")
    check.add_argument("--fail-on", choices=tuple(_FAILING), default="contradiction", help="exit 1 when there is one")
    check.add_argument("--config", type=Path, metavar="FILE", help="settings, for our domains and partners named there")
    simulate.arguments(actions.add_parser("simulate", help="show what policies would have done with old mail"))


def run(args: argparse.Namespace) -> int:
    """Check, or simulate."""
    return simulate.run(args) if args.action == "simulate" else _check(args)


def _check(args: argparse.Namespace) -> int:
    """Print the notes, worst first; exit 1 when one is as bad as ``--fail-on``."""
    notes = _notes(args.policy, args.config)
    if args.format == "text":
        for one in notes:
            print(wrapped(f"{one.kind}: [{one.place}] {one.sentence}", "    "))
        counts = [f"{sum(one.kind is kind for one in notes)} {kind}s" for kind in reversed(verdict.Kind)]
        print(f"{args.policy}: {', '.join(counts)}")
    else:
        rows = [{"kind": one.kind.value, "place": one.place, "sentence": one.sentence} for one in notes]
        print(*map(json.dumps, rows), sep="\n") if args.format == "jsonl" else print(json.dumps(rows, indent=2))
    return int(any(one.kind in _FAILING[args.fail_on] for one in notes))


def _notes(name: str, settings_file: Path | None) -> tuple[verdict.Note, ...]:
    settings = config.load(settings_file)
    if name in verdict.presets():
        whole = verdict.preset(name)
        own = replace(whole, partner={})  # whom it is meant for is named elsewhere
    else:
        own, whole = verdict.extended(config.policy_text(name), name)
    whole = config.with_partners(whole, settings)
    return verdict.check(own, whole, config.own_domains(settings) if settings_file else None)
