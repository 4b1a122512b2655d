"""Each signal fires on its own fact, and stays silent for the innocent twin."""

import pytest
from tests.builders.evidence import ANNA, PEOPLE, artifact, evidence, history, message, thread

from seriema import plugins
from seriema.model.artifact import FileClass
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.history import History, Observed
from seriema.model.message import Address
from seriema.model.thread import Clock, Kind
from seriema.verdict.signal import Observation, Signal

SIGNALS = {one.name: one for one in plugins.load("seriema.verdict.signals", "SIGNAL", Signal, "seriema.signals").values}

LOCKED_DOC = (
    artifact("1", "info.zip", encrypted=True, password_source="body"),
    artifact("1.1", "info_06_24.doc", kind="doc", file_class=FileClass.OFFICE, encrypted=True, password_source="body"),
)
FETCHES = (Finding("macro.fetch-and-run", "1.1"),)
ADDRESS = (Indicator(IndicatorType.URL, "http://cms.test/x.php", "download", "1.1"),)
STRANGER = Address("", "x@strange.test")


def named(name, fact, file_class, kind):
    return evidence(
        artifacts=(artifact("1", name, kind=kind, file_class=file_class),), findings=(Finding(fact, "1", "name", name),)
    )


def hiding(file_class):
    return evidence(
        artifacts=(
            artifact("1", "info.png", kind="png", file_class=file_class),
            artifact("1.1", "a.js", kind="js", file_class=FileClass.SCRIPT),
        ),
        findings=(Finding("file.appended-archive", "1", "offset 68", "zip of 120 bytes"),),
    )


FIRES = [
    ("dormant_thread", evidence(thread=thread(silent_days=812.0)), "silent for 812 days"),
    ("dormant_thread", evidence(thread=thread(silent_days=812.0, clock=Clock.CLAIMED)), "by the dates it quotes"),
    ("one_of_many", evidence(thread=thread(participants=PEOPLE)), "1 of 4 other participants"),
    (
        "outside_sender",
        evidence(message=message(sender=STRANGER), thread=thread(sender_participant=False)),
        "x@strange.test is no participant",
    ),
    (
        "outside_sender",
        evidence(message=message(sender=Address(ANNA.name, "x@strange.test")), thread=thread(sender_participant=False)),
        "bears the name Anna Weber",
    ),
    ("machine_thread", evidence(thread=thread(kind=Kind.NOTIFICATION)), "automatic notification"),
    ("machine_thread", evidence(thread=thread(kind=Kind.BULK)), "bulk mail"),
    ("language_switch", evidence(thread=thread(reply_language="de", thread_language="en")), "German reply"),
    ("new_attachment_kind", evidence(artifacts=(artifact("1", "info.zip"),)), "first zip file in 9 mails"),
    ("password_beside_lock", evidence(artifacts=LOCKED_DOC), "info.zip opened with the password from the body holds"),
    ("active_file", evidence(artifacts=(artifact("1", "a.lnk", file_class=FileClass.SHORTCUT),)), "a shortcut"),
    ("misleading_name", named("a.pdf.js", "name.double-extension", FileClass.SCRIPT, "js"), "a.pdf.js has two"),
    ("misleading_name", named("a\u202efdp.exe", "name.direction-override", FileClass.EXECUTABLE, "pe"), "direction"),
    ("hidden_archive", hiding(FileClass.PICTURE), "an archive with a.js in it is hidden in info.png"),
    ("macro_fetches_and_runs", evidence(artifacts=LOCKED_DOC, findings=FETCHES, indicators=ADDRESS), "cms.test"),
    ("macro_fetches_and_runs", evidence(artifacts=LOCKED_DOC, findings=FETCHES), "builds at run time"),
    (
        "macro_runs_by_itself",
        evidence(findings=(Finding("macro.auto-run", "1"), Finding("macro.run-call", "1"))),
        "other programs",
    ),
]

