"""7z: what is packed, encrypted or hidden behind an encrypted header opens with the right password and no other."""

import io
import random
import struct
import time

import py7zr
import py7zr.properties
import pytest
from tests.builders.opening import contents, facts, opened
from tests.builders.seven_zips import (
    SYMLINK,
    archive,
    bits,
    coder,
    files_info,
    folder,
    framed,
    number,
    prop,
    streams,
)

from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.unlock import Opened
from seriema.unlock.formats.seven_zip import recognise

LETTER = b"Dear Bob, inert text. " * 300
NOISE = random.Random(3).randbytes(40_000)


def open7z(content: bytes, *passwords: str, limits: Limits | None = None) -> Opened:
    return opened(content, *passwords, kind="7z", name="info.7z", limits=limits)


def by_py7zr(files: dict[str, bytes], password: str | None = None, *, header: bool = False, **options: object) -> bytes:
    made = io.BytesIO()
    with py7zr.SevenZipFile(made, "w", password=password, header_encryption=header, **options) as writer:
        for name, content in files.items():
            writer.writestr(content, name)
    return made.getvalue()


FILES = {"letter.txt": LETTER, "photo.bin": NOISE, "small.txt": b"x"}


# -- what opens --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [False, True], ids=["names in the clear", "names encrypted"])
def test_the_right_password_among_wrong_ones_opens(*, header: bool) -> None:
    found = open7z(by_py7zr(FILES, "U4613", header=header), "wrong", "U4613", "other")
    assert (found.state, contents(found)) == (State.INSPECTED, FILES)
    assert found.encrypted
    assert found.password_source == "body"
    assert all(child.encrypted for child in found.children)


@pytest.mark.parametrize("header", [False, True], ids=["names in the clear", "names encrypted"])
@pytest.mark.parametrize(("passwords", "reason"), [((), "no password known"), (("a", "b"), "none of 2 candidates")])
def test_without_the_right_password_it_stays_locked(passwords: tuple[str, ...], reason: str, *, header: bool) -> None:
    found = open7z(by_py7zr(FILES, "U4613", header=header), *passwords)
    assert (found.state, found.encrypted) == (State.LOCKED, True)
    assert reason in found.state_reason
    assert all(child.content is None for child in found.children)
    assert [child.name for child in found.children] == ([] if header else [*FILES])


FILTERS = {
    "LZMA2 and BCJ": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 7}],
    "LZMA": [{"id": py7zr.FILTER_LZMA, "preset": 7}],
    "LZMA2 and ARM": [{"id": py7zr.FILTER_ARM}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "Delta": [{"id": py7zr.FILTER_DELTA}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "Deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "Deflate64": [{"id": py7zr.properties.FILTER_DEFLATE64}],
    "BZip2": [{"id": py7zr.FILTER_BZIP2}],
    "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
    "Brotli": [{"id": py7zr.FILTER_BROTLI, "level": 3}],
    "Copy": [{"id": py7zr.FILTER_COPY}],
}


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS.keys())
@pytest.mark.parametrize("password", [None, "777"], ids=["plain", "encrypted"])
def test_every_codec_opens(filters: list[dict[str, int]], password: str | None) -> None:
    ending = [{"id": py7zr.FILTER_CRYPTO_AES256_SHA256}] if password else []
    made = by_py7zr(FILES, password, filters=[*filters, *ending])
    found = open7z(made, "778", "777")
    assert (found.state, contents(found)) == (State.INSPECTED, FILES)


def test_a_codec_that_is_missing_is_named_and_no_wrong_password() -> None:
    made = by_py7zr(FILES, "777", filters=[{"id": py7zr.FILTER_PPMD}, {"id": py7zr.FILTER_CRYPTO_AES256_SHA256}])
    found = open7z(made, "777")
    assert found.state is State.UNSUPPORTED
    assert "compression PPMd" in found.state_reason
    assert [child.name for child in found.children] == [*FILES]
    assert all(child.encrypted for child in found.children)


@pytest.mark.parametrize("code", ["04f71104", "0b", "020302", "99"])
def test_an_unknown_method_is_unsupported(code: str) -> None:
    shape = folder(LETTER, method="copy")
    found = open7z(archive(["a.txt"], shape.but(coders=(coder(code),))))
    assert found.state is State.UNSUPPORTED


def test_passwords_in_other_scripts_are_utf_16() -> None:
    for password in ("Größe", "パスワード", "😀1"):
        assert open7z(by_py7zr({"a.txt": b"x"}, password), password).state is State.INSPECTED


def test_two_folders_with_a_password_each() -> None:
    made = archive(["a.txt", "b.txt"], folder(LETTER, password="one"), folder(NOISE, password="two"))
    found = open7z(made, "wrong", "two", "one")
    assert (found.state, contents(found)) == (State.INSPECTED, {"a.txt": LETTER, "b.txt": NOISE})
    half = open7z(made, "wrong", "two")
    assert (half.state, contents(half)) == (State.LOCKED, {"a.txt": None, "b.txt": NOISE})


