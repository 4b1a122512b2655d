"""Mails as values, said in a line, and what a memory makes of them."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from seriema import thread
from seriema.message.fingerprint import fingerprints, quoted_fingerprints
from seriema.model.artifact import Artifact
from seriema.model.case import Evidence
from seriema.model.history import History
from seriema.model.message import Address, Body, Message, Quote
from seriema.model.thread import Thread
from seriema.model.verdict import Tier

START = datetime(2020, 2, 3, 9, 0, tzinfo=UTC)
ANNA = Address("Anna Weber", "anna@kanzlei.example")
BOB = Address("Bob Miller", "bob@bank.example")
CAROL = Address("Carol Jones", "carol@bank.example")
DAVE = Address("Dave", "dave@elsewhere.example")

OFFER = (
    "Dear Bob, please find below the terms that we agreed upon last Thursday in the meeting with the board of the "
    "company. The transfer of the shares takes place on the first of April, and the price is paid in two instalments."
)
ANSWER = (
    "Thank you Anna, the board has no objection to the terms and to the date of the transfer. We only ask you to add "
    "the names of the two new shareholders, which my colleague Carol is going to send you in the course of the week."
)


def letter(
    text: str = "", sender: Address = ANNA, to: tuple[Address, ...] = (BOB,), days: float = 0, **changes: Any
) -> Message:
    """A mail of a day after ``START``. ``quotes`` says what it quotes; everything else as in ``Message``."""
    quotes: tuple[Quote, ...] = changes.pop("quotes", ())
    quoted = "\n".join(quote.body for quote in quotes)
    name = changes.setdefault(
        "message_id", f"{hashlib.sha1(f'{text}{sender}{days}'.encode('utf-8', 'replace')).hexdigest()}@id.example"
    )
    values: dict[str, Any] = {
        "sha256": hashlib.sha256(f"{name} {text} {sender} {to} {days}".encode("utf-8", "replace")).hexdigest(),
        "size": 1000,
        "date": START + timedelta(days=days),
        "sender": sender,
        "to": to,
        "subject": "Transfer of shares",
        "body": Body(
            reply=text,
            quoted=quoted,
            quotes=quotes,
            reply_language="en" if text else "",
            fingerprints=fingerprints(text),
            quoted_fingerprints=quoted_fingerprints(quoted, quotes),
        ),
    }
    return Message(**{**values, **changes})


def quote(mail: Message, **changes: Any) -> Quote:
    """The block and text with which a client quotes a mail."""
    whole = Quote(
        mail.sender, mail.recipients, mail.date, str(mail.date), mail.subject, "outlook", "en", 0, mail.body.reply
    )
    return replace(whole, **changes)


def answer(mail: Message, text: str = ANSWER, sender: Address = BOB, to: tuple[Address, ...] = (ANNA,), **changes: Any):
    """A reply a day later, with header ids."""
    days = (mail.date - START) / timedelta(days=1) + 1
    references = (*mail.references, mail.message_id)
    subject = changes.pop("subject", f"Re: {mail.subject.removeprefix('Re: ')}")
    values = {"days": days, "subject": subject, "in_reply_to": (mail.message_id,), "references": references, **changes}
    return letter(text, sender, to, **values)


def judged(memory: Any, mail: Message) -> Thread:
    """The thread of a mail as of its own time, not remembered."""
    found = memory.recall(thread.keys(mail), mail.date, mail.sha256[:32])
    return thread.join(mail, found, mail.date)


def evidence(memory: Any, mail: Message, artifacts: tuple[Artifact, ...] = ()) -> Evidence:
    """All that is known of a mail as of its own time, not remembered."""
    return Evidence("test", mail.date, mail, judged(memory, mail), past(memory, mail), artifacts)


def past(memory: Any, mail: Message) -> History:
    """What memory tells of its people as of its own time."""
    return memory.history(mail, mail.date)


def received(memory: Any, *mails: Message, tier: Tier = Tier.DELIVER, artifacts: tuple[Artifact, ...] = ()) -> Thread:
    """Judge and remember mails in this order; the last one's thread."""
    found = Thread()
    for mail in mails:
        known = evidence(memory, mail, artifacts)
        memory.remember(known, tier)
        memory.flush()
        found = known.thread
    return found
