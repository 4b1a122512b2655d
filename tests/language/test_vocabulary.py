"""The vocabularies themselves: complete, frozen, lower case."""

import pytest

from seriema.language import fold, languages_of, load, plain, vocabulary
from seriema.language.vocabulary import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_vocabulary_is_frozen_and_in_lower_case(name: str) -> None:
    for table in vocabulary(name).values():
        with pytest.raises(TypeError):
            table["xx"] = ()  # type: ignore[index]  # that it cannot be written is the point
        for words in table.values():
            assert isinstance(words, tuple)
            assert all(word and word == word.lower() for word in words), words


def test_every_language_of_the_calendar_has_twelve_months() -> None:
    assert all(len(months) == 12 for months in vocabulary("calendar")["months"].values())
    assert len(vocabulary("calendar")["months"]) >= 20


def test_header_fields_and_attributions_cover_many_languages() -> None:
    assert len(vocabulary("fields")) >= 40
    assert len(vocabulary("attributions")["wrote"]) >= 40


def test_a_word_knows_its_languages() -> None:
    assert languages_of("subjects", "reply")["sv"] == {"sv", "da", "no", "is"}


def test_an_unknown_vocabulary_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        vocabulary("nothing")


def test_loading_twice_is_loading_once() -> None:
    load()
    load()


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Ｐａｓｓ：７７７", "Pass:777"), ("a\u00a0b\u3000c", "a b c"), ("pass\u200bword\u00ad", "password"),
        ("Fra\u0308nk", "Fränk"), ("plain", "plain"), ("\u202bמאת\u202c", "מאת"),
    ],
)  # fmt: skip
def test_plain_text_has_no_invisible_differences(written: str, form: str) -> None:
    assert plain(written) == form


@pytest.mark.parametrize("text", ["STRASSE ß", "İstanbul", "ÀÉ", "ABC"])
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)
