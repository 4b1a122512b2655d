"""What was not read: the artifacts' states and the worker's trouble become gaps."""

from collections.abc import Sequence

from seriema.model.artifact import Artifact, State
from seriema.model.verdict import Gap, Inspection

#: What a worker's trouble says first (``model.plan.Dissection.trouble``), and the state it stands for.
_TROUBLE = (("timed out", State.LIMIT), ("limit", State.LIMIT), ("malformed", State.MALFORMED))


def inspection(artifacts: Sequence[Artifact], trouble: str = "") -> Inspection:
    """Complete only when every artifact was inspected and no worker came to grief.

    A container that is incomplete because of what lies in it gives no gap of its own: the inner one is named.
    """
    by_id = {artifact.id: artifact for artifact in artifacts}
    open_ids = {artifact.id for artifact in artifacts if artifact.state is not State.INSPECTED}
    explained = {by_id[one].parent for one in open_ids if _explains(by_id[one], by_id)}
    gaps = [
        Gap(by_id[one].state, one, by_id[one].state_reason)
        for one in by_id
        if one in open_ids and (one not in explained or one == "0")
    ]
    if trouble:
        state = next((state for words, state in _TROUBLE if trouble.startswith(words)), State.CRASHED)
        gaps.append(Gap(state, "0", trouble))
    return Inspection(tuple(gaps))


def _explains(artifact: Artifact, by_id: dict[str, Artifact]) -> bool:
    above = by_id.get(artifact.parent)
    return above is not None and above.state is artifact.state
