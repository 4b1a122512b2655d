"""What policies would have done: the counts, the cost in business mail, and both pictures of it."""

from datetime import UTC, datetime, timedelta

import pytest

from seriema.model.verdict import Tier
from seriema.report import Outcome, Replayed, Simulation, simulation_data, simulation_page, simulation_text
from seriema.report.bounds import upper
from seriema.report.simulation_text import SHOWN

START = datetime(2020, 6, 24, 7, 12, tzinfo=UTC)
NAMES = ("balanced", "strict")


def mail(number: int, *tiers: Tier, known: bool = True, unread: bool = False, later: Tier | None = None) -> Replayed:
    return Replayed(
        id=f"{number:032x}",
        source=f"a.mbox#{number}",
        as_of=START + timedelta(hours=12 * number),
        sender="<b>anna</b>@kanzlei.test",
        recipients=("bob@bank.test", "carol@bank.test"),
        subject="see http://evil.test/x \u202egpj.exe",
        known=known,
        outcomes=tuple(Outcome(one, later or one, "Facts.", unread) for one in tiers),
    )


SIMULATION = Simulation(
    NAMES,
    (
        mail(0, Tier.DELIVER, Tier.DELIVER),
        mail(1, Tier.ASK, Tier.HOLD, unread=True),
        mail(2, Tier.ASK, Tier.ASK, later=Tier.DELIVER),
        mail(3, Tier.HOLD, Tier.HOLD, known=False),
        mail(4, Tier.TAG, Tier.TAG),
    ),
)


def test_business_mail_counts_when_it_is_kept_back_from_somebody_known():
    balanced, strict = SIMULATION.costs()
    assert (SIMULATION.days, SIMULATION.known) == (3, 4)
    assert (balanced.kept_back, balanced.kept_back_unread, balanced.milder_later) == (2, 1, 1)
    assert (strict.kept_back, strict.tiers[Tier.HOLD]) == (2, 2)


def test_only_mails_with_different_outcomes_differ():
    assert [one.source for one in SIMULATION.differing] == ["a.mbox#1"]
    assert SIMULATION.changes() == {(Tier.ASK, Tier.HOLD): 1}


def test_a_terminal_shows_the_tables_and_what_differs():
    shown = "\n".join(simulation_text(SIMULATION, 200))
    assert shown.startswith("5 mails of 3 days between 2020-06-24 and 2020-06-26")
    assert "balanced        1    1    2     1             1              0" in shown
    assert "balanced ask · strict hold" in shown
    assert "\u202e" not in shown
    assert "http://" not in shown


def test_a_small_terminal_gets_a_paragraph_for_each_policy():
    shown = list(simulation_text(SIMULATION, 40))
    assert "  ask: 2" in shown
    assert all(len(line) <= 40 for line in shown[2:16])


def test_many_differing_mails_are_counted_rather_than_shown():
    many = Simulation(NAMES, tuple(mail(one, Tier.ASK, Tier.HOLD) for one in range(SHOWN + 3)))
    assert list(simulation_text(many, 200))[-1] == "3 more differ; --page and --format jsonl show them."


def test_programs_get_every_count():
    data = simulation_data(SIMULATION)
    assert data["policies"][1]["tiers"] == {"deliver": 1, "tag": 1, "ask": 1, "hold": 2, "reject": 0}
    assert [one["source"] for one in data["differing"]] == ["a.mbox#1"]


def test_the_page_stands_alone_and_escapes_what_is_hostile():
    page = simulation_page(SIMULATION)
    assert "<b>anna" not in page
    assert "&lt;b&gt;anna" in page
    assert "http://evil" not in page
    assert "src=" not in page
    assert page.count("<h1>") == 1
    assert page.count('scope="row"') == 4


@pytest.mark.parametrize("simulation", [Simulation(NAMES, ()), Simulation(("balanced",), (mail(0, Tier.DELIVER),))])
def test_nothing_to_show_is_said(simulation):
    assert "0 mails differ." in list(simulation_text(simulation, 80))
    assert "The policies did the same with every mail." in simulation_page(simulation)


@pytest.mark.parametrize(("k", "n", "rate"), [(0, 100, 0.029513), (1, 10, 0.394163), (5, 2500, 0.004200), (3, 3, 1.0)])
def test_the_bound_is_exact(k, n, rate):
    """Against the quantiles of the beta distribution (Clopper and Pearson 1934)."""
    assert upper(k, n) == pytest.approx(rate, abs=2e-6)
