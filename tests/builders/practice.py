"""Practice mailboxes made once for a test run, and the questions tests ask of them."""

from email.message import Message
from functools import cache

from seriema.exercise import Exercise, Mail, MailTruth, Role, make
from seriema.exercise.mailbox import IncidentTruth, ThreadFacts

EVERY = (None, *range(1, 21))  #: the report's own figures, and twenty drawn ones


@cache
def exercise(seed: int | None) -> Exercise:
    return make(seed)


def lures(seed: int | None, case: str) -> list[MailTruth]:
    return [truth for truth in exercise(seed).truth.mails if truth.role is Role.LURE and truth.case == case]


def incident(seed: int | None, case: str) -> IncidentTruth:
    return next(entry for entry in exercise(seed).truth.incidents if entry.case == case)


def thread(truth: MailTruth) -> ThreadFacts:
    assert truth.thread is not None
    return truth.thread


def mail(seed: int | None, truth: MailTruth) -> Mail:
    return next(box for box in exercise(seed).mailboxes if box.name == truth.mailbox).mails[truth.index]


def texts(message: Message) -> list[str]:
    found = []
    for part in message.walk():
        if part.get_content_maintype() == "text" and not part.get_filename():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            found.append(content.decode(part.get_content_charset("utf-8")))
    return found
