"""A header section is read in whatever shape it comes."""

import pytest

from seriema.message import fields
from seriema.model.limits import Limits

CASES = {
    "folded": (b"Subject: a\r\n b\r\n\tc\r\nTo: d\r\n\r\nbody", [("subject", "a b\tc"), ("to", "d")], b"body"),
    "spaces before the colon": (b"Subject : a\r\n\r\nbody", [("subject", "a")], b"body"),
    "no space after it": (b"Subject:a\n\nbody", [("subject", "a")], b"body"),
    "a folded line of spaces only": (b"Subject: a\r\n \r\n b\r\n\r\nbody", [("subject", "a  b")], b"body"),
    "empty value": (b"Subject:\r\nTo: d\r\n\r\n", [("subject", ""), ("to", "d")], b""),
    "header only": (b"Subject: a\r\nTo: d", [("subject", "a"), ("to", "d")], b""),
    "NUL": (b"Sub\0ject: a\0b\r\n\r\nx", [("subject", "ab")], b"x"),
    "colon in the value": (b"X: a: b\r\n\r\nx", [("x", "a: b")], b"x"),
}


@pytest.mark.parametrize("case", CASES)
def test_fields_and_body_are_found(case):
    raw, expected, body = CASES[case]
    section = fields.read_top(raw, Limits())
    assert [(field.key, field.value) for field in section.fields] == expected
    assert raw[section.body :] == body


def test_beyond_the_limit_only_significant_fields_are_kept():
    raw = b"X-A: 1\r\n" * 50 + b"Content-Type: text/html\r\n\r\nx"
    section = fields.read_top(raw, Limits(headers=20))
    assert len(section.fields) == 21
    assert section.first("content-type") == "text/html"
    assert "mail.limit-headers" in section.repairs


def test_a_huge_header_is_cut_and_its_body_still_found():
    raw = b"Subject: " + b"a" * 5000 + b"\r\n\r\nbody"
    section = fields.read_top(raw, Limits(header_bytes=1000))
    assert raw[section.body :] == b"body"
    assert "mail.limit-header-bytes" in section.repairs


def test_prose_with_a_colon_is_no_header():
    section = fields.read_top(b"Hello Bob\nPlease note: it is late.\n\nAnn", Limits())
    assert section.fields == ()
    assert "mail.no-header" in section.repairs
