"""Which way a mail goes: what is claimed alone makes nobody one of us."""

import pytest
from tests.builders.evidence import ANNA, BOB, message

from seriema.model.case import Direction
from seriema.model.message import Address, AuthenticationResult, Received
from seriema.verdict import direction

OURS = frozenset({"bank.test"})
CAROL = Address("Carol", "carol@mail.bank.test")
LOGGED_IN = (Received(protocol="ESMTPSA"),)
PASSED = (AuthenticationResult("mx.bank.test", "dkim", "pass", "bank.test", trusted=True),)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sender": ANNA, "to": (BOB,)}, Direction.INCOMING),
        ({"sender": BOB, "to": (ANNA,), "received": LOGGED_IN}, Direction.OUTGOING),
        ({"sender": BOB, "to": (ANNA, CAROL), "authentication": PASSED}, Direction.OUTGOING),
        ({"sender": BOB, "to": (CAROL,), "received": LOGGED_IN}, Direction.INTERNAL),
        ({"sender": BOB, "to": (CAROL,)}, Direction.INCOMING),
        ({"sender": BOB, "to": (CAROL,), "received": (Received(protocol="ESMTPS"), *LOGGED_IN)}, Direction.INCOMING),
        ({"sender": ANNA, "to": (BOB,), "received": LOGGED_IN}, Direction.INCOMING),
    ],
    ids=["outside", "handed in", "vouched for", "within", "claimed only", "claimed by an older hop", "not ours"],
)
def test_a_mail_is_ours_when_more_than_its_sender_says_so(changes, expected):
    assert direction(message(**changes), OURS) is expected


def test_without_own_domains_everything_comes_from_outside():
    assert direction(message(sender=BOB, received=LOGGED_IN), frozenset()) is Direction.INCOMING


def test_another_servers_word_counts_for_nothing():
    for one in (
        AuthenticationResult("mx.evil.test", "dkim", "pass", "bank.test"),
        AuthenticationResult("mx.bank.test", "dkim", "pass", "evil.test", trusted=True),
        AuthenticationResult("mx.bank.test", "spf", "pass", "bank.test", trusted=True),
    ):
        assert direction(message(sender=BOB, to=(CAROL,), authentication=(one,)), OURS) is Direction.INCOMING