def test_a_key_is_paid_for_once_whatever_the_number_of_folders() -> None:
    shapes = [folder(b"file %d " % turn * 30, password="777", power=19) for turn in range(8)]
    found = open7z(archive([f"{turn}.txt" for turn in range(8)], *shapes), "wrong", "777")
    assert found.state is State.INSPECTED
    assert found.spent.password_work < 3 * 15 + 20


def test_a_plain_folder_beside_an_encrypted_one() -> None:
    found = open7z(archive(["a.txt", "b.txt"], folder(LETTER), folder(NOISE, password="two")))
    assert found.state is State.LOCKED
    assert [(child.encrypted, child.content) for child in found.children] == [(False, LETTER), (True, None)]


def test_it_is_recognised_by_its_start_alone() -> None:
    made = by_py7zr(FILES)
    assert recognise(made)
    assert not recognise(b"MZ" + made)


# -- damage ------------------------------------------------------------------------------------------------------------


def test_damage_behind_the_right_password_is_no_wrong_password() -> None:
    """The file's start is sound, so the password must be right."""
    long = random.Random(1).randbytes(30_000) * 4
    made = bytearray(archive(["a.bin"], folder(long, password="777")))
    made[32 + 25_000] ^= 1
    found = open7z(bytes(made), "777")
    assert found.state is State.MALFORMED
    assert "a password fits" in found.state_reason
    assert contents(found) == {"a.bin": None}


def test_damage_in_a_later_member_leaves_the_first() -> None:
    made = bytearray(archive(["a.txt", "b.bin"], folder(b"short and sound " * 9, NOISE, password="777")))
    made[32 + 20_000] ^= 1
    found = open7z(bytes(made), "x", "777")
    assert [child.state for child in found.children] == [State.INSPECTED, State.MALFORMED]
    assert found.state is State.MALFORMED


def test_a_damaged_member_without_password() -> None:
    shape = folder(LETTER, NOISE, method="copy")
    found = open7z(archive(["a.txt", "b.bin"], shape.but(crcs=(1, shape.crcs[1]))))
    assert [child.state for child in found.children] == [State.MALFORMED, State.INSPECTED]
    assert contents(found)["b.bin"] == NOISE


def test_a_cut_archive_is_malformed() -> None:
    made = by_py7zr(FILES)
    for length in (6, 31, 32, 200, len(made) - 1):
        found = open7z(made[:length])
        assert (found.state, found.children) == (State.MALFORMED, ())


# -- names, links, entries without data --------------------------------------------------------------------------------


def test_directories_empty_files_and_anti_items() -> None:
    names = ["folder", "empty.txt", "gone.txt", "letter.txt"]
    said = prop(0x0E, bits([True, True, True, False])) + prop(0x0F, bits([False, True, True]))
    said += prop(0x10, bits([False, False, True]))
    found = open7z(archive(names, folder(LETTER), properties=said))
    assert contents(found) == {"empty.txt": b"", "letter.txt": LETTER}
    assert found.state is State.INSPECTED
    assert "7z.anti-item" in facts(found)


def test_a_link_is_named() -> None:
    said = prop(0x15, b"\1\0" + struct.pack("<L", SYMLINK))
    found = open7z(archive(["link"], folder(b"/etc/passwd"), properties=said))
    assert "7z.symlink" in facts(found)
    assert contents(found) == {"link": b"/etc/passwd"}


def test_absurd_and_duplicate_names_are_kept_and_named() -> None:
    names = ["../../a.exe", "C:\\con.txt", "a\u202etxt.js", "a\u202etxt.js"]
    found = open7z(archive(names, folder(b"1", b"2", b"3", b"4")))
    assert [child.name for child in found.children] == names
    assert {"archive.traversal-name", "archive.device-name", "archive.reordered-name", "archive.duplicate-name"} <= (
        facts(found)
    )


def test_an_archive_of_nothing() -> None:
    found = open7z(framed(b"", b""))
    assert (found.state, found.children) == (State.INSPECTED, ())


def test_data_behind_the_archive_is_a_fact() -> None:
    found = open7z(by_py7zr(FILES) + b"more")
    assert found.state is State.INSPECTED
    assert "7z.data-after" in facts(found)


def test_an_archive_behind_an_archive_is_opened_and_malformed() -> None:
    found = open7z(archive(["a.txt"], folder(LETTER)) + archive(["b.js"], folder(b"inert")))
    assert found.state is State.MALFORMED
    assert contents(found).items() >= {"a.txt": LETTER, "b.js": b"inert"}.items()


# -- bounds ------------------------------------------------------------------------------------------------------------


def test_a_flat_bomb_is_a_limit() -> None:
    started = time.perf_counter()
    zeros = folder(b"\0" * (64 << 20), b"behind it")
    found = open7z(archive(["zeros", "b.txt"], zeros))
    assert (found.state, contents(found)) == (State.LIMIT, {"zeros": None, "b.txt": None})
    assert "times its size" in found.state_reason
    assert time.perf_counter() - started < 5


def test_a_locked_bomb_is_a_limit() -> None:
    assert open7z(archive(["z"], folder(b"\0" * (8 << 20), password="7")), "6", "7").state is State.LIMIT


