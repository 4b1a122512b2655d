"""A locked worker says what an unlocked one says: what is imported or opened lazily would show here as a wrong fact."""

import encodings.aliases
from collections.abc import Iterator
from typing import Any

import pytest
from tests.builders import torture
from tests.builders.mail import mail
from tests.edge.jail.conftest import Prison, prison

from seriema import exercise
from seriema.edge.jail import JailSettings, run_unlocked
from seriema.model.password import Candidate
from seriema.model.plan import Depth, Plan, Subject

#: Names that mail uses and Python knows under another, and names that nobody knows.
OTHER_CHARSETS = (
    "x-sjis",
    "windows-31j",
    "iso-2022-jp-ms",
    "ks_c_5601-1987",
    "x-mac-roman",
    "unicode-1-1-utf-7",
    "no-such",
)
CHARSETS = sorted({*encodings.aliases.aliases.values(), *OTHER_CHARSETS})

BYTES = bytes(range(32, 127)) + bytes(range(128, 256)) + b"\x1b$B%Q%9%o!<%I\x1b(B"


@pytest.fixture(scope="module")
def real() -> Iterator[Prison]:
    with prison(JailSettings(workers=1)) as running:
        yield running


PLAN = Plan()


def assert_same(real: Prison, raw: bytes, plan: Plan = PLAN) -> None:
    assert real.run(real.jail.dissect(raw, plan)) == run_unlocked(raw, plan)


def in_charset(charset: str) -> bytes:
    encoded = "=?" + charset + "?B?44OR44K544Ov44O844OJ?= =?" + charset + "?Q?=E4=FC=83p=83X?="
    head = f'Content-Type: text/plain; charset="{charset}"\nContent-Transfer-Encoding: 8bit\nX-Note: {encoded}\n'
    return mail(b"Password: abc123\r\n" + BYTES, head, top=f"From: {encoded} <a@b.example>\nSubject: {encoded}\n")


def in_charset_with_file(charset: str) -> bytes:
    """The charset in a page and in an encoded file name (RFC 2231)."""
    named = charset.encode()
    page = b'Content-Type: text/html; charset="' + named + b'"\r\n\r\n<p>Passwort</p>' + BYTES
    file = b"Content-Disposition: attachment; filename*=" + named + b"''%83p%83X%E4.txt\r\n\r\nx"
    head = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n'
    return mail(b"--b\r\n" + page + b"\r\n--b\r\n" + file + b"\r\n--b--\r\n", head)


@pytest.mark.parametrize("build_mail", [in_charset, in_charset_with_file])
def test_every_charset(build_mail: Any, real: Prison) -> None:
    assert len(CHARSETS) > 90
    for charset in CHARSETS:
        assert_same(real, build_mail(charset))


@pytest.mark.parametrize("depth", Depth)
def test_the_mails_of_the_exercise(depth: Depth, real: Prison) -> None:
    """With locked archives, macros, quotes in many languages."""
    seen = set()
    for mailbox in exercise.make().mailboxes:
        for one in mailbox.mails[:: 5 if depth is Depth.FULL else 20]:
            assert_same(real, one.raw, Plan(depth=depth))
            seen.add(one.raw)
    assert len(seen) > 10


FILES = {
    "nested": torture.nested_bomb(3, 2, 1_000),
    "overlapping": torture.overlapping_bomb(5, 10_000),
    "quine": torture.quine(),
    "page": b"<html><body><script>eval(unescape('%61'))</script><a href='http://a.example/x'>b</a></body></html>",
    "script": b'var s = new ActiveXObject("WScript.Shell"); s.Run("calc");\n' * 20,
    "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F" + bytes(200),
    "program": b"MZ" + bytes(58) + b"\x40\x00\x00\x00PE\x00\x00" + bytes(400),
    "rtf": rb"{\rtf1\ansi\ansicpg932 {\object\objdata 0105000002000000}\'83p}",
    "compound": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/URI/URI(http://a.example/)>>>>endobj\ntrailer<</Root 1 0 R>>",
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(100),
    "noise": bytes(range(256)) * 40,
    "empty": b"",
}


@pytest.mark.parametrize("name", FILES)
def test_files(name: str, real: Prison) -> None:
    plan = Plan(subject=Subject.FILE, name=f"{name}.bin", passwords=(Candidate("777", "user"),))
    assert_same(real, FILES[name], plan)
    assert_same(real, torture.with_attachment(f"{name}.bin", FILES[name]))


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"\x00" * 5_000, b"Subject: =?utf-8?B?" + b"/" * 900 + b"\n\n" + b"\xff" * 900]
)
def test_what_is_hardly_a_mail(raw: bytes, real: Prison) -> None:
    assert_same(real, raw)
