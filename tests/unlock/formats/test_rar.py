"""RAR archives as honest programs write them: every version, both ciphers, volumes, links and streams."""

import zlib

import pytest
import rars
from tests.builders.opening import contents, facts
from tests.builders.opening import opened as open_as
from tests.builders.rars import (
    AFTER,
    BEFORE,
    SERVICE5,
    File3,
    File5,
    block5,
    compressed5,
    locked3,
    locked5,
    packed,
    rar3,
    rar5,
    record,
)

from seriema.model.artifact import State
from seriema.model.limits import Limits
from seriema.unlock import Opened

TEXT = b"".join(b"line %d of an inert text\n" % number for number in range(4000))
FILES = [("info_06_24.txt", TEXT), ("list/of.csv", b"a;b\n" * 300), ("empty.txt", b"")]
VERSIONS = ["rar15", "rar20", "rar29", "rar30", "rar40", "rar50", "rar70"]
LOCKED = [(version, False) for version in VERSIONS] + [
    (version, True) for version in ("rar30", "rar40", "rar50", "rar70")
]


def opened(content: bytes, *passwords: str, limits: Limits | None = None) -> Opened:
    return open_as(content, *passwords, kind="rar", name="info.rar", limits=limits)


@pytest.mark.parametrize("solid", [False, True])
@pytest.mark.parametrize("version", VERSIONS)
def test_an_unlocked_archive_is_read_whole(version: str, *, solid: bool) -> None:
    found = opened(packed(FILES, format=version, solid=solid))
    assert (found.state, found.encrypted, contents(found)) == (State.INSPECTED, False, dict(FILES))


@pytest.mark.parametrize(("version", "headers"), LOCKED)
def test_a_locked_archive_opens_with_the_right_one_of_the_candidates(version: str, *, headers: bool) -> None:
    data = packed(FILES, format=version, password="U4613", encrypt_headers=headers)
    found = opened(data, "777", "826", "U4613", "abc999")
    assert (found.state, found.encrypted, found.password_source) == (State.INSPECTED, True, "body")
    assert contents(found) == dict(FILES)
    assert [each.value for each in found.passwords] == ["U4613"]


@pytest.mark.parametrize("version", VERSIONS)
def test_locked_and_stored_without_compression_opens_too(version: str) -> None:
    data = packed(FILES, format=version, password="U4613", store=True)
    assert contents(opened(data, "1", "U4613")) == dict(FILES)


@pytest.mark.parametrize("version", ["rar40", "rar50"])
def test_a_locked_solid_archive_opens(version: str) -> None:
    assert contents(opened(packed(FILES, format=version, password="U4613", solid=True), "1", "U4613")) == dict(FILES)


@pytest.mark.parametrize("version", ["rar20", "rar40", "rar50"])
@pytest.mark.parametrize(
    ("passwords", "reason"),
    [((), "no password known"), (("777", "826"), "wrong password: none of 2 candidates fits")],
)
def test_a_locked_archive_keeps_what_its_headers_say(version: str, passwords: tuple[str, ...], reason: str) -> None:
    found = opened(packed(FILES[:1], format=version, password="U4613"), *passwords)
    (child,) = found.children
    assert (found.state, found.state_reason) == (State.LOCKED, f"info_06_24.txt: {reason}")
    assert (child.content, child.state, child.size, child.encrypted) == (None, State.LOCKED, len(TEXT), True)
    assert child.crc32 == (None if version == "rar50" else zlib.crc32(TEXT))


@pytest.mark.parametrize("archive", [locked3("U4613", File3()), locked5("U4613", File5())], ids=["3", "5"])
@pytest.mark.parametrize("passwords", [(), ("777", "826")])
def test_encrypted_headers_show_nothing_without_the_password(archive: bytes, passwords: tuple[str, ...]) -> None:
    found = opened(archive, *passwords)
    assert (found.state, found.encrypted, found.children) == (State.LOCKED, True, ())


