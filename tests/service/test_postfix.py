"""A real Postfix with the gateway as its milter: what comes through, what does not, and what comes back on release."""

import asyncio
import base64
import re
import smtplib
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.builders import postfix
from tests.service.test_gateway import locked, lure, mail

from seriema import config, exercise
from seriema.edge.quarantine import Quarantine, State
from seriema.service import reinject
from seriema.service.serve import serving

#: All that a tag alters.
_MARK = re.compile(rb"^X-Seriema-Verdict: tag; .*\n", re.MULTILINE)

pytestmark = [
    pytest.mark.server("postfix"),
    pytest.mark.skipif(not postfix.USABLE, reason="Postfix is started by root only"),
]


class Site:
    """Postfix and the gateway, which runs in a thread of this process with a clock that can be set."""

    def __init__(self, server: postfix.Postfix, state) -> None:
        self.postfix, self.folder, self.state = server, server.folder, state
        self.now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    @property
    def settings(self) -> config.Settings:
        return config.Settings(
            memory=config.MemorySettings(f"sqlite:///{self.state}/memory.db"),
            quarantine=config.QuarantineSettings(
                f"{self.state}/held", f"{self.state}/key", relay=f"127.0.0.1:{self.postfix.back}"
            ),
            service=config.ServiceSettings(f"unix:{self.folder}/m.sock", f"unix:{self.folder}/back.sock", "act"),
        )

    def serve(self, ready: threading.Event, end: threading.Event) -> None:
        async def main():
            async with serving(self.settings, lambda: self.now) as gateway:
                self.gateway = gateway
                for name in ("m.sock", "back.sock"):
                    postfix.may_use(self.folder / name)
                ready.set()
                await asyncio.to_thread(end.wait)

        asyncio.run(main())

    @contextmanager
    def quarantine(self):
        one = Quarantine.open(self.state / "held", self.state / "key")
        yield one
        one.close()

    def delivered(self) -> list[bytes]:
        return [postfix.as_sent(one) for one in self.postfix.delivered()]


@pytest.fixture(scope="module")
def server():
    with (
        postfix.site() as folder,
        postfix.running(folder, f"unix:{folder}/m.sock", f"unix:{folder}/back.sock") as running,
    ):
        yield running


@pytest.fixture
def site(server, tmp_path):
    one, ready, end = Site(server, tmp_path), threading.Event(), threading.Event()
    server.empty()
    thread = threading.Thread(target=one.serve, args=(ready, end))
    thread.start()
    try:
        assert ready.wait(90)
        yield one
    finally:
        end.set()
        thread.join(60)


def crlf(raw: bytes) -> bytes:
    """As it goes over SMTP; what delivery wrote above it (Return-Path) is not part of it yet."""
    return re.sub(rb"\r?\n", b"\r\n", re.sub(rb"\AReturn-Path:.*\n", b"", raw))


def stored(raw: bytes) -> bytes:
    """As a Maildir holds it: lines end in LF."""
    return raw.replace(b"\r\n", b"\n")


def test_lures_do_not_reach_the_mailbox_and_twins_do_byte_by_byte(site):
    """The practice mailboxes of one bank and one insurer, each mail at its own time."""
    mailboxes = exercise.make().mailboxes
    truth = {mail.id: mail for mail in exercise.make().truth.mails}
    sent = sorted((mail for mailbox in mailboxes for mail in mailbox.mails), key=lambda one: one.time)
    for one in sent:
        site.now = one.time
        site.postfix.send(truth[one.id].account, ["staff@us.test"], crlf(one.raw))
    site.postfix.settled()
    time.sleep(1)  # what a later password opened is on its way
    site.postfix.settled()
    there = {_MARK.sub(b"", one) for one in site.delivered()}
    wrong = []
    for one in sent:
        known = truth[one.id]
        expected = {known.then} if known.then else {str(tier) for tier in known.expected}
        came = stored(crlf(one.raw)) in there
        if (came and not expected & {"deliver", "tag"}) or (not came and not expected & {"ask", "hold"}):
            wrong.append(f"{known.case} {expected} {'came' if came else 'did not come'}")
    assert sorted(wrong) == []
    assert there <= {stored(crlf(one.raw)) for one in sent}
    with site.quarantine() as quarantine:
        assert quarantine.verify().clean
        held = {quarantine.mail(entry).raw for entry in quarantine.entries()}
    assert held <= {crlf(one.raw) for one in sent}


