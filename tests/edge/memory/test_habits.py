"""What is a habit and what was merely seen; what is unlearned; what others did."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.letters import ANNA, BOB, CAROL, DAVE, START, evidence, letter, past

from seriema.edge.memory import Memory, sums
from seriema.model.artifact import Artifact, State
from seriema.model.history import Habits, Observed
from seriema.model.message import Address, AuthenticationResult
from seriema.model.traits import Traits
from seriema.model.verdict import Tier

OURS = frozenset({"bank.example"})
USUAL = Traits("Outlook", "f1", "i1", "b1", "+0100", "192.0.2.0/24", "kanzlei.example", "s1")
OTHER = Traits("Webmail", "f2", "i2", "b2", "+0000", "198.51.100.0/24", "cloud.example", "s2")
OPENED = Artifact("1", ("a.zip",), "a.zip", "zip", 9, "ab" * 32, encrypted=True, password_source="body")
LOCKED = Artifact("1", ("a.zip",), "a.zip", "zip", 9, state=State.LOCKED, encrypted=True)
FAILS = (AuthenticationResult("mx.bank.example", "dmarc", "fail", trusted=True),)
CLAIMED = (AuthenticationResult("mx.else.example", "dmarc", "fail"),)


@pytest.fixture(params=["ours known", "ours not known"])
def office(request):
    """A memory that knows our domains or does not."""
    opened = Memory.open(own_domains=OURS if request.param == "ours known" else frozenset())
    yield opened
    opened.close()


def came(memory, *mails, tier=Tier.DELIVER, artifacts=()):
    for mail in mails:
        memory.remember(evidence(memory, mail, artifacts), tier)


def written(days, sender=ANNA, to=(BOB,), **changes):
    return letter(f"{sender.key} {days}", sender, to, days, **{"subject": f"{days}", "traits": USUAL, **changes})


def answers(*days, sender=BOB, to=(ANNA,)):
    return [written(day, sender, to, traits=Traits()) for day in days]


def asked(memory, days=30.0, **changes):
    return past(memory, written(days, **changes))


class TestHabit:
    def test_answers_on_two_later_days_make_a_habit(self, office):
        came(office, written(0), *answers(0.2, 1))
        assert asked(office).sender.habits.client == (Observed("Outlook"),)
        assert asked(office).pairs[0].answered_days == 2
        came(office, *answers(2))
        told = asked(office)
        assert told.sender.habits.client == (Observed("Outlook", 1, habit=True),)
        assert told.sender.habits.network == (Observed("192.0.2.0/24", 1, habit=True),)
        assert told.sender.languages == (Observed("en", 1, habit=True),)
        assert (told.sender.answered_days, told.pairs[0].habit) == (3, True)

    def test_it_is_one_only_from_the_second_answer_on(self, office):
        came(office, written(0), *answers(1, 2))
        assert not asked(office, 1.9).sender.habits.client[0].habit
        assert asked(office, 2.1).sender.habits.client[0].habit

    @pytest.mark.parametrize(
        ("tier", "habit"), [(Tier.DELIVER, True), (Tier.TAG, True), (Tier.ASK, False), (Tier.HOLD, False)]
    )
    def test_what_was_not_delivered_is_only_seen(self, office, tier, habit):
        came(office, written(0), tier=tier)
        came(office, *answers(1, 2))
        assert asked(office).sender.habits.client == (Observed("Outlook", 1, habit),)

    @pytest.mark.parametrize(("results", "habit"), [(FAILS, False), (CLAIMED, True), ((), True)])
    def test_what_our_own_servers_contradict_is_only_seen(self, office, results, habit):
        came(office, written(0, authentication=results), *answers(1, 2))
        assert asked(office).sender.habits.client == (Observed("Outlook", 1, habit),)

    def test_forged_answers_are_none(self, office):
        came(office, written(0), *(replace(one, authentication=FAILS) for one in answers(1, 2)))
        assert not asked(office).sender.habits.client[0].habit

    def test_answers_of_strangers_are_none_where_ours_are_known(self):
        memory = Memory.open(own_domains=OURS)
        came(memory, written(0, to=(BOB, DAVE)), *answers(1, 2, sender=DAVE))
        told = asked(memory, to=(BOB, DAVE))
        assert (told.sender.answered_days, [pair.answered_days for pair in told.pairs]) == (0, [0, 0])
        came(memory, *answers(3, 4, sender=CAROL))
        assert asked(memory).sender.habits.client[0].habit, "any of our people"
        assert not asked(memory).pairs[0].habit, "but this pair has none"
        memory.close()

    def test_a_flood_makes_observations_never_habits(self, office):
        came(office, *(written(n / 50, traits=OTHER) for n in range(100)))
        told = asked(office)
        assert told.sender.habits.client == (Observed("Webmail", 100),)

    def test_an_old_habit_stays_one_through_a_flood(self, office):
        came(office, written(0), *answers(1, 2), *(written(3 + n / 50, traits=OTHER) for n in range(100)))
        assert asked(office).sender.habits.client == (Observed("Outlook", 1, habit=True), Observed("Webmail", 100))

    def test_locked_files_as_a_habit_of_a_pair(self, office):
        came(office, written(0), artifacts=(LOCKED,))
        came(office, written(1), artifacts=(OPENED,))
        pair = asked(office).pairs[0]
        assert (pair.locked, pair.password_apart, pair.password_beside, pair.locked_habit) == (2, 1, 1, False)
        came(office, *answers(2, 3))
        pair = asked(office).pairs[0]
        assert (pair.locked_habit, pair.kinds) == (True, (Observed("zip", 2, habit=True),))

    def test_recipients_that_were_addressed_together(self, office):
        came(office, written(0, to=(BOB, CAROL, DAVE)), written(1, to=(BOB,)))
        assert asked(office, to=(CAROL, DAVE)).sender.together == 2
        assert asked(office, to=(CAROL,)).sender.together == 0
        assert asked(office, -1, to=(CAROL, DAVE)).sender.together == 0


class TestUnlearning:
    def test_what_a_condemned_mail_showed_counts_no_more(self, office):
        lure = written(0, traits=OTHER)
        came(office, lure, artifacts=(LOCKED,))
        came(office, *answers(1, 2))
        office.condemn(lure.sha256[:32])
        told = asked(office)
        assert (told.sender.habits, told.sender.sent, told.sender.condemned) == (Habits(), 0, 1)
        assert (told.pairs[0].kinds, told.pairs[0].locked, told.pairs[0].locked_habit) == ((), 0, False)
        office.acquit(lure.sha256[:32])
        told = asked(office)
        assert told.sender.habits.client == (Observed("Webmail", 1, habit=True),)
        assert (told.pairs[0].locked, told.pairs[0].locked_habit, told.sender.condemned) == (1, True, 0)

    def test_what_another_mail_showed_too_stays(self, office):
        lure, honest = written(0), written(0.5)
        came(office, lure, honest, *answers(1, 2))
        office.condemn(lure.sha256[:32])
        assert asked(office).sender.habits.client == (Observed("Outlook", 1, habit=True),)

    def test_evidence_counts_from_its_moment_on(self, office):
        lure = written(0, traits=OTHER)
        came(office, lure)
        office.condemn(lure.sha256[:32], START + timedelta(days=5))
        assert (asked(office, 4).sender.sent, asked(office, 6).sender.sent) == (1, 0)
        office.condemn(lure.sha256[:32])
        assert asked(office, 4).sender.sent == 0

    def test_a_condemned_answer_makes_no_habit(self, office):
        forged = answers(2)[0]
        came(office, written(0), *answers(1), forged)
        assert asked(office).sender.habits.client[0].habit
        office.condemn(forged.sha256[:32])
        assert not asked(office).sender.habits.client[0].habit
        assert asked(office).pairs[0].answered_days == 1
        office.acquit(forged.sha256[:32])
        assert asked(office).pairs[0].answered_days == 2

    def test_a_sweep_is_still_seen_when_its_mails_are_condemned(self, office):
        lures = [written(n / 100, to=(CAROL,)) for n in range(5)]
        came(office, *lures)
        for one in lures:
            office.condemn(one.sha256[:32])
        assert asked(office, 0.1).sender.recent_threads == 5

    def test_more_than_a_row_names_are_taken_out_of_the_sums(self, office, monkeypatch):
        monkeypatch.setattr(sums, "CONDEMNED", 40)
        lures = [written(n / 10, traits=OTHER) for n in range(50)]
        came(office, *lures, artifacts=(LOCKED,))
        came(office, written(9))
        for one in lures:
            office.condemn(one.sha256[:32])
        told = asked(office)
        assert (told.sender.sent, told.sender.condemned, told.sender.habits.client) == (1, 50, (Observed("Outlook"),))
        assert (told.pairs[0].sent, told.pairs[0].locked) == (1, 0)
        for one in lures:
            office.acquit(one.sha256[:32])
        told = asked(office)
        assert (told.sender.sent, told.sender.condemned, told.pairs[0].locked) == (51, 0, 50)

    @settings(max_examples=30, deadline=None)
    @given(st.permutations(["lure", "honest", "one", "two", "condemn"]), st.booleans())
    def test_order_of_arrival_and_condemnation_does_not_matter(self, order, ours):
        mails = {"lure": written(0, traits=OTHER), "honest": written(0.5, traits=OTHER)}
        mails |= dict(zip(("one", "two"), answers(1, 2), strict=True))
        memory = Memory.open(own_domains=OURS if ours else frozenset())
        for step in order:
            if step == "condemn":
                memory.condemn(mails["lure"].sha256[:32])
            else:
                came(memory, mails[step], artifacts=(OPENED,) if step == "lure" else ())
        told = asked(memory)
        memory.close()
        assert told.sender.habits.client == (Observed("Webmail", 1, habit=True),)
        assert (told.sender.sent, told.sender.condemned, told.pairs[0].kinds, told.pairs[0].sent) == (1, 1, (), 1)

    def test_judged_again_with_another_tier_learns_anew(self, office):
        mail = written(0)
        came(office, mail, *answers(1, 2))
        came(office, mail, tier=Tier.HOLD)
        assert asked(office).sender.habits.client == (Observed("Outlook"),)
        came(office, mail)
        assert asked(office).sender.habits.client == (Observed("Outlook", 1, habit=True),)
        assert asked(office).sender.sent == 1


class TestOthers:
    def test_dormant_threads_and_locked_files_of_other_accounts(self, office):
        thieves = [Address("", f"x{n}@far{n}.example") for n in range(3)]
        for number, thief in enumerate(thieves):
            mail = written(number / 10, thief)
            told = evidence(office, mail, (OPENED,) if number else ())
            office.remember(replace(told, thread=replace(told.thread, silent_days=100.0)), Tier.ASK)
        came = asked(office, 1, sender=thieves[0]).organisation
        assert (came.domain, came.dormant_accounts, came.locked_accounts) == ("bank.example", 2, 2)
        assert asked(office, 9).organisation.dormant_accounts == 0
        assert asked(office, 0.05).organisation.dormant_accounts == 1
        assert asked(office, 0.05, sender=thieves[0]).sender.recent_dormant == 1

    def test_a_correspondent_of_the_same_name(self, office):
        fake = Address("Weber, Anna", "anna.weber@free.example")
        came(office, written(0), *answers(1))
        assert asked(office, sender=fake).namesakes == ()
        came(office, *answers(2))
        [namesake] = asked(office, sender=fake).namesakes
        assert (namesake.address, namesake.answered_days) == (ANNA.key, 2)
        assert asked(office).namesakes == ()
        assert asked(office, 1.5, sender=fake).namesakes == ()

    def test_a_crowd_of_the_same_name_does_not_hide_whom_we_write_to(self):
        memory = Memory.open(own_domains=OURS)
        crowd = [replace(ANNA, address=f"a{n}@free.example") for n in range(60)]
        came(memory, *(written(n / 100, one) for n, one in enumerate(crowd[:10])))
        came(memory, written(1), *answers(2, 3))
        came(memory, *(written(4 + n / 100, one) for n, one in enumerate(crowd[10:])))
        told = asked(memory, sender=Address("Anna Weber", "new@free.example"))
        assert [one.address for one in told.namesakes] == [ANNA.key]
        memory.close()