@pytest.mark.parametrize(
    "archive",
    [
        rar3(File3(password="U4613")),
        locked3("U4613", File3()),
        rar5(File5(password="U4613")),
        rar5(File5(password="U4613", tweaked=False)),
        rar5(File5(password="U4613", checked=False)),
        locked5("U4613", File5()),
        locked5("U4613", File5(password="U4613"), checked=False),
    ],
    ids=["data of 3", "headers of 3", "data of 5", "plain checksum", "no check value", "headers of 5", "both"],
)
def test_stored_data_is_decrypted_and_an_independent_reader_agrees(archive: bytes) -> None:
    found = opened(archive, "777", "U4613", "abc999")
    assert (found.state, found.encrypted, contents(found)) == (State.INSPECTED, True, {"info.txt": File5().data})
    assert rars.RarFile.from_bytes(archive, password="U4613").read("info.txt") == File5().data


@pytest.mark.parametrize("password", ["Größe7é", "請求7", "naïve 😀"])
def test_passwords_beyond_ascii_open(password: str) -> None:
    for archive in (rar3(File3(password=password)), rar5(File5(password=password))):
        assert opened(archive, password).state is State.INSPECTED


def test_every_file_may_have_its_own_password() -> None:
    files = [File5(f"{n}.txt", b"%d" % n * 60, f"pass{n}", salt=bytes([n]) * 16) for n in range(3)]
    found = opened(rar5(*files, File5("open.txt")), "no", "pass2", "pass0", "pass1")
    assert (found.state, [each.encrypted for each in found.children]) == (State.INSPECTED, [True] * 3 + [False])
    assert opened(rar5(*files), "pass1").state is State.LOCKED


def test_one_derivation_serves_all_files_with_the_same_salt() -> None:
    files = [File5(f"{n}.txt", password="777", rounds=15) for n in range(20)]
    assert opened(rar5(*files), "1", "777").spent.password_work <= 25


def test_tries_end_with_the_budget_and_say_so() -> None:
    found = opened(rar5(File5(password="777", rounds=15)), *map(str, range(40)), limits=Limits(password_work=60))
    assert found.state is State.LIMIT
    assert "password work spent after" in found.state_reason


@pytest.mark.parametrize("name", ["Grüße.doc", "見積書.xls", "👋.txt"])
def test_names_of_rar_5_are_utf_8(name: str) -> None:
    assert list(contents(opened(rar5(File5(name))))) == [name]


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        ("Grüße.doc".encode("cp437"), 0, "Grüße.doc"),
        ("Grüße.doc".encode(), 0x200, "Grüße.doc"),
        # G as it is, ü in full, the rest from the plain name
        (b"Guru.doc\0" + bytes((0, 0b00_10_11_00)) + b"G\xfc\0\x04", 0x200, "Güru.doc"),
    ],
)
def test_names_of_rar_3_have_two_writings(raw: bytes, flags: int, name: str) -> None:
    assert list(contents(opened(rar3(File3(raw, flags=flags))))) == [name]


def test_blake2sp_is_checked() -> None:
    empty = bytes.fromhex("dd0e891776933f43c7d032b08a917e25741f8aa9a12c12e1cac8801500f2ca4f")
    assert opened(rar5(File5(data=b"", blake2=empty))).state is State.INSPECTED
    found = opened(rar5(File5(data=b"x", blake2=empty)))
    assert (found.state, found.state_reason) == (State.MALFORMED, "info.txt: the BLAKE2sp does not agree")


def test_links_are_facts_and_copies_are_read_under_their_own_name() -> None:
    files = (
        File5("a.txt", b"inert"),
        File5("link", b"", link=(1, "../a.txt")),
        File5("hard.exe", b"", link=(4, "a.txt")),
        File5("copy.exe", b"", link=(5, "a.txt")),
    )
    found = opened(rar5(*files))
    assert contents(found) == {"a.txt": b"inert", "link": b"../a.txt", "hard.exe": b"inert", "copy.exe": b"inert"}
    assert facts(found) == {"rar.symlink", "rar.hard-link", "rar.copy"}
    elsewhere = opened(rar5(File5("copy.exe", b"", link=(5, "gone.txt"))))
    assert (elsewhere.state, elsewhere.children[0].content) == (State.UNSUPPORTED, None)


def test_a_symlink_of_rar_3_is_a_fact() -> None:
    assert facts(opened(rar3(File3(data=b"/etc/passwd", host=3, attributes=0o120777)))) == {"rar.symlink"}


