"""Each signal fires on its own fact, and stays silent for the innocent twin."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.builders.evidence import ANNA, BOB, NOW, PEOPLE, artifact, evidence, history, message, remembered, thread

from seriema import plugins
from seriema.model.artifact import FileClass, State
from seriema.model.case import Direction
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.history import (
    Habits,
    History,
    Namesake,
    Observed,
    OrganisationHistory,
    Reuse,
    SenderHistory,
    Shared,
)
from seriema.model.message import Address, Body, Header, Link, Quote
from seriema.model.thread import Clock, Kind
from seriema.model.traits import Traits
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


OLD = thread(silent_days=400.0)


def sent(thread=OLD, **sender):
    return evidence(thread=thread, history=replace(history(), sender=SenderHistory(**sender)))


def writer(mails, days, **more):
    """An account with so many mails since so many days."""
    return {"sent": mails, "first": NOW - timedelta(days=days), **more}


def week(**ours):
    return replace(history(), organisation=OrganisationHistory("bank.test", **ours))


QUOTED_BOB = Quote(BOB, (ANNA,), NOW - timedelta(days=3), body="What we agreed upon")
UNSEEN = thread(quoted_seen=False, cited_seen=False, known=False)


def quoting(*quotes, seen=UNSEEN, **pair):
    values = {"first": NOW - timedelta(days=90), "answered_days": 5, **pair}
    return evidence(message=message(body=Body(reply="Here.", quotes=quotes)), thread=seen, history=history(**values))


HABITS = Habits(
    client=(Observed("Microsoft Outlook", 20, habit=True),),
    fields=(Observed("f1", 20, habit=True),),
    id_shape=(Observed("s.s@own", 20, habit=True),),
    zone=(Observed("+0200", 10, habit=True), Observed("+0100", 10, habit=True)),
    network=(Observed("203.0.113.0/24", 20, habit=True),),
    helo=(Observed("kanzlei.test", 20, habit=True),),
)
USUAL = Traits("Microsoft Outlook", "f1", "s.s@own", "", "+0200", "203.0.113.0/24", "kanzlei.test")
PHONE = Traits("iPhone Mail", "f2", "U@own", "", "+0200", "198.51.100.0/24", "mobile.test")
CLOUD = Traits("Exchange Online", "f3", "A@outlook.com", "", "+0000", "198.51.100.0/24", "outlook.com")
SCRIPT = Traits("Apple Mail", "f4", "d.s@local", "", "+0000", "198.51.100.0/24", "kanzlei.test")
LOGIN = "from localhost (localhost [127.0.0.1]) (Authenticated sender: sales@garage.test) by mx.kanzlei.test"


def made(traits, *headers, habits=HABITS, identity="1.2@kanzlei.test"):
    known = replace(history(), sender=SenderHistory(sent=20, answered_days=5, habits=habits))
    fields = tuple(Header(*one) for one in headers)
    return evidence(message=message(traits=traits, headers=fields, message_id=identity), history=known)


TALK = "The surveyor measured the northern boundary again and found the fence two feet inside your parcel. " * 6
ZIP = artifact("1", "info.zip", encrypted=True, password_source="body")
SHUT = artifact("1", "info.zip", encrypted=True, state=State.LOCKED)


def brief(reply, *artifacts, quoted=TALK, links=(), **changes):
    said = message(body=Body(reply=reply, quoted=quoted), links=links)
    return evidence(message=said, artifacts=artifacts, thread=thread(**{"messages": 6, **changes}))


def shares(kind, identity="1", *, findings=FETCHES, artifacts=LOCKED_DOC, indicators=ADDRESS, **more):
    reuse = Reuse(kind, identity, more.pop("senders", 1), (remembered(),), **more)
    known = replace(history(), reused=(reuse,))
    return evidence(artifacts=artifacts, findings=findings, indicators=indicators, history=known)


CAROL = PEOPLE[2]
LOCKED = artifact("1", "statement.zip", encrypted=True, state=State.LOCKED)


def asks(words, *artifacts, to=(CAROL,), sender=BOB, **changes):
    said = message(sender=sender, to=to, subject="Fwd: Contract draft", body=Body(reply=words, **changes))
    return evidence(message=said, artifacts=artifacts)


HELP = {
    "en": "I cannot open this file, can you have a look?",
    "de": "Ich kann diese Datei nicht öffnen, kannst du mal schauen?",
    "fr": "Je n’arrive pas à ouvrir ce fichier.",
    "es": "No puedo abrir este archivo, ¿me ayudas?",
    "it": "Non riesco ad aprire il file, puoi guardare?",
    "pt": "Não consigo abrir este anexo.",
    "nl": "Ik kan dit bestand niet openen.",
    "pl": "Nie mogę otworzyć tego pliku.",
    "cs": "Ten soubor nejde otevřít.",
    "sv": "Jag kan inte öppna filen, kan du?",
    "tr": "Dosyayı açamıyorum.",
    "ru": "Не могу открыть файл, посмотри, пожалуйста.",
    "ja": "添付ファイルが開けません。",
    "zh": "这个附件打不开，帮忙看一下。",
    "ko": "첨부 파일을 열 수 없습니다.",
}
LOOK = {
    "en": "Please see the attached file.",
    "de": "Anbei die gewünschten Unterlagen.",
    "fr": "Veuillez trouver ci-joint le document.",
    "es": "Adjunto el documento solicitado.",
    "it": "In allegato il documento richiesto.",
    "pt": "Segue em anexo o documento.",
    "nl": "Bijgevoegd het gevraagde document.",
    "pl": "W załączeniu przesyłam dokument.",
    "cs": "V příloze zasílám dokument.",
    "sv": "Se bifogat dokument.",
    "tr": "Dosya ekte, lütfen inceleyin.",
    "ru": "Документ во вложении.",
    "ja": "添付ファイルをご確認ください。",
    "zh": "请查收附件。",
    "ko": "첨부 파일을 확인해 주세요.",
}


def called(name, address="x@strange.test", **changes):
    sender = changes.pop("history", replace(history(), sender=SenderHistory()))
    seen = changes.pop("thread", thread(participants=PEOPLE))
    return evidence(message=message(sender=Address(name, address), **changes), history=sender, thread=seen)


def namesake(address, days=9):
    return replace(history(), sender=SenderHistory(), namesakes=(Namesake(address, days),))


def linking(reply, shown, target, **changes):
    return evidence(message=message(body=Body(reply=reply), links=(Link(shown, target),), **changes))


HELD_BACK = "Seriema withheld one file of this message. Release it here."

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
    ("new_attachment_kind", evidence(artifacts=(ZIP,), history=history(kinds=(Observed("zip", 3),))), "no habit"),
    (
        "language_switch",
        evidence(
            thread=thread(reply_language="de", thread_language="en"), history=history(languages=(Observed("de", 3),))
        ),
        "German reply",
    ),
    (
        "outside_sender",
        evidence(
            message=message(sender=Address("Anna Weber", "anna@kanz1ei.test")), thread=thread(sender_participant=False)
        ),
        "kanz1ei.test, which resembles kanzlei.test",
    ),
    ("machine_thread", evidence(thread=thread(kind=Kind.LIST), artifacts=(ZIP,)), "mailing list's mail"),
    ("sweep", sent(**writer(40, 200, recent_dormant=2)), "takes up 3 long silent threads"),
    ("sweep", sent(thread(), **writer(140, 200, recent_threads=12)), "13 different threads"),
    (
        "several_accounts",
        evidence(thread=OLD, artifacts=LOCKED_DOC, history=week(locked_accounts=2)),
        "2 other accounts",
    ),
    ("several_accounts", evidence(thread=OLD, history=week(dormant_accounts=5)), "took up silent threads"),
    ("unseen_reference", quoting(QUOTED_BOB), "mail of Bob Miller of 2020-06-21"),
    ("unseen_reference", quoting(replace(QUOTED_BOB, author=Address("Miller, Bob"))), "17 others"),
    ("altered_quote", evidence(thread=thread(altered=remembered())), "with other words"),
    ("altered_quote", evidence(thread=thread(misaddressed=remembered())), "people who never had it"),
    ("other_hand", made(SCRIPT, ("X-Mailer", "Apple Mail"), identity="1.2@127.0.0.1"), "names 127.0.0.1"),
    ("other_hand", made(PHONE, ("Received", LOGIN)), "an account of garage.test"),
    ("other_hand", made(replace(PHONE, id_shape="d.x@garage.test")), "bears garage.test"),
    ("other_hand", made(SCRIPT, ("X-Mailer", "Apple Mail")), "Apple Mail without its version"),
    *(("generic_reply", brief(words, ZIP), "takes up nothing of the thread") for words in LOOK.values()),
    ("generic_reply", brief("Zie svp https://cms.test/x", links=(Link("", "https://cms.test/x"),)), "brings a link"),
    ("reused", shares(Shared.PASSWORD), "password of info.zip opened files from 1 other unrelated sender"),
    ("reused", shares(Shared.ARCHIVE, senders=3), "the same archive as info.zip came from 3 other"),
    ("reused", shares(Shared.DOCUMENT, "1.1"), "the same document as info_06_24.doc"),
    ("reused", shares(Shared.TARGET, "1.1"), "what info_06_24.doc reaches for"),
    ("known_harm", shares(Shared.ARCHIVE, condemned=True), "the archive info.zip is known"),
    ("known_harm", shares(Shared.TARGET, "0", condemned=True), "what its text reaches for"),
    ("known_harm", sent(sent=20, condemned=2), "2 earlier mails of this account"),
    *(("help_with_lock", asks(words, LOCKED), "asks for help") for words in HELP.values()),
    ("help_with_lock", asks("FYI", LOCKED, quotes=(replace(QUOTED_BOB, style="forwarded"),)), "passes the locked"),
    (
        "borrowed_name",
        called("Carol Jones", thread=thread(participants=(BOB, Address("Jones, Carol", "c@bank.test")))),
        "c@b",
    ),
    ("borrowed_name", called("Dr. Eve Stone", history=namesake("eve@makler.test")), "an old correspondent"),
    ("imitates_us", linking(HELD_BACK, "Open", "https://cms.test/r"), "imitates a notice of this mail filter"),
    ("imitates_us", linking("", "https://seriema.bank.test/release", "https://cms.test/r"), "leads to cms.test"),
    (
        "imitates_us",
        linking("Zwei Nachrichten sind in Quarantäne.", "https://mail.bank.test/q", "https://cms.test/r"),
        "a link shows mail.bank.test",
    ),
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
    ("macro_not_followed", evidence(findings=(Finding("macro.unknown-target", "1"),)), "only the reader's machine"),
    ("macro_not_followed", evidence(findings=(Finding("macro.budget-exhausted", "1"),)), "longer than"),
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
            history=history(languages=(Observed("de", 9, habit=True), Observed("en", 9, habit=True))),
        ),
        "a bilingual pair",
    ),
    ("language_switch", evidence(thread=thread(reply_language="", thread_language="en")), "too short to tell"),
    (
        "new_attachment_kind",
        evidence(artifacts=(artifact("1", "a.zip"),), history=history(kinds=(Observed("zip", 9, habit=True),))),
        "habit",
    ),
    ("new_attachment_kind", evidence(artifacts=(artifact("1", "a.zip"),), history=History()), "nothing known"),
    (
        "password_beside_lock",
        evidence(artifacts=(artifact("1", "a.zip", encrypted=True, password_source="message:p@x.test"),)),
        "PPAP: the password came in another mail",
    ),
    ("password_beside_lock", evidence(artifacts=(artifact("1", "a.zip"),)), "not locked at all"),
    (
        "new_attachment_kind",
        evidence(artifacts=(ZIP,), history=history(answered_days=0, kinds=(Observed("zip", 2),))),
        "a supplier whom nobody answers",
    ),
    ("outside_sender", evidence(message=message(sender=STRANGER), thread=thread(kind=Kind.LIST)), "anybody on a list"),
    ("machine_thread", evidence(thread=thread(kind=Kind.LIST)), "an aside to a list's mail"),
    ("sweep", sent(**writer(40, 200)), "one old thread"),
    ("sweep", sent(**writer(4000, 200, recent_dormant=2, recent_threads=20)), "somebody who writes twenty mails a day"),
    ("sweep", sent(thread(), **writer(40, 200, recent_threads=4)), "a busy day"),
    ("sweep", sent(thread(), sent=9, first=NOW, recent_threads=9), "a new account, of which nothing is usual"),
    ("sweep", sent(thread(kind=Kind.LIST), **writer(140, 200, recent_threads=20)), "a list"),
    ("several_accounts", evidence(artifacts=LOCKED_DOC, history=week(dormant_accounts=9)), "a thread that talks"),
    ("several_accounts", evidence(thread=OLD, history=week(locked_accounts=9)), "no locked file"),
    (
        "several_accounts",
        evidence(thread=OLD, history=week(dormant_accounts=9), direction=Direction.OUTGOING),
        "our own mail",
    ),
    ("unseen_reference", quoting(QUOTED_BOB, seen=thread(quoted_seen=True)), "its words are known"),
    ("unseen_reference", quoting(QUOTED_BOB, first=NOW - timedelta(days=4)), "memory began later"),
    ("unseen_reference", quoting(QUOTED_BOB, answered=0), "our own mail never passes here"),
    ("unseen_reference", quoting(replace(QUOTED_BOB, author=PEOPLE[4])), "somebody else's mail is passed on"),
    ("unseen_reference", quoting(), "nothing is quoted"),
    ("altered_quote", evidence(), "as it was written"),
    ("altered_quote", evidence(thread=thread(altered=remembered(), kind=Kind.LIST)), "a list that rewrites"),
    ("other_hand", made(USUAL), "as ever"),
    ("other_hand", made(PHONE), "moved to a phone"),
    ("other_hand", made(CLOUD), "moved to a mail provider"),
    ("other_hand", made(replace(USUAL, zone="-0500", network="198.51.100.0/24", helo="hotel.test")), "on a journey"),
    ("other_hand", made(USUAL, ("Received", LOGIN)), "has its mail sent by another domain's account"),
    ("other_hand", made(replace(USUAL, zone="+0000"), identity="1.2@localhost"), "no shape of a known id"),
    ("other_hand", made(SCRIPT, ("X-Mailer", "Apple Mail"), habits=Habits()), "a stranger has no habits"),
    (
        "other_hand",
        made(SCRIPT, ("X-Mailer", "Apple Mail"), habits=Habits(client=(Observed("Mutt", 30),))),
        "what merely came before is no habit",
    ),
    ("generic_reply", brief("The new boundary plan of the surveyor is attached.", ZIP), "speaks of the matter"),
    ("generic_reply", brief("Thanks, see you!"), "brings nothing"),
    ("generic_reply", brief("Please see attached.", ZIP, quoted="Could you send it?", messages=1), "no long thread"),
    ("generic_reply", brief("Please see attached.", ZIP, kind=Kind.LIST), "a list"),
    ("reused", evidence(artifacts=LOCKED_DOC), "seen for the first time"),
    ("reused", shares(Shared.TARGET, "0"), "two letters link to one page"),
    ("known_harm", shares(Shared.ARCHIVE), "came before and was harmless"),
    (
        "known_harm",
        shares(Shared.TARGET, "0", senders=20, condemned=True),
        "a lure planted a page that everybody names",
    ),
    ("known_harm", evidence(), "nothing known"),
    ("help_with_lock", asks(HELP["en"], artifact("1", "plan.zip")), "not locked"),
    ("help_with_lock", asks("The signed contract, password as agreed.", LOCKED), "hands in a locked file"),
    ("help_with_lock", asks(HELP["en"], LOCKED, sender=ANNA), "asks a partner"),
    ("borrowed_name", called("Bob Miller"), "writes to himself from home"),
    ("borrowed_name", called("Carol"), "a first name alone"),
    (
        "borrowed_name",
        called(
            "Eve Stone",
            thread=thread(participants=(BOB, Address("Eve Stone", "e@bank.test")), sender_participant=False),
        ),
        "outside_sender says it",
    ),
    ("borrowed_name", called("Ann Other", history=namesake("x@strange.test")), "the same mailbox"),
    (
        "borrowed_name",
        called("Eve Stone", history=replace(namesake("eve@makler.test"), sender=SenderHistory(answered_days=3))),
        "an old correspondent of the same name",
    ),
    (
        "borrowed_name",
        called("Eve Stone", history=namesake("eve@makler.test"), thread=thread(own_kind=Kind.LIST)),
        "a list",
    ),
    ("imitates_us", linking(HELD_BACK, "Open", "https://seriema.bank.test/r"), "our own page"),
    ("imitates_us", linking("We use Seriema, too.", "", "https://seriema.example/"), "speaks of the program"),
    ("imitates_us", linking(HELD_BACK, "Open", "https://cms.test/r", sender=CAROL), "our own notice"),
    ("imitates_us", linking("See our site", "www.kanzlei.test", "https://click.news.test/1"), "a counted click"),
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
    (
        "macro_not_followed",
        evidence(findings=(Finding("macro.unknown-target", "1"), Finding("macro.fetch-and-run", "1"))),
        "the stronger fact is said",
    ),
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


def test_a_pair_that_pauses_for_months_hears_less_of_a_long_silence():
    rare = evidence(thread=thread(silent_days=400.0), history=history(gap_days=(90.0,)))
    assert strength("dormant_thread", rare) < strength("dormant_thread", evidence(thread=OLD))


def test_gaps_before_anybody_answered_are_no_habit():
    unanswered = history(gap_days=(400.0,), answered_days=1)
    assert strength("dormant_thread", evidence(thread=OLD, history=unanswered)) == 1.0


def test_a_custom_of_locked_files_excuses_harmless_ones_only():
    custom = history(locked=6, locked_habit=True, password_beside=6)
    merely_seen = history(locked=6, password_beside=6)
    apart = history(locked=6, locked_habit=True, password_apart=6)

    def said(known, findings=()):
        return strength("password_beside_lock", evidence(artifacts=LOCKED_DOC, findings=findings, history=known))

    assert said(custom) < said(merely_seen) == said(apart) == said(history())
    assert said(custom, FETCHES) == said(history(), FETCHES) == 1.0


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (sent(**writer(40, 200, recent_dormant=1)), sent(**writer(40, 200, recent_dormant=3))),
        (sent(thread(), **writer(140, 200, recent_threads=9)), sent(**writer(140, 200, recent_dormant=9))),
    ],
)
def test_a_wider_sweep_says_more(less, more):
    assert strength("sweep", less) < strength("sweep", more)


@pytest.mark.parametrize(
    ("name", "less", "more"),
    [
        ("reused", shares(Shared.ARCHIVE, findings=()), shares(Shared.ARCHIVE)),
        ("reused", shares(Shared.PASSWORD), shares(Shared.PASSWORD, senders=4)),
        ("known_harm", shares(Shared.PASSWORD, condemned=True), shares(Shared.ARCHIVE, condemned=True)),
        ("known_harm", sent(sent=20, condemned=2), shares(Shared.TARGET, "1.1", condemned=True)),
        ("help_with_lock", asks(HELP["en"], ZIP), asks(HELP["en"], LOCKED)),
        ("generic_reply", brief("Hmm.", SHUT), brief(LOOK["en"], SHUT)),
        (
            "generic_reply",
            brief(LOOK["en"], artifact("1", "a.docx", file_class=FileClass.OFFICE)),
            brief(LOOK["en"], SHUT),
        ),
        (
            "other_hand",
            made(PHONE, ("Received", LOGIN)),
            made(SCRIPT, ("X-Mailer", "Apple Mail"), ("Received", LOGIN), identity="1.2@localhost"),
        ),
    ],
)
def test_what_is_surer_says_more(name, less, more):
    assert strength(name, less) < strength(name, more)
