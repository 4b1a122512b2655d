"""The gateway: what becomes of a mail by its tier, and when something is out of order. Nothing passes by accident."""

import asyncio
import hashlib
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from seriema import config
from seriema.cli import session
from seriema.edge.quarantine import Quarantine, State
from seriema.exercise import archives, documents
from seriema.model.errors import JailUnavailable, MemoryUnavailable, QuarantineUnavailable
from seriema.service import decision
from seriema.service.gateway import WATCHED, Gateway
from seriema.service.journal import Journal
from seriema.service.milter import Envelope, Received
from seriema.service.milter import answers as a
from seriema.service.milter.server import LATER

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
BOB = "bob@us.test"


def mail(text="See you at noon.", name="", content=b"", subject="Lunch") -> bytes:
    one = EmailMessage(policy=SMTP)
    one["From"], one["To"], one["Subject"] = "ann@partner.example", BOB, subject
    one["Date"], one["Message-ID"] = "Fri, 02 Jan 2026 03:00:00 +0000", "<1@partner.example>"
    one.set_content(text)
    if name:
        one.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return one.as_bytes()


def locked(text="Please open the archive.") -> bytes:
    return mail(text, "info.zip", archives.zip_bytes([("a.txt", b"hello")], password="Kx83pQ2w"))


def lure() -> bytes:
    document = documents.doc_with_macro(documents.macro_source("http://cms.example/x.php", "C:\\a.dll"), "Text")
    archive = archives.zip_bytes([("info.doc", document)], password="U4613")
    return mail("Please open the archive. Password: U4613", "info.zip", archive, "Re: Contract")


def received(raw: bytes, *names: bytes, excess="") -> Received:
    return Received(Envelope("ann@partner.example", (BOB,), "192.0.2.7", queue_id="4F00"), raw, names, excess)


class Site:
    """A gateway with its quarantine, a clock that can be set, and services that can be put out of order."""

    def __init__(self, gateway: Gateway, quarantine: Quarantine, opened: session.Session) -> None:
        self.gateway, self.quarantine, self.opened = gateway, quarantine, opened
        self.now = NOW

    async def judge(self, raw: bytes, *names: bytes):
        return tuple(await self.gateway.judge(received(raw, *names)))

    def held(self):
        return self.quarantine.entries(State.HELD)


@asynccontextmanager
async def site(tmp_path, **service):
    settings = config.Settings(
        memory=config.MemorySettings(f"sqlite:///{tmp_path}/memory.db"),
        service=config.ServiceSettings(**{"mode": "act", **service}),
    )
    quarantine = Quarantine.open(tmp_path / "held", tmp_path / "key")
    async with session.opened(settings) as opened:
        one = Site(None, quarantine, opened)
        one.gateway = Gateway(opened, settings, lambda: one.now, quarantine, Journal(tmp_path / "in-flight"))
        yield one
        await one.gateway.finish()
    quarantine.close()


def run(told, tmp_path, **service):
    async def main():
        async with site(tmp_path, **service) as one:
            return await told(one)

    return asyncio.run(main())


def out_of_order(monkeypatch, what, method, error):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(what, method, broken)


def test_an_ordinary_mail_goes_onwards_unchanged(tmp_path):
    assert run(lambda one: one.judge(mail(), b"From", b"Subject"), tmp_path) == (a.Accept(),)


def test_a_lure_is_kept_and_its_sender_hears_what_all_hear(tmp_path):
    async def told(one):
        raw = lure()
        answers = await one.judge(raw)
        [entry] = one.held()
        assert one.quarantine.mail(entry).raw == raw
        return answers, entry

    answers, entry = run(told, tmp_path)
    assert answers == (a.Discard(),)
    assert (entry.tier, entry.author, entry.received) == ("hold", "ann@partner.example", NOW)
    assert "hxxp" not in entry.summary
    assert "cms.example" in entry.summary
    assert [one.address for one in entry.recipients] == [BOB]


def test_what_nobody_can_open_is_kept_too(tmp_path):
    async def told(one):
        return await one.judge(locked()), one.held()

    answers, [entry] = run(told, tmp_path)
    assert (answers, entry.tier, entry.inspection) == ((a.Discard(),), "ask", "incomplete")


def test_fields_of_our_kind_from_outside_are_taken_away_the_last_first(tmp_path):
    names = (b"X-Seriema-Verdict", b"Subject", b"x-seriema-verdict", b"X-Seriema-Else")
    assert run(lambda one: one.judge(mail(), *names), tmp_path) == (
        a.ChangeHeader(1, b"X-Seriema-Else", b""),
        a.ChangeHeader(2, b"x-seriema-verdict", b""),
        a.ChangeHeader(1, b"X-Seriema-Verdict", b""),
        a.Accept(),
    )


def test_the_time_of_a_mail_is_ours_not_its_own(tmp_path):
    async def told(one):
        await one.judge(mail())
        return one.opened.memory.facts().since

    assert run(told, tmp_path) == NOW


@pytest.mark.parametrize("broken", ["memory", "jail", "quarantine", "journal"])
@pytest.mark.parametrize("made", [mail, locked])
def test_whatever_is_out_of_order_the_sender_keeps_the_mail(tmp_path, monkeypatch, broken, made):
    async def told(one):
        if broken == "memory":
            out_of_order(monkeypatch, type(one.opened.memory), "recall", MemoryUnavailable("gone"))
        elif broken == "jail":
            out_of_order(monkeypatch, type(one.opened.jail), "dissect", JailUnavailable("gone"))
        elif broken == "quarantine":
            out_of_order(monkeypatch, Quarantine, "hold", QuarantineUnavailable("full"))
        else:
            (tmp_path / "in-flight").rename(tmp_path / "elsewhere")
        answers = await one.judge(made())
        monkeypatch.undo()
        return answers

    expected = (a.Accept(),) if (broken, made) == ("quarantine", mail) else (LATER,)
    assert run(told, tmp_path) == expected


