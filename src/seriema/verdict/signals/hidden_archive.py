"""An archive inside a file that needs none: behind a picture, a page or a PDF, where only who knows of it looks."""

from seriema.model.artifact import Artifact, FileClass
from seriema.model.case import Evidence
from seriema.verdict.double_click import RUNS, is_source
from seriema.verdict.signal import Observation, Reads, Signal

#: Programs unpack themselves, documents embed others, and archives hold archives: these do neither.
_PLAIN = frozenset({FileClass.PICTURE, FileClass.MEDIA, FileClass.TEXT, FileClass.WEB, FileClass.PDF})
#: Without a file that runs in it, it may be a picture editor's or a PDF's own attachment.
_HARMLESS = 0.5


def observe(evidence: Evidence) -> Observation | None:
    """The first such archive, by what it holds."""
    by_id = {one.id: one for one in evidence.artifacts}
    for found in evidence.findings:
        holder = by_id.get(found.artifact)
        if found.name == "file.appended-archive" and holder is not None and holder.file_class in _PLAIN:
            runs = next((one for one in evidence.artifacts if _runs_in(holder, one)), None)
            within = f" with {runs.path[-1]} in it" if runs else ""
            return Observation(f"an archive{within} is hidden in {holder.path[-1]}", 1.0 if runs else _HARMLESS)
    return None


def _runs_in(holder: Artifact, one: Artifact) -> bool:
    return one.id.startswith(f"{holder.id}.") and one.file_class in RUNS and not is_source(one)


SIGNAL = Signal("hidden_archive", Reads.CONTENT, observe)
