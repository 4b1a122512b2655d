"""What a mail says about passwords: that it names one, and that it comes another way."""

import tomllib
from importlib import resources

import pytest

from seriema.model.password import Text
from seriema.unlock import announced, mentions_password

LANGUAGES = tomllib.loads(resources.files("seriema.unlock").joinpath("words.toml").read_text("utf-8"))

ANNOUNCED = [
    ("ja", "添付ファイルのパスワードは、別メールにてお送りいたします。"),
    ("ja", "パスワードは後ほどお知らせいたします。"),
    ("ja", "解凍パスワードは追ってご連絡します。"),
    ("ja", "※パスワードは別途送付いたします"),
    ("en", "The password will follow in a separate e-mail."),
    ("en", "The attached file is encrypted. You will receive the password separately."),
    ("en", "I'll text you the password by SMS."),
    ("en", "Password to follow"),
    ("de", "Das Passwort erhalten Sie mit separater E-Mail."),
    ("de", "Das Kennwort teile ich Ihnen telefonisch mit."),
    ("de", "Das Passwort folgt in Kürze."),
    ("fr", "Le mot de passe vous sera communiqué par message séparé."),
    ("fr", "Mot de passe envoyé séparément."),
    ("es", "La contraseña se enviará en otro correo."),
    ("es", "Le enviaré la clave por separado."),
    ("pt", "A senha será enviada em outro e-mail."),
    ("it", "La password verrà inviata separatamente."),
    ("it", "La password seguirà con altra mail."),
    ("nl", "Het wachtwoord ontvangt u in een aparte e-mail."),
    ("sv", "Lösenordet skickas i ett separat mejl."),
    ("da", "Adgangskoden sendes særskilt."),
    ("no", "Passordet kommer i en egen e-post."),
    ("fi", "Salasana lähetetään erillisessä viestissä."),
    ("pl", "Hasło prześlę w osobnej wiadomości."),
    ("cs", "Heslo zašlu v samostatném e-mailu."),
    ("sk", "Heslo pošlem v samostatnom e-maile."),
    ("hu", "A jelszót külön e-mailben küldjük."),
    ("ro", "Parola va fi trimisă separat."),
    ("tr", "Şifre ayrı bir e-posta ile gönderilecektir."),
    ("ru", "Пароль вышлю отдельным письмом."),
    ("uk", "Пароль надішлю окремим листом."),
    ("bg", "Паролата ще получите с отделен имейл."),
    ("hr", "Lozinku ćemo poslati u zasebnom e-mailu."),
    ("sl", "Geslo boste prejeli ločeno."),
    ("el", "Ο κωδικός θα σταλεί σε ξεχωριστό μήνυμα."),
    ("he", "הסיסמה תישלח בנפרד."),
    ("ar", "سيتم إرسال كلمة المرور في رسالة منفصلة."),
    ("th", "รหัสผ่านจะส่งแยกให้ทางอีเมลถัดไป"),
    ("vi", "Mật khẩu sẽ được gửi trong email riêng."),
    ("id", "Kata sandi akan dikirim secara terpisah."),
    ("zh", "密码将另行发送。"),
    ("zh", "解压密码稍后单独发送给您。"),
    ("zh", "密碼將於下一封郵件提供。"),
    ("ko", "비밀번호는 별도 메일로 보내드리겠습니다."),
]

NOT_ANNOUNCED = [
    "Password: 777",
    "Das Passwort lautet 4432.",
    "The invoice will follow in a separate e-mail.",
    "パスワードはabc123です。",
    "Please reset your password within 24 hours.",
    "We will send the documents shortly.",
    "",
]


@pytest.mark.parametrize(("language", "text"), ANNOUNCED)
def test_a_password_that_comes_separately_is_heard(language: str, text: str) -> None:
    assert language in LANGUAGES
    assert announced([Text("body", f"{text}\n")])
    assert announced([Text("body", f"Hello\n\n{'x ' * 500}\n{text}\n")])


def test_many_languages_are_heard() -> None:
    assert len({language for language, _ in ANNOUNCED}) >= 25


@pytest.mark.parametrize("text", NOT_ANNOUNCED)
def test_other_wording_is_no_announcement(text: str) -> None:
    assert not announced([Text("body", text)])


def test_what_is_only_quoted_announces_nothing() -> None:
    assert not announced([Text("quoted", "The password will follow in a separate e-mail.")])


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_quick_look_knows_a_word_of_every_language(language: str) -> None:
    assert mentions_password([Text("body", f"- {LANGUAGES[language]['strong'][0]}: 4432")])


@pytest.mark.parametrize(
    "text",
    ["Pass\u200bword 777", "pwd=777", "PW: 777", "Ｐａｓｓｗｏｒｄ 777", "Pаsswоrd 777", "Contraseña 777", "mdp 777"],
)
def test_the_quick_look_sees_through_tricks_of_writing(text: str) -> None:
    assert mentions_password([Text("body", text)])


@pytest.mark.parametrize(
    "text",
    ["The passage was passed on to the passengers.", "Lösen wir die Aufgabe?", "Your code and key", "format made"],
)
def test_the_quick_look_is_not_taken_in_by_parts_of_words(text: str) -> None:
    assert not mentions_password([Text("body", text), Text("quoted", "password: 777")])
