"""What goes when a memory is full, when its time is over, when a person is forgotten; and that nothing is left."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.builders.letters import ANNA, BOB, CAROL, OFFER, START, answer, evidence, letter, past

from seriema.edge.memory import Bounds, Memory, Retention
from seriema.edge.memory.schema import ENTRY, MAIL, TALLY
from seriema.model.artifact import Artifact, FileClass
from seriema.model.case import Kept
from seriema.model.history import SenderHistory
from seriema.model.message import Address
from seriema.model.password import Proven
from seriema.model.plan import LockedFile
from seriema.model.traits import Traits
from seriema.model.verdict import Tier

OURS = frozenset({"bank.example"})
TRAITS = Traits("Outlook", "f", "i", "b", "+0100", "192.0.2.0/24", "h", "s")
ZIP = Artifact(
    "1", ("a.zip",), "a.zip", "zip", 9, "ab" * 32, file_class=FileClass.ARCHIVE, encrypted=True, password_source="body"
)
MEMBER = Artifact("1.1", ("a.zip", "b.doc"), "b.doc", "doc", 5, "cd" * 32, crc32=77)
PROVEN = (Proven("secret-word", "body"),)


def opened(url="sqlite://", most=0, days=0, ours=OURS, excluded=frozenset(), now=START + timedelta(days=40)):
    return Memory.open(url, own_domains=ours, retention=Retention(Bounds(most, days), excluded), clock=lambda: now)


def came(memory, *mails, tier=Tier.DELIVER, artifacts=()):
    for mail in mails:
        memory.remember(evidence(memory, mail, artifacts), tier, PROVEN if artifacts else ())
    memory.flush()


def strangers(count, start=5.0):
    for n in range(count):
        who = Address(f"Some Body{n}", f"s{n}@flood{n % 7}.example")
        yield letter(f"Buy {n} of these now.", who, (BOB,), start + n / 1_000, subject=f"offer {n}", traits=TRAITS)


def partners():
    """An exchange of Anna's with Bob, and answers."""
    mails = [letter(OFFER, traits=TRAITS)]
    while len(mails) < 6:
        us = len(mails) % 2
        mails.append(answer(mails[-1], f"Answer {len(mails)} of ours.", *((BOB, (ANNA,)) if us else (ANNA, (BOB,)))))
    return mails


def rows(memory, table):
    return memory._database.read(select(table))


@pytest.mark.parametrize("ours", [OURS, frozenset()], ids=["ours known", "ours not known"])
def test_a_flood_of_strangers_forgets_no_correspondent(ours):
    with closing(opened(most=64, ours=ours)) as memory, closing(opened(ours=ours)) as roomy:
        for one in (memory, roomy):
            came(one, *partners(), artifacts=(ZIP, MEMBER))
            came(one, *strangers(600))
        asking = letter("Now?", days=20, traits=TRAITS)
        told, all_told = past(memory, asking), past(roomy, asking)
        assert memory.facts().mails <= 64 + 2
        assert replace(told, mails=0) == replace(all_told, mails=0)
        assert told.sender.habits.client[0].habit
        entries = len(rows(memory, ENTRY))
        came(memory, *strangers(1_200, start=8))
        assert len(rows(memory, ENTRY)) <= entries + 40, "what led to those that went is gone, too"


def test_which_mails_go_is_the_same_each_time():
    left = []
    for _ in range(2):
        with closing(opened(most=50)) as memory:
            came(memory, *partners(), *strangers(300))
            left.append([number for number, *_ in rows(memory, MAIL)])
    assert left[0] == left[1]


def test_when_only_correspondents_are_left_the_oldest_go():
    with closing(opened(most=10)) as memory:
        mails = partners()
        for n in range(30):
            us = len(mails) % 2
            mails.append(answer(mails[-1], f"More {n}.", *((BOB, (ANNA,)) if us else (ANNA, (BOB,))), days=7 + n / 5))
        came(memory, *mails)
        assert memory.facts().mails == 10
        assert past(memory, letter("x", days=20)).pairs[0].sent == 5


