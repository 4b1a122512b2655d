"""Bytes become text whatever their label says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.message.charset import decode

SENTENCES = {
    "cp932": "お世話になっております。パスワードは別メールにてお送りします。",
    "euc_jp": "お世話になっております。パスワードは別メールにてお送りします。",
    "gb18030": "您好，请查收附件中的文件，密码是",
    "big5": "您好，請查收附件中的檔案，這是我們的合約",
    "euc_kr": "안녕하세요 첨부 파일을 확인해 주세요",
    "cp1251": "Здравствуйте, пароль к архиву",
    "koi8-r": "Здравствуйте, пароль к архиву",
    "cp1252": "Prüfung für Österreich: “schön”",
    "utf-8": "Prüfung 報告 пароль",
}
LABELLED = {
    "shift_jis": "cp932",
    "Windows-31J": "cp932",
    "EUC-JP": "euc_jp",
    "GB2312": "gb18030",
    "big5": "big5",
    "ks_c_5601-1987": "euc_kr",
    "windows-1251": "cp1251",
    "KOI8-R": "koi8-r",
    "iso-8859-1": "cp1252",
    "us-ascii": "cp1252",
    "UTF8": "utf-8",
}


@pytest.mark.parametrize("label", LABELLED)
def test_a_true_label_is_followed_without_a_word(label):
    codec = LABELLED[label]
    assert decode(SENTENCES[codec].encode(codec), label) == (SENTENCES[codec], ())


@pytest.mark.parametrize("codec", SENTENCES)
@pytest.mark.parametrize(("label", "repair"), [("x-nonsense", "mail.charset-unknown"), ("", "mail.charset-missing")])
def test_an_unknown_or_missing_label_is_guessed(codec, label, repair):
    assert decode(SENTENCES[codec].encode(codec), label) == (SENTENCES[codec], (repair,))


@pytest.mark.parametrize("codec", [codec for codec in SENTENCES if codec != "utf-8"])
def test_a_lying_utf_8_label_is_overruled(codec):
    assert decode(SENTENCES[codec].encode(codec), "utf-8") == (SENTENCES[codec], ("mail.charset-wrong",))


@pytest.mark.parametrize("codec", ["cp932", "gb18030", "euc_kr", "cp1251", "koi8-r", "utf-8"])
def test_a_lying_latin_label_is_overruled(codec):
    assert decode(SENTENCES[codec].encode(codec), "iso-8859-1") == (SENTENCES[codec], ("mail.charset-wrong",))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("日本語テスト abc".encode("iso2022_jp"), "日本語テスト abc"),
        (b"\x1b$B-!-j\x1b(B", "①㈱"),  # NEC's own characters
        (b"\x1b(I1\x1b(B", "ｱ"),
        (b"\x1b$BF|K\\", "日本"),  # never switched back
    ],
)
def test_iso_2022_jp_as_windows_writes_it(data, text):
    assert decode(data, "ISO-2022-JP") == (text, ())
    assert decode(data, "")[0] == text


def test_utf_7_is_read_and_said():
    assert decode(b"+AHAAYQBzAHM-word", "utf-7") == ("password", ("mail.utf-7",))


def test_a_slip_in_utf_8_does_not_change_the_charset():
    data = ("Prüfung für Österreich, größer als schön. " * 5).encode() + b"\xff end"
    text, repairs = decode(data, "utf-8")
    assert text.count("ü") == 10
    assert repairs == ("mail.undecodable",)


def test_python_codecs_that_are_no_charsets_are_unknown():
    for label in ("hex", "idna", "unicode_escape", "rot13", "zlib", "base64", "undefined", "punycode"):
        assert decode(b"caf\xc3\xa9", label) == ("café", ("mail.charset-unknown",))


@settings(max_examples=200)
@given(
    st.binary(max_size=200),
    st.sampled_from(["", "utf-8", "utf-7", "iso-2022-jp", "shift_jis", "utf-16", "big5", "x", "hz"]),
)
def test_any_bytes_give_valid_unicode(data, label):
    text, _ = decode(data, label)
    text.encode("utf-8")
    assert "\0" not in text
