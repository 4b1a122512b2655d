"""A file that runs when it is opened: program, script, shortcut or disk image."""

from seriema.model.artifact import Artifact, FileClass
from seriema.model.case import Evidence
from seriema.verdict.signal import Observation, Reads, Signal

#: How strongly the class alone speaks; inside a lock it speaks fully.
_STRENGTH = {
    FileClass.EXECUTABLE: 0.6,
    FileClass.SHORTCUT: 0.6,
    FileClass.SCRIPT: 0.55,
    FileClass.DISK_IMAGE: 0.4,
}
_WORDS = {
    FileClass.EXECUTABLE: "a program",
    FileClass.SHORTCUT: "a shortcut",
    FileClass.SCRIPT: "a script",
    FileClass.DISK_IMAGE: "a disk image",
}


def observe(evidence: Evidence) -> Observation | None:
    """The most telling active file of the mail."""
    found = [one for one in evidence.artifacts if one.file_class in _STRENGTH]
    if not found:
        return None
    worst = max(found, key=lambda one: (_locked_in(one, evidence.artifacts), _STRENGTH[one.file_class]))
    locked = _locked_in(worst, evidence.artifacts)
    where = " inside a locked archive" if locked else ""
    strength = 1.0 if locked else _STRENGTH[worst.file_class]
    return Observation(f"{worst.path[-1]} is {_WORDS[worst.file_class]}{where}", strength)


def _locked_in(artifact: Artifact, artifacts: tuple[Artifact, ...]) -> bool:
    return artifact.encrypted or any(one.encrypted for one in artifacts if artifact.id.startswith(f"{one.id}."))


SIGNAL = Signal("active_file", Reads.CONTENT, observe)
