"""Locked files whose password does not stand in their own mail: other mails, the usual one, lists, pool, a person."""

import asyncio
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import pytest
from tests.builders import pairs

from seriema import config, flow
from seriema.cli import session
from seriema.edge.jail import Jail, JailSettings
from seriema.edge.jail.quota import HOUR
from seriema.edge.memory import Memory
from seriema.exercise.archives import zip_bytes
from seriema.model.artifact import State
from seriema.model.case import Case
from seriema.model.errors import InputError
from seriema.model.limits import Limits
from seriema.model.plan import Subject
from seriema.model.verdict import Tier

START = datetime(2020, 7, 6, 8, 0, tzinfo=UTC)
PLAIN = [("a.txt", b"hello")]


def mail(
    words="Please see the attached file.", content=b"", *, sender="ann@partner.example", hours=0.0, to="bob@us.test"
):
    written = EmailMessage(policy=SMTP)
    when = START + timedelta(hours=hours)
    written["From"], written["To"], written["Date"] = sender, "bob@us.test", format_datetime(when)
    written["Subject"], written["Message-ID"] = f"Papers {hours}", f"<{float(hours)}-{sender}>"
    written.set_content(words)
    if content:
        written.add_attachment(content, maintype="application", subtype="zip", filename="papers.zip")
    return written.as_bytes()


def locked(password, members=PLAIN, method="aes256"):
    return zip_bytes(members, password, method)


def judged(*raws: bytes, **settings) -> list[list[Case]]:
    async def run():
        async with session.opened(config.Settings(**settings)) as opened:
            return [list(await flow.handle(flow.Incoming("test", one), opened.edge, opened.rules)) for one in raws]

    return asyncio.run(run())


def file(case: Case, identity="1"):
    return next(one for one in case.evidence.artifacts if one.id == identity)


class TestOtherMails:
    def test_each_way_of_sending_pairs_rightly_and_nothing_is_held(self):
        sent = pairs.stream(3, len(pairs.VARIATIONS))
        cases: dict[str, list[Case]] = {one.id: [] for one in sent}
        for of_one in judged(*(one.raw for one in sent)):
            for case in of_one:
                cases[case.evidence.message.message_id].append(case)
        for one in sent:
            said = f"{one.variation}: {one.id}"
            assert all(case.verdict.tier.severity < Tier.HOLD.severity for case in cases[one.id]), said
            assert len(cases[one.id]) == 1 + one.late, said
            if one.file:
                last = file(cases[one.id][-1])
                sources = {f"message:{by}" for by in one.opened_by}
                assert (last.state is State.INSPECTED) == bool(sources), said
                assert last.password_source in (sources or {None}), said

    def test_what_opened_by_one_password_opens_further_by_the_next(self):
        inner = locked("Inner99x", [("deep.txt", b"deep")])
        outer = locked("Outer88y", [("a.txt", b"hello"), ("inner.zip", inner)])
        [first], [_, half], [_, whole] = judged(
            mail(content=outer), mail("Password: Outer88y", hours=1), mail("Password: Inner99x", hours=2)
        )
        assert [file(one).state for one in (first, half, whole)] == [State.LOCKED, State.LOCKED, State.INSPECTED]
        assert file(half, "1.1").state is State.INSPECTED
        assert file(whole, "1.2.1").password_source == "message:2.0-ann@partner.example"
        assert [one.supersedes for one in (first, half, whole)] == [
            None,
            f"{first.evidence.id}/0",
            f"{first.evidence.id}/1",
        ]

    def test_a_file_within_an_open_archive_relieves_the_archive(self):
        outer = zip_bytes([("inner.zip", locked("Inner99x"))])
        [first], [_, again] = judged(mail(content=outer), mail("Password: Inner99x", hours=1))
        assert file(first).state is State.LOCKED
        assert file(again).state is State.INSPECTED
        assert again.verdict.inspection.complete

    def test_the_mail_with_the_password_is_judged_like_any_other(self):
        lure = locked("U4613", [("x.lnk.exe", b"MZ" + bytes(100))])
        _, [told, _] = judged(mail(content=locked("U4613")), mail("Password: U4613", lure, hours=1))
        assert file(told, "1.1").password_source == "body"
        assert told.verdict.tier is not Tier.DELIVER


