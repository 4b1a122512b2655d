"""Tesseract over drawn, broken and hostile pictures; without it, and when it does not behave."""

import asyncio

import pytest
from tests.builders import drawn

from seriema.edge.ocr import Ocr, tesseract
from seriema.edge.ocr.process import Ran
from seriema.edge.ocr.tesseract import MOST, models
from seriema.model.picture import Picture

installed = pytest.mark.server("tesseract", package="tesseract-ocr")


def read(*contents, language="en", program=None):
    async def run():
        return await Ocr(program).read([Picture(str(one), content) for one, content in enumerate(contents)], language)

    return asyncio.run(run())


@pytest.fixture
def fake(monkeypatch):
    """A tesseract that is made of answers, and what it was asked."""
    asked = []

    def give(ran: Ran) -> list:
        def answered(command, given, seconds):
            asked.append((command, given))
            return Ran(b"List:\neng\nosd\n", level="strong") if "--list-langs" in command else ran

        monkeypatch.setattr(tesseract, "run", answered)
        return asked

    return give


@installed
@pytest.mark.parametrize("form", drawn.FORMATS)
def test_it_reads_every_format(form):
    [reading] = read(drawn.picture("Password: Harbour4613", form))
    assert (reading.text, reading.trouble) == ("Password: Harbour4613", "")


@installed
def test_light_on_dark_and_several_lines():
    [reading] = read(drawn.picture("Dear Bob,\nthe password is 774412\nAnn", ink="white", paper="navy"))
    assert "774412" in reading.text.split()


@installed
def test_a_broken_picture_and_a_claim_of_billions_of_pixels_are_said():
    whole = drawn.picture("Harbour4613")
    readings = read(whole[:60], drawn.png_claiming(60_000, 60_000), whole)
    assert [bool(one.trouble) for one in readings] == [True, True, False]
    assert readings[2].text == "Harbour4613"


@installed
def test_noise_has_no_words_and_takes_no_harm():
    assert read(drawn.blank(300, 100))[0].text == ""


def test_what_is_no_picture_is_never_handed_over(fake):
    asked = fake(Ran(b"words", level="strong"))
    [reading] = read(b"/etc/passwd\nhttp://attacker.example/x.png\n", program="/usr/bin/tesseract")
    assert reading.trouble == "not a picture that tesseract reads"
    assert len(asked) == 1  # for its languages


@pytest.mark.parametrize("trouble", ["timed out after 20 s", "said more than 64 kB", "tesseract ended by SIGKILL"])
def test_trouble_is_passed_on_and_nothing_of_the_text(fake, trouble):
    fake(Ran(b"half a page", trouble, "strong"))
    [reading] = read(drawn.blank(100, 100), program="/usr/bin/tesseract")
    assert (reading.text, reading.trouble) == ("", trouble)


def test_time_for_one_mail_is_bounded(fake, monkeypatch):
    fake(Ran(b"words", level="strong"))
    monkeypatch.setattr(tesseract, "SECONDS_A_MAIL", 0.0)

    async def run():
        ocr = Ocr("/usr/bin/tesseract")
        for _ in range(ocr.turns._value):
            await ocr.turns.acquire()
        return await ocr.read([Picture("1", drawn.blank(100, 100))], "")

    assert asyncio.run(run())[0].trouble.startswith("timed out")


def test_more_pictures_than_a_mail_may_have_are_said(fake):
    fake(Ran(b"words", level="strong"))
    readings = read(*[drawn.blank(100, 100)] * 200, program="/usr/bin/tesseract")
    assert [one.text for one in readings].count("words") == MOST
    assert readings[-1].trouble == f"more than {MOST} pictures"


def test_without_tesseract_it_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert read(drawn.blank(100, 100))[0].trouble == "tesseract is not installed"


def test_a_tesseract_that_does_not_run_is_none():
    assert read(drawn.blank(100, 100), program="/usr/bin/false")[0].trouble.startswith("tesseract does not run")


@pytest.mark.parametrize(
    ("languages", "language", "chosen"),
    [
        (("deu", "eng", "jpn"), "de", "eng+deu"),
        (("deu", "eng"), "en", "eng"),
        (("eng",), "ja", "eng"),
        (("deu", "fra"), "fr", "fra"),
        (("deu", "fra"), "", "deu"),
    ],
)
def test_it_reads_english_and_the_mails_language(languages, language, chosen):
    assert models(languages, language) == chosen


def test_a_reading_hides_its_text():
    assert "secret" not in repr(tesseract.Reading("secret"))
