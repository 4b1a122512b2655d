"""Locked files and passwords that wait for each other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.builders.letters import ANNA, BOB, CAROL, DAVE, OFFER, START, answer, evidence, letter, received

from seriema.edge.memory import Memory, sealed
from seriema.model.artifact import Artifact, State
from seriema.model.case import Evidence, Kept
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.message import Address, Header, Received
from seriema.model.password import Candidate
from seriema.model.plan import LockedFile
from seriema.model.thread import Thread
from seriema.model.verdict import Gap, Inspection, Reason, Tier

SECRET = (Candidate("U4613", "body", 2), Candidate("777", "subject", 1))
FILE = LockedFile("1", "info.zip", b"PK\x03\x04 locked bytes \x00\xff")


def kept(mail, thread=None, **changes):
    known = Evidence("test", mail.date, mail, thread or Thread(conversation=mail.sha256[:32]))
    return replace(Kept(known, (Reason("one_of_many", 0.5, "1 of 9"),), 0, (FILE,)), **changes)


def passwords(memory, mail, thread=None):
    return [one.value for one in memory.candidates_for(mail, thread or Thread(), mail.date)]


def files(memory, mail, thread=None):
    return [one.evidence.message.message_id for one in memory.locked_for(mail, thread or Thread(), mail.date)]


def name_password(memory, mail, values=SECRET, thread=None):
    memory.keep_candidates(Evidence("test", mail.date, mail, thread or Thread()), values)


def test_what_is_kept_comes_back_whole(memory):
    mail = letter(
        "", headers=(Header("X-A", "b"),), received=(Received("a", "1.2.3.4", date=START),), reply_to=(CAROL,)
    )
    known = Evidence(
        "folder/a.eml!b",
        START,
        mail,
        Thread(known=True, conversation="ab" * 16, participants=(ANNA,), started=START, silent_days=812.5),
        artifacts=(Artifact("1", ("a.zip",), "a.zip", "zip", 9, state=State.LOCKED, encrypted=True, crc32=7),),
        findings=(Finding("mail.x", "0"),),
        indicators=(Indicator(IndicatorType.URL, "http://x", "link", "0"),),
        inspection=Inspection((Gap(State.LOCKED, "1", "no password"),)),
    )
    whole = Kept(known, (Reason("a", 0.25, "text"),), 3, (FILE, LockedFile("2", "b", b"")))
    memory.keep_locked(whole)
    assert memory.locked_for(letter("x", days=1), Thread(), START + timedelta(days=1)) == (whole,)


def test_a_password_says_which_mail_named_it(memory):
    name_password(memory, letter("x", message_id="pw@x"))
    name_password(memory, letter("y", message_id="", days=1), (Candidate("9999", "body"),))
    found = memory.candidates_for(letter("z", days=2), Thread(), START + timedelta(days=2))
    case = letter("y", message_id="", days=1).sha256[:32]
    assert {one.value: one.source for one in found} == {
        "U4613": "message:pw@x",
        "777": "message:pw@x",
        "9999": f"message:{case}",
    }
    assert {one.value: one.rank for one in found}["U4613"] == 2


class TestPairing:
    """The file came in a mail of ANNA's to BOB: whose password is tried on it."""

    @pytest.mark.parametrize(
        ("sender", "to", "days", "pairs"),
        [
            (ANNA, (BOB,), 0.01, True),
            (ANNA, (CAROL, BOB), 6.9, True),
            (ANNA, (BOB,), 7.1, False),
            (ANNA, (CAROL,), 0.01, False),
            (Address("", "gateway@mail.kanzlei.example"), (BOB,), 0.01, True),
            (Address("", "other@kanzlei.example"), (BOB,), 0.01, True),
            (DAVE, (BOB,), 0.01, False),
            (BOB, (ANNA,), 0.01, False),
            (Address("", ""), (BOB,), 0.01, False),
        ],
    )
    def test_the_same_sender_to_one_of_the_same_people_within_a_week(self, memory, sender, to, days, pairs):
        memory.keep_locked(kept(letter("", message_id="file@x")))
        mail = letter("The password is U4613", sender, to, days)
        assert files(memory, mail) == (["file@x"] if pairs else [])
        name_password(memory, mail)
        later = letter("", ANNA, (BOB,), days + 0.01)
        assert bool(passwords(memory, later)) is bool(pairs or (sender is ANNA and BOB in to))

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("a@mail.firma.co.jp", "b@firma.co.jp", True),
            ("a@x.co.jp", "b@y.co.jp", False),
            ("a@deep.sub.firma.com.br", "b@www.firma.com.br", True),
            ("a@localhost", "b@localhost", True),
            ("a@[192.0.2.1]", "b@[192.0.2.2]", False),
        ],
    )
    def test_an_organisation_is_a_registered_domain(self, memory, one, other, same):
        memory.keep_locked(kept(letter("", Address("", one), message_id="file@x")))
        assert files(memory, letter("pw", Address("", other), days=1)) == (["file@x"] if same else [])

    def test_anybody_in_the_same_conversation_within_two_weeks(self, memory):
        talk = Thread(known=True, conversation="ab" * 16)
        memory.keep_locked(kept(letter("", message_id="file@x"), talk))
        assert files(memory, letter("pw", BOB, (ANNA,), days=13), talk) == ["file@x"]
        assert files(memory, letter("pw", BOB, (ANNA,), days=15), talk) == []
        assert files(memory, letter("pw", BOB, (ANNA,), days=1), replace(talk, conversation="cd" * 16)) == []

    def test_only_earlier_mails_and_never_the_mail_itself(self, memory):
        mail = letter("", message_id="file@x", days=3)
        memory.keep_locked(kept(mail))
        name_password(memory, mail)
        assert passwords(memory, mail) == []
        assert files(memory, letter("pw", days=2)) == []
        assert passwords(memory, letter("", days=2)) == []

    def test_the_conversations_passwords_come_first_then_the_senders_then_its_organisations(self, memory):
        talk = Thread(known=True, conversation="ab" * 16)
        colleague = Address("", "other@kanzlei.example")
        for value, sender, thread_, days in (
            ("conv", DAVE, talk, 0),
            ("own", ANNA, None, 1),
            ("org", colleague, None, 2),
        ):
            name_password(memory, letter(value, sender, days=days), (Candidate(value, "body"),), thread_)
        assert passwords(memory, letter("", days=3), talk) == ["conv", "own", "org"]


