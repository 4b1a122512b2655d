"""What one project may cost. Counted in statements, so that the same macro gives the same answer on every machine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Inclusive maxima for one project."""

    steps: int = 2_500_000  #: statements of all runs together
    run: int = 900_000  #: statements of one run
    loop: int = 400_000  #: statements of one loop; beyond it what the loop assigns becomes unknown, and the run goes on
    side: int = 60_000  #: statements of a procedure that nothing calls
    depth: int = 240  #: calls within calls
    runs: int = 48  #: runs of one start, each with other answers of the environment
    text: int = 256 << 20  #: characters that all joined and replaced strings together may have
    events: int = 400  #: things that reach the outside
    files: int = 200  #: files written
    starts: int = 120  #: procedures that are started one by one


BUDGET = Budget()
