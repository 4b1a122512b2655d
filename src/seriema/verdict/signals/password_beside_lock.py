"""A locked file together with its own password in one mail: the lock keeps out filters, not readers (R13, R14, R43)."""

from seriema.model.artifact import Artifact, State
from seriema.model.case import Evidence
from seriema.verdict.signal import Observation, Reads, Signal

#: What is left of the suspicion once the file opened and proved harmless.
HARMLESS = 0.35
_PLACES = {
    "body": "the body",
    "subject": "the subject",
    "name": "the file's own name",
    "quoted": "the quoted mail",
    "attachment": "another attachment",
    "picture": "a picture",
}


def observe(evidence: Evidence) -> Observation | None:
    """Fires when the password came out of the very mail that carries the lock."""
    opened = next((one for one in evidence.artifacts if one.encrypted and one.password_source in _PLACES), None)
    if opened is None or opened.password_source is None:
        return None
    container = next((one for one in evidence.artifacts if one.id == opened.parent and one.id != "0"), opened)
    text = f"{container.path[-1]} opened with the password from {_PLACES[opened.password_source]}"
    strength = HARMLESS if _harmless(container, evidence) else 1.0
    return Observation(text + _inside(container, evidence.artifacts), strength)


def _harmless(container: Artifact, evidence: Evidence) -> bool:
    """Everything inside was read and nothing was found in it."""
    inside = [one for one in evidence.artifacts if one.id.startswith(f"{container.id}.")]
    found = {one.artifact for one in evidence.findings}
    return all(one.state is State.INSPECTED and one.id not in found for one in inside)


def _inside(container: Artifact, artifacts: tuple[Artifact, ...]) -> str:
    names = [one.path[-1] for one in artifacts if one.parent == container.id]
    return f" holds {', '.join(names[:3])}{' …' if len(names) > 3 else ''}" if names else ""  # noqa: PLR2004 - three names read well


SIGNAL = Signal("password_beside_lock", Reads.CONTENT, observe)
