"""Locked members that are known again by name, size and CRC-32 from a mail in which they were opened."""

from datetime import timedelta

import pytest
from tests.builders.letters import letter

from seriema.edge.memory import Memory, members
from seriema.model.artifact import Artifact, State
from seriema.model.case import Evidence
from seriema.model.thread import Thread
from seriema.model.verdict import Tier

CRC = 0x1234ABCD


def member(name="info.doc", size=5_120, crc32=CRC, *, opened, identity="1.1"):
    state = State.INSPECTED if opened else State.LOCKED
    sha256 = "ab" * 32 if opened else None
    return Artifact(identity, ("a.zip", name), name, "doc", size, sha256, state=state, encrypted=True, crc32=crc32)


def remember(memory, mail, *artifacts):
    memory.remember(Evidence("test", mail.date, mail, Thread(), artifacts=artifacts), Tier.DELIVER)


def asked(memory, mail, *artifacts):
    found = memory.opened_before(artifacts, mail.date, mail.sha256[:32])
    return {identity: one.message_id for identity, one in found.items()}


def test_a_locked_member_is_known_by_the_mail_that_last_opened_it(memory):
    for day in (1, 2):
        remember(memory, letter(days=day, message_id=f"{day}@x"), member(opened=True))
    assert asked(memory, letter(days=9), member(opened=False, identity="3.2")) == {"3.2": "2@x"}


@pytest.mark.parametrize(
    "other", [{"name": "other.doc"}, {"size": 5_121}, {"crc32": CRC + 1}, {"crc32": 0}, {"crc32": None}, {"size": 0}]
)
def test_name_size_and_checksum_must_all_agree(memory, other):
    remember(memory, letter(days=1), member(opened=True))
    assert asked(memory, letter(days=9), member(opened=False, **other)) == {}


def test_members_without_a_checksum_are_not_remembered(memory):
    remember(memory, letter(days=1), member(opened=True, crc32=0), member(opened=True, crc32=None))
    assert asked(memory, letter(days=9), member(opened=False, crc32=0), member(opened=False, crc32=None)) == {}


def test_what_stayed_locked_what_comes_later_and_the_mail_itself_tell_nothing(memory):
    remember(memory, letter(days=1), member(opened=False))
    remember(memory, letter(days=20), member(opened=True))
    assert asked(memory, letter(days=9), member(opened=False)) == {}
    assert asked(memory, letter(days=20), member(opened=False)) == {}


def test_an_opened_member_is_not_asked_about(memory):
    remember(memory, letter(days=1), member(opened=True))
    assert asked(memory, letter(days=9), member(opened=True)) == {}


def test_a_flood_of_members_is_bounded():
    memory = Memory.open("sqlite://")
    many = [member(f"{number}.doc", opened=True, identity=f"1.{number}") for number in range(1, 500)]
    remember(memory, letter(days=1), *many)
    locked = [member(f"{number}.doc", opened=False, identity=f"1.{number}") for number in range(1, 500)]
    later = letter(days=1)
    found = memory.opened_before(locked, later.date + timedelta(days=1), "0" * 32)
    memory.close()
    assert set(found) == {f"1.{number}" for number in range(1, members.MOST + 1)}