def test_memory_gone_for_hours_lets_only_on_what_was_read_and_is_harmless(tmp_path, monkeypatch):
    async def told(one):
        out_of_order(monkeypatch, type(one.opened.memory), "recall", MemoryUnavailable("gone"))
        assert await one.judge(mail()) == (LATER,)
        one.now += timedelta(hours=3, minutes=59)
        assert await one.judge(mail()) == (LATER,)
        one.now += timedelta(minutes=1)
        [mark, accepted] = await one.judge(mail())
        assert accepted == a.Accept()
        assert mark.value.startswith(b"unjudged")
        assert await one.judge(locked()) == (LATER,)
        assert await one.judge(lure()) == (LATER,)
        macro = documents.doc_with_macro(documents.macro_source("http://cms.example/x.php", "C:\\a.dll"), "Text")
        assert await one.judge(mail("See this", "a.doc", macro)) == (LATER,)
        out_of_order(monkeypatch, type(one.opened.jail), "dissect", JailUnavailable("gone"))
        assert await one.judge(mail()) == (LATER,)
        monkeypatch.undo()
        assert await one.judge(mail()) == (a.Accept(),)
        assert one.gateway.outage.since is None

    run(told, tmp_path)


def test_never_means_never(tmp_path, monkeypatch):
    async def told(one):
        out_of_order(monkeypatch, type(one.opened.memory), "recall", MemoryUnavailable("gone"))
        await one.judge(mail())
        one.now += timedelta(days=9)
        answers = await one.judge(mail())
        monkeypatch.undo()
        return answers

    assert run(told, tmp_path, open_after_hours=0.0) == (LATER,)


def test_a_mail_that_failed_twice_is_held_unread_and_delays_no_other(tmp_path, monkeypatch):
    async def told(one):
        out_of_order(monkeypatch, type(one.opened.memory), "recall", KeyError("unforeseen"))
        for _ in range(2):
            with pytest.raises(KeyError):
                await one.judge(mail())
        answers = await one.judge(mail())
        monkeypatch.undo()
        assert await one.judge(mail(subject="Another")) == (a.Accept(),)
        return answers, one.held()

    answers, [entry] = run(told, tmp_path)
    assert (answers, entry.inspection) == ((a.Discard(),), "incomplete")
    assert entry.summary == "Reading this mail failed twice, so nobody knows what it holds."


def test_shadow_alters_delays_and_keeps_nothing(tmp_path, monkeypatch):
    async def told(one):
        assert await one.judge(lure(), b"X-Seriema-Verdict") == (a.Accept(),)
        assert await one.gateway.judge(received(b"", excess="larger than 5 bytes")) == (a.Accept(),)
        await one.gateway.finish()
        out_of_order(monkeypatch, type(one.opened.memory), "recall", KeyError("unforeseen"))
        assert await one.judge(mail()) == (a.Accept(),)
        await one.gateway.finish()
        monkeypatch.undo()
        answers = [await one.judge(mail(subject=str(number))) for number in range(WATCHED + 5)]
        assert set(answers) == {(a.Accept(),)}
        await one.gateway.finish()
        return one.held(), one.gateway.metrics.text({})

    held, metrics = run(told, tmp_path, mode="shadow")
    assert held == []
    assert 'seriema_mails_total{tier="hold"} 1' in metrics
    assert f'seriema_mails_total{{tier="deliver"}} {WATCHED}' in metrics
    assert "seriema_unwatched_total 5" in metrics


def test_what_is_too_large_is_refused(tmp_path):
    async def told(one):
        return await one.gateway.judge(received(b"", excess="larger than 5 bytes"))

    assert run(told, tmp_path) == (decision.TOO_LARGE,)


def test_a_released_mail_passes_once_and_is_then_judged_like_any_other(tmp_path):
    async def told(one):
        raw = lure()
        await one.judge(raw)
        [entry] = one.held()
        assert await one.gateway.returned(received(raw)) == (a.Discard(),)
        one.quarantine.begin_release(entry, [BOB], "carol", "")
        assert await one.gateway.returned(received(raw + b"x")) == (a.Discard(),)
        assert await one.gateway.returned(received(raw)) == (a.Accept(),)
        assert await one.gateway.returned(received(raw)) == (a.Discard(),)

    run(told, tmp_path)


def test_the_journal_outlives_its_process(tmp_path):
    digest = hashlib.sha256(b"x").hexdigest()
    first = Journal(tmp_path)
    attempt = first.attempt(digest)
    attempt.__enter__()
    # Here its process would be killed.
    second = Journal(tmp_path)
    assert second.failures(digest) == 1
    second.attempt(digest).__enter__()
    third = Journal(tmp_path)
    assert third.failures(digest) == 2
    with third.attempt(digest):
        pass
    assert (third.failures(digest), list(tmp_path.iterdir())) == (0, [])
    (tmp_path / digest).write_text("")
    assert Journal(tmp_path).failures(digest) == 1


def test_a_service_out_of_order_is_not_the_mails_fault(tmp_path):
    journal = Journal(tmp_path)
    with pytest.raises(MemoryUnavailable), journal.attempt("00"):
        raise MemoryUnavailable("gone")
    assert (journal.failures("00"), list(tmp_path.iterdir())) == (0, [])
