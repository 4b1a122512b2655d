"""Languages of short business mails; unsure is better than wrong."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema import language

SENTENCES = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
CASES = [(code, sentence) for code, sentences in SENTENCES.items() for sentence in sentences]


@pytest.mark.parametrize(("code", "sentence"), CASES)
def test_a_short_business_mail_is_told_or_left_unsaid(code: str, sentence: str) -> None:
    assert language.detect(sentence) in (code, "")


def test_nearly_every_short_business_mail_is_told() -> None:
    told = sum(language.detect(sentence) == code for code, sentence in CASES)
    assert told >= 0.95 * len(CASES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello", "en"),
        ("Guten Tag", "de"),
        ("Merci beaucoup", "fr"),
        ("Hallo", ""),  # German and Dutch
        ("ok", ""),
        ("", ""),
        ("777", ""),
        ("了解", ""),  # Chinese and Japanese
        ("https://www.example.com/das/ist/kein/deutsch", ""),
        ("PLEASE SEE THE ATTACHED INVOICE FOR YOUR REFERENCE AND PAYMENT", "en"),
        ("添付ファイルをご確認ください。Please find the file.", "ja"),
    ],
)
def test_greetings_and_scraps(text: str, expected: str) -> None:
    assert language.detect(text) == expected


def test_a_foreign_address_does_not_change_the_language_of_a_mail() -> None:
    text = "Please have a look at the attached offer and call me back.\n\nTanaka 田中 <tanaka@example.jp>"
    assert language.detect(text) == "en"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_code_or_none(text: str) -> None:
    code = language.detect(text)
    assert code == "" or (code.isascii() and code.islower() and 2 <= len(code) <= 3)


def test_only_the_beginning_is_read() -> None:
    start = "Dies ist ein deutscher Satz, der mehr als genug Buchstaben hat. " * 20
    assert language.detect(start + "This part is far too late to be seen. " * 10_000) == "de"
