"""Which text is read as the mail's, and what the other alternative says besides."""

import pytest
from tests.builders.mail import attached, mail, multipart, multipart_mail, part

from seriema.message import Parsed, parse
from seriema.model.artifact import State
from seriema.model.limits import Limits

HTML = "Content-Type: text/html; charset=utf-8\n"


def read(raw: bytes) -> Parsed:
    return parse(raw, Limits(), ())


def reply(raw: bytes) -> str:
    return read(raw).message.body.reply.strip()


def nested(kind: str, *parts: bytes) -> bytes:
    body, head = multipart(*parts, kind=kind, boundary=f"=-{kind}")
    return part(body, head)


REPLIES = {
    "plain": (mail("Hello"), "Hello"),
    "HTML alone": (mail("<p>Hello</p>", HTML), "Hello"),
    "alternatives: HTML is what people see": (
        multipart_mail(part("Hello in plain"), part("<p>Hello in HTML</p>", HTML), kind="alternative"),
        "Hello in HTML",
    ),
    "alternatives: HTML that shows nothing": (
        multipart_mail(part("Hello in plain"), part("<p></p>", HTML), kind="alternative"),
        "Hello in plain",
    ),
    "HTML within related within alternative": (
        multipart_mail(
            part("Plain"),
            nested("related", part("<p>Rich</p>", HTML), attached("a.png", b"\x89PNG", "image/png")),
            kind="alternative",
        ),
        "Rich",
    ),
    "related with a start parameter": (
        mail(
            b"--b\r\nContent-Type: text/html\r\n\r\n<p>not me</p>\r\n"
            b"--b\r\nContent-Type: text/html\r\nContent-ID: <root@x>\r\n\r\n<p>me</p>\r\n--b--",
            'Content-Type: multipart/related; boundary=b; start="<root@x>"\n',
        ),
        "me",
    ),
    "a footer after an attachment": (
        multipart_mail(part("Hello"), attached("a.zip", b"PK"), part("Footer")),
        "Hello\nFooter",
    ),
    "a named text is a file": (
        multipart_mail(part("Hello"), part("notes", 'Content-Type: text/plain; name="notes.txt"\n')),
        "Hello",
    ),
    "an attached text is a file": (
        multipart_mail(part("Hello"), part("notes", "Content-Disposition: attachment\n")),
        "Hello",
    ),
    "a signed mail": (
        multipart_mail(part("Hello"), attached("smime.p7s", b"x", "application/pkcs7-signature"), kind="signed"),
        "Hello",
    ),
    "base64 in a Japanese charset": (
        mail("GyRCJDNDRxsoQg==", "Content-Type: text/plain; charset=iso-2022-jp\nContent-Transfer-Encoding: base64\n"),
        "こ断",
    ),
    "quoted-printable": (
        mail("M=C3=BCller", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"),
        "Müller",
    ),
    "charset from the meta element": (
        mail(b'<meta charset="shift_jis"><p>' + "報告です".encode("cp932"), "Content-Type: text/html\n"),
        "報告です",
    ),
    "a uuencoded file is not part of the text": (
        mail("Hello\n\nbegin 644 a.bin\n#0V%T\n`\nend\n\nBye"),
        "Hello\n\n\nBye",
    ),
}


@pytest.mark.parametrize("case", REPLIES)
def test_what_is_read_as_the_reply(case):
    raw, expected = REPLIES[case]
    assert reply(raw) == expected


def test_every_leaf_is_there_and_those_of_the_text_are_marked():
    parsed = read(
        multipart_mail(
            nested("alternative", part("Plain"), part("<p>Rich</p>", HTML)),
            attached("a.zip", b"PK"),
            part(b"BEGIN:VCALENDAR", "Content-Type: text/calendar\n"),
        )
    )
    assert [(one.declared_type, one.body) for one in parsed.attachments] == [
        ("text/plain", True),
        ("text/html", True),
        ("application/octet-stream", False),
        ("text/calendar", False),
    ]
    assert parsed.bodies[1].content == b"<p>Rich</p>"
    assert [one.name for one in parsed.files] == ["a.zip", ""]
    assert parsed.message.parts == 4


def test_an_inline_picture_is_an_attachment_with_its_content_id():
    picture = part(
        b"GIF89a", "Content-Type: image/gif\nContent-ID: <p1@x>\nContent-Disposition: inline; filename=p.gif\n"
    )
    parsed = read(multipart_mail(part("<img src=cid:p1@x>", HTML), picture, kind="related"))
    (file,) = parsed.files
    assert (file.name, file.content_id, file.inline, file.content) == ("p.gif", "p1@x", True, b"GIF89a")


def test_a_password_only_in_the_plain_alternative_is_kept():
    plain = "Please see the attached file for all the details of it.\nThe password is k7m2."
    rich = "<p>Please see the attached file for all the details of it.</p>"
    parsed = read(multipart_mail(part(plain), part(rich, HTML), kind="alternative"))
    assert parsed.other_text == "The password is k7m2."
    assert any("k7m2" in text.content for text in parsed.texts)


def test_materially_different_alternatives_are_said():
    plain = "Quarterly invoice attached, kindly transfer the amount by Friday."
    rich = "<p>Weather today: sunshine everywhere.</p>"
    parsed = read(multipart_mail(part(plain), part(rich, HTML), kind="alternative"))
    assert "mail.alternatives-differ" in {finding.name for finding in parsed.findings}


def test_alternatives_that_say_the_same_are_not_said_to_differ():
    plain = "Hello Bob,\n\nplease see *the* file at http://x.example/1.\n"
    rich = "<p>Hello Bob,</p><p>please see <b>the</b> file at <a href='http://x.example/2'>this place</a>.</p>"
    parsed = read(multipart_mail(part(plain), part(rich, HTML), kind="alternative"))
    assert parsed.findings == ()


def test_quoted_html_is_told_from_the_reply():
    rich = (
        '<div>Yes, fine.</div><div class="gmail_quote"><div class="gmail_attr">On Mon, Jul 6, 2020 at 10:00 AM Ann '
        '&lt;<a href="mailto:ann@a.example">ann@a.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote">'
        "Is Monday fine?<br>Ann</blockquote></div>"
    )
    body = read(mail(rich, HTML)).message.body
    assert body.reply.strip() == "Yes, fine."
    assert "Is Monday fine?" in body.quoted
    assert body.quotes[0].author.address == "ann@a.example"


def test_hidden_and_alternative_texts_are_kept_apart():
    parsed = read(mail('<p>Hi</p><p style="display:none">password 777</p><img alt="logo">', HTML))
    body = parsed.message.body
    assert (body.reply.strip(), body.hidden, body.alt) == ("Hi", "password 777", "logo")
    assert "mail.hidden-text" in {finding.name for finding in parsed.findings}


@pytest.mark.parametrize(
    ("head", "state"),
    [
        ("Content-Type: message/partial; id=x; number=1; total=2\n", State.UNSUPPORTED),
        ("Content-Type: application/zip\nContent-Transfer-Encoding: base64\n", State.MALFORMED),
    ],
)
def test_a_part_that_is_not_what_was_sent_has_a_state(head, state):
    parsed = read(multipart_mail(part("Hello"), part("!!! not $$ base64 §§ at *** all ~~", head)))
    assert parsed.files[0].state is state
    assert parsed.files[0].state_reason


def test_text_beyond_the_limit_makes_the_mail_incomplete():
    parsed = parse(mail("word " * 1000), Limits(text_chars=500), ())
    body = parsed.message.body
    assert len(body.reply + body.quoted + body.signature) <= 500
    assert body.cut
    assert parsed.state is State.LIMIT
    assert "mail.limit-text" in {finding.name for finding in parsed.findings}
