"""Flow's second page: locked files are opened with passwords that stand outside their mail, at once or later.

What opened takes its place in the evidence of its mail. What the conversation showed at arrival stays as it was; only
the file, what lies in it and what was found there change.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from seriema import verdict
from seriema.model.artifact import SEVERITY, Artifact, State
from seriema.model.case import Evidence, Kept
from seriema.model.limits import Limits
from seriema.model.message import Body
from seriema.model.password import Candidate
from seriema.model.plan import Depth, Dissection, LockedFile, Plan, Subject


class Jail(Protocol):
    """The isolated workers (``edge.jail``)."""

    @property
    def level(self) -> str:
        """Strong, reduced or weak."""

    async def dissect(self, raw: bytes, plan: Plan) -> Dissection:
        """Read one mail in a worker; never raises for what the mail does."""


async def opened(kept: Kept, passwords: Iterable[Candidate], limits: Limits, jail: Jail) -> Kept:
    """The mail with what opened in its place and what is locked still; the same evidence when nothing opened.

    Passwords that opened something in it before are tried again, for what they opened lies beside what they did not.
    The files share the password work of ``limits``; what opened one of them is tried first on the next.
    """
    known = (*passwords, *(Candidate(one.value, one.source) for one in kept.proven))
    evidence, still, proven = kept.evidence, [], dict.fromkeys(kept.proven)
    left = limits.password_work
    for number, file in enumerate(kept.locked):
        share = replace(limits, password_work=left // (len(kept.locked) - number))
        first = (Candidate(one.value, one.source) for one in proven if one not in kept.proven)
        seen = await jail.dissect(file.content, _plan(evidence, file, (*first, *known), share))
        left = max(0, left - (seen.spent.password_work if seen.spent else share.password_work))
        if seen.trouble or not _more(evidence, file, seen):
            still.append(replace(file, unpaid=file.unpaid or any(one.unpaid for one in seen.locked)))
            continue
        evidence = grafted(evidence, file.artifact, seen)
        still += [replace(one, artifact=_moved(one.artifact, file.artifact)) for one in seen.locked]
        proven |= dict.fromkeys(seen.proven)
    return replace(kept, evidence=evidence, locked=tuple(still), proven=tuple(proven))


def _plan(evidence: Evidence, file: LockedFile, passwords: Iterable[Candidate], limits: Limits) -> Plan:
    return Plan(
        Depth.FULL,
        Subject.FILE,
        file.name,
        passwords=(*passwords, *(file.candidates if file.unpaid else ())),
        refused=() if file.unpaid else file.candidates,
        limits=limits,
        sender=evidence.message.sender,
        sent=evidence.message.date or evidence.as_of,
    )


def _more(evidence: Evidence, file: LockedFile, seen: Dissection) -> bool:
    """More of it was read than before, or what could not be paid for then was tried now."""
    before = [one for one in evidence.artifacts if _within(one.id, file.artifact)]
    paid = file.unpaid and not any(one.unpaid for one in seen.locked)
    return paid or _read(seen.artifacts) > _read(before)


def _read(artifacts: Iterable[Artifact]) -> int:
    return sum((one.sha256 is not None) + (one.decrypted_sha256 is not None) for one in artifacts)


def grafted(evidence: Evidence, place: str, seen: Dissection) -> Evidence:
    """Put the tree of a file that was opened alone (its root is "1") where that file lies in its mail."""
    before = next((one for one in evidence.artifacts if one.id == place), None)
    path = before.path if before else (place,)
    opened = [
        replace(
            one,
            id=_moved(one.id, place),
            path=(*path, *one.path[1:]),
            part_of=one.part_of and _moved(one.part_of, place),
        )
        for one in seen.artifacts
        if one.id != "0"
    ]
    if before and opened:
        opened[0] = _of_its_container(opened[0], before)
    rest = [one for one in evidence.artifacts if not _within(one.id, place)]
    rest = [_as_part(one, opened[0]) if opened and one.part_of == place else one for one in rest]
    artifacts = _relieved((*rest, *opened), before)
    return replace(
        evidence,
        artifacts=artifacts,
        findings=(
            *(one for one in evidence.findings if not _within(one.artifact, place)),
            *(replace(one, artifact=_moved(one.artifact, place)) for one in seen.findings),
        ),
        indicators=(
            *(one for one in evidence.indicators if not _within(one.artifact, place)),
            *(replace(one, artifact=_moved(one.artifact, place)) for one in seen.indicators),
        ),
        inspection=verdict.inspection(artifacts),
    )


def without_text(evidence: Evidence) -> Evidence:
    """What may be kept of a mail: facts about it, none of its words."""
    body = evidence.message.body
    bare = Body(reply_language=body.reply_language, quoted_language=body.quoted_language, cut=body.cut)
    return replace(evidence, message=replace(evidence.message, body=bare, links=()))


def _moved(identity: str, place: str) -> str:
    return "0" if identity == "0" else place + identity.removeprefix("1")


def _within(identity: str, place: str) -> bool:
    return identity == place or identity.startswith(f"{place}.")


def _of_its_container(root: Artifact, before: Artifact) -> Artifact:
    """What the mail or archive said of the file stays true."""
    return replace(
        root,
        declared_type=before.declared_type,
        method=before.method,
        crc32=before.crc32,
        encrypted=root.encrypted or before.encrypted,
        password_source=before.password_source or root.password_source,
    )


def _as_part(volume: Artifact, whole: Artifact) -> Artifact:
    return replace(volume, state=State.INSPECTED, state_reason="").as_part_of(whole)


def _relieved(artifacts: tuple[Artifact, ...], before: Artifact | None) -> tuple[Artifact, ...]:
    """In the order of the tree; what was locked only because of the opened file is as its remaining members are."""
    by_id = {one.id: one for one in sorted(artifacts, key=lambda one: [int(step) for step in one.id.split(".")])}
    while before and before.parent not in ("", "0"):
        above = by_id[before.parent]
        if (above.state, above.state_reason) != (before.state, _lifted(before)):
            break  # it has a reason of its own
        worst = max(
            (one for one in by_id.values() if one.parent == above.id), key=lambda one: SEVERITY.index(one.state)
        )
        reason = "" if worst.state is State.INSPECTED else _lifted(worst)
        before, by_id[above.id] = above, replace(above, state=worst.state, state_reason=reason)
    return tuple(by_id.values())


def _lifted(artifact: Artifact) -> str:
    """As ``dissect`` words a member's reason for its container."""
    return f"{artifact.path[-1]}: {artifact.state_reason}"
