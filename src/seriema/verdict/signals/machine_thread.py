"""A reply to a mail that a machine wrote: a notification, a newsletter, advertising (R30, R31, R37, R53–R55)."""

from seriema.model.case import Evidence
from seriema.model.thread import Kind
from seriema.verdict.outcome import locked
from seriema.verdict.signal import Observation, Reads, Signal

_WORDS = {Kind.NOTIFICATION: "an automatic notification", Kind.BULK: "a bulk mail"}
#: People do answer a list's mail aside, but seldom with a locked file.
LIST_SHARE = 0.5


def observe(evidence: Evidence) -> Observation | None:
    """The thread's kind tells. That the reply itself looks like advertising tells nothing: it bears the subject."""
    thread = evidence.thread
    if not thread.reply or not evidence.message.body.reply.strip():
        return None
    if thread.kind in _WORDS:
        return Observation(f"answers {_WORDS[thread.kind]}, which nobody answers in earnest")
    if thread.kind is Kind.LIST and thread.own_kind is Kind.PEOPLE:
        file = next(locked(evidence), None)
        if file:
            return Observation(f"answers a mailing list's mail to one side with the locked {file.path[-1]}", LIST_SHARE)
    return None


SIGNAL = Signal("machine_thread", Reads.CONVERSATION, observe)
