"""Active content that fetches something from the network and runs it (R59–R66): macro, script, shortcut or page."""

from seriema.model.case import Evidence
from seriema.model.finding import IndicatorType
from seriema.verdict.signal import Observation, Reads, Signal

#: Findings of which each says that both happen, and who does it.
_ACTIVE = {
    "macro.fetch-and-run": "a macro in",
    "script.fetch-and-run": "the script",
    "shortcut.fetch-and-run": "the shortcut",
    "html.fetch-and-run": "a script in",
    "xlm.fetch-and-run": "an Excel 4 macro in",
}
#: Characters of an address that a sentence shows; the indicator holds it whole.
SHOWN = 80


def observe(evidence: Evidence) -> Observation | None:
    """Name the document and, where it was recovered, the address."""
    found = next((one for one in evidence.findings if one.name in _ACTIVE), None)
    if found is None:
        return None
    names = {one.id: one.path[-1] for one in evidence.artifacts}
    url = next(
        (
            one.value
            for one in evidence.indicators
            if one.type is IndicatorType.URL and one.role == "download" and one.artifact == found.artifact
        ),
        None,
    )
    source = (
        f" from {url if len(url) <= SHOWN else url[:SHOWN] + '…'}" if url else " from an address it builds at run time"
    )
    return Observation(
        f"{_ACTIVE[found.name]} {names.get(found.artifact, 'a document')} fetches a file{source} and runs it"
    )


SIGNAL = Signal("macro_fetches_and_runs", Reads.CONTENT, observe)
