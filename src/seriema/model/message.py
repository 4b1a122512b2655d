"""One mail as read: who claims what to whom, and its text told apart. No attachment bytes, no judgement.

All strings are valid Unicode without lone surrogates, normalised once where they enter (``message`` room). Every date
and address in here is what the mail *says*; only ``received`` fields written by our own servers are more than a claim.
"""

from dataclasses import dataclass
from datetime import datetime

from seriema.model.traits import Traits


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox (RFC 5322, 3.4). ``address`` is the addr-spec with its domain in lower case, "" when there is none."""

    name: str = ""
    address: str = ""

    @property
    def key(self) -> str:
        """The form in which two writings of one mailbox are equal."""
        return self.address.lower()

    @property
    def domain(self) -> str:
        """What follows the last @, or ""."""
        return self.key.rpartition("@")[2] if "@" in self.address else ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Header:
    """One header field as it stands: name in its own spelling, value unfolded and decoded (RFC 2047)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Received:
    """One trace field (RFC 5321, 4.4), newest first in ``Message.received``. Unreadable pieces are "" or None."""

    from_name: str = ""  #: HELO name
    from_address: str = ""  #: IP address literal, without brackets
    by: str = ""
    protocol: str = ""
    queue_id: str = ""
    recipient: str = ""
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuthenticationResult:
    """One ``method=result`` (RFC 8601). ``trusted`` only when its authserv-id is one of ours."""

    authserv_id: str
    method: str  #: spf, dkim, dmarc, arc …
    result: str  #: pass, fail, softfail, none …
    identity: str = ""  #: the smtp.mailfrom, header.d or header.from that was checked
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link: what the reader sees and where it leads. ``shown`` is "" for a bare URL in plain text."""

    shown: str
    target: str
    place: str = "reply"  #: reply, quoted, signature, hidden


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted header block or attribution line: what the quoting mail claims about an earlier mail.

    ``depth`` counts from 0 for the mail that is answered directly. ``body`` is the quoted text that belongs to it.
    """

    author: Address
    recipients: tuple[Address, ...] = ()
    date: datetime | None = None
    date_text: str = ""
    subject: str = ""
    style: str = ""  #: gmail, outlook, apple, thunderbird, exchange, lotus, mobile, forwarded, other
    language: str = ""  #: of the block's own words (ISO 639-1), "" when none were recognised
    depth: int = 0
    body: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """The visible text told apart, and the hidden text. All pieces together stay under ``Limits.text_chars``."""

    reply: str = ""  #: what this mail's author wrote now
    quoted: str = ""
    signature: str = ""
    hidden: str = ""  #: HTML text a reader does not see, alt texts not included
    alt: str = ""  #: alternative texts of pictures
    quotes: tuple[Quote, ...] = ()
    reply_language: str = ""  #: ISO 639-1, "" when too short to tell
    quoted_language: str = ""
    cut: bool = False  #: text beyond a limit was left out
    fingerprints: tuple[int, ...] = ()  #: unkeyed 64-bit hashes of chosen shingles of the reply
    quoted_fingerprints: tuple[int, ...] = ()  #: the same of the quoted text: equal where the text was once seen


@dataclass(frozen=True, slots=True)
class Message:
    """One mail. ``sha256`` is of the raw bytes (hex); its first 32 digits are the case id."""

    sha256: str
    size: int
    message_id: str = ""  #: without angle brackets, "" when absent
    date: datetime | None = None  #: the Date field, aware, in its own offset; a claim
    sender: Address = Address()
    senders: int = 1  #: mailboxes named in From, over all From fields (RFC 5322 allows one field)
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    in_reply_to: tuple[str, ...] = ()  #: ids without angle brackets, in order of appearance
    references: tuple[str, ...] = ()
    headers: tuple[Header, ...] = ()
    received: tuple[Received, ...] = ()
    authentication: tuple[AuthenticationResult, ...] = ()
    body: Body = Body()
    links: tuple[Link, ...] = ()
    parts: int = 0
    traits: Traits = Traits()

    @property
    def recipients(self) -> tuple[Address, ...]:
        """To and Cc, each mailbox once, in order."""
        seen: dict[str, Address] = {}
        for address in (*self.to, *self.cc):
            seen.setdefault(address.key, address)
        return tuple(seen.values())

    @property
    def ancestors(self) -> tuple[str, ...]:
        """Ids of the mails before this one as its header names them (RFC 5322, 3.6.4), nearest first, its own not."""
        ids = dict.fromkeys((*self.in_reply_to, *reversed(self.references)))
        ids.pop(self.message_id, None)
        ids.pop("", None)
        return tuple(ids)

    def header(self, name: str) -> str:
        """The first field of that name, or ""."""
        wanted = name.lower()
        return next((field.value for field in self.headers if field.name.lower() == wanted), "")

    @property
    def time(self) -> datetime | None:
        """The time this mail is judged at: its topmost Received, else its Date (product page, "Time and order")."""
        return next((hop.date for hop in self.received[:1] if hop.date), self.date)
