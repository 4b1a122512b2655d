"""Visible text told apart: what this mail's author wrote, what is quoted, and the signature."""

from dataclasses import dataclass

from seriema.model.message import Quote


@dataclass(frozen=True, slots=True)
class Split:
    """A visible text in three pieces, and the quoted mails that the quoted piece names, nearest first."""

    reply: str = ""
    quoted: str = ""
    signature: str = ""
    quotes: tuple[Quote, ...] = ()


def split(text: str) -> Split:
    """Tell reply, quoted text and signature apart."""
    reply: list[str] = []
    quoted: list[str] = []
    signature: list[str] = []
    current = reply
    for line in text.splitlines():
        if line.startswith(">"):
            quoted.append(line)
            continue
        if line in ("-- ", "--"):
            current = signature
        current.append(line)
    return Split(*("\n".join(lines).strip("\n") for lines in (reply, quoted, signature)))
