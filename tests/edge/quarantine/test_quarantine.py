"""The quarantine: what it took in can be read, by whom it should, until its time is over."""

import hashlib
import os
from datetime import UTC, datetime, timedelta

import pytest

from seriema.edge.quarantine import Held, Quarantine, State
from seriema.model.errors import ConfigurationError, InputError, QuarantineUnavailable

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
RAW = b"From: ann@partner.example\r\nSubject: secret words\r\n\r\nhello\r\n"
BOB, EVE = "bob@us.test", "eve@us.test"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def held(raw=RAW, recipients=(BOB, EVE), **more) -> Held:
    return Held(raw, NOW, "ann@partner.example", recipients, "ann@partner.example", summary="why", **more)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quarantine(tmp_path, clock):
    one = Quarantine.open(tmp_path / "held", tmp_path / "key", clock=clock)
    yield one
    one.close()


def files(tmp_path):
    return sorted(path for path in (tmp_path / "held").rglob("*") if path.is_file() and ".db" not in path.name)


def test_a_mail_that_was_taken_in_comes_back_byte_by_byte(quarantine, tmp_path):
    entry = quarantine.hold(held())
    assert entry.id == hashlib.sha256(RAW).hexdigest()[:32]
    assert (entry.received, entry.state, entry.summary) == (NOW, State.HELD, "why")
    assert [one.address for one in entry.recipients] == [BOB, EVE]
    other = Quarantine.open(tmp_path / "held", tmp_path / "key")
    assert other.mail(other.entry(entry.id[:8])) == held()
    other.close()


def test_nothing_of_it_can_be_read_on_the_disk(quarantine, tmp_path):
    quarantine.hold(held())
    for path in (tmp_path / "held").rglob("*"):
        if path.is_file():
            assert b"secret words" not in path.read_bytes()
    [mail] = files(tmp_path)
    assert {path.stat().st_mode & 0o077 for path in (mail, mail.parent, tmp_path / "key")} == {0}


def test_the_same_mail_again_is_one_entry_with_the_recipients_of_both(quarantine, tmp_path):
    quarantine.hold(held(recipients=(BOB,)))
    entry = quarantine.hold(held(recipients=(EVE, BOB)))
    assert [one.address for one in entry.recipients] == [BOB, EVE]
    assert quarantine.entries() == [entry]
    assert len(files(tmp_path)) == 1
    assert quarantine.mail(entry).recipients == (BOB, EVE)


def test_each_recipient_has_a_state_of_its_own(quarantine):
    entry = quarantine.hold(held())
    assert quarantine.delete(entry, [EVE, "nobody@us.test"], "carol", "spam") == (EVE,)
    now = quarantine.entry(entry.id)
    assert [(one.state, one.by, one.reason) for one in now.recipients] == [
        ("held", "", ""),
        ("deleted", "carol", "spam"),
    ]
    assert now.state is State.HELD
    assert quarantine.delete(entry, [EVE], "carol", "again") == ()
    assert [one.id for one in quarantine.entries(State.DELETED)] == [entry.id]
    assert quarantine.entries(State.RELEASED) == []


def test_its_content_goes_when_nobody_waits_for_it_and_comes_back_with_the_mail(quarantine, tmp_path):
    entry = quarantine.hold(held())
    quarantine.delete(entry, [BOB, EVE], "carol", "")
    assert files(tmp_path) == []
    with pytest.raises(InputError, match="not kept"):
        quarantine.mail(quarantine.entry(entry.id))
    again = quarantine.hold(held(recipients=(BOB,)))
    assert [one.state for one in again.recipients] == [State.HELD, State.DELETED]
    assert quarantine.mail(again).raw == RAW


def test_a_release_lets_the_very_mail_pass_once_for_the_very_recipient(quarantine, clock):
    entry = quarantine.hold(held())
    assert not quarantine.pass_once(RAW, [BOB])
    assert quarantine.begin_release(entry, [BOB], "carol", "known") == (BOB,)
    assert quarantine.begin_release(entry, [BOB], "carol", "twice") == ()
    assert not quarantine.pass_once(RAW, [EVE])
    assert not quarantine.pass_once(RAW, [BOB, EVE])
    assert not quarantine.pass_once(RAW + b"x", [BOB])
    assert not quarantine.pass_once(RAW, [])
    assert quarantine.pass_once(RAW, [BOB])
    assert not quarantine.pass_once(RAW, [BOB])
    quarantine.end_release(entry, [BOB], delivered=True)
    now = quarantine.entry(entry.id)
    assert [(one.state, one.by) for one in now.recipients] == [("released", "carol"), ("held", "")]
    assert quarantine.begin_release(now, [BOB], "carol", "again") == ()


def test_a_release_that_failed_leaves_it_held_and_opens_no_door(quarantine, clock):
    entry = quarantine.hold(held())
    quarantine.begin_release(entry, [BOB], "carol", "")
    quarantine.end_release(entry, [BOB], delivered=False)
    assert quarantine.entry(entry.id).state is State.HELD
    assert not quarantine.pass_once(RAW, [BOB])
    quarantine.begin_release(entry, [BOB], "carol", "")
    clock.now += timedelta(minutes=16)
    assert not quarantine.pass_once(RAW, [BOB])


