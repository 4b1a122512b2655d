"""Cases for people at a terminal: a line and a sentence for each mail, the tree of files, a closing table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from seriema.model.artifact import Artifact, State
from seriema.model.case import Case
from seriema.model.finding import Finding
from seriema.model.verdict import Tier
from seriema.report.defang import prose

_KILO = 1_000
_OPENED = "opened with the password from {}"
_PLACES = {
    "body": "the body",
    "subject": "the subject",
    "name": "a file name",
    "quoted": "the quoted mail",
    "attachment": "another attachment",
    "picture": "a picture",
    "pool": "the pool",
    "admin": "the administrator",
    "user": "the command line",
}


def matters(case: Case) -> bool:
    """Worth a person's time: something was found, or something was not read."""
    return case.verdict.tier is not Tier.DELIVER or not case.verdict.inspection.complete or case.revision > 0


def line(case: Case) -> str:
    """Tier, time, who to whom, subject; the sentence below."""
    message = case.evidence.message
    people = f"{_people([message.sender.address])} → {_people([one.address for one in message.recipients])}"
    when = case.evidence.as_of.strftime("%Y-%m-%d %H:%M")
    again = f" (again, {case.revision})" if case.revision else ""
    subject = prose(message.subject, 70) or prose(case.evidence.source, 70)
    who = people if message.sender.address else prose(case.evidence.source, 70)
    return f"{case.verdict.tier:<7} {when}  {who}  {subject}{again}\n        {prose(case.verdict.summary, 1_000)}"


def tree(case: Case) -> Iterator[str]:
    """The files of a mail, each below the one it came out of."""
    for artifact in case.evidence.files:
        indent = "   " * artifact.id.count(".")
        yield f"        {indent}└ {label(artifact)}"
        for finding in case.evidence.findings:
            if finding.artifact == artifact.id:
                yield f"        {indent}   · {fact(finding)}"


def fact(finding: Finding) -> str:
    """A finding with its place and detail."""
    place = f" at {prose(finding.place, 60)}" if finding.place else ""
    detail = f": {prose(finding.detail, 200)}" if finding.detail else ""
    return f"{finding.name}{place}{detail}"


def detail(case: Case) -> str:
    """Everything a person needs to decide about one mail."""
    return "\n".join((line(case), *_why(case), *_thread(case), *tree(case), *_indicators(case)))


def table(cases: Iterable[tuple[Tier, bool]]) -> str:
    """How many mails came to which tier, and how many of them were not read whole."""
    counts: Counter[Tier] = Counter()
    unread: Counter[Tier] = Counter()
    for tier, complete in cases:
        counts[tier] += 1
        unread[tier] += not complete
    rows = [f"{'tier':<10}{'mails':>8}{'not read whole':>18}"]
    rows += [
        f"{tier:<10}{counts[tier]:>8}{unread[tier]:>18}" for tier in Tier if counts[tier] or tier is not Tier.REJECT
    ]
    rows.append(f"{'all':<10}{sum(counts.values()):>8}{sum(unread.values()):>18}")
    return "\n".join(rows)


def _people(addresses: Sequence[str]) -> str:
    shown = [prose(one, 60) for one in addresses if one]
    if not shown:
        return "?"
    return shown[0] if len(shown) == 1 else f"{shown[0]} +{len(shown) - 1}"


def label(artifact: Artifact) -> str:
    """Name, kind, size, and how it was opened or why it was not."""
    words = [artifact.kind, _size(artifact.size)]
    if artifact.password_source:
        source = artifact.password_source
        words.append(_OPENED.format(_PLACES.get(source, "another mail" if source.startswith("message:") else source)))
    elif artifact.encrypted:
        words.append("encrypted")
    if artifact.state is not State.INSPECTED:
        reason = f" ({prose(artifact.state_reason, 120)})" if artifact.state_reason else ""
        words.append(f"{artifact.state.value}{reason}")
    return f"{prose(artifact.path[-1], 100)}  [{', '.join(words)}]"


def _size(size: int) -> str:
    if size < _KILO * 10:
        return f"{size} bytes"
    return f"{size // _KILO} kB" if size < _KILO * _KILO * 10 else f"{size // (_KILO * _KILO)} MB"


def _why(case: Case) -> Iterator[str]:
    yield f"        score {case.verdict.score:.2f}, inspection {case.verdict.inspection}"
    for reason in case.verdict.reasons:
        yield f"        {reason.weight:>5.2f}  {reason.signal:<24} {prose(reason.text, 300)}"


def _thread(case: Case) -> Iterator[str]:
    thread = case.evidence.thread
    if thread.known or thread.participants:
        last = f", last mail {thread.last:%Y-%m-%d} ({thread.clock.value})" if thread.last else ""
        known = f"{thread.messages} remembered mails" if thread.known else "not remembered, quoted only"
        yield f"        thread: {known}, joined by {thread.joined_by.value}, {len(thread.participants)} people{last}"


def _indicators(case: Case) -> Iterator[str]:
    for one in case.evidence.indicators:
        yield f"        {one.type.value:<8} {one.role:<10} {prose(one.value, 200)}"
