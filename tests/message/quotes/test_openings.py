"""A phrase that closes a mail may also open one: what follows tells, in every language of the vocabulary."""

import pytest

from seriema.language import vocabulary
from seriema.message.quotes import split

CLOSINGS = sorted({word for words in vocabulary("signatures")["closings"].values() for word in words})

#: What a thief writes below the opening; all short, as such mails are.
TEXTS = (
    "See attached, we need it back soon.",
    "Password: 4432",
    "ZIP password is gb7ua",
    "I have attached the paperwork.\nRegards,\nAnna Berg",
    "im Anhang das Dokument, Passwort 4432",
    "ti mando il file.",
    "v příloze posílám smlouvu.",
    "ekte sözleşmeyi bulabilirsiniz, şifre 4432",
    "во вложении договор.",
    "附件请查收，密码1234。",
    "資料を添付しました。",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_closing_above_text_is_an_opening(text):
    first = text.partition("\n")[0]
    lost = [word for word in CLOSINGS if first not in split(f"{word.capitalize()},\n\n{text}\n").reply]
    assert not lost


def test_a_closing_above_a_name_is_one():
    signed = [word for word in CLOSINGS if split(f"The file is closed.\n\n{word},\nAnna Berg\n").reply]
    kept = [word for word in signed if "Anna Berg" in split(f"The file is closed.\n\n{word},\nAnna Berg\n").reply]
    assert not kept


@pytest.mark.parametrize("opening", ["Greetings", "Ciao Marco", "Regards, Anna"])
def test_a_closing_below_a_salutation_is_still_an_opening(opening):
    assert split(f"Hi all,\n\n{opening}\n\nplease open the attached file.\n\nThanks,\nAnna").reply.endswith("file.")


@pytest.mark.parametrize(
    "text",
    [
        "Regards,\nAnna Berg\nHead of the claims department\n+44 20 7946 0000",
        "Mit freundlichen Grüßen\nAnna Berg",
        "此致\n王小明",
        "تحياتي\nأحمد علي",
        "Kind regards",
    ],
)
def test_a_mail_that_is_a_signature_only_has_no_reply(text):
    assert split(text).reply == ""
