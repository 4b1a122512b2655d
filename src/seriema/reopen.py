"""Flow's second page: a locked file that was opened later takes its place in the evidence of its mail.

What the conversation showed at arrival stays as it was; only the file, what lies in it and what was found there
change.
"""

from dataclasses import replace

from seriema import verdict
from seriema.model.artifact import SEVERITY, Artifact, State
from seriema.model.case import Evidence
from seriema.model.message import Body
from seriema.model.plan import Dissection


def grafted(evidence: Evidence, place: str, seen: Dissection) -> Evidence:
    """Put the tree of a file that was opened alone (its root is "1") where that file lies in its mail."""
    before = next((one for one in evidence.artifacts if one.id == place), None)
    path = before.path if before else (place,)

    def moved(identity: str) -> str:
        return "0" if identity == "0" else place + identity.removeprefix("1")

    def stays(identity: str) -> bool:
        return identity != place and not identity.startswith(f"{place}.")

    opened = (replace(one, id=moved(one.id), path=(*path, *one.path[1:])) for one in seen.artifacts if one.id != "0")
    artifacts = _relieved((*(one for one in evidence.artifacts if stays(one.id)), *opened), place)
    return replace(
        evidence,
        artifacts=artifacts,
        findings=(
            *(one for one in evidence.findings if stays(one.artifact)),
            *(replace(one, artifact=moved(one.artifact)) for one in seen.findings),
        ),
        indicators=(
            *(one for one in evidence.indicators if stays(one.artifact)),
            *(replace(one, artifact=moved(one.artifact)) for one in seen.indicators),
        ),
        inspection=verdict.inspection(artifacts),
    )


def without_text(evidence: Evidence) -> Evidence:
    """What may be kept of a mail: facts about it, none of its words."""
    body = evidence.message.body
    bare = Body(reply_language=body.reply_language, quoted_language=body.quoted_language, cut=body.cut)
    return replace(evidence, message=replace(evidence.message, body=bare, links=()))


def _relieved(artifacts: tuple[Artifact, ...], place: str) -> tuple[Artifact, ...]:
    """In the order of the tree; what was locked only because of the opened file is as its remaining members are."""
    by_id = {one.id: one for one in sorted(artifacts, key=lambda one: [int(step) for step in one.id.split(".")])}
    above = by_id[place].parent
    while above not in ("", "0"):
        members = [one for one in by_id.values() if one.parent == above]
        worst = max(members, key=lambda one: SEVERITY.index(one.state))
        reason = "" if worst.state is State.INSPECTED else f"{worst.path[-1]}: {worst.state_reason}"
        by_id[above] = replace(by_id[above], state=worst.state, state_reason=reason)
        above = by_id[above].parent
    return tuple(by_id.values())
