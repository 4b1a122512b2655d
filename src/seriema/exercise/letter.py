"""One mail as it is meant, before it becomes bytes. Lures, their twins and ordinary mail are all letters."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from seriema.exercise.cast import Organisation, Person
from seriema.exercise.dice import Dice


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a letter. ``kind`` is the media type it is declared as, "" for the mail program's own word for ZIP."""

    name: str
    content: bytes
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """Who writes what to whom, in answer to what. ``words`` are the author's own, without signature and quotes."""

    author: Person
    to: tuple[Person, ...]
    sent: datetime  #: aware
    subject: str
    words: str
    language: str
    conversation: str
    message_id: str
    cc: tuple[Person, ...] = ()
    signature: str = ""
    parent: "Letter | None" = None  #: the letter quoted below
    forward: bool = False
    linked: bool = True  #: names its parent in In-Reply-To and References
    attachments: tuple[Attachment, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()  #: further header fields
    relay: Person | None = None  #: the mailing list that sent it on
    delay: int = 5  #: seconds until the gateway has it
    away: str = ""  #: the address it was sent from, where that is not the organisation's network
    signed: bool = False  #: S/MIME clear-signed (RFC 8551, 3.5.3)

    @property
    def arrived(self) -> datetime:
        """When the gateway received it, in UTC, to the second."""
        return (self.sent + timedelta(seconds=self.delay)).astimezone(UTC)

    @property
    def envelope_sender(self) -> str:
        """The address bounces would go to."""
        return self.relay.address if self.relay else self.author.address

    @property
    def recipients(self) -> tuple[Person, ...]:
        """To and Cc."""
        return (*self.to, *self.cc)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody named in its header."""
        return (self.author, *self.recipients)

    @property
    def ancestors(self) -> tuple["Letter", ...]:
        """The letters quoted below it, nearest first."""
        return (self.parent, *self.parent.ancestors) if self.parent else ()


def local(moment: datetime, organisation: Organisation) -> datetime:
    """The same moment on that organisation's clock."""
    return moment.astimezone(timezone(timedelta(hours=organisation.zone)))


def new_id(dice: Dice, author: Person) -> str:
    """A Message-ID as the author's mail program writes it."""
    return dice.shape(author.client.message_id).replace("{domain}", author.organisation.domain)
