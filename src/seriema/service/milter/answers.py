"""What a filter answers (mfdef.h, SMFIR_*): decisions, one for each question, and changes before the last one.

An answer that would break the protocol or a mail's header cannot be built: ValueError.
"""

import re
from dataclasses import dataclass

from seriema.service.milter.flags import Actions, Steps

#: RFC 5322, 3.6.8: a field name is printable ASCII but for the colon.
_NAME = re.compile(rb"[!-9;-~]{1,998}")
#: RFC 5321, 4.2 and RFC 3463: code, enhanced code, text; without per cent signs, which servers read as printf does.
_REPLY = re.compile(rb"(?P<class>[45])\d\d (?P=class)\.\d{1,3}\.\d{1,3} [ -$&-~]{1,500}")
#: A reason, address or parameter is one line.
_LINE = re.compile(rb"[^\0\r\n]{1,1000}")
#: A header value's lines end in LF, and each after the first begins with white space (RFC 5322, 2.2.3).
_VALUE = re.compile(rb"[^\0\r\n]*(?:\n[ \t][^\0\r\n]*)*")
#: The most of a body that goes into one packet (mfdef.h, MILTER_CHUNK_SIZE).
CHUNK = 65_535
_WORD = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Negotiated:
    """The version spoken from now on, the changes that may be asked for, the steps left out."""

    version: int
    actions: Actions
    steps: Steps


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on; at a mail's end: deliver it."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Deliver, and ask no more about this mail (or connection)."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse for good, with the server's own words."""


@dataclass(frozen=True, slots=True)
class Tempfail:
    """Refuse for now, with the server's own words: the sender keeps the mail and tries again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Refuse with an SMTP reply of our own, as "451 4.3.0 Please try again later"."""

    text: bytes

    def __post_init__(self) -> None:
        if not _REPLY.fullmatch(self.text):
            raise ValueError("an SMTP reply is 4yz or 5yz, the same class in its enhanced code, and one line")


@dataclass(frozen=True, slots=True)
class Discard:
    """Say yes to the sender and deliver to nobody."""


@dataclass(frozen=True, slots=True)
class Skip:
    """No more of this body, please."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Still at work: the server's clock starts anew."""


@dataclass(frozen=True, slots=True)
class AddHeader:
    """A header field at the end of the header."""

    name: bytes
    value: bytes

    def __post_init__(self) -> None:
        _expect_field(self.name, self.value)


@dataclass(frozen=True, slots=True)
class InsertHeader:
    """A header field at a place, 0 being above all others."""

    index: int
    name: bytes
    value: bytes

    def __post_init__(self) -> None:
        _expect_field(self.name, self.value)
        _expect_word(self.index)


@dataclass(frozen=True, slots=True)
class ChangeHeader:
    """Replace the value of a field, counted from 1 among those of its name; an empty value deletes it."""

    index: int
    name: bytes
    value: bytes

    def __post_init__(self) -> None:
        _expect_field(self.name, self.value)
        _expect_word(self.index)
        if not self.index:
            raise ValueError("header fields are counted from 1")


@dataclass(frozen=True, slots=True)
class ReplaceBody:
    """Another body; goes out in as many pieces as it takes. An empty one is a body without a byte."""

    content: bytes


@dataclass(frozen=True, slots=True)
class AddRecipient:
    """One more recipient, with angle brackets."""

    recipient: bytes

    def __post_init__(self) -> None:
        _expect_line(self.recipient)


@dataclass(frozen=True, slots=True)
class DeleteRecipient:
    """One recipient less, named as the server named it."""

    recipient: bytes

    def __post_init__(self) -> None:
        _expect_line(self.recipient)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Keep the mail in the server's own quarantine (Postfix: its hold queue)."""

    reason: bytes

    def __post_init__(self) -> None:
        _expect_line(self.reason)


Decision = Continue | Accept | Reject | Tempfail | Reply | Discard | Skip
Change = AddHeader | InsertHeader | ChangeHeader | ReplaceBody | AddRecipient | DeleteRecipient | Quarantine
Answer = Negotiated | Progress | Decision | Change


def _expect_field(name: bytes, value: bytes) -> None:
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        raise ValueError("no header field: a name in ASCII, lines that end in LF and go on with white space")


def _expect_line(text: bytes) -> None:
    if not _LINE.fullmatch(text):
        raise ValueError("not one line of 1 to 1000 bytes")


def _expect_word(number: int) -> None:
    if not 0 <= number <= _WORD:
        raise ValueError("a place beyond 32 bits")
