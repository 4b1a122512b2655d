"""Located facts without weight. Only ``verdict`` weighs them."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact an inspector, an opener or the mail reader saw.

    ``name`` is "inspector.fact" in lower case with dashes ("macro.download-call"). ``detail`` may quote hostile text:
    it stays raw here and is escaped on the way out.
    """

    name: str
    artifact: str  #: the artifact's id; "0" is the mail
    place: str = ""  #: module and line, header name, member name, offset …
    detail: str = ""

    def __post_init__(self) -> None:
        inspector, dot, fact = self.name.partition(".")
        if not (inspector and dot and fact):
            raise ValueError(f"finding {self.name!r} is not inspector.fact")


class IndicatorType(StrEnum):
    """What kind of observable an indicator is."""

    URL = "url"
    DOMAIN = "domain"
    IP = "ip"
    SHA256 = "sha256"
    EMAIL = "email"
    PATH = "path"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Indicator:
    """An observable, raw (never defanged here), with its part: download, saves-as, runs, link, file or mentions."""

    type: IndicatorType
    value: str
    role: str
    artifact: str

    def __post_init__(self) -> None:
        if not self.value:
            raise ValueError("an indicator has a value")
