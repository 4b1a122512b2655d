"""Whole mails told apart: thieves' short replies, all ways of quoting, signatures in many languages."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from seriema.message.quotes import load, split

CASES = tomllib.loads(Path(__file__).with_name("mails.toml").read_text(encoding="utf-8"))["case"]


def _even(text: str) -> str:
    return re.sub(r"\n{2,}", "\n\n", text).strip("\n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_mail_is_told_apart(case: dict[str, Any]) -> None:
    told = split(case["text"])
    assert _even(told.reply) == _even(case["reply"])
    assert len(told.quotes) == case["quotes"]
    if "signature" in case:
        assert _even(told.signature) == _even(case["signature"])
    if "depths" in case:
        assert [quote.depth for quote in told.quotes] == case["depths"]


def test_an_empty_text_has_no_pieces() -> None:
    for text in ("", "\n \n"):
        told = split(text)
        assert (told.reply, told.quoted, told.signature, told.quotes) == ("", "", "", ())


def test_loading_twice_is_loading_once() -> None:
    load()
    load()


def test_each_body_is_the_text_below_its_own_head() -> None:
    told = split(next(case["text"] for case in CASES if case["name"].startswith("nested quotes")))
    assert [("Let us" in q.body, "could wait" in q.body, "Bitte" in q.body) for q in told.quotes] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
