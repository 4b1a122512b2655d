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
#: A pair that sends such files, of another kind; and one that sent this kind without an answer ever since.
OTHER_KINDS, UNANSWERED = 0.8, 0.6


def observe(evidence: Evidence) -> Observation | None:
    """Compare with the pair's earlier attachments; without enough earlier mail there is no habit to break.

    What merely came before, and was never answered, is no habit of people who do answer each other: a thief may have
    sent it.
    """
    known = [pair for pair in evidence.history.pairs if pair.sent >= ENOUGH_MAILS]
    if not known:
        return None
    answering = any(pair.habit for pair in known)
    habit = {way.value for pair in known for way in pair.kinds if way.habit or not answering}
    new = next((one for one in evidence.artifacts if _counts(one) and one.kind not in habit), None)
    if new is None:
        return None
    mails = sum(pair.sent for pair in known)
    times = sum(way.mails for pair in known for way in pair.kinds if way.value == new.kind)
    if times:
        return Observation(
            f"{new.kind} files are no habit of this sender: {times} in {mails} mails, none answered", UNANSWERED
        )
    return Observation(f"first {new.kind} file in {mails} mails from this sender", OTHER_KINDS if habit else 1.0)


def _counts(artifact: Artifact) -> bool:
    return artifact.parent == "0" and artifact.file_class not in _EVERYDAY


SIGNAL = Signal("new_attachment_kind", Reads.CONVERSATION, observe)
