"""Archives inside other files: found at any offset, opened in every view, and false signatures passed over."""

import io
import tarfile
import time
import zlib

import pytest
from tests.builders.cabinets import STORED, cabinet
from tests.builders.discs import OnDisc, disc
from tests.builders.files import windows_program
from tests.builders.opening import facts
from tests.builders.zips import archive, stored

from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.limits import Limits
from seriema.unlock import Opened, hidden, open_artifact

EMPTY_7Z = b"7z\xbc\xaf\x27\x1c\0\4" + zlib.crc32(bytes(20)).to_bytes(4, "little") + bytes(20)
#: An empty archive: marks and a main header; of RAR 5 the end of the archive too.
RAR4 = b"Rar!\x1a\x07\0" + bytes.fromhex("cf907300000d00000000000000")
RAR5_MAIN = b"\x03\x01\x00\x00"
RAR5 = b"Rar!\x1a\x07\1\0" + zlib.crc32(RAR5_MAIN).to_bytes(4, "little") + RAR5_MAIN
ZIP = archive(stored(b"a.js", b"inert stand-in"))
CABINET = cabinet(("a.js", b"inert stand-in"))
ARCHIVES = {"7z": EMPTY_7Z, "cab": CABINET, "zip": ZIP, "rar": RAR5}

FRONTS = {
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(900), "png", FileClass.PICTURE),
    "PDF": (b"%PDF-1.7\n%%EOF\n" + bytes(30), "pdf", FileClass.PDF),
    "text": (b"Dear all,\nsee below\n", "text", FileClass.TEXT),
    "program": (windows_program(), "exe", FileClass.EXECUTABLE),
    "document": (b"{\\rtf1 x}", "rtf", FileClass.OFFICE),
}


def opened(content: bytes, kind: str, file_class: FileClass) -> Opened | None:
    artifact = Artifact("1", ("message", "a"), "a", kind, len(content), file_class=file_class)
    return open_artifact(artifact, content, [], Limits())


@pytest.mark.parametrize("archive_kind", ARCHIVES)
@pytest.mark.parametrize(("front", "kind", "file_class"), FRONTS.values(), ids=FRONTS.keys())
@pytest.mark.parametrize("behind", [b"", b"\n%%EOF" + bytes(70_000)], ids=["at the end", "in the middle"])
def test_an_archive_in_another_file_is_named(
    archive_kind: str, front: bytes, kind: str, file_class: FileClass, behind: bytes
) -> None:
    found = opened(front + ARCHIVES[archive_kind] + behind, kind, file_class)
    assert found is not None
    assert "file.appended-archive" in facts(found)
    assert not found.covers


@pytest.mark.parametrize("behind", [b"", bytes(70_000)], ids=["at the end", "in the middle"])
def test_a_zip_in_a_picture_is_opened(behind: bytes) -> None:
    found = opened(FRONTS["picture"][0] + ZIP + behind, "png", FileClass.PICTURE)
    assert found is not None
    inner = found.children[0]
    assert (inner.name, inner.content) in {("a.js", b"inert stand-in"), ("appended.zip", ZIP)}


def test_several_archives_are_all_found() -> None:
    front = FRONTS["picture"][0]
    places = hidden.places(front + EMPTY_7Z + CABINET + ZIP)
    assert [each.kind for each in places] == ["7z", "cab", "zip"]
    assert places[0].start == len(front)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + b"7z\xbc\xaf\x27\x1c" + bytes(60),
        b"MZ" + b"Rar!\x1a\x07\1\0" + bytes(60),
        b"MZ" + b"MSCF" + bytes(60),
        b"MZ" + b"PK\5\6" + bytes(60),
        b"MZ" + b"PK\3\4" + bytes(60),
        b"MZ" + b"PK\5\6" * 5000,
        b"MZ" + b"7z\xbc\xaf\x27\x1c" * 5000,
    ],
)
def test_a_signature_alone_is_none(content: bytes) -> None:
    assert hidden.places(content) == []


@pytest.mark.parametrize(
    "behind",
    [EMPTY_7Z * 20, CABINET * 20, b"7z\xbc\xaf\x27\x1c" * 100 + EMPTY_7Z, b"MSCF\0\0\0\0" * 100 + CABINET],
    ids=["many 7z", "many cabinets", "7z behind false marks", "a cabinet behind false marks"],
)
def test_where_the_search_ends_early_the_file_is_not_inspected(behind: bytes) -> None:
    found = opened(FRONTS["picture"][0] + behind, "png", FileClass.PICTURE)
    assert found is not None
    assert found.state is State.LIMIT


def test_themes_within_an_old_document_are_left_to_its_reader() -> None:
    document = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert hidden.places(document + ZIP + bytes(512)) == []
    assert [each.kind for each in hidden.places(document + ZIP)] == ["zip"]


def holding(kind: str) -> bytes:
    """Two archives as they lie in one that does not pack them."""
    members = {"a.zip": ZIP, "b.zip": archive(stored(b"b.js", b"another"))}
    if kind == "iso":
        return disc([OnDisc(name.upper(), name, content) for name, content in members.items()], joliet=True)
    if kind == "cab":
        return cabinet(*members.items(), method=STORED)
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as packed:
        for name, content in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            packed.addfile(about, io.BytesIO(content))
    return whole.getvalue()


@pytest.mark.parametrize(
    ("kind", "file_class"),
    [("tar", FileClass.ARCHIVE), ("cab", FileClass.ARCHIVE), ("iso", FileClass.DISK_IMAGE)],
)
def test_members_that_are_archives_are_no_second_view(kind: str, file_class: FileClass) -> None:
    found = opened(holding(kind), kind, file_class)
    assert found is not None
    assert (found.state, [each.name for each in found.children]) == (State.INSPECTED, ["a.zip", "b.zip"])
    behind = opened(holding(kind) + archive(stored(b"c.js", b"inert stand-in")), kind, file_class)
    assert behind is not None
    assert (behind.state, behind.children[-1].name) == (State.MALFORMED, "appended.zip")


@pytest.mark.parametrize(("first", "second"), [(ZIP, CABINET), (CABINET, ZIP), (ZIP, EMPTY_7Z), (EMPTY_7Z, ZIP)])
def test_two_archives_in_one_are_a_disagreement(first: bytes, second: bytes) -> None:
    kind = {CABINET: "cab", EMPTY_7Z: "7z"}.get(first, "zip")
    found = opened(first + second, kind, FileClass.ARCHIVE)
    assert found is not None
    assert found.state is State.MALFORMED


def test_looking_is_cheap() -> None:
    content = bytes(range(256)) * (40 << 12)
    started = time.perf_counter()
    assert hidden.places(content) == []
    assert time.perf_counter() - started < 2
