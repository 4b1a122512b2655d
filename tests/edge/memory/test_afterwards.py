"""What is learned of mails after their arrival: what other senders' mails hold, suspects, judgements, exemptions."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.builders.letters import ANNA, BOB, CAROL, OFFER, START, evidence, letter

from seriema.edge.memory import Memory
from seriema.model.artifact import Artifact, FileClass
from seriema.model.case import Kept
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.history import Shared
from seriema.model.judgement import Exemption, Judgement
from seriema.model.message import Address, Link
from seriema.model.password import Proven
from seriema.model.thread import Kind
from seriema.model.verdict import Tier

ZIP = Artifact(
    "1", ("a.zip",), "a.zip", "zip", 9, "ab" * 32, file_class=FileClass.ARCHIVE, encrypted=True, password_source="body"
)
DOC = Artifact("1.1", ("a.zip", "b.doc"), "b.doc", "doc", 5, "cd" * 32, file_class=FileClass.OFFICE, crc32=77)
MACRO = Finding("macro.present", "1.1")
FETCHES = Indicator(IndicatorType.URL, "http://Bad.example/x.dll", "download", "1.1")
PROVEN = (Proven("777", "body"), Proven("agreed", "admin"))


def lure(number: int, days: float = 0, **changes):
    return letter(f"See {number}.", Address("", f"x{number}@far{number}.example"), (BOB,), days, **changes)


def held(memory, mail, artifacts=(ZIP, DOC)):
    known = evidence(memory, mail, artifacts)
    home = Indicator(IndicatorType.URL, f"https://www.{mail.sender.domain}/", "link", "0")
    return replace(known, findings=(MACRO,), indicators=(FETCHES, home))


def remembered(memory, mail, tier=Tier.DELIVER, artifacts=(ZIP, DOC)):
    known = held(memory, mail, artifacts)
    memory.remember(known, tier, PROVEN)
    return known


class TestReuse:
    def test_password_archive_document_and_host_of_other_senders(self, memory):
        remembered(memory, lure(1))
        remembered(memory, lure(2, 1), Tier.HOLD)
        told = memory.reused(held(memory, lure(3, 2)), PROVEN)
        assert [(one.shared, one.artifact, one.senders, one.condemned) for one in told] == [
            (Shared.PASSWORD, "1", 2, True),
            (Shared.ARCHIVE, "1", 2, True),
            (Shared.ARCHIVE, "1", 2, True),
            (Shared.DOCUMENT, "1.1", 2, True),
            (Shared.TARGET, "1.1", 2, True),
        ]
        assert [one.case for one in told[0].mails] == [lure(1).sha256[:32], lure(2, 1).sha256[:32]]
        assert memory.reused(held(memory, lure(3, 0.5)), PROVEN)[0].senders == 1
        assert memory.reused(held(memory, lure(1)), PROVEN) == ()

    @pytest.mark.parametrize(
        ("reply", "kind", "place", "told"),
        [
            (True, Kind.PEOPLE, "reply", [Shared.TARGET]),
            (False, Kind.PEOPLE, "reply", []),
            (True, Kind.LIST, "reply", []),
            (True, Kind.PEOPLE, "signature", []),
        ],
    )
    def test_links_are_entered_of_replies_among_people_only(self, memory, reply, kind, place, told):
        def linking(mail):
            target = "https://files.example/get"
            known = evidence(memory, replace(mail, links=(Link("", target, place),)))
            return replace(
                known,
                thread=replace(known.thread, reply=reply, kind=kind, own_kind=kind),
                indicators=(Indicator(IndicatorType.URL, target, "link", "0"),),
            )

        memory.remember(linking(lure(1)), Tier.DELIVER, ())
        assert [one.shared for one in memory.reused(linking(lure(2, 1)), ())] == told

    def test_the_same_directory_in_another_archive(self, memory):
        remembered(memory, lure(1))
        other = replace(ZIP, sha256="ef" * 32)
        told = memory.reused(replace(held(memory, lure(2, 1), (other, replace(DOC, sha256=None))), indicators=()), ())
        assert [one.shared for one in told] == [Shared.ARCHIVE]

    def test_one_senders_many_mails_hide_no_other(self, memory):
        remembered(memory, lure(1))
        for n in range(150):
            remembered(memory, lure(2, 1 + n / 500, message_id=f"{n}@x"))
        told = memory.reused(held(memory, lure(3, 2)), PROVEN)
        assert {one.senders for one in told} == {2}

    def test_condemned_later_is_harmful(self, memory):
        remembered(memory, lure(1))
        memory.condemn(lure(1).sha256[:32], START + timedelta(days=3))
        assert not memory.reused(held(memory, lure(2, 2)), PROVEN)[0].condemned
        assert memory.reused(held(memory, lure(2, 4)), PROVEN)[0].condemned

    def test_a_mail_without_such_things_leads_nowhere(self, memory):
        assert memory.reused(evidence(memory, letter(OFFER)), ()) == ()


class TestSuspects:
    def kept(self, memory, mail, tier):
        known = remembered(memory, mail, tier)
        memory.keep_suspect(Kept(known, (), 0, ()))
        return known.id

    def test_found_by_what_they_share_and_by_their_account(self, memory):
        first = self.kept(memory, lure(1), Tier.TAG)
        second = self.kept(memory, lure(2, 1), Tier.ASK)
        self.kept(memory, lure(3, 2), Tier.HOLD)
        same = [one.evidence.id for one in memory.suspects_for(held(memory, lure(4, 3)), PROVEN)]
        assert same == [first, second]
        plain = evidence(memory, lure(2, 9))
        assert [one.evidence.id for one in memory.suspects_for(plain, ())] == [second]
        assert memory.suspects_for(evidence(memory, lure(5, 9)), ()) == ()
        lately = memory.suspects_for(evidence(memory, lure(5, 4)), ())
        assert [one.evidence.id for one in lately] == [first, second], "the same towards one organisation"
        assert memory.suspects_for(evidence(memory, lure(2, 40)), ()) == ()
        assert memory.suspects_for(evidence(memory, lure(2, -1)), ()) == ()

    def test_condemned_or_dropped_ones_are_suspects_no_more(self, memory):
        first, second = self.kept(memory, lure(1), Tier.TAG), self.kept(memory, lure(2, 1), Tier.ASK)
        memory.condemn(first)
        memory.drop_suspect(second)
        assert memory.suspects_for(held(memory, lure(4, 3)), PROVEN) == ()
        assert memory.suspect(first) is not None
        assert memory.suspect(second) is None


class TestNotes:
    def test_words_on_mails_are_given_back_in_order(self, url, tmp_path):
        memory = Memory.open(url)
        said = [
            Judgement("ab" * 16, harmful=True, reason="Anna phoned: Hyperion is forged", at=START),
            Judgement("cd" * 16, harmful=False, reason="known", at=START),
            Judgement("ab" * 16, harmful=False, reason="she was wrong", at=START + timedelta(days=1)),
        ]
        for one in said:
            memory.judged(one)
        memory.close()
        memory = Memory.open(url)
        assert memory.judgements() == tuple(said)
        assert memory.judgements("ab" * 16) == (said[0], said[2])
        memory.close()
        assert b"Hyperion" not in b"".join(path.read_bytes() for path in Path(tmp_path).iterdir())

    def test_exemptions_are_in_force_between_their_days(self, memory):
        first = Exemption(ANNA.key, BOB.key, "dormant_thread", "known", START, START + timedelta(days=30))
        other = replace(first, recipient=CAROL.key)
        memory.exempt(first)
        memory.exempt(other)
        memory.exempt(replace(first, reason="still known"))
        assert {one.reason for one in memory.exemptions(START)} == {"still known", "known"}
        assert memory.exemptions(START + timedelta(days=30)) == ()
        assert memory.exemptions(START - timedelta(days=1)) == ()
        memory.revoke(first)
        assert memory.exemptions(START) == (other,)
        memory.forget(CAROL.key)
        assert memory.exemptions(START) == ()

    def test_a_word_on_a_forgotten_persons_mail_goes_with_it(self, memory):
        mail = letter(OFFER)
        memory.remember(evidence(memory, mail), Tier.DELIVER)
        memory.judged(Judgement(mail.sha256[:32], harmful=True, reason="forged", at=START))
        memory.forget(ANNA.key)
        assert memory.judgements() == ()


@pytest.mark.parametrize("again", [True, False])
def test_condemning_before_learning_leaves_no_habit(memory, again):
    known = held(memory, lure(1))
    memory.condemn(known.id)
    if again:
        memory.acquit(known.id)
    memory.remember(known, Tier.DELIVER)
    told = memory.history(lure(1, 5), START + timedelta(days=5))
    assert (told.sender.sent, told.sender.condemned) == ((1, 0) if again else (0, 1))