class TestLists:
    def test_a_partners_passwords_are_tried_on_its_files_alone(self):
        unlock = config.UnlockSettings(partners={"Partner.example": ("Agreed77",)})
        [own], [other] = judged(
            mail(content=locked("Agreed77")), mail(content=locked("Agreed77"), sender="eve@else.example"), unlock=unlock
        )
        assert (file(own).state, file(own).password_source) == (State.INSPECTED, "admin")
        assert file(other).state is State.LOCKED

    def test_the_administrators_are_tried_on_all(self):
        unlock = config.UnlockSettings(passwords=("Company1",))
        [[case]] = judged(mail(content=locked("Company1"), sender="eve@else.example"), unlock=unlock)
        assert file(case).password_source == "admin"
        assert "Company1" not in repr(unlock)


class TestPool:
    def test_what_opened_a_strangers_file_is_tried_and_names_no_mail(self):
        [_], [other] = judged(
            mail("Password: U4613", locked("U4613")), mail(content=locked("U4613"), sender="eve@else.example", hours=5)
        )
        assert (file(other).state, file(other).password_source) == (State.INSPECTED, "pool")

    def test_it_is_not_handed_to_a_mail_that_stays_open(self, monkeypatch):
        asked = []
        real = Memory.candidates_for
        monkeypatch.setattr(Memory, "candidates_for", lambda *given: asked.append(given) or real(*given))
        judged(mail("Password: U4613", locked("U4613")), mail("Hello.", hours=1), mail("Password: 12ab", hours=2))
        assert asked == []


class TestPerson:
    def run(self, folder, *raws, given=("Right77x",)):
        async def reopened():
            settings = config.Settings(memory=config.MemorySettings(url=f"sqlite:///{folder}/memory.db"))
            async with session.opened(settings) as opened:
                cases = [
                    case
                    for one in raws
                    for case in await flow.handle(flow.Incoming("test", one), opened.edge, opened.rules)
                ]
            async with session.opened(settings) as opened:
                now = START + timedelta(days=3)
                return cases, await flow.open_kept(cases[0].evidence.id, given, now, opened.edge, opened.rules)

        return asyncio.run(reopened())

    def test_a_password_given_later_makes_a_new_document(self, tmp_path):
        [first], [again] = self.run(tmp_path, mail(content=locked("Right77x")))
        assert again.supersedes == f"{first.evidence.id}/0"
        assert again.evidence.as_of == START + timedelta(days=3)
        assert (file(again).state, file(again).password_source) == (State.INSPECTED, "user")

    def test_it_opens_the_same_peoples_other_files_too(self, tmp_path):
        cases, again = self.run(
            tmp_path, mail(content=locked("Right77x")), mail(content=locked("Right77x", [("b.txt", b"b")]), hours=1)
        )
        assert [one.evidence.id for one in again] == [one.evidence.id for one in cases]

    def test_a_wrong_one_changes_nothing(self, tmp_path):
        assert self.run(tmp_path, mail(content=locked("Right77x")), given=("wrong",))[1] == ()

    def test_of_a_mail_that_nothing_is_kept_of_it_says_so(self, tmp_path):
        with pytest.raises(InputError, match="no locked file"):
            self.run(tmp_path, mail("Hello."))


class TestShares:
    """One sender's costly files beside another's: what is not paid is asked about, kept, and tried again later."""

    @asynccontextmanager
    async def gateway(self, clock: list[float]):
        rules = flow.Rules(config.policy(config.Settings()))
        async with Jail.start(JailSettings(workers=1, sender_work=1)) as jail:
            jail.quota.clock = lambda: clock[0]
            memory = Memory.open()
            try:
                yield flow.Edge(jail, memory), rules
            finally:
                memory.close()

    def costly(self, number: int) -> bytes:
        """The right password stands behind sixty that look like it, so that the message pool gives up before it."""
        words = " ".join(f"Decoy{one}x{number}" for one in range(60))
        return mail(f"{words} last{number}word", locked(f"last{number}word", [(f"{number}.txt", b"x")]), hours=number)

    def test_what_is_not_paid_is_tried_again_in_the_next_hour(self):
        async def run() -> tuple[Sequence[Case], Sequence[Case]]:
            clock = [0.0]
            async with self.gateway(clock) as (edge, rules):
                first = [(await flow.handle(flow.Incoming("t", self.costly(one)), edge, rules))[0] for one in (1, 2)]
                clock[0] = HOUR
                later = await flow.retry(START + timedelta(hours=9), edge, rules)
                assert await flow.retry(START + timedelta(hours=9), edge, rules) == ()
                return first, later

        (paid, unpaid), [later] = asyncio.run(run())
        assert file(paid).state is State.INSPECTED
        assert file(unpaid).state is State.LIMIT
        assert unpaid.verdict.tier is Tier.ASK
        assert [one.name for one in unpaid.evidence.findings].count("unlock.later") == 1
        assert later.supersedes == f"{unpaid.evidence.id}/0"
        assert (file(later).state, file(later).password_source) == (State.INSPECTED, "body")
        assert not [one for one in later.evidence.findings if one.name == "unlock.later"]


