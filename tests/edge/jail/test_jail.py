"""What becomes of a mail: which pool, how often, in what order, and what is kept of each try."""

import asyncio
import hashlib
import resource
import time
from dataclasses import replace
from typing import Any

import pytest

from seriema.edge.jail import Jail, JailSettings
from seriema.model.errors import JailUnavailable
from seriema.model.limits import Limits
from seriema.model.plan import Depth, Dissection, Plan, Subject

PLAN = Plan()


def facts(dissection: Dissection) -> list[str]:
    return [finding.name for finding in dissection.findings]


def test_an_ordinary_mail_is_read_once_in_the_message_pool(inmates: Any) -> None:
    document = inmates.run(inmates.jail.dissect(b"behave\nhello", PLAN))
    assert [finding.detail for finding in document.findings] == ["behave", "hello", "15"]
    assert document.message.sha256 == hashlib.sha256(b"behave\nhello").hexdigest()
    assert document.message.size == len(b"behave\nhello")
    assert document.trouble == ""


def test_costly_password_work_is_done_in_the_unlock_pool_and_its_answer_stands_alone(inmates: Any) -> None:
    document = inmates.run(inmates.jail.dissect(b"work\n3000", PLAN))
    assert facts(document) == ["inmate.began", "inmate.opened"]
    assert [artifact.state for artifact in document.artifacts] == ["inspected", "inspected"]


def test_password_work_beyond_the_whole_budget_stays_undone(inmates: Any) -> None:
    document = inmates.run(inmates.jail.dissect(b"work\n3000", replace(PLAN, limits=Limits(password_work=2_999))))
    assert facts(document) == ["inmate.began", "inmate.gave-up"]
    assert document.artifacts[1].state == "limit"


def test_a_mail_slow_after_its_headers_gets_the_time_of_the_unlock_pool(build: Any) -> None:
    with build(workers=1, message_seconds=0.4) as prison:
        document = prison.run(prison.jail.dissect(b"slow\n0.5", PLAN))
    assert facts(document) == ["inmate.began", "inmate.took-its-time"]
    assert document.trouble == ""


def test_what_both_tries_said_is_kept_when_the_second_fails_too(inmates: Any) -> None:
    document = inmates.run(inmates.jail.dissect(b"allocate", PLAN))
    assert facts(document) == ["inmate.began"]
    assert document.trouble == "limit: out of memory"
    assert document.artifacts[0].state == "limit"
    assert document.artifacts[0].state_reason == "not surely inspected, limit: out of memory"


def test_a_mail_larger_than_the_limit_is_refused_but_its_head_is_read(inmates: Any) -> None:
    raw = b"behave\n" + b"x" * 2_000
    plan = Plan(limits=Limits(message_bytes=1_000))
    document = inmates.run(inmates.jail.dissect(raw, plan))
    assert document.trouble == "limit: larger than 1000 bytes"
    assert (document.message.subject, document.message.size) == ("behave", len(raw))
    assert document.message.sha256 == hashlib.sha256(raw).hexdigest()
    assert document.findings == ()
    bare = inmates.run(inmates.jail.dissect(raw, replace(plan, subject=Subject.FILE)))
    assert (bare.message.subject, bare.message.size, bare.trouble) == ("", len(raw), document.trouble)


def test_a_large_mail_crosses_whole(inmates: Any) -> None:
    raw = b"behave\n" + bytes(range(256)) * 40_000
    document = inmates.run(inmates.jail.dissect(raw, PLAN))
    assert document.trouble == ""
    assert document.message.sha256 == hashlib.sha256(raw).hexdigest()


def test_headers_alone_when_the_plan_says_so(inmates: Any) -> None:
    document = inmates.run(inmates.jail.dissect(b"raise", replace(PLAN, depth=Depth.HEADERS)))
    assert (document.message.subject, facts(document), document.trouble) == ("raise", [], "")


def test_an_empty_mail_is_a_document_with_trouble_not_an_error(inmates: Any) -> None:
    document = inmates.run(inmates.jail.dissect(b"", PLAN))
    assert document.trouble.startswith("crashed: KeyError in inmate.py")


def test_more_mails_than_workers_wait_in_order_of_asking(build: Any) -> None:
    ended: list[int] = []

    async def one(jail: Jail, number: int) -> Dissection:
        document = await jail.dissect(b"behave\n%d" % number, PLAN)
        ended.append(number)
        return document

    async def many(jail: Jail) -> list[Dissection]:
        return await asyncio.gather(*(one(jail, number) for number in range(50)))

    with build(workers=1) as prison:
        documents = prison.run(many(prison.jail))
    assert [document.findings[1].detail for document in documents] == [str(number) for number in range(50)]
    assert ended == sorted(ended)


def test_workers_read_at_the_same_time(build: Any) -> None:
    async def both(jail: Jail) -> float:
        before = time.monotonic()
        await asyncio.gather(*(jail.dissect(b"slow\n0.4", PLAN) for _ in range(4)))
        return time.monotonic() - before

    with build(workers=4) as prison:
        assert prison.run(both(prison.jail)) < 1.5


