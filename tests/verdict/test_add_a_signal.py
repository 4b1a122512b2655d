"""The guide's own signal works: adding a signal is one file."""

import re
from pathlib import Path

from tests.builders.evidence import evidence, message

from seriema import plugins
from seriema.model.message import Address
from seriema.verdict.signal import Signal

GUIDE = Path(__file__).parents[2] / "docs" / "add-a-signal.md"


def test_the_guides_file_is_found_and_observes(tmp_path, monkeypatch):
    source = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL).group(1)
    folder = tmp_path / "guide_signals"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Signals of a guide."""')
    (folder / "reply_to_elsewhere.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    loaded = plugins.load("guide_signals", "SIGNAL", Signal, "seriema.no-such-group")
    assert [one.name for one in loaded.values] == ["reply_to_elsewhere"]

    observe = loaded.values[0].observe
    assert "other.test" in observe(evidence(message=message(reply_to=(Address("", "x@other.test"),)))).text
    assert observe(evidence()) is None
