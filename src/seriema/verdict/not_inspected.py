"""What could not be read is a reason of its own: the policy's table says what it means at least."""

from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.case import Evidence
from seriema.model.verdict import Gap, Reason, Tier
from seriema.verdict.policy import Applied, severest

_WORDS = {
    State.LOCKED: "{name} is locked and nothing opened it",
    State.WAITING: "{name} is locked and its mail says that the password follows separately",
    State.LIMIT: "{name} was not read to the end ({detail})",
    State.UNSUPPORTED: "{name} cannot be read here ({detail})",
    State.MALFORMED: "{name} is damaged and could not be read ({detail})",
    State.CRASHED: "reading {name} failed ({detail})",
}


def not_inspected(evidence: Evidence, policy: Applied) -> tuple[Tier, tuple[Reason, ...]]:
    """The least tier that the gaps ask for, and a reason for each (weight 0: a gap is no evidence of harm)."""
    by_id = {artifact.id: artifact for artifact in evidence.artifacts}
    least = Tier.DELIVER
    reasons = []
    for gap in evidence.inspection.gaps:
        artifact = by_id.get(gap.artifact)
        file_class = artifact.file_class if artifact else FileClass.MAIL
        for reason in _meanings(gap, artifact):
            least = severest((least, policy.least_for(reason, file_class)))
        reasons.append(Reason("not_inspected", 0.0, _sentence(gap, artifact.path[-1] if artifact else "the mail")))
    return least, tuple(reasons)


def _meanings(gap: Gap, artifact: Artifact | None) -> tuple[State, ...]:
    """Of what is still encrypted only the name is known, so a limit that was met there is never less than locked."""
    sealed = artifact is not None and artifact.encrypted and artifact.sha256 is None
    return (gap.reason, State.LOCKED) if sealed and gap.reason is not State.WAITING else (gap.reason,)


def _sentence(gap: Gap, name: str) -> str:
    shown = "the mail" if gap.artifact == "0" else name
    return _WORDS[gap.reason].format(name=shown, detail=gap.detail or gap.reason.value)
