"""Inputs made to use up their reader end within the jail's bounds, and the document says what was left unread.

``bench/torture.py`` measures their time; here only memory and words count.
"""

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest
from tests.builders import torture
from tests.edge.jail.conftest import Prison, prison

from seriema.edge.jail import JailSettings
from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.model.plan import Plan

MEGABYTE = 1 << 20
MEMORY = 400 * MEGABYTE


def zipped(content: bytes) -> bytes:
    return torture.with_attachment("info.zip", content)


#: The input, and the state that something in it must end in; None where all can be read.
CASES: dict[str, tuple[Callable[[], bytes], State | None]] = {
    "nested multiparts": (lambda: torture.nested_multiparts(2_000), State.LIMIT),
    "newlines": (lambda: torture.newlines(100_000), None),
    "many newlines": (lambda: torture.newlines(40 * MEGABYTE), State.LIMIT),
    "From: lines": (lambda: torture.from_lines(20_000), State.LIMIT),
    "headers": (lambda: torture.many_headers(50_000), State.LIMIT),
    "single line": (lambda: torture.one_line(30 * MEGABYTE), State.LIMIT),
    "flat bomb": (lambda: zipped(torture.flat_bomb(128 * MEGABYTE)), State.LIMIT),
    "wide bomb": (lambda: zipped(torture.wide_bomb(300, MEGABYTE)), State.LIMIT),
    "nested bomb": (lambda: zipped(torture.nested_bomb(16, 4, MEGABYTE)), State.LIMIT),
    "overlapping bomb": (lambda: zipped(torture.overlapping_bomb(100, MEGABYTE)), State.MALFORMED),
    "quine": (lambda: zipped(torture.quine()), State.LIMIT),
}


@pytest.fixture(scope="module")
def real() -> Iterator[Prison]:
    with prison(JailSettings(workers=1, mails=1, message_seconds=20.0)) as running:
        yield running


@pytest.mark.parametrize("name", CASES)
def test_it_ends_within_bounds_and_says_what_was_left_unread(name: str, real: Prison) -> None:
    make, state = CASES[name]
    seen = real.run(real.jail.dissect(make(), Plan()))
    assert seen.trouble == ""
    assert seen.message.subject == "Contract"
    unread = {one.state for one in seen.artifacts} - {State.INSPECTED, State.UNSUPPORTED}
    assert (state in unread) if state else not unread
    assert all(one.state_reason for one in seen.artifacts if one.state in unread)
    assert len(seen.artifacts) <= Limits().members + 10
    assert real.jail.peak_bytes <= MEMORY


def test_the_quine_is_one() -> None:
    whole = torture.quine()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.read(archive.namelist()[0]) == whole


def test_the_overlapping_archive_opens_to_far_more_than_it_is() -> None:
    whole = torture.overlapping_bomb(20, MEGABYTE)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert sum(one.file_size for one in archive.infolist()) > 1_000 * len(whole)
