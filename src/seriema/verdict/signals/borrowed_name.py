"""The display name of one of our people or of an established correspondent, with somebody else's address."""

from seriema.model.case import Direction, Evidence
from seriema.model.thread import Kind, name_key
from seriema.verdict.resemblance import resembles, same_house
from seriema.verdict.signal import Observation, Reads, Signal

#: Words of a name that tell a person: a first name alone is shared by many.
LEAST_WORDS = 2
#: Two people may have one name, and one person two addresses.
NAMESAKE, ALIKE = 0.7, 1.0


def observe(evidence: Evidence) -> Observation | None:
    """Not for whoever writes to himself, on a list, or is himself established under this name."""
    sender, thread = evidence.message.sender, evidence.thread
    name = name_key(sender.name)
    if name.count(" ") + 1 < LEAST_WORDS or thread.own_kind is not Kind.PEOPLE:
        return None
    if evidence.history.sender.answered_days >= LEAST_WORDS or evidence.direction is not Direction.INCOMING:
        return None
    if thread.sender_participant is False and any(name_key(one.name) == name for one in thread.participants):
        return None  # the same fact is ``outside_sender``'s
    recipients = {one.key for one in evidence.message.recipients}
    ours = {one.domain for one in evidence.message.recipients if not same_house(one.domain, sender.domain)}
    for one in thread.participants:
        if one.domain in ours and one.key not in recipients and name_key(one.name) == name:
            return Observation(f"bears the name {sender.name} of {one.address}, but comes from {sender.address}", ALIKE)
    others = [one for one in evidence.history.namesakes if one.address != sender.key and one.address not in recipients]
    if not others:
        return None
    known = max(others, key=lambda one: one.answered_days)
    alike = resembles(sender.domain, known.address.rpartition("@")[2])
    text = f"bears the name {sender.name} of {known.address}, an old correspondent, but comes from {sender.address}"
    return Observation(text, ALIKE if alike else NAMESAKE)


SIGNAL = Signal("borrowed_name", Reads.CONVERSATION, observe)
