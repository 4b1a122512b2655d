"""The milter protocol without sockets: what is understood, refused and answered."""

import itertools
import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import milters
from tests.builders.milters import packet, strings

from seriema.model.errors import HostileInput, LimitReached, Malformed
from seriema.service.milter import answers as a
from seriema.service.milter import events as e
from seriema.service.milter.connection import QUIET, Connection
from seriema.service.milter.flags import ACTIONS_OF_2, Actions, Steps
from seriema.service.milter.state import AFTER, DECISIONS, EVENTS, State

RAW = b"Subject: =?utf-8?q?x?=\r\nTo: a@b.example,\r\n\tc@d.example\r\nX-Empty:\r\nX-Tight:none\r\n\r\nhello\r\n.\r\n"
SESSION = (
    milters.negotiation()
    + milters.macros("C", j="mx.us.test")
    + milters.connect()
    + packet("H", strings(b"mx.partner.example"))
    + milters.mail(RAW)
    + packet("A")
    + milters.mail(RAW, recipients=(b"<a@us.test>", b"<b@us.test>"), piece=7)
    + packet("U", strings(b"WHAT"))
    + packet("K")
    + milters.connect()
    + packet("Q")
)


def events(pieces, steps=QUIET) -> list:
    """Everything understood of a stream, each question answered in the mildest way; an error is the last."""
    connection, found = Connection(steps=steps), []
    for piece in pieces:
        connection.receive(piece)
        while True:
            try:
                event = connection.next_event()
            except HostileInput as error:
                return [*found, str(error)]
            if event is None:
                break
            found.append(event)
            if isinstance(event, e.Negotiate):
                connection.send(connection.negotiated())
            elif connection.asked is not None:
                connection.send(a.Continue())
    return found


def greeted(*more: bytes, **offer) -> Connection:
    """A connection after its negotiation, with more bytes to read."""
    connection = Connection()
    connection.receive(milters.negotiation(**offer) + b"".join(more))
    connection.next_event()
    connection.send(connection.negotiated())
    return connection


def whole(**offer) -> Connection:
    """A connection whose mail waits for a word."""
    connection = greeted(milters.mail(RAW), **offer)
    while connection.state is not State.DONE:
        connection.next_event()
        if connection.asked and connection.state is not State.DONE:
            connection.send(a.Continue())
    return connection


def test_a_session_is_understood():
    found = events([SESSION])
    assert [type(one).__name__ for one in found if isinstance(one, e.Header | e.Body) is False][:9] == [
        *("Negotiate", "Macros", "Connect", "Helo", "Macros", "MailFrom", "Recipient", "Data", "EndOfHeaders"),
    ]
    assert e.Header(b"To", b" a@b.example,\n\tc@d.example") in found
    assert e.Connect(b"mx.partner.example", b"4", 25_000, b"192.0.2.7") in found
    assert e.Macros(b"M", ((b"i", b"4F00"),)) in found
    assert found[-1] == e.Quit()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 64])
def test_the_same_however_it_is_cut(size):
    assert events(SESSION[start : start + size] for start in range(0, len(SESSION), size)) == events([SESSION])


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_events_or_a_declared_error_and_the_same_however_cut(data, cuts):
    data = milters.negotiation() + data
    places = sorted({0, *(min(cut, len(data)) for cut in cuts), len(data)})
    pieces = [data[one:other] for one, other in itertools.pairwise(places)]
    assert events(pieces) == events([data])


def test_mutants_of_a_session_give_events_or_a_declared_error():
    for number in range(1_500):
        dice = random.Random(number)
        data = bytearray(SESSION)
        for _ in range(dice.randint(1, 6)):
            place = dice.randrange(len(data))
            match dice.randrange(4):
                case 0:
                    data[place] = dice.randrange(256)
                case 1:
                    del data[place : place + dice.randint(1, 20)]
                case 2:
                    data[place:place] = dice.randbytes(dice.randint(1, 20))
                case _:
                    data[place:place] = packet(dice.choice("OCDHMRTLNBEAQKU"), dice.randbytes(dice.randint(0, 9)))
        cut = dice.randrange(len(data))
        assert events([bytes(data[:cut]), bytes(data[cut:])]) == events([bytes(data)]), number


