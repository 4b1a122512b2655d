"""What a reader of pictures takes for one another is tried behind what it read."""

import pytest

from seriema.model.limits import Limits
from seriema.model.password import Text
from seriema.unlock import candidates
from seriema.unlock.misread import misread


def values(*texts):
    return [one.value for one in candidates(texts, Limits())]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Password: u1849", "U1849"),
        ("Password: f2n2714", "fzn2714"),
        ("Password: £1029", "E1029"),
        ("r2vWtwsm", "r2VWtwSm"),
        ("x6ms8VDy", "x6m88VDy"),
        ("$8226", "S8226"),
        ("Password: Komrnerz7", "Kommerz7"),
        ("The archive password is Office99 15", "Office9915"),
        ("Invoice 1467", "Invoice1467"),
    ],
)
def test_likely_misreadings_are_tried(read, meant):
    found = values(Text("picture", read))
    assert meant in found
    assert found.index(meant) > 0


def test_what_was_read_comes_before_what_may_have_been_meant():
    assert values(Text("picture", "Password: u1849"))[0] == "u1849"


def test_only_pictures_are_read_otherwise():
    assert "U1B49" not in values(Text("body", "Password: U1849"))


def test_there_are_few_of_a_long_text():
    scored = [(f"Word{one}SoOl15", 5.0) for one in range(3_000)]
    assert len(list(misread(scored, "a 1 " * 3_000))) <= 3_000 + 4 * 240 + 200
