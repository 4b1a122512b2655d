"""One mail read whole: header facts, bounds, and that nothing at all makes it fail."""

import email
import hashlib
import random
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.builders.mail import HEAD, attached, mail, multipart, multipart_mail, part

from seriema.message import arrival, header, load, parse
from seriema.message.repairs import DAMAGE, LIMITS, NAMES
from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.model.message import Body

FULL = (
    b"Received: from mail.a.example (mail.a.example [192.0.2.7]) by mx.b.example with ESMTPS id 4B1;\r\n"
    b"\tMon, 6 Jul 2020 10:00:05 +0200\r\n"
    b"Authentication-Results: mx.b.example; spf=pass smtp.mailfrom=a.example\r\n"
    b"Received: by mail.a.example; Mon, 6 Jul 2020 10:00:01 +0200\r\n"
    b"From: =?utf-8?Q?Ann_M=C3=BCller?= <Ann@A.example>\r\n"
    b'To: "Bob" <bob@b.example>, cy@c.example\r\n'
    b"Cc: dee@d.example\r\n"
    b"Reply-To: other@e.example\r\n"
    b"Subject: =?utf-8?Q?Vertrag_gepr=C3=BCft?=\r\n"
    b"Date: Mon, 6 Jul 2020 10:00:00 +0200\r\n"
    b"Message-ID: <m2@a.example>\r\n"
    b"In-Reply-To: <m1@b.example>\r\n"
    b"References: <m0@b.example>\r\n <m1@b.example>\r\n"
    b"\r\n"
    b"Thank you very much for sending the contract so quickly.\r\n"
)


def test_the_header_is_read():
    message = parse(FULL, Limits(), ("mx.b.example",)).message
    assert str(message.sender) == "Ann Müller <Ann@a.example>"
    assert [one.key for one in message.recipients] == ["bob@b.example", "cy@c.example", "dee@d.example"]
    assert [one.key for one in message.reply_to] == ["other@e.example"]
    assert message.subject == "Vertrag geprüft"
    assert (message.message_id, message.in_reply_to) == ("m2@a.example", ("m1@b.example",))
    assert message.references == ("m0@b.example", "m1@b.example")
    assert [hop.by for hop in message.received] == ["mx.b.example", "mail.a.example"]
    assert message.time.second == 5
    assert message.authentication[0].trusted
    assert message.header("subject") == "Vertrag geprüft"
    assert len(message.headers) == 12
    assert message.body.reply_language == "en"
    assert (message.sha256, message.size) == (hashlib.sha256(FULL).hexdigest(), len(FULL))


def test_the_cheap_reading_agrees():
    cheap, whole = arrival(FULL, Limits()), parse(FULL, Limits(), ()).message
    for name in ("sha256", "size", "message_id", "date", "sender", "senders", "to", "subject", "time"):
        assert getattr(cheap, name) == getattr(whole, name), name
    assert cheap.received == whole.received[:1]
    assert cheap.headers == ()


def test_several_from_fields_are_counted():
    raw = mail(head="From: Eve <eve@e.example>\n")
    parsed = parse(raw, Limits(), ())
    assert parsed.message.senders == 2
    assert parsed.message.sender.address == "ann@a.example"
    assert "mail.several-from" in {finding.name for finding in parsed.findings}


def test_unreadable_values_are_said():
    raw = mail(top=HEAD.replace("Mon, 6 Jul 2020 10:00:00 +0200", "soon") + "Subject: again\n")
    parsed = parse(raw, Limits(), ())
    assert parsed.message.date is None
    assert {"mail.unreadable-date", "mail.duplicate-field"} <= {finding.name for finding in parsed.findings}


BOUNDED = {
    "message bytes": (mail("x" * 3000), Limits(message_bytes=2000), "mail.limit-message-bytes"),
    "lines": (mail("x\n" * 300), Limits(lines=100), "mail.limit-lines"),
    "lines ended by carriage returns": (mail(b"x\r" * 300), Limits(lines=100), "mail.limit-lines"),
    "header bytes": (mail(head="X: " + "y" * 3000 + "\n"), Limits(header_bytes=2000), "mail.limit-header-bytes"),
    "headers": (mail(head="X: y\n" * 300), Limits(headers=100), "mail.limit-headers"),
    "line": (mail("x" * 3000), Limits(line_bytes=1000), "mail.limit-line"),
    "addresses": (mail(head="Cc: " + "a@b.example, " * 50 + "\n"), Limits(addresses=10), "mail.limit-addresses"),
    "links": (mail("http://a.example/x\n" + "http://b.example/y\n" * 50), Limits(links=1), "mail.limit-links"),
    "text": (mail("x y " * 900), Limits(text_chars=1000), "mail.limit-text"),
    "HTML": (mail("<div>" * 3000, "Content-Type: text/html\n"), Limits(), "mail.limit-html"),
}


