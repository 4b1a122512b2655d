"""ZIP archives as honest programs write them: every cipher, codec and code page, and what stays known when locked."""

import struct
import zlib

import pytest
from tests.builders.opening import contents, facts, opened
from tests.builders.zips import archive, central, deflated, end, local, stored

from seriema.exercise.archives import COMPRESSIONS, Member, zip_bytes, zip_of
from seriema.model.artifact import State
from seriema.model.limits import Limits

FILES = [("info_06_24.txt", b"inert " * 500), ("list/of.csv", b"a;b\n" * 300), ("empty.txt", b"")]
METHODS = ["zipcrypto", "aes128", "aes192", "aes256"]


@pytest.mark.parametrize("compression", sorted(COMPRESSIONS))
def test_an_unlocked_archive_is_read_whole(compression: str) -> None:
    found = opened(zip_bytes(FILES, compression=compression))
    assert (found.state, found.encrypted, contents(found)) == (State.INSPECTED, False, dict(FILES))


@pytest.mark.parametrize("compression", sorted(COMPRESSIONS))
@pytest.mark.parametrize("method", METHODS)
def test_a_locked_archive_opens_with_the_right_one_of_the_candidates(method: str, compression: str) -> None:
    found = opened(zip_bytes(FILES, "U4613", method, compression), "777", "826", "U4613", "abc999")
    assert (found.state, found.encrypted, found.password_source) == (State.INSPECTED, True, "body")
    assert contents(found) == dict(FILES)
    assert [each.value for each in found.passwords] == ["U4613"]


@pytest.mark.parametrize("vendor", [1, 2])
def test_both_variants_of_aes_are_read(vendor: int) -> None:
    found = opened(zip_of([Member("a", b"x" * 90, "777", "aes256", vendor=vendor)]), "777")
    assert contents(found) == {"a": b"x" * 90}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("passwords", "reason"),
    [((), "no password known"), (("777", "826"), "wrong password: none of 2 candidates fits")],
)
def test_a_locked_archive_keeps_what_its_directory_says(method: str, passwords: tuple[str, ...], reason: str) -> None:
    found = opened(zip_bytes(FILES[:1], "U4613", method), *passwords)
    (child,) = found.children
    assert (found.state, found.state_reason) == (State.LOCKED, f"info_06_24.txt: {reason}")
    assert (child.content, child.state, child.state_reason, child.size) == (None, State.LOCKED, reason, 3000)
    assert child.encrypted
    assert "deflate" in child.method
    assert child.crc32 == (zlib.crc32(b"inert " * 500) if method == "zipcrypto" else None)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp1252"])
def test_the_password_is_tried_in_the_code_pages_of_its_time(method: str, encoding: str) -> None:
    data = zip_of([Member("a", b"x" * 90, "Größe7é", method, password_encoding=encoding)])
    assert opened(data, "Größe7é").state is State.INSPECTED


def test_a_japanese_password_in_shift_jis_opens() -> None:
    data = zip_of([Member("a", b"x" * 90, "請求7", "zipcrypto", password_encoding="cp932")])
    assert opened(data, "請求7").state is State.INSPECTED


@pytest.mark.parametrize("method", METHODS)
def test_every_member_may_have_its_own_password(method: str) -> None:
    members = [Member(f"{n}.txt", b"%d" % n * 60, f"pass{n}", method) for n in range(4)]
    found = opened(zip_of([*members, Member("open.txt", b"x")]), "no", "pass3", "pass0", "pass1", "pass2")
    assert found.state is State.INSPECTED
    assert contents(found) == {**{f"{n}.txt": b"%d" % n * 60 for n in range(4)}, "open.txt": b"x"}
    assert [each.encrypted for each in found.children] == [True] * 4 + [False]


def test_one_member_left_locked_makes_the_archive_locked_and_keeps_the_rest() -> None:
    found = opened(zip_of([Member("a", b"x" * 60, "777"), Member("b", b"y" * 60, "826")]), "777")
    assert found.state is State.LOCKED
    assert contents(found) == {"a": b"x" * 60, "b": None}


@pytest.mark.parametrize("password", ["", "777"])
def test_sizes_that_stand_behind_the_data_are_believed_from_the_directory(password: str) -> None:
    found = opened(zip_of([Member("a", b"x" * 500, password, streamed=True)]), "777")
    assert (found.state, contents(found)) == (State.INSPECTED, {"a": b"x" * 500})


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        (b"plain.doc", 0, "plain.doc"),
        ("Grüße.doc".encode(), 0x800, "Grüße.doc"),
        ("Grüße.doc".encode(), 0, "Grüße.doc"),
        ("Übersicht März.doc".encode("cp437"), 0, "Übersicht März.doc"),
        ("facture réglée.doc".encode("cp1252"), 0, "facture réglée.doc"),
        ("見積書_20220726.xls".encode("cp932"), 0, "見積書_20220726.xls"),
        ("表だよ.txt".encode("cp932"), 0, "表だよ.txt"),
        ("счет на оплату.doc".encode("cp866"), 0, "счет на оплату.doc"),
        ("合同文件.doc".encode("gbk"), 0, "合同文件.doc"),
        (b"\xff\xfe\x81.doc", 0x800, "���.doc"),
    ],
)
def test_names_come_out_as_they_were_meant(raw: bytes, flags: int, name: str) -> None:
    assert list(contents(opened(archive(stored(raw, b"x", flags=flags))))) == [name]


