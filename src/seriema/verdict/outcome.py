"""What came of a mail's files: which are or were locked, harmless or fetching; shared by the signals about them."""

from collections.abc import Iterator

from seriema.model.artifact import Artifact, State
from seriema.model.case import Evidence

_LOCKED = (State.LOCKED, State.WAITING)
#: Places within the mail itself where the password of its own file was found (``Artifact.password_source``).
OWN_PLACES = {
    "body": "the body",
    "subject": "the subject",
    "name": "the file's own name",
    "quoted": "the quoted mail",
    "attachment": "another attachment",
    "picture": "a picture",
}


def locked(evidence: Evidence) -> Iterator[Artifact]:
    """Attached files that are locked or hold something locked, opened or not."""
    inner = [one for one in evidence.artifacts if one.encrypted or one.state in _LOCKED]
    roots = dict.fromkeys(one.id.partition(".")[0] for one in inner)
    return (one for one in evidence.artifacts if one.id in roots and one.id != "0")


def harmless(container: Artifact, evidence: Evidence) -> bool:
    """It and everything inside was read, and nothing was found in what lies inside."""
    inside = [one for one in evidence.artifacts if one.id.startswith(f"{container.id}.")]
    found = {one.artifact for one in evidence.findings}
    return container.state is State.INSPECTED and all(
        one.state is State.INSPECTED and one.id not in found for one in inside
    )


def fetches(artifact: str, evidence: Evidence) -> bool:
    """A file, not the mail's text, says itself what it fetches."""
    return artifact != "0" and any(one.artifact == artifact and one.role == "download" for one in evidence.indicators)


def opened_by_own_password(evidence: Evidence) -> Artifact | None:
    """The first file whose password came out of the very mail that carries it."""
    return next((one for one in evidence.artifacts if one.encrypted and one.password_source in OWN_PLACES), None)
