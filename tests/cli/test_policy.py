"""``seriema policy``: a check in plain sentences, and old mail replayed under several policies."""

import json

import pytest
from tests.cli.test_commands import lure, mail

from seriema.cli.main import main
from seriema.exercise import archives

WRONG = 'partners = ["gmail.com"]\n[thresholds]\nask = 0.95\n'


@pytest.fixture
def box(tmp_path):
    folder = tmp_path / "mails"
    folder.mkdir()
    locked = archives.zip_bytes([("a.pdf", b"%PDF-1.4")], password="a word that nobody wrote", method="aes256")
    (folder / "lunch.eml").write_bytes(mail())
    (folder / "lure.eml").write_bytes(lure())
    statement = mail("Statement", "As discussed.", "statement.zip", locked)
    (folder / "locked.eml").write_bytes(statement.replace(b"anna@kanzlei.test", b"dan@makler.test"))
    return folder


def test_a_wrong_policy_exits_1_and_says_why(tmp_path, capsys):
    (tmp_path / "mine.toml").write_text(WRONG)
    assert main(["policy", "check", str(tmp_path / "mine.toml")]) == 1
    out = capsys.readouterr().out
    assert "contradiction: [thresholds] ask begins at 0.95, above hold at 0.9: no score ever leads to ask." in out
    assert "blind spot: [partners] gmail.com is a public mail provider" in out
    assert out.splitlines()[-1].startswith(f"{tmp_path}/mine.toml: 1 contradictions, ")


def test_blind_spots_fail_only_when_asked(capsys):
    assert main(["policy", "check", "watch-only"]) == 0
    assert main(["policy", "check", "watch-only", "--fail-on", "blind-spot", "--format", "jsonl"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert {one["kind"] for one in rows} == {"blind spot"}
    assert main(["policy", "check", "strict", "--fail-on", "blind-spot", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_settings_name_partners_and_domains(tmp_path, capsys):
    (tmp_path / "mine.toml").write_text(
        '[partner.locked]\narchive = "tag"\n[direction.internal.thresholds]\nask = 0.7\n'
    )
    (tmp_path / "settings.toml").write_text('[policy]\npartners = ["law.test"]\n')
    assert main(["policy", "check", str(tmp_path / "mine.toml"), "--config", str(tmp_path / "settings.toml")]) == 1
    out = capsys.readouterr().out
    assert "nobody is named in partners" not in out
    assert "[direction.internal] can never apply" in out


def test_each_mail_is_read_once_and_judged_under_each_policy(box, tmp_path, capsys):
    page = tmp_path / "page.html"
    policies = ["--policy", "balanced", "--policy", "strict", "--policy", "watch-only"]
    assert main(["policy", "simulate", str(box), *policies, "--page", str(page)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("3 mails of 1 days between 2020-06-24 and 2020-06-24, each read once")
    assert "balanced ask · strict hold · watch-only tag" in out
    assert "2 mails differ:" in out
    assert "strict" in page.read_text()
    assert main(["policy", "simulate", str(box), *policies, "--format", "jsonl"]) == 0
    rows = {line["subject"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    tiers = {subject: [one["tier"] for one in row["outcomes"]] for subject, row in rows.items()}
    assert tiers == {
        "Lunch": ["deliver", "deliver", "deliver"],
        "Re: Contract": ["hold", "hold", "tag"],
        "Statement": ["ask", "hold", "tag"],
    }
    assert rows["Statement"]["outcomes"][0]["unread"]


def test_a_policy_of_ones_own_is_simulated_by_its_files_name(box, tmp_path, capsys):
    (tmp_path / "mine.toml").write_text('[group.bob]\nmembers = ["bank.test"]\nleast.locked = { other = "hold" }\n')
    calls = ["--policy", "balanced", "--policy", str(tmp_path / "mine.toml"), "--format", "json"]
    assert main(["policy", "simulate", str(box), *calls, "--history", str(box / "lunch.eml")]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [one["policy"] for one in data["policies"]] == ["balanced", "mine.toml"]
    assert [one["subject"] for one in data["differing"]] == ["Statement"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["policy"],
        ["policy", "check"],
        ["policy", "check", "lenient"],
        ["policy", "check", "strict", "--fail-on", "hold"],
        ["policy", "simulate", "x"],
        ["policy", "simulate", "x", "--policy", "lenient"],
        ["policy", "simulate", "x", "--policy", "strict", "--policy", "strict"],
        ["policy", "simulate", "/nowhere/x", "--policy", "strict"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_one_clear_line(wrong, capsys):
    try:
        code = main(wrong)
    except SystemExit as end:
        code = end.code
    err = capsys.readouterr().err
    assert code == 2
    assert err.startswith("seriema: ")
    assert len(err.splitlines()) == 1
