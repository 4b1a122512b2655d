"""Documents that ask their reader to let macros run, in many languages."""

import pytest
from tests.builders.files import examined, names_of

from seriema.examine.lures import vocabulary
from seriema.exercise.documents import docx


def test_there_are_many_languages():
    assert len({language for language, _ in vocabulary()}) >= 12


@pytest.mark.parametrize(("language", "phrase"), vocabulary())
def test_a_document_that_asks_for_it(language, phrase):
    seen = examined(docx(f"Please see: {phrase.upper()}\nThank you"), "a.docx")
    assert f"({language})" in " ".join(one.detail for one in seen.findings if one.name == "lure.enable-content")


@pytest.mark.parametrize(
    "text", ["Dear all, the content of the contract is enabled by clause 4.", "Bitte Inhalt lesen"]
)
def test_an_ordinary_document_does_not(text):
    assert "lure.enable-content" not in names_of(examined(docx(text), "a.docx"))