@pytest.mark.parametrize("case", BOUNDED)
def test_each_bound_is_met_and_said_and_the_rest_survives(case):
    raw, limits, finding = BOUNDED[case]
    parsed = parse(raw, limits, ())
    assert finding in {one.name for one in parsed.findings}
    assert parsed.state is State.LIMIT
    assert parsed.state_reason
    assert parsed.message.subject == "Contract"
    assert parsed.message.sha256 == hashlib.sha256(raw).hexdigest()


CUT = {
    "within a value": HEAD.encode() + b"Message-ID: <m2@a.exa",
    "within a name": HEAD.encode() + b"Message-",
    "before the author is named": b"Received: by a.example; Mon, 6 Jul 2020 10:00:01 +0200\r\nSubject: x\r\n",
    "before the parts it announces": HEAD.encode() + b"Content-Type: multipart/mixed; boundary=b\r\n",
}


@pytest.mark.parametrize("raw", CUT.values(), ids=CUT)
def test_a_mail_cut_within_its_header_is_malformed(raw):
    parsed = parse(raw, Limits())
    assert "mail.truncated-header" in {one.name for one in parsed.findings}
    assert (parsed.state, parsed.state_reason) == (State.MALFORMED, DAMAGE["mail.truncated-header"])
    assert parsed.message.subject == ("x" if raw.startswith(b"R") else "Contract")


@pytest.mark.parametrize(
    "raw",
    [
        HEAD.encode(),
        HEAD.encode() + b"\n",
        mail(b""),
        mail(b"\r\n"),
        mail(b"", "Content-Type: multipart/mixed; boundary=b\n"),
        HEAD.encode() + b"Hello without a blank line.\n",
        b"Hello",
        b"",
    ],
)
def test_a_mail_without_a_body_is_whole(raw):
    assert parse(raw, Limits()).state is State.INSPECTED


def test_a_mail_within_a_mail_may_be_its_header_alone():
    assert parse(HEAD.encode().rstrip(), Limits(), whole=False).state is State.INSPECTED


def test_the_header_alone_is_read_as_in_the_whole_mail_and_says_that_it_is_alone():
    raw = FULL.replace(b"Subject:", b"From: Eve <eve@e.example>\r\nSubject:")
    whole, alone = parse(raw, Limits(), ("mx.b.example",)), header(raw, Limits(), ("mx.b.example",))
    assert alone.message == replace(whole.message, body=Body(), parts=0)
    assert {one.name for one in alone.findings} == {"mail.several-from", "mail.limit-header-only"}
    assert (alone.state, alone.attachments) == (State.LIMIT, ())


def test_a_long_line_of_base64_loses_nothing():
    content = bytes(range(256)) * 40
    raw = multipart_mail(
        part("Hello"), attached("a.bin", content).replace(b"=\r\n", b"=").replace(b"\r\n\r\n", b"\r\n\r\n")
    )
    one_line = raw.replace(b"\r\n", b"\n")
    parsed = parse(one_line, Limits(line_bytes=50), ())
    assert parsed.files[0].content == content


TORTURE = {
    "nested multiparts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2000)
    ),
    "the same boundary again and again": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 3000,
    "newlines": b"\n" * 100_000,
    "From lines": mail("From: x@y.example\n" * 20_000),
    "headers": b"X-A: b\r\n" * 50_000 + mail(),
    "one long line": mail("a" * 2_000_000),
    "one long header": mail(head="X: " + "a" * 2_000_000 + "\n"),
    "lines of dashes": mail("--b\n\n" + "--c\n" * 200_000, "Content-Type: multipart/mixed; boundary=b\n"),
    "lines of boundaries that go on": mail(
        "--b\n\n" + "--bc\n" * 200_000, "Content-Type: multipart/mixed; boundary=b\n"
    ),
    "parts without number": mail("--b\n\nx\n" * 50_000, "Content-Type: multipart/mixed; boundary=b\n"),
    "Content-Types": mail(head="".join(f"Content-Type: multipart/mixed; boundary=b{n}\n" for n in range(2000))),
    "begin lines": mail("begin 644 a\n" * 20_000),
    "yEnc begin lines": mail("=ybegin line=1 name=x\n" * 20_000),
    "brackets": mail(head="To: " + "(" * 100_000 + "\n"),
    "quotes": mail(head="To: " + '"\\' * 100_000 + "\n"),
    "encoded words": mail(head="Subject: " + "=?utf-8?q?" * 50_000 + "\n"),
    "parameters": mail(head="Content-Type: text/plain" + "; a=b" * 50_000 + "\n"),
    "open tags": mail("<div>" * 100_000, "Content-Type: text/html\n"),
    "NULs": mail(b"\0" * 500_000),
}


@pytest.mark.parametrize("case", TORTURE)
def test_torture_is_read_to_its_end(case):
    parsed = parse(TORTURE[case], Limits(), ())
    assert parsed.message.sha256 == hashlib.sha256(TORTURE[case]).hexdigest()
    assert len(parsed.attachments) <= 2 * Limits().mime_parts


