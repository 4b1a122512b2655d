"""Each sender has its share of the unlock pool's work, and one mail there at a time."""

import asyncio
from dataclasses import replace
from typing import Any

from seriema.edge.jail.quota import HOUR, Quota
from seriema.model.artifact import State
from seriema.model.message import Address
from seriema.model.plan import Plan


def test_a_sender_is_paid_until_its_share_is_spent_and_again_in_the_next_hour() -> None:
    now = [0.0]
    quota = Quota(100, lambda: now[0])

    async def spend(sender: str, work: float) -> bool:
        async with quota.turn(sender) as turn:
            turn.work = work if turn.paid else 0.0
            return turn.paid

    async def run() -> list[bool]:
        said = [await spend("a", 60), await spend("a", 60), await spend("a", 60), await spend("b", 1)]
        now[0] = HOUR
        return [*said, await spend("a", 60)]

    assert asyncio.run(run()) == [True, True, False, True, True]
    assert not quota.turns
    assert not quota.waiting


def test_a_senders_second_mail_waits_and_anothers_does_not() -> None:
    quota = Quota(1_000)
    order: list[str] = []

    async def mail(sender: str, name: str) -> None:
        async with quota.turn(sender):
            order.append(f"{name} begins")
            await asyncio.sleep(0.01)
            order.append(f"{name} ends")

    async def run() -> None:
        await asyncio.gather(mail("a", "a1"), mail("a", "a2"), mail("b", "b1"))

    asyncio.run(run())
    assert order[:2] == ["a1 begins", "b1 begins"]
    assert order.index("a2 begins") > order.index("a1 ends")


def test_a_mail_whose_turn_is_given_up_leaves_nothing_behind() -> None:
    quota = Quota(1_000)

    async def run() -> None:
        async with quota.turn("a"):
            waiting = asyncio.create_task(_turn(quota))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(run())
    assert not quota.turns


async def _turn(quota: Quota) -> None:
    async with quota.turn("a"):
        pass


def test_without_a_bound_nobody_waits() -> None:
    async def run() -> None:
        quota = Quota(None)
        async with quota.turn("a") as one, quota.turn("a") as other:
            assert one.paid
            assert other.paid

    asyncio.run(run())


def test_what_is_not_paid_stays_at_its_limit_and_is_marked_for_later(build: Any) -> None:
    greedy = b"work\n900"
    plan = replace(Plan(), sender=Address("", "a@a.example"))
    with build(workers=1, sender_work=0) as prison:
        seen = prison.run(prison.jail.dissect(greedy, plan))
    assert [(one.state, one.encrypted) for one in seen.artifacts] == [(State.INSPECTED, False), (State.LIMIT, True)]
    assert [one.unpaid for one in seen.locked] == [True]
    assert [one.artifact for one in seen.findings if one.name == "unlock.later"] == ["1"]
    assert seen.trouble == ""


def test_what_is_paid_is_charged(build: Any) -> None:
    with build(workers=1, sender_work=1_000) as prison:
        seen = prison.run(prison.jail.dissect(b"work\n900", replace(Plan(), sender=Address("", "a@a.example"))))
        spent = prison.jail.quota.spent
    assert [one.name for one in seen.findings][-1] == "inmate.opened"
    assert not seen.locked
    assert spent == {"a@a.example": 900}
