"""What a file is, told from its bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.edge.intake.sniff import SEPARATOR_BYTES, Sniffed, mail_behind, sniff
from seriema.edge.intake.store import Held

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\x00" + bytes(16) + b"\x01\x00\x00\x00" + bytes(460)


def compound(*names: str) -> bytes:
    """A compound file as far as its directory's first entries."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    return OLE + bytes(512) + entries.ljust(512, b"\0")


TOLD = {
    "nothing": (b"", Sniffed.EMPTY),
    "a mail": (b"From: a@bank.example\nSubject: hello\n\ntext\n", Sniffed.MAIL),
    "a mail with CRLF": (b"Received: from x by y\r\n\tfor z\r\nSubject: hello\r\n\r\n", Sniffed.MAIL),
    "a mail that begins with fields of its own": (b"X-Zebra: 1\nX-Other: 2\nMessage-ID: <1@x>\n\n", Sniffed.MAIL),
    "fields in capitals": (b"SUBJECT: hello\n\ntext", Sniffed.MAIL),
    "a space before the colon": (b"Subject : hello\n\ntext", Sniffed.MAIL),
    "only a MIME part": (b"Content-Type: multipart/mixed; boundary=x\n\n--x--\n", Sniffed.MAIL),
    "one field and no end": (b"Subject: hello", Sniffed.MAIL),
    "blank lines before the header": (b"\n   \n\r\nFrom: a@b.example\n\n", Sniffed.MAIL),
    "a byte order mark": (b"\xef\xbb\xbfFrom: a@b.example\n\n", Sniffed.MAIL),
    "a space before the first field": (b" From: a@b.example\nSubject: x\n\n", Sniffed.MAIL),
    "a broken line within the header": (b"X-A: 1\n(garbage here)\nFrom: a@b.example\n\n", Sniffed.MAIL),
    "raw 8-bit in a field": (b"X-A: \xff\xfe\nFrom: \xe4@b.example\n\n", Sniffed.MAIL),
    "a very long first field": (b"X-Long: " + b"a" * 9000 + b"\nFrom: a@b.example\n\n", Sniffed.MAIL),
    "a mailbox": (b"From a@b.example Thu Aug 22 12:36:23 2002\nFrom: a@b.example\n\ntext\n", Sniffed.MBOX),
    "a mailbox without dates": (b"From a@b.example\nReceived: x\n\ntext\n", Sniffed.MBOX),
    "a mailbox behind blank lines": (b"\n\nFrom - Sat Jan 01 12:00:00 2005\nX-Mozilla-Status: 1\n\n", Sniffed.MBOX),
    "a zip": (b"PK\x03\x04" + bytes(40), Sniffed.ZIP),
    "an empty zip": (b"PK\x05\x06" + bytes(18), Sniffed.ZIP),
    "an Outlook mail": (compound("__nameid_version1.0", "__substg1.0_00020102"), Sniffed.OUTLOOK),
    "a Word document": (compound("WordDocument", "1Table"), Sniffed.OTHER),
    "a cut compound file": (OLE[:40], Sniffed.OTHER),
    "a sentence that begins with From": (b"From here we go on.\nAnd so on.\n", Sniffed.OTHER),
    "prose": (b"Dear all,\n\nFrom: nobody\n", Sniffed.OTHER),
    "a reply without header": (b"Thanks!\nFrom: a@b.example\nTo: c@d.example\n", Sniffed.OTHER),
    "a calendar": (b"BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:x\nBEGIN:VEVENT\nSUMMARY:y\n", Sniffed.OTHER),
    "a web page": (b"<html>\n<p>Subject: x\n", Sniffed.OTHER),
    "a log": (b"ERROR: one\nERROR: two\n", Sniffed.OTHER),
    "a manifest": (b"Metadata-Version: 2.1\nName: x\nVersion: 1\n", Sniffed.OTHER),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", Sniffed.OTHER),
    "zero bytes": (bytes(5000), Sniffed.OTHER),
}


@pytest.mark.parametrize(("content", "expected"), TOLD.values(), ids=TOLD.keys())
def test_tells_by_content(content, expected):
    assert sniff(Held(content)) is expected


SEPARATORS = {
    "ctime and header": (b"From a@b Thu Aug 22 12:36:23 2002\nX: y\n", True, True),
    "ctime alone, as a mail without header has it": (b"From a@b Thu Aug 22 12:36:23 2002\n\ntext\n", True, True),
    "ctime with a zone": (b"From a@b Thu Aug 22 12:36:23 PDT 2002\nX: y\n", True, True),
    "ctime without seconds": (b"From a@b Thu Aug  2 12:36 2002\nX: y\n", True, True),
    "Gmail's export": (b"From 1598@xxx Mon Jan 01 00:00:00 +0000 2018\nX: y\n", True, True),
    "a mail date": (b"From a@b Thu, 22 Aug 2002 12:36:23 +0200\nAny-Field: y\n", True, True),
    "no date, but a mail's header": (b"From a@b\nReceived: y\n", True, True),
    "the hop of an old mailer": (b"From a@b\n>From c@d remote from e\n", True, True),
    "the end of the file": (b"From a@b Thu Aug 22 12:36:23 2002", True, True),
    "prose": (b"From now on we meet at ten.\nBest\n", True, False),
    "prose with a date": (b"From 10:30 on 12 May 2020 we were there.\nBest regards\n", True, False),
    "a blank line is missing, the rest is there": (b"From a@b Thu Aug 22 12:36:23 2002\nFrom: x\n", False, True),
    "a blank line is missing, so is the header": (b"From a@b Thu Aug 22 12:36:23 2002\ntext\n", False, False),
    "a blank line is missing, so is the date": (b"From a@b\nFrom: x\n", False, False),
    "a line too long to be one": (b"From a@b Thu Aug 22 12:36:23 2002" + b" " * 700 + b"\nFrom: x\n", True, False),
}


@pytest.mark.parametrize(("text", "after_blank", "expected"), SEPARATORS.values(), ids=SEPARATORS.keys())
def test_tells_a_separator_from_text(text, after_blank, expected):
    behind = mail_behind(b"..." + text, 3, after_blank=after_blank)
    assert (behind is not None) is expected
    if expected:
        assert behind == 3 + (text.find(b"\n") + 1 or len(text))


@settings(max_examples=200)
@given(
    st.binary(max_size=200), st.sampled_from([b"", b"From ", b"From: ", b"PK\x03\x04", OLE[:8], OLE, b"\xef\xbb\xbf"])
)
def test_any_bytes_are_something(content, beginning):
    assert sniff(Held(beginning + content)) in Sniffed
    assert mail_behind(beginning + content, 0, after_blank=True) in (None, *range(SEPARATOR_BYTES))
