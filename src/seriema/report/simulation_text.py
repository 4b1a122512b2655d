"""A simulation for people at a terminal, and as plain data for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from seriema.model.verdict import Tier
from seriema.report.bounds import upper
from seriema.report.defang import prose
from seriema.report.document import rfc3339
from seriema.report.simulation import Replayed, Simulation

SCHEMA = "seriema.simulation/1"
#: Differing mails that a terminal shows; a page shows more, programs get all.
SHOWN = 40


def span(simulation: Simulation) -> str:
    """One sentence: how much mail of which time."""
    if not simulation.mails:
        return "No mail."
    first, last = simulation.mails[0].as_of, simulation.mails[-1].as_of
    return (
        f"{len(simulation.mails)} mails of {simulation.days} days between {first:%Y-%m-%d} and {last:%Y-%m-%d}, each "
        f"read once and judged as of its own arrival; {simulation.known} from people whom a recipient had written to."
    )


def tier_rows(simulation: Simulation) -> list[list[str]]:
    """Counts per tier and policy, with their head."""
    tiers = [tier for tier in Tier if tier is not Tier.REJECT]
    head = ["policy", *(tier.value for tier in tiers), "later milder", "later severer"]
    return [head] + [
        [one.policy, *(str(one.tiers[tier]) for tier in tiers), str(one.milder_later), str(one.severer_later)]
        for one in simulation.costs()
    ]


def cost_rows(simulation: Simulation) -> list[list[str]]:
    """Business mail that each policy keeps back, with its head."""
    head = ["policy", "held or asked", "for unread only", "a day", "share", "at most (95 %)"]
    days, known = max(1, simulation.days), simulation.known
    return [head] + [
        [
            one.policy,
            str(one.kept_back),
            str(one.kept_back_unread),
            f"{one.kept_back / days:.2f}",
            f"{one.kept_back} of {known}",
            f"{100 * upper(one.kept_back, known):.2f} %" if known else "–",
        ]
        for one in simulation.costs()
    ]


def text(simulation: Simulation, width: int) -> Iterator[str]:
    """For people at a terminal: two tables and the mails that differ. Lines may be longer than ``width``."""
    yield span(simulation)
    yield ""
    yield from columns(tier_rows(simulation), width)
    yield ""
    yield "Business mail kept back: held or asked about, from people whom a recipient had written to before"
    yield from columns(cost_rows(simulation), width)
    differing = simulation.differing
    yield ""
    yield f"{len(differing)} mails differ{':' if differing else '.'}"
    for one in differing[:SHOWN]:
        yield ""
        yield heading(one)
        yield "    " + " · ".join(
            f"{name} {each.words}" for name, each in zip(simulation.policies, one.outcomes, strict=True)
        )
        yield f"    {prose(one.summary, 1_000)}"
    if len(differing) > SHOWN:
        yield ""
        yield f"{len(differing) - SHOWN} more differ; --page and --format jsonl show them."


def heading(mail: Replayed) -> str:
    """When, who to whom, about what."""
    more = f" +{len(mail.recipients) - 1}" if len(mail.recipients) > 1 else ""
    to = prose(mail.recipients[0], 60) if mail.recipients else "?"
    people = f"{prose(mail.sender, 60) or '?'} → {to}{more}"
    return f"{mail.as_of:%Y-%m-%d %H:%M}  {people}  {prose(mail.subject, 70) or prose(mail.source, 70)}"


def columns(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """A table; where it is wider than the terminal, a paragraph for each row."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) <= width:
        for row in rows:
            cells = [cell.rjust(size) for cell, size in zip(row, widths, strict=True)]
            yield "  ".join((row[0].ljust(widths[0]), *cells[1:])).rstrip()
        return
    head, *rest = rows
    for row in rest:
        yield row[0]
        yield from (f"  {name}: {cell}" for name, cell in zip(head[1:], row[1:], strict=True))


def data(simulation: Simulation) -> dict[str, Any]:
    """The whole as plain data: every count, and the mails that differ."""
    days = simulation.days
    return {
        "schema": SCHEMA,
        "mails": len(simulation.mails),
        "days": days,
        "known": simulation.known,
        "policies": [
            {
                "policy": one.policy,
                "tiers": {tier.value: one.tiers[tier] for tier in Tier},
                "milder_later": one.milder_later,
                "severer_later": one.severer_later,
                "kept_back": one.kept_back,
                "kept_back_unread": one.kept_back_unread,
                "kept_back_a_day": round(one.kept_back / max(1, days), 4),
                "kept_back_at_most": round(upper(one.kept_back, simulation.known), 6),
            }
            for one in simulation.costs()
        ],
        "differing": [row(one, simulation.policies) for one in simulation.differing],
    }


def row(mail: Replayed, policies: Sequence[str]) -> dict[str, Any]:
    """One mail as plain data."""
    return {
        "id": mail.id,
        "source": mail.source,
        "as_of": rfc3339(mail.as_of),
        "from": mail.sender,
        "to": list(mail.recipients),
        "subject": mail.subject,
        "known": mail.known,
        "differs": mail.differs,
        "summary": prose(mail.summary, 2_000),
        "outcomes": [
            {"policy": name, "tier": one.tier.value, "latest": one.latest.value, "unread": one.unread}
            for name, one in zip(policies, mail.outcomes, strict=True)
        ],
    }
