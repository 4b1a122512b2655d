"""A quotation that is not the mail it names, told from one that is only trimmed."""

from dataclasses import replace

import pytest
from tests.builders.letters import ANNA, BOB, CAROL, DAVE, OFFER, answer, letter, quote, received

from seriema.edge.memory import Memory

LONG = OFFER + " ".join(
    f"Item {number} of the schedule costs {number * 37} euros and {number} cents." for number in range(12)
)
FORGED = " ".join(
    f"Parcel {number} waits for you in the depot of line {number * 91}, please come." for number in range(14)
)


@pytest.fixture
def memory():
    opened = Memory.open()
    yield opened
    opened.close()


def quoting(memory, body, **changes):
    first = letter(LONG)
    block = replace(quote(first, body=body), **changes)
    return received(memory, first, answer(first, quotes=(block,)))


def test_other_words_under_a_true_header_are_an_altered_quotation(memory):
    found = quoting(memory, FORGED)
    assert found.altered.message_id == letter(LONG).message_id
    assert found.misaddressed is None


@pytest.mark.parametrize(
    "body",
    [
        LONG,
        LONG[: len(LONG) * 7 // 10],
        FORGED[:150],
        LONG + FORGED,
        "\n".join(f"> {line}" for line in LONG.split(". ")),
    ],
    ids=["whole", "shortened", "a short remark instead", "with older mail below", "marked and wrapped"],
)
def test_a_true_or_trimmed_quotation_is_not(memory, body):
    assert quoting(memory, body).altered is None


def test_of_a_short_mail_nothing_is_said(memory):
    first = letter("See you tomorrow then, I bring the papers along.")
    found = received(memory, first, answer(first, quotes=(quote(first, body=FORGED[:80]),)))
    assert found.altered is None


def test_people_who_never_had_the_quoted_mail_contradict(memory):
    assert quoting(memory, LONG, recipients=(DAVE,)).misaddressed.message_id == letter(LONG).message_id


@pytest.mark.parametrize("recipients", [(BOB,), (BOB, DAVE), (), (replace(DAVE, address=""),)])
def test_a_known_recipient_or_none_by_address_is_no_contradiction(memory, recipients):
    assert quoting(memory, LONG, recipients=recipients).misaddressed is None


def test_an_id_that_nobody_saw_is_told_from_one_that_is_remembered(memory):
    first = letter(LONG)
    assert received(memory, first, answer(first)).cited_seen is True
    assert received(memory, answer(letter(LONG, message_id="lost@x"), sender=CAROL)).cited_seen is False
    assert received(memory, letter("A new one", ANNA, days=5, subject="New")).cited_seen is None
