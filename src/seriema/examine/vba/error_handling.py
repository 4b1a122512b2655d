"""What happens after a run-time error: go on, run the handler, or let the caller see it. [MS-VBAL] 5.4.4."""

from typing import TYPE_CHECKING

from seriema.examine.vba.machine import HANDLERS, MODE, Frame, Machine
from seriema.examine.vba.signals import (
    CONTINUE,
    EXIT_PROCEDURE,
    RESUME,
    RESUME_NEXT,
    Run,
    Signal,
)
from seriema.examine.vba.values import Fault

if TYPE_CHECKING:
    pass


def handled(machine: Machine, f: Frame, fault: Fault, failed: Run) -> Signal:
    """What happens after a run-time error here: go on, run the handler, or let the caller see it."""
    mode = f[MODE]
    if mode is None:
        if not machine.lenient:
            raise fault
        machine.fail(fault)
        return CONTINUE
    machine.fail(fault)
    machine.spend(5)
    if mode == "next":
        return CONTINUE
    part = f[HANDLERS].get(mode)
    if part is None:
        return CONTINUE
    f[MODE] = None
    signal: Signal = part(f)
    if signal is RESUME_NEXT or signal is RESUME:
        f[MODE] = mode
        machine.error = (0, "")
        return CONTINUE if signal is RESUME_NEXT else _again(machine, f, failed)
    if signal is None:
        return EXIT_PROCEDURE
    return signal


def _again(machine: Machine, f: Frame, failed: Run) -> Signal:
    """``Resume``: the statement once more; what fails a second time is passed over."""
    try:
        signal = failed(f)
    except Fault as fault:
        machine.fail(fault)
        return CONTINUE
    return CONTINUE if signal is None else signal
