"""Office documents as ZIPs: locked members and contradictions show; the document itself is left to the inspectors."""

import pytest
from tests.builders.opening import contents, facts, opened
from tests.builders.zips import archive, local, stored

from seriema.exercise.archives import Member, zip_bytes, zip_of
from seriema.model.artifact import State

DOCUMENT = [("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"\xd0\xcf")]


def test_a_document_and_what_is_embedded_in_it_are_left_to_the_inspectors() -> None:
    found = opened(zip_bytes([*DOCUMENT, ("word/embeddings/book.xlsx", b"PK")]), kind="docm")
    assert (found.state, found.children, found.covers) == (State.INSPECTED, (), False)


def test_a_locked_part_makes_the_document_locked() -> None:
    members = [Member(name, content) for name, content in DOCUMENT]
    found = opened(zip_of([*members, Member("word/settings.xml", b"<s/>", "777")]), kind="docx")
    assert found.state is State.LOCKED


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_where_views_disagree_every_file_that_is_no_part_is_a_child(kind: str) -> None:
    hidden = local(stored(b"evil.js", b"inert")) + local(stored(b"word/other.xml", b"<w/>"))
    found = opened(archive(stored(b"word/document.xml", b"<w/>"), before=hidden), kind=kind)
    assert (found.state, contents(found)) == (State.MALFORMED, {"evil.js": b"inert"})
    assert "zip.unlisted-file" in facts(found)


def test_what_is_no_zip_at_all_is_left_to_others() -> None:
    assert not opened(b"\xd0\xcf\x11\xe0" + b"\0" * 600, kind="docx").covers
