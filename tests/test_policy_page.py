"""``docs/policy.md`` shows the shipped policies as they are, and its examples hold."""

import re
from pathlib import Path

import pytest

from seriema.model.artifact import FileClass, State
from seriema.model.verdict import Tier
from seriema.verdict import Kind, check, extended, preset, presets
from seriema.verdict.policy import SCORED, Least

PAGE = (Path(__file__).parent.parent / "docs" / "policy.md").read_text()
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
STATES = tuple(state for state in State if state is not State.INSPECTED)


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def thresholds() -> list[str]:
    return [
        row(
            name,
            *(f"{preset(name).thresholds[one]:.2f}" if one in preset(name).thresholds else "never" for one in tiers),
        )
        for tiers in [tuple(reversed(SCORED))]
        for name in presets()
    ]


def table(leasts: dict[str, Least], otherwise: Tier | None = Tier.ASK) -> list[str]:
    """State and classes by the tiers of each preset; classes with the same tiers in all share a line."""
    found = []
    for state in STATES:
        lines: dict[tuple[str, ...], list[str]] = {}
        for one in FileClass:
            tiers = tuple(str(least.get((state, one), otherwise) or "–") for least in leasts.values())
            lines.setdefault(tiers, []).append(one.value)
        most = max(lines, key=lambda tiers: len(lines[tiers]))
        for tiers, classes in sorted(lines.items(), key=lambda each: each[0] == most):
            if set(tiers) != {"–"}:
                found.append(row(state.value, named(classes, rest=tiers == most, alone=len(lines) == 1), *tiers))
    return found


def named(classes: list[str], *, rest: bool, alone: bool) -> str:
    if alone:
        return "all"
    return "all others" if rest and len(classes) > len(FileClass) / 3 else ", ".join(classes)


def some(part: str) -> list[str]:
    return table({name: getattr(preset(name), part) for name in presets()}, None)


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        ("Thresholds", thresholds()),
        ("What could not be read", table({name: preset(name).least for name in presets()})),
        ("From a partner", some("partner")),
        ("Where locked files are a habit", some("habit")),
    ],
)
def test_a_table_of_the_page_is_what_the_presets_say(title, rows):
    section = PAGE.partition(f"### {title}\n")[2].partition("\n#")[0]
    shown = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert shown == rows, "\n" + "\n".join(rows)


def test_the_page_names_every_preset_class_and_state():
    for one in (*presets(), *FileClass, *STATES):
        assert f"`{one}`" in PAGE, one


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_a_policy_without_contradiction(text):
    notes = check(*extended(text, "example"), own_domains={"bank.example"})
    assert [one for one in notes if one.kind is Kind.CONTRADICTION] == []
