"""A locked file that somebody cannot open is passed on to colleagues or to the help desk (R45)."""

from seriema.model.case import Direction, Evidence
from seriema.verdict.outcome import harmless, locked
from seriema.verdict.phrases import said
from seriema.verdict.resemblance import same_house
from seriema.verdict.signal import Observation, Reads, Signal

#: What is left once the file opened and nothing was found in it.
HARMLESS = 0.3
#: Passed on without a word of help: colleagues do that with good files, too.
NO_PHRASE = 0.4


def observe(evidence: Evidence) -> Observation | None:
    """Within one organisation only: partners ask each other for passwords every day."""
    message = evidence.message
    inside = any(same_house(one.domain, message.sender.domain) for one in message.recipients)
    if not inside and evidence.direction is not Direction.INTERNAL:
        return None
    file = next(locked(evidence), None)
    if file is None:
        return None
    phrase = said(message.body.reply, "help") or said(message.subject, "help")
    forwarded = any(one.style == "forwarded" for one in message.body.quotes)
    if not phrase and not forwarded:
        return None
    asks = f" and asks for help (“{phrase}”)" if phrase else ""
    strength = (1.0 if phrase else NO_PHRASE) * (HARMLESS if harmless(file, evidence) else 1.0)
    return Observation(f"passes the locked {file.path[-1]} on to {message.recipients[0].address}{asks}", strength)


SIGNAL = Signal("help_with_lock", Reads.CONVERSATION, observe)
