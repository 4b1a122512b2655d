"""Dates in the words of many languages."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.language import plain
from seriema.message.quotes import dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 03 May 2016 14:54:27 +0200 (CEST)", "2016-05-03T14:54:27+02:00"),
        ("March-09-12 4:22 PM", "2012-03-09T16:22:00+00:00"),
        ("12/3/2021 12:05 AM", "2021-12-03T00:05:00+00:00"),
        ("3/12/2021 13:05", "2021-12-03T13:05:00+00:00"),
        ("31/12/2021 11:05 PM", "2021-12-31T23:05:00+00:00"),
        ("Thursday, September 4, 2025 at 11:30:41 AM EDT", "2025-09-04T11:30:41-04:00"),
        ("Monday, November 15th, 2021 at 7:42 PM", "2021-11-15T19:42:00+00:00"),
        ("7 Apr 94 17:35:09 GMT", "1994-04-07T17:35:09+00:00"),
        ("04.07.2024  17.45  (GMT+01:00)", "2024-07-04T17:45:00+01:00"),
        ("Mercredi 30 novembre 2016 10h30", "2016-11-30T10:30:00+00:00"),
        ("03.02.2016 3:35 nachm.", "2016-02-03T15:35:00+00:00"),
        ("El jueves, 21 de noviembre de 2013", "2013-11-21T00:00:00+00:00"),
        ("Am Montag, den 15.11.2021, 19:42 +0100", "2021-11-15T19:42:00+01:00"),
        ("07:42 PM 11/15/2021 +0100", "2021-11-15T19:42:00+01:00"),
        ("15. lipnja 2021. 8:05", "2021-06-15T08:05:00+00:00"),
        ("15 lip 2021 8:05", "2021-07-15T08:05:00+00:00"),
        ("2021. november 15., hétfő 19:42", "2021-11-15T19:42:00+00:00"),
        ("2016 m. lapkričio 15 d., 12:30", "2016-11-15T12:30:00+00:00"),
        ("10 ม.ค. 2564 เวลา 10:00", "2021-01-10T10:00:00+00:00"),
        ("2021년 11월 15일 월요일 오후 7:42:13 GMT+9", "2021-11-15T19:42:13+09:00"),
        ("2021年11月15日（月）午後7時42分", "2021-11-15T19:42:00+00:00"),
        ("15 תשרי", ""),
        ("Wed, Dec 9", ""),
        ("30 Feb 2021", ""),
        ("99/99/2021", ""),
    ],
)
def test_a_date_is_read_in_its_language(text: str, expected: str) -> None:
    found = dates.find(plain(text))
    assert (found.value.isoformat() if found and found.value else "") == expected


def test_a_month_that_languages_disagree_about_follows_the_words_around() -> None:
    polish, croatian = (dates.find("15 lip 2021", (language,)) for language in ("pl", "hr"))
    assert polish is not None
    assert croatian is not None
    assert (polish.value, croatian.value) == (
        datetime.fromisoformat("2021-07-15T00:00:00+00:00"),
        datetime.fromisoformat("2021-06-15T00:00:00+00:00"),
    )


@pytest.mark.parametrize("text", ["127.0.0.1", "version 1.2.3.4", "12:34", "no date", "", "10.2.3.4.5", "1/2"])
def test_other_numbers_are_no_dates(text: str) -> None:
    assert dates.find(text) is None


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789 .:/-年月日aprmJun,+", max_size=60))
def test_any_text_has_an_aware_date_or_none(text: str) -> None:
    found = dates.find(text)
    if found is not None:
        assert 0 <= found.start <= found.end <= len(text)
        assert found.value is None or found.value.tzinfo is not None
