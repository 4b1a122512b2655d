"""Run a project: what starts by itself, then what nothing called, each with several answers of the environment.

Every run is repeatable. A run records where the environment decided; the next ones take the other answers, those first
that were taken nowhere yet, so that each branch of each condition is seen once within the budget.
"""

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from seriema.examine import words
from seriema.examine.vba.budget import BUDGET, Budget
from seriema.examine.vba.calling import Calls
from seriema.examine.vba.document import EMPTY, Document
from seriema.examine.vba.library import characters, clock, information, lists, numbers, system, text
from seriema.examine.vba.machine import Ended, Event, Machine, Place, Stopped
from seriema.examine.vba.objects import application, script
from seriema.examine.vba.scope import Code, Instance, ModuleCode, ProjectCode
from seriema.examine.vba.storage import closed
from seriema.examine.vba.syntax import ModuleTree, Procedure
from seriema.examine.vba.values import UNKNOWN, Fault, Value

#: Imported for what they enter into the tables of functions and objects.
FAMILIES = (application, characters, clock, information, lists, numbers, script, system, text)
#: Python's own bound on nested calls, for the deepest macro and expression; nothing of it uses the C stack.
NESTING = 20_000


@dataclass(frozen=True, slots=True)
class Start:
    """Where a run begins: a procedure and when it starts by itself ("" when it does not)."""

    code: Code
    when: str = ""
    values: tuple[Value, ...] = ()

    @property
    def name(self) -> str:
        """The procedure as spelled."""
        return self.code.tree.spelled


@dataclass(frozen=True, slots=True)
class Told:
    """What one run reached. ``ended`` says why it did not end by itself; ``path`` are the answers it took."""

    start: Start
    events: tuple[Event, ...]
    path: tuple[int, ...]
    ended: str = ""
    widened: bool = False
    indirect: bool = False
    lenient: bool = False
    chosen: tuple[tuple[str, Value], ...] = ()


@dataclass(slots=True)
class Account:
    """All runs of a project, and where strings were made."""

    told: list[Told] = field(default_factory=list)
    made: dict[str, Place] = field(default_factory=dict)
    steps: int = 0
    starts: list[Start] = field(default_factory=list)
    exhausted: bool = False


def run(trees: list[ModuleTree], document: Document = EMPTY, budget: Budget = BUDGET) -> Account:
    """Run a project."""
    with _nesting():
        return _Runner(trees, document, budget).run()


