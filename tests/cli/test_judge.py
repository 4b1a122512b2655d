"""What later mails and people say about earlier ones: appended judgements, exceptions, forgetting."""

import json
from email.message import EmailMessage

import pytest

from seriema.cli.main import main
from seriema.exercise import archives, documents
from seriema.verdict import exceptable

LURE_DOCUMENT = documents.doc_with_macro(documents.macro_source("http://cms.example/x.php", "C:\\a.dll"), "Text")


def mail(day: int, subject: str, text: str, name: str = "", content: bytes = b"", sender="anna@kanzlei.test") -> bytes:
    one = EmailMessage()
    one["From"], one["To"], one["Subject"] = sender, "bob@bank.test", subject
    one["Date"], one["Message-ID"] = f"Wed, {day:02} Jun 2020 07:12:00 +0200", f"<{day}.{subject[:3]}@kanzlei.test>"
    one.set_content(text)
    if name:
        one.add_attachment(content, maintype="application", subtype="zip", filename=name)
        one.set_boundary("=_1")
    return one.as_bytes()


def locked(day: int, **changes: str) -> bytes:
    """Nobody can open it: asked about."""
    document = f"statement of {changes} {day}".encode()
    content = archives.zip_bytes([("statement.doc", document)], password="nobody wrote this", method="aes256")
    return mail(day, f"Statement {day}", "As discussed.", f"statement{day}.zip", content, **changes)


def lure(day: int) -> bytes:
    content = archives.zip_bytes([("info.doc", LURE_DOCUMENT)], password="U4613")
    return mail(day, "Re: Contract", "Please open the archive. Password: U4613", "info.zip", content)


@pytest.fixture
def box(tmp_path, capsys):
    """Scan mails into a memory that lasts; the documents they gave, in order."""

    def scan(*mails: bytes, policy: str = "balanced") -> list[dict]:
        folder = tmp_path / f"mails{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        for number, one in enumerate(mails):
            (folder / f"{number}.eml").write_bytes(one)
        main(["scan", str(folder), "--format", "jsonl", "--policy", policy, *memory(tmp_path)])
        return printed(capsys)

    return scan


def memory(tmp_path) -> list[str]:
    return ["--memory", f"sqlite:///{tmp_path}/memory.db"]


