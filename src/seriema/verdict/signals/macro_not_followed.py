"""A macro that starts by itself and hides what it fetches or runs, or that goes on longer than it is followed."""

from seriema.model.case import Evidence
from seriema.verdict.signal import Observation, Reads, Signal

_HIDES = {
    "macro.unknown-target": "starts by itself and fetches or runs something that only the reader's machine knows",
    "macro.budget-exhausted": "starts by itself and goes on longer than it can be followed",
}


def observe(evidence: Evidence) -> Observation | None:
    """Silent where a macro was seen to fetch and run: that says more."""
    names = {one.name: one for one in reversed(evidence.findings)}
    found = next((names[name] for name in _HIDES if name in names), None)
    if found is None or "macro.fetch-and-run" in names:
        return None
    labels = {one.id: one.path[-1] for one in evidence.artifacts}
    return Observation(f"a macro in {labels.get(found.artifact, 'a document')} {_HIDES[found.name]}")


SIGNAL = Signal("macro_not_followed", Reads.CONTENT, observe)
