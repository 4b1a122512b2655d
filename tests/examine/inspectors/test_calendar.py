"""Calendar files: addresses and attached files; an ordinary invitation says nothing."""

import base64

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.files import examined, names_of

from seriema.model.artifact import State

CODED = base64.b64encode(b"MZ" + bytes(60)).decode()
INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Meeting\r\nDESCRIPTION:Join at https://meet.exam\r\n"
    " ple/x\\nthank you\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
FILE = INVITATION.replace("SUMMARY", f"ATTACH;FILENAME=a.exe;ENCODING=BASE64;VALUE=BINARY:{CODED}\r\nSUMMARY")


def test_addresses_are_unfolded():
    seen = examined(INVITATION.encode(), "invite.ics")
    assert [(one.value, one.role) for one in seen.indicators] == [("https://meet.example/x", "link")]
    assert (names_of(seen), seen.state) == (set(), State.INSPECTED)


def test_an_attached_file_becomes_a_file():
    seen = examined(FILE.encode(), "invite.ics")
    assert [(one.name, one.size) for one in seen.children] == [("a.exe", 62)]
    assert names_of(seen) == {"calendar.attached-file"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2_000), st.sampled_from(b":;=\r\n \\A\x00")), max_size=10))
def test_damaged_calendars(changes):
    content = bytearray(FILE.encode())
    for place, value in changes:
        content[place % len(content)] = value
    assert examined(bytes(content), "a.ics").state is not State.CRASHED
