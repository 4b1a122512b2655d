"""A thread of many people is answered to one of them alone (R24)."""

from seriema.model.case import Evidence
from seriema.model.thread import Kind
from seriema.verdict.signal import Observation, Reads, Signal

#: Two people talking aside is ordinary; the signal needs a round of at least this many, the sender included.
LEAST_PARTICIPANTS = 4


def observe(evidence: Evidence) -> Observation | None:
    """Count who of the thread's people is addressed."""
    thread = evidence.thread
    # A participant known by name alone has no key; each of them counts.
    others = [one for one in thread.participants if one.key != evidence.message.sender.key]
    if not thread.reply or thread.kind is not Kind.PEOPLE or len(others) + 1 < LEAST_PARTICIPANTS:
        return None
    if len(evidence.message.recipients) != 1 or len(thread.addressed) > 1:
        return None
    return Observation(
        f"written to 1 of {len(others)} other participants",
        min(1.0, 0.5 + 0.1 * (len(others) - LEAST_PARTICIPANTS + 1)),
    )


SIGNAL = Signal("one_of_many", Reads.CONVERSATION, observe)
