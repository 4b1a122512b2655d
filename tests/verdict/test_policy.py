"""Policies are data; every mistake in one is named."""

from dataclasses import replace

import pytest
from tests.builders.evidence import ANNA, BOB, artifact, evidence, history, message

from seriema.model.artifact import FileClass, State
from seriema.model.case import Direction
from seriema.model.errors import ConfigurationError
from seriema.model.finding import Finding
from seriema.model.verdict import Tier
from seriema.verdict import judge, parse, preset, presets

MISTAKES = [
    ("colour = 1", "unknown key 'colour'"),
    ("[thresholds]\nhold = 2", "threshold of hold"),
    ("[thresholds]\nreject = 0.5", "thresholds are given for"),
    ('[least.lost]\narchive = "ask"', "least is given for"),
    ('[least.locked]\nzip = "ask"', "the classes are"),
    ('[least.locked]\narchive = "eat"', "the tiers are"),
    ('partners = "bank.test"', "partners is a list"),
    ('extends = "lenient"', "no policy is called 'lenient'"),
    ("= 3", "mine.toml"),
    ("thresholds = 1", "thresholds are given for"),
    ("[direction.sideways]", "direction is given for incoming, outgoing, internal, not 'sideways'"),
    ("direction = 1", "direction is a table"),
    ("[direction.outgoing]\npartners = []", "direction.outgoing: unknown key 'partners'"),
    ("[group.claims]\nmembers = 'x'", "group.claims: members is a list"),
    ("[group.claims]\nmember = []", "group.claims: unknown key 'member'"),
    ('[partners."law.test"]\narchive = "deliver"', "partners.law.test is given for"),
]


@pytest.mark.parametrize(("text", "words"), MISTAKES, ids=[words for _, words in MISTAKES])
def test_a_mistake_is_named(text, words):
    with pytest.raises(ConfigurationError) as caught:
        parse(text, "mine.toml")
    assert words in str(caught.value)


def test_own_lines_win_over_the_preset():
    policy = parse('extends = "strict"\npartners = ["@Bank.test"]\n[least.locked]\narchive = "tag"', "mine.toml")
    assert policy.least_for(State.LOCKED, FileClass.ARCHIVE, partner=False) is Tier.TAG
    assert policy.least_for(State.LOCKED, FileClass.PDF, partner=False) is Tier.HOLD
    assert policy.partner_name("anyone@bank.test") == "bank.test"
    assert policy.partner_name("anyone@notbank.test") is None


LOCKED = (artifact("1", "a.zip", state=State.LOCKED, encrypted=True),)
CAROL = replace(BOB, name="Carol", address="carol@bank.test")
OWN = parse(
    """
    [direction.outgoing.least.locked]
    archive = "deliver"
    [group.board]
    members = ["bob@bank.test"]
    thresholds = { tag = 0.1 }
    [group.board.least.locked]
    archive = "hold"
    [partner.locked]
    archive = "tag"
    [partners."law.test"]
    [partners."anna@kanzlei.test".locked]
    archive = "deliver"
    """,
    "mine.toml",
)
WHO = [
    ("the policy's own line", {"to": (CAROL,)}, {}, Tier.ASK),
    ("the group's line", {"to": (BOB,)}, {}, Tier.HOLD),
    ("the severest of those who get it", {"to": (CAROL, BOB)}, {}, Tier.HOLD),
    ("the direction's line", {"sender": CAROL, "to": (ANNA,)}, {"direction": Direction.OUTGOING}, Tier.DELIVER),
    ("the sender's group's line", {"sender": BOB, "to": (ANNA,)}, {"direction": Direction.OUTGOING}, Tier.HOLD),
    ("the partners' line", {"sender": replace(ANNA, address="dan@law.test"), "to": (CAROL,)}, {}, Tier.TAG),
    ("the partner's own line", {"sender": ANNA, "to": (CAROL,)}, {}, Tier.DELIVER),
    ("no such partner", {"sender": replace(ANNA, address="eve@law.test.evil.test"), "to": (CAROL,)}, {}, Tier.ASK),
    ("habit's line", {"to": (CAROL,)}, {"history": history(locked_habit=True)}, Tier.TAG),
]


@pytest.mark.parametrize(("changes", "more", "expected"), [one[1:] for one in WHO], ids=[one[0] for one in WHO])
def test_the_most_particular_line_counts(changes, more, expected):
    sender = {"sender": replace(ANNA, address="someone@else.test"), **changes}
    seen = evidence(message=message(**sender), artifacts=LOCKED, **more)
    assert judge(seen, OWN).tier is expected


def test_a_group_may_have_a_threshold_of_its_own():
    board = parse('[group.board]\nmembers = ["bob@bank.test"]\nthresholds = { ask = 0.0 }', "mine.toml")
    assert judge(evidence(), board).tier is Tier.ASK
    assert judge(evidence(message=message(to=(CAROL,))), board).tier is Tier.DELIVER


def test_a_habit_of_some_is_none_of_all():
    pairs = (*history(locked_habit=True).pairs, *history(recipient=CAROL.key).pairs)
    seen = evidence(message=message(to=(BOB, CAROL)), artifacts=LOCKED, history=replace(history(), pairs=pairs))
    assert judge(seen, preset("balanced")).tier is Tier.ASK


def test_no_direction_group_or_partner_makes_what_the_files_show_milder():
    mild = parse(
        """
        partners = ["kanzlei.test"]
        [group.all]
        members = ["bank.test"]
        thresholds = { tag = 1.0, ask = 1.0, hold = 1.0 }
        [direction.incoming.thresholds]
        hold = 1.0
        """,
        "mine.toml",
    )
    payload = {"findings": (Finding("macro.fetch-and-run", "1"),), "artifacts": (artifact("1", "a.doc"),)}
    assert judge(evidence(**payload), mild).tier is Tier.HOLD
    assert judge(evidence(**payload, history=history(locked_habit=True)), mild).tier is Tier.HOLD


def test_a_partners_list_and_a_partners_table_say_the_same():
    listed, table = parse('partners = ["@Law.test"]', "a"), parse('[partners."@Law.test"]', "b")
    assert listed.partners == table.partners == {"law.test": {}}


@pytest.mark.parametrize("name", presets())
def test_thresholds_of_a_preset_are_in_order(name):
    thresholds = preset(name).thresholds
    assert sorted(thresholds, key=lambda one: thresholds[one]) == sorted(thresholds, key=lambda one: one.severity)


@pytest.mark.parametrize("name", presets())
@pytest.mark.parametrize("kind", [FileClass.EXECUTABLE, FileClass.SCRIPT, FileClass.SHORTCUT, FileClass.DISK_IMAGE])
def test_only_watching_lets_through_unread_what_a_double_click_runs(name, kind):
    for state in set(State) - {State.INSPECTED}:
        least = preset(name).least_for(state, kind, partner=True)
        assert least.severity >= (Tier.TAG if name == "watch-only" else Tier.ASK).severity


def test_strict_is_never_milder_than_balanced():
    balanced, strict = preset("balanced"), preset("strict")
    for state in set(State) - {State.INSPECTED}:
        for one in FileClass:
            mild = balanced.least_for(state, one, partner=False).severity
            assert strict.least_for(state, one, partner=False).severity >= mild