@pytest.mark.parametrize(
    ("version", "actions", "steps", "agreed"),
    [
        (6, 0x1FF, 0x1FFFFF, (6, ACTIONS_OF_2, QUIET)),
        (4, 0x3F, 0x3FF, (4, ACTIONS_OF_2, Steps.UNANSWERED_HEADERS)),
        (3, 0x1F, 0xFF, (3, ACTIONS_OF_2 & ~Actions.QUARANTINE, Steps.UNANSWERED_HEADERS)),
        (2, 0x3F, 0x1FFFFF, (2, ACTIONS_OF_2, Steps(0))),
        (7, 0xFFFFFFFF, 0xFFFFFFFF, (6, ACTIONS_OF_2, QUIET)),
        (6, 0x01, 0, (6, Actions.ADD_HEADERS, Steps(0))),
    ],
)
def test_only_what_both_sides_know_is_agreed_on(version, actions, steps, agreed):
    connection = greeted(version=version, actions=actions, steps=steps)
    assert (connection.version, connection.actions, connection.steps) == agreed


HELO, MAIL, RCPT = packet("H", strings(b"x")), packet("M", strings(b"<>")), packet("R", strings(b"<a@b>"))


@pytest.mark.parametrize(
    "said",
    [
        packet("R", strings(b"<a@b>")),
        packet("L", strings(b"a", b"b")),
        packet("B", b"x"),
        packet("E"),
        MAIL + MAIL,
        MAIL + packet("T"),
        MAIL + RCPT + packet("N") + packet("L", strings(b"a", b"b")),
        MAIL + RCPT + HELO,
        packet("O", bytes(12)),
        packet("Z"),
        packet("T", b"x"),
        struct.pack("!I", 0),
        packet("M"),
        packet("M", b"<a@b>"),
        packet("C", b"host"),
        packet("C", b"host\0X"),
        packet("C", b"host\x004\0"),
        packet("C", b"host\x004\0\x19a\0b\0"),
        packet("H", b"a\0b\0"),
        packet("D", b"M" + strings(b"i")),
        packet("D"),
        MAIL + RCPT + packet("L", strings(b"", b"b")),
        MAIL + RCPT + packet("L", strings(b"a")),
        MAIL + RCPT + packet("L", strings(b"a", b"b", b"c")),
    ],
)
def test_what_no_server_sends_is_malformed(said):
    connection = greeted(said)
    with pytest.raises(Malformed):
        all(iter(connection.next_event, None))


@pytest.mark.parametrize(
    "said", [struct.pack("!I", (1 << 20) + 1), struct.pack("!I", 0xFFFFFFFF), packet("M", b"\0" * 401)]
)
def test_too_much_at_once_is_a_limit_before_it_is_read(said):
    connection = greeted(said)
    with pytest.raises(LimitReached):
        connection.next_event()


def test_older_than_the_oldest_version_is_refused():
    with pytest.raises(Malformed, match="version 1"):
        greeted(version=1)


CHANGES = [
    (a.AddHeader(b"X-A", b"1"), packet("h", b"X-A\x00 1\0")),
    (a.InsertHeader(0, b"X-A", b"1\n\t2"), packet("i", bytes(4) + b"X-A\x00 1\n\t2\0")),
    (a.ChangeHeader(2, b"X-A", b""), packet("m", b"\0\0\0\x02X-A\0\0")),
    (a.ReplaceBody(b""), packet("b")),
    (a.ReplaceBody(b"x" * 70_000), packet("b", b"x" * 65_535) + packet("b", b"x" * 4_465)),
    (a.AddRecipient(b"<a@b>"), packet("+", b"<a@b>\0")),
    (a.DeleteRecipient(b"<a@b>"), packet("-", b"<a@b>\0")),
    (a.Quarantine(b"why"), packet("q", b"why\0")),
    (a.Progress(), packet("p")),
]
DECIDED = [
    (a.Continue(), packet("c")),
    (a.Accept(), packet("a")),
    (a.Reject(), packet("r")),
    (a.Tempfail(), packet("t")),
    (a.Discard(), packet("d")),
    (a.Reply(b"451 4.3.0 Later"), packet("y", b"451 4.3.0 Later\0")),
]