class TestLife:
    def test_a_settled_mail_is_not_given_again_and_its_passwords_stay(self, memory):
        mail = letter("", message_id="file@x")
        memory.keep_locked(kept(mail))
        name_password(memory, mail)
        memory.settle(mail.sha256[:32])
        assert files(memory, letter("pw", days=1)) == []
        assert passwords(memory, letter("", days=1)) == ["777", "U4613"]

    def test_keeping_again_replaces_and_keeps_the_time_of_arrival(self, memory):
        mail = letter("", message_id="file@x")
        memory.keep_locked(kept(mail))
        later = kept(mail, revision=1)
        memory.keep_locked(replace(later, evidence=replace(later.evidence, as_of=START + timedelta(days=5))))
        [found] = memory.locked_for(letter("pw", days=2), Thread(), START + timedelta(days=2))
        assert found.revision == 1

    def test_everything_ends_by_the_clock_on_the_wall(self, url):
        now = datetime(2026, 1, 1, tzinfo=UTC)
        memory = Memory.open(url, clock=lambda: now)
        memory.keep_locked(kept(letter("", message_id="file@x")))
        name_password(memory, letter("x"))
        memory.expire(now + timedelta(days=13))
        assert files(memory, letter("pw", days=1)) == ["file@x"]
        memory.expire(now + timedelta(days=15))
        assert files(memory, letter("pw", days=1)) == []
        assert passwords(memory, letter("", days=1)) == []
        memory.keep_locked(kept(letter("", message_id="file@x")))
        memory.close()
        again = Memory.open(url, clock=lambda: now + timedelta(days=15))
        assert files(again, letter("pw", days=1)) == []
        again.close()


