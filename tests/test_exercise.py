"""The main job end to end: every lure is held or asked about at its own arrival, every innocent twin gets through.

Each mail is judged as of its own time with only earlier mail remembered, over the default exercise (the report's own
figures) and twenty drawn ones, against the truth that comes with them.
"""

import asyncio
import re
from contextlib import aclosing

import pytest

from seriema import config, exercise
from seriema.cli import exercise as face
from seriema.cli import session
from seriema.edge.intake import Tally, discover
from seriema.model.case import Case

SEEDS = (None, *range(1, 21))


def judged(folder, partners=()) -> list[Case]:
    """All cases of a folder in the order they were judged."""

    async def run():
        settings = config.Settings(policy=config.PolicySettings(partners=tuple(partners)))
        async with session.opened(settings) as opened:
            inputs = await session.in_time_order(discover([str(folder)], Tally()), opened, lambda *_: None)
            async with aclosing(session.judged(inputs, opened, lambda *_: None)) as cases:
                return [case async for case in cases]

    return asyncio.run(run())


def name(case: Case) -> str:
    """As the truth names a mail: file and number."""
    return case.evidence.source.rpartition("/")[2]


def source(mail) -> str:
    """As a scan names the mail of a truth."""
    return f"{mail.mailbox}.mbox#{mail.index}"


@pytest.fixture(scope="module", params=SEEDS, ids=[f"seed {seed}" for seed in SEEDS])
def practice(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exercise")
    face.write(folder, request.param)
    truth = {source(mail): mail for mail in exercise.make(request.param).truth.mails}
    return truth, judged(folder)


def test_each_mail_is_judged_as_its_truth_says(practice):
    truth, cases = practice
    first = {name(case): case for case in reversed(cases) if case.revision == 0}
    assert first.keys() == truth.keys()
    wrong = [
        f"{source} {mail.case}: {first[source].verdict.tier} {first[source].verdict.summary}"
        for source, mail in truth.items()
        if first[source].verdict.tier not in mail.expected
    ]
    assert not wrong, "\n".join(wrong)


def _counted(said: int, mail) -> bool:
    """The truth counts addresses; a mail whose thread is only quoted may name people without theirs."""
    others = len({*mail.thread.participants} - {mail.account})
    return said == others if mail.thread.known else others <= said <= others + mail.thread.quoted


NAMED = {"German": "de", "English": "en", "Spanish": "es", "French": "fr", "Italian": "it", "Japanese": "ja"}
#: What a verdict says of a lure, and what the truth has to say of it for that to be right.
SAID = (
    (r"silent for (\d+) days(?! by)", lambda said, mail: abs(int(said[1]) - mail.thread.silent_days) <= 1),
    (
        # What a mail quotes may be older than what was sent into the thread without naming it.
        r"silent for (\d+) days by the dates",
        lambda said, mail: mail.thread.known or abs(int(said[1]) - mail.thread.silent_days) <= 1,
    ),
    (r"written to 1 of (\d+) other", lambda said, mail: _counted(int(said[1]), mail)),
    (
        r"^(\S+) opened with the password from the body holds (.*?)(?: …)?$",
        lambda said, mail: (said[1], said[2]) == (mail.file.archive, ", ".join(mail.file.documents[:3])),
    ),
    (
        r"^(\w+) reply in a thread in (\w+)",
        lambda said, mail: (
            (NAMED[said[1]], NAMED[said[2]]) == (mail.thread.reply_language, mail.thread.thread_language)
        ),
    ),
    (r"fetches a file from ([^\s…]+)", lambda said, mail: mail.file.url.startswith(said[1])),
)


def test_what_a_verdict_says_agrees_with_the_truth(practice):
    truth, cases = practice
    said = [
        (truth[name(case)], reason.text, check(found, truth[name(case)]))
        for case in cases
        if truth[name(case)].role is exercise.Role.LURE and not truth[name(case)].forward and case.revision == 0
        for reason in case.verdict.reasons
        for pattern, check in SAID
        if (found := re.search(pattern, reason.text))
    ]
    assert said
    assert not [f"{mail.mailbox} {mail.case}: {text}" for mail, text, true in said if not true]


def test_a_file_whose_password_comes_later_waits_and_is_then_delivered(practice):
    truth, cases = practice
    first = {name(case): case for case in cases if case.revision == 0}
    latest = {name(case): case for case in cases}
    for source, mail in truth.items():
        if mail.state:
            states = {gap.reason.value for gap in first[source].verdict.inspection.gaps}
            assert states == {mail.state}, source
        if mail.then:
            assert latest[source].verdict.tier == mail.then, source
            assert latest[source].verdict.inspection.complete, source
            assert latest[source].supersedes == f"{mail.id}/0"


def test_whoever_is_named_a_partner_may_send_locked_files(tmp_path):
    face.write(tmp_path)
    asked = [mail for mail in exercise.make().truth.mails if mail.partner]
    latest = {name(case): case for case in judged(tmp_path, {mail.partner for mail in asked})}
    assert asked
    assert {latest[source(mail)].verdict.tier.value for mail in asked} <= {"deliver", "tag"}
