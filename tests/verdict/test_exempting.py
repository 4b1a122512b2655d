"""An exception covers one fact between all people of a mail, and never what its files show."""

from dataclasses import replace
from datetime import timedelta

from tests.builders.evidence import ANNA, BOB, NOW, PEOPLE, artifact, evidence, history, message, thread

from seriema.model.finding import Finding
from seriema.model.judgement import Exemption
from seriema.model.message import Address
from seriema.model.verdict import Tier
from seriema.verdict import exempted, judge, preset

MONTH = timedelta(days=30)
CAROL = Address("Carol", "carol@bank.test")
SILENT = evidence(thread=thread(participants=PEOPLE, silent_days=900.0))


def exemption(fact: str = "dormant_thread", recipient: Address = BOB, days: int = 30) -> Exemption:
    return Exemption(ANNA.key, recipient.key, fact, "yearly renewal", NOW, NOW + timedelta(days=days))


def test_the_fact_stays_in_the_words_and_weighs_nothing():
    before = judge(SILENT, preset("balanced"))
    after = judge(replace(SILENT, history=replace(history(), exempt=(exemption(),))), preset("balanced"))
    [reason] = [one for one in after.reasons if one.signal == "dormant_thread"]
    assert reason.weight == 0
    assert reason.text.endswith("(excepted until 2020-07-24: yearly renewal)")
    assert after.score < before.score


def test_it_never_covers_what_the_files_show():
    payload = {"findings": (Finding("macro.fetch-and-run", "1"),), "artifacts": (artifact("1", "a.doc"),)}
    exempt = tuple(exemption(one) for one in ("macro_fetches_and_runs", "dormant_thread"))
    seen = evidence(**payload, history=replace(history(), exempt=exempt))
    assert judge(seen, preset("balanced")).tier is Tier.HOLD


def test_it_covers_a_mail_only_when_it_holds_between_all_its_people():
    pair = (exemption(),)
    assert exempted(message(), pair) == pair
    assert exempted(message(sender=CAROL), pair) == ()
    assert exempted(message(to=(BOB, CAROL)), pair) == ()
    both = (exemption(days=30), exemption(recipient=CAROL, days=9))
    assert exempted(message(to=(BOB, CAROL)), both) == both[1:]
