"""One self-contained HTML page: what was found, why, the tree of files, and each thread on a time line.

Works from disk, offline, without script; light and dark; every picture has its words.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seriema.model.artifact import State
from seriema.model.case import Case
from seriema.model.verdict import Tier
from seriema.report.defang import prose
from seriema.report.template import template
from seriema.report.text import fact, label, matters

#: Width of the pictures' own coordinates; they scale with the page.
WIDTH = 900
#: Cards beyond this are named by number only: a page is for looking at.
CARDS = 200
#: Recipients that are named on a card.
NAMED = 6


@dataclass(frozen=True, slots=True)
class Dot:
    """A point on a time line."""

    x: float
    words: str
    style: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file of a mail's tree with what was found in it."""

    depth: int
    words: str
    unread: bool
    facts: tuple[str, ...]


def page(cases: Sequence[Case], title: str) -> str:
    """The page for these cases; the latest judgement of each mail stands for it."""
    latest = {(one.evidence.source, one.evidence.id): one for one in cases}
    chosen = sorted(latest.values(), key=lambda one: (one.evidence.as_of, one.evidence.source))
    shown = [one for one in chosen if matters(one)]
    shown.sort(key=lambda one: -one.verdict.tier.severity)
    counts = Counter(one.verdict.tier for one in chosen)
    return template("page.html.j2").render(
        title=title,
        total=len(chosen),
        unread=sum(not one.verdict.inspection.complete for one in chosen),
        counts=[
            (tier.value, counts[tier], WIDTH * counts[tier] / max(1, len(chosen))) for tier in Tier if counts[tier]
        ],
        width=WIDTH,
        days=_days(shown),
        span=_span(chosen),
        cards=[_card(one, number) for number, one in enumerate(shown[:CARDS], 1)],
        left_out=max(0, len(shown) - CARDS),
        engine=chosen[0].engine if chosen else None,
    )


def _span(cases: Sequence[Case]) -> tuple[str, str]:
    times = [one.evidence.as_of for one in cases]
    return (f"{min(times):%Y-%m-%d}", f"{max(times):%Y-%m-%d}") if times else ("", "")


def _days(cases: Sequence[Case]) -> list[Dot]:
    """When the mails that matter arrived."""
    times = [one.evidence.as_of for one in cases]
    return [
        Dot(_place(one.evidence.as_of, min(times), max(times)), _when(one), one.verdict.tier.value) for one in cases
    ]


def _place(moment: datetime, first: datetime, last: datetime) -> float:
    """Where a time lies on a line from ``first`` to ``last``, with a margin at both ends."""
    margin = 40
    span = (last - first).total_seconds()
    share = (moment - first).total_seconds() / span if span else 0.5
    return round(margin + share * (WIDTH - 2 * margin), 1)


def _when(case: Case) -> str:
    return f"{case.evidence.as_of:%Y-%m-%d %H:%M} {case.verdict.tier.value}: {prose(case.evidence.message.subject, 80)}"


def _card(case: Case, number: int) -> dict[str, object]:
    evidence, verdict = case.evidence, case.verdict
    return {
        "number": number,
        "tier": verdict.tier.value,
        "when": f"{evidence.as_of:%Y-%m-%d %H:%M}",
        "sender": prose(str(evidence.message.sender), 120),
        "recipients": [prose(str(one), 120) for one in evidence.message.recipients[:NAMED]],
        "more": max(0, len(evidence.message.recipients) - NAMED),
        "subject": prose(evidence.message.subject, 160) or "(no subject)",
        "source": prose(evidence.source, 200),
        "id": evidence.id,
        "again": case.revision,
        "summary": prose(verdict.summary, 1_000),
        "reasons": [(one.signal, f"{one.weight:.2f}", prose(one.text, 400)) for one in verdict.reasons if one.weight],
        "unread": [prose(one.text, 300) for one in verdict.reasons if one.signal == "not_inspected"],
        "tree": _tree(case),
        "thread": _thread(case),
        "indicators": [(one.type.value, one.role, prose(one.value, 300)) for one in evidence.indicators[:40]],
    }


def _tree(case: Case) -> list[Leaf]:
    """All files below the mail, in the order of the tree."""
    found: dict[str, list[str]] = {}
    for one in case.evidence.findings:
        found.setdefault(one.artifact, []).append(fact(one))
    return [
        Leaf(one.id.count("."), label(one), one.state is not State.INSPECTED, tuple(found.get(one.id, ())[:20]))
        for one in case.evidence.files
    ]


def _thread(case: Case) -> dict[str, object] | None:
    """The thread from its first mail to this one, with the silence in between."""
    thread = case.evidence.thread
    if thread.last is None:
        return None
    first = min(thread.started or thread.last, thread.last)
    now = case.evidence.as_of
    dots = [Dot(_place(thread.last, first, now), f"{thread.last:%Y-%m-%d} last mail before", "earlier")]
    if first < thread.last:
        dots.insert(0, Dot(_place(first, first, now), f"{first:%Y-%m-%d} first known mail", "earlier"))
    dots.append(Dot(_place(now, first, now), f"{now:%Y-%m-%d} this mail", case.verdict.tier.value))
    silent = thread.silent_days or 0.0
    words = f"silent for {silent:.0f} days" if silent >= 1 else "no silence"
    known = f"{thread.messages} earlier mails remembered" if thread.known else "known from quoted mail only"
    return {"dots": dots, "words": words, "known": known, "people": len(thread.participants)}
