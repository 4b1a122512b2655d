"""A thread of many people is answered to one of them alone (R24)."""

from seriema.model.case import Evidence
from seriema.model.message import Address
from seriema.model.thread import Kind, name_key
from seriema.verdict.signal import Observation, Reads, Signal

#: Two people talking aside is ordinary; the signal needs a round of at least this many, the sender included.
LEAST_PARTICIPANTS = 4


def observe(evidence: Evidence) -> Observation | None:
    """Count who of the thread's people is addressed."""
    thread = evidence.thread
    # A participant known by name alone has no key; each of them counts, unless it bears the sender's name.
    sender = evidence.message.sender
    others = [one for one in thread.participants if one.key != sender.key and (one.key or not _same(one, sender))]
    if not thread.reply or thread.kind is not Kind.PEOPLE or len(others) + 1 < LEAST_PARTICIPANTS:
        return None
    if len(evidence.message.recipients) != 1 or len(thread.addressed) > 1:
        return None
    return Observation(
        f"written to 1 of {len(others)} other participants",
        min(1.0, 0.5 + 0.1 * (len(others) - LEAST_PARTICIPANTS + 1)),
    )


def _same(one: Address, other: Address) -> bool:
    return bool(name_key(one.name)) and name_key(one.name) == name_key(other.name)


SIGNAL = Signal("one_of_many", Reads.CONVERSATION, observe)