def test_every_finding_is_in_the_table():
    assert set(LIMITS) <= set(NAMES)
    assert all(name.startswith("mail.") and text for name, text in NAMES.items())


def check(raw: bytes) -> None:
    """What holds of the reading of any bytes."""
    parsed = parse(raw, Limits(), ("mx.b.example",))
    message = parsed.message
    assert message.sha256 == hashlib.sha256(raw).hexdigest()
    assert message.size == len(raw)
    for text in (
        message.subject,
        message.message_id,
        str(message.sender),
        *(f"{one.name}{one.value}" for one in message.headers),
        *(str(one) for one in (*message.recipients, *message.reply_to)),
        *(f"{one.name}{one.declared_type}{one.charset}{one.content_id}" for one in parsed.attachments),
        *(one.content for one in parsed.texts),
        *(f"{one.shown}{one.target}" for one in message.links),
        *(quote.body + quote.subject + str(quote.author) for quote in message.body.quotes),
        parsed.other_text,
    ):
        text.encode("utf-8")
        assert "\0" not in text
    assert {finding.name for finding in parsed.findings} <= set(NAMES)
    arrival(raw, Limits())


def rich_mail() -> bytes:
    text = part("Hällo", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n")
    html = part('<p style="color:red">Hi <a href="http://x.example">x</a>', "Content-Type: text/html\n")
    inner, head = multipart(text, html, kind="alternative", boundary="in")
    return multipart_mail(
        part(inner, head), attached("a.zip", b"PK\x03\x04"), part(mail(), "Content-Type: message/rfc822\n")
    )


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw):
    check(raw)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_mutated_mails_are_read(seed, changes):
    chance = random.Random(seed)
    raw = bytearray(FULL + rich_mail() if seed % 2 else rich_mail())
    tokens = [
        b"\r",
        b"\n",
        b"\0",
        b"--in",
        b"--=-b--\r\n",
        b"Content-Type: x\r\n",
        b"=?",
        b'"',
        b"\x1b$B",
        b"\xff",
        b";",
        b"<",
    ]
    for _ in range(changes):
        position = chance.randrange(len(raw))
        if chance.random() < 0.5:
            raw[position : position + chance.randrange(9)] = chance.choice(tokens)
        else:
            raw[position] = chance.randrange(256)
    check(bytes(raw))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_every_part_that_the_standard_library_sees_is_among_ours(seed):
    chance = random.Random(seed)
    lines = rich_mail().split(b"\r\n")
    for _ in range(chance.randrange(4)):
        action, position = chance.random(), chance.randrange(6, len(lines))
        if action < 0.4:
            del lines[position]
        elif action < 0.7:
            lines.insert(position, chance.choice(lines))
        else:
            lines.insert(position, b"")
    raw = chance.choice([b"\r\n", b"\n"]).join(lines)
    parsed = parse(raw, Limits(), ())
    # There the library takes the rest of the header, and all parts below it, for one text; we read on.
    assume("mail.junk-header-line" not in {finding.name for finding in parsed.findings})
    ours = b"\n".join(_plain(one.content) for one in parsed.attachments)
    ours += b"\n" + _plain("\n".join(text.content for text in parsed.texts).encode())
    for theirs in _leaves(email.message_from_bytes(raw)):
        assert theirs in ours


def _leaves(message):
    """The standard library's leaves; nested mails count as one, as they do with us."""
    if message.get_content_type().startswith("message/"):
        return
    if message.is_multipart():
        for child in message.get_payload():
            yield from _leaves(child)
    else:
        content = message.get_payload(decode=True) or b""
        if not any("Base64" in type(defect).__name__ for defect in message.defects):  # it gives those up undecoded
            yield _plain(content)


def _plain(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip()


def test_the_same_bytes_give_the_same_reading():
    assert parse(rich_mail(), Limits(), ()) == parse(rich_mail(), Limits(), ())


def test_the_room_can_be_loaded_twice():
    load()
    load()


@pytest.mark.parametrize(
    ("quoted", "language"),
    [
        ("On Mon, 2 Mar 2020, Ana <ana@b.test> wrote:\r\n> Hola Juan,\r\n> 4711 / 4712", "es"),
        (
            (
                "Von: Ana <ana@b.test>\r\nGesendet: Montag, 2. M\u00e4rz 2020 10:00\r\nAn: Juan <juan@c.test>\r\n"
                "Betreff: Re: x\r\n\r\nDear Juan,\r\nthank you for your letter of last week"
            ),
            "en",
        ),
        ("On Mon, 2 Mar 2020, Ana <ana@b.test> wrote:\r\n> 4711 / 4712", ""),
    ],
)
def test_the_quoted_language_is_that_of_its_words_not_of_the_client(quoted, language):
    raw = f"From: a@b.test\r\nSubject: Re: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nOk.\r\n\r\n{quoted}\r\n"
    assert parse(raw.encode(), Limits()).message.body.quoted_language == language
