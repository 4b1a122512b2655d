"""How mail programs write: the rows of ``clients.toml`` as values."""

from dataclasses import dataclass
from functools import cache

from seriema.exercise.resources import table

#: What people write with; drawn evenly, a name that stands twice is twice as frequent.
DESKTOPS = ("outlook", "outlook", "outlook-smtp", "webmail", "apple", "thunderbird", "roundcube", "phone")
MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Client:
    """One mail program. Patterns are filled in by ``Dice.shape``."""

    name: str
    message_id: str
    boundary: str
    fields: str  #: header fields in the order it writes them, separated by spaces
    quoting: str  #: gmail, outlook, apple, thunderbird or roundcube
    agent: str = ""  #: what its X-Mailer or User-Agent says
    rich: bool = False  #: sends HTML beside the plain text
    wrap: int = 0  #: columns of plain text, 0 for none
    encoding: str = "quoted-printable"  #: of text beyond ASCII: base64, quoted-printable or 8bit
    zip_type: str = "application/zip"
    mobile: bool = False


@cache
def client(name: str) -> Client:
    """The row of that name."""
    return Client(name=name, **table("clients.toml")[name])
