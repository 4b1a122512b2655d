"""Header blocks of many clients and languages: who wrote when, to whom, about what."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from seriema.message.quotes import split

CASES = tomllib.loads(Path(__file__).with_name("blocks.toml").read_text(encoding="utf-8"))["case"]
REPLY = "Thanks, that helps."
OLD = "Old words here.\n\nMore of them.\n"


def _mail(block: str) -> str:
    return f"{REPLY}\n\n{block}\n\n{'' if block.startswith('>') else OLD}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["client"])
def test_the_block_tells_what_it_claims(case: dict[str, Any]) -> None:
    told = split(_mail(case["block"].strip("\n")))
    assert told.reply == REPLY
    assert len(told.quotes) == 1
    quote = told.quotes[0]
    assert quote.author.name == case["author"]
    assert quote.author.address == case["address"]
    assert len(quote.recipients) == case["to"]
    assert case["date"] in ("*", quote.date.isoformat() if quote.date else "")
    assert quote.subject == case["subject"]
    assert case["language"] in ("*", quote.language)
    assert case.get("style", quote.style) == quote.style
    assert not quote.date or quote.date_text


def test_the_cases_speak_many_languages() -> None:
    assert len({case["language"] for case in CASES} - {"", "*"}) >= 25


@pytest.mark.parametrize("mark", ["> ", "    ", "\t"])
@pytest.mark.parametrize("case", [case for case in CASES if not case["block"].lstrip().startswith(">")][:12])
def test_a_block_is_known_under_marks_and_indentation(case: dict[str, Any], mark: str) -> None:
    block = "\n".join(mark + line for line in case["block"].strip("\n").split("\n"))
    told = split(f"{REPLY}\n\n{block}\n{mark}\n{mark}Old words here.\n")
    assert told.reply == REPLY
    assert told.quotes[0].author.address == case["address"]


def test_a_date_is_kept_as_written_even_when_it_cannot_be_placed_in_time() -> None:
    quote = split("Fine.\n\nFrom: A <a@example.org>\nSent: the day before the flood\nTo: B\nSubject: C\n\nOld.").quotes[
        0
    ]
    assert quote.date is None
    assert quote.date_text == "the day before the flood"


def test_later_fields_of_the_same_name_belong_to_the_text() -> None:
    told = split("Fine.\n\nFrom: A <a@example.org>\nTo: B\nSubject: C\n\nFrom: Hamburg\nTo: Berlin\n")
    assert len(told.quotes) == 1
    assert "From: Hamburg" in told.quotes[0].body
