"""People in the shapes that clients write above quotes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.message.quotes.people import MOST, people, person
from seriema.model.message import Address


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("Anna Berg <anna@Example.ORG>", "Anna Berg", "anna@example.org"),
        ("Anna Berg [mailto:anna@example.org]", "Anna Berg", "anna@example.org"),
        ("Anna Berg<mailto:anna@example.org>", "Anna Berg", "anna@example.org"),
        ("anna@example.org<mailto:anna@example.org>", "", "anna@example.org"),
        ('"Anna Berg" <anna@example.org<mailto:anna@example.org>>', "Anna Berg", "anna@example.org"),
        ("'anna@example.org'", "", "anna@example.org"),
        ("anna@example.org (Anna Berg)", "Anna Berg", "anna@example.org"),
        ("Office on behalf of Anna Berg <anna@example.org>", "Anna Berg", "anna@example.org"),
        ("Berg, Anna", "Berg, Anna", ""),
        ("Anna Berg/Sales/ACME", "Anna Berg/Sales/ACME", ""),
        ("山田太郎<yamada@example.jp>", "山田太郎", "yamada@example.jp"),
        ("O'Brien, Pat <p.o'brien@example.org>", "O'Brien, Pat", "p.o'brien@example.org"),
        ("", "", ""),
        ("@", "", ""),
    ],
)
def test_a_person_is_read(text: str, name: str, address: str) -> None:
    assert person(text) == Address(name, address)


def test_commas_within_names_do_not_divide_people() -> None:
    assert [one.address for one in people("Berg, Anna <a@x.org>, Bert <b@x.org>, c@x.org")] == [
        "a@x.org",
        "b@x.org",
        "c@x.org",
    ]


def test_semicolons_divide_where_there_are_any() -> None:
    assert [one.name for one in people("Berg, Anna; Tal, Bert;")] == ["Berg, Anna", "Tal, Bert"]


def test_nobody_is_counted_twice_and_lists_are_cut() -> None:
    assert len(people("a@x.org; A@x.org")) == 1
    assert len(people("; ".join(f"p{number}@x.org" for number in range(1_000)))) == MOST


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_names_people_or_nobody(text: str) -> None:
    assert all(one.address == "" or "@" in one.address for one in (person(text), *people(text)))
