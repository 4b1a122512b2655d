"""Base subjects: equal for all mails of a conversation, whatever the clients put before them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.language import base_subject, is_reply_subject

BASE = "Contract 2024"


@pytest.mark.parametrize(
    "written",
    [
        "Re: Contract 2024", "RE: Contract 2024", "re[2]: Contract 2024", "Re (3): Contract 2024",
        "Re^2: Contract 2024",
        "AW: WG: Contract 2024", "Antwort: Contract 2024", "RE : TR : Contract 2024", "RV: Contract 2024",
        "RES: ENC: Contract 2024", "R: I: Contract 2024", "Rif: Contract 2024", "Antw: Doorst: Contract 2024",
        "SV: VB: Contract 2024", "VS: VL: Contract 2024", "Odp: PD: Contract 2024", "Vá: Contract 2024",
        "YNT: İLT: Contract 2024", "Ответ: Contract 2024", "На: Contract 2024", "ΑΠ: Contract 2024",
        "回复：转发：Contract 2024", "答复: Contract 2024", "返信: Contract 2024",
        "転送：Contract 2024", "회신: Contract 2024",
        "השב: Contract 2024", "رد: Contract 2024", "Trả lời: Contract 2024", "ตอบกลับ: Contract 2024",
        "Fwd: Re: Contract 2024", "FW:Contract 2024", "[ILUG] Re: [ILUG] Contract 2024", "[EXTERNAL] Contract 2024",
        "[Fwd: Contract 2024]", "Contract 2024 (fwd)", "Re:  Contract\t2024 ", "Re: Re: Re: Contract 2024",
    ],
)  # fmt: skip
def test_prefixes_tags_and_trailers_are_taken_away(written: str) -> None:
    assert base_subject(written) == BASE


@pytest.mark.parametrize(
    "subject",
    [
        "Rechnung: 4711",
        "[Ticket #4711] Broken",
        "Response: none",
        "Register: now",
        "Reminder: Re-entry",
        "Vs. the rest",
        "",
    ],
)
def test_other_subjects_stay(subject: str) -> None:
    assert base_subject(subject) == subject
    assert not is_reply_subject(subject)


@pytest.mark.parametrize("subject", ["Re:", "[list]", "AW:"])
def test_a_subject_is_never_emptied(subject: str) -> None:
    assert base_subject(subject) == subject


@pytest.mark.parametrize("subject", ["Re: x", "[ILUG] AW: x", "回复：x", "SV: x"])
def test_a_reply_is_seen_by_its_prefix(subject: str) -> None:
    assert is_reply_subject(subject)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_the_base_of_a_base_is_itself(subject: str) -> None:
    assert base_subject(base_subject(subject)) == base_subject(subject)


def test_a_subject_of_prefixes_ends() -> None:
    assert len(base_subject("Re: " * 100_000)) <= 1_000
