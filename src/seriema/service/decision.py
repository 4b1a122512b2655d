"""Tier → answer to the mail server. Nobody but a recipient learns from it what was found.

A held mail is answered like a delivered one (250), because its apparent sender may be the thief; ``reject`` is given
only where a policy asks for it.
"""

from collections.abc import Iterator, Sequence

from seriema.model.case import Case
from seriema.model.verdict import Tier
from seriema.service.milter import answers as a

#: Header fields that begin so are ours, and nobody else's words stand in them.
_OURS = b"x-seriema-"
MARK = b"X-Seriema-Verdict"

TOO_LARGE = a.Reply(b"552 5.3.4 Message too big for system")
REFUSED = a.Reply(b"550 5.7.1 Message refused by policy")


def must_be_kept(case: Case) -> bool:
    """The mail goes into the quarantine."""
    return case.verdict.tier in (Tier.ASK, Tier.HOLD)


def answers(case: Case, names: Sequence[bytes]) -> tuple[a.Answer, ...]:
    """For a judged mail; one that must be kept is in the quarantine already. ``names``: of its header fields."""
    match case.verdict.tier:
        case Tier.DELIVER:
            return (*forged(names), a.Accept())
        case Tier.TAG:
            words = f"tag; inspection={case.verdict.inspection}; case={case.evidence.id}"
            return (*forged(names), a.AddHeader(MARK, words.encode()), a.Accept())
        case Tier.REJECT:
            return (REFUSED,)
        case _:
            return (a.Discard(),)


def unjudged(names: Sequence[bytes], digest: str) -> tuple[a.Answer, ...]:
    """For a mail that was read, but not judged, because memory is out of service."""
    mark = a.AddHeader(MARK, f"unjudged; inspection=complete; case={digest[:32]}".encode())
    return (*forged(names), mark, a.Accept())


def forged(names: Sequence[bytes]) -> Iterator[a.ChangeHeader]:
    """Take fields of our kind away that came from outside, the last first, so that none changes another's number."""
    counted: dict[bytes, int] = {}
    found = []
    for name in names:
        low = name.lower()
        if low.startswith(_OURS):
            counted[low] = counted.get(low, 0) + 1
            found.append(a.ChangeHeader(counted[low], name, b""))
    return reversed(found)
