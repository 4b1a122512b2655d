"""The quotation names a mail that is remembered, but its words or its people are not that mail's."""

from seriema.model.case import Evidence
from seriema.model.thread import Kind
from seriema.verdict.signal import Observation, Reads, Signal

#: People may be wrong in a quotation because a client or a list rewrote them.
PEOPLE_SHARE = 0.7


def observe(evidence: Evidence) -> Observation | None:
    """The thread room compares; trimmed and short quotations are left out there."""
    thread = evidence.thread
    if thread.kind is not Kind.PEOPLE:
        return None
    mail = thread.altered or thread.misaddressed
    if mail is None:
        return None
    named = f"the mail of {mail.sender_name or mail.sender} of {mail.date or mail.received:%Y-%m-%d}"
    if thread.altered:
        return Observation(f"quotes {named}, which is remembered with other words")
    return Observation(f"quotes {named} as written to people who never had it", PEOPLE_SHARE)


SIGNAL = Signal("altered_quote", Reads.CONVERSATION, observe)
