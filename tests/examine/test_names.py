"""What a file's name alone says, also of a file that is still locked."""

import pytest
from tests.builders.files import artifact, names_of

from seriema.examine import examine
from seriema.model.limits import Limits

JPEG = b"\xff\xd8\xff\xe0" + bytes(99)


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("invoice\u202efdp.exe", "name.direction-override"),
        ("inv\u200boice.pdf", "name.invisible-characters"),
        ("invoice.pdf                    .exe", "name.padded"),
        ("invoice.pdf.js", "name.double-extension"),
        ("photo.jpg .scr", "name.double-extension"),
        ("scan.doc.iso", "name.double-extension"),
    ],
)
def test_a_trick_is_named(name, fact):
    assert fact in names_of(examine(artifact(b"", name, kind="unknown"), None, Limits()))


@pytest.mark.parametrize(
    "name",
    ["report.pdf", "backup.tar.gz", "jquery.min.js", "Minutes 2024.03.01.docx", "v1.2.exe", "r\u00e9sum\u00e9.doc", ""],
)
def test_an_ordinary_name_says_nothing(name):
    assert not names_of(examine(artifact(b"", name, kind="unknown"), None, Limits()))


@pytest.mark.parametrize(
    ("content", "name", "contradicts"),
    [
        (JPEG, "photo.jpg", False),
        (JPEG, "photo.png", False),
        (JPEG, "photo.doc", True),
        (b"MZ" + bytes(99), "invoice.pdf", True),
        (b"{\\rtf1}", "letter.doc", False),
        (b"\0\1\2\3" * 50, "x.doc", False),
    ],
)
def test_content_of_another_class_than_the_name_is_named(content, name, contradicts):
    seen = examine(artifact(content, name), content, Limits())
    assert ("name.contradicts-content" in names_of(seen)) is contradicts
