"""``seriema held``: what a person and a program see of the quarantine, and what they can do."""

import json
from datetime import UTC, datetime

import pytest
import pyzipper

from seriema.cli.main import main
from seriema.edge.quarantine import Held, Quarantine

RAW = b"From: ann@partner.example\r\n\r\nhello\r\n"


@pytest.fixture
def site(tmp_path):
    """A settings file, and a function that opens its quarantine."""
    folder, key = tmp_path / "held", tmp_path / "key"
    (tmp_path / "seriema.toml").write_text(f'[quarantine]\nfolder = "{folder}"\nkey = "{key}"\n')
    quarantine = Quarantine.open(folder, key)
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    people = ("bob@us.test", "eve@us.test")
    quarantine.hold(Held(RAW, moment, "bounce@partner.example", people, "ann@partner.example", summary="\x1b[31mwhy"))
    yield tmp_path, quarantine
    quarantine.close()


def held(site, *words) -> int:
    return main(["held", words[0], "--config", str(site[0] / "seriema.toml"), *words[1:]])


def listed(site, capsys):
    capsys.readouterr()
    held(site, "list", "--format", "jsonl")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_program_reads_the_list(site, capsys):
    [one] = listed(site, capsys)
    assert one == {
        "id": site[1].entries()[0].id,
        "received": "2026-01-02T03:04:05+00:00",
        "from": "ann@partner.example",
        "recipients": ["bob@us.test", "eve@us.test"],
        "tier": "hold",
        "inspection": "incomplete",
        "summary": "\x1b[31mwhy",
        "state": "held",
    }


def test_a_person_reads_it_without_control_characters(site, capsys):
    held(site, "list")
    held(site, "show", site[1].entries()[0].id[:6])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "bounce" not in out
    assert out.count("ann@partner.example → bob@us.test, eve@us.test") == 2


def test_it_is_deleted_for_one_and_then_for_all(site, capsys):
    name = site[1].entries()[0].id
    assert held(site, "delete", name, "--to", "eve@us.test", "--reason", "not hers") == 0
    assert [one["state"] for one in listed(site, capsys)] == ["held"]
    assert held(site, "delete", name) == 0
    assert [one["state"] for one in listed(site, capsys)] == ["deleted"]
    held(site, "show", name, "--format", "json")
    shown = json.loads(capsys.readouterr().out)
    assert [(one["state"], one["reason"]) for one in shown["people"]] == [("deleted", ""), ("deleted", "not hers")]


def test_nobody_else_is_a_recipient(site, capsys):
    assert held(site, "delete", site[1].entries()[0].id, "--to", "mallory@us.test") == 2
    assert "none of its recipients" in capsys.readouterr().err


def test_it_is_exported_as_it_came_or_locked(site):
    name = site[1].entries()[0].id
    assert held(site, "export", name, str(site[0] / "one.eml")) == 0
    assert (site[0] / "one.eml").read_bytes() == RAW
    assert held(site, "export", name, str(site[0] / "one.zip")) == 0
    with pyzipper.AESZipFile(site[0] / "one.zip") as archive:
        assert archive.read(f"{name}.eml", b"infected") == RAW
    assert held(site, "export", name, str(site[0] / "one.eml")) == 2


def test_verify_says_what_is_wrong_and_mends_it(site, capsys):
    assert held(site, "verify") == 0
    site[1]._vault.path(site[1].entries()[0].sha256).unlink()
    assert held(site, "verify") == 1
    assert "gone" in capsys.readouterr().err
    assert held(site, "verify", "--repair") == 1
    assert held(site, "verify") == 0
    assert [one["state"] for one in listed(site, capsys)] == ["lost"]


def test_a_new_key_seals_all(site):
    before = (site[0] / "key").read_text()
    assert held(site, "rotate") == 0
    assert (site[0] / "key").read_text() != before
    assert site[1].mail(site[1].entries()[0]).raw == RAW


def test_what_is_missing_is_said(site, capsys):
    assert held(site, "release", site[1].entries()[0].id) == 2
    assert held(site, "show", "ffff") == 2
    (site[0] / "seriema.toml").write_text("")
    assert held(site, "list") == 2
    err = capsys.readouterr().err
    assert all(word in err for word in ("relay", "ffff: no held mail", "[quarantine] folder and key"))
