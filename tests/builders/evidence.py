"""The smallest evidence that shows a point: everything ordinary unless a test says otherwise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.case import Evidence
from seriema.model.history import History, PairHistory, SenderHistory
from seriema.model.message import Address, Body, Message
from seriema.model.thread import Clock, JoinedBy, Kind, Remembered, Thread
from seriema.verdict import inspection

NOW = datetime(2020, 6, 24, 7, 12, tzinfo=UTC)
ANNA = Address("Anna Weber", "anna@kanzlei.test")
BOB = Address("Bob Miller", "bob@bank.test")
PEOPLE = (
    ANNA,
    BOB,
    Address("Carol", "carol@bank.test"),
    Address("Dan", "dan@bank.test"),
    Address("Eve", "eve@makler.test"),
)


def message(**changes: Any) -> Message:
    values: dict[str, Any] = {
        "sha256": "ab" * 32,
        "size": 1000,
        "message_id": "m1@kanzlei.test",
        "date": NOW,
        "sender": ANNA,
        "to": (BOB,),
        "subject": "Re: Contract draft",
        "body": Body(reply="Please see the attached file."),
    }
    return Message(**{**values, **changes})


def thread(**changes: Any) -> Thread:
    values: dict[str, Any] = {
        "known": True,
        "conversation": "c1",
        "messages": 4,
        "participants": PEOPLE[:2],
        "claimed_only": False,
        "addressed": (BOB.key,),
        "sender_participant": True,
        "joined_by": JoinedBy.REFERENCES,
        "started": NOW - timedelta(days=9),
        "last": NOW - timedelta(days=1),
        "silent_days": 1.0,
        "age_days": 9.0,
        "clock": Clock.RECEIPT,
        "reply": True,
    }
    return Thread(**{**values, **changes})


def history(**pair: Any) -> History:
    values: dict[str, Any] = {
        "recipient": BOB.key,
        "sent": 9,
        "answered": 8,
        "answered_days": 5,
        "gap_days": (1.0, 3.0, 2.0),
    }
    return History(mails=500, sender=SenderHistory(sent=20), pairs=(PairHistory(**{**values, **pair}),))


def remembered(**changes: Any) -> Remembered:
    """An earlier mail of Bob's to Anna."""
    before = NOW - timedelta(days=3)
    people = (BOB.key, ANNA.key)
    known = Remembered(
        number=7,
        case="cd" * 16,
        message_id="m0@bank.test",
        conversation="c1",
        received=before,
        date=before,
        sender=BOB.key,
        people=people,
        subject_key="",
        kind=Kind.PEOPLE,
        language="en",
        sender_name=BOB.name,
    )
    return replace(known, **changes)


def artifact(identity: str, name: str, **changes: Any) -> Artifact:
    values: dict[str, Any] = {"kind": "zip", "file_class": FileClass.ARCHIVE, "size": 10, "state": State.INSPECTED}
    return Artifact(id=identity, path=(name,), name=name, **{**values, **changes})


def evidence(**changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "source": "mail.eml",
        "as_of": NOW,
        "message": message(),
        "thread": thread(),
        "history": history(),
    }
    values |= changes
    values.setdefault("inspection", inspection(values.get("artifacts", ())))
    return Evidence(**values)
