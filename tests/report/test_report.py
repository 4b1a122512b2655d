"""The document keeps its contract; hostile text is harmless wherever a person reads it."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders.evidence import PEOPLE, artifact, evidence, message, thread

from seriema import report
from seriema.model.artifact import FileClass, State
from seriema.model.case import Case, Engine
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.report.defang import defanged, prose
from seriema.verdict import judge, preset

NASTY = "<script>alert(1)</script>\x1b[31m\u202egpj.exe http://evil.test/x\n\x00"


def case(**changes):
    seen = evidence(**changes)
    return Case(seen, judge(seen, preset("balanced")), Engine("0.1", "r", "strong"))


LURE = case(
    message=message(subject=NASTY),
    thread=thread(participants=PEOPLE, silent_days=812.0),
    artifacts=(
        artifact("1", "info.zip", encrypted=True, password_source="body"),
        artifact("1.1", NASTY, kind="doc", file_class=FileClass.OFFICE),
        artifact("2", "sealed.7z", state=State.LOCKED, encrypted=True),
    ),
    findings=(Finding("macro.fetch-and-run", "1.1", "Module1:12", NASTY),),
    indicators=(Indicator(IndicatorType.URL, "http://cms.test/x.php", "download", "1.1"),),
)

#: The keys of seriema.case/1 that outside checks rely on.
CONTRACT = {
    "": "schema id source as_of revision supersedes message thread artifacts findings indicators verdict engine",
    "message": "message_id date from to subject authentication",
    "thread": "known messages participants silent_days reply_language thread_language",
    "artifacts": "id path name kind size sha256 decrypted_sha256 state state_reason encrypted password_source",
    "findings": "name artifact place detail",
    "indicators": "type value role artifact",
    "verdict": "tier score inspection summary reasons",
    "engine": "version rules jail",
}


@pytest.mark.parametrize("part", CONTRACT)
def test_document_has_the_keys_of_its_schema(part):
    document = report.document(LURE)
    found = document[part] if part else document
    found = found[0] if isinstance(found, list) else found
    assert set(CONTRACT[part].split()) <= set(found)


def test_document_is_plain_data_and_the_same_each_time():
    first, second = (json.dumps(report.document(one), ensure_ascii=False) for one in (LURE, LURE))
    assert first == second


def test_indicators_are_raw_and_sentences_are_not():
    document = report.document(LURE)
    assert document["indicators"][0]["value"] == "http://cms.test/x.php"
    assert "hxxp://cms[.]test/x.php" in document["verdict"]["summary"]


@pytest.mark.parametrize("render", [report.line, report.detail, lambda one: report.page([one], "t")])
def test_hostile_text_is_harmless_to_look_at(render):
    shown = render(LURE)
    assert not re.search("[\x00\x1b\u202e]", shown)
    assert "http://evil.test" not in shown


def test_page_needs_nothing_from_outside_and_runs_nothing():
    page = report.page([LURE, case(source="other.eml")], "A week")
    assert "<script" not in page, "neither our own nor the mail's"
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
    assert "812 days" in page
    assert 'lang="en"' in page


def test_unread_is_said_on_the_page_and_in_the_table():
    assert "could not be read whole" in report.page([LURE], "t")
    assert report.table([(LURE.verdict.tier, LURE.verdict.inspection.complete)]).split()[-1] == "1"


def test_page_of_nothing_is_a_page():
    assert "None." in report.page([], "t")


def test_the_latest_judgement_of_a_mail_stands_on_the_page():
    again = replace(case(), revision=1, supersedes="x/0")
    assert report.page([LURE, again], "t").count("<article") == 1


@given(st.text())
def test_no_text_steers_a_terminal_or_can_be_clicked(text):
    shown = prose(text)
    assert all(one >= " " for one in shown)
    assert not re.search(r"https?://", shown, re.IGNORECASE)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("see http://a.b.test/c.d", "see hxxp://a[.]b[.]test/c.d"),
        ("HTTPS://A.test", "HXXPS://A[.]test"),
        ("ftp://a.test/x", "fxp://a[.]test/x"),
        ("no link. here", "no link. here"),
    ],
)
def test_links_are_written_so_that_they_cannot_be_clicked(raw, shown):
    assert defanged(raw) == shown


def test_a_file_that_became_known_late_stands_below_its_archive():
    """The second round of passwords opens the first attachment after the second one was read; ten come after two."""
    late = [artifact(one, f"{one}.txt") for one in ("10", "1", "2", "2.1", "1.10", "1.2")]
    shown = evidence(artifacts=late).files
    assert [one.id for one in shown] == ["1", "1.2", "1.10", "2", "2.1", "10"]
