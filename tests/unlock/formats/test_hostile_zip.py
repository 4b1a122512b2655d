"""ZIP archives that lie: every view is opened, every bound holds, and no lie ever ends as inspected."""

import random
import struct
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.opening import contents, facts, opened
from tests.builders.zip_lies import AMBIGUOUS, EVIL, GOOD, VIEWS, overlapping
from tests.builders.zips import archive, stored

from seriema.exercise.archives import Member, zip_bytes, zip_of
from seriema.model.artifact import State
from seriema.model.limits import Limits


@pytest.mark.parametrize(("data", "fact"), VIEWS.values(), ids=VIEWS.keys())
def test_a_disagreement_is_never_inspected(data: bytes, fact: str | None) -> None:
    found = opened(data, "777")
    assert found.state is State.MALFORMED
    assert found.state_reason
    assert fact is None or fact in facts(found)


@pytest.mark.parametrize(
    "name",
    [
        "a file only local headers show",
        "a file in front of the first",
        "an archive in the comment",
        "an empty end record behind",
        "size and offset lead to two directories",
        "another name in the local header",
        "another length in the local header",
        "offsets counted in two ways",
        "a ZIP64 record that leads elsewhere",
        "another name in the local header's field",
        "no directory at all",
    ],
)
def test_what_any_program_would_show_is_opened(name: str) -> None:
    found = opened(VIEWS[name][0])
    assert any(child.content == b"inert stand-in" for child in found.children)


def test_what_can_be_read_of_a_damaged_member_is_kept() -> None:
    found = opened(archive(EVIL.but(crc=1)))
    assert contents(found) == {"macro.js": b"inert stand-in"}
    assert found.children[0].state is State.MALFORMED


def test_an_archive_stored_in_an_archive_is_no_second_directory() -> None:
    inner = archive(GOOD)
    found = opened(archive(stored(b"inner.zip", inner)))
    assert (found.state, contents(found)) == (State.INSPECTED, {"inner.zip": inner})


# -- bombs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("compression", ["deflate", "bzip2", "lzma", "xz", "zstd"])
def test_a_flat_bomb_is_a_limit(compression: str) -> None:
    found = opened(zip_bytes([("zeros", b"\0" * (8 << 20)), ("b", b"x")], compression=compression))
    assert (found.state, found.children[0].content) == (State.LIMIT, None)
    assert "times its size" in found.state_reason
    assert found.children[1].content == b"x"
    assert found.spent.opened_bytes <= 4 << 20


def test_a_locked_bomb_is_a_limit_too() -> None:
    for method in ("zipcrypto", "aes256"):
        assert opened(zip_bytes([("zeros", b"\0" * (8 << 20))], "777", method), "777").state is State.LIMIT


def test_overlapping_members_do_not_multiply() -> None:
    data = overlapping(1500)
    found = opened(data)
    assert found.state is State.MALFORMED
    assert found.spent.opened_bytes <= 401 * len(data)


def test_one_large_member_is_a_limit() -> None:
    found = opened(archive(stored(b"a", b"x" * 5000)), limits=Limits(member_bytes=4999))
    assert found.state is State.LIMIT


def test_all_members_together_are_bounded() -> None:
    members = [(str(n), bytes([n]) * 1000) for n in range(20)]
    found = opened(zip_bytes(members, compression="stored"), limits=Limits(opened_bytes=5500))
    assert found.state is State.LIMIT
    assert [each.state for each in found.children[:7]] == [State.INSPECTED] * 5 + [State.LIMIT] * 2


def test_more_members_than_allowed_are_a_limit() -> None:
    found = opened(zip_bytes([(str(n), b"x") for n in range(30)]), limits=Limits(members=10))
    assert (found.state, len(found.children)) == (State.LIMIT, 10)


def test_an_lzma_member_that_asks_for_a_huge_dictionary_gets_none() -> None:
    data = struct.pack("<BBHBL", 9, 20, 5, 93, 0xFFFFFFFF) + b"\0" * 20
    assert opened(archive(stored(b"a", data, method=14, size=0xFFFFFFF0))).state is State.MALFORMED


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        (b"../../etc/passwd", "archive.traversal-name"),
        (b"..\\evil.exe", "archive.traversal-name"),
        (b"/etc/passwd", "archive.absolute-name"),
        (b"C:\\evil.exe", "archive.absolute-name"),
        (b"aux.txt", "archive.device-name"),
        (b"a\0b.txt", "archive.control-character-name"),
        ("a\u202etxt.exe".encode(), "archive.reordered-name"),
        (b"invoice.pdf            .exe", "archive.padded-name"),
        (b"evil.exe. ", "archive.stripped-name"),
    ],
)
def test_a_deceptive_name_stays_raw_and_is_a_fact(name: bytes, fact: str) -> None:
    found = opened(archive(stored(name, b"x")))
    assert fact in facts(found)
    assert [child.name for child in found.children] == [name.decode()]


