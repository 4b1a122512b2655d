"""One hostile attachment: how it is made, the state it must end in, and what has to be seen of it."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from seriema.model.artifact import State

File = tuple[str, bytes]


@dataclass(frozen=True)
class Case:
    """``state`` is that of the first attachment in the end, with all that lies in it."""

    make: Callable[[], bytes | list[File]]  #: the file called ``name``, or several files of one mail
    state: State
    name: str = "info.zip"
    text: str = "Hello Bob,\nplease see the attached file.\n"
    facts: frozenset[str] = frozenset()  #: findings that must be there
    shown: frozenset[str] = frozenset()  #: files that must have come out of it, whole

    def mail(self) -> bytes:
        """The mail that carries it."""
        made = self.make()
        message = EmailMessage()
        message["From"], message["To"] = "Ann <ann@partner.example>", "Bob <bob@firm.example>"
        message["Subject"], message["Date"] = "The papers", "Mon, 23 Nov 2026 10:00:00 +0000"
        message.set_content(self.text)
        for name, content in [(self.name, made)] if isinstance(made, bytes) else made:
            message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        return message.as_bytes()


def says(*passwords: str) -> str:
    """A mail's text that names passwords."""
    return "Hello Bob,\n" + "".join(f"Password: {each}\n" for each in passwords)
