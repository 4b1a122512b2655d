"""A kind of file that this sender never sent to this recipient before."""

from seriema.model.artifact import Artifact, FileClass
from seriema.model.case import Evidence
from seriema.verdict.signal import Observation, Reads, Signal

#: Everybody sends these sooner or later; the first one says nothing.
_EVERYDAY = frozenset(
    {
        FileClass.PICTURE,
        FileClass.TEXT,
        FileClass.WEB,
        FileClass.MEDIA,
        FileClass.PDF,
        FileClass.MAIL,
        FileClass.PROTECTED,
    }
)
#: Mails of the sender to the recipient from which a habit may be read.
ENOUGH_MAILS = 3


def observe(evidence: Evidence) -> Observation | None:
    """Compare with the pair's earlier attachments; without enough earlier mail there is no habit to break."""
    known = [pair for pair in evidence.history.pairs if pair.sent >= ENOUGH_MAILS]
    if not known:
        return None
    seen = {way.value for pair in known for way in pair.kinds}
    new = next((one for one in evidence.artifacts if _counts(one) and one.kind not in seen), None)
    if new is None:
        return None
    mails = sum(pair.sent for pair in known)
    return Observation(f"first {new.kind} file in {mails} mails from this sender", 1.0 if not seen else 0.8)


def _counts(artifact: Artifact) -> bool:
    return artifact.parent == "0" and artifact.file_class not in _EVERYDAY


SIGNAL = Signal("new_attachment_kind", Reads.CONVERSATION, observe)
