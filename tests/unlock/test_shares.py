"""How locked files share a mail's password work."""

from seriema.model.artifact import State
from seriema.model.limits import Spent
from seriema.model.password import Candidate
from seriema.unlock.opened import Opened, Tries
from seriema.unlock.shares import Shares

WORDS = (Candidate("a", "body"), Candidate("b", "body"))


def shares(**prices: float) -> Shares:
    """Files that were listed and found locked, with the work of one try."""
    made = Shares(dict.fromkeys(prices, b"x"))
    for identity, price in prices.items():
        made.opened(identity, b"x", Opened(State.LOCKED, tries=Tries(price=price)))
    return made


def works(made: Shares, left: int = 1_000) -> dict[str, int]:
    found = {}
    for (identity,) in made.rounds(WORDS, lambda: left):
        found[identity] = made.work(made.before(identity, b"x"), left)
    return found


def test_nothing_may_be_tried_before_everything_was_listed() -> None:
    made = Shares({"1": b"x"})
    assert made.before("1", b"x") is None
    assert made.work(None, 1_000) == 0


def test_what_is_cheap_comes_together_and_first() -> None:
    groups = list(shares(a=15.0, b=0.0, c=0.0).rounds(WORDS, lambda: 1_000))
    assert groups == [("b", "c"), ("a",)]


def test_dear_files_get_shares_and_what_one_leaves_goes_to_the_others() -> None:
    assert works(shares(a=10.0, b=10.0, c=20.0)) == {"a": 250, "b": 334, "c": 1_000}


def test_a_decoy_beyond_all_measure_gets_no_larger_share_than_the_dearest_honest_one() -> None:
    assert works(shares(a=100.0, decoy=300.0)) == {"a": 500, "decoy": 1_000}


def test_of_many_files_the_cheapest_is_tried_first_with_more() -> None:
    found = works(shares(**{f"f{n}": 90.0 for n in range(20)}, cheap=15.0))
    assert next(iter(found.items())) == ("cheap", 250)


def test_it_ends_when_there_is_nothing_new_and_nothing_short() -> None:
    made = shares(a=15.0)
    assert list(made.rounds(WORDS, lambda: 100)) == [("a",)]
    made.opened("a", b"x", Opened(State.LOCKED, tries=Tries(price=15.0)))
    assert list(made.rounds(WORDS, lambda: 100)) == []
    assert list(made.rounds((*WORDS, Candidate("c", "attachment")), lambda: 100)) == [("a",)]


def test_what_was_short_goes_on_a_few_times_while_there_is_work() -> None:
    made, left, count = shares(a=15.0), 100, 0
    while list(made.rounds(WORDS, lambda: left)):
        count += 1
        made.opened("a", b"x", Opened(State.LIMIT, tries=Tries(price=15.0, short=True)))
    assert count == 3
    poor = shares(a=15.0)
    list(poor.rounds(WORDS, lambda: 10))
    poor.opened("a", b"x", Opened(State.LIMIT, tries=Tries(price=15.0, short=True)))
    assert list(poor.rounds(WORDS, lambda: 10)) == []


def test_what_opened_stays_open_and_its_password_is_tried_first() -> None:
    made = shares(a=15.0, b=15.0)
    made.opened("a", b"x", Opened(State.INSPECTED, decrypted=b"plain", passwords=WORDS[1:], spent=Spent(1)))
    assert made.first(WORDS)[0].value == "b"
    assert not made.opened("a", b"x", Opened(State.LIMIT))
