"""A mail is taken apart as clients take it apart, each way they might; nothing in it is lost."""

import pytest
from tests.builders.mail import HEAD, attached, mail, multipart, multipart_mail, part

from seriema.message import Parsed, parse
from seriema.model.artifact import State
from seriema.model.limits import Limits

ZIP = b"PK\x03\x04 not really a zip"


def names(parsed: Parsed) -> set[str]:
    return {finding.name for finding in parsed.findings}


def contents(parsed: Parsed) -> list[bytes]:
    return [one.content for one in parsed.attachments]


def read(raw: bytes) -> Parsed:
    return parse(raw, Limits(), ())


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


WITH_PARTS = 'Content-Type: multipart/mixed; boundary="b"\n'

#: Mail, contents that must be among the parts, findings that must be said.
CASES = {
    "a closed multipart": (
        multipart_mail(part("one"), attached("a.zip", ZIP)),
        [b"one", ZIP],
        set(),
    ),
    "no closing boundary": (
        multipart_mail(part("one"), attached("a.zip", ZIP), close=False),
        [b"one", ZIP],
        {"mail.unclosed-multipart"},
    ),
    "a part after the closing boundary": (
        multipart_mail(part("one")) + b"--=-b\r\n" + attached("a.zip", ZIP),
        [b"one", ZIP],
        {"mail.part-after-closing-boundary"},
    ),
    "the outer boundary ends an open inner multipart": (
        mail(
            "--b\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\nplain\n--b\n\nouter\n--b--\n",
            WITH_PARTS,
        ),
        [b"plain", b"outer"],
        {"mail.unclosed-multipart"},
    ),
    "an inner boundary that begins with the outer one": (
        mail(
            "--b\nContent-Type: multipart/mixed; boundary=b-1\n\n--b-1\n\nin\n--b-1--\n--b\n\nout\n--b--\n", WITH_PARTS
        ),
        [b"in", b"out"],
        set(),
    ),
    "text after the boundary on its line": (
        mail("--b extra\n\none\n--b-- extra\n", WITH_PARTS),
        [b"one"],
        {"mail.loose-boundary"},
    ),
    "white space after the boundary": (mail("--b  \t\n\none\n--b-- \n", WITH_PARTS), [b"one"], set()),
    "a multipart without boundary parameter": (
        mail("--x\nContent-Type: text/plain\n\none\n--x--\n", "Content-Type: multipart/mixed\n"),
        [b"one"],
        {"mail.missing-boundary"},
    ),
    "a multipart whose boundary never occurs": (
        mail("--x\nContent-Type: text/plain\n\none\n--x--\n", WITH_PARTS.replace('"b"', '"never"')),
        [b"one"],
        {"mail.missing-boundary"},
    ),
    "a multipart with no part at all": (
        mail("only text\n", WITH_PARTS),
        [b"only text\r\n"],
        {"mail.missing-boundary"},
    ),
    "a boundary line ends a header without blank line": (
        mail("--b\nContent-Type: text/html\n--b\n\ntwo\n--b--\n", WITH_PARTS),
        [b"", b"two"],
        set(),
    ),
    "a second Content-Type that hides an attachment": (
        mail(
            b"--b\r\n" + attached("a.zip", ZIP) + b"\r\n--b--\r\n",
            "Content-Type: text/plain\n" + WITH_PARTS,
        ),
        [ZIP],
        {"mail.second-content-type", "mail.second-reading"},
    ),
    "a second Content-Type that hides the multipart's text": (
        mail("--b\n\none\n--b--\n", WITH_PARTS + "Content-Type: text/plain\n"),
        [b"one"],
        {"mail.second-content-type"},
    ),
    "two boundary parameters": (
        mail(
            "--x\n\none\n--y\n\nContent two\n--y--\n--x--\n", "Content-Type: multipart/mixed; boundary=x; boundary=y\n"
        ),
        [b"one\r\n--y\r\n\r\nContent two\r\n--y--"],
        {"mail.duplicate-parameter"},
    ),
    "a multipart that the header does not declare": (
        mail(b"--b\r\n" + attached("a.zip", ZIP) + b"\r\n--b--\r\n", "Content-Type: text/plain\n"),
        [ZIP],
        {"mail.undeclared-multipart", "mail.second-reading"},
    ),
    "a misspelt multipart": (
        mail("--b\n\none\n--b--\n", 'Content-Type: multipart; boundary="b"\n'),
        [b"one"],
        {"mail.broken-content-type"},
    ),
    "an encoded multipart is a mail of its own": (
        mail("LS1iDQoNCm9uZQ0KLS1iLS0NCg==\n", WITH_PARTS + "Content-Transfer-Encoding: base64\n"),
        [b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\none\r\n--b--\r\n'],
        {"mail.missing-boundary"},
    ),
    "line feeds only": (multipart_mail(part("one"), attached("a.zip", ZIP)).replace(b"\r", b""), [b"one", ZIP], set()),
    "carriage returns only": (
        multipart_mail(part("one"), attached("a.zip", ZIP)).replace(b"\n", b""),
        [b"one", ZIP],
        {"mail.bare-cr"},
    ),
    "mixed line ends": (
        mail("--b\n\none\n", WITH_PARTS) + b"--b\n\ntwo\r--b\r\rthree\n--b--\n",
        [b"one", b"two", b"three"],
        set(),
    ),
    "doubled carriage returns": (
        multipart_mail(part("one"), part("two")).replace(b"\r\n", b"\r\r\n"),
        [b"one\r", b"two\r"],
        {"mail.bare-cr"},
    ),
    "text before and after the parts": (
        mail("the password is 777\n--b\n\none\n--b--\nand 888\n", WITH_PARTS),
        [b"one"],
        {"mail.text-outside-parts"},
    ),
    "a uuencoded file before the parts": (
        mail("begin 644 a.bin\n#0V%T\n`\nend\n--b\n\none\n--b--\n", WITH_PARTS),
        [b"one", b"Cat"],
        {"mail.uuencoded"},
    ),
    "an attachment after a closing boundary, without a boundary of its own": (
        mail(b"--b\r\n\r\none\r\n--b\r\n--b--\r\n" + attached("a.zip", ZIP), WITH_PARTS),
        [b"one", ZIP],
        {"mail.part-outside-parts"},
    ),
    "a nested mail is one part": (
        multipart_mail(part("one"), part(mail("inner"), "Content-Type: message/rfc822\n")),
        [b"one", mail("inner")],
        set(),
    ),
    "a digest's parts are mails": (
        multipart_mail(b"\r\n" + mail("inner"), kind="digest"),
        [mail("inner")],
        set(),
    ),
    "an mbox line before the header": (
        b"From ann@a.example Mon Jul  6 10:00:00 2020\n" + mail("one"),
        [b"one"],
        {"mail.mbox-line"},
    ),
    "blank lines before the header": (b"\r\n\r\n" + mail("one"), [b"one"], {"mail.leading-blank-lines"}),
    "no header": (b"Just some text.\r\nMore of it.\r\n", [b"Just some text.\r\nMore of it.\r\n"], {"mail.no-header"}),
    "junk within the header": (
        (HEAD + "what is this\n" + WITH_PARTS).replace("\n", "\r\n").encode() + b"\r\n--b\r\n\r\none\r\n--b--\r\n",
        [b"one"],
        {"mail.junk-header-line"},
    ),
    "a body without blank line": (
        crlf(HEAD + "This is the text.\nMore.\n"),
        [b"This is the text.\r\nMore.\r\n"],
        {"mail.missing-blank-line"},
    ),
    "nothing at all": (b"", [b""], set()),
}


@pytest.mark.parametrize("case", CASES)
def test_every_part_is_found_and_every_repair_said(case):
    raw, expected, findings = CASES[case]
    parsed = read(raw)
    assert [one for one in expected if one not in contents(parsed)] == []
    assert findings <= names(parsed)


def test_ordinary_mail_has_no_findings():
    assert read(multipart_mail(part("one"), attached("a.zip", ZIP))).findings == ()


def test_findings_name_the_attachment_they_are_about():
    broken = part("UEsDBA!==?x", "Content-Type: application/zip\nContent-Transfer-Encoding: base64\n")
    parsed = read(multipart_mail(part("one"), attached("a.zip", ZIP), broken))
    assert {finding.artifact for finding in parsed.findings if "base64" in finding.name} == {"2"}


def test_text_outside_the_parts_can_hold_a_password():
    parsed = read(mail("the password is 777\n--b\n\none\n--b--\nand 888\n", WITH_PARTS))
    assert "777" in parsed.other_text
    assert "888" in parsed.other_text


def test_what_clients_write_for_old_clients_is_no_finding():
    parsed = read(mail("This is a multi-part message in MIME format.\n--b\n\none\n--b--\n", WITH_PARTS))
    assert parsed.findings == ()


def test_too_deep_a_multipart_is_one_unread_part_and_the_mail_incomplete():
    body, head = part("deep"), ""
    for level in range(40):
        body, head = multipart(body, boundary=f"b{level}x")
        body = part(body, head)
    parsed = read(mail(b"", head, top=HEAD)[:-2] + body.partition(b"\r\n")[2])
    assert parsed.state is State.LIMIT
    assert "mail.limit-mime-depth" in names(parsed)
    assert any(one.state is State.LIMIT and b"deep" in one.content for one in parsed.attachments)


def test_too_many_parts_leave_one_unread_rest():
    parsed = parse(multipart_mail(*[part(f"part {n}") for n in range(20)]), Limits(mime_parts=10), ())
    assert parsed.state is State.LIMIT
    assert len(parsed.attachments) == 10
    assert b"part 19" in parsed.attachments[-1].content
    assert parsed.attachments[-1].state is State.LIMIT
