"""Attribution lines of many clients and languages: who wrote when, above marked and above unmarked quotations."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from seriema.message.quotes import split

CASES = tomllib.loads(Path(__file__).with_name("attributions.toml").read_text(encoding="utf-8"))["case"]
REPLY = "Thanks, that helps."


def _mail(line: str, *, marked: bool) -> str:
    mark = "> " if marked or line.startswith(">") else ""
    return f"{REPLY}\n\n{line}\n\n{mark}Old words here.\n{mark}More of them.\n"


def _id(case: dict[str, Any]) -> str:
    return f"{case['client']} {case['language'] or 'any'}"


@pytest.mark.parametrize("case", CASES, ids=_id)
@pytest.mark.parametrize("marked", [True, False], ids=["marked", "unmarked"])
def test_the_line_tells_author_and_date(case: dict[str, Any], *, marked: bool) -> None:
    if case.get("marked") and not marked:
        return
    told = split(_mail(case["line"].strip("\n"), marked=marked))
    assert told.reply == REPLY
    assert len(told.quotes) == 1
    quote = told.quotes[0]
    assert quote.author.name == case["name"]
    assert quote.author.address == case["address"]
    assert (quote.date.isoformat() if quote.date else "") == case["date"]
    assert case["language"] in ("*", quote.language)
    assert "Old words here." in quote.body


def test_the_cases_speak_many_languages() -> None:
    assert len({case["language"] for case in CASES} - {"", "*"}) >= 25


@pytest.mark.parametrize(
    "line",
    [
        "On Monday I wrote to Anna and asked her three questions about the contract we had signed:",
        "He said on 3 May that all of the invoices of the whole last quarter would be paid at once:",
        "Please send it to anna@example.org:",
        "See https://example.org/on-3-may-2021-anna-wrote:",
        "Anna wrote:",
        "At 10:30 on 3 May we will meet in the big room:",
        "The times are as follows:",
    ],
)
def test_a_sentence_before_plain_text_is_no_attribution(line: str) -> None:
    assert not split(f"Hello.\n\n{line}\n\nThese are my own words.\n").quotes
