"""``docs/map.md`` names every room that exists, no other, and entries that are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "seriema"
#: | `room/` | question | entry |
ROWS = re.findall(r"^\| `([^`]+)` \| [^|]+ \| ([^|]*) \|$", (ROOT / "docs" / "map.md").read_text(), re.MULTILINE)


def test_every_room_is_on_the_map_and_no_other():
    there = {f"{path.name}/" for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    there |= {path.name for path in SOURCE.glob("*.py") if path.name != "__init__.py"}
    assert sorted(room for room, _ in ROWS) == sorted(there)


@pytest.mark.parametrize(("room", "entry"), ROWS, ids=[room for room, _ in ROWS])
def test_its_entries_exist(room, entry):
    place = SOURCE / room
    known = names(place) | names(SOURCE / "model")
    for span in re.findall(r"`([^`]+)`", entry):
        name = re.match(r"[\w.]*", span).group().rpartition(".")[2] if not span.endswith((".py", "/")) else span
        if span.endswith((".py", "/")):
            assert (place / span).exists(), span
        elif span.endswith("…"):
            assert any(one.startswith(name) for one in known), span
        else:
            assert name in known, span


def test_the_rooms_within_the_edge_are_named():
    [question] = re.findall(r"^\| `edge/` \| ([^|]+) \|", (ROOT / "docs" / "map.md").read_text(), re.MULTILINE)
    there = {f"{path.name}/" for path in (SOURCE / "edge").iterdir() if (path / "__init__.py").exists()}
    assert set(re.findall(r"`([^`]+)`", question)) == there


def names(place: Path) -> set[str]:
    """What the modules of a room define."""
    found = set()
    for path in place.rglob("*.py") if place.is_dir() else [place]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(node.name)
    return found
