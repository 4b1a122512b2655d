"""A macro that starts when the document is opened and reaches for the network or for other programs, but not both."""

from seriema.model.case import Evidence
from seriema.verdict.signal import Observation, Reads, Signal

_REACHES = {"macro.download-call": "the network", "macro.run-call": "other programs"}


def observe(evidence: Evidence) -> Observation | None:
    """Fires for one of the two; both together is ``macro_fetches_and_runs``."""
    names = {one.name: one for one in evidence.findings}
    if "macro.fetch-and-run" in names or "macro.auto-run" not in names:
        return None
    reached = next((name for name in _REACHES if name in names), None)
    if reached is None:
        return None
    labels = {one.id: one.path[-1] for one in evidence.artifacts}
    document = labels.get(names[reached].artifact, "a document")
    return Observation(f"a macro in {document} starts by itself and reaches for {_REACHES[reached]}")


SIGNAL = Signal("macro_runs_by_itself", Reads.CONTENT, observe)
