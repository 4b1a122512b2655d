"""Policies are data; every mistake in one is named."""

import pytest

from seriema.model.artifact import FileClass, State
from seriema.model.errors import ConfigurationError
from seriema.model.verdict import Tier
from seriema.verdict import parse, preset

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
    assert policy.is_partner("anyone@bank.test")
    assert not policy.is_partner("anyone@notbank.test")


def test_strict_is_never_milder_than_balanced():
    balanced, strict = preset("balanced"), preset("strict")
    for state in set(State) - {State.INSPECTED}:
        for one in FileClass:
            mild = balanced.least_for(state, one, partner=False).severity
            assert strict.least_for(state, one, partner=False).severity >= mild