@pytest.mark.parametrize(("decision", "written"), DECIDED)
@pytest.mark.parametrize(("change", "before"), CHANGES)
def test_changes_and_a_decision_answer_a_whole_mail(change, before, decision, written):
    connection = whole()
    assert connection.send(change, decision) == before + written
    assert (connection.state, connection.asked) == (State.IDLE, None)


@pytest.mark.parametrize("change", [one for one, _ in CHANGES if not isinstance(one, a.Progress)])
def test_a_change_that_was_not_negotiated_is_our_fault(change):
    with pytest.raises(ValueError, match="not negotiated"):
        whole(actions=0).send(change)


def test_nothing_is_answered_twice_or_unasked():
    connection = whole()
    connection.send(a.Accept())
    with pytest.raises(ValueError, match="without a question"):
        connection.send(a.Accept())


def test_an_early_word_ends_the_mail_and_the_rest_of_it_is_passed_over():
    connection = greeted(milters.mail(RAW), milters.mail(RAW), packet("Q"), steps=0)
    found = []
    while (event := connection.next_event()) is not None:
        found.append(type(event))
        if connection.asked is not None:
            # What was sent before our word came is answered, too.
            connection.send(a.Reject() if isinstance(event, e.MailFrom) else a.Continue())
    assert found.count(e.MailFrom) == 2
    assert found[-1] is e.Quit


def test_skip_needs_to_be_negotiated():
    connection = Connection(steps=Steps.SKIP)
    connection.receive(milters.negotiation(steps=Steps.SKIP) + milters.mail(RAW, piece=3))
    while not isinstance(connection.next_event(), e.Body):
        if connection.asked:
            connection.send(connection.negotiated() if isinstance(connection.asked, e.Negotiate) else a.Continue())
    assert connection.send(a.Skip()) == packet("s")
    connection.next_event()
    connection.steps = Steps(0)
    with pytest.raises(ValueError, match="skipping"):
        connection.send(a.Skip())


@pytest.mark.parametrize(
    "made",
    [
        lambda: a.AddHeader(b"", b"x"),
        lambda: a.AddHeader(b"X A", b"x"),
        lambda: a.AddHeader(b"X-A", b"x\nBcc: y"),
        lambda: a.AddHeader(b"X-A", b"x\r\n y"),
        lambda: a.ChangeHeader(0, b"X-A", b"x"),
        lambda: a.InsertHeader(-1, b"X-A", b"x"),
        lambda: a.Reply(b"250 2.0.0 Fine"),
        lambda: a.Reply(b"451 5.3.0 Not the same class"),
        lambda: a.Reply(b"451 4.3.0 100 % sure"),
        lambda: a.AddRecipient(b"<a@b>\r\n"),
        lambda: a.Quarantine(b""),
        lambda: e.Connect(b"x", b"?"),
        lambda: e.Connect(b"x", b"4", 1 << 16),
        lambda: e.Negotiate(-1, 0, 0),
        lambda: e.Header(b"", b""),
        lambda: e.Helo(b"a\0b"),
    ],
)
def test_an_invalid_value_cannot_be_built(made):
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        made()


def test_every_state_and_every_question_has_its_line():
    kinds = {kind for lines in EVENTS.values() for kind in lines}
    assert kinds == set(e.Event.__args__)
    assert set(EVENTS) == set(State)
    assert set(AFTER) <= set(DECISIONS) <= kinds