def test_an_answer_in_time_counts_although_we_come_late_to_read_it(build: Any) -> None:
    async def story(jail: Jail) -> Dissection:
        work = asyncio.create_task(jail.dissect(b"slow\n0.1", PLAN))
        await asyncio.sleep(0.05)
        time.sleep(0.6)  # noqa: ASYNC251 - a loop that is held up, as by a slow disk
        return await work

    with build(workers=1, message_seconds=0.4) as prison:
        document = prison.run(story(prison.jail))
        assert len(prison.jail.unlock.layers) == 0, "and it was not read a second time"
    assert (document.trouble, facts(document)) == ("", ["inmate.began", "inmate.took-its-time"])


def test_a_long_unlocking_delays_no_ordinary_mail(build: Any) -> None:
    async def story(jail: Jail) -> bool:
        long = asyncio.create_task(jail.dissect(b"slow\n1", PLAN))
        await asyncio.sleep(0.5)  # the message pool gave it up after 0.3 s
        await asyncio.gather(*(jail.dissect(b"behave", PLAN) for _ in range(20)))
        early = not long.done()
        assert (await long).trouble == ""
        return early

    with build(workers=1, message_seconds=0.4) as prison:
        assert prison.run(story(prison.jail))


def test_a_cancelled_caller_leaves_a_jail_that_works(inmates: Any) -> None:
    async def story(jail: Jail) -> list[Dissection]:
        work = [asyncio.create_task(jail.dissect(b"sleep", PLAN)) for _ in range(6)]
        await asyncio.sleep(0.1)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        return await asyncio.gather(*(jail.dissect(b"behave", PLAN) for _ in range(6)))

    assert [document.trouble for document in inmates.run(story(inmates.jail))] == [""] * 6
    assert inmates.jail.message.slots.qsize() + len(inmates.jail.message.tasks) >= 2


@pytest.mark.parametrize(("mails", "expected"), [(1, [1, 1, 1, 1]), (3, [1, 2, 3, 1])])
def test_a_worker_is_replaced_after_its_number_of_mails(mails: int, expected: list[int], build: Any) -> None:
    async def story(jail: Jail) -> list[int]:
        served = []
        for _ in expected:
            async with jail.message.worker() as cell:
                collector, _ = await cell.ask(PLAN, b"behave", "", 5)
            assert collector.done
            served.append(collector.done.spent.members)  # the inmate counts the mails it saw there
        return served

    with build(workers=1, mails=mails) as prison:
        assert prison.run(story(prison.jail)) == expected


def test_a_worker_that_held_much_memory_is_replaced(build: Any) -> None:
    async def story(jail: Jail) -> tuple[set[int], set[int]]:
        before = {cell.pid for cell in jail.message.cells}
        assert (await jail.dissect(b"use-memory", PLAN)).trouble == ""
        await jail.dissect(b"behave", PLAN)
        return before, {cell.pid for cell in jail.message.cells}

    with build(workers=1) as prison:
        before, after = prison.run(story(prison.jail))
        assert not before & after
    assert prison.jail.peak_bytes > 100 << 20


def test_a_closed_jail_says_so_to_those_who_wait(build: Any) -> None:
    async def story(jail: Jail) -> list[Dissection | BaseException]:
        work = [asyncio.create_task(jail.dissect(b"sleep", PLAN)) for _ in range(4)]
        await asyncio.sleep(0.1)
        await jail.message.close()
        return await asyncio.gather(*work, return_exceptions=True)

    with build(workers=1) as prison:
        outcomes = prison.run(story(prison.jail))
    assert [type(one) for one in outcomes] == [JailUnavailable] * 4


def test_without_descriptors_left_the_caller_is_told_and_later_mails_are_read(build: Any) -> None:
    async def story(jail: Jail) -> list[Dissection]:
        for cell in tuple(jail.message.cells):
            cell.kill()
        await asyncio.sleep(0.1)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            with pytest.raises(JailUnavailable, match="no isolated worker"):
                await jail.dissect(b"behave", PLAN)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return [await jail.dissect(b"behave", PLAN) for _ in range(3)]

    with build(workers=1) as prison:
        assert [document.trouble for document in prison.run(story(prison.jail))] == [""] * 3


@pytest.mark.parametrize("module", ["tests.edge.jail.nowhere", "json"])
def test_a_module_that_cannot_run_is_named(module: str) -> None:
    async def start() -> None:
        async with Jail.start(JailSettings(module=module)):
            pass

    with pytest.raises(JailUnavailable, match=f"no isolated worker: {module}: "):
        asyncio.run(start())


@pytest.mark.parametrize("wrong", [{"unlock_workers": 0}, {"mails": 0}, {"uid": 0}, {"workers": -1}, {"least": "best"}])
def test_settings_that_make_no_sense_cannot_be_built(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"may be|no level"):
        JailSettings(**wrong)
