"""gz, bz2, xz, lzma, zst: one file each, joined from all streams; torn, trailing and bombs are said."""

import bz2
import gzip
import io
import lzma
import random
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.opening import contents, facts, opened

from seriema.model.artifact import State
from seriema.model.errors import Malformed
from seriema.unlock.streams import inflated64, inner_name

TEXT = b"Dear Bob, inert text. " * 500
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "zst": zstd.compress,
}
KINDS = pytest.mark.parametrize(("kind", "pack"), PACKERS.items(), ids=PACKERS.keys())
JOINED = pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst"])


@KINDS
def test_the_file_inside_opens(kind: str, pack: Callable[[bytes], bytes]) -> None:
    found = opened(pack(TEXT), kind=kind, name=f"letter.txt.{kind}")
    assert (found.state, contents(found)) == (State.INSPECTED, {"letter.txt": TEXT})
    assert found.covers


@KINDS
def test_an_empty_file_inside(kind: str, pack: Callable[[bytes], bytes]) -> None:
    assert contents(opened(pack(b""), kind=kind, name=f"a.{kind}")) == {"a": b""}


@JOINED
def test_streams_are_joined(kind: str) -> None:
    pack = PACKERS[kind]
    found = opened(pack(b"one ") + pack(b"") + bytes(8) + pack(b"two") + bytes(512), kind=kind, name="a")
    assert (found.state, contents(found)) == (State.INSPECTED, {"a": b"one two"})


@KINDS
def test_data_behind_the_end_is_malformed_and_what_came_out_is_kept(kind: str, pack: Callable[[bytes], bytes]) -> None:
    found = opened(pack(TEXT) + b"and more", kind=kind, name="a")
    assert (found.state, contents(found)) == (State.MALFORMED, {"a": TEXT})
    assert "no program shows" in found.state_reason


@KINDS
def test_a_cut_stream_is_malformed(kind: str, pack: Callable[[bytes], bytes]) -> None:
    made = pack(random.Random(1).randbytes(2_000_000))
    found = opened(made[:1_900_000], kind=kind, name="a")
    assert found.state is State.MALFORMED
    assert found.children[0].content


@KINDS
def test_a_bomb_is_a_limit(kind: str, pack: Callable[[bytes], bytes]) -> None:
    found = opened(pack(b"\0" * (32 << 20)), kind=kind, name="a")
    assert (found.state, contents(found)) == (State.LIMIT, {"a": None})
    assert found.spent.opened_bytes <= 16 << 20


def test_thousands_of_streams_are_a_limit() -> None:
    started = time.perf_counter()
    assert opened(gzip.compress(b"") * 20_000, kind="gz", name="a").state is State.LIMIT
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("kind", ["xz", "lzma", "zst"])
def test_memory_that_a_header_asks_for_is_bounded(kind: str) -> None:
    huge = {
        "xz": lambda: lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]),
        "lzma": lambda: b"\x5d" + (1 << 30).to_bytes(4, "little") + b"\xff" * 8 + lzma.compress(b"x")[:99],
        "zst": lambda: b"\x28\xb5\x2f\xfd\x00\xa8" + bytes(40),
    }
    assert opened(huge[kind](), kind=kind, name="a").state is State.LIMIT


def test_noise_ends_soon_as_deflate64() -> None:
    """Another library went on for ever with the fifth."""
    dice, started = random.Random(5), time.process_time()
    for _ in range(200):
        with suppress(Malformed):  # a short stored block in noise is a stream
            list(inflated64(iter([dice.randbytes(1 << 16)])))
    assert time.process_time() - started < 5


def named(name: str) -> bytes:
    made = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=made, mtime=0) as writer:
        writer.write(TEXT)
    return made.getvalue()


def test_gzip_gives_the_original_name() -> None:
    assert [*contents(opened(named("rechnung.docm"), kind="gz", name="a.docm.gz"))] == ["rechnung.docm"]


def test_another_kind_of_name_in_the_header_is_a_fact() -> None:
    assert "gz.two-names" in facts(opened(named("a.js"), kind="gz", name="a.pdf.gz"))


@pytest.mark.parametrize(
    ("outer", "inner"), [("a.tgz", "a.tar"), ("a.tar.gz", "a.tar"), ("a", "a"), ("", "content"), (".gz", ".gz")]
)
def test_the_name_of_what_is_inside(outer: str, inner: str) -> None:
    assert inner_name(outer) == inner


@KINDS
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_mutants_raise_nothing(kind: str, pack: Callable[[bytes], bytes], data: st.DataObject) -> None:
    mutant = bytearray(pack(TEXT))
    for _ in range(data.draw(st.integers(1, 4))):
        mutant[data.draw(st.integers(0, len(mutant) - 1))] = data.draw(st.integers(0, 255))
    assert opened(bytes(mutant), kind=kind, name="a").state is not State.CRASHED
