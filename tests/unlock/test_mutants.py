"""Two hundred damaged files of each format through the worklist, the same ones every time: each ends in a state.

``bench/fuzz.py`` sends 10,000 of each, in children that it watches.
"""

import time

import pytest
from tests.builders.fuzzing import complaints
from tests.builders.seeds import mutant, seeds

SEEDS = seeds()


@pytest.mark.parametrize("name", SEEDS)
def test_two_hundred_of_each_end_in_a_state_and_in_time(name: str) -> None:
    started = time.process_time()
    wrong = {number: said for number in range(200) if (said := complaints(SEEDS[name], number))}
    assert wrong == {}
    assert time.process_time() - started < 60


@pytest.mark.parametrize("name", SEEDS)
def test_a_mutant_is_the_same_in_every_run(name: str) -> None:
    seed = SEEDS[name][0]
    assert len({mutant(seed, 7) for _ in range(3)}) == 1
    assert len({mutant(seed, number) for number in range(50)}) > 25
