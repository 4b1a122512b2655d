"""Sizes are read from headers of all six formats, honest and broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import drawn
from tests.builders.mutants import mutated

from seriema.unlock.picture_size import READERS, size_of


@pytest.mark.parametrize("form", drawn.FORMATS)
@pytest.mark.parametrize("size", [(1, 1), (300, 40), (41, 500)])
def test_each_format_says_its_size(form, size):
    assert size_of(form, drawn.blank(*size, form)) == size


def test_a_header_alone_is_enough():
    assert size_of("png", drawn.png_claiming(60_000, 60_000)) == (60_000, 60_000)


def test_a_gif_frame_larger_than_its_screen_counts():
    content = bytearray(drawn.blank(30, 20, "gif"))
    at = content.index(b"\x2c", 13)
    content[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    assert size_of("gif", bytes(content)) == (65_535, 65_535)


@pytest.mark.parametrize("form", drawn.FORMATS)
def test_every_beginning_of_a_picture_gives_its_size_or_none(form):
    whole = drawn.blank(60, 30, form)
    assert {size_of(form, whole[:length]) for length in range(min(len(whole), 700))} <= {
        None,
        (60, 30),
        (60, 0),
        (0, 30),
    }


@pytest.mark.parametrize("kind", READERS)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_size_or_none(kind, content):
    found = size_of(kind, content)
    assert found is None or min(found) >= 0


@pytest.mark.parametrize("form", drawn.FORMATS)
def test_mutated_pictures_give_a_size_or_none(form):
    whole = drawn.picture("U4613", form)
    for number in range(200):
        found = size_of(form, mutated(whole, number, last=200))
        assert found is None or min(found) >= 0
