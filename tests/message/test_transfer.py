"""Encoded bodies are decoded as far as they can be, and what was wrong is said."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriema.message import embedded, transfer

BASE64 = {
    "clean": (b"SGVsbG8=\r\n", b"Hello", ()),
    "no padding": (b"SGVsbG8", b"Hello", ("mail.repaired-base64",)),
    "too much padding": (b"SGVsbG8====", b"Hello", ("mail.repaired-base64",)),
    "a stray character at the end": (b"SGVsbG8hA", b"Hello!", ("mail.repaired-base64",)),
    "junk between": (b"SGVs!bG8=", b"Hello", ("mail.repaired-base64",)),
    "8-bit junk": (b"SGVs\xd0\xb0bG8hSGVsbG8h", b"Hello!Hello!", ("mail.repaired-base64",)),
    "concatenated": (b"SGVsbG8=IHdvcmxk", b"Hello world", ("mail.repaired-base64", "mail.concatenated-base64")),
    "spread over lines": (b"SGVs\r\n \tbG8=\r\n\r\n", b"Hello", ()),
    "URL-safe alphabet": (b"-_-_", b"\xfb\xff\xbf", ("mail.repaired-base64",)),
}


@pytest.mark.parametrize("case", BASE64)
def test_base64(case):
    data, content, repairs = BASE64[case]
    decoded = transfer.decode(data, "base64", 1000)
    assert (decoded.content, decoded.repairs) == (content, repairs)


def test_the_first_piece_of_concatenated_base64_is_a_reading_of_its_own():
    assert transfer.base64(b"SGVsbG8=IHdvcmxk").others == (b"Hello",)


def test_a_line_of_prose_does_not_put_base64_out_of_step():
    decoded = transfer.base64(b"What is this?\r\nSGVsbG8g\r\nd29ybGQ=\r\n")
    assert b"Hello world" in (decoded.content, *decoded.others)


def test_text_under_a_base64_label_stays_text():
    text = b"Dear customer please find the file below\r\nand call us back soon\r\n"
    decoded = transfer.decode(text, "base64", 1000)
    assert decoded.content == text
    assert decoded.malformed


@given(st.binary(max_size=300))
def test_base64_of_anything_comes_back(content):
    assert transfer.decode(b64encode(content), "BASE64", 1000).content == content


@given(st.binary(max_size=300), st.sampled_from(["base64", "quoted-printable", "x-uuencode", "nonsense", "", "7bit"]))
def test_any_bytes_can_be_decoded(data, label):
    transfer.decode(data, label, 100)
    embedded.find(data)


QUOTED_PRINTABLE = {
    b"a=3Db": b"a=b",
    b"soft=\r\nbreak": b"softbreak",
    b"soft=\nbreak": b"softbreak",
    b"soft=\rbreak\nmore": b"softbreak\nmore",  # nothing is lost up to the next line feed
    b"soft= \t\r\nbreak": b"softbreak",
    b"=e4=E4": b"\xe4\xe4",
    b"broken =ZZ =": b"broken =ZZ ",
    b"a_b": b"a_b",
}


@pytest.mark.parametrize("data", QUOTED_PRINTABLE)
def test_quoted_printable(data):
    assert transfer.decode(data, "Quoted-Printable", 1000).content == QUOTED_PRINTABLE[data]


def test_labels_as_met_in_real_mail():
    assert transfer.encoding(' "Base64" ') == "base64"
    assert transfer.encoding("7-bit") == "identity"
    assert transfer.encoding("base64 (comment)") == "base64"
    assert transfer.encoding("text/html") == ""
    assert transfer.encoding("quoted - printable") == "quoted-printable"


def test_an_unknown_label_over_base64_gives_both_readings():
    data = b64encode(bytes(range(200)))
    lines = b"\r\n".join(data[n : n + 76] for n in range(0, len(data), 76))
    decoded = transfer.decode(lines, "x-strange", 1000)
    assert decoded.content == lines
    assert decoded.others == (bytes(range(200)),)


UU = b"begin 644 cat.txt\n#0V%T\n`\nend\n"

FILES = {
    "uuencoded": (b"see:\r\n\r\n" + UU.replace(b"\n", b"\r\n") + b"\r\nbye", [(b"cat.txt", b"Cat")]),
    "two of them": (UU + b"and\n" + UU, [(b"cat.txt", b"Cat")] * 2),
    "no end": (b"begin 644 cat.txt\n#0V%T\n", [(b"cat.txt", b"Cat")]),
    "base64 variant": (b"begin-base64 644 cat.txt\nQ2F0\n====\n", [(b"cat.txt", b"Cat")]),
    "prose": (b"begin 644 reasons to be glad\nThis is not encoded at all, is it?\n", []),
    "prose with begin": (b"We begin 100 times.\nbegin the day\n", []),
    "yEnc": (b"=ybegin line=128 size=3 name=cat.txt\r\n\x6d\x8b\x9e\r\n=yend size=3\r\n", [(b"cat.txt", b"Cat")]),
    "yEnc with an escape": (b"=ybegin line=128 size=1 name=x\n=\x7d\n=yend size=1\n", [(b"x", b"\x13")]),
    "yEnc without end": (b"=ybegin line=128 size=3 name=c\n\x6d\x8b\x9e\n", [(b"c", b"Cat")]),
    "PGP": (
        b"x\n-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----\ny",
        [(b"", b"-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----")],
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_files_in_text(case):
    text, expected = FILES[case]
    assert [(file.name, file.content) for file in embedded.find(text)] == expected


def test_the_text_is_left_without_the_files():
    text = b"before\n" + UU + b"after\n"
    assert embedded.without(text, embedded.find(text)) == b"before\nafter\n"
