"""The sender answers in a conversation in which it never was: a stolen thread, a strange account."""

from seriema.model.case import Evidence
from seriema.model.thread import Kind, name_key
from seriema.verdict.resemblance import resembles, same_house
from seriema.verdict.signal import Observation, Reads, Signal

#: An address that nobody here knows, without any likeness to somebody who is.
STRANGE = 0.6


def observe(evidence: Evidence) -> Observation | None:
    """Fires in threads of people only: anybody may answer on a list, and machines write from many addresses."""
    thread = evidence.thread
    if not thread.reply or thread.sender_participant is not False or thread.kind is not Kind.PEOPLE:
        return None
    sender = evidence.message.sender
    others = [one for one in thread.participants if one.domain]
    if any(same_house(one.domain, sender.domain) for one in others):
        return None  # a colleague of a participant, an assistant answering for a boss
    alike = next((one for one in others if resembles(sender.domain, one.domain)), None)
    if alike:
        return Observation(
            f"writes from {sender.domain}, which resembles {alike.domain} of a participant of the thread"
        )
    name = name_key(sender.name)
    if name and any(name == name_key(one.name) for one in others):
        return Observation(f"bears the name {sender.name} of a participant, but another address, {sender.address}")
    return Observation(f"{sender.address} is no participant of the thread it answers", STRANGE)


SIGNAL = Signal("outside_sender", Reads.CONVERSATION, observe)
