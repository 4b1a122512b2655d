"""The commands as a person or a program calls them: output, errors in one line, exit codes."""

import io
import json
import sys
from email.message import EmailMessage

import pytest

import seriema
from seriema.cli.main import main
from seriema.exercise import archives, documents

URL = "http://cms.example/x.php"


def mail(subject="Lunch", text="See you at noon.", name="", content=b"") -> bytes:
    one = EmailMessage()
    one["From"], one["To"], one["Subject"] = "Anna <anna@kanzlei.test>", "bob@bank.test", subject
    one["Date"], one["Message-ID"] = "Wed, 24 Jun 2020 07:12:00 +0200", "<1@kanzlei.test>"
    one.set_content(text)
    if name:
        one.add_attachment(content, maintype="application", subtype="zip", filename=name)
        one.set_boundary("=_1")
    return one.as_bytes()


def lure() -> bytes:
    document = documents.doc_with_macro(documents.macro_source(URL, "C:\\a.dll"), "Text")
    locked = archives.zip_bytes([("info_06_24.doc", document)], password="U4613")
    return mail("Re: Contract", "Please open the archive. Password: U4613", "info.zip", locked)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lunch.eml").write_bytes(mail())
    (tmp_path / "lure.eml").write_bytes(lure())
    (tmp_path / "notes.bin").write_bytes(b"\x00\x01 no mail")
    return tmp_path


def documents_of(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_scan_prints_one_document_a_line_and_exits_1_for_a_held_mail(folder, capsys):
    assert main(["scan", str(folder), "--format", "jsonl"]) == 1
    found = {one["source"].rpartition("/")[2]: one for one in documents_of(capsys)}
    assert {name: one["verdict"]["tier"] for name, one in found.items()} == {"lunch.eml": "deliver", "lure.eml": "hold"}
    artifacts = {one["name"]: one for one in found["lure.eml"]["artifacts"]}
    assert artifacts["info.zip"]["password_source"] == "body"
    assert {"type": "url", "value": URL, "role": "download", "artifact": "1.1"} in found["lure.eml"]["indicators"]
    assert "U4613" not in json.dumps(found["lure.eml"])


def test_scan_for_people_says_what_was_found_and_counts(folder, capsys):
    main(["scan", str(folder)])
    out = capsys.readouterr()
    assert "fetches a file from hxxp://cms[.]example/x.php" in out.out
    assert "└ info.zip" in out.out
    assert "lunch" not in out.out.lower()
    assert out.out.splitlines()[-1].split() == ["all", "2", "0"]
    assert "1 files that are no mail" in out.err


def test_the_python_function_gives_the_same_case(folder, capsys):
    main(["scan", str(folder / "lure.eml"), "--format", "jsonl"])
    [printed] = documents_of(capsys)
    case = seriema.scan(lure())
    assert case.evidence.id == printed["id"]
    assert case.verdict.tier.value == printed["verdict"]["tier"] == "hold"


def test_same_mail_same_bytes(folder, capsys):
    main(["scan", str(folder), "--format", "jsonl"])
    first = capsys.readouterr().out
    main(["scan", str(folder), "--format", "jsonl"])
    assert capsys.readouterr().out == first


def test_standard_input_is_read(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lure())))
    assert main(["scan", "-", "--format", "json", "--fail-on", "ask"]) == 1
    [one] = json.loads(capsys.readouterr().out)
    assert one["source"] == "-"


def test_a_bare_locked_archive_opens_with_the_password_given(tmp_path, capsys):
    (tmp_path / "a.zip").write_bytes(archives.zip_bytes([("a.txt", b"hello")], password="right", method="aes256"))
    assert main(["scan", str(tmp_path / "a.zip"), "--format", "jsonl", "--strict"]) == 3
    [locked] = documents_of(capsys)
    assert [one["state"] for one in locked["artifacts"]] == ["locked", "locked"]
    assert main(["scan", str(tmp_path / "a.zip"), "--format", "jsonl", "--strict", "--password", "right"]) == 0
    [opened] = documents_of(capsys)
    assert opened["artifacts"][0]["password_source"] == "user"


