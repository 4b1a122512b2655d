"""Cabinets: stored and MSZIP are read, LZX and Quantum named, and every lie ends in a state."""

import random
import time

import pytest
from tests.builders.cabinets import LZX, MSZIP, QUANTUM, STORED, Listed, assembled, cabinet, mszip
from tests.builders.mutants import mutated
from tests.builders.opening import contents, facts
from tests.builders.opening import opened as opened_as

from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.unlock.opened import Opened

FILES = [("info.js", b"inert " * 20_000), ("a\\b.bin", random.Random(1).randbytes(70_000)), ("résumé.txt", b"x")]


def opened(content: bytes, limits: Limits | None = None) -> Opened:
    return opened_as(content, kind="cab", name="info.cab", limits=limits)


@pytest.mark.parametrize("method", [STORED, MSZIP])
def test_a_cabinet_is_read_whole(method: int) -> None:
    found = opened(cabinet(*FILES, method=method))
    assert (found.state, contents(found)) == (State.INSPECTED, dict(FILES))


@pytest.mark.parametrize(("method", "name"), [(QUANTUM, "Quantum"), (LZX, "LZX"), (7, "method 7")])
def test_a_method_without_codec_is_named_and_its_files_listed(method: int, name: str) -> None:
    found = opened(cabinet(("a.js", b"x"), method=method))
    assert (found.state, found.state_reason) == (State.UNSUPPORTED, f"a.js: compression {name}")
    assert contents(found) == {"a.js": None}


def test_a_file_that_goes_on_in_another_cabinet_is_unsupported() -> None:
    found = opened(assembled([Listed(b"a", 9, 0, folder=0xFFFE), Listed(b"b", 1, 0)], mszip(b"x")))
    assert [each.state for each in found.children] == [State.UNSUPPORTED, State.INSPECTED]


WRONG = {
    "a file beyond its folder": assembled([Listed(b"a", 99, 0)], mszip(b"x")),
    "a folder that does not exist": assembled([Listed(b"a", 1, 0, folder=4)], mszip(b"x")),
    "a block of another size": assembled([Listed(b"a", 1, 0)], [(mszip(b"xyz")[0][0], 2)]),
    "a block without its mark": assembled([Listed(b"a", 1, 0)], [(b"xx", 1)]),
    "a block that is no Deflate": assembled([Listed(b"a", 1, 0)], [(b"CK\xff\xff", 1)]),
    "empty blocks": assembled([Listed(b"a", 1, 0)], [(b"", 0)] * 9, STORED),
    "a wrong checksum": cabinet(("a", b"x" * 99), method=STORED)[:-1] + b"y",
    "cut off in the data": cabinet(*FILES)[:-900],
    "cut off in the list": assembled([Listed(b"a" * 40, 1, 0)], [])[:60],
    "an archive behind it": cabinet(("a", b"x")) + b"7z\xbc\xaf\x27\x1c\0\4\x8d\x9b\xd5\x0f" + bytes(20),
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG.keys())
def test_what_does_not_agree_is_malformed(data: bytes) -> None:
    found = opened(data)
    assert found.state is State.MALFORMED
    assert found.state_reason


def test_an_installshield_cabinet_is_unsupported() -> None:
    assert opened(b"ISc(" + bytes(99)).state is State.UNSUPPORTED


def test_files_listed_backwards_are_read() -> None:
    content = random.Random(2).randbytes(90_000)
    found = opened(assembled([Listed(b"b", 40_000, 50_000), Listed(b"a", 50_000, 0)], mszip(content)))
    assert contents(found) == {"b": content[50_000:], "a": content[:50_000]}


def test_a_bomb_is_a_limit() -> None:
    found = opened(cabinet(("zeros", bytes(24 << 20))))
    assert (found.state, found.children[0].content) == (State.LIMIT, None)


def test_files_that_share_their_bytes_do_not_multiply() -> None:
    blocks = mszip(bytes(20 << 15))
    data = assembled([Listed(b"%d" % n, 1 << 15, (19 - n % 20) << 15) for n in range(1500)], blocks)
    started = time.perf_counter()
    assert opened(data, Limits(opened_bytes=64 << 20)).state is State.LIMIT
    assert time.perf_counter() - started < 5


def test_data_behind_it_is_a_fact() -> None:
    assert "cab.data-after" in facts(opened(cabinet(("a", b"x")) + b"signature"))


def test_two_hundred_mutants_end_in_a_state_and_in_time() -> None:
    seeds = [cabinet(("a.js", b"inert " * 90), ("b", bytes(range(256)) * 3), method=each) for each in (STORED, MSZIP)]
    started = time.perf_counter()
    for number in range(200):
        found = opened(mutated(seeds[number % 2], number, 0, 400))
        assert found.state is not State.CRASHED, (number, found.state_reason)
        assert (found.state is State.INSPECTED) == (not found.state_reason)
    assert time.perf_counter() - started < 30
