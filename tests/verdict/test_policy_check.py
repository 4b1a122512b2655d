"""Each contradiction and blind spot is named in a sentence, and the shipped policies hold none that nobody meant."""

from dataclasses import replace

import pytest

from seriema.verdict import Kind, check, extended, preset, presets

CONTRADICTIONS = [
    ("[thresholds]\nask = 0.95", "thresholds", "ask begins at 0.95, above hold at 0.9: no score ever leads to ask."),
    ("[thresholds]\ntag = 0.9", "thresholds", "tag begins at 0.9, at the same score as hold"),
    ("[thresholds]\ntag = 0", "thresholds", "tag begins at 0: every mail reaches it"),
    ("[direction.internal.thresholds]\nhold = 0.2", "direction.internal.thresholds", "above hold at 0.2"),
    ("[group.a]\nmembers = ['a.test']\nthresholds = { ask = 1 }", "group.a.thresholds", "ask begins at 1, above hold"),
    ("[group.a]", "group.a", "has nobody in it"),
    ("[group.a]\nmembers = ['a.test']\n[group.b]\nmembers = ['x@a.test']", "group.b", "stands in group a already"),
    ("[group.a]\nmembers = ['a.test']\n[group.b]\nmembers = ['x@a.test']", "group.b", "can never apply"),
    ("[group.a]\nmembers = ['*@a.test']", "group.a", "neither an address nor a domain"),
    ("partners = ['a firm']", "partners", "'a firm' is neither an address nor a domain"),
    ("partners = ['co.uk']", "partners", "co.uk is a public suffix"),
    ("partners = ['a.test', 'x@a.test']", "partners", "its own entry says nothing"),
    ("[partner.locked]\narchive = 'tag'", "partner", "nobody is named in partners"),
    ("partners = ['a.test']\n[partner.locked]\npdf = 'hold'", "partner", "hold from a partner, but only ask"),
    ("partners = ['a.test']\n[partner.locked]\npdf = 'ask'", "partner", "the same as from a stranger"),
    ("[partners.'a.test'.locked]\npdf = 'deliver'", "partners.a.test", "the same as would count without it"),
    ("[habit.locked]\npdf = 'hold'", "habit", "hold from people with the habit, but only ask from a stranger"),
]
BLIND_SPOTS = [
    ("partners = ['gmail.com']", "partners", "gmail.com is a public mail provider"),
    ("[thresholds]\nhold = 1", "thresholds", "no mail is ever held for what it shows"),
    ("[least.locked]\narchive = 'deliver'", "least.locked", "archive: when it is locked, it is delivered unread, f"),
    ("[least.limit]\nscript = 'tag'", "least.limit", "script: when it is not read to the end, it is deliv"),
    ("[partners.'a.test'.locked]\nscript = 'deliver'", "partners.a.test.locked", "delivered unread, from a.test"),
    ("[direction.outgoing.least.locked]\npdf = 'deliver'", "direction.outgoing.least.locked", "in outgoing mail"),
    ("[group.a]\nmembers = ['a.test']\nleast.locked = { pdf = 'deliver' }", "group.a.least.locked", "for group a"),
    ("[least.waiting]\narchive = 'tag'", "least.waiting", "to write that the password follows is enough"),
]


@pytest.mark.parametrize(("text", "place", "words"), CONTRADICTIONS, ids=[one[2][:40] for one in CONTRADICTIONS])
def test_a_contradiction_is_named(text, place, words):
    notes = [one for one in check(*extended(text, "mine.toml")) if one.kind is Kind.CONTRADICTION]
    assert any(one.place == place and words in one.sentence for one in notes), notes


@pytest.mark.parametrize(("text", "place", "words"), BLIND_SPOTS, ids=[one[2][:40] for one in BLIND_SPOTS])
def test_a_blind_spot_is_named(text, place, words):
    notes = check(*extended(text, "mine.toml"))
    assert [one for one in notes if one.kind is Kind.CONTRADICTION] == []
    assert any(one.kind is Kind.BLIND_SPOT and one.place == place and words in one.sentence for one in notes), notes


def test_what_the_settings_say_is_looked_at():
    text = "partners = ['x@ours.test']\n[direction.outgoing.least.locked]\npdf = 'deliver'"
    ours = [one.sentence for one in check(*extended(text, "mine.toml"), own_domains={"ours.test"})]
    nobody = [one.sentence for one in check(*extended(text, "mine.toml"), own_domains=())]
    assert any("x@ours.test is ours" in one for one in ours)
    assert any("names no domains" in one for one in nobody)
    assert not any("names no domains" in one for one in ours)


@pytest.mark.parametrize("name", presets())
def test_a_shipped_policy_contradicts_itself_nowhere(name):
    notes = check(replace(preset(name), partner={}), preset(name))
    assert [one for one in notes if one.kind is Kind.CONTRADICTION] == []


def test_strict_has_no_blind_spot():
    assert check(replace(preset("strict"), partner={}), preset("strict")) == ()
