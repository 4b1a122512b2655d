"""A locked file together with its own password in one mail: the lock keeps out filters, not readers (R13, R14, R43)."""

from seriema.model.artifact import Artifact
from seriema.model.case import Evidence
from seriema.verdict.outcome import OWN_PLACES, harmless, opened_by_own_password
from seriema.verdict.signal import Observation, Reads, Signal

#: What is left of the suspicion once the file opened and proved harmless.
HARMLESS = 0.35
#: What is left of that where locked files are a habit of the pair and mostly came so.
CUSTOM = 0.4
#: Names of members that read well in a sentence.
_SHOWN = 3


def observe(evidence: Evidence) -> Observation | None:
    """Fires when the password came out of the very mail that carries the lock."""
    opened = opened_by_own_password(evidence)
    if opened is None or opened.password_source is None:
        return None
    container = next((one for one in evidence.artifacts if one.id == opened.parent and one.id != "0"), opened)
    text = f"{container.path[-1]} opened with the password from {OWN_PLACES[opened.password_source]}"
    strength = 1.0
    if harmless(container, evidence):
        strength = HARMLESS * (CUSTOM if _custom(evidence) else 1.0)
    return Observation(text + _inside(container, evidence.artifacts), strength)


def _custom(evidence: Evidence) -> bool:
    """With all recipients that are told apart, and only where our people answer: a thief makes no custom."""
    pairs = evidence.history.pairs
    return bool(pairs) and all(pair.locked_habit and pair.password_beside * 2 >= pair.locked for pair in pairs)


def _inside(container: Artifact, artifacts: tuple[Artifact, ...]) -> str:
    names = [one.path[-1] for one in artifacts if one.parent == container.id]
    return f" holds {', '.join(names[:_SHOWN])}{' …' if len(names) > _SHOWN else ''}" if names else ""


SIGNAL = Signal("password_beside_lock", Reads.CONTENT, observe)
