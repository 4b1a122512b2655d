"""What this mail holds, or the account it comes from, was judged harmful before."""

from seriema.model.case import Evidence
from seriema.model.history import Reuse, Shared
from seriema.verdict.outcome import fetches
from seriema.verdict.signal import Observation, Reads, Signal

_WORDS = {
    Shared.PASSWORD: "the password of {name}",
    Shared.ARCHIVE: "the archive {name}",
    Shared.DOCUMENT: "the document {name}",
    Shared.TARGET: "what {name} reaches for",
}
#: Short passwords are alike by chance; an account may be back in its owner's hands.
PASSWORD_SHARE, ACCOUNT_SHARE = 0.5, 0.3
#: Lures plant innocent links. One that more senders than these have written tells nothing, one of few not all.
FEW_SENDERS, LINK_SHARE = 2, 0.6


def observe(evidence: Evidence) -> Observation | None:
    """What is the same in the file says more than whose account it is."""
    condemned = [one for one in evidence.history.reused if one.condemned and _telling(one, evidence)]
    if condemned:
        worst = max(condemned, key=lambda one: _strength(one, evidence))
        name = next((one.path[-1] for one in evidence.artifacts if one.id == worst.artifact != "0"), "its text")
        text = f"{_WORDS[worst.shared].format(name=name)} is known from mails that were held or judged harmful"
        return Observation(text, _strength(worst, evidence))
    mails = evidence.history.sender.condemned
    if not mails:
        return None
    return Observation(f"{mails} earlier mail{'s' * (mails != 1)} of this account were judged harmful", ACCOUNT_SHARE)


def _telling(shared: Reuse, evidence: Evidence) -> bool:
    linked = shared.shared is Shared.TARGET and not fetches(shared.artifact, evidence)
    return not linked or shared.senders <= FEW_SENDERS


def _strength(shared: Reuse, evidence: Evidence) -> float:
    if shared.shared is Shared.PASSWORD:
        return PASSWORD_SHARE
    return LINK_SHARE if shared.shared is Shared.TARGET and not fetches(shared.artifact, evidence) else 1.0


SIGNAL = Signal("known_harm", Reads.CONTENT, observe)