@contextmanager
def _nesting() -> Iterator[None]:
    """Closures nest a few Python calls for each call of the macro."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, NESTING))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class _Runner:
    """One project with the account of its runs."""

    def __init__(self, trees: list[ModuleTree], document: Document, budget: Budget) -> None:
        self.trees = trees
        self.document = document
        self.budget = budget
        self.account = Account()
        self.called: set[tuple[str, str]] = set()
        self._fresh()

    def _fresh(self) -> None:
        """A machine in its first state with the project's procedures to be compiled for it."""
        self.project = ProjectCode(self.trees)
        self.machine = Machine(self.budget, self.document)
        self.calls = Calls(self.machine, self.project)
        self.machine.calls = self.calls

    def run(self) -> Account:
        """All starts in their order."""
        account = self.account
        account.starts = list(starts(self.project))
        for start in account.starts[: self.budget.starts]:
            self._explore(start, self.budget.run, self.budget.runs)
        for code in self._codes():
            if (code.module.name, code.tree.name) not in self.called and len(account.told) < self.budget.starts * 4:
                values = tuple(UNKNOWN for _ in code.tree.parameters)
                self._explore(Start(code, "", values), self.budget.side, 8)
        return account

    def _codes(self) -> list[Code]:
        return [code for module in self.project.modules for code in module.all_codes()]

    def _explore(self, start: Start, steps: int, runs: int) -> None:
        """Runs from one start, until every answer was taken once or the budget ends."""
        waiting: deque[tuple[tuple[int, ...], bool | None]] = deque([((), None)])
        seen: set[tuple[object, int]] = set()
        count = 0
        while waiting and count < runs and self.account.steps < self.budget.steps:
            prefix, self.machine.polarity = waiting.popleft()
            taken = self._once(start, prefix, min(steps, self.budget.steps - self.account.steps))
            count += 1
            choices = tuple(choice for _, _, choice in taken)
            for at in range(len(prefix), len(taken)):
                site, options, choice = taken[at]
                for other in range(options):
                    if other != choice and (site, other) not in seen and len(waiting) < runs:
                        seen.add((site, other))
                        waiting.append(((*choices[:at], other), self.machine.polarity))
            if count == 1 and taken:  # what hangs on many answers at once often wants all of them alike
                waiting.extendleft([((), True), ((), False)])
        self.account.exhausted |= bool(waiting) and self.account.steps >= self.budget.steps

    def _once(self, start: Start, prefix: tuple[int, ...], steps: int) -> list[tuple[object, int, int]]:
        """One run; one that a fault ended at its very top is done once more, passing over what fails."""
        taken, fault = self._attempt(start, prefix, steps, lenient=False)
        if fault and not any(event.does in ("fetch", "run") for event in self.account.told[-1].events):
            self.account.told.pop()
            taken, _ = self._attempt(start, prefix, steps, lenient=True)
        return taken

    def _attempt(
        self, start: Start, prefix: tuple[int, ...], steps: int, *, lenient: bool
    ) -> tuple[list[tuple[object, int, int]], bool]:
        machine = self.machine
        self._reset(prefix, steps, lenient=lenient)
        ended, fault = "", False
        try:
            self._begin()
            self._start(start)
        except Stopped:
            ended = "its budget is exhausted"
        except (RecursionError, MemoryError):
            ended = "it nests too deep"
        except Fault:
            fault = True
        except Ended:
            pass
        for number in list(machine.handles):
            closed(machine, number)
        self.account.steps += machine.steps
        self.called |= {(code.module.name, code.tree.name) for code in machine.called}
        for value, place in machine.made.items():
            self.account.made.setdefault(value, place)
        path = tuple(choice for _, _, choice in machine.taken)
        self.account.told.append(
            Told(
                start,
                tuple(machine.events),
                path,
                ended,
                machine.widened,
                machine.indirect,
                lenient,
                tuple(machine.bound.items()),
            )
        )
        return list(machine.taken), fault

    def _reset(self, prefix: tuple[int, ...], steps: int, *, lenient: bool) -> None:
        """The machine as before the first run, but for the closures."""
        machine = self.machine
        machine.steps, machine.limit, machine.depth, machine.characters = 0, steps, 0, 0
        machine.prefix, machine.lenient, machine.error = prefix, lenient, (0, "")
        machine.widened = machine.indirect = False
        machine.taken, machine.events, machine.made, machine.visits = [], [], {}, {}
        machine.stack.clear()
        for table in (machine.bound, machine.files, machine.handles, machine.hosts, machine.environment):
            table.clear()
        machine.called.clear()
        machine.waiting.clear()

    def _begin(self) -> None:
        """Module variables with their first values."""
        for module in self.project.modules:
            self.calls.begin(module, module.instance)

    def _start(self, start: Start) -> None:
        code = start.code
        instance: Instance = code.module.instance
        begin = code.module.procedures.get(
            "class_initialize", code.module.procedures.get("userform_initialize", {})
        ).get("get")
        if begin is not None and begin is not code:
            self.calls.invoke(begin, instance, [], [], None)
        values = list(start.values) or [_argument(one.kind) for one in code.tree.parameters]
        self.calls.invoke(code, instance, values, [], None)
        for _ in range(20):
            if not self.machine.waiting:
                return
            name = self.machine.waiting.pop(0)
            self.calls.run(name, [])


def _argument(kind: str) -> Value:
    """What an event hands to its procedure."""
    return False if kind in ("boolean", "integer") else UNKNOWN


def starts(project: ProjectCode) -> Iterator[Start]:
    """What starts by itself: automatic procedures, events of documents and controls, statements outside of
    procedures.
    """
    found: list[tuple[int, Start]] = []
    for module in project.modules:
        for code in module.all_codes():
            when = begins(code.tree.name, events=module.tree.events)
            if when:
                rank = (
                    0
                    if code.tree.name in words.AUTO_EXACT or "open" in code.tree.name or "activate" in code.tree.name
                    else 1
                )
                found.append((rank, Start(code, when)))
        if module.tree.body:
            body = Procedure("", "sub", 1, (), "variant", module.tree.body, spelled="the module's own statements")
            found.append((0, Start(Code(module, body), "when it is run" if _runs(module) else "")))
    yield from (start for _, start in sorted(found, key=lambda one: one[0]))


def _runs(module: ModuleCode) -> bool:
    """Statements outside of procedures run in scripts only."""
    return not module.tree.procedures or module.tree.name.lower().endswith(".vbs")


def begins(name: str, *, events: bool) -> str:
    """When a procedure of that name starts by itself, "" when it does not."""
    if name in words.AUTO_EXACT:
        return words.AUTO_EXACT[name]
    if name.startswith(words.AUTO_PREFIXES):
        return "by an event of the document"
    if events and name.endswith(words.AUTO_SUFFIXES) and not name.startswith(("class_", "userform_")):
        return "by an event of a control"
    return "when the form is shown" if events and name in ("userform_initialize", "userform_activate") else ""
