"""Run one script in the world it is made for, and say what it would have done there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seriema.examine.javascript.host import Browser, Effect, Element
from seriema.examine.javascript.machine import Machine
from seriema.examine.javascript.values import Exhausted, Function
from seriema.model.errors import LimitReached

#: Functions that nothing called and that are called afterwards, without arguments.
UNCALLED = 40


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to. ``cut`` says which budget ended it, "" when none did."""

    effects: tuple[Effect, ...]
    cut: str = ""


def run(scripts: Sequence[str], elements: Mapping[str, Element] | None = None, later: Sequence[str] = ()) -> Ran:
    """Follow the scripts of one page or file, one after the other in one world.

    ``elements`` are the page's by their ids, ``later`` what its attributes do on a click or load. Functions that
    nothing called are called last: a reader's click may.
    """
    browser = Browser(elements or {})
    machine = Machine(browser)
    browser.machine = machine
    cut = ""
    for step in (*scripts, *later, None):
        try:
            if step is None:
                _uncalled(machine)
            else:
                machine.run(step)
            browser.run_pending()
        except (Exhausted, LimitReached) as spent:
            cut = cut or str(spent)
        except RecursionError:
            cut = cut or "nested too deep"
    return Ran(tuple(dict.fromkeys(browser.effects)), cut)


def _uncalled(machine: Machine) -> None:
    for function in list(machine.functions)[:UNCALLED]:
        if not function.called and function.name and isinstance(function, Function):
            machine.call(function, None, [])