def test_what_was_released_stays_released_when_its_sender_tries_again(quarantine):
    entry = quarantine.hold(held(recipients=(BOB,)))
    quarantine.begin_release(entry, [BOB], "carol", "")
    quarantine.end_release(entry, [BOB], delivered=True)
    assert quarantine.hold(held(recipients=(BOB,))).state is State.RELEASED


def test_mails_expire_and_are_forgotten_later(quarantine, clock, tmp_path):
    entry = quarantine.hold(held())
    clock.now += timedelta(days=29)
    assert quarantine.expire() == 0
    clock.now += timedelta(days=1)
    assert quarantine.expire() == 1
    assert (quarantine.entry(entry.id).state, files(tmp_path)) == (State.EXPIRED, [])
    assert quarantine.expire() == 0
    clock.now += timedelta(days=366)
    quarantine.expire()
    assert quarantine.entries() == []


def test_all_is_sealed_anew_with_a_new_key(quarantine, tmp_path):
    ids = [quarantine.hold(held(RAW + bytes([number]))).id for number in range(5)]
    old = (tmp_path / "key").read_text()
    elsewhere = Quarantine.open(tmp_path / "held", tmp_path / "key")
    assert quarantine.rotate() == 5
    assert len((tmp_path / "key").read_text().splitlines()) == 1
    assert not set(old.split()) & set((tmp_path / "key").read_text().split())
    elsewhere.hold(held(RAW + b"after"))
    elsewhere.close()
    assert quarantine.verify().clean
    assert [quarantine.mail(quarantine.entry(one)).raw for one in ids] == [RAW + bytes([n]) for n in range(5)]


def damage(path):
    path.write_bytes(path.read_bytes()[:-1] + b"x")


TROUBLES = {
    "damaged": damage,
    "cut": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "another's": lambda path: path.write_bytes(
        next(one for one in path.parents[1].glob("*/*.mail") if one != path).read_bytes()
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_damage_is_found_and_said_and_written_down(quarantine, trouble):
    entry, other = quarantine.hold(held()), quarantine.hold(held(b"other"))
    trouble(quarantine._vault.path(entry.sha256))
    with pytest.raises(InputError, match="held verify"):
        quarantine.mail(entry)
    report = quarantine.verify()
    assert ([*report.unreadable], report.mails, report.clean) == ([entry.id], 2, False)
    assert quarantine.verify(repair=True).clean
    assert quarantine.verify().clean
    assert quarantine.entry(entry.id).state is State.LOST
    assert quarantine.mail(other).raw == b"other"


def test_without_its_database_the_quarantine_is_made_anew_from_its_files(quarantine, tmp_path):
    entry = quarantine.hold(held())
    quarantine.close()
    for path in (tmp_path / "held").glob("quarantine.db*"):
        path.unlink()
    anew = Quarantine.open(tmp_path / "held", tmp_path / "key", clock=quarantine._clock)
    assert anew.verify().unregistered == [entry.id]
    assert anew.verify(repair=True).clean
    assert anew.entry(entry.id) == entry
    anew.close()


def test_what_is_left_over_is_cleared_away(quarantine, tmp_path):
    entry = quarantine.hold(held())
    content = quarantine._vault.path(entry.sha256).read_bytes()
    quarantine.delete(entry, [BOB, EVE], "", "")
    quarantine._vault.path(entry.sha256).write_bytes(content)
    draft = quarantine._vault.path(entry.sha256).with_name("0123.draft")
    draft.write_bytes(b"half")
    assert len(quarantine.verify().leftover) == 1
    os.utime(draft, (0, 0))
    assert len(quarantine.verify().leftover) == 2
    quarantine.verify(repair=True)
    assert files(tmp_path) == []


def test_a_full_disk_takes_nothing_in_and_harms_nothing(quarantine, tmp_path, monkeypatch):
    entry = quarantine.hold(held())

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(QuarantineUnavailable, match="No space left"):
        quarantine.hold(held(b"other"))
    monkeypatch.undo()
    assert quarantine.verify().clean
    assert quarantine.entries() == [entry]


@pytest.mark.parametrize("text", ["", "nonsense\n", "00 11\n", "0" * 16 + " " + "1" * 63 + "\n"])
def test_a_key_file_that_is_none_is_a_configuration_error(tmp_path, text):
    (tmp_path / "key").write_text(text)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(ConfigurationError):
        Quarantine.open(tmp_path / "held", tmp_path / "key")


def test_the_key_lies_outside_and_others_cannot_read_it(tmp_path):
    with pytest.raises(ConfigurationError, match="outside"):
        Quarantine.open(tmp_path / "held", tmp_path / "held" / "key")
    Quarantine.open(tmp_path / "held", tmp_path / "key").close()
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod"):
        Quarantine.open(tmp_path / "held", tmp_path / "key")


@pytest.mark.parametrize("name", ["", "x", "%", "0000"])
def test_no_such_mail_is_said(quarantine, name):
    quarantine.hold(held())
    with pytest.raises(InputError):
        quarantine.entry(name)


@pytest.mark.parametrize("url", ["nonsense", "nosuchthing://x"])
def test_a_database_that_is_none_is_a_configuration_error(tmp_path, url):
    with pytest.raises(ConfigurationError):
        Quarantine.open(tmp_path / "held", tmp_path / "key", url)