def test_what_history_shows_opened_is_usual_later():
    async def run() -> Case:
        async with session.opened(config.Settings()) as opened:
            old = mail("Password: Kanzlei22", locked("Kanzlei22"))
            await flow.learn(flow.Incoming("old", old), opened.edge, opened.rules)
            new = mail("The password is the usual one.", locked("Kanzlei22", [("b.txt", b"b")]), hours=24 * 60)
            return (await flow.handle(flow.Incoming("new", new), opened.edge, opened.rules))[0]

    case = asyncio.run(run())
    assert (file(case).state, file(case).password_source) == (State.INSPECTED, "message:0.0-ann@partner.example")


def test_what_the_mail_said_of_an_attachment_stays_true_when_it_opens():
    [first], [_, again] = judged(mail(content=locked("Right77x")), mail("Password: Right77x", hours=1))
    assert file(again).declared_type == file(first).declared_type == "application/zip"
    assert file(again).path == file(first).path


class TestWithoutAnyPassword:
    def test_a_member_that_was_opened_elsewhere_is_named_and_stays_locked(self):
        """ZipCrypto shows the checksum of what it locks; another password locks the same document here."""
        document = [("invoice.txt", b"the same words in both archives")]
        first = mail("Password: Walnut481", locked("Walnut481", document, "zipcrypto"), sender="eve@first.test")
        other = [
            ("2", mail(content=locked("Unknown77q", document, "zipcrypto"), sender="bob@second.test", hours=200)),
            ("3", mail(content=locked("Unknown77q", [("invoice.txt", b"others")], "zipcrypto"), hours=300)),
        ]
        cases = [one for [one] in judged(first, *(raw for _, raw in other))]
        named = [[fact for fact in case.evidence.findings if fact.name == "unlock.same-as-opened"] for case in cases]
        assert [file(case).state for case in cases] == [State.INSPECTED, State.LOCKED, State.LOCKED]
        assert [len(one) for one in named] == [0, 1, 0]
        assert named[1][0].artifact == "1.1"
        assert "opened in 0.0-eve@first.test of 2020-07-06" in named[1][0].detail
        assert cases[1].verdict.tier is Tier.ASK


class TestManyFiles:
    def test_what_opened_one_kept_file_is_tried_first_on_the_others_and_all_share_the_work(self, monkeypatch):
        plans = []
        real = Jail.dissect

        async def watched(jail, raw, plan):
            plans.append(plan)
            return await real(jail, raw, plan)

        monkeypatch.setattr(Jail, "dissect", watched)
        written = EmailMessage(policy=SMTP)
        written["From"], written["To"], written["Message-ID"] = "ann@partner.example", "bob@us.test", "<many@p.example>"
        written["Date"] = format_datetime(START + timedelta(hours=1))
        written.set_content("Please see the attached files.")
        for number in range(4):
            content = locked("U4613", [(f"{number}.txt", b"x")])
            written.add_attachment(content, maintype="application", subtype="zip", filename=f"{number}.zip")
        _, [case] = judged(mail("It was sunny. Password: Other99x or else U4613"), written.as_bytes())
        assert {one.state for one in case.evidence.artifacts} == {State.INSPECTED}
        kept = [one for one in plans if one.subject is Subject.FILE]
        assert [one.passwords[0].value == "U4613" for one in kept[1:]] == [True] * 3
        assert [one.limits.password_work for one in kept] == sorted(one.limits.password_work for one in kept)
        assert kept[-1].limits.password_work <= Limits().password_work // 4
