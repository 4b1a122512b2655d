"""Any text at all: nothing raised, no line lost, work bounded."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.message.quotes import attributions, blocks, split, structure
from seriema.message.quotes.lines import read

#: Pieces from which texts are built that look like mail.
PIECES = st.sampled_from(
    [
        "Hello,", "", "", "> quoted", ">> deeper", "On Mon, Nov 15, 2021 at 7:42 PM Anna <a@example.org> wrote:",
        "Am 15.11.2021 schrieb Anna:", "From: Anna <a@example.org>", "Sent: 15.11.2021 19:42", "To: Bert", "Subject: x",
        "-- ", "Regards,", "Anna", "________________________________", "-----Original Message-----",
        "Sent from my iPhone", "AB> initials", "| bar", "<", "> wrote:", "2021/11/15 Anna <a@example.org>",
        "Von: Anna", "差出人: 山田",
        "This is confidential and intended for the addressee only, delete it, received in error, liability.",
        "CAUTION: This email originated from outside.", "[...]", ":", "@",
        "---- Forwarded by A/B on 1/2/2021 ----", "\t", " ",
    ],
)  # fmt: skip
MAILS = st.lists(PIECES | st.text(max_size=40), max_size=30).map("\n".join)


def _words(text: str) -> list[str]:
    return sorted(line for line in re.split(r"\r\n|\r|\n", text) if line.strip())


@settings(max_examples=200, deadline=None)
@given(MAILS)
def test_every_line_stands_in_exactly_one_piece(text: str) -> None:
    told = split(text)
    assert _words(f"{told.reply}\n{told.quoted}\n{told.signature}") == _words(text)


@settings(max_examples=100, deadline=None)
@given(MAILS)
def test_bodies_are_quoted_text_and_dates_are_aware(text: str) -> None:
    told = split(text)
    quoted = _words(told.quoted)
    for quote in told.quotes:
        assert all(line in quoted for line in _words(quote.body))
        assert quote.date is None or quote.date.tzinfo is not None
        assert quote.depth >= 0


@settings(max_examples=50, deadline=None)
@given(MAILS)
def test_splitting_is_the_same_every_time(text: str) -> None:
    assert split(text) == split(text)


ON = "On Mon, Nov 15, 2021 at 7:42 PM Anna <a@example.org> wrote:"
TORTURES = {
    "newlines": "\n" * 100_000,
    "from": "From:\n" * 20_000,
    "from with address": "From: a@example.org\n" * 20_000,
    "from and to": "From: a\nTo: b\n" * 10_000,
    "blocks": "From: a@example.org\nSent: 1.1.2020 10:00\nTo: b\nSubject: c\n\nx\n\n" * 5_000,
    "attributions": f"{ON}\n" * 5_000,
    "nested attributions": "".join(f"{'>' * depth} {ON}\n" for depth in range(400)),
    "marks": ">" * 100_000,
    "deep lines": ("> " * 200 + "x\n") * 500,
    "colons": ":\n" * 50_000,
    "at signs": "@" * 100_000,
    "open addresses": "<@\n> :\n" * 20_000,
    "digits": "1" * 100_000,
    "dates": "1.2." * 25_000,
    "dashes": "-- \n" * 20_000,
    "closings": "Regards\n" * 20_000,
    "initials": "AB> x\n" * 20_000,
    "recipients": "From: a@example.org\nTo: " + "b@example.org;\n" * 20_000 + "Subject: c\n",
    "subject": "Subject: " + "re: " * 25_000 + "\nFrom: a@example.org\n",
    "one line": "x" * 200_000,
    "ideographs": "写道：" * 50_000,
    "alternating": "> a\nb\n" * 20_000,
}


@pytest.mark.parametrize("name", TORTURES)
def test_the_work_on_a_hostile_text_is_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def counted(reader):
        def look(*arguments):
            nonlocal looks
            looks += 1
            return reader(*arguments)

        return look

    monkeypatch.setattr(blocks, "read", counted(blocks.read))
    monkeypatch.setattr(attributions, "read", counted(attributions.read))
    text = TORTURES[name]
    told = split(text)
    # One look may be followed by a second one at the same line, and by one below a separator.
    assert looks <= 3 * structure.MOST_TRIALS
    assert len(told.quotes) <= structure.MOST_QUOTES
    assert sum(map(len, (told.reply, told.quoted, told.signature))) <= len(text)
    assert sum(len(quote.body) for quote in told.quotes) <= len(text)


def test_depth_is_capped() -> None:
    assert max(read(">" * 500 + " x").depth) == 50


def test_beyond_the_bounds_marks_still_tell_quotations() -> None:
    text = f"{ON}\n> x\n" * (structure.MOST_TRIALS + 10) + "reply\n> quoted\nend\n"
    told = split(text)
    assert told.reply.endswith("reply\nend")
    assert told.quoted.endswith("> quoted")
