"""Equal order of arrival gives equal answers: in one run, in two, after a crash, from two that share a database."""

import random
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from tests.builders.letters import ANNA, BOB, CAROL, DAVE, answer, judged, letter, past

from seriema.edge.memory import Bounds, Memory, Retention
from seriema.model.artifact import Artifact, FileClass
from seriema.model.case import Evidence, Kept
from seriema.model.password import Proven
from seriema.model.traits import Traits
from seriema.model.verdict import Tier

OURS = frozenset({"bank.example"})
ZIP = Artifact(
    "1", ("a.zip",), "a.zip", "zip", 9, "ab" * 32, file_class=FileClass.ARCHIVE, encrypted=True, password_source="body"
)
PROVEN = (Proven("777", "body"),)


def mailbox(count=60):
    """Mails of four people, some with locked files, each with what happens to it."""
    chance = random.Random(11)
    mails = [letter("The beginning of all.", ANNA, (BOB,))]
    for number in range(1, count):
        sender, *others = chance.sample([ANNA, BOB, CAROL, DAVE], 4)
        to = tuple(others[: chance.randint(1, 2)])
        traits = Traits(client=chance.choice(("Outlook", "Apple Mail")), zone="+0100")
        if chance.random() < 0.5:
            mail = answer(chance.choice(mails), f"Answer {number}.", sender, to, days=number / 2, traits=traits)
        else:
            mail = letter(f"New {number}.", sender, to, number / 2, subject=f"about {number}", traits=traits)
        mails.append(mail)
    tiers = chance.choices([Tier.DELIVER, Tier.TAG, Tier.ASK, Tier.HOLD], (12, 3, 2, 1), k=count)
    return list(zip(mails, tiers, chance.choices([(), (ZIP,)], (4, 1), k=count), strict=True))


def received(memory, mail, tier, artifacts):
    """Judge, remember, and condemn what it brings to light; all that memory told."""
    told = Evidence("test", mail.date, mail, judged(memory, mail), past(memory, mail), artifacts)
    reused = memory.reused(told, PROVEN)
    suspects = memory.suspects_for(told, PROVEN) if artifacts else ()
    memory.remember(told, tier, PROVEN if artifacts else ())
    if tier in (Tier.TAG, Tier.ASK):
        memory.keep_suspect(Kept(told, (), 0, ()))
    for one in suspects[:1]:
        memory.condemn(one.evidence.id, mail.date)
    memory.flush()
    return told.thread, told.history, reused, [one.evidence.id for one in suspects]


def opened(place):
    return Memory.open(*place, own_domains=OURS, retention=Retention(Bounds(most_mails=40)))


def alone(mails, place):
    with closing(opened(("sqlite://", place[1]))) as memory:
        return [received(memory, *one) for one in mails]


def test_two_runs_tell_what_one_tells(place):
    mails = mailbox()
    with closing(opened(place)) as memory:
        told = [received(memory, *one) for one in mails[:25]]
    with closing(opened(place)) as memory:
        told += [received(memory, *one) for one in mails[25:]]
    assert told == alone(mails, place)


def test_two_that_share_a_database_tell_what_one_tells(place):
    mails = mailbox()
    with closing(opened(place)) as one, closing(opened(place)) as other:
        told = [received((one, other)[number % 3 == 0], *mail) for number, mail in enumerate(mails)]
    assert told == alone(mails, place)


def test_after_a_crash_the_last_mails_may_come_again(place):
    """They were stored and not answered: told again, they are told the same."""
    mails = mailbox(36)  # none of them had to go yet
    expected = alone(mails, place)
    memory = opened(place)
    told = [received(memory, *one) for one in mails[:20]]
    memory._database.rollback()
    memory.close()
    with closing(opened(place)) as memory:
        again = [received(memory, *one) for one in mails[16:]]
    assert told == expected[:20]
    assert [one[:2] for one in again] == [one[:2] for one in expected[16:]]


def test_evidence_of_a_later_moment_changes_no_earlier_answer(place):
    mails = mailbox(30)
    with closing(opened(place)) as memory:
        told = [received(memory, *one) for one in mails]
        memory.condemn(mails[5][0].sha256[:32], mails[-1][0].date + timedelta(days=1))
        asked = [past(memory, replace(mail, sha256=mail.sha256)) for mail, _, _ in mails]
    assert asked == [history for _, history, _, _ in told]
