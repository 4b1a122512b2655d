"""What the files of a memory show to somebody without its key."""

import os
import stat

import pytest
from tests.builders.letters import ANNA, BOB, CAROL, answer, evidence, letter, quote, received

from seriema.edge.memory import Memory
from seriema.edge.memory.keyring import Keyring
from seriema.edge.memory.schema import ENTRY
from seriema.model.case import Evidence, Kept
from seriema.model.errors import ConfigurationError, MemoryUnavailable
from seriema.model.password import Candidate
from seriema.model.plan import LockedFile
from seriema.model.thread import Thread

TEXT = (
    "The merger of Zanzibar Holdings is still confidential, and nobody outside this room may hear of the takeover bid."
)
ONCE = ("Zanzibar", "confidential", "Hyperion", "absent-ancestor", "S3cretPassw0rd", "innerlocked", "learned-here.mbox")


def test_no_text_subject_password_or_foreign_id_lies_in_the_files(url, tmp_path):
    memory = Memory.open(url)
    first = letter(TEXT, subject="Project Hyperion", references=("absent-ancestor@x",))
    second = answer(first, text=TEXT, quotes=(quote(first),))
    received(memory, first, second)
    known = evidence(memory, second)
    memory.keep_candidates(known, (Candidate("S3cretPassw0rd", "body"),))
    memory.keep_locked(Kept(known, (), 0, (LockedFile("1", "innerlocked.zip", b"innerlocked" * 9),)))
    memory.mark_learned("learned-here.mbox", "12")
    memory.flush()
    shown = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    memory.close()
    shown += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for word in ONCE:
        for spelling in (word, word.lower(), word.upper()):
            assert spelling.encode() not in shown
            assert spelling.encode("utf-16-le") not in shown
    for number in (*first.body.fingerprints, *second.body.quoted_fingerprints):
        assert number.to_bytes(8, "big") not in shown
        assert number.to_bytes(8, "little") not in shown
    assert ANNA.key.encode() in shown  # people are facts that reasons name


def test_files_are_for_their_owner_alone(url, tmp_path):
    before = os.umask(0)
    try:
        memory = Memory.open(url)
        received(memory, letter(TEXT))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        memory.close()
    finally:
        os.umask(before)
    assert {"memory.db", "memory.db.key", "memory.db-wal"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_two_memories_have_different_keys(tmp_path):
    one = Keyring.of_file(tmp_path / "one.key")
    other = Keyring.of_file(tmp_path / "other.key")
    assert one.number("id", "a@x") != other.number("id", "a@x")
    assert one.derived("seal") != other.derived("seal")
    assert Keyring.of_file(tmp_path / "one.key") == one
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.key", "other.key"]


def test_purposes_do_not_share_keys():
    keyring = Keyring.random()
    assert len({keyring.number(purpose, "a@x") for purpose in ("id", "subject", "sender", "pair")}) == 4
    assert repr(keyring).count(keyring.secret.hex()) == 0


def test_another_key_is_refused(url, tmp_path):
    Memory.open(url).close()
    (tmp_path / "memory.db.key").write_text("ab" * 32)
    with pytest.raises(ConfigurationError, match="not the one it was made with"):
        Memory.open(url)


def test_a_lost_key_is_no_reason_to_make_a_new_one(url, tmp_path):
    memory = Memory.open(url)
    received(memory, letter(TEXT))
    memory.close()
    (tmp_path / "memory.db.key").unlink()
    with pytest.raises(ConfigurationError, match="missing"):
        Memory.open(url)
    assert not (tmp_path / "memory.db.key").exists()


@pytest.mark.parametrize("content", ["", "not hexadecimal", "abcd", "ab" * 31, "ab" * 33, "\udcff"])
def test_a_file_that_is_no_key_is_refused(url, tmp_path, content):
    (tmp_path / "memory.db.key").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigurationError, match="not a key"):
        Memory.open(url)


def test_a_key_that_cannot_be_read_is_trouble_and_not_a_new_key(tmp_path):
    (tmp_path / "folder.key").mkdir()
    with pytest.raises(MemoryUnavailable, match=r"folder\.key"):
        Keyring.of_file(tmp_path / "folder.key")


def test_the_key_may_lie_elsewhere(url, tmp_path):
    (tmp_path / "safe").mkdir()
    Memory.open(url, tmp_path / "safe" / "key").close()
    assert not (tmp_path / "memory.db.key").exists()
    Memory.open(url, tmp_path / "safe" / "key").close()


def test_passwords_do_not_show_in_tracebacks():
    known = Evidence("x", letter("").date, letter(""), Thread())
    assert "S3cret" not in repr(Kept(known, (), 0, (LockedFile("1", "a", b"S3cret"),)))


def test_who_wrote_whom_is_known_under_keys_only(url, tmp_path):
    memory = Memory.open(url)
    received(memory, letter(TEXT, ANNA, (BOB, CAROL)))
    rows = memory._database.read(ENTRY.select())
    memory.close()
    assert rows
    assert not any(person.key.encode() in value for _, value in rows for person in (ANNA, BOB, CAROL))
