"""Passwords that a mail describes: its date, the company, the end of a number."""

from datetime import date

import pytest

from seriema.model.limits import Limits
from seriema.model.password import Text
from seriema.unlock import candidates

SENT = date(2022, 3, 9)
NAMES = ("Marta Lind", "northpier")


def first(text: str, count: int = 20) -> list[str]:
    found = candidates([Text("body", text)], Limits(), names=NAMES, dates=(SENT,))
    return [each.value for each in found][:count]


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("The password is today's date, DDMMYYYY.", "09032022"),
        ("Password: mail date as yymmdd", "220309"),
        ("Das Passwort ist das heutige Datum (TT.MM.JJJJ).", "09.03.2022"),
        ("Le mot de passe est la date du jour au format JJMMAA", "090322"),
        ("La password è la data di oggi, GGMMAAAA", "09032022"),
        ("Salasana on päivämäärä muodossa PPKKVVVV", "09032022"),
        ("Jelszó: a mai dátum (ÉÉÉÉHHNN)", "20220309"),
        ("Şifre bugünün tarihi, GGAAYYYY", "09032022"),
        ("Пароль - сегодняшняя дата (ДДММГГ)", "090322"),
        ("Κωδικός: η ημερομηνία (ΗΗΜΜΕΕΕΕ)", "09032022"),
        ("パスワードは本日の日付（YYYYMMDD）です", "20220309"),
    ],
)
def test_a_date_pattern_in_the_letters_of_many_languages(text: str, password: str) -> None:
    assert password in first(text, 5)


@pytest.mark.parametrize(
    "text", ["the usual password: today's date", "Kennwort wie immer: heutiges Datum", "密码是今天的日期"]
)
def test_a_date_without_a_pattern_comes_in_its_common_spellings(text: str) -> None:
    assert {"09032022", "20220309", "090322"} <= set(first(text))


@pytest.mark.parametrize(
    "text",
    ["The password is our company name in small letters.", "Das Kennwort ist unser Firmenname", "パスワードは社名です"],
)
def test_the_name_of_the_company(text: str) -> None:
    assert {"northpier", "Northpier"} <= set(first(text))


@pytest.mark.parametrize(
    "text",
    [
        "The password is the last four digits of your customer number 5520 381 947.",
        "Customer number: 5520-381-947\n\nDas Passwort sind die letzten vier Ziffern Ihrer Kundennummer.",
        "お客様番号 5520381947\nパスワードは番号の下4桁です。",
    ],
)
def test_the_end_of_a_number_that_the_mail_names(text: str) -> None:
    assert "1947" in first(text)


def test_without_such_words_the_same_values_come_late_but_come() -> None:
    text = "Your account 5520 381 947. Password: U4613"
    assert first(text)[0] == "U4613"
    assert {"1947", "09032022", "northpier"} <= set(first(text, 1000))


@pytest.mark.parametrize(
    "word", ["ddmm", "DDMMM", "MMMM", "DD", "DDMMYYYYYYYY", "no.thing-at.all", "DDDDMMMM"], ids=lambda word: word
)
def test_words_that_are_no_pattern_do_no_harm(word: str) -> None:
    assert first(f"Password: U4613 (date {word})")[0] == "U4613"


def test_hostile_texts_stay_bounded() -> None:
    texts = [
        Text("body", "password date " + "DDMM-" * 60_000),
        Text("body", "password last " + "1 " * 100_000),
        Text("body", "password date last company " * 10_000),
    ]
    for text in texts:
        assert len(candidates([text], Limits(), names=NAMES, dates=(SENT,))) <= Limits().candidates
