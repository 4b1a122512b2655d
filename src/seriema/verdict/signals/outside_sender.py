"""The sender answers in a conversation in which it never was: a stolen thread, a strange account."""

from seriema.model.case import Evidence
from seriema.model.thread import Kind
from seriema.verdict.signal import Observation, Reads, Signal


def observe(evidence: Evidence) -> Observation | None:
    """Fires in threads of people only: anybody may answer on a list, and machines write from many addresses."""
    thread = evidence.thread
    if not thread.reply or thread.sender_participant is not False or thread.kind is not Kind.PEOPLE:
        return None
    sender = evidence.message.sender
    if any(one.domain and one.domain == sender.domain for one in thread.participants):
        return None  # a colleague of a participant, an assistant answering for a boss
    impersonates = next((one for one in thread.participants if one.name and one.name == sender.name), None)
    if impersonates:
        return Observation(f"bears the name {sender.name} of a participant, but another address, {sender.address}")
    return Observation(f"{sender.address} is no participant of the thread it answers", 0.6)


SIGNAL = Signal("outside_sender", Reads.CONVERSATION, observe)
