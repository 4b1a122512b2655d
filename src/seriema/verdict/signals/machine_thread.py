"""A reply to a mail that a machine wrote: a notification, a newsletter, advertising (R30, R31, R37, R53, R54)."""

from seriema.model.case import Evidence
from seriema.model.thread import Kind
from seriema.verdict.signal import Observation, Reads, Signal

_WORDS = {Kind.NOTIFICATION: "an automatic notification", Kind.BULK: "a bulk mail"}


def observe(evidence: Evidence) -> Observation | None:
    """The thread's kind tells; mail that is itself from the machine is no reply to it."""
    thread = evidence.thread
    if not thread.reply or thread.kind not in _WORDS or not evidence.message.body.reply.strip():
        return None
    return Observation(f"answers {_WORDS[thread.kind]}, which nobody answers in earnest")


SIGNAL = Signal("machine_thread", Reads.CONVERSATION, observe)
