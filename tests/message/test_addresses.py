"""Mailboxes are read from every shape of an address field, and none is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriema.message import addresses

CASES = {
    "ann@a.example": [("", "ann@a.example")],
    "Ann <ann@A.Example>": [("Ann", "ann@a.example")],
    '"Doe, Ann" <ann@a.example>, bob@b.example': [("Doe, Ann", "ann@a.example"), ("", "bob@b.example")],
    "ann@a.example (Ann Doe)": [("Ann Doe", "ann@a.example")],
    "Ann (the (one) and) <ann@a.example>": [("Ann", "ann@a.example")],
    "Team: ann@a.example, bob@b.example;, cy@c.example": [
        ("", "ann@a.example"),
        ("", "bob@b.example"),
        ("", "cy@c.example"),
    ],
    "undisclosed-recipients:;": [],
    "=?utf-8?Q?Doe=2C_Ann_=3Cboss=40x.example=3E?= <ann@a.example>": [("Doe, Ann <boss@x.example>", "ann@a.example")],
    '"boss@x.example" <ann@a.example>': [("boss@x.example", "ann@a.example")],
    "boss@x.example <ann@a.example>": [("boss@x.example", "ann@a.example")],
    "Ann ann@a.example": [("Ann", "ann@a.example")],
    "ann@a.example; bob@b.example": [("", "ann@a.example"), ("", "bob@b.example")],
    "Ann <ann@a.example> Bob <bob@b.example>": [("Ann", "ann@a.example"), ("Bob", "bob@b.example")],
    "<@relay.example:ann@a.example>": [("", "ann@a.example")],
    "Ann <ann@a.example": [("Ann", "ann@a.example")],
    '"Ann <ann@a.example>': [("Ann", "ann@a.example")],
    "Ann <>": [("Ann", "")],
    "<>": [],
    ", ,": [],
    "MAILER-DAEMON": [("MAILER-DAEMON", "")],
    '"odd local"@a.example': [("", "odd local@a.example")],
    "ann @ a.example": [("", "ann@a.example")],
    "'ann@a.example'": [("", "ann@a.example")],
    "J\xc3\xbcrgen <j@a.example>": [("Jürgen", "j@a.example")],
    "ann@a.example.": [("", "ann@a.example")],
    '"back\\\\slash \\"q\\"" <a@a.example>': [('back\\slash "q"', "a@a.example")],
    "a@b@c.example": [("", "a@b@c.example")],
}


@pytest.mark.parametrize("raw", CASES)
def test_mailboxes(raw):
    found, _ = addresses.read(raw, 100)
    assert [(one.name, one.address) for one in found] == CASES[raw]


def test_more_addresses_than_the_limit_are_said():
    found, repairs = addresses.read(", ".join(f"a{n}@a.example" for n in range(20)), 5)
    assert len(found) == 5
    assert repairs == ("mail.limit-addresses",)


@given(st.text(alphabet='ab@<>(),:;"\\ =?.\xe9', max_size=80))
def test_any_field_gives_valid_text(raw):
    for one in addresses.read(raw, 100)[0]:
        str(one).encode("utf-8")


@given(
    st.lists(
        st.sampled_from(("Ann", "b@b.example", "<", ">", '"', "'", ",", ":", " ", "\\", "=?q?", "\xe9")), max_size=8
    )
)
def test_the_usual_forms_are_read_as_the_whole_grammar_reads_them(pieces):
    raw = "".join(pieces)
    assert addresses.read(raw, 100) == addresses.read(raw + " " * 400, 100)  # too long for the short way
