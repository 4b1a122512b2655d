"""A password that stands in a picture beside a locked file: read once, tried, and said where it was not read."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from tests.builders import drawn
from tests.builders.files import package

from seriema import config, flow
from seriema.cli import session
from seriema.exercise.archives import zip_bytes
from seriema.model.artifact import State
from seriema.model.picture import Reading

PASSWORD = "Harbour4613"


class Answers:
    """Readings that were thought out before, and what was asked."""

    def __init__(self, *readings: Reading) -> None:
        self.readings = readings
        self.asked: list[tuple[list[str], str]] = []

    async def read(self, pictures, language):
        self.asked.append(([one.artifact for one in pictures], language))
        return (self.readings * len(pictures))[: len(pictures)]


def mail(*pictures: bytes, words="Please see the attached file.", archive=None, inline=False) -> bytes:
    written = EmailMessage(policy=SMTP)
    written["From"], written["To"] = "ann@partner.example", "bob@us.test"
    written["Date"], written["Subject"] = "Mon, 06 Jul 2020 08:00:00 +0000", "Papers"
    written.set_content(words)
    if inline:
        written.add_alternative('<p>See below</p><img src="cid:one@x">', subtype="html")
        written.get_payload()[1].add_related(pictures[0], maintype="image", subtype="png", cid="<one@x>")
        pictures = pictures[1:]
    content = zip_bytes([("a.txt", b"hello")], PASSWORD, "aes256") if archive is None else archive
    written.add_attachment(content, maintype="application", subtype="zip", filename="papers.zip")
    for number, one in enumerate(pictures):
        written.add_attachment(one, maintype="image", subtype="png", filename=f"image{number:03}.png")
    return written.as_bytes()


def judged(raw: bytes, ocr: object = None, **incoming):
    async def run():
        async with session.opened(config.Settings()) as opened:
            edge = opened.edge if ocr is None else flow.Edge(opened.jail, opened.memory, ocr)
            return (await flow.handle(flow.Incoming("test", raw, **incoming), edge, opened.rules))[0]

    return asyncio.run(run())


def archive(case):
    return next(one for one in case.evidence.artifacts if one.name == "papers.zip")


def unread(case):
    return [(one.artifact, one.detail) for one in case.evidence.findings if one.name == "picture.not-read"]


def test_a_password_in_a_picture_opens_the_file():
    case = judged(mail(drawn.blank(200, 50)), Answers(Reading(f"Password: {PASSWORD}")))
    assert (archive(case).state, archive(case).password_source) == (State.INSPECTED, "picture")
    assert case.verdict.inspection.complete
    assert unread(case) == []


def test_a_picture_within_the_text_is_read():
    ocr = Answers(Reading(PASSWORD))
    case = judged(mail(drawn.blank(200, 50), inline=True), ocr)
    assert archive(case).password_source == "picture"


def test_a_picture_within_a_document_is_read():
    note = package({"word/document.xml": "<w/>", "word/media/image1.png": drawn.blank(200, 50)})
    written = message_from_bytes(mail(), policy=SMTP)
    written.add_attachment(note, maintype="application", subtype="octet-stream", filename="note.docx")
    assert archive(judged(written.as_bytes(), Answers(Reading(PASSWORD)))).password_source == "picture"


def test_what_is_misread_a_little_opens_all_the_same():
    case = judged(mail(drawn.blank(200, 50)), Answers(Reading("Password: Harb0ur4613")))
    assert archive(case).password_source == "picture"


@pytest.mark.parametrize(
    "raw",
    [
        mail(drawn.blank(200, 50), archive=zip_bytes([("a.txt", b"hello")])),
        mail(drawn.blank(200, 50), words=f"The password is {PASSWORD}"),
        mail(),
    ],
    ids=["nothing locked", "opened without it", "no picture"],
)
def test_nothing_is_read_when_there_is_no_need(raw):
    ocr = Answers(Reading("words"))
    judged(raw, ocr)
    assert ocr.asked == []


def test_a_picture_that_was_not_read_is_said_and_the_file_stays_locked():
    case = judged(mail(drawn.blank(200, 50)), Answers(Reading(trouble="timed out after 20 s")))
    assert archive(case).state is State.LOCKED
    assert unread(case) == [("2", "timed out after 20 s")]


def test_without_anything_that_reads_it_is_said():
    async def run():
        async with session.opened(config.Settings()) as opened:
            edge = flow.Edge(opened.jail, opened.memory)
            return (await flow.handle(flow.Incoming("test", mail(drawn.blank(200, 50))), edge, opened.rules))[0]

    assert unread(asyncio.run(run())) == [("2", "nothing here reads pictures")]


def test_a_text_without_the_password_leaves_it_locked_and_is_read_once():
    ocr = Answers(Reading("Kind regards"))
    case = judged(mail(drawn.blank(200, 50)), ocr)
    assert archive(case).state is State.LOCKED
    assert len(ocr.asked) == 1
    assert unread(case) == []


def test_of_two_hundred_pictures_a_few_are_asked_for_and_the_rest_is_said():
    ocr = Answers(Reading("Kind regards"))
    case = judged(mail(*(drawn.blank(200 + one, 50) for one in range(200))), ocr)
    assert [len(asked) for asked, _ in ocr.asked] == [4]
    assert unread(case) == [("0", "196 more beside a locked file, 4 were chosen")]


def test_what_waits_for_a_second_mail_is_read_too():
    words = "The attached file is locked. The password will follow in a separate mail."
    case = judged(mail(drawn.blank(200, 50), words=words), Answers(Reading(PASSWORD)))
    assert archive(case).password_source == "picture"


def test_the_same_in_every_run():
    raw, ocr = mail(drawn.blank(200, 50)), Answers(Reading(f"Password: {PASSWORD}"))
    assert judged(raw, ocr) == judged(raw, ocr)


@pytest.mark.server("tesseract", package="tesseract-ocr")
class TestDrawn:
    def test_a_drawn_password_opens_the_file(self):
        case = judged(mail(drawn.picture(f"Password: {PASSWORD}")))
        assert archive(case).password_source == "picture"

    def test_bombs_and_broken_pictures_beside_it_do_no_harm(self):
        hostile = (drawn.png_claiming(60_000, 60_000), drawn.picture("x")[:60])
        case = judged(mail(*hostile, drawn.picture(PASSWORD)))
        assert archive(case).password_source == "picture"
        assert archive(judged(mail(*hostile))).state is State.LOCKED

    def test_a_bomb_is_said_to_be_unread(self):
        case = judged(mail(drawn.png_claiming(60_000, 60_000)))
        assert unread(case) == [("2", "60000 × 60000 pixels are too many")]
