"""OneNote: attached files come out, whatever the index of the section says."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.files import examined, names_of

from seriema.model.artifact import State

SECTION = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
HEADER = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
FOOTER = bytes.fromhex("22a7fb7179 0f0b4abb13899256426b24".replace(" ", ""))
SCRIPT = b"<job><script language=jscript>new ActiveXObject('WScript.Shell').Run('x')</script></job>"


def attached(content):
    return HEADER + struct.pack("<QIQ", len(content), 0, 0) + content + bytes(-len(content) % 8) + FOOTER


def section(*files, names=()):
    return SECTION + bytes(1000) + b"".join(one.encode("utf-16-le") + b"\0\0" for one in names) + b"".join(files)


def test_an_attached_file_becomes_a_file():
    seen = examined(section(attached(SCRIPT), names=["Open.wsf"]), "invoice.one")
    assert [(one.name, one.content) for one in seen.children] == [("Open.wsf", SCRIPT)]
    assert (names_of(seen), seen.state) == ({"onenote.attached-file"}, State.INSPECTED)


def test_pictures_and_text_of_a_page_are_no_attachments():
    seen = examined(
        section(attached(b"\x89PNG\r\n\x1a\n" + bytes(50)), "see http://a.test/".encode("utf-16-le")), "a.one"
    )
    assert (seen.children, names_of(seen), seen.state) == ((), set(), State.INSPECTED)
    assert [(one.value, one.role) for one in seen.indicators] == [("http://a.test/", "link")]


def test_a_file_that_is_cut_off_is_malformed():
    seen = examined(section(attached(SCRIPT))[:-60], "a.one")
    assert (len(seen.children), seen.state) == (1, State.MALFORMED)


def test_one_shorter_than_its_header_is_malformed():
    assert examined(SECTION, "a.one").state is State.MALFORMED


@pytest.mark.parametrize("count", [101])
def test_more_files_than_are_read_are_a_limit(count):
    assert examined(section(*[attached(b"x")] * count), "a.one").state is State.LIMIT


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(16, 1300), st.integers(0, 255)), max_size=12), st.integers(0, 300))
def test_damaged_sections(changes, cut):
    content = bytearray(section(attached(SCRIPT), attached(b"MZ" + bytes(40)), names=["Open.wsf", "a.exe"]))
    for place, value in changes:
        content[place % len(content)] = value
    seen = examined(bytes(content[: len(content) - cut]), "a.one")
    assert seen.state is not State.CRASHED
    assert sum(one.size for one in seen.children) <= 4 * len(content)
