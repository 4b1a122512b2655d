"""Compound files are read as other readers read them, and damage costs only what it hits."""

from uuid import UUID

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.examine.compound import open_compound
from seriema.exercise.compound_file import compound_file
from seriema.model.errors import HostileInput, LimitReached, Malformed

WHOLE = compound_file(
    {"Folder/short": b"s" * 100, "Folder/long": bytes(range(256)) * 40, "top": b"t", "Folder/Deep/er": b"d" * 4096},
    {"": UUID(int=5), "Folder": UUID(int=7)},
)


def test_streams_storages_and_identifiers():
    read = open_compound(WHOLE)
    assert set(read.streams) == {"Folder/short", "Folder/long", "top", "Folder/Deep/er"}
    assert read.read("folder/LONG", 1 << 20) == bytes(range(256)) * 40
    assert read.read("Folder/short", 1 << 20) == b"s" * 100
    assert (read.entries[""].clsid, read.entries["folder"].clsid) == (UUID(int=5), UUID(int=7))


def test_another_reader_sees_the_same():
    ours = open_compound(WHOLE)
    with olefile.OleFileIO(WHOLE) as theirs:
        for path in theirs.listdir():
            assert ours.read("/".join(path), 1 << 20) == theirs.openstream(path).read()


def test_a_stream_beyond_the_bound_is_a_limit():
    with pytest.raises(LimitReached):
        open_compound(WHOLE).read("Folder/long", 100)


def test_a_chain_that_runs_in_a_circle_is_malformed():
    """Another reader gives the same sectors over and over, up to the size that the directory declares."""
    start = open_compound(WHOLE).entries["folder/long"].start
    table = (int.from_bytes(WHOLE[76:80], "little") + 1) * 512
    link = table + 4 * (start + 3)
    circle = WHOLE[:link] + start.to_bytes(4, "little") + WHOLE[link + 4 :]
    with pytest.raises(Malformed, match="circle"):
        open_compound(circle).read("Folder/long", 1 << 20)
    assert open_compound(circle).read("Folder/Deep/er", 1 << 20) == b"d" * 4096


def test_a_missing_stream_is_malformed():
    with pytest.raises(Malformed):
        open_compound(WHOLE).read("Folder", 100)


@pytest.mark.parametrize("content", [b"", b"x" * 600, WHOLE[:8], WHOLE[:511], WHOLE[:30] + b"\x03\x00" + WHOLE[32:]])
def test_what_has_no_header_is_malformed(content):
    with pytest.raises(Malformed):
        open_compound(content)


def test_a_chain_that_breaks_off_keeps_what_came_before():
    broken = bytearray(compound_file({"a": b"a" * 5000, "b": b"b" * 20_000}))
    table = len(broken) - 512  # this writer puts the allocation table last
    first_of_a = open_compound(bytes(broken)).entries["a"].start
    broken[table + 4 * (first_of_a + 3) : table + 4 * (first_of_a + 4)] = b"\xff\xff\xff\xff"
    read = open_compound(bytes(broken))
    assert read.read("a", 1 << 20) == b"a" * 4 * 512
    assert read.read("b", 1 << 20) == b"b" * 20_000


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=30))
def test_mutated_files_raise_declared_errors_only(changes):
    content = bytearray(WHOLE)
    for place, value in changes:
        content[place] = value
    try:
        read = open_compound(bytes(content))
        for path in read.streams:
            assert len(read.read(path, 1 << 20)) <= len(content)
    except HostileInput:
        pass
