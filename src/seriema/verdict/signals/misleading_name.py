"""A file that runs, under a name that makes it look like one that is read: ``invoice.pdf.js``, reversed or padded."""

from seriema.model.case import Evidence
from seriema.verdict.double_click import RUNS, is_source
from seriema.verdict.signal import Observation, Reads, Signal

#: What a name shows → in words. Honest names show it, too: right-to-left scripts need marks of direction, people leave
#: gaps, programmers call a script by what it makes. So it counts only for what a double click runs.
_TRICKS = {
    "name.double-extension": "two extensions, of which the last one counts",
    "name.direction-override": "marks that turn its direction round",
    "name.padded": "a gap before its true extension",
}
#: Characters of a name that a sentence shows.
SHOWN = 80


def observe(evidence: Evidence) -> Observation | None:
    """The first such name of a file that runs, among all the names that the mail gives it."""
    running = {one.id for one in evidence.artifacts if one.file_class in RUNS and not is_source(one)}
    for found in evidence.findings:
        if found.name in _TRICKS and found.artifact in running:
            return Observation(f"the name {found.detail[:SHOWN]} has {_TRICKS[found.name]}")
    return None


SIGNAL = Signal("misleading_name", Reads.CONTENT, observe)
