"""Compressed VBA streams come back as they were; damage costs what lies behind it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.examine.vba.compression import decompressed
from seriema.exercise.vba_project import compressed

# The examples are those of [MS-OVBA] 3.2.


def test_the_specifications_example_without_repetition():
    container = bytes.fromhex("0119b000616263646566676800696a6b6c6d6e6f70007172737475762e")
    assert decompressed(container, 1 << 16) == (b"abcdefghijklmnopqrstuv.", "")


def test_the_specifications_example_of_greatest_repetition():
    assert decompressed(bytes.fromhex("0103b002614500"), 1 << 16) == (b"a" * 73, "")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=3000), st.integers(1, 5))
def test_what_was_compressed_comes_back(data, times):
    # A last chunk that does not shrink is padded with zeros by the format itself (2.4.1.3.10).
    data = (data * times)[:9000]
    out, problem = decompressed(compressed(data), 1 << 20)
    assert out.rstrip(b"\0") == data.rstrip(b"\0")
    assert not problem


@pytest.mark.parametrize(
    ("container", "problem"),
    [
        (b"", "no compressed container"),
        (b"\0abc", "no compressed container"),
        (b"\x01\x03\xb0\x02\x61\xff\xff", "a copy token that points before its chunk"),
        (b"\x01\x19\xb0\x00abc", "the last chunk is cut off"),
        (compressed(b"abc") + b"\x77\x77\x77", "a chunk without its signature"),
    ],
)
def test_damage_is_named(container, problem):
    assert decompressed(container, 1 << 16)[1] == problem


def test_a_bomb_ends_at_the_limit():
    out, problem = decompressed(compressed(bytes(1 << 20)), 10_000)
    assert len(out) <= 10_000 + 4096
    assert problem == "more than 10000 bytes of source"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_without_an_error(tail):
    decompressed(b"\x01" + tail, 1 << 16)
