"""What the mail reader hands on: the parts with their bytes, and everything read of one mail."""

from dataclasses import dataclass

from seriema.model.artifact import State
from seriema.model.finding import Finding
from seriema.model.message import Message
from seriema.model.password import Text


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the MIME tree, transfer-decoded. A nested mail is one leaf; its bytes are a mail again.

    ``state`` is not ``INSPECTED`` when the bytes are not what the sender encoded (malformed, cut, a fragment).
    """

    name: str  #: as declared, decoded; "" when none was
    content: bytes
    declared_type: str = "text/plain"  #: "type/subtype" in lower case, RFC 2045 defaults applied
    disposition: str = ""  #: attachment, inline or "" in lower case
    content_id: str = ""  #: without angle brackets
    charset: str = ""  #: as declared, lower case
    body: bool = False  #: its text is what a reader sees as the mail (plain or HTML alternative)
    inline: bool = False  #: shown within the text, such as a related picture
    place: str = ""  #: position in the MIME tree, "1.2"; ends in words for what was found otherwise
    other_names: tuple[str, ...] = ()  #: further names given by duplicate or contradicting fields
    state: State = State.INSPECTED
    state_reason: str = ""

    def __repr__(self) -> str:
        """Without the content."""
        return f"Part({self.name!r}, {self.declared_type!r}, {len(self.content)} bytes, place={self.place!r})"


@dataclass(frozen=True, slots=True)
class Parsed:
    """Everything read of one mail.

    Findings about the mail and its body parts name artifact "0"; those about the n-th of ``files`` name "n", counted
    from 1. ``state`` is the mail's own: ``LIMIT`` when something was left out.
    """

    message: Message
    attachments: tuple[Part, ...] = ()  #: every leaf in order of appearance; those of the text are marked ``body``
    findings: tuple[Finding, ...] = ()
    texts: tuple[Text, ...] = ()  #: where a password may stand: reply, subject, names, other body, quoted
    other_text: str = ""  #: what only the alternative says that was not chosen for reading
    state: State = State.INSPECTED
    state_reason: str = ""

    @property
    def files(self) -> tuple[Part, ...]:
        """The parts that are not the body: they become the artifacts "1", "2" … in this order."""
        return tuple(part for part in self.attachments if not part.body)

    @property
    def bodies(self) -> tuple[Part, ...]:
        """The parts whose text is the mail's."""
        return tuple(part for part in self.attachments if part.body)
