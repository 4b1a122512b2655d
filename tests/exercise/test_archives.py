"""The archives of the exercise: what other readers make of them, and that they are the same in every run."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
import pyzipper

from seriema.exercise.archives import COMPRESSIONS, Member, zip_bytes, zip_of

MEMBERS = [("info_06_24.doc", b"inert " * 400), ("résumé.txt", b""), ("one", b"x")]


@pytest.mark.parametrize("method", ["zipcrypto", "aes128", "aes192", "aes256"])
@pytest.mark.parametrize("compression", ["stored", "deflate", "bzip2", "lzma"])
def test_an_independent_reader_opens_each_member_with_the_password(method: str, compression: str) -> None:
    data = zip_bytes(MEMBERS, "U4613", method, compression)
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        assert [(info.filename, archive.read(info, pwd=b"U4613")) for info in archive.infolist()] == MEMBERS


@pytest.mark.parametrize("method", ["zipcrypto", "aes256"])
def test_a_wrong_password_is_refused(method: str) -> None:
    with (
        pyzipper.AESZipFile(io.BytesIO(zip_bytes(MEMBERS, "U4613", method))) as archive,
        pytest.raises(RuntimeError, match=r"[Bb]ad password"),
    ):
        archive.read("info_06_24.doc", pwd=b"777")


@pytest.mark.parametrize("compression", sorted(COMPRESSIONS.keys() - {"deflate64", "xz", "zstd"}))
def test_an_unlocked_archive_is_read_by_the_standard_library(compression: str) -> None:
    with zipfile.ZipFile(io.BytesIO(zip_bytes(MEMBERS, compression=compression))) as archive:
        assert archive.testzip() is None
        assert [(info.filename, archive.read(info)) for info in archive.infolist()] == MEMBERS


@pytest.mark.parametrize("method", ["zipcrypto", "aes128"])
def test_two_runs_give_the_same_bytes(method: str) -> None:
    when = datetime(2020, 6, 24, 9, 30, tzinfo=UTC)
    assert zip_bytes(MEMBERS, "777", method, when=when) == zip_bytes(MEMBERS, "777", method, when=when)


def test_each_member_may_have_a_password_of_its_own() -> None:
    data = zip_of([Member("a", b"first", "777"), Member("b", b"second", "4432", "aes192"), Member("c", b"open")])
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        assert archive.read("a", pwd=b"777") == b"first"
        assert archive.read("b", pwd=b"4432") == b"second"
        assert archive.read("c") == b"open"


@pytest.mark.parametrize("password", ["", "office0725"])
def test_a_streamed_member_keeps_its_sizes_in_a_descriptor(password: str) -> None:
    data = zip_of([Member("a", b"content" * 9, password, streamed=True)], comment=b"said so")
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        assert archive.comment == b"said so"
        assert archive.read("a", pwd=password.encode() or None) == b"content" * 9


def test_the_vendor_version_decides_whether_the_crc_is_kept() -> None:
    data = zip_of([Member("a", b"x", "1", "aes256", vendor=1), Member("b", b"x", "1", "aes256", vendor=2)])
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        assert [info.CRC != 0 for info in archive.infolist()] == [True, False]
        assert archive.read("a", pwd=b"1") == archive.read("b", pwd=b"1") == b"x"


def test_the_time_given_stands_in_the_directory() -> None:
    with zipfile.ZipFile(io.BytesIO(zip_bytes(MEMBERS, when=datetime(2020, 6, 24, 9, 30, 10, tzinfo=UTC)))) as archive:
        assert archive.infolist()[0].date_time == (2020, 6, 24, 9, 30, 10)