def test_a_stream_is_a_file_of_its_own() -> None:
    stream = File5("STM", b"hidden", kind=SERVICE5, extra=record(7, b":evil.exe"))
    assert contents(opened(rar5(File5(), stream))) == {"info.txt": File5().data, "info.txt:evil.exe": b"hidden"}


def test_comment_and_names_may_hold_the_password() -> None:
    found = opened(rar5(File5("CMT", b"pw: 777\n\0", kind=SERVICE5), File5(password="777")), "777")
    assert {(each.source, each.content) for each in found.texts} == {("attachment", "pw: 777\n"), ("name", "info.txt")}
    old = packed([("a.txt", b"x")], format="rar40", comment=b"pw: 777")
    assert "pw: 777" in [each.content for each in opened(old).texts]


@pytest.mark.parametrize("kind", ["rar", "exe", "jpeg"])
def test_an_archive_behind_something_else_is_opened_too(kind: str) -> None:
    found = open_as(b"MZ" + b"Rar!\x1a\x07\0 " * 3 + bytes(900) + rar5(File5()), kind=kind)
    assert (found.state, contents(found)) == (State.INSPECTED, {"info.txt": File5().data})
    assert ("rar.data-before" in facts(found), found.covers) == (True, kind == "rar")


def test_a_dictionary_of_gigabytes_takes_no_more_than_what_comes_out() -> None:
    data = compressed5(TEXT)
    found = opened(rar5(File5(data=data, method=3, size=len(TEXT), crc=zlib.crc32(TEXT), dictionary=15)))
    assert contents(found) == {"info.txt": TEXT}


def test_volumes_one_behind_the_other_are_one_archive() -> None:
    whole = TEXT[:5000]
    parts = (
        rar5(File5("a", whole[:2000], flags=AFTER), volume=0, more=True),
        rar5(File5("a", whole[2000:4000], flags=BEFORE | AFTER), volume=1, more=True),
        rar5(File5("a", whole[4000:], size=5000, crc=zlib.crc32(whole), flags=BEFORE), File5("b"), volume=2),
    )
    found = opened(b"".join(parts))
    assert (found.state, contents(found)) == (State.INSPECTED, {"a": whole, "b": File5().data})
    for missing, reason in enumerate(("volume 1 is missing", "volume 2 is missing", "volume 3 is missing")):
        found = opened(b"".join(part for number, part in enumerate(parts) if number != missing))
        assert (found.state, found.state_reason) == (State.UNSUPPORTED, reason)
        assert all(child.state is State.UNSUPPORTED for child in found.children if child.name == "a")


def test_two_runs_give_the_same_answer() -> None:
    data = packed(FILES, format="rar50", password="777")
    assert opened(data, "1", "777") == opened(data, "1", "777")


def test_an_old_main_header_and_an_end_without_fields_are_read() -> None:
    assert opened(rar5(File5())[:-8] + block5(5)).state is State.INSPECTED


EMPTY3 = File3(b"empty.txt", b"", "777")


@pytest.mark.parametrize("passwords", [(), ("826",), ("777",)])
def test_empty_files_alone_prove_no_password_and_stay_locked(passwords: tuple[str, ...]) -> None:
    found = opened(rar3(EMPTY3), *passwords)
    assert (found.state, found.passwords, found.children[0].content) == (State.LOCKED, (), None)


@pytest.mark.parametrize("files", [(EMPTY3, File3(password="777")), (File3(password="777"), EMPTY3)])
def test_an_empty_file_opens_with_what_another_file_proves(files: tuple[File3, ...]) -> None:
    found = opened(rar3(*files), "826", "777", "abc")
    assert (found.state, [each.value for each in found.passwords]) == (State.INSPECTED, ["777"])
    assert contents(found) == {"empty.txt": b"", "info.txt": File3().data}
    for passwords in ((), ("826", "abc")):
        shut = opened(rar3(*files), *passwords)
        assert {each.state for each in shut.children} == {State.LOCKED}


def test_an_empty_file_behind_encrypted_headers_opens_with_them() -> None:
    assert opened(locked3("777", EMPTY3), "826", "777").state is State.INSPECTED
    assert opened(locked3("777", EMPTY3), "826").state is State.LOCKED
