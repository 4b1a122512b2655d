"""Office documents give what does not belong to the document, and nothing else."""

import pytest
from tests.builders.opening import contents, facts, opened
from tests.builders.zips import archive, local, stored

from seriema.exercise.archives import Member, zip_bytes, zip_of
from seriema.model.artifact import State

DOCUMENT = [("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"\xd0\xcf")]


def test_a_plain_document_has_no_children() -> None:
    found = opened(zip_bytes([*DOCUMENT, ("word/media/image1.png", b"\x89PNG")]), kind="docm")
    assert (found.state, found.children, found.covers) == (State.INSPECTED, (), False)


@pytest.mark.parametrize(
    "name", ["evil.js", "word/embeddings/oleObject1.bin", "word/embeddings/book.xlsx", "run", "a.exe"]
)
def test_a_file_that_belongs_to_no_document_is_a_child(name: str) -> None:
    assert contents(opened(zip_bytes([*DOCUMENT, (name, b"inert")]), kind="docx")) == {name: b"inert"}


def test_a_locked_part_is_no_part_of_a_document() -> None:
    members = [Member(name, content) for name, content in DOCUMENT]
    found = opened(zip_of([*members, Member("word/settings.xml", b"<s/>", "777")]), kind="docx")
    assert found.state is State.LOCKED


def test_an_openDocument_text_is_a_package_too() -> None:  # noqa: N802 - its own spelling
    found = opened(zip_bytes([("mimetype", b"application/vnd.oasis.opendocument.text"), ("x.vbs", b"x")]), kind="odt")
    assert list(contents(found)) == ["x.vbs"]


def test_two_views_of_a_document_are_a_disagreement() -> None:
    data = archive(stored(b"word/document.xml", b"<w/>"), before=local(stored(b"word/other.xml", b"<w>other</w>")))
    found = opened(data, kind="docx")
    assert found.state is State.MALFORMED
    assert "zip.unlisted-file" in facts(found)


def test_what_is_no_zip_at_all_is_left_to_others() -> None:
    assert not opened(b"\xd0\xcf\x11\xe0" + b"\0" * 600, kind="docx").covers
