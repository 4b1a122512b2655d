"""What a statement may answer: nothing, or how control leaves its block."""

from collections.abc import Callable
from dataclasses import dataclass

from seriema.examine.vba.machine import Frame


@dataclass(frozen=True, slots=True)
class Mark:
    """A way to leave a block."""

    name: str


@dataclass(frozen=True, slots=True)
class Goto:
    """A jump to a label."""

    label: str


Signal = Mark | Goto | None
Run = Callable[[Frame], Signal]

EXIT_FOR, EXIT_DO, EXIT_PROCEDURE, RETURN = Mark("Exit For"), Mark("Exit Do"), Mark("Exit Sub"), Mark("Return")
RESUME, RESUME_NEXT, CONTINUE = Mark("Resume"), Mark("Resume Next"), Mark("go on")
