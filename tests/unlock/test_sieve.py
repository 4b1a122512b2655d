"""The sieve finds exactly the words that stand in a text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.unlock.sieve import Sieve

WORDS = [
    "password",
    "pw",
    "kod",
    "mot de passe",
    "парол",
    "код",
    "密码",
    "키",
    "パスワード",
    "code",
    "\U0001d41f\U0001d41f",
]
SIEVE = Sieve(WORDS)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, *"pass word пар密\U0001d41f\ud800 "]) | st.text(max_size=5), max_size=12))
def test_it_finds_what_a_search_for_each_word_finds(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert [WORDS[index] for index in SIEVE.among(text)] == [word for word in WORDS if word in text]


def test_empty_text_and_no_words() -> None:
    assert SIEVE.among("") == []
    assert Sieve([]).among("password") == []
