"""The exercise tells the report's own story by default, and a consistent one under every other seed."""

import email
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from tests.builders.practice import EVERY, exercise, incident, lures, mail, texts, thread

from seriema.exercise import MailTruth, Role, make
from seriema.exercise.figures import scenes

TWINS = {
    "ppap", "ppap-password", "gateway", "gateway-password", "statement", "true-reply", "bundle", "payroll", "bilingual",
    "court-bundle", "new-phone", "assistant", "moved", "macro", "list-archive", "signed", "internal-help",
}  # fmt: skip


# -- the report's own figures ------------------------------------------------------------------------------------------


def test_the_bank_gets_fourteen_mails_in_ten_days_in_fourteen_threads_through_eight_accounts() -> None:
    bank = incident(None, "F1")
    assert (bank.mails, bank.days, bank.active_days, bank.threads, len(bank.accounts)) == (14, 10, 10, 14, 8)
    assert len(bank.organisations) == 1
    assert bank.kind == "targeted"
    assert all(len(thread(truth).addressed) <= 1 for truth in lures(None, "F1"))


def test_the_banks_first_threads_were_last_touched_in_february_2020_march_2018_and_december_2017() -> None:
    first, second, third = lures(None, "F1")[:3]
    touched = [thread(truth).last for truth in (first, second, third)]
    assert [(last.year, last.month) for last in touched if last] == [(2020, 2), (2018, 3), (2017, 12)]
    assert touched[0] is not None
    assert touched[0].day > 20
    assert first.account == second.account == third.account
    assert thread(second).silent_days is not None
    assert thread(second).silent_days > 2 * 365


def test_the_first_answer_comes_early_the_next_hours_later_and_a_second_wave_from_others_on_the_same_day() -> None:
    day = [truth for truth in lures(None, "F1") if truth.time.date() == date(2020, 5, 26)]
    sent = email.message_from_bytes(mail(None, day[0]).raw)["Date"]
    assert parsedate_to_datetime(sent).hour in {4, 5, 6}
    assert day[1].time - day[0].time > timedelta(hours=2)
    assert Counter(truth.account for truth in day).most_common(1)[0][1] == 3
    assert len({truth.account for truth in day}) == 3


def test_the_bank_gets_answers_to_a_notification_a_lottery_mail_and_in_a_live_project() -> None:
    by_topic = {thread(truth).topic: thread(truth) for truth in lures(None, "F1")}
    assert by_topic["proflink"].kind == "notification"
    assert by_topic["lottery"].kind == "bulk"
    assert by_topic["itproject"].silent_days is not None
    assert by_topic["itproject"].silent_days <= 2


def test_the_insurer_gets_more_than_twenty_mails_over_weeks_through_eight_accounts() -> None:
    insurer = incident(None, "F2")
    assert insurer.mails > 20
    assert insurer.days >= 28
    assert len(insurer.accounts) == 8
    topics = {thread(truth).topic: thread(truth).kind for truth in lures(None, "F2")}
    assert {"courtcase", "holiday", "agency"} <= topics.keys()
    assert (topics["courtauto"], topics["gardeners"]) == ("notification", "list")


def test_bank_and_insurer_share_a_password_and_the_law_firms_account_and_the_spam_answers_share_neither() -> None:
    bank, insurer, spam = (incident(None, case) for case in ("F1", "F2", "F5"))
    assert bank.passwords == insurer.passwords
    assert len(bank.passwords) == 1
    assert len(set(bank.accounts) & set(insurer.accounts)) == 1
    assert not set(spam.passwords) & set(bank.passwords)
    assert not set(spam.accounts) & {*bank.accounts, *insurer.accounts}


@pytest.mark.parametrize(("case", "reply", "threads"), [("F3", "de", "en"), ("F4", "en", "es")])
def test_the_reply_is_in_another_language_than_the_thread(case: str, reply: str, threads: str) -> None:
    assert {(thread(t).reply_language, thread(t).thread_language) for t in lures(None, case)} == {(reply, threads)}


def test_spam_is_answered_in_several_languages_and_organisations() -> None:
    spam = incident(None, "F5")
    assert {thread(truth).kind for truth in lures(None, "F5")} == {"bulk"}
    assert {"dating", "pharmacy"} <= {thread(truth).topic for truth in lures(None, "F5")}
    assert (spam.kind, len(spam.organisations) > 3, len(spam.languages) > 1) == ("indiscriminate", True, True)


def test_live_threads_were_silent_for_two_days_at_most() -> None:
    assert all((thread(truth).silent_days or 9) <= 2 for truth in lures(None, "F6"))


def test_the_file_that_nobody_could_open_is_sent_on_to_the_help_desk_and_to_a_colleague() -> None:
    arrived, *sent_on = lures(None, "F7")
    assert [truth.forward for truth in (arrived, *sent_on)] == [False, True, True]
    assert [truth.file for truth in sent_on] == [arrived.file] * 2
    texts = [mail(None, truth).raw for truth in sent_on]
    assert b"helpdesk@" in texts[0]
    assert incident(None, "F7").accounts == (arrived.account,)


