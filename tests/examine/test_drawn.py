"""Pictures are found among files and within document packages, within bounds."""

import pytest
from tests.builders import drawn as pictures
from tests.builders.files import artifact, package, zipped

from seriema.examine import drawn
from seriema.exercise.archives import zip_bytes

PAGE = pictures.blank(200, 50)


def within(content: bytes, name: str = "notes.docx") -> list[tuple[str, str, bytes]]:
    file = artifact(content, name)
    return [(one.id, one.name, found) for one, found in drawn([(file, content)])]


def test_a_picture_is_itself():
    [(_, name, content)] = within(PAGE, "a.png")
    assert (name, content) == ("a.png", PAGE)


@pytest.mark.parametrize("part", ["word/media/image1.png", "xl/media/image1.png", "ppt/media/image1.png"])
def test_a_documents_pictures_have_its_place(part):
    content = package({"word/document.xml": "<w/>", part: PAGE})
    assert within(content) == [(artifact(content, "notes.docx").id, part, PAGE)]


def test_open_documents_too():
    content = zipped(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "Pictures/1.png": PAGE, "content.xml": b"<o/>"}, 0
    )
    assert [found for _, _, found in within(content, "notes.odt")] == [PAGE]


def test_what_only_is_called_a_picture_is_none():
    assert within(package({"word/document.xml": "<w/>", "word/media/image1.png": b"MZ" + bytes(400)})) == []


def test_their_number_and_bytes_are_bounded():
    many = {f"word/media/image{one}.png": pictures.blank(100 + one, 50) for one in range(60)}
    assert len(within(package({"word/document.xml": "<w/>", **many}))) == 32
    bomb = {"word/document.xml": "<w/>", "word/media/image1.bmp": b"BM" + bytes(40 << 20)}
    assert within(package(bomb)) == []


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\xd0\xcf\x11\xe0" + bytes(600), package({"a.xml": "x"})[:80]])
def test_broken_and_sealed_documents_have_none(content):
    assert within(content) == []


def test_archives_are_not_looked_into_again():
    assert within(zip_bytes([("word/media/a.png", PAGE)]), "a.zip") == []
