"""A file that runs when it is opened: program, script, shortcut or disk image."""

from seriema.model.artifact import Artifact, FileClass
from seriema.model.case import Evidence
from seriema.verdict.double_click import is_source
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
#: Shortcuts that only name an address; to a web page they are what any link in the text is.
_ADDRESSES = frozenset({"url", "webloc"})
_LESS = 0.25
_LESS_LOCKED = 0.6


def observe(evidence: Evidence) -> Observation | None:
    """The most telling active file of the mail."""
    found = [one for one in evidence.artifacts if one.file_class in _STRENGTH]
    if not found:
        return None
    worst = max(found, key=lambda one: _strength(one, evidence))
    where = " inside a locked archive" if _locked_in(worst, evidence.artifacts) else ""
    return Observation(f"{worst.path[-1]} is {_WORDS[worst.file_class]}{where}", _strength(worst, evidence))


def _strength(artifact: Artifact, evidence: Evidence) -> float:
    locked = _locked_in(artifact, evidence.artifacts)
    if _needs_effort(artifact, evidence):
        return _LESS_LOCKED if locked else _LESS
    if locked:
        return 1.0
    return _LESS if _is_link(artifact, evidence) else _STRENGTH[artifact.file_class]


def _needs_effort(artifact: Artifact, evidence: Evidence) -> bool:
    """Source code of a kind that nobody runs by opening it, and that is no downloader."""
    if not is_source(artifact):
        return False
    seen = {one.name for one in evidence.findings if one.artifact == artifact.id}
    return not {"script.download-call", "script.run-call"} <= seen


def _is_link(artifact: Artifact, evidence: Evidence) -> bool:
    """Every target of the shortcut is a web address."""
    targets = [one.detail for one in evidence.findings if one.artifact == artifact.id and one.name == "shortcut.target"]
    web = all(target.lower().startswith(("http://", "https://")) for target in targets)
    return artifact.kind in _ADDRESSES and bool(targets) and web


def _locked_in(artifact: Artifact, artifacts: tuple[Artifact, ...]) -> bool:
    return artifact.encrypted or any(one.encrypted for one in artifacts if artifact.id.startswith(f"{one.id}."))


SIGNAL = Signal("active_file", Reads.CONTENT, observe)
