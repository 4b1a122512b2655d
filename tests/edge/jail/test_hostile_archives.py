"""Every hostile attachment goes through the real jail: it ends in its state, in bounds, and shows what it hides.

``bench/hostile.py`` measures their time; here only what is said and the memory count.
"""

from collections.abc import Iterator

import pytest
from tests.edge.jail.conftest import Prison, prison
from tests.unlock.hostile.table import CASES

from seriema.edge.jail import JailSettings
from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.model.plan import Plan

MEMORY = 400 << 20


@pytest.fixture(scope="module")
def real() -> Iterator[Prison]:
    with prison(JailSettings(workers=1, mails=1, message_seconds=20.0)) as running:
        yield running


@pytest.mark.parametrize("name", CASES)
def test_it_ends_in_its_state_and_shows_what_it_hides(name: str, real: Prison) -> None:
    case = CASES[name]
    seen = real.run(real.jail.dissect(case.mail(), Plan()))
    assert seen.trouble == ""
    first = next(one for one in seen.artifacts if one.id == "1")
    assert first.state is case.state, first.state_reason
    assert all(one.state_reason for one in seen.artifacts if one.state is not State.INSPECTED)
    assert not case.facts - {one.name for one in seen.findings}
    assert not case.shown - {one.name for one in seen.artifacts if one.sha256}
    assert len(seen.artifacts) <= Limits().members + 10
    assert real.jail.peak_bytes <= MEMORY


def test_there_are_many() -> None:
    assert len(CASES) > 40
    assert {one.state for one in CASES.values()} >= {State.LIMIT, State.MALFORMED, State.LOCKED, State.UNSUPPORTED}
