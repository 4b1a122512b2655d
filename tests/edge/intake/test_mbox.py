"""Mailboxes are split where mails begin, whatever their text says, and give back what was written."""

import mailbox
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.edge.intake import mbox, store
from seriema.edge.intake.store import Held

LINE = b"From a@bank.example Thu Aug 22 12:36:23 2002\n"


def mails(content: bytes) -> list[bytes]:
    return [mbox.unquote(content[one.offset : one.offset + one.length]) for one in mbox.spans(Held(content))]


def mail(number: int, body: bytes = b"text\n") -> bytes:
    return b"From: a@bank.example\nSubject: %d\n\n%s" % (number, body)


SPLIT = {
    "two mails": (LINE + mail(1) + b"\n" + LINE + mail(2), [mail(1), mail(2)]),
    "the last ends with its blank line": (LINE + mail(1) + b"\n" + LINE + mail(2) + b"\n", [mail(1), mail(2)]),
    "line ends of Windows": (
        (LINE + mail(1) + b"\n" + LINE + mail(2) + b"\n").replace(b"\n", b"\r\n"),
        [mail(1).replace(b"\n", b"\r\n"), mail(2).replace(b"\n", b"\r\n")],
    ),
    "text that says From": (
        LINE + mail(1, b"hello\n\nFrom now on: no.\nFrom that\n") + b"\n" + LINE + mail(2),
        [mail(1, b"hello\n\nFrom now on: no.\nFrom that\n"), mail(2)],
    ),
    "quoted lines": (
        LINE + mail(1, b">From me\n>>From you\n> From us\n"),
        [mail(1, b"From me\n>From you\n> From us\n")],
    ),
    "a mail cut in the middle by a crash": (
        LINE + b"From: a\n\nhalf a li\n" + LINE + mail(2),
        [b"From: a\n\nhalf a li\n", mail(2)],
    ),
    "the end is cut in a mail": (LINE + mail(1) + b"\n" + LINE + mail(2)[:12], [mail(1), mail(2)[:12]]),
    "the end is cut in a separator": (LINE + mail(1) + b"\n" + LINE[:-1], [mail(1), b""]),
    "the end is cut before it is one": (LINE + mail(1) + b"\nFrom a@ba", [mail(1) + b"\nFrom a@ba"]),
    "a mail without header": (LINE + b"\nonly text\n\n" + LINE + mail(2), [b"\nonly text\n", mail(2)]),
    "an empty mail": (LINE + b"\n" + LINE + mail(2), [b"", mail(2)]),
    "several blank lines between": (LINE + mail(1) + b"\n\n\n" + LINE + mail(2), [mail(1) + b"\n\n", mail(2)]),
    "blank lines and a byte order mark before": (b"\xef\xbb\xbf\n\n" + LINE + mail(1), [mail(1)]),
    "a length that lies": (
        LINE + b"Content-Length: 999\n" + mail(1) + b"\n" + LINE + mail(2),
        [b"Content-Length: 999\n" + mail(1), mail(2)],
    ),
}


@pytest.mark.parametrize(("content", "expected"), SPLIT.values(), ids=SPLIT.keys())
def test_splits(content, expected):
    assert mails(content) == expected


@pytest.mark.parametrize("chunk", [901, 1000, 1024, 4096])
def test_chunks_make_no_difference(chunk, monkeypatch):
    written = [mail(number, b"x" * (number * 37 % 2000) + b"\n>From here\n") for number in range(200)]
    content = b"\n".join(LINE + one for one in written)
    expected = mails(content)
    monkeypatch.setattr(mbox, "CHUNK", chunk)
    assert mails(content) == expected
    assert len(expected) == 200


def test_every_byte_belongs_to_one_mail():
    content = b"\n".join(LINE + mail(number) for number in range(50))
    found = list(mbox.spans(Held(content)))
    assert [one.start for one in found] == [0, *(one.end for one in found[:-1])]
    assert found[-1].end == len(content)


def test_a_mailbox_goes_on_where_a_mail_begins():
    content = LINE + mail(1) + b"\n" + LINE + mail(2)
    second = list(mbox.spans(Held(content)))[1]
    assert mbox.continues(Held(content), second.start)
    assert list(mbox.spans(Held(content), second.start)) == [second]
    assert not mbox.continues(Held(content), second.start + 1)


def test_reads_what_the_standard_library_writes(tmp_path):
    bodies = [b"hello\n", b"From the start\n\nFrom: there\n", b"one\n\n\n", b"\n"]
    box = mailbox.mbox(tmp_path / "box")
    for number, body in enumerate(bodies):
        box.add(mail(number, body))
    box.close()
    assert mails((tmp_path / "box").read_bytes()) == [mail(number, body) for number, body in enumerate(bodies)]


def test_a_long_line_of_quote_marks_is_no_work():
    content = b">" * 3_000_000
    assert b"".join(mbox.unquoted([content, content, b"From "])) == content * 2 + b"From "


@settings(max_examples=200)
@given(
    st.lists(
        st.lists(st.sampled_from([b"From x", b">From x", b">>From ", b">", b"text", b"", b"From: a", b"\r"])).map(
            lambda lines: b"".join(line + b"\n" for line in lines)
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(901, 1200),
)
def test_gives_back_what_an_mboxrd_writer_was_given(bodies, chunk):
    written = [mail(number, body) for number, body in enumerate(bodies)]
    quoted = [store_quoted(one) for one in written]
    content = b"".join(LINE + one + b"\n" for one in quoted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mbox, "CHUNK", chunk)
        assert mails(content) == written


def store_quoted(content: bytes) -> bytes:
    lines = content.split(b"\n")
    return b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines)


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from([b"From ", b"\n", b"\r", b">", LINE, b"From: a\n", b"x"])).map(b"".join),
    st.integers(1, 40),
)
def test_pieces_are_unquoted_like_the_whole(content, size):
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    assert b"".join(mbox.unquoted(pieces)) == mbox.unquote(content)


@settings(max_examples=200)
@given(st.lists(st.sampled_from([b"From ", b"\n", b"\r\n", LINE, b"From: a\n", b"\xff", b"2002 12:30"])).map(b"".join))
def test_any_bytes_are_split_without_loss(content):
    found = list(mbox.spans(store.Held(content)))
    assert all(0 <= one.start <= one.offset <= one.offset + one.length <= one.end <= len(content) for one in found)
    assert all(one.end == after.start for one, after in pairwise(found))
