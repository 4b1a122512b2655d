"""One sentence of facts that a person can check, opening every verdict."""

from seriema.model.case import Evidence
from seriema.model.thread import JoinedBy
from seriema.model.verdict import Reason

#: Reasons that make the sentence: the strongest few, then what was not read.
STRONGEST = 3


def summary(evidence: Evidence, ranked: tuple[Reason, ...]) -> str:
    """The strongest reasons joined to one sentence; without any, what speaks for the mail being ordinary."""
    weighed = [reason.text for reason in ranked if reason.weight > 0][:STRONGEST]
    gaps = [reason.text for reason in ranked if reason.signal == "not_inspected"][:2]
    clauses = weighed + gaps
    if not clauses:
        clauses = [_ordinary(evidence)]
    text = "; ".join(clauses)
    # A sentence may begin with a file name or an address, which stays as it is.
    opening = text.partition(" ")[0]
    return (text[:1].upper() + text[1:] if opening.isalpha() else text) + "."


def _ordinary(evidence: Evidence) -> str:
    thread = evidence.thread
    files = sum(1 for artifact in evidence.artifacts if artifact.parent == "0" and artifact.id != "0")
    said = f"{files} file{'s' * (files != 1)} read" if files else "no files"
    if thread.known and thread.joined_by is not JoinedBy.NOTHING:
        mails = f"{thread.messages} earlier mail{'s' * (thread.messages != 1)}"
        return f"continues a thread of {mails} as usual; {said}; nothing found against it"
    return f"no earlier thread is remembered; {said}; nothing found against it"
