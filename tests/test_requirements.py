"""``docs/requirements.md`` lists every requirement once, and every test it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: | R12 | meaning | rooms | what shows it |
ROWS = re.findall(
    r"^\| R(\d+) \| ([^|]+) \| ([^|]*) \| ([^|]+) \|$", (ROOT / "docs" / "requirements.md").read_text(), re.MULTILINE
)
LAST = 86
#: Parts of the work that are still ahead.
PARTS = range(2, 8)
REACHED = [(number, room, shown) for number, _, room, shown in ROWS if "::" in shown]


def test_every_number_has_one_row():
    assert [int(number) for number, *_ in ROWS] == list(range(1, LAST + 1))


def test_a_row_names_a_test_or_says_that_it_is_not_reached():
    for number, meaning, _, shown in ROWS:
        pending = re.findall(r"not reached yet \(part (\d)\)|the rest in part (\d)", shown)
        assert "::" in shown or pending or "no requirement" in meaning, f"R{number}"
        assert all(int(one or other) in PARTS for one, other in pending), f"R{number}"


@pytest.mark.parametrize(("number", "room", "shown"), REACHED, ids=[f"R{number}" for number, *_ in REACHED])
def test_the_tests_it_names_exist(number, room, shown):
    for path, name in re.findall(r"`([\w/.]+)::(\w+)`", shown):
        assert name in defined(path), f"{path}::{name}"
    assert shown.count("::") == len(re.findall(r"`[\w/.]+::\w+`", shown))


@pytest.mark.parametrize(("number", "room", "shown"), REACHED, ids=[f"R{number}" for number, *_ in REACHED])
def test_the_rooms_it_names_exist(number, room, shown):
    rooms = re.findall(r"`([\w/]+)`", room)
    assert rooms
    assert [one for one in rooms if not (ROOT / "src" / "seriema" / one).exists()] == []


@cache
def defined(path: str) -> frozenset[str]:
    """The tests of a file, read without importing it."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )
