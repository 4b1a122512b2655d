"""What is safe when: groups, crashes, failures, the same mail twice."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from tests.builders.letters import ANNA, BOB, OFFER, START, answer, evidence, letter, past, received

from seriema import thread
from seriema.edge.memory import Memory
from seriema.edge.memory.writer import MOST_QUEUED
from seriema.model.case import Evidence
from seriema.model.errors import MemoryUnavailable
from seriema.model.thread import Thread
from seriema.model.verdict import Tier

ROOT = Path(__file__).parents[3]


def test_remembering_twice_changes_nothing(memory):
    mail = letter(OFFER)
    for _ in range(3):
        received(memory, mail)
    assert memory.facts().mails == 1
    assert past(memory, letter("x", days=1)).pairs[0].sent == 1


def test_the_same_mail_twice_in_one_group_is_one_mail(memory):
    known = evidence(memory, letter(OFFER))
    for tier in (Tier.HOLD, Tier.DELIVER, Tier.HOLD):
        memory.remember(known, tier)
    memory.flush()
    assert memory.facts().mails == 1


def test_what_was_queued_is_seen_before_it_is_committed(memory):
    mail = letter(OFFER)
    memory.remember(evidence(memory, mail), Tier.DELIVER)
    reply = answer(mail)
    assert len(memory.recall(thread.keys(reply), reply.date, reply.sha256[:32])) == 1


def test_what_was_stored_is_there_after_opening_again(url):
    first = Memory.open(url)
    received(first, letter(OFFER))
    first.close()
    again = Memory.open(url)
    assert received(again, answer(letter(OFFER))).known
    assert (again.facts().mails, again.facts().since) == (2, START)
    again.close()


def test_closing_stores_what_is_queued(url):
    first = Memory.open(url)
    first.remember(evidence(first, letter(OFFER)), Tier.DELIVER)
    first.close()
    again = Memory.open(url)
    assert again.facts().mails == 1
    again.close()


def test_waiters_share_commits(url, monkeypatch):
    memory = Memory.open(url)
    commits = 0
    commit = memory._database.commit

    def counted():
        nonlocal commits
        commits += 1
        commit()

    monkeypatch.setattr(type(memory._database), "commit", lambda self: counted())

    async def one(number):
        memory.remember(evidence(memory, letter(str(number), days=number)), Tier.DELIVER)
        await memory.stored()

    async def everybody():
        await asyncio.gather(*(one(number) for number in range(40)))

    asyncio.run(everybody())
    assert 1 <= commits < 40
    assert memory.facts().mails == 40
    memory.close()


def test_learning_commits_by_itself_now_and_then(url):
    memory = Memory.open(url)
    for number in range(MOST_QUEUED + 1):
        memory.remember(evidence(memory, letter(str(number), days=number)), Tier.DELIVER)
    other = Memory.open(url)
    assert other.facts().mails == MOST_QUEUED
    other.close()
    memory.close()


class TestTrouble:
    def test_a_failed_write_loses_nothing(self, url, monkeypatch):
        memory = Memory.open(url)
        received(memory, letter(OFFER))
        write = type(memory._database).write
        failing = True

        def unwilling(self, *arguments):
            if failing:
                raise MemoryUnavailable("disk full")
            write(self, *arguments)

        monkeypatch.setattr(type(memory._database), "write", unwilling)
        for number in range(3):
            mail = answer(letter(OFFER), text=str(number))
            memory.remember(evidence_without(memory, mail), Tier.DELIVER)
        for _ in range(2):
            with pytest.raises(MemoryUnavailable, match="disk full"):
                memory.flush()
        failing = False
        memory.flush()
        assert memory.facts().mails == 4
        memory.close()

    def test_a_locked_database_is_unavailable_and_recovers(self, url, monkeypatch):
        monkeypatch.setattr("seriema.edge.memory.database.PATIENCE", 0.05)
        one, other = Memory.open(url), Memory.open(url)
        one.remember(evidence(one, letter(OFFER)), Tier.DELIVER)
        one.recall(thread.keys(letter(OFFER)), START, "")
        other.remember(evidence_without(other, letter("Another.", days=1)), Tier.DELIVER)
        with pytest.raises(MemoryUnavailable, match="locked"):
            asyncio.run(other.stored())
        one.flush()
        asyncio.run(other.stored())
        assert other.facts().mails == 2
        one.close()
        other.close()

    def test_a_file_that_is_no_database_is_unavailable(self, url, tmp_path):
        (tmp_path / "memory.db").write_bytes(b"not a database, but long enough to be read as one" * 99)
        (tmp_path / "memory.db.key").write_text("ab" * 32)
        with pytest.raises(MemoryUnavailable, match="not a database"):
            Memory.open(url)


def evidence_without(memory, mail):
    """Evidence that was gathered before the database failed."""
    return Evidence("test", mail.date, mail, Thread())


class TestTwoProcesses:
    def test_both_see_what_the_other_stored(self, url):
        one, other = Memory.open(url), Memory.open(url)
        first = letter(OFFER)
        received(one, first)
        second = answer(first)
        assert received(other, second).known
        third = answer(second, sender=ANNA, to=(BOB,))
        assert received(one, third).messages == 2
        assert other.facts().mails == 3
        one.close()
        other.close()

    def test_taking_turns_gives_the_same_threads_as_one(self, url):
        first = letter(OFFER)
        mails = [first]
        for number in range(12):
            mails.append(
                answer(
                    mails[-1], text=f"{number} {OFFER}", sender=(BOB, ANNA)[number % 2], to=((ANNA, BOB)[number % 2],)
                )
            )
        alone = Memory.open()
        both = (Memory.open(url), Memory.open(url))
        threads = [received(alone, mail) for mail in mails]
        assert [received(both[number % 2], mail) for number, mail in enumerate(mails)] == threads
        for memory in (alone, *both):
            memory.close()


WRITER = """
    import sys
    from tests.builders.letters import OFFER, evidence, letter
    from seriema.edge.memory import Memory
    from seriema.model.thread import Thread
