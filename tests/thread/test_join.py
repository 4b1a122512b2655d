"""Which conversation a mail is joined to, shown through a private memory."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.letters import ANNA, ANSWER, BOB, CAROL, DAVE, OFFER, START, answer, judged, letter, quote, received

from seriema import thread
from seriema.edge.memory import Memory
from seriema.model.message import Address, Header, Quote
from seriema.model.thread import Clock, JoinedBy, Kind


@pytest.fixture
def memory():
    opened = Memory.open()
    yield opened
    opened.close()


def test_a_new_mail_begins_a_conversation_of_its_own(memory):
    mail = letter(OFFER)
    found = received(memory, mail)
    assert not found.known
    assert found.conversation == mail.sha256[:32]
    assert (found.joined_by, found.clock, found.silent_days, found.messages) == (JoinedBy.NOTHING, Clock.NONE, None, 0)
    assert not found.reply
    assert found.quoted_seen is None


def test_header_ids_come_first(memory):
    first = letter(OFFER)
    found = received(memory, first, answer(first))
    assert (found.known, found.joined_by, found.messages) == (True, JoinedBy.REFERENCES, 1)
    assert (found.parent, found.parent_case) == (first.message_id, first.sha256[:32])
    assert found.conversation == first.sha256[:32]
    assert (found.silent_days, found.age_days, found.clock) == (1.0, 1.0, Clock.RECEIPT)


def test_an_older_ancestor_ties_when_the_parent_never_came(memory):
    first = letter(OFFER)
    received(memory, first)
    lost = answer(first, message_id="lost@x")
    found = received(memory, answer(lost, sender=CAROL))
    assert (found.known, found.parent) == (True, "")


def test_two_mails_that_cite_the_same_absent_one_are_one_conversation(memory):
    lost = letter(OFFER, message_id="lost@x")
    received(memory, answer(lost))
    found = received(memory, answer(lost, text="Yes.", sender=CAROL, days=3, subject="Something else"))
    assert (found.known, found.joined_by, found.parent) == (True, JoinedBy.REFERENCES, "")


def test_a_mail_that_comes_after_its_answer_joins_it(memory):
    first = letter(OFFER)
    later = answer(first)
    received(memory, later)
    found = judged(memory, replace(first, date=later.date + timedelta(hours=1)))
    assert found.conversation == later.sha256[:32]


def test_without_ids_the_quoted_header_block_ties(memory):
    first = letter("Short.")
    later = letter("Fine.", BOB, (ANNA,), days=1, subject="Something else", quotes=(quote(first, body=""),))
    found = received(memory, first, later)
    assert (found.joined_by, found.parent, found.quoted_seen) == (JoinedBy.QUOTE, first.message_id, True)


def test_without_ids_and_block_the_quoted_words_tie(memory):
    first = letter(OFFER)
    words = Quote(Address(), body="> " + OFFER[:150] + "\n> " + OFFER[150:])
    found = received(
        memory, first, letter("Fine.", BOB, (ANNA,), days=1, subject="Re: Transfer of shares", quotes=(words,))
    )
    assert (found.joined_by, found.parent, found.quoted_seen) == (JoinedBy.QUOTE, first.message_id, True)


def test_a_reply_to_the_same_people_under_the_same_subject_ties_after_two_years(memory):
    found = received(
        memory, letter(OFFER), letter("See file.", BOB, (ANNA,), days=812, subject="Re: Transfer of shares")
    )
    assert (found.joined_by, found.silent_days, found.reply) == (JoinedBy.SUBJECT, 812.0, True)


class TestContradiction:
    """What is alike is not the same when the quotation itself says so."""

    def test_set_phrases_under_another_subject_and_another_header_do_not_tie(self, memory):
        first = letter(OFFER)
        other = letter(OFFER, CAROL, (DAVE,), days=40, subject="Another company")
        mail = letter("See file.", DAVE, (CAROL,), days=90, subject="Re: Another company", quotes=(quote(other),))
        found = received(memory, first, mail)
        assert (found.known, found.quoted_seen) == (False, False)

    def test_the_same_notification_to_others_is_not_the_one_that_is_answered(self, memory):
        machine = Address("ProfLink", "invite@proflink.example")
        first = letter(OFFER, machine, (BOB,), days=300, subject="You have a new invitation")
        other = replace(first, date=START, to=(CAROL,))
        mail = letter("x", DAVE, (BOB,), days=301, subject="Re: You have a new invitation", quotes=(quote(other),))
        found = received(memory, first, mail)
        assert (found.known, found.silent_days, found.quoted_seen) == (False, 301.0, False)

    def test_a_subject_does_not_tie_to_mails_that_came_after_the_quoted_one(self, memory):
        later = letter("x", BOB, (ANNA,), days=300, subject="Offer")
        old = quote(letter(OFFER, CAROL, (BOB,), subject="Offer"))
        mail = letter("y", BOB, (ANNA,), days=310, subject="Re: Offer", quotes=(old,))
        assert not received(memory, later, mail).known

    def test_footers_that_everybody_has_say_nothing(self, memory):
        for number in range(4):
            received(memory, letter(OFFER, days=number, subject=f"Matter {number}", to=(DAVE,)))
        words = Quote(Address(), body=OFFER)
        found = received(memory, letter("x", CAROL, (BOB,), days=9, subject="Re: Something", quotes=(words,)))
        assert (found.known, found.quoted_seen) == (False, False)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": "Transfer of shares", "days": 30}, "no reply, and weeks later"),
        (
            {"subject": "Re: Transfer of shares", "sender": DAVE, "to": (Address("", "x@y.example"),)},
            "nobody in common",
        ),
        ({"subject": "Re: Transfer", "days": 1}, "another subject"),
        ({"subject": "Re: ", "days": 1}, "no subject"),
    ],
)
def test_a_subject_alone_does_not_tie(memory, changes, why):
    mail = letter("See file.", **{"sender": BOB, "to": (ANNA,), "days": 1, **changes})
    assert not received(memory, letter(OFFER), mail).known, why


def test_a_weekly_report_of_one_sender_is_no_conversation(memory):
    found = received(
        memory, *(letter(f"All well in week {week}.", days=7 * week, subject="Report") for week in range(5))
    )
    assert not found.known


def test_the_latest_mail_that_is_really_quoted_is_the_parent(memory):
    first = letter(OFFER)
    second = answer(first)
    both = (quote(second, body=f"{ANSWER}\n> {OFFER}"),)
    found = received(
        memory, first, second, letter("Yes.", CAROL, (BOB,), days=4, subject="Re: Transfer of shares", quotes=both)
    )
    assert found.parent == second.message_id


def test_the_order_of_matches_means_nothing(memory):
    first = letter(OFFER)
    second = answer(first)
    received(memory, first, second, answer(second, text="I agree.", sender=CAROL, to=(ANNA, BOB)))
    mail = answer(second, text="So do I.", sender=ANNA, to=(BOB,), days=9)
    matches = memory.recall(thread.keys(mail), mail.date, mail.sha256[:32])
    assert len(matches) == 3
    assert thread.join(mail, matches, mail.date) == thread.join(mail, matches[::-1], mail.date)


def test_matches_from_the_future_and_the_mail_itself_are_not_believed(memory):
    first = letter(OFFER, days=5)
    received(memory, first)
    matches = memory.recall(thread.keys(answer(first)), START + timedelta(days=9), "")
    mail = answer(first, days=1)
    assert not thread.join(mail, matches, mail.date).known
    assert not thread.join(first, matches, START + timedelta(days=9)).known


class TestPeople:
    def test_participants_are_those_of_remembered_mails_with_their_names(self, memory):
        first = letter(OFFER, to=(BOB, CAROL))
        found = received(memory, first, answer(first))
        assert found.participants == (ANNA, Address("", BOB.key), Address("", CAROL.key))
        assert (found.addressed, found.sender_participant, found.claimed_only) == ((ANNA.key,), True, False)

    def test_a_stranger_in_a_known_thread_is_no_participant(self, memory):
        first = letter(OFFER)
        found = received(memory, first, answer(first, sender=replace(DAVE, name=ANNA.name), to=(BOB,)))
        assert found.sender_participant is False

    def test_in_a_known_thread_a_quotation_cannot_make_its_writer_a_participant(self, memory):
        first = letter(OFFER)
        claim = quote(first, recipients=(BOB, DAVE))
        found = received(memory, first, answer(first, sender=DAVE, to=(BOB,), quotes=(claim,)))
        assert found.sender_participant is None

    def test_when_memory_is_cold_all_levels_of_the_quotation_count(self, memory):
        older = letter(OFFER, CAROL, (ANNA, DAVE))
        newer = answer(older, sender=ANNA, to=(BOB, CAROL))
        blocks = (quote(newer), quote(older, depth=1))
        found = received(memory, letter("See file.", ANNA, (BOB,), days=400, quotes=blocks, subject="Re: Offer"))
        assert {one.key for one in found.participants} == {ANNA.key, BOB.key, CAROL.key, DAVE.key}
        assert (found.claimed_only, found.sender_participant, found.addressed) == (True, True, (BOB.key,))
        assert (found.clock, found.silent_days, found.started) == (Clock.CLAIMED, 399.0, older.date)
        assert found.quoted_seen is False

    def test_a_strange_account_with_a_participants_name_is_no_participant(self, memory):
        block = quote(letter(OFFER, BOB, (ANNA,)))
        found = received(
            memory, letter("See file.", Address(ANNA.name, "x@y.example"), (BOB,), days=3, quotes=(block,))
        )
        assert found.sender_participant is False

    def test_an_attribution_line_cannot_tell_who_took_part(self, memory):
        block = quote(letter(OFFER, BOB), recipients=())
        found = received(memory, letter("Fine.", DAVE, (BOB,), days=3, quotes=(block,)))
        assert found.sender_participant is None

    def test_a_bare_name_proves_nothing(self, memory):
        block = Quote(Address("Bob Miller"), (Address("Anna Weber"), Address("Carol Jones")), START, body=OFFER)
        found = received(memory, letter("See file.", ANNA, (BOB,), days=3, quotes=(block,)))
        assert found.sender_participant is None
        assert found.addressed == (BOB.key,)
        assert [one.name for one in found.participants] == ["Bob Miller", "Anna Weber", "Carol Jones"]


class TestClock:
    def test_silence_is_counted_from_receipt_and_not_from_what_a_quote_claims(self, memory):
        first = letter(OFFER)
        claimed = quote(first, date=START + timedelta(days=399))
        found = received(memory, first, answer(first, days=400, quotes=(claimed,)))
        assert (found.silent_days, found.clock) == (400.0, Clock.RECEIPT)

    def test_a_date_in_the_future_is_no_claim(self, memory):
        block = quote(letter(OFFER), date=START + timedelta(days=4000))
        found = received(memory, letter("Fine.", BOB, (ANNA,), days=3, quotes=(block,)))
        assert (found.silent_days, found.clock) == (None, Clock.NONE)


class TestKind:
    def test_the_answered_mails_own_headers_decide(self, memory):
        first = letter(OFFER, headers=(Header("Auto-Submitted", "auto-generated"),))
        found = received(memory, first, answer(first))
        assert (found.kind, found.own_kind) == (Kind.NOTIFICATION, Kind.PEOPLE)

    def test_what_is_only_quoted_is_judged_by_the_quotation(self, memory):
        block = Quote(Address("LinkedIn", "messages-noreply@linkedin.com"), date=START, body="Ann wants to connect")
        found = received(memory, letter("See file.", BOB, (ANNA,), days=3, quotes=(block,)))
        assert found.kind is Kind.NOTIFICATION


def test_languages_of_reply_and_thread_stand_side_by_side(memory):
    first = letter(OFFER)
    mail = answer(first, text="Bitte Anhang beachten.")
    found = received(memory, first, replace(mail, body=replace(mail.body, reply_language="de")))
    assert (found.reply_language, found.thread_language) == ("de", "en")


PEOPLE = st.sampled_from([ANNA, BOB, CAROL, DAVE, Address("", ""), Address("x" * 400, "y@" + "z" * 400)])
BLOCKS = st.builds(
    Quote,
    PEOPLE,
    st.lists(PEOPLE, max_size=3).map(tuple),
    st.none() | st.datetimes(),
    body=st.sampled_from(["", OFFER, "\0"]),
)
MAILS = st.builds(
    letter,
    st.sampled_from(["", OFFER, ANSWER, "ok"]),
    PEOPLE,
    st.lists(PEOPLE, max_size=3).map(tuple),
    st.integers(0, 2000),
    message_id=st.sampled_from(["", "a@x", "b@x", "c@x"]),
    references=st.lists(st.sampled_from(["a@x", "b@x", "c@x", "d@x"]), max_size=4).map(tuple),
    subject=st.sampled_from(["", "Re:", "Offer", "Re: Offer", "Re: Other"]),
    quotes=st.lists(BLOCKS, max_size=3).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MAILS, max_size=7), st.randoms(use_true_random=False))
def test_any_mails_give_the_same_threads_twice_and_in_any_order_of_matches(mails, random):
    one, other = Memory.open(), Memory.open()
    for mail in mails:
        found = received(one, mail)
        matches = list(other.recall(thread.keys(mail), mail.date, mail.sha256[:32]))
        random.shuffle(matches)
        assert thread.join(mail, tuple(matches), mail.date) == found
        received(other, mail)
    one.close()
    other.close()
