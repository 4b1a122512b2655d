"""One connection without I/O: bytes in, events out; answers in, bytes out.

    connection.receive(data)
    while (event := connection.next_event()) is not None:
        if connection.asked:  # the server waits for an answer to this one
            out = connection.send(Continue())

What the other side does wrong raises Malformed or LimitReached, and the connection is of no more use. An answer that
does not fit raises ValueError: that is our fault.
"""

from dataclasses import replace

from seriema.model.errors import Malformed
from seriema.service.milter import answers as a
from seriema.service.milter import events as e
from seriema.service.milter.flags import ACTIONS_OF_2, OLDEST, VERSION, Actions, Steps, steps_of
from seriema.service.milter.state import AFTER, DECISIONS, EVENTS, NEEDS, UNANSWERED, State
from seriema.service.milter.wire import PacketReader, event, packets

#: Steps that make no difference to what is seen, and spare a round trip each.
QUIET = (
    Steps.UNANSWERED_CONNECT
    | Steps.UNANSWERED_HELO
    | Steps.UNANSWERED_MAIL
    | Steps.UNANSWERED_RCPT
    | Steps.UNANSWERED_DATA
    | Steps.UNANSWERED_HEADERS
    | Steps.UNANSWERED_END_OF_HEADERS
    | Steps.UNANSWERED_BODY
    | Steps.UNANSWERED_UNKNOWN
    | Steps.LEADING_SPACE
)


class Connection:
    """The filter's side of one connection.

    ``actions`` and ``steps`` are what we should like; what was agreed on stands in the attributes of that name after
    the negotiation. ``asked`` is the event that waits for an answer.
    """

    def __init__(self, actions: Actions = ACTIONS_OF_2, steps: Steps = QUIET) -> None:
        self.actions, self.steps, self.version = actions, steps, VERSION
        self.state = State.START
        self.asked: e.Event | None = None
        self._reader = PacketReader()

    def receive(self, data: bytes) -> None:
        """Take in bytes that were read."""
        self._reader.feed(data)

    @property
    def closed(self) -> bool:
        """The server has quit."""
        return self.state is State.CLOSED

    @property
    def in_packet(self) -> bool:
        """A packet, or more of them, has come in part."""
        return self._reader.begun

    def next_event(self) -> e.Event | None:
        """The next thing the server says; None when more bytes are needed, or when it waits for an answer.

        Raises Malformed or LimitReached; then nothing more can be understood.
        """
        if self.asked is not None or self.state is State.CLOSED:
            return None
        packet = self._reader.packet()
        if packet is None:
            return None
        said = event(*packet)
        follows = EVENTS[self.state]
        if type(said) not in follows:
            raise Malformed(f"{type(said).__name__} while {self.state.name}")
        self.state = follows[type(said)] or self.state
        if isinstance(said, e.Negotiate):
            self._agree(said)
        if not self._unanswered(said):
            self.asked = said
        return said

    def send(self, *answers: a.Answer) -> bytes:
        """The bytes of answers to what is asked: changes, signs of progress, and at the end one decision.

        Raises ValueError when nothing is asked, or this is no answer to it.
        """
        for answer in answers:
            self._take(answer)
        return b"".join(packets(self._spaced(answer)) for answer in answers)

    def negotiated(self) -> a.Negotiated:
        """The answer to a server's negotiation: what both sides can do."""
        return a.Negotiated(self.version, self.actions, self.steps)

    def _agree(self, offer: e.Negotiate) -> None:
        if offer.version < OLDEST:
            raise Malformed(f"version {offer.version} of the protocol, {OLDEST} is the oldest understood")
        self.version = min(VERSION, offer.version)
        self.actions &= Actions(offer.actions & ACTIONS_OF_2)
        self.steps &= Steps(offer.steps & steps_of(self.version))

    def _spaced(self, answer: a.Answer) -> a.Answer:
        """Who negotiated leading space writes it, too: the server puts none in."""
        if (
            not isinstance(answer, a.AddHeader | a.InsertHeader | a.ChangeHeader)
            or not self.steps & Steps.LEADING_SPACE
        ):
            return answer
        return (
            replace(answer, value=b" " + answer.value) if answer.value.lstrip(b" \t") == answer.value != b"" else answer
        )

    def _unanswered(self, said: e.Event) -> bool:
        step = UNANSWERED.get(type(said), False)
        return step if isinstance(step, bool) else bool(step & self.steps)

    def _take(self, answer: a.Answer) -> None:
        asked = self.asked
        if asked is None:
            raise ValueError(f"{type(answer).__name__} without a question")
        if type(answer) in DECISIONS[type(asked)]:
            if isinstance(answer, a.Skip) and not self.steps & Steps.SKIP:
                raise ValueError("skipping was not negotiated")
            self.state = AFTER.get(type(asked), {}).get(type(answer), self.state)
            self.asked = None
        elif not isinstance(asked, e.EndOfMessage):
            raise ValueError(f"{type(answer).__name__} is no answer to {type(asked).__name__}")
        elif not isinstance(answer, a.Progress):
            need = NEEDS.get(type(answer))
            if need is None or not need & self.actions:
                raise ValueError(f"{type(answer).__name__} was not negotiated")
