"""Disc images: every directory of one is read, files shown by one view alone are said, and all ends in time."""

import random
import struct
import time

import pytest
from tests.builders.discs import OnDisc, disc
from tests.builders.mutants import mutated
from tests.builders.opening import contents, facts
from tests.builders.opening import opened as opened_as

from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.unlock.opened import Opened

FILES = [
    OnDisc("INFO_06.JS", "info_06_24_long name.js", b"inert " * 900),
    OnDisc("RESUME.TXT", "résumé.txt", b"x"),
    OnDisc("BIG.BIN", "big.bin", random.Random(1).randbytes(5000)),
    OnDisc("EMPTY.TXT", "empty.txt", b""),
]
LONG = {each.name: each.content for each in FILES}
SHORT = {each.plain: each.content for each in FILES}
SECTOR = 2048


def opened(content: bytes, limits: Limits | None = None) -> Opened:
    return opened_as(content, kind="iso", name="info.iso", limits=limits)


@pytest.mark.parametrize(
    ("views", "expected"),
    [
        ({}, SHORT),
        ({"joliet": True}, LONG),
        ({"rock_ridge": True}, LONG),
        ({"udf": True}, LONG),
        ({"joliet": True, "rock_ridge": True, "udf": True}, LONG),
    ],
)
def test_each_directory_is_read_and_a_file_is_listed_once(views: dict[str, bool], expected: dict[str, bytes]) -> None:
    found = opened(disc(FILES, **views))
    assert (found.state, contents(found), len(found.children)) == (State.INSPECTED, expected, len(FILES))


def test_a_file_that_one_view_hides_is_listed_and_said() -> None:
    files = [*FILES, OnDisc("EVIL.JS", "evil.js", b"inert stand-in", joliet=False)]
    found = opened(disc(files, joliet=True))
    assert found.state is State.MALFORMED
    assert "iso.two-views" in facts(found)
    assert contents(found)["EVIL.JS"] == b"inert stand-in"


def test_the_same_bytes_under_another_kind_of_name_are_said() -> None:
    found = opened(disc([OnDisc("LETTER.JS", "letter.txt", b"inert stand-in")], joliet=True))
    assert found.state is State.MALFORMED
    assert contents(found) == {"letter.txt": b"inert stand-in", "LETTER.JS": b"inert stand-in"}


def test_a_volume_without_a_root_is_malformed() -> None:
    data = bytearray(disc(FILES))
    data[16 * SECTOR + 156 : 16 * SECTOR + 190] = bytes(34)
    assert opened(bytes(data)).state is State.MALFORMED


def test_a_cut_image_is_malformed() -> None:
    found = opened(disc(FILES, joliet=True)[:-6000])
    assert found.state is State.MALFORMED


@pytest.mark.parametrize("left", [16, 19, 24, 512])
def test_an_image_cut_within_its_anchor_is_malformed(left: int) -> None:
    found = opened(disc(FILES, udf=True)[: 256 * SECTOR + left])
    assert found.state is State.MALFORMED


def test_a_folder_that_holds_itself_ends() -> None:
    data = bytearray(disc(FILES))
    root = struct.unpack_from("<L", data, 16 * SECTOR + 158)[0] * SECTOR
    record = bytearray(data[root : root + 34])
    record[0], record[32:] = 40, b"\4LOOP\0"
    end = data.index(b"INFO_06", root) - 33
    assert data[end]
    data[root + SECTOR - 80 : root + SECTOR - 40] = bytes(40)
    first = root
    while data[first]:
        first += data[first]
    data[first : first + 40] = record.ljust(40, b"\0")[:40]
    found = opened(bytes(data))
    assert "iso.repeated-folder" in facts(found)
    assert set(contents(found)) == set(SHORT)


def test_a_huge_file_over_few_bytes_is_bounded() -> None:
    data = bytearray(disc([OnDisc("A.BIN", "a.bin", b"x" * 3000)]))
    at = data.index(b"A.BIN;1") - 33
    struct.pack_into("<L", data, at + 10, 0xFFFFFFF0)
    found = opened(bytes(data))
    assert found.state in (State.MALFORMED, State.LIMIT)


def test_more_members_than_allowed_are_a_limit() -> None:
    assert opened(disc(FILES), Limits(members=2)).state is State.LIMIT


@pytest.mark.parametrize("views", [{"joliet": True, "rock_ridge": True}, {"udf": True}])
def test_two_hundred_mutants_end_in_a_state_and_in_time(views: dict[str, bool]) -> None:
    whole = disc(FILES[:2], **views)
    marks = [at for at in range(16 * SECTOR, len(whole) - SECTOR, SECTOR) if any(whole[at : at + SECTOR])]
    started = time.perf_counter()
    for number in range(200):
        at = marks[number % len(marks)]
        found = opened(mutated(whole, number, at, at + 500))
        assert found.state is not State.CRASHED, (number, found.state_reason)
        assert (found.state is State.INSPECTED) == (not found.state_reason)
    assert time.perf_counter() - started < 60
