"""TNEF: attachments by their long names, mails within, bodies, and where its two lists of an attachment disagree."""

import struct
import time

import pytest
from tests.builders.mutants import mutated
from tests.builders.opening import contents, facts
from tests.builders.opening import opened as opened_as
from tests.builders.tnefs import (
    BINARY,
    BODY,
    CODE_PAGE,
    DATA_PROPERTY,
    HTML_BODY,
    LONG_NAME,
    LONG_PATH,
    OBJECT,
    PLAIN_BODY,
    PROPERTIES,
    RTF_BODY,
    SUBJECT,
    TEXT,
    WIDE,
    attachment,
    attribute,
    properties,
    tnef,
)

from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.unlock.opened import Opened

#: The example of [MS-OXRTFCP] 4.1.
PACKED_RTF = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0".replace(
        " ", ""
    )
)
RTF = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
LETTER = attachment(b"INFO_0~1.DOC", b"inert", (LONG_NAME, WIDE, "info_06_24 résumé.doc\0".encode("utf-16-le")))


def opened(content: bytes, limits: Limits | None = None) -> Opened:
    return opened_as(content, kind="tnef", name="winmail.dat", limits=limits)


def test_an_attachment_has_its_long_name() -> None:
    found = opened(tnef(LETTER))
    assert (found.state, contents(found)) == (State.INSPECTED, {"info_06_24 résumé.doc": b"inert"})


def test_names_and_bodies_are_in_the_code_page_that_it_states() -> None:
    page = attribute(1, CODE_PAGE, struct.pack("<LL", 1251, 0))
    found = opened(tnef(page, attachment("письмо.txt".encode("cp1251"), b"x"), attribute(1, SUBJECT, b"\xcf\xee\0")))
    assert set(contents(found)) == {"письмо.txt"}
    assert [each.content for each in found.texts] == ["По"]


def test_the_bodies_are_files_of_their_own() -> None:
    wide = "пароль 777".encode("utf-16-le")
    values = ((PLAIN_BODY, WIDE, wide), (HTML_BODY, BINARY, b"<html>777</html>"), (RTF_BODY, BINARY, PACKED_RTF))
    found = opened(tnef(attribute(1, PROPERTIES, properties(*values))))
    assert (found.state, found.state_reason) == (State.INSPECTED, "")
    assert contents(found) == {
        "body.txt": "пароль 777".encode(),
        "body.html": b"<html>777</html>",
        "body.rtf": RTF,
    }


def test_an_old_body_is_read() -> None:
    assert contents(opened(tnef(attribute(1, BODY, b"the password is 777")))) == {"body.txt": b"the password is 777"}


def test_a_mail_within_is_a_stream_of_its_own() -> None:
    inner = tnef(LETTER)
    found = opened(tnef(attachment(b"Fwd", None, (DATA_PROPERTY, OBJECT, bytes(16) + inner))))
    assert contents(found) == {"Fwd": inner}


def test_two_contents_of_one_attachment_are_both_listed() -> None:
    found = opened(tnef(attachment(b"a.doc", b"harmless", (DATA_PROPERTY, BINARY, b"inert stand-in"))))
    assert found.state is State.MALFORMED
    assert [each.content for each in found.children] == [b"harmless", b"inert stand-in"]
    assert "tnef.two-contents" in facts(found)


def test_two_names_of_different_kinds_are_both_listed() -> None:
    found = opened(tnef(attachment(b"letter.txt", b"inert", (LONG_NAME, TEXT, b"letter.js\0"))))
    assert found.state is State.MALFORMED
    assert set(contents(found)) == {"letter.txt", "letter.js"}


def test_an_attachment_that_lies_elsewhere_is_named() -> None:
    found = opened(tnef(attachment(b"a.doc", None, (LONG_PATH, TEXT, b"\\\\192.0.2.1\\s\\a.exe\0"))))
    assert found.state is State.UNSUPPORTED
    assert "tnef.file-elsewhere" in facts(found)


WRONG = {
    "no signature": b"x" * 40,
    "cut off": tnef(LETTER)[:-20],
    "a wrong checksum": tnef(attribute(1, BODY, b"x", checksum=9)),
    "data behind the last attribute": tnef(LETTER) + b"xyz",
    "an unknown type of property": tnef(attribute(1, PROPERTIES, struct.pack("<LHHL", 1, 0x99, 0x1000, 4) + b"abcd")),
    "torn properties": tnef(attribute(1, PROPERTIES, struct.pack("<LHHLL", 1, 0x1E, 0x1000, 1, 400) + b"abcd")),
    "compressed RTF without end": tnef(attribute(1, PROPERTIES, properties((RTF_BODY, BINARY, PACKED_RTF[:-4])))),
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG.keys())
def test_what_is_torn_is_malformed(data: bytes) -> None:
    found = opened(data)
    assert found.state is State.MALFORMED
    assert found.state_reason


def test_more_properties_than_allowed_are_a_limit() -> None:
    many = struct.pack("<L", 60_000) + struct.pack("<HHL", 3, 0x1001, 0) * 60_000
    assert opened(tnef(attribute(1, PROPERTIES, many))).state is State.LIMIT


def test_a_body_of_very_long_compressed_rtf_is_a_limit_and_in_time() -> None:
    body = b"\0inert..." * 600_000
    packed = struct.pack("<LLLL", len(body) + 12, 1 << 30, 0x75465A4C, 0) + body
    started = time.perf_counter()
    assert opened(tnef(attribute(1, PROPERTIES, properties((RTF_BODY, BINARY, packed))))).state is State.LIMIT
    shorter = struct.pack("<LLLL", (2 << 20) + 12, 1 << 30, 0x75465A4C, 0) + b"\xff" + b"\0\x0f" * (1 << 20)
    opened(tnef(attribute(1, PROPERTIES, properties((RTF_BODY, BINARY, shorter[: (2 << 20) + 16])))))
    assert time.perf_counter() - started < 5


def test_more_attachments_than_allowed_are_a_limit() -> None:
    assert opened(tnef(*[LETTER] * 30), Limits(members=10)).state is State.LIMIT


def test_two_hundred_mutants_end_in_a_state_and_in_time() -> None:
    values = ((PLAIN_BODY, TEXT, b"777"), (RTF_BODY, BINARY, PACKED_RTF))
    whole = tnef(attribute(1, PROPERTIES, properties(*values)), LETTER, LETTER)
    started = time.perf_counter()
    for number in range(200):
        found = opened(mutated(whole, number))
        assert found.state is not State.CRASHED, (number, found.state_reason)
        assert (found.state is State.INSPECTED) == (not found.state_reason)
    assert time.perf_counter() - started < 30
