"""Dates, ids, trace fields and authentication results, as real headers hold them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriema.message import authentication, dates, ids, received
from seriema.message.authentication import Trace
from seriema.model.message import Received

EAST = timezone(timedelta(hours=2))

DATES = {
    "Mon, 6 Jul 2020 10:00:00 +0200": datetime(2020, 7, 6, 10, tzinfo=EAST),
    "6 Jul 2020 10:00 +0200": datetime(2020, 7, 6, 10, tzinfo=EAST),
    "Mon, 06 Jul 2020 10:00:00 +0200 (CEST)": datetime(2020, 7, 6, 10, tzinfo=EAST),
    "Mon, 6 Jul 20 10:00:00 GMT": datetime(2020, 7, 6, 10, tzinfo=UTC),
    "Monday, 06-Jul-20 10:00:00 GMT": datetime(2020, 7, 6, 10, tzinfo=UTC),
    "Mon Jul  6 10:00:00 2020": datetime(2020, 7, 6, 10, tzinfo=UTC),
    "Mon, 6 Jul 2020 10:00:00 EST": datetime(2020, 7, 6, 10, tzinfo=timezone(timedelta(hours=-5))),
    "Mon, 6 Jul 2020 10:00:60 +0000": datetime(2020, 7, 6, 10, 0, 59, tzinfo=UTC),
    "Mon, 6 Jul 2020 10:00:00": datetime(2020, 7, 6, 10, tzinfo=UTC),
    "Mon, 6 Jul 2020 25:00:00 +0000": None,
    "Mon, 32 Jul 2020 10:00:00 +0000": None,
    "Mon, 6 Jul 2020 10:00:00 +9900": None,
    "yesterday": None,
    "": None,
}


@pytest.mark.parametrize("text", DATES)
def test_dates(text):
    read = dates.read(text)
    assert read == DATES[text]
    assert read is None or read.utcoffset() == DATES[text].utcoffset()


@given(
    st.integers(0, 32),
    st.sampled_from(("Jan", "Feb", "Dec")),
    st.integers(1000, 2999),
    st.sampled_from(("00:00:00", "23:59:60", "24:00:00", "10:10:99")),
    st.sampled_from(("+0000", "-0000", "-0430", "+2400", "-9999", "+0099")),
    st.sampled_from(("", " (CET)", "x", "\xa0")),
)
def test_the_usual_form_is_read_as_the_library_reads_it(day, month, year, time, zone, rest):
    text = f"Mon, {day} {month} {year} {time} {zone}{rest}"
    assert dates.read(text) == dates.read(text.replace(" ", "\t"))


@given(st.text(max_size=60))
def test_any_date_text_gives_a_date_or_none(text):
    read = dates.read(text)
    assert read is None or read.tzinfo is not None


IDS = {
    "<a@b>": ("a@b",),
    "<a@b> <c@d>\t<a@b>": ("a@b", "c@d"),
    "<a@b><c@d>": ("a@b", "c@d"),
    "<a @b>": ("a@b",),
    "Your message of Monday <a@b>": ("a@b",),
    "a@b": ("a@b",),
    "<20200706.x>": ("20200706.x",),
    "Message from Ann": (),
    "": (),
}


@pytest.mark.parametrize("raw", IDS)
def test_ids(raw):
    assert ids.read(raw) == IDS[raw]


def test_a_message_id_without_shape_is_kept():
    assert ids.first("strange id") == "strangeid"
    assert ids.first("<a@b>") == "a@b"
    assert ids.first("") == ""


HOPS = {
    "from mail.a.example (mail.a.example [192.0.2.7]) by mx.b.example (Postfix) with ESMTPS id 4B1"
    " for <bob@b.example>; Mon, 6 Jul 2020 10:00:01 +0200": Received(
        "mail.a.example",
        "192.0.2.7",
        "mx.b.example",
        "ESMTPS",
        "4B1",
        "bob@b.example",
        datetime(2020, 7, 6, 10, 0, 1, tzinfo=EAST),
    ),
    "from [192.0.2.7] (helo=mail.a.example) by mx.b.example with esmtp (Exim 4.94) (envelope-from <x@a>)"
    " id 1k-00; Mon, 6 Jul 2020 10:00:01 +0200": Received(
        "192.0.2.7", "192.0.2.7", "mx.b.example", "esmtp", "1k-00", "", datetime(2020, 7, 6, 10, 0, 1, tzinfo=EAST)
    ),
    "from A.b.example (2001:db8::5) by C.b.example (2001:db8::6) with Microsoft SMTP Server id 15.20.3"
    " via Frontend Transport; Mon, 6 Jul 2020 10:00:01 +0200": Received(
        "A.b.example",
        "2001:db8::5",
        "C.b.example",
        "Microsoft",
        "15.20.3",
        "",
        datetime(2020, 7, 6, 10, 0, 1, tzinfo=EAST),
    ),
    "by 2002:a05:6512 with SMTP id abc; Mon, 6 Jul 2020 10:00:01 +0200": Received(
        by="2002:a05:6512", protocol="SMTP", queue_id="abc", date=datetime(2020, 7, 6, 10, 0, 1, tzinfo=EAST)
    ),
    "(qmail 4711 invoked by uid 1000); Mon, 6 Jul 2020 10:00:01 +0200": Received(
        date=datetime(2020, 7, 6, 10, 0, 1, tzinfo=EAST)
    ),
    "nonsense": Received(),
}


@pytest.mark.parametrize("raw", HOPS)
def test_trace_fields(raw):
    assert received.read(raw) == HOPS[raw]


def test_a_comment_is_no_name():
    assert received.read("from ([192.0.2.1]) by mx.b.example") == Received(from_address="192.0.2.1", by="mx.b.example")


@given(st.text(alphabet="from by id ()[];<>.:19a", max_size=120))
def test_any_trace_field_is_read(raw):
    received.read(raw)


OURS = Trace(received=Received(by="mx1.b.example"))
INTERNAL = Trace(received=Received(by="store.b.example"))
FOREIGN = Trace(received=Received(by="mail.a.example"))


def results(authserv_id: str, rest: str = "spf=pass smtp.mailfrom=a.example") -> Trace:
    return Trace(results=f"{authserv_id}; {rest}")


TRUST = {
    "above our Received": ([results("mx.b.example"), OURS, FOREIGN], [True]),
    "below our Received": ([OURS, results("mx.b.example"), FOREIGN], [True]),
    "below an internal hop and the border": ([INTERNAL, OURS, results("mx.b.example"), FOREIGN], [True]),
    "two fields of one block": ([results("mx.b.example"), results("mx.b.example", "dkim=pass"), OURS], [True, True]),
    "below a foreign hop": ([OURS, FOREIGN, results("mx.b.example")], [False]),
    "a second block further down": (
        [results("mx.b.example"), OURS, results("mx.b.example", "dkim=pass")],
        [True, False],
    ),
    "another server's id": ([results("mx.evil.example"), OURS], [False]),
    "our id within theirs": ([results("mx.b.example.evil.example"), OURS], [False]),
    "no trace at all": ([results("MX.B.example")], [True]),
    "a look-alike hop": ([Trace(received=Received(by="evilb.example")), results("mx.b.example")], [False]),
}


@pytest.mark.parametrize("case", TRUST)
def test_whose_results_are_believed(case):
    trace, expected = TRUST[case]
    assert [result.trusted for result in authentication.read(trace, ("mx.b.example",))] == expected


def test_nobody_is_believed_unless_configured():
    assert [result.trusted for result in authentication.read([results("mx.b.example")], ())] == [False]


FIELDS = {
    'mx.b.example; spf=pass (ok) smtp.mailfrom=x@a.example; dkim=fail reason="bad" header.d=a.example header.i=@a.ex': [
        ("mx.b.example", "spf", "pass", "x@a.example"),
        ("mx.b.example", "dkim", "fail", "a.example"),
    ],
    "mx.b.example 1; dmarc=none (p=none dis=none; x=y) header.from=a.example": [
        ("mx.b.example", "dmarc", "none", "a.example")
    ],
    "mx.b.example; none": [],
    "mx.b.example (comment); dkim/1 = pass header . d = a.example": [("mx.b.example", "dkim", "pass", "a.example")],
    "spf=softfail (sender) smtp.mailfrom=a.example;dkim=none": [
        ("", "spf", "softfail", "a.example"),
        ("", "dkim", "none", ""),
    ],
    "": [],
}


@pytest.mark.parametrize("raw", FIELDS)
def test_results(raw):
    found = authentication.read([Trace(results=raw)], ())
    assert [(one.authserv_id, one.method, one.result, one.identity) for one in found] == FIELDS[raw]
