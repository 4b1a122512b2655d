"""Lures in many languages and ways of writing: the right password comes among the first, and nothing raw is lost."""

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.model.limits import Limits
from seriema.model.password import Text
from seriema.unlock import announced, candidates, mentions_password
from seriema.unlock.words import vocabulary


class Lure(NamedTuple):
    language: str
    password: str
    source: str
    text: str


def _unescaped(text: str) -> str:
    plain = text.replace("\\n", "\n").replace("\\t", "\t")
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found.group(1), 16)), plain)


def lures() -> list[Lure]:
    lines = Path(__file__).with_name("lures.tsv").read_text("utf-8").splitlines()
    return [Lure(*map(_unescaped, line.split("\t"))) for line in lines if line and not line.startswith("#")]


LURES = lures()


def rank(lure: Lure, **options: object) -> int | None:
    found = [each.value for each in candidates([Text(lure.source, lure.text)], Limits(), **options)]
    return found.index(lure.password) if lure.password in found else None


def test_the_lures_cover_many_languages() -> None:
    assert len(LURES) >= 150
    assert len({lure.language for lure in LURES}) >= 25


def test_the_right_password_is_among_the_first_twenty() -> None:
    missed = [(lure.password, lure.text) for lure in LURES if (place := rank(lure)) is None or place >= 20]
    assert len(missed) <= 0.03 * len(LURES), missed


def test_no_password_is_lost_altogether() -> None:
    assert [lure.text for lure in LURES if rank(lure) is None] == []


@pytest.mark.parametrize("language", sorted({lure.language for lure in LURES} - {"xx"}))
def test_a_language_without_vocabulary_costs_rank_but_not_the_answer(language: str) -> None:
    words = vocabulary(frozenset({language}))
    assert [lure.text for lure in LURES if lure.language == language and rank(lure, words=words) is None] == []


NOISE = """Hi all, the meeting of 12 June 2022 moves to 14:30 in room 4.12. Order 88123 (EUR 1,204.00) was shipped on
2022-06-09 with tracking number 1Z999AA10123456784; call +49 221 555 0198 for questions. See https://example.org/a1b2c3.
"""


@pytest.mark.parametrize("lure", [lure for lure in LURES if lure.language != "xx"][::4], ids=lambda lure: lure.password)
def test_numbers_and_dates_of_an_ordinary_mail_do_not_push_it_down(lure: Lure) -> None:
    texts = [Text("subject", "Re: order 88123"), Text(lure.source, f"{NOISE}\n{lure.text}\n\n{NOISE}")]
    found = [each.value for each in candidates(texts, Limits())]
    assert found.index(lure.password) < 20


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Password: 777.", ("777", "777.")),
        ("Password: Sommer20!", ("Sommer20!", "Sommer20")),
        ("Password: ab\u200b77", ("ab77", "ab\u200b77")),
        ("パスワード：ａｂ７７", ("ab77", "ａｂ７７")),
        ("Password: АВ77", ("AB77", "АВ77")),
        ("Password: «nh8»", ("nh8", "«nh8»")),
        ("Password: Abc999", ("Abc999", "abc999")),
        ("Password: (777)", ("777", "(777)")),
        ("Password: U 46 13", ("U4613", "U 46 13")),
        ("Şifre 4432'dir", ("4432", "4432'dir")),
        ("Password: Winter20*", ("Winter20*", "Winter20")),
        ("Password: *nh833*", ("nh833", "*nh833*")),
        ("所設定之密碼為Winter20#。", ("Winter20#", "Winter20")),
        ("Password: k - 7 % 7", ("k-7%7",)),
        ("The passphrase (two words) is correct horse.", ("correct horse",)),
        ("Passwort=xx12;Datei=a.zip", ("xx12",)),
        ("see https://files.example/?id=1&pw=nh833", ("nh833",)),
    ],
)
def test_the_likely_reading_comes_first_and_the_written_one_stays(text: str, readings: tuple[str, ...]) -> None:
    found = [each.value for each in candidates([Text("body", text)], Limits())]
    assert all(reading in found[:20] for reading in readings), found


@pytest.mark.parametrize(
    "name", ["plan_t360-VHT7.zip", "t360-VHT7 plan.zip", "plan (t360-VHT7).zip", "pw_t360-VHT7.7z"]
)
def test_a_password_in_a_file_name(name: str) -> None:
    found = [each.value for each in candidates([Text("body", "see the file"), Text("name", name)], Limits())]
    assert found.index("t360-VHT7") < 20


def test_a_password_alone_on_its_line_counts_even_if_it_stood_in_a_sentence_before() -> None:
    text = f"Order tango99x is on its way.\n{NOISE}\n\ntango99x\n"
    assert candidates([Text("body", text)], Limits())[0].value == "tango99x"


def test_decoys_come_beside_the_right_one() -> None:
    text = "The password is not 1111 and no longer 2222. The new password is 3333 (the old password was 4444)."
    found = [each.value for each in candidates([Text("body", text)], Limits())][:20]
    assert {"1111", "2222", "3333", "4444"} <= set(found)


def test_a_candidate_names_the_best_of_the_places_where_it_stood() -> None:
    texts = [Text("quoted", "password: 777"), Text("subject", "password: 777"), Text("body", "777 apples")]
    assert candidates(texts, Limits())[0].source == "subject"


def test_ranks_count_up_and_no_value_comes_twice() -> None:
    found = candidates([Text("body", lure.text) for lure in LURES], Limits())
    assert [each.rank for each in found] == list(range(len(found)))
    assert len({each.value for each in found}) == len(found)


def test_no_more_candidates_than_the_limit() -> None:
    assert len(candidates([Text("body", " ".join(f"a{n}" for n in range(900)))], Limits(candidates=50))) == 50


def test_the_text_behind_the_limit_is_not_read() -> None:
    texts = [Text("body", "x" * 100), Text("body", "password: 777")]
    assert "777" not in [each.value for each in candidates(texts, Limits(text_chars=100))]


def test_company_and_date_are_written_out() -> None:
    found = {each.value for each in candidates([], Limits(), names=["Acme Ltd"], dates=[date(2020, 6, 24)])}
    assert {"Acme", "acme", "ACME2020", "AcmeLtd", "240620", "20200624", "0624", "24.06.2020"} <= found


def test_a_candidate_is_not_shown_by_accident() -> None:
    assert "777" not in repr(candidates([Text("body", "password: 777")], Limits()))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(st.characters() | st.sampled_from("password:=\n\"'「」パスワード \u200b７"), max_size=300), max_size=4
    )
)
def test_any_text_gives_some_candidates_and_no_error(contents: list[str]) -> None:
    texts = [Text("body", content) for content in contents]
    found = candidates(texts, Limits(candidates=100))
    assert len(found) <= 100
    assert all(each.value for each in found)
    assert isinstance(announced(texts), bool)
    assert isinstance(mentions_password(texts), bool)


@pytest.mark.parametrize(
    "text",
    [
        "password " * 40_000,
        "p" * 400_000,
        "<" * 200_000 + ">" * 200_000,
        '"' * 400_000,
        "pw:" * 100_000,
        "\n" * 400_000,
        "1 " * 200_000,
        "a-" * 200_000,
        "@" * 400_000,
        "a.b@" * 100_000,
        "パスワード" * 80_000,
        "x" * 390_000 + " password: 777",
    ],
    ids=lambda text: text[:6],
)
def test_hostile_texts_are_read_in_bounded_time(text: str) -> None:
    assert len(candidates([Text("body", text)], Limits())) <= 4_000
