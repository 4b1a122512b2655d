"""What may follow what, as tables: events by state, answers by event, the states that answers lead to.

A server may leave out steps that were negotiated away and may greet anew after STARTTLS, so several states take the
same events; what is refused is what no server sends in that order (mfdef.h; Sendmail's milter.c; Postfix's milter8.c).
"""

from enum import Enum, auto

from seriema.service.milter import answers as a
from seriema.service.milter import events as e
from seriema.service.milter.flags import Actions, Steps


class State(Enum):
    """Where a connection stands."""

    START = auto()  #: nothing negotiated yet
    IDLE = auto()  #: between mails
    SENDER = auto()  #: a mail has begun
    RECIPIENTS = auto()  #: and has recipients
    HEADERS = auto()
    BODY = auto()
    DONE = auto()  #: the mail is whole and waits for our word
    DECIDED = auto()  #: our word ended the mail before it was whole
    CLOSED = auto()


_ALWAYS: dict[type, State | None] = {e.Macros: None, e.Unknown: None, e.Quit: State.CLOSED, e.Abort: State.IDLE}
_BETWEEN: dict[type, State | None] = {
    **_ALWAYS,
    e.Connect: State.IDLE,
    e.Helo: State.IDLE,
    e.MailFrom: State.SENDER,
    e.QuitNewConnection: State.IDLE,
}
_CONTENT: dict[type, State | None] = {
    e.Header: State.HEADERS,
    e.EndOfHeaders: State.BODY,
    e.Body: State.BODY,
    e.EndOfMessage: State.DONE,
}

#: State → event → state after it; None stays. An event that has no line is refused.
EVENTS: dict[State, dict[type, State | None]] = {
    State.START: {e.Negotiate: State.IDLE, e.Quit: State.CLOSED},
    State.IDLE: _BETWEEN,
    State.SENDER: {**_ALWAYS, e.Recipient: State.RECIPIENTS},
    State.RECIPIENTS: {**_ALWAYS, e.Recipient: None, e.Data: State.HEADERS, **_CONTENT},
    State.HEADERS: {**_ALWAYS, **_CONTENT},
    State.BODY: {**_ALWAYS, e.Body: None, e.EndOfMessage: State.DONE},
    State.DONE: {},  # our word comes first
    # A server that had sent more before our word came says it all; what it says of that mail is passed over.
    State.DECIDED: {**_BETWEEN, e.Recipient: None, e.Data: None, **dict.fromkeys(_CONTENT), e.EndOfMessage: None},
    State.CLOSED: {},
}

#: The step that leaves an event without an answer; True where it never has one.
UNANSWERED: dict[type, Steps | bool] = {
    e.Macros: True,
    e.Abort: True,
    e.Quit: True,
    e.QuitNewConnection: True,
    e.Connect: Steps.UNANSWERED_CONNECT,
    e.Helo: Steps.UNANSWERED_HELO,
    e.MailFrom: Steps.UNANSWERED_MAIL,
    e.Recipient: Steps.UNANSWERED_RCPT,
    e.Data: Steps.UNANSWERED_DATA,
    e.Header: Steps.UNANSWERED_HEADERS,
    e.EndOfHeaders: Steps.UNANSWERED_END_OF_HEADERS,
    e.Body: Steps.UNANSWERED_BODY,
    e.Unknown: Steps.UNANSWERED_UNKNOWN,
}

_REFUSALS = frozenset({a.Reject, a.Tempfail, a.Reply})
_ANY = frozenset({a.Continue, a.Accept, a.Discard}) | _REFUSALS

#: Event → decisions that may answer it.
DECISIONS: dict[type, frozenset[type]] = {
    e.Negotiate: frozenset({a.Negotiated}),
    e.Connect: _ANY - {a.Discard},
    e.Helo: _ANY - {a.Discard},
    e.Unknown: frozenset({a.Continue}) | _REFUSALS,
    e.Body: _ANY | {a.Skip},
    **dict.fromkeys((e.MailFrom, e.Recipient, e.Data, e.Header, e.EndOfHeaders, e.EndOfMessage), _ANY),
}

#: Event → the states that its decisions lead to; elsewhere a connection stays where it is.
_ENDS = dict.fromkeys(_ANY - {a.Continue}, State.DECIDED)
AFTER: dict[type, dict[type, State]] = {
    e.EndOfMessage: dict.fromkeys(_ANY, State.IDLE),
    e.Recipient: {a.Accept: State.DECIDED, a.Discard: State.DECIDED},  # a refusal is of that one recipient
    **dict.fromkeys((e.MailFrom, e.Data, e.Header, e.EndOfHeaders, e.Body), _ENDS),
}

#: Change → what must have been negotiated for it.
NEEDS: dict[type, Actions] = {
    a.AddHeader: Actions.ADD_HEADERS,
    a.InsertHeader: Actions.ADD_HEADERS,
    a.ChangeHeader: Actions.CHANGE_HEADERS,
    a.ReplaceBody: Actions.CHANGE_BODY,
    a.AddRecipient: Actions.ADD_RECIPIENTS,
    a.DeleteRecipient: Actions.DELETE_RECIPIENTS,
    a.Quarantine: Actions.QUARANTINE,
}
