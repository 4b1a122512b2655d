"""What stands above a quoted mail and where: the lines it takes, and what they claim about that mail."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from seriema.model.message import Address

#: Languages whose words are mostly those of a bigger neighbour: where both fit, the neighbour is meant.
_SMALLER = frozenset({"af", "az", "be", "bs", "ca", "cy", "eu", "fil", "ga", "gl", "is", "kk", "mk", "ms", "sq", "ur"})


@dataclass(frozen=True, slots=True)
class Head:
    """An attribution, header block or separator at lines ``first`` to ``last``; empty values are not said there."""

    first: int
    last: int
    style: str
    author: Address = Address()
    recipients: tuple[Address, ...] = ()
    date: datetime | None = None
    date_text: str = ""
    subject: str = ""
    language: str = ""

    @property
    def says_something(self) -> bool:
        """It claims anything about the quoted mail: a bare "Original Message" does not."""
        return bool(self.author != Address() or self.recipients or self.date_text or self.subject)


def language_of(evidence: Iterable[frozenset[str]]) -> str:
    """The language most pieces of evidence allow, "" when several do."""
    votes: Counter[str] = Counter()
    for languages in evidence:
        votes.update(languages)
    votes.pop("any", None)
    if not votes:
        return ""
    most = max(votes.values())
    best = {language for language, count in votes.items() if count == most}
    best = best - _SMALLER or best
    return best.pop() if len(best) == 1 else ""