def test_the_lures_speak_all_six_languages() -> None:
    languages = {language for entry in exercise(None).truth.incidents for language in entry.languages}
    assert languages == {"en", "de", "es", "fr", "it", "ja"}


def test_an_exercise_is_small_enough_to_be_scanned_in_seconds() -> None:
    assert 250 <= len(exercise(None).truth.mails) <= 550


# -- every seed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [None, 7])
def test_the_same_seed_gives_the_same_bytes(seed: int | None) -> None:
    assert make(seed) == exercise(seed)


def test_another_seed_tells_another_story() -> None:
    figures = {(incident(seed, "F1").mails, incident(seed, "F1").days) for seed in EVERY[1:]}
    assert len(figures) > 10
    people = [{truth.account for truth in exercise(seed).truth.mails} for seed in (1, 2)]
    assert len(people[0] & people[1]) < len(people[0]) / 10


@pytest.mark.parametrize("seed", EVERY)
def test_the_figures_counted_are_the_figures_planned(seed: int | None) -> None:
    for scene in scenes(seed):
        found = incident(seed, scene.case)
        own = [truth for truth in lures(seed, scene.case) if not truth.forward]
        assert (len(own), len(found.accounts)) == (scene.mails, len(scene.accounts))
        assert found.mails == scene.mails * (1 + scene.forwards)
        assert {opening.topic for opening in scene.openings} <= {thread(truth).topic for truth in own}
        if not scene.forwards:
            assert found.days == scene.days
        if scene.waves:
            assert (found.active_days, found.threads) == (scene.days, scene.mails)


@pytest.mark.parametrize("seed", EVERY)
def test_every_kind_of_twin_and_every_case_occurs(seed: int | None) -> None:
    found = {truth.case for truth in exercise(seed).truth.mails}
    assert found == TWINS | {f"F{number}" for number in range(1, 8)} | {"ordinary"}


@pytest.mark.parametrize("seed", EVERY)
def test_the_truth_names_each_mail_once_in_order_of_arrival(seed: int | None) -> None:
    done = exercise(seed)
    places = [(truth.mailbox, truth.index, truth.id, truth.time) for truth in done.truth.mails]
    mails = [(box.name, index, m.id, m.time) for box in done.mailboxes for index, m in enumerate(box.mails)]
    assert places == mails
    assert len({truth.id for truth in done.truth.mails}) == len(places)
    assert len({truth.message_id for truth in done.truth.mails}) == len(places)
    for box in done.mailboxes:
        assert [m.time for m in box.mails] == sorted(m.time for m in box.mails)


@pytest.mark.parametrize("seed", EVERY)
def test_only_a_file_that_waits_for_its_password_and_a_locked_statement_may_be_asked_about(seed: int | None) -> None:
    done = exercise(seed).truth.mails
    by_id = {truth.id: truth for truth in done}
    for truth in done:
        if truth.role is Role.LURE:
            assert truth.expected == ("ask", "hold")
        elif truth.state == "waiting":
            key = by_id[truth.opened_by]
            assert (truth.case in {"ppap", "gateway"}, truth.expected, truth.then) == (True, ("ask",), "deliver")
            assert timedelta() < key.time - truth.time < timedelta(minutes=15)
            assert any(truth.file.password in text for text in texts(email.message_from_bytes(mail(seed, key).raw)))
        elif truth.state == "locked":
            assert (truth.case, truth.expected, truth.partner) == ("statement", ("ask",), truth.account)
        else:
            assert truth.expected == ("deliver", "tag")


@pytest.mark.parametrize("seed", EVERY)
def test_silence_and_participants_are_those_of_the_mails_before(seed: int | None) -> None:
    seen: dict[tuple[str, str], list[MailTruth]] = {}
    for truth in exercise(seed).truth.mails:
        if truth.thread is None:
            continue
        facts, earlier = truth.thread, seen.setdefault((truth.mailbox, truth.thread.conversation), [])
        if earlier:
            assert facts.known
            assert facts.last == earlier[-1].time
            assert facts.messages >= len(earlier)
        if facts.silent_days is not None and facts.last is not None:
            assert facts.last <= truth.time
            assert facts.silent_days == pytest.approx((truth.time - facts.last).total_seconds() / 86400, abs=0.001)
        assert set(facts.addressed) <= set(facts.participants)
        earlier.append(truth)


def test_times_are_those_of_the_gateways_received_field() -> None:
    for box in exercise(None).mailboxes:
        for one in box.mails:
            stamp = email.message_from_bytes(one.raw)["Received"].rpartition(";")[2]
            assert parsedate_to_datetime(stamp.strip()) == one.time


def test_nothing_comes_from_the_future() -> None:
    assert all(truth.time < datetime(2020, 7, 1, tzinfo=UTC) for truth in exercise(None).truth.mails)
