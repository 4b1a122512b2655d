"""What crosses the wall comes out as it went in, and whatever else a worker sends is refused with a declared error."""

import contextlib
import socket
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.edge.jail import wire
from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.errors import LimitReached, Malformed
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits, Spent
from seriema.model.message import Address, AuthenticationResult, Body, Header, Link, Message, Quote, Received
from seriema.model.password import Candidate
from seriema.model.plan import Depth, Done, LockedFile, Plan, Subject

NONCE = bytes(range(16))

MESSAGE = Message(
    "00" * 32,
    12,
    message_id="a@b",
    date=datetime(2020, 2, 29, 23, 59, 59, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    sender=Address("Ünal 山田 \x00\x1b", "a@b.example"),
    senders=2,
    to=(Address("", "c@d"), Address()),
    subject="\u2028\ufffd\U0001f600 \"'\\</script>",
    references=("x", "y"),
    headers=(Header("X-A", "b\r\n\tc"),),
    received=(Received(by="mx", date=datetime(1, 1, 1, tzinfo=UTC)), Received()),
    authentication=(AuthenticationResult("mx", "dkim", "pass", "d", trusted=True),),
    body=Body(
        reply="r" * 10_000,
        quotes=(Quote(Address("n"), date=datetime.fromisoformat("2024-01-02T03:04"), depth=3, body="b"),),
        fingerprints=(0, 2**64 - 1, -(2**63)),
        cut=True,
    ),
    links=(Link("shown", "http://x", "hidden"),),
    parts=3,
)

STATEMENTS: list[Any] = [
    MESSAGE,
    Artifact(
        "2.1", ("a.zip", "b.doc"), "b.doc", "doc", 5, "ab", "cd", FileClass.OFFICE, State.LIMIT, "r", crc32=2**32 - 1
    ),
    Finding("macro.auto-run", "2.1", "Module1:3", "AutoOpen"),
    Indicator(IndicatorType.URL, "hxxp://x", "download", "2.1"),
    Candidate("pässwörd\x00", "body", 3),
    LockedFile("1", "a.zip", bytes(range(256))),
    Done(Spent(1, 2, 3)),
    wire.Trouble("limit", "out of memory"),
    wire.Begun(),
    wire.Tired(),
]


def read(data: bytes, pieces: int = 1, **reader: Any) -> list[Any]:
    frames = wire.FrameReader(NONCE, **reader)
    size = max(1, len(data) // pieces)
    return [one for start in range(0, len(data), size) for one in frames.feed(data[start : start + size])]


@pytest.mark.parametrize("pieces", [1, 2, 7, 1_000_000])
def test_statements_come_out_as_they_went_in(pieces: int) -> None:
    assert read(b"".join(wire.frame(NONCE, one) for one in STATEMENTS), pieces) == STATEMENTS


#: Mail knows whole minutes (RFC 5322, 3.3).
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=100)
@given(
    text=st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    moment=st.none() | st.datetimes(timezones=OFFSETS),
    number=st.integers(0, 2**64 - 1),
)
def test_any_text_time_and_number_survives(text: str, moment: datetime | None, number: int) -> None:
    message = Message("", 0, subject=text, date=moment, body=Body(reply=text, fingerprints=(number,)))
    (back,) = read(wire.frame(NONCE, message))
    assert back == message
    assert (back.date and back.date.utcoffset()) == (moment and moment.utcoffset())


def test_what_is_no_statement_cannot_be_said() -> None:
    with pytest.raises(KeyError):
        wire.frame(NONCE, {"name": "x"})


@settings(max_examples=200)
@given(
    data=st.binary(max_size=200)
    | st.builds(
        lambda tag, payload, size: size.to_bytes(4, "big") + NONCE + tag + payload,
        st.sampled_from([bytes([one]) for one in range(256)]),
        st.binary(max_size=64)
        | st.sampled_from([b"{}", b"null", b"[]", b'{"x":' * 50, b'{"name":"a.b","artifact":"0"}']),
        st.integers(0, 100),
    )
)
def test_only_declared_errors_come_out(data: bytes) -> None:
    with contextlib.suppress(Malformed, LimitReached):
        read(data)


@pytest.mark.parametrize(
    ("frames", "error"),
    [
        ([wire.frame(bytes(16), STATEMENTS[2])], Malformed),
        ([wire.frame(NONCE, STATEMENTS[2])[:-1] + b"]"], Malformed),
        ([b"\xff\xff\xff\xff" + NONCE + b"F"], Malformed),
        ([b"\x00\x00\x00\x02" + NONCE + b"?{}"], Malformed),
        ([wire.frame(NONCE, Done())] * 2, LimitReached),
        ([wire.frame(NONCE, MESSAGE)] * 5, LimitReached),
    ],
)
def test_broken_rules_are_refused(frames: Iterable[bytes], error: type[Exception]) -> None:
    with pytest.raises(error):
        read(b"".join(frames))


def test_the_answer_is_bounded_as_a_whole_and_what_came_before_stays() -> None:
    frames = wire.FrameReader(NONCE, most_bytes=300)
    one = wire.frame(NONCE, STATEMENTS[2])
    assert list(frames.feed(one)) == [STATEMENTS[2]]
    with pytest.raises(LimitReached, match="larger than"):
        list(frames.feed(one * 10))


@pytest.mark.parametrize("size", [0, 1, 100_000, 3 << 20])
def test_a_job_crosses_whole(size: int) -> None:
    plan = Plan(Depth.HEADERS, Subject.FILE, "ä.zip", ("mx",), (Candidate("x", "user"),), Limits(seconds=1.5))
    raw = bytes(range(256)) * (size // 256) + bytes(size % 256)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=ours.sendall, args=(wire.job(NONCE, plan, raw) + raw,))
        sender.start()
        assert wire.receive_job(theirs) == (NONCE, plan, raw)
        sender.join()
        ours.close()
        assert wire.receive_job(theirs) is None
