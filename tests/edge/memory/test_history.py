"""What a sender and a pair are used to, as of a moment."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.letters import ANNA, BOB, CAROL, DAVE, OFFER, START, answer, evidence, letter, past, received

from seriema.edge.memory import Memory
from seriema.edge.memory.acts import PAIRS
from seriema.edge.memory.habits import EVENTS
from seriema.model.artifact import Artifact, State
from seriema.model.history import History, Observed, OrganisationHistory, PairHistory, SenderHistory
from seriema.model.message import Address
from seriema.model.verdict import Tier

ZIP = Artifact("1", ("a.zip",), "a.zip", "zip", 9)
MEMBER = Artifact("1.1", ("a.zip", "b.doc"), "b.doc", "doc", 9)
LOCKED = Artifact("2", ("b.zip",), "b.zip", "zip", 9, state=State.LOCKED, encrypted=True)


def test_an_empty_memory_knows_nothing(memory):
    told = OrganisationHistory("bank.example")
    assert past(memory, letter(OFFER)) == History(pairs=(PairHistory(BOB.key),), organisation=told)


def test_both_directions_of_a_pair_are_told_apart(memory):
    first = letter(OFFER)
    received(memory, first, answer(first), letter("And?", days=3))
    [pair] = past(memory, letter("Hello.", days=9)).pairs
    assert (pair.recipient, pair.sent, pair.answered) == (BOB.key, 2, 1)
    assert (pair.first, pair.last) == (START, START + timedelta(days=3))
    assert pair.gap_days == (1.0, 2.0)
    [back] = past(memory, letter("Hello.", BOB, (ANNA,), days=9)).pairs
    assert (back.recipient, back.sent, back.answered, back.gap_days) == (ANNA.key, 1, 2, (1.0, 2.0))


def test_kinds_and_locked_files_count_for_the_way_they_went(memory):
    received(memory, letter(OFFER), artifacts=(ZIP, MEMBER, LOCKED))
    [pair] = past(memory, letter("Hello.", days=9)).pairs
    assert (pair.kinds, pair.locked, pair.languages) == ((Observed("zip"),), 1, (Observed("en"),))
    [back] = past(memory, letter("Hello.", BOB, (ANNA,), days=9)).pairs
    assert (back.kinds, back.locked, back.languages) == ((), 0, ())


def test_a_sender_is_summed_up_over_all_recipients(memory):
    received(
        memory, letter(OFFER), letter("x", to=(CAROL, DAVE), days=1.5, subject="y"), letter("z", days=1.7, subject="z")
    )
    sender = past(memory, letter("Hello.", days=2)).sender
    assert sender == SenderHistory(
        3, START, START + timedelta(days=1.7), recipients=3, recent_threads=2, languages=(Observed("en", 3),)
    )


def test_all_mails_of_the_memory_are_counted_and_dated(memory):
    received(memory, *(letter(f"{n}", DAVE, (CAROL,), days=n * 11.3, subject=str(n)) for n in range(12)))
    for n in range(12):
        seen = past(memory, letter("Hello.", days=n * 11.3 + 0.01))
        assert (seen.mails, seen.since) == (n + 1, START)
    assert past(memory, letter("Hello.", days=-1)).mails == 0
    assert past(memory, letter("Hello.", days=-1)).since is None


def test_scanning_again_sees_neither_the_mail_itself_nor_later_ones(memory):
    first = letter(OFFER)
    mails = [
        first,
        answer(first),
        letter("And?", days=1),
        letter("Same moment.", days=1),
        letter("More.", CAROL, days=2),
    ]
    told = [evidence(memory, mail, (ZIP,)) for mail in mails[:1]]
    memory.remember(told[0], Tier.DELIVER)
    for mail in mails[1:]:
        told.append(evidence(memory, mail, (ZIP,)))
        memory.remember(told[-1], Tier.DELIVER)
    assert [past(memory, mail) for mail in mails] == [one.history for one in told]


def test_history_is_exact_as_long_as_no_more_mails_came_later_than_events_are_kept(memory):
    mails = [letter(f"{n}", days=n, subject=str(n)) for n in range(EVENTS + 5)]
    told = []
    for mail in mails:
        told.append(past(memory, mail))
        memory.remember(evidence(memory, mail), Tier.DELIVER)
    assert [past(memory, mail).pairs[0].sent for mail in mails[5:]] == [one.pairs[0].sent for one in told[5:]]
    assert past(memory, mails[0]).pairs[0].sent <= 5


def test_only_the_first_recipients_make_pairs(memory):
    crowd = tuple(Address("", f"r{n}@x.example") for n in range(300))
    received(memory, letter(OFFER, to=crowd))
    seen = past(memory, letter("x", to=crowd, days=1))
    assert len(seen.pairs) == PAIRS
    assert all(pair.sent == 1 for pair in seen.pairs)


@pytest.mark.parametrize("sender", [Address("", ""), Address("Anna", "")])
def test_a_mail_without_sender_has_no_history_but_is_remembered(memory, sender):
    received(memory, letter(OFFER, sender))
    seen = past(memory, letter("x", sender, days=1))
    assert (seen.sender, seen.pairs, seen.mails) == (SenderHistory(), (), 1)


def test_a_mail_to_oneself_is_no_pair(memory):
    received(memory, letter(OFFER, to=(ANNA,)))
    assert past(memory, letter("x", to=(ANNA,), days=1)).pairs == ()


def test_a_sender_is_the_same_in_any_case(memory):
    received(memory, letter(OFFER, replace(ANNA, address="ANNA@Kanzlei.example")))
    assert past(memory, letter("x", days=1)).sender.sent == 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from([ANNA, BOB]), st.booleans()), max_size=25),
    st.integers(0, 41),
)
def test_learning_in_any_order_tells_the_same_as_counting(mails, moment):
    memory = Memory.open()
    for number, (day, sender, locked) in enumerate(mails):
        mail = letter(
            "x", sender, (BOB if sender is ANNA else ANNA,), days=day, subject=str(number), message_id=f"{number}@x"
        )
        memory.remember(evidence(memory, mail, (LOCKED,) if locked else ()), Tier.DELIVER)
    seen = past(memory, letter("new", days=moment, message_id="new@x"))
    earlier = [one for one in mails if one[0] <= moment]
    sent = [one for one in earlier if one[1] is ANNA]
    [pair] = seen.pairs
    assert seen.mails == len(earlier)
    assert (pair.sent, pair.answered, pair.locked) == (len(sent), len(earlier) - len(sent), sum(one[2] for one in sent))
    assert seen.sender.sent == len(sent)
    assert sum(pair.gap_days) == pytest.approx(
        max((one[0] for one in earlier), default=0) - min((one[0] for one in earlier), default=0)
        if len(earlier) <= 17
        else sum(pair.gap_days)
    )
    memory.close()