def test_what_is_older_than_may_be_goes(tmp_path):
    url = f"sqlite:///{tmp_path}/memory.db"
    with closing(opened(url)) as memory:
        came(memory, *partners(), *strangers(40, start=38), artifacts=(ZIP, MEMBER))
    with closing(opened(url, days=10)) as memory:
        assert (memory.facts().mails, memory.facts().since) == (40, START + timedelta(days=38))
        told = past(memory, letter("x", days=39))
        assert (told.sender, told.pairs[0].sent) == (SenderHistory(), 0)


def test_a_memory_emptied_holds_no_entry(tmp_path):
    url = f"sqlite:///{tmp_path}/memory.db"
    with closing(opened(url)) as memory:
        came(memory, *partners(), *strangers(40), artifacts=(ZIP, MEMBER))
        for one in partners()[:3]:
            memory.condemn(one.sha256[:32])
            memory.acquit(one.sha256[:32])
    with closing(opened(url, days=1)) as memory:
        assert memory.facts().mails == 0
        assert rows(memory, ENTRY) == []
        assert {mails for *_, mails in rows(memory, TALLY)} <= {0}
        came(memory, letter("New.", days=39.9))
        [(number, *_)] = rows(memory, MAIL)
        assert number == 47, "no number is given twice"


def test_a_memory_of_this_process_only_has_no_days_to_keep():
    with closing(opened(days=1)) as memory:
        came(memory, *partners())
        assert memory.facts().mails == 6


def test_of_excluded_mailboxes_nothing_is_kept(tmp_path):
    url = f"sqlite:///{tmp_path}/memory.db"
    with closing(opened(url, excluded=frozenset({CAROL.key}))) as memory:
        for mail in (letter(OFFER, to=(BOB, CAROL)), letter("x", CAROL)):
            known = evidence(memory, mail)
            memory.remember(known, Tier.DELIVER)
            memory.keep_locked(Kept(known, (), 0, (LockedFile("1", "a.zip", b"x"),)))
            memory.keep_suspect(Kept(known, (), 0, ()))
        came(memory, letter("y"))
        assert memory.facts().mails == 1
        assert memory.kept(letter("x", CAROL).sha256[:32]) is None
        shown = b"".join(path.read_bytes() for path in Path(tmp_path).iterdir())
    assert CAROL.key.encode() not in shown


class TestForget:
    def test_nothing_of_a_person_is_left(self, tmp_path):
        url = f"sqlite:///{tmp_path}/memory.db"
        with closing(opened(url)) as memory:
            came(memory, *partners(), letter("All.", CAROL, (BOB, ANNA), 7), artifacts=(ZIP, MEMBER))
            for mail in (partners()[0], letter("All.", CAROL, (BOB, ANNA), 7)):
                known = evidence(memory, mail)
                memory.keep_locked(Kept(known, (), 0, (LockedFile("1", "a.zip", b"x"),)))
                memory.keep_suspect(Kept(known, (), 0, ()))
                memory.keep_proven(known, PROVEN)
            assert memory.forget("Anna@Kanzlei.example") == 3
            told = past(memory, letter("x", days=20))
            assert (told.sender, told.pairs[0].sent, told.pairs[0].answered) == (SenderHistory(), 0, 0)
            carol = past(memory, letter("x", CAROL, (BOB, ANNA), 20))
            assert (carol.sender.recipients, carol.pairs[1].sent, carol.pairs[0].sent) == (1, 0, 1)
            assert memory.kept(partners()[0].sha256[:32]) is None
            assert memory.suspect(letter("All.", CAROL, (BOB, ANNA), 7).sha256[:32]) is None
            assert memory.facts().mails == 4
            shown = b"".join(path.read_bytes() for path in Path(tmp_path).iterdir())
            assert b"kanzlei" not in shown.lower()
            assert b"weber" not in shown.lower()

    def test_the_others_are_remembered_as_before(self):
        dave = Address("", "dave@far.example")
        talk = [letter("To Carol.", dave, (CAROL,), 1), letter("Back.", CAROL, (dave,), 2)]
        with closing(opened()) as memory, closing(opened()) as without:
            came(memory, *partners(), *talk)
            came(without, *talk)
            memory.forget(ANNA.key)
            memory.forget(BOB.key)
            asking = letter("x", dave, (CAROL,), 9)
            assert past(memory, asking) == past(without, asking)
            assert len(rows(memory, ENTRY)) == len(rows(without, ENTRY))
