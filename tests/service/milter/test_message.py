"""A mail that came in pieces is the mail that was sent, byte by byte; what is too much is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import milters

from seriema.service.milter import events as e
from seriema.service.milter.connection import QUIET, Connection
from seriema.service.milter.message import FIELDS, RECIPIENTS, Envelope, MailReader

MAILS = {
    "folded": b"Subject: a\r\n b\r\n\tc\r\nTo:x@y.example\r\n\r\nhello\r\n",
    "empty body": b"Subject: a\r\n\r\n",
    "space kept": b"Subject:   a  \r\nX-None:\r\nX-Blank: \r\n\r\n\r\n\r\n",
    "no last line end": b"Subject: a\r\n\r\nhello",
    "bytes": b"Subject: \xe4\xf6\r\n\r\n" + bytes(range(256)) * 300,
    "bare ends": b"Subject: a\r\n\r\none\ntwo\rthree\r\n",
}


def received(stream: bytes, most=1 << 20, *, space=True):
    connection, mail, found = Connection(), MailReader(most, space), []
    connection.receive(milters.negotiation() + stream)
    while (event := connection.next_event()) is not None:
        if whole := mail.take(event):
            found.append(whole)
            mail.forget()
        if connection.asked is not None:
            connection.send(*connection_answer(connection))
    return found


def connection_answer(connection):
    from seriema.service.milter import answers  # noqa: PLC0415 - beside its only use

    return [connection.negotiated() if isinstance(connection.asked, e.Negotiate) else answers.Continue()]


@pytest.mark.parametrize("raw", MAILS.values(), ids=MAILS)
@pytest.mark.parametrize("piece", [1, 7, 65_535])
def test_the_mail_is_the_one_that_was_sent(raw, piece):
    [mail] = received(milters.mail(raw, piece=piece))
    assert mail.raw == raw
    assert mail.excess == ""


@given(
    st.binary(max_size=3_000), st.lists(st.tuples(st.from_regex(r"\A[!-9;-~]{1,20}\Z"), st.text("ab \t", max_size=9)))
)
def test_any_body_and_fields_come_back(body, fields):
    head = b"".join(f"{name}:{value}\r\n".encode() for name, value in [("From", " a"), *fields])
    raw = head + b"\r\n" + body
    [mail] = received(milters.mail(raw, piece=100))
    assert mail.raw == raw
    assert len(mail.names) == 1 + len(fields)


def test_without_leading_space_one_is_put_in():
    raw = MAILS["folded"]
    [mail] = received(milters.mail(raw, space=False), space=False)
    assert mail.raw == raw.replace(b"To:x", b"To: x")


def test_who_and_whence_is_known():
    connection = milters.macros("C", j="mx") + milters.connect() + milters.packet("H", b"helo.example\0")
    account = milters.macros("M", **{"{auth_authen}": "carol"})
    raw = MAILS["folded"]
    first, second = received(
        connection + account + milters.mail(raw, recipients=(b"<a@us.test>", b"b@us.test")) + milters.mail(raw)
    )
    assert first.envelope == Envelope(
        "ann@partner.example",
        ("a@us.test", "b@us.test"),
        "192.0.2.7",
        "mx.partner.example",
        "helo.example",
        "4F00",
        "carol",
    )
    assert (second.envelope.account, second.envelope.client) == ("", "192.0.2.7")


def test_a_mail_given_up_leaves_nothing_behind():
    half = milters.mail(b"Subject: first\r\n\r\nx").removesuffix(milters.packet("E"))
    [mail] = received(half + milters.packet("A") + milters.mail(MAILS["folded"]))
    assert mail.raw == MAILS["folded"]
    assert mail.envelope.recipients == ("bob@us.test",)


def test_another_client_is_another_client():
    stream = (
        milters.connect() + milters.packet("K") + milters.connect(address=b"192.0.2.99") + milters.mail(MAILS["folded"])
    )
    [mail] = received(stream)
    assert mail.envelope.client == "192.0.2.99"


@pytest.mark.parametrize(
    ("stream", "excess"),
    [
        (milters.mail(b"A: b\r\n\r\n" + b"x" * 1_000), "larger than 500 bytes"),
        (milters.mail(b"A: " + b"x" * 1_000 + b"\r\n\r\n"), "larger than 500 bytes"),
        (milters.mail(b"A: b\r\n" + b"C:\r\n" * 200 + b"\r\n"), "larger than 500 bytes"),
    ],
)
def test_what_is_too_large_is_said_and_not_kept(stream, excess):
    [mail] = received(stream, most=500)
    assert mail.excess == excess
    assert len(mail.raw) <= 500


def test_fields_and_recipients_are_counted():
    assert QUIET
    reader = MailReader(1 << 30)
    for _ in range(FIELDS + 1):
        reader.take(e.Header(b"A", b""))
    assert reader.take(e.EndOfMessage()).excess == f"more than {FIELDS} header fields"
    reader.forget()
    for _ in range(RECIPIENTS + 1):
        reader.take(e.Recipient(b"<a@b>"))
    assert reader.take(e.EndOfMessage()).excess == f"more than {RECIPIENTS} recipients"
