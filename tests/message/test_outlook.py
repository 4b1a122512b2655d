"""An Outlook .msg is read like an Internet message."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import msg

from seriema.message import arrival, parse, rtf
from seriema.model.artifact import State
from seriema.model.limits import Limits

HEADERS = (
    "Received: from mail.a.example by mx.b.example; Mon, 6 Jul 2020 10:00:05 +0200\r\n"
    "From: Ann <ann@a.example>\r\nTo: bob@b.example\r\nSubject: Sent\r\nMessage-ID: <m@a.example>\r\n"
    "Content-Type: multipart/mixed;\r\n boundary=old\r\nMIME-Version: 1.0\r\n"
)
#: The example of MS-OXRTFCP, 4.1.1.
COMPRESSED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def outlook() -> bytes:
    inner = msg.message(
        [msg.text(0x0037, "Inner"), msg.text(0x1000, "inner text"), msg.text(0x5D01, "in@x.example")],
        {"__attach_version1.0_#00000000": msg.attachment("deep.zip", b"PK deep")},
        embedded=True,
    )
    return msg.write(
        msg.message(
            [
                msg.text(0x0037, "Prüfung"),
                msg.text(0x1000, "Hello Bob,\r\nthe password is 777."),
                msg.binary(0x1013, b"<p>Hello Bob,<br>the password is <b>777</b>."),
                msg.text(0x5D01, "ann@a.example"),
                msg.text(0x0C1A, 'Ann "A" Doe'),
                msg.text(0x1035, "<m@a.example>"),
            ],
            {
                "__recip_version1.0_#00000000": msg.recipient(1, "bob@b.example", "Bob"),
                "__recip_version1.0_#00000001": msg.recipient(2, "cy@c.example", "Cy"),
                "__attach_version1.0_#00000000": msg.attachment("報告.zip", b"PK\x03\x04"),
                "__attach_version1.0_#00000001": msg.attachment("Inner", inner),
            },
        )
    )


def test_properties_become_header_text_and_parts():
    raw = outlook()
    parsed = parse(raw, Limits(), ())
    message = parsed.message
    assert (message.sender.name, message.sender.address) == ('Ann "A" Doe', "ann@a.example")
    assert [one.address for one in message.to] == ["bob@b.example"]
    assert [one.address for one in message.cc] == ["cy@c.example"]
    assert (message.subject, message.message_id) == ("Prüfung", "m@a.example")
    assert message.body.reply == "Hello Bob,\nthe password is 777."
    assert [one.name for one in parsed.files] == ["報告.zip", "Inner"]
    assert parsed.files[0].content == b"PK\x03\x04"
    assert (message.sha256, message.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert parsed.findings == ()
    assert arrival(raw, Limits()).subject == "Prüfung"


def test_an_embedded_message_is_a_mail_again():
    nested = parse(parse(outlook(), Limits(), ()).files[1].content, Limits(), ())
    assert nested.message.subject == "Inner"
    assert nested.message.sender.address == "in@x.example"
    assert [(one.name, one.content) for one in nested.files] == [("deep.zip", b"PK deep")]


def test_the_transport_header_is_kept_but_for_what_described_the_old_body():
    raw = msg.write(msg.message([msg.text(0x007D, HEADERS), msg.text(0x1000, "Hello")], {}))
    message = parse(raw, Limits(), ()).message
    assert (message.subject, message.body.reply, len(message.received)) == ("Sent", "Hello", 1)


def test_a_rich_text_body_is_read_and_kept():
    parsed = parse(msg.write(msg.message([msg.binary(0x1009, COMPRESSED)], {})), Limits(), ())
    assert parsed.message.body.reply == "hello world"
    assert parsed.files[0].content.startswith(b"{\\rtf1")


def test_html_wrapped_into_rich_text_comes_back():
    source = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1{\*\htmltag148 <b>}\htmlrtf {\b \htmlrtf0 \'e9 \u8364?{\*\htmltag <br>}}"
    )
    assert rtf.text(source) == ("<b>é €<br>", True)


def test_ole_that_is_no_message_is_one_malformed_part():
    raw = msg.write(msg.Storage({"WordDocument": b"x"}))
    parsed = parse(raw, Limits(), ())
    assert parsed.files[0].state is State.MALFORMED
    assert parsed.files[0].content == raw
    assert [finding.name for finding in parsed.findings] == ["mail.msg-unreadable"]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_containers_are_read_as_far_as_they_go(data):
    raw = bytearray(outlook())
    for _ in range(data.draw(st.integers(1, 10))):
        raw[data.draw(st.integers(8, len(raw) - 1))] = data.draw(st.sampled_from([0, 1, 2, 0x7F, 0xFE, 0xFF]))
    raw = bytes(raw[: data.draw(st.integers(100, len(raw)))])
    parsed = parse(raw, Limits(), ())
    assert parsed.message.sha256 == hashlib.sha256(raw).hexdigest()
    parsed.message.subject.encode("utf-8")
    arrival(raw, Limits())


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_rich_text_is_read(data):
    rtf.decompress(COMPRESSED[:16] + data, 1000)
    rtf.text(b"{\\rtf1" + data)[0].encode("utf-8", "strict")
