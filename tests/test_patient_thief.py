"""A thief who sends harmless locked files for a month first gains nothing: what the last one holds still counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from seriema import api
from seriema.exercise.attachments import harmless, payload
from seriema.exercise.cast import Cast, Person
from seriema.exercise.dice import Dice
from seriema.exercise.letter import Letter, new_id
from seriema.exercise.route import Gateway
from seriema.exercise.wording import short
from seriema.exercise.writer import raw
from seriema.model.verdict import Tier

BEGIN = datetime(2020, 5, 4, 9, tzinfo=UTC)
SECRET = "abc777"  # of inert practice archives


class Pair:
    """A stolen account outside and somebody of ours, writing to each other."""

    def __init__(self) -> None:
        self.dice = Dice("patient thief")
        cast = Cast(self.dice)
        self.thief = cast.person(cast.organisation("law", "en"))
        self.reader = cast.person(cast.organisation("bank", "en"))
        self.gateway = Gateway(self.reader.organisation, (self.reader.organisation.domain,))

    def letter(self, author: Person, to: Person, days: float, parent: Letter | None = None) -> Letter:
        dice = self.dice.child(f"{author.address} {days}")
        when = BEGIN + timedelta(days=days)
        subject = f"Re: {parent.subject}" if parent else f"Papers {days:.0f}"
        return Letter(author, (to,), when, subject, "", "en", "talk", new_id(dice, author), parent=parent)

    def locked(self, days: float, *, lure: bool = False, told: bool = True) -> Letter:
        bare = self.letter(self.thief, self.reader, days)
        dice = self.dice.child(f"file {days}")
        make = (
            (lambda: payload(dice, bare, SECRET, "http://host.test/x"))
            if lure
            else lambda: harmless(dice, bare, SECRET)
        )
        words = short(dice, "en", self.reader, SECRET if told else "")
        return replace(bare, words=words, attachments=make().attachments)

    def answer(self, letter: Letter, days: float) -> Letter:
        return replace(self.letter(self.reader, self.thief, days, letter), words="Thank you, received.")

    def month(self, *, answered: bool) -> list[bytes]:
        mails = [self.locked(day) for day in range(30)]
        if answered:
            mails += [self.answer(mails[day], day + 0.2) for day in range(0, 30, 3)]
        return [raw(one, self.gateway) for one in sorted(mails, key=lambda one: one.sent)]


@pytest.mark.parametrize("answered", [False, True], ids=["never answered", "answered on ten days"])
def test_a_month_of_harmless_locked_files_hides_no_payload(answered):
    pair = Pair()
    lure = raw(pair.locked(30, lure=True), pair.gateway)
    judged = api.scan(lure, history=pair.month(answered=answered)).verdict
    assert judged.tier is Tier.HOLD, judged.summary


def test_unanswered_locked_files_are_no_habit_that_excuses_an_unread_one():
    pair = Pair()
    shut = raw(replace(pair.locked(30, lure=True, told=False)), pair.gateway)
    history = [raw(pair.locked(day, told=False), pair.gateway) for day in range(30)]
    assert api.scan(shut, history=history).verdict.tier.severity >= Tier.ASK.severity
