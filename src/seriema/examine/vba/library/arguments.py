"""How library functions take their arguments."""

from seriema.examine.vba.conversion import whole
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.operators import plain
from seriema.examine.vba.values import (
    BAD_CALL,
    MISSING,
    Fault,
    Value,
)


def number_of(machine: Machine, value: Value, otherwise: int = 0) -> Value:
    """An integer, or what stands for an omitted one."""
    return otherwise if value is MISSING else whole(plain(machine, value))


def refuse() -> Value:
    """Run-time error 5."""
    raise Fault(BAD_CALL)


def folds_case(machine: Machine, compare: Value) -> bool:
    """The comparison ignores case."""
    return compare is not MISSING and whole(plain(machine, compare)) == 1