def test_a_bomb_of_many_folders_is_a_limit() -> None:
    zeros = folder(b"\0" * (1 << 20))
    found = open7z(archive([f"{turn}" for turn in range(600)], *[zeros] * 600))
    assert found.state is State.LIMIT
    assert found.spent.opened_bytes <= 257 << 20


def test_a_header_bomb_is_a_limit() -> None:
    header = folder(b"\1" + b"\0" * (100 << 20))
    found = open7z(framed(header.data, b"\x17" + streams([header], whole=True)))
    assert (found.state, found.children) == (State.LIMIT, ())


def test_headers_packed_in_headers_end() -> None:
    made = ["a.txt"]
    assert open7z(archive(made, folder(LETTER), encoded=2)).state is State.INSPECTED
    assert open7z(archive(made, folder(LETTER), encoded=40)).state is State.LIMIT


def test_absurd_rounds_are_a_limit_and_not_a_wrong_password() -> None:
    shape = folder(LETTER, password="7")
    for power in (25, 40, 62):
        cipher = coder("06f10701", bytes([0x40 | power, 0x0F]) + bytes(16))
        found = open7z(archive(["a.txt"], shape.but(coders=(shape.coders[0], cipher))), "7")
        assert (found.state, found.children[0].encrypted) == (State.LIMIT, True)
        assert f"2^{power}" in found.state_reason


def test_many_wrong_candidates_end_within_three_seconds() -> None:
    made = by_py7zr(FILES, "U4613")
    started = time.process_time()
    found = open7z(made, *(f"word{turn}" for turn in range(1_808)))
    assert time.process_time() - started < 3
    assert found.state is State.LIMIT
    assert "password work spent after" in found.state_reason


@pytest.mark.parametrize("count", [2_001, 90_000, 1 << 40])
def test_more_members_than_allowed_are_a_limit(count: int) -> None:
    """The count stands in the header; the names are there for as many as can be."""
    some = min(count, 90_000)
    empty = prop(0x0E, b"\xff" * -(-some // 8)) + prop(0x0F, b"\xff" * -(-some // 8))
    said = files_info(["a"] * some, empty).replace(number(some), number(count), 1)
    found = open7z(framed(b"", b"\1" + said + b"\0"))
    assert found.state is State.LIMIT
    assert len(found.children) <= 2_000


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\x01",
        b"\x02",
        b"\x01\x04\x07\x0b\x01\0\x01\x01\0",
        b"\x01\x04\x06\0" + number(1 << 60) + b"\x09\0\0\0",
        b"\x01\x04\x07\x0b" + number(1 << 50),
        b"\x01\x05" + number(1 << 63),
        b"\x17\x06\0\x01\x09\x05\0\x07\x0b\x01\0\x01\x01\0\x0c\x05\0\0",
    ],
)
def test_torn_headers_raise_nothing(header: bytes) -> None:
    found = open7z(framed(b"12345", header or b"\0"))
    assert found.state in (State.MALFORMED, State.LIMIT, State.UNSUPPORTED)


def test_coders_in_a_circle_are_malformed() -> None:
    shape = folder(LETTER, method="copy")
    circle = number(2) + coder("00") + coder("00") + number(0) + number(1)
    made = archive(["a"], shape.but(coders=(coder("00"),)))
    twisted = streams([shape]).replace(number(1) + coder("00"), circle + number(0) + number(0), 1)
    del made
    found = open7z(framed(shape.data, b"\1\4" + twisted + files_info(["a"]) + b"\0"))
    assert found.state in (State.MALFORMED, State.UNSUPPORTED)


SEEDS = {
    "plain": by_py7zr(FILES),
    "encrypted": archive(["a.txt", "b.bin"], folder(LETTER, NOISE, password="777")),
    "header": archive(["a.txt", "b.bin"], folder(LETTER, password="777"), folder(NOISE), locked="777"),
    "bcj": by_py7zr(FILES, filters=FILTERS["LZMA2 and BCJ"]),
    "deflate64": by_py7zr(FILES, filters=FILTERS["Deflate64"]),
    "Brotli": by_py7zr(FILES, filters=FILTERS["Brotli"]),
}


def reframed(content: bytes) -> bytes:
    """The checksums mended, so that a changed header is read at all."""
    offset, size = struct.unpack_from("<QQ", content, 12)
    if 32 + offset + size > len(content):
        return content
    return framed(content[32 : 32 + offset], content[32 + offset : 32 + offset + size])


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS.keys())
def test_mutants_end_in_a_state_and_soon(seed: bytes) -> None:
    dice = random.Random(7)
    (header,) = struct.unpack_from("<Q", seed, 12)
    for turn in range(200):
        mutant = bytearray(seed)
        low = 32 + header if turn % 2 else 32
        for _ in range(dice.choice((1, 1, 2, 5))):
            mutant[dice.randrange(low, len(mutant))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        started = time.perf_counter()
        found = open7z(reframed(bytes(mutant)), "nothing", "777")
        assert time.perf_counter() - started < 5
        assert found.state is not State.CRASHED, found.state_reason