def test_the_unicode_field_names_a_file_when_it_was_made_for_it() -> None:
    field = struct.pack("<HHBL", 0x7075, 5 + 8, 1, zlib.crc32(b"xx.doc")) + "üü.d".encode() + b"oc"
    assert list(contents(opened(archive(stored(b"xx.doc", b"x", extra=field))))) == ["üü.doc"]
    assert list(contents(opened(archive(stored(b"yy.doc", b"x", extra=field))))) == ["yy.doc"]


def test_a_unicode_name_of_another_kind_is_a_disagreement() -> None:
    field = struct.pack("<HHBL", 0x7075, 5 + 5, 1, zlib.crc32(b"a.txt")) + b"a.exe"
    found = opened(archive(stored(b"a.txt", b"x", extra=field)))
    assert (found.state, facts(found)) == (State.MALFORMED, {"zip.two-names"})


def test_zip64_sizes_are_read() -> None:
    wide = struct.pack("<HHQQ", 1, 16, 5, 5)
    entry = stored(b"a", b"hello").but(size=0xFFFFFFFF, stored=0xFFFFFFFF, extra=wide)
    assert contents(opened(archive(entry))) == {"a": b"hello"}


def test_a_zip64_end_record_rules() -> None:
    body = local(stored(b"a", b"hello"))
    directory = archive(stored(b"a", b"hello"))[len(body) : -22]
    at = len(body) + len(directory)
    wide = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(directory), len(body))
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    found = opened(body + directory + wide + locator + end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF))
    assert (found.state, contents(found)) == (State.INSPECTED, {"a": b"hello"})


@pytest.mark.parametrize("kind", ["zip", "exe", "jpeg"])
def test_an_archive_behind_something_else_is_opened_too(kind: str) -> None:
    found = opened(b"MZ" + b"\0" * 900 + zip_bytes(FILES), kind=kind)
    assert (found.state, contents(found)) == (State.INSPECTED, dict(FILES))
    assert "zip.data-before" in facts(found)
    assert found.covers == (kind == "zip")


def test_offsets_may_count_the_bytes_before_or_not() -> None:
    assert opened(archive(stored(b"a", b"x"), before=b"#!/bin/sh\n")).state is State.INSPECTED
    whole = archive(stored(b"a", b"x"))
    absolute = b"0123" + whole[:-22].replace(struct.pack("<L", 0) + b"a", struct.pack("<L", 4) + b"a") + end(1, 47, 36)
    assert contents(opened(absolute)) == {"a": b"x"}


def test_data_behind_the_archive_is_a_fact() -> None:
    found = opened(zip_bytes(FILES) + b"trailing")
    assert (found.state, facts(found)) == (State.INSPECTED, {"zip.data-after"})


def test_comment_and_names_may_hold_the_password() -> None:
    found = opened(archive(stored(b"pass777.txt", b"x"), comment=b"pw: 777"))
    assert {(each.source, each.content) for each in found.texts} == {("attachment", "pw: 777"), ("name", "pass777.txt")}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (stored(b"a", b"x", method=98), "compression PPMd"),
        (stored(b"a", b"x", method=1), "compression shrink"),
        (stored(b"a", b"x", method=77), "compression method 77"),
        (stored(b"a", b"x" * 40, flags=0x41), "PKWARE strong encryption"),
        (stored(b"a", b"x" * 40, flags=1, method=98), "compression PPMd"),
    ],
)
def test_what_cannot_be_read_is_named_and_never_a_wrong_password(entry: object, reason: str) -> None:
    found = opened(archive(entry), "777")
    assert (found.state, found.state_reason) == (State.UNSUPPORTED, f"a: {reason}")
    assert found.children[0].content is None


def test_a_file_in_another_volume_is_unsupported() -> None:
    here = stored(b"b", b"y")
    directory = central(stored(b"a", b"x", disk=1), 0) + central(here.but(disk=2), 0)
    found = opened(local(here) + directory + end(2, len(directory), len(local(here)), disk=2))
    assert [each.state for each in found.children] == [State.UNSUPPORTED, State.INSPECTED]


def test_folders_are_no_files_and_symlinks_are_a_fact() -> None:
    link = stored(b"link", b"/etc/passwd", made_by=3 << 8 | 20, attributes=0o120777 << 16)
    found = opened(archive(stored(b"folder/", b""), link))
    assert (contents(found), facts(found)) == ({"link": b"/etc/passwd"}, {"zip.symlink"})


def test_an_empty_archive_is_inspected() -> None:
    assert opened(end(0, 0, 0)).state is State.INSPECTED


def test_spent_work_counts_tries_members_and_bytes() -> None:
    found = opened(zip_bytes(FILES[:2], "777", "aes256"), "1", "2", "777")
    assert (found.spent.members, found.spent.opened_bytes) == (2, 3000 + 1200)
    assert found.spent.password_work == 4  # three tries on one member, and the winner alone on the other


def test_tries_end_with_the_budget_and_say_so() -> None:
    found = opened(zip_bytes(FILES[:1], "777", "aes256"), *map(str, range(800)), limits=Limits(password_work=60))
    assert found.state is State.LIMIT
    assert "password work spent after 60 candidates" in found.state_reason


def test_two_runs_give_the_same_answer() -> None:
    data = zip_bytes(FILES, "777", "aes128")
    assert opened(data, "1", "777") == opened(data, "1", "777")


def test_a_deflated_copy_of_each_kind_of_content_survives() -> None:
    for content in (b"", b"x", bytes(range(256)) * 400, b"\0" * 300_000):
        assert contents(opened(archive(deflated(b"a", content)))) == {"a": content}
