"""The ciphers of ZIP, each against another implementation of it."""

import random

import pytest
from stream_unzip import stream_unzip

from seriema.exercise.archives import Member, zip_of
from seriema.unlock.zip import zipcrypto
from seriema.unlock.zip.zipcrypto import HEADER_SIZE, Schedules, decryptor, python_decryptor, zipcrypto_lock


def test_the_compiled_cipher_and_ours_agree() -> None:
    data = random.Random(7).randbytes(5000)
    for password in (b"", b"777", "pässwört".encode(), b"x" * 80):
        ours, other = python_decryptor(password), decryptor(password)
        assert ours(data[:13]) + ours(data[13:]) == other(data[:4000]) + other(data[4000:])


def test_without_the_compiled_cipher_ours_takes_its_place(monkeypatch) -> None:
    monkeypatch.setattr(zipcrypto, "_compiled", None)
    assert decryptor(b"777")(b"some bytes") == python_decryptor(b"777")(b"some bytes")


def test_another_reader_agrees_on_what_we_decrypt() -> None:
    data = zip_of([Member("a", b"content " * 40, "U4613")])
    ((_, _, chunks),) = [(name, size, b"".join(parts)) for name, size, parts in stream_unzip([data], b"U4613")]
    assert chunks == b"content " * 40


LONG = ["", "x" * 64, *map(str, range(12_000)), "a sentence of some length"]


@pytest.mark.parametrize("more", [[], ["ü", "日本"]], ids=["ASCII", "beyond ASCII"])
@pytest.mark.parametrize("count", [0, 1, 900, 3_000, len(LONG)])
def test_candidates_side_by_side_find_the_same_as_one_by_one(count: int, more: list[str]) -> None:
    header = random.Random(3).randbytes(HEADER_SIZE)
    passwords = [*LONG[:count], *more, "last"]
    expected = [
        (index, spelling)
        for index, password in enumerate(passwords)
        for spelling in zipcrypto.spellings(password)
        if python_decryptor(spelling)(header)[-1] in (0x4D, 0x99)
    ]
    assert [*zipcrypto_lock(header, frozenset({0x4D, 0x99}), Schedules()).fits(passwords)] == expected
    assert len(expected) >= count // 256


def test_no_candidates_fit_nothing() -> None:
    assert list(zipcrypto_lock(bytes(12), frozenset({0}), Schedules()).fits([])) == []
