"""In which order passwords of different origin are tried."""

from datetime import date

import pytest

from seriema.model.password import Candidate
from seriema.unlock import in_order, of_its_mail

SENT = date(2020, 7, 6)


def some(source: str, count: int, start: int = 0) -> list[Candidate]:
    return [Candidate(f"{source}-{number}", source, number) for number in range(start, start + count)]


def values(own: list[Candidate], outside: list[Candidate], sent: date | None = None) -> list[str]:
    return [one.value for one in in_order(own, outside, sent)]


def test_a_person_comes_first_then_the_mails_own_best_then_other_mails_then_the_rest() -> None:
    tried = values(some("body", 12), [*some("message:a", 3), *some("user", 1), *some("admin", 1)])
    assert tried[:2] == ["user-0", "admin-0"]
    assert tried[2:12] == [f"body-{number}" for number in range(10)]
    assert tried[12:15] == ["message:a-0", "message:a-1", "message:a-2"]
    assert tried[15:] == ["body-10", "body-11"]


@pytest.mark.parametrize("others", [0, 3, 14, 15, 16, 40, 400])
def test_at_most_five_of_the_first_twenty_are_the_pools(others: int) -> None:
    tried = values(some("body", others), some("pool", 20))
    assert sum(value.startswith("pool") for value in tried[:20]) == 5
    assert set(tried) >= {f"body-{number}" for number in range(others)}
    assert sum(value.startswith("pool") for value in tried) == (20 if others >= 15 else 5)


def test_a_value_counts_for_whoever_names_it_first() -> None:
    [only] = in_order([Candidate("777", "body")], [Candidate("777", "pool"), Candidate("777", "message:a")], None)
    assert only.source == "body"


def test_what_a_kept_files_own_mail_named_goes_before_other_mails() -> None:
    outside = [*some("message:a", 1), *some("subject", 1), *some("pool", 1)]
    assert [one.value for one in of_its_mail(outside)] == ["subject-0"]
    assert values([], outside)[0] == "subject-0"


@pytest.mark.parametrize(
    ("named", "tried"),
    [
        ("abcMMDD", "abc0706"),
        ("abc-yyyymmdd", "abc-20200706"),
        ("TTMMJJJJ", "06072020"),
        ("abc", "abc0706"),
        ("abc", "abc20200706"),
    ],
)
def test_what_another_mail_named_is_tried_with_the_date_of_this_one(named: str, tried: str) -> None:
    assert tried in values([], [Candidate(named, "message:a")], SENT)
    assert values([], [Candidate(named, "message:a")]) == [named]


def test_a_described_date_is_put_behind_whatever_that_mail_named() -> None:
    rule = [Candidate("MMTT", "message:a", 1), Candidate("soqm", "message:a", 12)]
    tried = values([], [*rule, Candidate("else", "message:b", 12)], SENT)
    assert "soqm0706" in tried
    assert "else0706" not in tried


def test_dates_stay_few_whatever_other_mails_name() -> None:
    many = [one for number in range(500) for one in some(f"message:{number}", 20)]
    assert len(values([], many, SENT)) <= len(many) + 300