def test_a_password_given_later_opens_what_an_earlier_run_left_locked(tmp_path, capsys, monkeypatch):
    (tmp_path / "a.zip").write_bytes(archives.zip_bytes([("a.txt", b"hello")], password=" right", method="aes256"))
    memory = ["--memory", f"sqlite:///{tmp_path}/memory.db"]
    assert main(["scan", str(tmp_path / "a.zip"), "--format", "jsonl", *memory]) == 0
    [locked] = documents_of(capsys)
    assert main(["reopen", locked["id"], "--password", "right", *memory]) == 2
    assert "opens nothing" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\r\n right\n"))
    assert main(["reopen", locked["id"], "--password-stdin", "--format", "jsonl", *memory]) == 0
    [opened] = documents_of(capsys)
    assert opened["supersedes"] == f"{locked['id']}/0"
    assert (opened["artifacts"][0]["state"], opened["artifacts"][0]["password_source"]) == ("inspected", "user")
    assert main(["reopen", locked["id"], "--password", " right", *memory]) == 2
    assert "no locked file" in capsys.readouterr().err


def test_an_empty_file_is_incomplete_and_a_missing_one_is_named_last(folder, capsys):
    (folder / "empty.eml").write_bytes(b"")
    paths = [str(folder / name) for name in ("missing.eml", "empty.eml", "lunch.eml")]
    assert main(["scan", *paths, "--format", "jsonl"]) == 2
    out = capsys.readouterr()
    assert [json.loads(line)["verdict"]["inspection"] for line in out.out.splitlines()].count("incomplete") == 1
    assert len(out.out.splitlines()) == 2
    assert "missing.eml" in out.err
    assert "Traceback" not in out.err


@pytest.mark.parametrize(
    "wrong",
    [
        ["scan"],
        ["scan", "x", "--format", "xml"],
        ["eat"],
        [],
        ["scan", "x", "--policy", "lenient"],
        ["learn", "x"],
        ["reopen", "x"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_one_clear_line(wrong, capsys):
    try:
        code = main(wrong)
    except SystemExit as stop:
        code = stop.code
    err = capsys.readouterr().err
    assert code == 2
    assert err.startswith("seriema: ")
    assert err.count("\n") == 1


def test_a_memory_that_learned_knows_the_thread(folder, capsys):
    old = mail("Contract").replace(b"<1@", b"<0@").replace(b"24 Jun 2020", b"02 Mar 2018")
    (folder / "old.mbox").write_bytes(b"From anna@kanzlei.test Fri Mar  2 07:12:00 2018\n" + old)
    memory = f"sqlite:///{folder}/memory.db"
    assert main(["learn", str(folder / "old.mbox"), "--memory", memory]) == 0
    assert "1 mails learned, 1 remembered in all" in capsys.readouterr().out
    assert main(["learn", str(folder / "old.mbox"), "--memory", memory]) == 0
    assert "0 mails learned, 1 remembered" in capsys.readouterr().out
    answer = lure().replace(b"Message-ID:", b"In-Reply-To: <0@kanzlei.test>\nMessage-ID:", 1)
    (folder / "answer.eml").write_bytes(answer)
    main(["scan", str(folder / "answer.eml"), "--memory", memory, "--format", "jsonl"])
    [one] = documents_of(capsys)
    assert one["thread"]["known"]
    assert one["thread"]["silent_days"] == pytest.approx(845, abs=1)


def test_explain_shows_weights_thread_tree_and_indicators(folder, capsys):
    assert main(["explain", str(folder / "lure.eml")]) == 0
    out = capsys.readouterr().out
    for words in (
        "macro_fetches_and_runs",
        "score",
        "macro.fetch-and-run at Module1",
        "regsvr32",
        "inspection complete",
    ):
        assert words in out


def test_doctor_names_every_layer(capsys):
    main(["doctor"])
    out = capsys.readouterr().out
    for words in ("seccomp", "rlimits", "landlock", "jail is", "memory", "policy balanced"):
        assert words in out


def test_exercise_writes_mailboxes_and_truth(tmp_path, capsys):
    assert main(["exercise", "make", str(tmp_path / "e"), "--seed", "3"]) == 0
    assert (tmp_path / "e" / "truth.json").exists()
    assert "files written" in capsys.readouterr().out
