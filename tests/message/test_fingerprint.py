"""A text is known again when somebody quotes it, and a different text is not."""

import subprocess
import sys
import textwrap

import pytest
from tests.builders.mail import mail

from seriema.message import parse
from seriema.message.fingerprint import fingerprints, quoted_fingerprints
from seriema.model.limits import Limits

TEXTS = {
    "en": (
        "Dear Ann, thank you for sending the draft contract yesterday. We have looked at clause seven and would like "
        "to change the payment term to thirty days. Could you ask your lawyer whether that is acceptable, and let us "
        "know by Thursday? The rest of the document looks fine to us. Our board meets next Monday and will sign then."
    ),
    "de": (
        "Sehr geehrte Frau Müller, vielen Dank für die Übersendung der Unterlagen. Wir haben die Meldung geprüft "
        "und benötigen noch das Gutachten der Werkstatt sowie drei Fotos. Bitte senden Sie uns beides bis Freitag zu, "
        "damit wir die Zahlung noch in diesem Monat anweisen können."
    ),
    "ja": (
        "いつもお世話になっております。先日ご依頼いただきました見積書をお送りいたします。ご確認のうえ、ご不明な点がございまし"
        "たらご連絡くださいますようお願い申し上げます。納期につきましては来月中旬を予定しております。"
    ),
    "ru": (
        "Добрый день, Иван Петрович! Благодарим вас за присланный договор. Мы согласны со всеми пунктами, кроме срока "
        "оплаты: просим изменить его на тридцать дней. Подписанный экземпляр направим почтой на следующей неделе."
    ),
}


def quoted(text: str, width: int, mark: str = "> ") -> str:
    lines = textwrap.wrap(text, width) if " " in text else [text[n : n + width] for n in range(0, len(text), width)]
    return "\n".join(mark + line for line in lines)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("width", [30, 72])
def test_wrapping_marks_and_case_change_nothing(language, width):
    text = TEXTS[language]
    again = quoted(text.upper() if language == "en" else text, width)
    assert fingerprints(text)
    assert quoted_fingerprints(again, ()) == fingerprints(text)


@pytest.mark.parametrize("language", TEXTS)
def test_what_is_added_at_the_end_leaves_most_the_same(language):
    text = TEXTS[language]
    again = quoted(text, 60) + "\n> \n> Ann Doe, Claims Department\n> Phone 0800 123456"
    shared = set(fingerprints(text)) & set(quoted_fingerprints(again, ()))
    assert len(shared) * 2 > len(fingerprints(text))


def test_half_of_a_text_shares_about_half():
    text = TEXTS["en"] + TEXTS["de"]
    shared = set(fingerprints(text)) & set(fingerprints(TEXTS["en"]))
    assert shared


def test_different_texts_share_nothing():
    marks = [set(fingerprints(text)) for text in TEXTS.values()]
    assert len(set.union(*marks)) == sum(map(len, marks))


def test_most_of_a_quotation_is_for_the_mail_answered_directly():
    both = quoted(TEXTS["en"], 70) + "\n" + quoted(TEXTS["de"], 70, "> > ")
    marks = quoted_fingerprints(both, ())
    assert len(marks) == 12
    assert len(set(marks) & set(fingerprints(TEXTS["en"]))) >= 8
    assert set(marks) & set(fingerprints(TEXTS["de"]))


def test_short_texts_have_none():
    assert fingerprints("Thanks, see you!") == ()
    assert fingerprints("") == ()


def test_links_do_not_count():
    assert fingerprints(TEXTS["en"] + " http://x.example/1") == fingerprints(TEXTS["en"] + " <http://y.example/2>")


def test_a_reply_in_a_mail_is_known_when_the_next_mail_quotes_it():
    first = parse(mail(TEXTS["en"] + "\n\n-- \nBob\n"), Limits(), ()).message
    attribution = "On Mon, Jul 6, 2020 at 10:00 AM Ann <ann@a.example> wrote:"
    answer = f"Fine.\n\n{attribution}\n{quoted(TEXTS['en'], 70)}\n> -- \n> Bob\n"
    second = parse(mail(answer), Limits(), ()).message
    assert len(set(first.body.fingerprints) & set(second.body.quoted_fingerprints)) >= 5


def test_another_process_gives_the_same_numbers():
    text = "The same words in the same order, always."
    code = f"from seriema.message.fingerprint import fingerprints; print(fingerprints({text!r}))"
    env = {"PYTHONHASHSEED": "123"}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True).stdout
    assert said.strip() == str(fingerprints(text))
