"""What a look-up finds, as of a moment."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from tests.builders.letters import ANNA, BOB, CAROL, DAVE, OFFER, START, answer, evidence, letter, quote, received

from seriema import thread
from seriema.edge.memory import Memory
from seriema.edge.memory.entries import MOST
from seriema.edge.memory.rings import FIRST
from seriema.model.message import Address
from seriema.model.thread import JoinedBy, Kind
from seriema.model.verdict import Tier


def found(memory, mail, before=None, case=None):
    """What finds what, by Message-ID."""
    matches = memory.recall(thread.keys(mail), before or mail.date, mail.sha256[:32] if case is None else case)
    return {match.mail.message_id: set(match.by) for match in matches}


def test_nothing_is_found_in_an_empty_memory(memory):
    assert found(memory, letter(OFFER)) == {}


def test_each_key_says_what_it_found(memory):
    first = letter(OFFER, message_id="first@x")
    received(memory, first)
    by_everything = answer(first, quotes=(quote(first),))
    assert found(memory, by_everything) == {"first@x": {"id", "subject", "quoted", "fingerprint"}}


def test_quoted_pieces_are_counted(memory):
    first = letter(OFFER)
    received(memory, first)
    mail = answer(first, quotes=(quote(first),))
    [match] = memory.recall(thread.keys(mail), mail.date, "")
    assert match.fingerprints == len(set(first.body.fingerprints) & set(mail.body.quoted_fingerprints)) > 0


def test_a_remembered_mail_comes_back_as_it_was(memory):
    mail = letter(OFFER, to=(BOB, CAROL), message_id="first@x")
    received(memory, mail)
    [match] = memory.recall(thread.keys(answer(mail)), START + timedelta(days=1), "")
    kept = match.mail
    assert (kept.case, kept.message_id, kept.conversation) == (mail.sha256[:32], "first@x", mail.sha256[:32])
    assert (kept.received, kept.date) == (mail.date, mail.date)
    assert (kept.sender, kept.sender_name, kept.people) == (ANNA.key, ANNA.name, (ANNA.key, BOB.key, CAROL.key))
    assert (kept.kind, kept.language, kept.from_us) == (Kind.PEOPLE, "en", False)


def test_the_date_keeps_its_own_offset(memory):
    mail = letter(OFFER)
    eastern = mail.date.astimezone(timezone(timedelta(hours=5, minutes=30)))
    received(memory, replace(mail, date=eastern))
    [match] = memory.recall(thread.keys(answer(mail)), START + timedelta(days=1), "")
    assert match.mail.date.utcoffset() == timedelta(hours=5, minutes=30)


class TestAsOf:
    def test_a_mail_never_sees_itself(self, memory):
        mail = letter(OFFER)
        received(memory, mail)
        assert found(memory, mail, START + timedelta(days=99)) == {}

    def test_later_mails_are_not_seen(self, memory):
        first = letter(OFFER, message_id="first@x")
        later = answer(first, days=5, message_id="later@x")
        received(memory, first, later)
        assert set(found(memory, answer(first, days=2))) == {"first@x"}

    def test_a_mail_of_the_same_moment_is_earlier_if_it_was_remembered_earlier(self, memory):
        mails = [letter(OFFER, message_id=f"{number}@x") for number in range(3)]
        received(memory, *mails)
        assert set(found(memory, mails[1])) == {"0@x"}
        assert set(found(memory, letter(OFFER, message_id="new@x"))) == {"0@x", "1@x", "2@x"}

    def test_scanning_again_gives_the_same_threads(self, memory):
        first = letter(OFFER)
        mails = [first, answer(first), answer(answer(first), sender=ANNA, to=(BOB,)), letter("Other", days=2)]
        threads = [received(memory, mail) for mail in mails]
        assert [received(memory, mail) for mail in mails] == threads

    def test_mails_that_are_learned_late_are_seen_in_their_place(self, memory):
        first = letter(OFFER)
        mail = answer(first, days=9)
        assert not received(memory, mail).known
        received(memory, first)
        assert received(memory, mail).known


class TestConversations:
    def test_the_other_mails_of_a_conversation_are_found(self, memory):
        first = letter(OFFER, message_id="first@x", subject="One")
        second = answer(first, message_id="second@x", subject="Two")
        received(memory, first, second)
        third = letter("Yes.", CAROL, (ANNA,), days=3, in_reply_to=("second@x",), subject="Three")
        assert found(memory, third) == {"first@x": {"conversation"}, "second@x": {"id"}}

    def test_a_mail_that_cites_two_conversations_merges_them(self, memory):
        one = letter(OFFER, message_id="one@x", subject="One")
        two = letter("Another matter.", CAROL, (DAVE,), days=1, message_id="two@x", subject="Two")
        both = letter("Both.", BOB, (ANNA,), days=2, references=("one@x", "two@x"), message_id="both@x", subject="Both")
        received(memory, one, two, both)
        last = letter("Well.", DAVE, (CAROL,), days=3, in_reply_to=("two@x",), subject="Last")
        assert set(found(memory, last)) == {"one@x", "two@x", "both@x"}
        assert received(memory, last).conversation == one.sha256[:32]

    def test_what_merges_them_later_merges_nothing_for_an_earlier_mail(self, memory):
        one = letter(OFFER, message_id="one@x", subject="One")
        two = letter("Another matter.", CAROL, (DAVE,), days=1, message_id="two@x", subject="Two")
        both = letter("Both.", BOB, (ANNA,), days=5, references=("one@x", "two@x"), subject="Both")
        received(memory, one, two, both)
        between = letter("Well.", DAVE, (CAROL,), days=3, in_reply_to=("two@x",), subject="Between")
        assert set(found(memory, between)) == {"two@x"}

    def test_a_parent_that_comes_late_merges_the_conversations_that_cite_it(self, memory):
        lost = letter(OFFER, message_id="lost@x", days=0)
        one = letter("One.", BOB, (ANNA,), days=1, in_reply_to=("lost@x",), message_id="one@x", subject="One")
        two = letter("Two.", CAROL, (ANNA,), days=2, in_reply_to=("lost@x",), message_id="two@x", subject="Two")
        received(memory, one)
        assert received(memory, two).conversation == one.sha256[:32]
        assert received(memory, replace(lost, date=START + timedelta(days=3))).conversation == one.sha256[:32]

    def test_copies_of_one_message_are_one_conversation(self, memory):
        mail = letter(OFFER, message_id="same@x")
        copy = replace(mail, sha256="cd" * 32)
        assert received(memory, mail, copy).joined_by is JoinedBy.REFERENCES

    def test_mails_whose_look_up_came_before_their_parent_was_stored_are_joined_by_their_ids(self, memory):
        first = letter(OFFER, message_id="first@x")
        known = [evidence(memory, mail) for mail in (first, answer(first, message_id="second@x"))]
        for one in known:
            memory.remember(one, Tier.DELIVER)
        memory.flush()
        third = letter("Yes.", CAROL, (ANNA,), days=3, in_reply_to=("second@x",), subject="Three")
        assert set(found(memory, third)) == {"first@x", "second@x"}


class TestBounds:
    def test_no_flood_pushes_out_what_a_key_knew_first(self, memory):
        first = letter(OFFER, message_id="first@x")
        received(memory, first)
        flood = (letter("Spam.", DAVE, (BOB,), days=1 + n / 1000, subject="Re: Transfer of shares") for n in range(300))
        for mail in flood:
            memory.remember(evidence(memory, mail), Tier.DELIVER)
        later = letter("Yes.", BOB, (ANNA,), days=9, subject="Re: Transfer of shares")
        assert "first@x" in found(memory, later)

    def test_what_one_mail_may_find_is_bounded(self, memory):
        for number in range(200):
            memory.remember(evidence(memory, letter("Yes.", DAVE, days=number / 10, subject="Same")), Tier.DELIVER)
        assert FIRST <= len(found(memory, letter("No.", DAVE, days=99, subject="Same"))) <= MOST["subject"]

    @pytest.mark.parametrize("size", [1, 500, 5000])
    def test_any_number_of_ids_is_one_bounded_question(self, memory, size):
        first = letter(OFFER, message_id="0@x")
        received(memory, first)
        ids = tuple(f"{number}@x" for number in range(size))
        mail = letter("Yes.", BOB, (ANNA,), days=1, references=ids)
        assert "0@x" in found(memory, mail)
        received(memory, mail)


def test_half_a_character_stops_nothing(memory):
    mail = letter("", Address("\ud800", "\udfff@x"), message_id="\udcff@x", subject="\udc80")
    received(memory, mail)
    [match] = memory.recall(thread.keys(mail), START + timedelta(days=1), "")
    assert match.mail.sender == "?@x"


def test_our_own_domains_are_known_and_all_below_them():
    memory = Memory.open(own_domains=frozenset({"bank.example"}))
    mails = [
        letter(OFFER, replace(BOB, address=one), (ANNA,), message_id=one)
        for one in ("b@bank.example", "b@x.bank.example", "b@notbank.example", "bank.example")
    ]
    received(memory, *mails)
    matches = memory.recall(thread.keys(mails[0]), START + timedelta(days=1), "")
    assert [match.mail.from_us for match in matches] == [True, True, False, False]
    memory.close()
