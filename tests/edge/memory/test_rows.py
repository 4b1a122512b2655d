"""What is kept of the database between look-ups never hides what somebody else wrote, or what was given up."""

from itertools import pairwise

import pytest
from tests.builders.letters import OFFER, answer, letter, past, received

from seriema import thread
from seriema.edge.memory import Memory, entries
from seriema.edge.memory.database import Database
from seriema.model.errors import MemoryUnavailable


def found(memory: Memory, mail):
    return memory.recall(thread.keys(mail), mail.date, mail.sha256[:32])


def conversation(length: int):
    mails = [letter(OFFER)]
    while len(mails) < length:
        mails.append(answer(mails[-1], text=f"Answer {len(mails)}.", days=len(mails)))
    return mails


def test_two_writers_see_each_others_mails_at_once(url):
    one, other = Memory.open(url), Memory.open(url)
    mails = conversation(8)
    for place, (mail, reply) in enumerate(pairwise(mails)):
        here, there = (one, other) if place % 2 else (other, one)
        assert len(found(here, mail)) == len(found(there, mail)) == place
        received(here, mail)
        assert len(found(there, reply)) == place + 1
        assert past(there, reply) == past(here, reply)
        assert past(there, reply).mails == place + 1
    one.close()
    other.close()


def test_what_was_given_up_is_not_taken_for_written(url, monkeypatch):
    memory = Memory.open(url)
    first, second, third = conversation(3)
    received(memory, first)
    commit = Database.commit

    def unwilling(self):
        raise MemoryUnavailable("disk full")

    monkeypatch.setattr(Database, "commit", unwilling)
    with pytest.raises(MemoryUnavailable):
        received(memory, second)
    monkeypatch.setattr(Database, "commit", commit)
    other = Memory.open(url)
    assert len(found(other, third)) == 1
    assert len(found(memory, third)) == 2, "queued again, and so written before anything is read"
    memory.flush()
    assert found(other, third) == found(memory, third)
    assert past(other, third) == past(memory, third)
    memory.close()
    other.close()


def test_little_room_changes_no_answer(url, tmp_path, monkeypatch):
    mails = conversation(12)
    roomy = Memory.open(url)
    told = [(received(roomy, mail), past(roomy, mail)) for mail in mails]
    monkeypatch.setattr(entries, "KEPT_BYTES", 1_000)
    narrow = Memory.open(f"sqlite:///{tmp_path}/narrow.db")
    assert [(received(narrow, mail), past(narrow, mail)) for mail in mails] == told
    assert len(narrow._rows._entries) < len(roomy._rows._entries)
    roomy.close()
    narrow.close()
