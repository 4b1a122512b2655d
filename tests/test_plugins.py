"""Plugins are found in a fixed order; a broken one is reported and left out; a crash costs only its own facts."""

import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from seriema import plugins
from seriema.model.errors import LimitReached, Malformed
from seriema.plugins import Crash, guarded, load

FILES = {
    "__init__.py": "",
    "zebra.py": "FORMAT = 'zebra'",
    "adder.py": "FORMAT = 'adder'",
    "_support.py": "FORMAT = 'no plugin'",
    "number.py": "FORMAT = 7",
    "empty.py": "",
    "broken.py": "raise RuntimeError('two\\nlines')",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "menagerie"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield "menagerie"
    for name in [name for name in sys.modules if name.startswith("menagerie")]:
        del sys.modules[name]


def test_own_plugins_come_in_the_order_of_their_names(package: str) -> None:
    assert load(package, "FORMAT", str, "nobody.formats").values == ("adder", "zebra")


def test_each_broken_plugin_is_described_in_one_line_and_left_out(package: str) -> None:
    said = [str(error) for error in load(package, "FORMAT", str, "nobody.formats").errors]
    assert said == [
        "plugin menagerie.broken: RuntimeError: two lines",
        "plugin menagerie.empty: AttributeError: module 'menagerie.empty' has no attribute 'FORMAT'",
        "plugin menagerie.number: FORMAT is int, not str",
    ]


def test_entry_points_follow_and_may_name_the_value_or_its_module(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = [
        EntryPoint("yak", "menagerie.zebra:FORMAT", "zoo.formats"),
        EntryPoint("ant", "menagerie.adder", "zoo.formats"),
        EntryPoint("gone", "menagerie.nowhere", "zoo.formats"),
    ]
    monkeypatch.setattr(plugins, "entry_points", lambda group: EntryPoints(p for p in points if p.group == group))
    loaded = load(package, "FORMAT", str, "zoo.formats")
    assert loaded.values == ("adder", "zebra", "adder", "zebra")
    assert "gone = menagerie.nowhere: ModuleNotFoundError" in str(loaded.errors[-1])


def test_a_crash_becomes_a_value() -> None:
    assert guarded("zoo", lambda: int("ü")) == Crash("zoo", "ValueError: invalid literal for int() with base 10: 'ü'")


def test_declared_errors_pass() -> None:
    def fail() -> None:
        raise Malformed("no end", "offset 7")

    with pytest.raises(Malformed):
        guarded("zoo", fail)


def test_lack_of_memory_is_a_limit() -> None:
    def hog() -> None:
        raise MemoryError

    with pytest.raises(LimitReached, match="memory"):
        guarded("zoo", hog)
