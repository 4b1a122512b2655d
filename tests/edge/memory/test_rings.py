from hypothesis import given
from hypothesis import strategies as st

from seriema.edge.memory.rings import FIRST, added, entered, pinned

NUMBERS = st.lists(st.integers(1, 10_000), unique=True)


@given(NUMBERS, st.integers(FIRST + 1, 40))
def test_a_ring_keeps_the_first_and_the_latest(numbers, most):
    ring = ()
    for number in numbers:
        ring = added(ring, number, most)
    assert len(ring) == min(len(numbers), most)
    assert ring[:FIRST] == tuple(numbers[:FIRST])
    assert ring[FIRST:] == tuple(numbers[FIRST:])[-(most - FIRST) :]


@given(NUMBERS, st.sets(st.integers(0, 30)), st.integers(FIRST + 1, 20))
def test_a_pinned_mail_is_never_pushed_out(numbers, pins, most):
    ring, marked = (), []
    for place, number in enumerate(numbers):
        if place in pins:
            ring = pinned(ring, number, most, 5)
            marked += [number] if len(marked) < 5 else []
        else:
            ring = entered(ring, number, most)
    assert sorted(-one for one in ring if one < 0) == sorted(marked)
    assert len(ring) <= most + 5 + len(pins)
    assert len(set(map(abs, ring))) == len(ring)


def test_nothing_is_entered_twice():
    assert added((1, 2), 2, 9) == (1, 2)
    assert entered((-2, 1), 2, 9) == (-2, 1)
    assert pinned((1, 2), 2, 9, 4) == (-2, 1)
    assert pinned((-2, 1), 2, 9, 4) == (-2, 1)
