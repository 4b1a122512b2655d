"""A worker that a mail took over gains nothing, ends in words in that mail's document, and touches no other mail."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from tests.edge.jail.inmate import ATTEMPTS, LIES

from seriema.edge.jail import Jail
from seriema.model.artifact import State
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.plan import Dissection, Plan

PLAN = Plan()
#: For what would otherwise wait for the whole guard.
HASTY = Plan(limits=Limits(seconds=0.3))

KILLED = "crashed: killed by SIGSYS for a forbidden system call"

#: The misdeed, and how its document must say that it ended.
WORDS = {
    "exec": KILLED,
    "ptrace": KILLED,
    "mount": KILLED,
    "bpf": KILLED,
    "io_uring_setup": KILLED,
    "execveat": KILLED,
    "setns": KILLED,
    "userfaultfd": KILLED,
    "subprocess": "crashed: ",
    "sleep": "timed out after 0.3 s",
    "spin": "timed out after 0.3 s",
    "allocate": "limit: out of memory",
    "flood": "limit: the answer ",
    "flood-of-locked-files": "limit: the answer is larger than 64 MB",
    "many-facts": "limit: the answer has more than 20000 of one kind",
    "forge-trouble": "crashed: xxx",
    "no-statement": "crashed: KeyError in wire.py",
    "hang-up-in-a-frame": "crashed: hung up without a last word",
    "close-the-channel": "crashed: ",
    "segfault": "crashed: killed by SIGSEGV",
    "exit": "crashed: ended with exit status 3",
    "raise": "crashed: ValueError in inmate.py",
    "recurse": "crashed: RecursionError in inmate.py",
}

Answer = Callable[[str], Dissection]


def mail(name: str, rest: str = "") -> bytes:
    return f"{name}\n{rest}".encode()


def facts(dissection: Dissection) -> set[str]:
    return {finding.name for finding in dissection.findings}


async def among_others(jail: Jail, raw: bytes, plan: Plan) -> tuple[Dissection, list[Dissection]]:
    """The document of one mail, and those of ordinary mails before, beside and after it."""
    work: list[Coroutine[Any, Any, Dissection]] = [jail.dissect(mail("behave", str(n)), PLAN) for n in range(6)]
    work.insert(3, jail.dissect(raw, plan))
    documents = await asyncio.gather(*work)
    others = [*documents[:3], *documents[4:], await jail.dissect(mail("behave", "6"), PLAN)]
    return documents[3], others


def assert_untouched(others: list[Dissection]) -> None:
    for number, other in enumerate(others):
        assert other.trouble == ""
        assert other.findings[1] == Finding("inmate.read", "0", detail=str(number))
        assert len(other.findings) == 3


@pytest.mark.parametrize("name", WORDS)
def test_the_document_says_how_its_worker_ended_and_the_others_are_complete(name: str, inmates: Any) -> None:
    if WORDS[name] == KILLED and not inmates.holds("seccomp"):
        pytest.skip("this kernel or container has no seccomp; the layer says so")
    plan = HASTY if name in ("sleep", "spin") else PLAN
    document, others = inmates.run(among_others(inmates.jail, mail(name), plan))
    assert document.trouble.startswith(WORDS[name])
    assert len(document.trouble) < 700
    assert document.message.subject.strip("x0123456789") in (name, "")
    assert "inmate.began" in facts(document), "what was said before the end stays"
    assert not facts(document) & {"inmate.got-through", "inmate.forged", "inmate.allocated"}
    assert all(artifact.state is not State.INSPECTED for artifact in document.artifacts)
    assert_untouched(others)


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_and_costs_only_the_liar(lie: str, inmates: Any) -> None:
    document, others = inmates.run(among_others(inmates.jail, mail("lie", lie), PLAN))
    assert document.trouble.startswith("crashed: ") or "of one kind" in document.trouble
    assert "inmate.forged" not in facts(document)
    assert "inmate.began" in facts(document)
    assert_untouched(others)


def test_digest_and_size_are_never_the_workers_own(inmates: Any) -> None:
    raw = mail("behave")
    document = inmates.run(inmates.jail.dissect(raw, PLAN))
    assert document.message.size == len(raw)
    assert document.message.sha256 != "ff" * 32


def test_nothing_forbidden_gets_through(inmates: Any) -> None:
    if not inmates.holds("seccomp"):
        pytest.skip("this kernel or container has no seccomp; test_layers shows what holds without it")
    document = inmates.run(inmates.jail.dissect(mail("attempt"), PLAN))
    assert document.trouble == ""
    assert {one.place for one in document.findings if one.name == "inmate.refused"} == set(ATTEMPTS)


@pytest.mark.parametrize("wait", ["0", "0.05", "0.2"])
def test_stale_replies_reach_no_other_mail(wait: str, build: Any) -> None:
    async def story(jail: Jail) -> list[Dissection]:
        first = await jail.dissect(mail("stale", wait), PLAN)
        await asyncio.sleep(0.1)
        return [first, *[await jail.dissect(mail("behave", str(n)), PLAN) for n in range(3)]]

    with build(workers=1, message_seconds=1.0) as prison:
        first, *others = prison.run(story(prison.jail))
    assert "inmate.forged" not in facts(first)
    assert_untouched(others)


@pytest.mark.parametrize("name", ["stall-the-next", "hang-up-on-the-next"])
@pytest.mark.parametrize("rest", ["0", f"0{' ' * (4 << 20)}"], ids=["small", "larger than the socket"])
def test_a_worker_that_stalls_after_its_answer_costs_the_next_mail_only_time(name: str, rest: str, build: Any) -> None:
    async def story(jail: Jail) -> list[Dissection]:
        return [await jail.dissect(mail(name), PLAN), await jail.dissect(mail("behave", rest), PLAN)]

    with build(workers=1, message_seconds=1.0) as prison:
        first, second = prison.run(story(prison.jail))
    assert first.trouble == ""
    assert_untouched([second])


def test_a_worker_that_answers_unread_is_ended_at_the_deadline_and_heard_no_more(build: Any) -> None:
    async def story(jail: Jail) -> list[Dissection]:
        await jail.dissect(mail("answer-unread"), PLAN)
        await jail.dissect(mail("behave", " " * (4 << 20)), PLAN)
        return [await jail.dissect(mail("behave", "0"), PLAN)]

    with build(workers=1, message_seconds=1.0) as prison:
        assert_untouched(prison.run(story(prison.jail)))


def test_a_worker_that_wakes_us_for_ever_is_ended(build: Any) -> None:
    async def story(jail: Jail) -> list[Dissection]:
        first = await jail.dissect(mail("wake-for-ever"), PLAN)
        cell = next(iter(jail.message.cells))
        await asyncio.sleep(0.1)
        assert not cell.quiet
        return [first, await jail.dissect(mail("behave", "0"), PLAN)]

    with build(workers=1) as prison:
        first, second = prison.run(story(prison.jail))
    assert first.trouble == ""
    assert_untouched([second])


def test_a_worker_killed_in_the_middle_of_a_mail(inmates: Any) -> None:
    async def story(jail: Jail) -> tuple[Dissection, list[Dissection]]:
        work = asyncio.create_task(among_others(jail, mail("sleep"), PLAN))
        await asyncio.sleep(0.3)  # the others are done by now
        for cell in jail.message.cells:
            if cell.collector:
                cell.kill()
        return await work

    document, others = inmates.run(story(inmates.jail))
    assert document.trouble == "crashed: killed by SIGKILL"
    assert "inmate.began" in facts(document)
    assert_untouched(others)


def test_an_idle_worker_that_dies_is_replaced_unnoticed(inmates: Any) -> None:
    async def story(jail: Jail) -> list[Dissection]:
        for cell in tuple(jail.message.cells):
            cell.kill()
        return [await jail.dissect(mail("behave", str(n)), PLAN) for n in range(4)]

    assert_untouched(inmates.run(story(inmates.jail)))


def test_the_zygote_is_started_again_when_it_dies(build: Any) -> None:
    async def story(jail: Jail) -> list[Dissection]:
        assert jail.spawner.process
        jail.spawner.process.kill()
        return [await jail.dissect(mail("behave", str(n)), PLAN) for n in range(4)]

    with build(workers=2) as prison:
        assert_untouched(prison.run(story(prison.jail)))
