"""A simulation as one self-contained page: the tables, what changes between the policies, and the mails that differ."""

from collections.abc import Sequence
from itertools import accumulate

from seriema.model.verdict import Tier
from seriema.report.defang import prose
from seriema.report.page import WIDTH
from seriema.report.simulation import Cost, Replayed, Simulation
from seriema.report.simulation_text import cost_rows, heading, span, tier_rows
from seriema.report.template import template

TITLE = "Seriema: what each policy would have done"
#: Differing mails on the page.
CARDS = 300
_TOUCHED = tuple(tier for tier in Tier if tier is not Tier.DELIVER)


def simulation_page(simulation: Simulation) -> str:
    """The page, as HTML."""
    differing = simulation.differing
    return template("simulation.html.j2").render(
        title=TITLE,
        span=span(simulation),
        policies=[prose(one, 60) for one in simulation.policies],
        tiers=tier_rows(simulation),
        costs=cost_rows(simulation),
        bars=_bars(simulation.costs()),
        changes=[([tier.value for tier in tiers], count) for tiers, count in simulation.changes().most_common()],
        width=WIDTH,
        differing=len(differing),
        cards=[_card(one) for one in differing[:CARDS]],
        left_out=max(0, len(differing) - CARDS),
    )


def _bars(costs: Sequence[Cost]) -> list[tuple[str, list[tuple[str, int, float, float]]]]:
    """For each policy what is not delivered untouched: tier, mails, start and width, all policies on one scale."""
    most = max((sum(one.tiers[tier] for tier in _TOUCHED) for one in costs), default=0) or 1
    bars = []
    for one in costs:
        counts = [(tier.value, one.tiers[tier]) for tier in _TOUCHED if one.tiers[tier]]
        starts = accumulate((WIDTH * count / most for _, count in counts), initial=0.0)
        pieces = [
            (name, count, start, WIDTH * count / most) for (name, count), start in zip(counts, starts, strict=False)
        ]
        bars.append((prose(one.policy, 60), pieces))
    return bars


def _card(mail: Replayed) -> dict[str, object]:
    severest = max((one.tier for one in mail.outcomes), key=lambda one: one.severity)
    return {
        "tier": severest.value,
        "heading": heading(mail),
        "known": mail.known,
        "outcomes": [(one.tier.value, one.words) for one in mail.outcomes],
        "summary": prose(mail.summary, 1_000),
        "source": prose(mail.source, 200),
        "id": mail.id,
    }
