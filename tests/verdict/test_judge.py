"""Reasons combine, gaps raise to at least what the table says, and nothing ever lowers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders.evidence import PEOPLE, artifact, evidence, history, message, thread

from seriema.model.artifact import FileClass, State
from seriema.model.finding import Finding
from seriema.model.message import AuthenticationResult
from seriema.model.verdict import Reason, Tier
from seriema.verdict import inspection, judge, parse, preset, presets

BALANCED = preset("balanced")
HELD = evidence(findings=(Finding("macro.fetch-and-run", "1"),), artifacts=(artifact("1", "a.doc"),))


def test_ordinary_mail_is_delivered_with_a_sentence():
    verdict = judge(evidence(), BALANCED)
    assert (verdict.tier, verdict.score) == (Tier.DELIVER, 0.0)
    assert verdict.summary == "Continues a thread of 4 earlier mails as usual; no files; nothing found against it."


def test_a_payload_alone_suffices():
    assert judge(HELD, BALANCED).tier is Tier.HOLD


def test_conversation_alone_can_suffice_to_tag():
    seen = evidence(thread=thread(participants=PEOPLE, silent_days=900.0, reply_language="de", thread_language="en"))
    verdict = judge(seen, BALANCED)
    assert verdict.tier is Tier.TAG
    assert verdict.summary.startswith("Thread silent for 900 days")


def test_authentication_lowers_nothing():
    passed = tuple(AuthenticationResult("mx.bank.test", one, "pass", trusted=True) for one in ("spf", "dkim", "dmarc"))
    proven = evidence(message=message(authentication=passed), findings=HELD.findings, artifacts=HELD.artifacts)
    assert judge(proven, BALANCED).score == judge(HELD, BALANCED).score


@pytest.mark.parametrize("name", presets())
@pytest.mark.parametrize(("state", "file_class"), list(itertools.product(set(State) - {State.INSPECTED}, FileClass)))
def test_every_gap_is_a_reason_and_meets_the_table(name, state, file_class):
    policy = preset(name)
    seen = evidence(artifacts=(artifact("1", "x", state=state, file_class=file_class),))
    verdict = judge(seen, policy)
    assert not verdict.inspection.complete
    assert verdict.tier.severity >= policy.least_for(state, file_class, partner=False).severity
    assert any(reason.signal == "not_inspected" for reason in verdict.reasons)


def test_a_table_without_a_line_asks():
    nothing_said = parse('extends = "watch-only"', "mine.toml")
    assert nothing_said.least_for(State.LOCKED, FileClass.ARCHIVE, partner=False) is Tier.TAG
    empty = BALANCED.__class__("empty", {}, {}, {})
    assert empty.least_for(State.CRASHED, FileClass.TEXT, partner=False) is Tier.ASK


def test_partner_may_send_locked_files_but_not_payloads():
    locked = (artifact("1", "statement.zip", state=State.LOCKED, encrypted=True),)
    partner = history().__class__(partner=True)
    assert judge(evidence(artifacts=locked), BALANCED).tier is Tier.ASK
    assert judge(evidence(artifacts=locked, history=partner), BALANCED).tier is Tier.DELIVER
    both = evidence(artifacts=locked, findings=HELD.findings, history=partner)
    assert judge(both, BALANCED).tier is Tier.HOLD


def test_conversation_stands_as_it_was_when_judged_again():
    first = (Reason("dormant_thread", 0.3, "thread silent for 300 days"), Reason("active_file", 0.5, "gone"))
    again = judge(evidence(thread=thread(silent_days=2.0)), BALANCED, first)
    assert [reason.signal for reason in again.reasons] == ["dormant_thread"]


def test_container_names_the_member_that_was_not_read():
    seen = inspection((artifact("1", "a.zip", state=State.LOCKED), artifact("1.1", "b.doc", state=State.LOCKED)))
    assert [gap.artifact for gap in seen.gaps] == ["1.1"]


@pytest.mark.parametrize(
    ("trouble", "state"),
    [("timed out after 2 s", State.LIMIT), ("limit: too big", State.LIMIT), ("crashed: SIGKILL", State.CRASHED)],
)
def test_trouble_of_a_worker_is_a_gap(trouble, state):
    assert [gap.reason for gap in inspection((), trouble).gaps] == [state]


@given(st.floats(0, 4000), st.booleans(), st.booleans())
def test_a_payload_is_held_whatever_the_conversation_says(days, member, known):
    seen = thread(silent_days=days, sender_participant=member, known=known)
    verdict = judge(evidence(findings=HELD.findings, artifacts=HELD.artifacts, thread=seen), BALANCED)
    assert verdict.tier is Tier.HOLD
    assert verdict.score >= judge(HELD, BALANCED).score