def printed(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def brief(documents: list[dict]) -> list[tuple[str, int, str]]:
    return [(one["message"]["subject"], one["revision"], one["verdict"]["tier"]) for one in documents]


def test_a_held_mail_brings_earlier_ones_of_its_account_to_light(box):
    found = box(locked(1), locked(2, sender="dan@makler.test"), lure(3))
    assert brief(found) == [
        ("Statement 1", 0, "ask"),
        ("Statement 2", 0, "ask"),
        ("Re: Contract", 0, "hold"),
        ("Statement 1", 1, "hold"),
    ]
    first, again = found[0], found[3]
    assert (again["id"], again["supersedes"]) == (first["id"], f"{first['id']}/0")
    assert again["as_of"] == found[2]["as_of"] > first["as_of"]
    assert again["verdict"]["summary"].startswith("A later mail of the same account (2020-06-03) was held: ")


def test_it_is_the_same_when_the_later_mail_comes_in_another_run(box):
    assert brief(box(locked(1))) == [("Statement 1", 0, "ask")]
    assert brief(box(lure(3))) == [("Re: Contract", 0, "hold"), ("Statement 1", 1, "hold")]
    assert brief(box(lure(10))) == [("Re: Contract", 0, "hold")]


def test_what_came_later_or_was_sent_long_before_the_account_was_stolen_stays(box):
    assert brief(box(locked(1), lure(9), locked(12))) == [
        ("Statement 1", 0, "ask"),
        ("Re: Contract", 0, "hold"),
        ("Statement 12", 0, "ask"),
    ]


def test_a_mail_that_is_held_only_for_what_was_unread_says_nothing_of_others(box):
    found = box(locked(1).replace(b"statement1.zip", b"a.zip"), locked(2), policy="strict")
    assert {one["revision"] for one in found} == {0}


def test_a_person_condemns_a_mail_and_what_has_to_do_with_it(box, tmp_path, capsys):
    first, second, _ = box(locked(1), locked(2), locked(3, sender="dan@makler.test"))
    call = ["judge", second["id"], "true", "--reason", "the firm called", "--format", "jsonl", *memory(tmp_path)]
    assert main(call) == 0
    found = printed(capsys)
    assert [(one["id"], one["revision"], one["verdict"]["tier"]) for one in found] == [
        (second["id"], 1, "hold"),
        (first["id"], 1, "hold"),
    ]
    assert found[0]["verdict"]["summary"].startswith("A person judged this mail harmful: the firm called; ")
    assert "was judged harmful by a person: the firm called" in found[1]["verdict"]["summary"]
    assert main(["judge", "0" * 32, "true", "--reason", "x", *memory(tmp_path)]) == 0
    assert "is not kept" in capsys.readouterr().err


def test_a_password_that_comes_later_does_not_undo_what_was_said(box, tmp_path, capsys):
    [asked] = box(locked(1))
    main(["judge", asked["id"], "true", "--reason", "the firm called", *memory(tmp_path)])
    capsys.readouterr()
    main(["reopen", asked["id"], "--password", "nobody wrote this", "--format", "jsonl", *memory(tmp_path)])
    [opened] = printed(capsys)
    assert (opened["revision"], opened["supersedes"]) == (2, f"{asked['id']}/1")
    assert opened["verdict"]["tier"] == "hold"
    assert opened["verdict"]["inspection"] == "complete"


def test_what_a_person_calls_harmless_is_not_brought_to_light(box, tmp_path, capsys):
    [asked] = box(locked(1))
    assert main(["judge", asked["id"], "false", "--reason", "expected", *memory(tmp_path)]) == 0
    assert brief(box(lure(3))) == [("Re: Contract", 0, "hold")]


def test_an_exception_names_a_pair_and_a_fact_of_the_conversation(box, tmp_path, capsys):
    [asked] = box(locked(1))
    fact = min(exceptable())
    call = ["judge", asked["id"], "false", "--reason", "known", "--except", fact, "--days", "30", *memory(tmp_path)]
    assert main(call) == 0
    assert f"{fact} is no reason from anna@kanzlei.test to bob@bank.test until" in capsys.readouterr().err


@pytest.mark.parametrize("fact", ["macro_fetches_and_runs", "active_file", "not_inspected", "anna@kanzlei.test"])
def test_nothing_excepts_what_files_show_nor_a_sender_as_such(fact, box, tmp_path, capsys):
    [asked] = box(locked(1))
    assert main(["judge", asked["id"], "false", "--reason", "x", "--except", fact, *memory(tmp_path)]) == 2
    assert "cannot be excepted" in capsys.readouterr().err


def test_a_person_is_forgotten(box, tmp_path, capsys):
    box(locked(1), lure(3))
    assert main(["forget", "Anna@kanzlei.test", *memory(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("2 mails from Anna@kanzlei.test forgotten")
    assert main(["forget", "anna@kanzlei.test", *memory(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("0 mails")


@pytest.mark.parametrize(
    "wrong",
    [
        ["judge", "x", "true", "--reason", "r", "--memory", "sqlite:///a.db"],
        ["judge", "0" * 32, "maybe", "--reason", "r"],
        ["judge", "0" * 32, "true"],
        ["judge", "0" * 32, "true", "--reason", " ", "--memory", "sqlite:///a.db"],
        ["judge", "0" * 32, "true", "--reason", "r"],
        ["judge", "0" * 32, "true", "--reason", "r", "--except", "dormant_thread", "--memory", "sqlite:///a.db"],
        ["judge", "0" * 32, "false", "--reason", "r", "--days", "0", "--memory", "sqlite:///a.db"],
        ["forget", "anna@kanzlei.test"],
        ["forget", "kanzlei.test", "--memory", "sqlite:///a.db"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_one_clear_line(wrong, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        code = main(wrong)
    except SystemExit as end:
        code = end.code
    err = capsys.readouterr().err
    assert code == 2
    assert err.startswith("seriema: ")
    assert len(err.splitlines()) == 1
