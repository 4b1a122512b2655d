"""Document packages: parts by name, one budget for all, damage named."""

import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.files import zipped

from seriema.examine.package import embedded_zip, open_package
from seriema.model.errors import HostileInput, LimitReached, Locked, Malformed, Unsupported

WHOLE = zipped({"word/document.xml": b"<w/>" * 100, "Word\\Media\\A.png": b"png"})


def test_parts_are_found_whatever_their_case_and_slashes():
    package = open_package(WHOLE, 10, 1 << 20)
    assert package.read("WORD/document.XML", 1 << 20) == b"<w/>" * 100
    assert "word/media/a.png" in package


def test_data_before_the_archive_does_not_matter():
    assert open_package(b"x" * 77 + WHOLE, 10, 1 << 20).read("word/document.xml", 1 << 20) == b"<w/>" * 100


@pytest.mark.parametrize(
    ("content", "read", "error"),
    [
        (b"", "", Malformed),
        (WHOLE[:-30], "", Malformed),
        (WHOLE, "missing", Malformed),
        (zipped({"a": b"x"}, zipfile.ZIP_BZIP2), "a", Unsupported),
        (zipped({"a": b"x" * 5000}), "a", LimitReached),
        (WHOLE.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0"), "word/document.xml", Locked),
    ],
)
def test_what_cannot_be_read_has_its_error(content, read, error):
    with pytest.raises(error):
        open_package(content, 10, 1 << 20).read(read, 1000)


def test_a_bomb_meets_the_packages_budget():
    bomb = zipped({f"word/{number}.xml": bytes(1 << 20) for number in range(8)})
    package = open_package(bomb, 10, 3 << 20)
    for number in range(3):
        package.read(f"word/{number}.xml", 1 << 21)
    with pytest.raises(LimitReached):
        package.read("word/3.xml", 1 << 21)


def test_too_many_members_are_a_limit():
    with pytest.raises(LimitReached):
        open_package(zipped({str(number): b"" for number in range(11)}), 10, 1 << 20)


def test_an_archive_behind_other_data_is_found_where_it_begins():
    assert embedded_zip(b"picture" + WHOLE) == 7
    assert embedded_zip(WHOLE) == -1
    assert embedded_zip(b"picture PK\x05\x06" + bytes(40)) == -1


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_mutated_packages_raise_declared_errors_only(changes):
    content = bytearray(WHOLE)
    for place, value in changes:
        content[place] = value
    try:
        package = open_package(bytes(content), 10, 1 << 16)
        for name in package.members:
            package.read(name, 1 << 16)
    except HostileInput:
        pass
    embedded_zip(bytes(content))
