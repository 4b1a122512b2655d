"""``docs/inspectors.md`` names every inspector with exactly the kinds and classes it reads."""

import re
from pathlib import Path

from seriema import plugins
from seriema.examine.inspector import GROUP, PACKAGE, Inspector

PAGE = Path(__file__).parents[2] / "docs" / "inspectors.md"


def test_the_page_is_true():
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE))
    inspectors = plugins.load(PACKAGE, "INSPECTOR", Inspector, GROUP).values
    reads = {
        one.name: ", ".join([*sorted(one.kinds), *(f"every {each.value}" for each in sorted(one.classes))])
        for one in inspectors
    }
    assert rows == reads
