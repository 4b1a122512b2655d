"""Passwords that opened something: whose files they are tried on, and how few the pool holds."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.builders.letters import ANNA, BOB, CAROL, DAVE, START, letter

from seriema.edge.memory import Memory, proven
from seriema.model.case import Evidence
from seriema.model.message import Address
from seriema.model.password import Candidate, Proven
from seriema.model.thread import Thread


def opened(memory, mail, *values, source="body"):
    memory.keep_proven(Evidence("test", mail.date, mail, Thread()), tuple(Proven(one, source) for one in values))


def tried(memory, mail):
    return {one.value: one.source for one in memory.candidates_for(mail, Thread(), mail.date)}


class TestUsual:
    @pytest.mark.parametrize(
        ("sender", "to", "days", "usual"),
        [
            (ANNA, (BOB,), 20, True),
            (Address("", "colleague@kanzlei.example"), (CAROL, BOB), 20, True),
            (BOB, (ANNA,), 20, True),
            (ANNA, (BOB,), 181, False),
            (ANNA, (CAROL,), 20, False),
            (DAVE, (BOB,), 20, False),
            (CAROL, (ANNA,), 20, False),
            (Address(), (), 20, False),
        ],
    )
    def test_it_is_of_the_same_people_in_either_direction_for_half_a_year(self, memory, sender, to, days, usual):
        opened(memory, letter("", message_id="file@x"), "Kanzlei22", source="user")
        found = tried(memory, letter("", sender, to, days))
        assert found == ({"Kanzlei22": "message:file@x"} if usual else {})

    def test_it_is_not_known_earlier_and_not_to_the_mail_itself(self, memory):
        mail = letter("", days=3)
        opened(memory, mail, "Kanzlei22", source="user")
        assert tried(memory, letter("", days=2)) == {}
        assert tried(memory, mail) == {}

    def test_a_date_in_it_is_described_so_that_the_next_one_is_found(self, memory):
        opened(memory, letter("", message_id="file@x"), f"abc{START:%m%d}", source="user")
        assert tried(memory, letter("", days=20)) == {"abc0203": "message:file@x", "abcMMDD": "message:file@x"}

    def test_a_flood_of_locked_mail_pushes_nothing_out(self, memory, monkeypatch):
        opened(memory, letter("", message_id="file@x"), "Kanzlei22", source="user")
        monkeypatch.setattr(proven.sealed, "ORGANISATION_ROWS", 5)
        for number in range(20):
            mail = letter(str(number), days=1)
            memory.keep_candidates(Evidence("test", mail.date, mail, Thread()), (Candidate(str(number), "body"),))
        assert "Kanzlei22" in tried(memory, letter("", days=20))


class TestPool:
    def test_it_names_nobodys_mail(self, memory):
        opened(memory, letter("", DAVE, message_id="secret@x"), "U4613")
        assert tried(memory, letter("", days=2)) == {"U4613": "pool"}

    @pytest.mark.parametrize("source", ["user", "admin"])
    def test_what_a_person_gave_is_not_in_it(self, memory, source):
        opened(memory, letter("", DAVE), "1985-04-01", source=source)
        assert tried(memory, letter("", days=1)) == {}

    def test_one_organisation_has_three_places_however_much_it_sends(self, memory):
        opened(memory, letter("", DAVE), "U4613")
        for number in range(30):
            writer = Address("", f"box{number}@mail{number}.flood.example")
            opened(memory, letter(str(number), writer, days=number / 100), f"flood{number}", f"more{number}")
        found = tried(memory, letter("", days=1))
        assert "U4613" in found
        assert len(found) == 1 + proven.POOL_ROWS_OF_ONE

    def test_what_opened_several_organisations_mail_comes_first(self, memory):
        for number in range(9):
            opened(
                memory, letter("", Address("", f"a@one{number}.example")), "777" if number in (1, 5) else f"x{number}"
            )
        assert next(iter(tried(memory, letter("", days=1)))) == "777"

    def test_it_gives_back_few_and_holds_not_many(self, memory, monkeypatch):
        monkeypatch.setattr(proven, "POOL_ROWS", 30)
        for number in range(60):
            opened(memory, letter("", Address("", f"a@one{number}.example"), days=number / 100), f"x{number}")
        assert list(tried(memory, letter("", days=1))) == [f"x{number}" for number in range(59, 39, -1)]

    def test_it_ends_by_the_mails_times_and_by_the_clock_on_the_wall(self, url):
        now = datetime(2026, 1, 1, tzinfo=UTC)
        memory = Memory.open(url, clock=lambda: now)
        opened(memory, letter("", DAVE), "U4613")
        assert tried(memory, letter("", days=13)) == {"U4613": "pool"}
        assert tried(memory, letter("", days=15)) == {}
        memory.expire(now + timedelta(days=15))
        assert tried(memory, letter("", days=13)) == {}
        memory.close()


def test_no_password_lies_in_the_files(url, tmp_path):
    memory = Memory.open(url)
    opened(memory, letter(""), "S3cretPassw0rd")
    memory.flush()
    memory.close()
    assert b"S3cretPassw0rd" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "S3cretPassw0rd" not in repr(Proven("S3cretPassw0rd", "body"))
