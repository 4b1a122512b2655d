"""What a mail server says to a filter, one value for each kind (mfdef.h, SMFIC_*). Text stays bytes: it is hostile.

An invalid one cannot be built: ValueError, which ``wire`` turns into Malformed.
"""

from dataclasses import dataclass

#: Families of a client's address: unknown, unix, IPv4, IPv6 (mfdef.h, SMFIA_*).
FAMILIES = b"UL46"
PORTS = 0xFFFF
WORD = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Negotiate:
    """What the server speaks and offers. Bits that are not known here are kept, and not answered."""

    version: int
    actions: int
    steps: int

    def __post_init__(self) -> None:
        if not all(0 <= one <= WORD for one in (self.version, self.actions, self.steps)):
            raise ValueError("negotiation beyond 32 bits")


@dataclass(frozen=True, slots=True)
class Macros:
    """Values of names for the command that follows, as "i" for the queue's id. ``command``: that command's letter."""

    command: bytes
    values: tuple[tuple[bytes, bytes], ...]

    def __post_init__(self) -> None:
        if len(self.command) != 1 or any(b"\0" in name or b"\0" in value for name, value in self.values):
            raise ValueError("macros for no command, or with NUL")


@dataclass(frozen=True, slots=True)
class Connect:
    """A client has connected to the server. ``port`` 0 and no address where the family is unknown."""

    hostname: bytes
    family: bytes
    port: int = 0
    address: bytes = b""

    def __post_init__(self) -> None:
        if len(self.family) != 1 or self.family not in FAMILIES:
            raise ValueError("no known family of addresses")
        if not 0 <= self.port <= PORTS or b"\0" in self.hostname or b"\0" in self.address:
            raise ValueError("port beyond 16 bits, or NUL in a name")


@dataclass(frozen=True, slots=True)
class Helo:
    """The name that the client gave itself."""

    name: bytes

    def __post_init__(self) -> None:
        _expect_no_nul(self.name)


@dataclass(frozen=True, slots=True)
class MailFrom:
    """A mail begins: its sender as in SMTP, with angle brackets, and ESMTP parameters."""

    sender: bytes
    parameters: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        _expect_no_nul(self.sender, *self.parameters)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient of it, as in SMTP."""

    recipient: bytes
    parameters: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        _expect_no_nul(self.recipient, *self.parameters)


@dataclass(frozen=True, slots=True)
class Data:
    """The client sends the mail now."""


@dataclass(frozen=True, slots=True)
class Header:
    """One header field. Lines of a folded value end in LF, the last one has no end."""

    name: bytes
    value: bytes

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a header field without a name")
        _expect_no_nul(self.name, self.value)


@dataclass(frozen=True, slots=True)
class EndOfHeaders:
    """No more header fields."""


@dataclass(frozen=True, slots=True)
class Body:
    """A piece of the body."""

    content: bytes


@dataclass(frozen=True, slots=True)
class EndOfMessage:
    """The mail is whole. ``content`` is the last piece of its body, or empty."""

    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Abort:
    """The mail is given up; the connection goes on."""


@dataclass(frozen=True, slots=True)
class Quit:
    """The server closes the connection."""


@dataclass(frozen=True, slots=True)
class QuitNewConnection:
    """That client is gone; the server will tell of another one on the same connection."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The client sent an SMTP command that the server does not know."""

    command: bytes

    def __post_init__(self) -> None:
        _expect_no_nul(self.command)


Event = (
    Negotiate
    | Macros
    | Connect
    | Helo
    | MailFrom
    | Recipient
    | Data
    | Header
    | EndOfHeaders
    | Body
    | EndOfMessage
    | Abort
    | Quit
    | QuitNewConnection
    | Unknown
)


def _expect_no_nul(*texts: bytes) -> None:
    if any(b"\0" in one for one in texts):
        raise ValueError("NUL within a text")