from seriema.model.verdict import Tier

    memory = Memory.open(sys.argv[1])
    for number in range(100_000):
        memory.remember(evidence(memory, letter(f"{number} {OFFER}", days=number, subject=str(number))), Tier.DELIVER)
        if number % 3 == 0:
            memory.flush()
            print(number + 1, flush=True)
"""


def test_a_killed_process_loses_only_what_it_did_not_say_was_stored(url):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), url], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert writer.stdout is not None
    stored = 0
    for line in writer.stdout:
        stored = int(line)
        if stored > 200:
            break
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    memory = Memory.open(url)
    mails = memory.facts().mails
    assert mails >= stored
    assert past(memory, letter("x", days=stored + 1000)).mails == mails
    assert past(memory, letter("x", days=stored + 1000)).pairs[0].sent == mails
    received(memory, letter(f"{mails} {OFFER}", days=mails, subject="goes on"))
    assert memory.facts().mails == mails + 1
    memory.close()


class TestLearning:
    def test_a_place_is_remembered_with_the_mails_before_it(self, url):
        memory = Memory.open(url)
        assert memory.learned("old.mbox") == ""
        memory.remember(evidence(memory, letter(OFFER)), Tier.DELIVER)
        memory.mark_learned("old.mbox", "17")
        memory.mark_learned("other.mbox", '{"offset": 3}')
        assert memory.learned("old.mbox") == "17"
        memory.mark_learned("old.mbox", "29")
        memory.close()
        again = Memory.open(url)
        assert (again.learned("old.mbox"), again.learned("other.mbox")) == ("29", '{"offset": 3}')
        again.close()


def test_time_without_zone_is_utc(memory):
    mail = letter(OFFER)
    received(memory, mail)
    reply = answer(mail)
    naive = (START + timedelta(hours=1)).replace(tzinfo=None)
    assert len(memory.recall(thread.keys(reply), naive, "")) == 1