class TestBounds:
    def test_one_organisation_keeps_so_many_the_latest(self, memory, monkeypatch):
        monkeypatch.setattr(sealed, "ORGANISATION_ROWS", 3)
        for number in range(6):
            name_password(memory, letter(str(number), days=number / 10), (Candidate(str(number), "body"),))
        name_password(memory, letter("x", DAVE), (Candidate("dave", "body"),))
        assert passwords(memory, letter("", days=1)) == ["5", "4", "3"]
        assert passwords(memory, letter("", DAVE, days=1)) == ["dave"]

    def test_one_organisation_keeps_so_many_bytes(self, memory, monkeypatch):
        monkeypatch.setattr(sealed, "ORGANISATION_BYTES", 60_000)
        for number in range(4):
            big = LockedFile("1", "big.zip", bytes(25_000))
            memory.keep_locked(kept(letter(str(number), days=number / 10, message_id=f"{number}@x"), locked=(big,)))
        assert files(memory, letter("pw", days=1)) == ["3@x", "2@x"]

    def test_when_all_is_full_whoever_has_most_gives(self, memory, monkeypatch):
        monkeypatch.setattr(sealed, "ROWS", 10)
        name_password(memory, letter("x", DAVE), (Candidate("dave", "body"),))
        for number in range(20):
            name_password(memory, letter(str(number), days=number / 10), (Candidate(str(number), "body"),))
        memory.expire(START)
        assert passwords(memory, letter("", DAVE, days=3)) == ["dave"]
        assert 0 < len(passwords(memory, letter("", days=3))) <= 9

    def test_a_look_up_gives_so_many_files_and_bytes(self, memory, monkeypatch):
        for number in range(sealed.LOCKED_MAILS + 9):
            memory.keep_locked(kept(letter(str(number), days=number / 100)))
        assert len(files(memory, letter("pw", days=1))) == sealed.LOCKED_MAILS
        monkeypatch.setattr(sealed, "LOCKED_BYTES", 4000)
        assert 0 < len(files(memory, letter("pw", days=1))) < sealed.LOCKED_MAILS

    def test_one_mail_keeps_its_likeliest_passwords(self, memory):
        many = tuple(Candidate(str(number), "body", -number) for number in range(1000))
        name_password(memory, letter("x"), many)
        found = passwords(memory, letter("", days=1))
        assert len(found) == sealed.CANDIDATES
        assert found[0] == "999"


def test_what_another_key_sealed_is_passed_over(url, tmp_path):
    memory = Memory.open(url)
    memory.keep_locked(kept(letter("", message_id="file@x")))
    name_password(memory, letter("x"))
    memory.flush()
    other = Memory.open(key=tmp_path / "other.key")
    row = memory._database.read(sealed.SEALED.select())[0]
    other._database.write(sealed.SEALED.insert(), dict(zip([c.name for c in sealed.SEALED.columns], row, strict=True)))
    other._database.commit()
    assert files(other, letter("pw", days=1)) == []
    other.close()
    memory.close()


def test_a_tampered_row_is_passed_over(memory):
    name_password(memory, letter("x"))
    name_password(memory, letter("y", days=0.1), (Candidate("true", "body"),))
    memory.flush()
    number, content = min((row[0], row[-1]) for row in memory._database.read(sealed.SEALED.select()))
    broken = content[:-1] + bytes([content[-1] ^ 1])
    memory._database.write(sealed.SEALED.update().where(sealed.SEALED.c.number == number).values(content=broken), {})
    memory._database.commit()
    assert passwords(memory, letter("", days=1)) == ["true"]


def test_a_mail_with_locked_files_is_remembered_beside(memory):
    received(memory, letter(OFFER))
    memory.keep_locked(kept(letter(OFFER)))
    memory.remember(evidence(memory, answer(letter(OFFER))), Tier.ASK)
    memory.flush()
    assert memory.facts().mails == 2