def test_a_name_that_comes_twice_is_a_fact() -> None:
    assert "archive.duplicate-name" in facts(opened(archive(GOOD, GOOD)))


# -- passwords ---------------------------------------------------------------------------------------------------------


def test_two_passwords_that_fit_are_a_contradiction() -> None:
    for single in ("501464", "920086"):
        assert opened(archive(AMBIGUOUS), "1", single).state is State.INSPECTED
    found = opened(archive(AMBIGUOUS), "501464", "1", "920086")
    assert (found.state, found.state_reason) == (State.MALFORMED, "a: more than one password reads well")
    assert [child.content for child in found.children] == [b"B\x03m\x92n`", b"\xfc\x18\xb7\xd8M\x90"]


def test_a_content_that_contradicts_its_name_may_be_the_wrong_one() -> None:
    for method, state in (("zipcrypto", State.MALFORMED), ("aes256", State.INSPECTED)):
        assert opened(zip_bytes([("info.docx", b"not a document")], "777", method), "777").state is state


def test_a_thousand_wrong_passwords_open_nothing() -> None:
    data = zip_bytes([("a.txt", b"some text that is not very long"), ("b.txt", b"")], "right", "zipcrypto", "stored")
    found = opened(data, *(f"wrong{n}" for n in range(2000)))
    assert found.children[0].state is State.LOCKED


def test_damaged_data_behind_the_right_password_is_no_wrong_password() -> None:
    data = bytearray(zip_of([Member("a", b"x" * 300, "777", "aes256", "stored")]))
    data[100] ^= 1
    found = opened(bytes(data), "777")
    assert (found.state, found.state_reason) == (State.MALFORMED, "a: a password fits, but what it opens is damaged")


def test_every_file_may_cost_but_all_share_one_budget() -> None:
    members = [Member(str(n), b"x", f"unknown{n}", "aes256") for n in range(40)]
    found = opened(zip_of(members), *map(str, range(300)), limits=Limits(password_work=200))
    assert found.state is State.LIMIT
    assert found.spent.password_work <= 200


# -- mutation ----------------------------------------------------------------------------------------------------------

SEEDS = [
    zip_bytes([("a.txt", b"some text " * 30), ("b.bin", bytes(range(256)))], password, method, compression)
    for password, method, compression in (
        ("", "zipcrypto", "deflate"),
        ("777", "zipcrypto", "stored"),
        ("777", "aes128", "deflate"),
        ("777", "aes256", "lzma"),
        ("", "zipcrypto", "bzip2"),
        ("", "zipcrypto", "deflate64"),
        ("777", "aes192", "zstd"),
        ("", "zipcrypto", "xz"),
    )
]


def mutated(number: int) -> bytes:
    """Byte flips, cuts, repeats and swapped blocks; the same in every run."""
    dice = random.Random(number)
    data = bytearray(SEEDS[number % len(SEEDS)])
    for _ in range(dice.randint(1, 6)):
        at, length = dice.randrange(len(data)), dice.randint(1, 40)
        kind = dice.randrange(5)
        if kind == 0:
            data[at] = dice.randrange(256)
        elif kind == 1:
            data[at : at + 4] = dice.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"PK\5\6", b"PK\3\4", b"\xff\xff\0\0"])
        elif kind == 2:
            del data[at : at + length]
        elif kind == 3:
            data[at:at] = data[at : at + length]
        else:
            data[at : at + length] = dice.randbytes(length)
        data = data or bytearray(b"P")
    return bytes(data)


def test_two_hundred_mutated_archives_end_in_a_state_and_in_time() -> None:
    started = time.perf_counter()
    for number in range(200):
        found = opened(mutated(number), "1", "777")
        assert found.state is not State.CRASHED, (number, found.state_reason)
        assert (found.state is State.INSPECTED) == (not found.state_reason)
    assert time.perf_counter() - started < 60


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=60))
def test_any_bytes_end_in_a_state(middle: bytes, tail: bytes) -> None:
    found = opened(b"PK\3\4" + middle + b"PK\1\2" + tail, "777", limits=Limits(members=20, opened_bytes=1 << 16))
    assert found.state is not State.CRASHED


def test_no_locked_mutant_shows_content_that_was_not_checked() -> None:
    original = {zlib.crc32(b"some text " * 30), zlib.crc32(bytes(range(256)))}
    for number in range(1, 200, 6):
        for child in opened(mutated(number), "777").children:
            if child.encrypted and child.state is State.INSPECTED:
                assert child.content is not None
                assert zlib.crc32(child.content) in {*original, child.crc32}