SILENT = [
    (
        "one_of_many",
        evidence(thread=thread(participants=(*PEOPLE[1:3], Address("Weber, Anna")))),
        "the third other one is the sender, quoted without an address",
    ),
    ("dormant_thread", evidence(thread=thread(silent_days=30.0)), "a month is ordinary"),
    ("dormant_thread", evidence(thread=thread(silent_days=800.0), history=history(gap_days=(400.0,))), "yearly pair"),
    ("dormant_thread", evidence(thread=thread(silent_days=812.0, reply=False)), "a new thread"),
    ("one_of_many", evidence(), "two people"),
    ("one_of_many", evidence(message=message(to=PEOPLE[1:]), thread=thread(participants=PEOPLE)), "all addressed"),
    ("one_of_many", evidence(thread=thread(participants=PEOPLE, kind=Kind.LIST)), "a list"),
    ("outside_sender", evidence(), "a participant"),
    (
        "outside_sender",
        evidence(message=message(sender=Address("", "aide@kanzlei.test")), thread=thread(sender_participant=False)),
        "an assistant answering for a boss",
    ),
    ("outside_sender", evidence(thread=thread(sender_participant=None)), "nobody to compare with"),
    ("machine_thread", evidence(), "people"),
    ("language_switch", evidence(thread=thread(reply_language="en", thread_language="en")), "the same language"),
    (
        "language_switch",
        evidence(
            thread=thread(reply_language="de", thread_language="en"),
            history=history(languages=(Observed("de"), Observed("en"))),
        ),
        "a bilingual pair",
    ),
    ("language_switch", evidence(thread=thread(reply_language="", thread_language="en")), "too short to tell"),
    (
        "new_attachment_kind",
        evidence(artifacts=(artifact("1", "a.zip"),), history=history(kinds=(Observed("zip"),))),
        "habit",
    ),
    ("new_attachment_kind", evidence(artifacts=(artifact("1", "a.zip"),), history=History()), "nothing known"),
    (
        "password_beside_lock",
        evidence(artifacts=(artifact("1", "a.zip", encrypted=True, password_source="message:p@x.test"),)),
        "PPAP: the password came in another mail",
    ),
    ("password_beside_lock", evidence(artifacts=(artifact("1", "a.zip"),)), "not locked at all"),
    ("active_file", evidence(artifacts=(artifact("1", "a.pdf", file_class=FileClass.PDF),)), "a PDF"),
    (
        "misleading_name",
        named("\u202bחוזה\u202c.pdf", "name.direction-override", FileClass.PDF, "pdf"),
        "a Hebrew name of a document",
    ),
    ("misleading_name", named("page.html.php", "name.double-extension", FileClass.SCRIPT, "php"), "source code"),
    ("misleading_name", named("a.xls", "name.contradicts-content", FileClass.WEB, "html"), "a page exported as .xls"),
    ("hidden_archive", hiding(FileClass.EXECUTABLE), "a program that unpacks itself"),
    ("macro_fetches_and_runs", evidence(findings=(Finding("macro.auto-run", "1"),)), "ordinary automation"),
    ("macro_runs_by_itself", evidence(findings=(Finding("macro.auto-run", "1"),)), "formats a report"),
]


@pytest.mark.parametrize(("name", "seen", "words"), FIRES, ids=[f"{name}: {words}" for name, _, words in FIRES])
def test_fires_and_says_why(name, seen, words):
    observed = SIGNALS[name].observe(seen)
    assert isinstance(observed, Observation)
    assert words in observed.text


@pytest.mark.parametrize(("name", "seen", "twin"), SILENT, ids=[f"{name}: {twin}" for name, _, twin in SILENT])
def test_twin_does_not_trigger(name, seen, twin):
    assert SIGNALS[name].observe(seen) is None, twin


def test_every_signal_has_a_case_and_a_twin():
    assert {name for name, *_ in FIRES} == set(SIGNALS)
    assert {name for name, *_ in SILENT} == set(SIGNALS)


def strength(name, seen):
    return SIGNALS[name].observe(seen).strength


def active(name, kind, *findings, encrypted=False, file_class=FileClass.SCRIPT):
    found = tuple(Finding(one, "1", detail=detail) for one, detail in findings)
    return evidence(
        artifacts=(artifact("1", name, kind=kind, file_class=file_class, encrypted=encrypted),), findings=found
    )


FETCH, RUN = ("script.download-call", "curl"), ("script.run-call", "exec")
LINK = ("shortcut.target", "https://www.press.test/essay.html")
SHARE = ("shortcut.target", "file://192.0.2.1/x/setup.exe")


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (active("rotate", "pl"), active("rotate.js", "js")),
        (active("sort.sh", "sh"), active("sort.bat", "bat")),
        (active("sort.sh", "sh"), active("sort.command", "sh")),
        (active("sort.sh", "sh", FETCH), active("sort.sh", "sh", FETCH, RUN)),
        (active("sort.sh", "sh"), active("sort.sh", "sh", encrypted=True)),
        (active("sort.sh", "sh", encrypted=True), active("sort.vbs", "vbs", encrypted=True)),
        (
            active("essay.url", "url", LINK, file_class=FileClass.SHORTCUT),
            active("essay.url", "url", LINK, SHARE, file_class=FileClass.SHORTCUT),
        ),
        (
            active("essay.url", "url", LINK, file_class=FileClass.SHORTCUT),
            active("essay.url", "url", file_class=FileClass.SHORTCUT),
        ),
        (
            active("essay.url", "url", LINK, file_class=FileClass.SHORTCUT),
            active("essay.lnk", "lnk", LINK, file_class=FileClass.SHORTCUT),
        ),
    ],
)
def test_what_runs_by_a_double_click_says_more(less, more):
    assert strength("active_file", less) < strength("active_file", more)


def test_the_most_telling_active_file_is_named():
    both = (
        artifact("1", "sort.sh", kind="sh", file_class=FileClass.SCRIPT),
        artifact("2", "sort.js", kind="js", file_class=FileClass.SCRIPT),
    )
    assert SIGNALS["active_file"].observe(evidence(artifacts=both)).text == "sort.js is a script"


def test_silence_by_claimed_dates_says_less():
    silent = {clock: evidence(thread=thread(silent_days=812.0, clock=clock)) for clock in Clock}
    assert strength("dormant_thread", silent[Clock.CLAIMED]) < strength("dormant_thread", silent[Clock.RECEIPT])


def test_longer_silence_never_says_less():
    observe = SIGNALS["dormant_thread"].observe
    strengths = [
        observe(evidence(thread=thread(silent_days=float(days)))).strength for days in (46, 90, 180, 365, 5000)
    ]
    assert strengths == sorted(strengths)
    assert strengths[-1] == 1.0
