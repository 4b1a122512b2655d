"""The table of library functions, and how a function is put into it."""

from collections.abc import Callable
from dataclasses import dataclass

from seriema.examine.vba.values import Value


@dataclass(frozen=True, slots=True)
class Function:
    """A library function: called with the machine and its arguments; ``names`` are its parameters in lower case.

    One that is not ``open`` is never given unknown values: its result is then unknown.
    """

    name: str
    run: Callable[..., Value]
    names: tuple[str, ...]
    fewest: int
    open: bool
    many: bool = False


FUNCTIONS: dict[str, Function] = {}


def function(
    *spelled: str, open: bool = False, many: bool = False
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Enter a function under its names; its parameters behind the machine are named as in VBA."""

    def enter(run: Callable[..., Value]) -> Callable[..., Value]:
        code = run.__code__
        names = code.co_varnames[1 : code.co_argcount]
        fewest = len(names) - len(run.__defaults__ or ())
        for name in spelled:
            FUNCTIONS[name.lower()] = Function(name, run, names, fewest, open, many)
        return run

    return enter
