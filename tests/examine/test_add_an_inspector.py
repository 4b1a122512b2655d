"""The guide's own inspector works: adding an inspector is one file."""

import re
from pathlib import Path

import pytest
from tests.builders.files import artifact

from seriema import plugins
from seriema.examine.inspector import Inspector
from seriema.model.errors import Malformed
from seriema.model.limits import Limits

GUIDE = Path(__file__).parents[2] / "docs" / "add-an-inspector.md"
QUERY = b"WEB\r\n1\r\nhttp://a.test/rates.htm\r\n\r\nSelection=1\r\n"


def test_the_guides_file_is_found_and_inspects(tmp_path, monkeypatch):
    source = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL).group(1)
    folder = tmp_path / "guide_inspectors"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Inspectors of a guide."""')
    (folder / "web_query.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    loaded = plugins.load("guide_inspectors", "INSPECTOR", Inspector, "seriema.no-such-group")
    assert (len(loaded.values), loaded.errors) == (1, ())
    (inspector,) = loaded.values

    query = artifact(QUERY, "rates.iqy")
    assert inspector.fits(query.kind, query.file_class)
    seen = inspector.inspect(query, QUERY, Limits())
    assert [(one.value, one.role) for one in seen.indicators] == [("http://a.test/rates.htm", "download")]
    with pytest.raises(Malformed, match="line 3"):
        inspector.inspect(query, b"WEB\r\n1\r\n", Limits())