def test_a_signature_still_verifies_and_nothing_is_altered(site):
    key = rsa.generate_private_key(65_537, 2_048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    raw = b"From:  ann@partner.example\r\nSubject: =?utf-8?q?a?=\r\n\tb \r\nX-None:\r\nTo:x@us.test\r\n\r\n"
    raw += b"hello  \r\n.\r\n\xff\r\n"
    signed = dkim.sign(raw, b"one", b"partner.example", private, canonicalize=(b"simple", b"simple")) + raw
    site.postfix.send("ann@partner.example", ["bob@us.test"], signed)
    site.postfix.settled()
    [came] = site.postfix.delivered()
    assert site.delivered() == [stored(signed)]
    assert dkim.verify(crlf(came), dnsfunc=lambda *_, **__: record)


def test_fields_of_our_kind_from_outside_do_not_come_through(site):
    raw = b"X-Seriema-Verdict: deliver\r\nSubject: a\r\nX-Seriema-Verdict: again\r\nX-SERIEMA-X: b\r\n\r\nhello\r\n"
    site.postfix.send("ann@partner.example", ["bob@us.test"], raw)
    site.postfix.settled()
    assert site.delivered() == [b"Subject: a\n\nhello\n"]


def test_a_held_mail_comes_on_release_once_as_it_was_and_to_whom_it_was_released(site):
    raw = lure()
    site.postfix.send("ann@partner.example", ["bob@us.test", "eve@us.test"], raw)
    site.postfix.settled()
    assert site.delivered() == []
    relay = f"127.0.0.1:{site.postfix.back}"
    with site.quarantine() as quarantine:
        [entry] = quarantine.entries(State.HELD)
        words = {"by": "carol", "reason": "expected"}
        assert reinject.release(quarantine, entry, ["bob@us.test"], relay, **words) == ("bob@us.test",)
        assert reinject.release(quarantine, entry, ["bob@us.test"], relay, **words) == ()
        site.postfix.settled()
        states = {one.address: one.state for one in quarantine.entry(entry.id).recipients}
    assert states == {"bob@us.test": State.RELEASED, "eve@us.test": State.HELD}
    assert site.delivered() == [stored(raw)]
    assert b"Delivered-To: bob@us.test\n" in site.postfix.delivered()[0]


def test_nobody_else_gets_through_the_listener_for_released_mail(site):
    with smtplib.SMTP("127.0.0.1", site.postfix.back, timeout=30) as client:
        client.sendmail("ann@partner.example", ["bob@us.test"], lure())
    site.postfix.settled()
    assert site.delivered() == []
    with site.quarantine() as quarantine:
        assert [entry.state for entry in quarantine.entries()] == [State.HELD]


def test_without_the_gateway_senders_keep_their_mail(site, monkeypatch):
    from seriema.edge.memory import Memory  # noqa: PLC0415 - beside its only use
    from seriema.model.errors import MemoryUnavailable  # noqa: PLC0415 - the same

    def gone(*_):
        raise MemoryUnavailable("gone")

    monkeypatch.setattr(Memory, "recall", gone)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        site.postfix.send("ann@partner.example", ["bob@us.test"], mail())
    assert refused.value.smtp_code == 451
    monkeypatch.undo()
    site.postfix.send("ann@partner.example", ["bob@us.test"], mail())
    site.postfix.settled()
    assert site.delivered() == [stored(mail())] or len(site.delivered()) == 1


def test_a_file_whose_password_comes_later_is_delivered_then(site):
    first = locked("The password follows in a separate mail.")
    site.postfix.send("ann@partner.example", ["bob@us.test"], first)
    site.postfix.settled()
    assert site.delivered() == []
    site.postfix.send("ann@partner.example", ["bob@us.test"], mail("The password is Kx83pQ2w", subject="Password"))
    for _ in range(100):
        time.sleep(0.1)
        if len(site.postfix.delivered()) == 2:
            break
    assert stored(first) in site.delivered()
    with site.quarantine() as quarantine:
        assert [entry.state for entry in quarantine.entries()] == [State.RELEASED]
