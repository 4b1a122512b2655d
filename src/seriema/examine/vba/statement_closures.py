"""Turn statements into closures. A statement gives None, or a signal that leaves its block: an exit, a jump, a resume.

Run-time errors are looked at by the innermost block, as ``On Error Resume Next`` goes on with the statement behind the
one that failed ([MS-VBAL] 5.4.4).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seriema.examine.vba import branch_closures, loops, operators, store_closures
from seriema.examine.vba.conversion import text
from seriema.examine.vba.creation import redimensioned
from seriema.examine.vba.error_handling import handled
from seriema.examine.vba.expression_closures import ExpressionCompiler
from seriema.examine.vba.machine import HANDLERS, MODE, RESULT, Ended, Frame, Machine
from seriema.examine.vba.scope import Load, Scope, Store
from seriema.examine.vba.signals import (
    CONTINUE,
    EXIT_DO,
    EXIT_FOR,
    EXIT_PROCEDURE,
    RESUME,
    RESUME_NEXT,
    RETURN,
    Goto,
    Run,
    Signal,
)
from seriema.examine.vba.special import special
from seriema.examine.vba.syntax import (
    Binary,
    Block,
    Call,
    Constant,
    Dim,
    Expression,
    For,
    ForEach,
    Grouped,
    If,
    Index,
    Jump,
    Label,
    Let,
    Literal,
    Loop,
    Name,
    OnError,
    OnJump,
    Opaque,
    ReDim,
    Select,
    Special,
    Statement,
    With,
)
from seriema.examine.vba.values import Array, Date, Fault, Unknown

if TYPE_CHECKING:
    from seriema.examine.vba.calling import Calls

_SIMPLE = frozenset({int, str, float, bool, type(None), Unknown, Date})


@dataclass(slots=True)
class StatementCompiler:
    """Compiles the statements of one procedure."""

    machine: Machine
    scope: Scope
    calls: "Calls"
    expressions: ExpressionCompiler

    @property
    def module(self) -> str:
        """The module's name as spelled."""
        return self.scope.module.spelled

    # -- blocks --------------------------------------------------------------------------------------------------------

    def block(self, body: Block, handlers: dict[str, Run]) -> Run:
        """A closure that runs statements one after the other; its labels are put into ``handlers``."""
        labels: dict[str, int] = {}
        runs: list[Run] = []
        for statement in body:
            if isinstance(statement, Label):
                labels[statement.name] = len(runs)
            else:
                made = self.statement(statement, handlers)
                if made is not None:
                    runs.append(made)
        if labels:
            return self._with_labels(runs, labels, handlers)
        return self._straight(runs)

    def _straight(self, runs: list[Run]) -> Run:
        machine = self.machine
        if not runs:
            return lambda f: None

        def run(f: Frame) -> Signal:
            left = iter(runs)
            one = runs[0]
            while True:
                try:
                    for one in left:
                        signal = one(f)
                        if signal is not None:
                            return signal
                except Fault as fault:
                    signal = handled(machine, f, fault, one)
                    if signal is not CONTINUE:
                        return signal
                else:
                    return None

        return run

    def _with_labels(self, runs: list[Run], labels: dict[str, int], handlers: dict[str, Run]) -> Run:
        machine = self.machine

        def run_from(f: Frame, at: int) -> Signal:
            while at < len(runs):
                one = runs[at]
                at += 1
                try:
                    signal = one(f)
                except Fault as fault:
                    signal = handled(machine, f, fault, one)
                    if signal is CONTINUE:
                        continue
                if signal is not None:
                    if type(signal) is not Goto or signal.label not in labels:
                        return signal
                    machine.spend(3)
                    at = labels[signal.label]
            return None

        for label, begin in labels.items():
            handlers[label] = lambda f, begin=begin: run_from(f, begin)  # type: ignore[misc]  # the default binds it now
        return lambda f: run_from(f, 0)

    def statement(self, tree: Statement, handlers: dict[str, Run]) -> Run | None:
        """A closure for one statement; None for one that does nothing."""
        if isinstance(tree, If):
            return branch_closures.conditional(self, tree, handlers)
        if isinstance(tree, Select):
            return branch_closures.select(self, tree, handlers)
        if isinstance(tree, For):
            return loops.counted(self, tree, handlers)
        if isinstance(tree, ForEach):
            return loops.each(self, tree, handlers)
        if isinstance(tree, Loop):
            return loops.conditional(self, tree, handlers)
        if isinstance(tree, With):
            return self._with(tree, handlers)
        return _COMPILE[type(tree)](self, tree)

    # -- assignments ---------------------------------------------------------------------------------------------------

    def let(self, tree: Let) -> Run:
        appended = self._appended(tree)
        if appended is not None:
            return appended
        value = self.expressions.load(tree.value)
        machine, place = self.machine, (self.module, tree.line)
        if not tree.is_set and isinstance(tree.target, Name):
            slot, kind = self.local(tree.target)
            if slot > 0 and kind in ("variant", "string"):
                return self._let_local(slot, value, place, textual=kind == "string")
        store = self.store(tree.target, is_set=tree.is_set)

        def run(f: Frame) -> Signal:
            given = value(f)
            if type(given) is str and len(given) < 512:
                machine.remember(given, place)
            store(f, given)
            return None

        return run

    def local(self, target: Name) -> tuple[int, str]:
        """Slot and type of a local variable, also of one that is declared by its use; 0 for all else."""
        scope = self.scope
        if target.name == scope.function and scope.procedure and target.name not in scope.slots:
            return RESULT, scope.procedure.returns
        if target.name not in scope.slots and not scope.known(target.name):
            self.expressions.name(target)
        return scope.slots.get(target.name, 0), scope.kinds.get(target.name, "")

    def _let_local(self, slot: int, value: Load, place: tuple[str, int], *, textual: bool) -> Run:
        machine = self.machine
        remember = machine.remember

        def run(f: Frame) -> Signal:
            given = value(f)
            if type(given) is str:
                if len(given) < 512:
                    remember(given, place)
            elif textual:
                given = text(machine.let_value(given)) if type(given) is not Array else text(given)
            elif type(given) not in _SIMPLE:
                given = machine.let_value(given)
            f[slot] = given
            return None

        return run

    def _appended(self, tree: Let) -> Run | None:
        """``x = x & …`` on a local variable: the string grows in place, so that long loops stay linear."""
        if tree.is_set or not isinstance(tree.target, Name) or not isinstance(tree.value, Binary):
            return None
        slot, kind = self.local(tree.target)
        if slot <= 0 or kind not in ("variant", "string") or tree.value.operator != "&":
            return None
        parts = self.expressions.chain(tree.value)
        if not isinstance(parts[0], Name) or parts[0].name != tree.target.name or len(parts) > 6:
            return None
        if not all(self._is_calm(part) for part in parts[1:]):
            return None
        loads = [self.expressions.load(part) for part in parts[1:]]
        rest = loads[0] if len(loads) == 1 else self.expressions.joined(loads)
        machine, place = self.machine, (self.module, tree.line)

        def run(f: Frame) -> Signal:
            added = rest(f)
            whole = f[slot]
            if type(whole) is str and type(added) is str:
                f[slot] = None  # the only reference is the local one now: Python appends in place
                machine.characters += len(added)
                whole += added
                f[slot] = whole
                if len(whole) < 160:
                    machine.remember(whole, place)
                return None
            f[slot] = machine.joined(*map(text, (machine.let_value(whole), machine.let_value(added))))
            return None

        return run

    def _is_calm(self, tree: Expression) -> bool:
        """It calls nothing of the project, which could change the variable that is appended to."""
        if isinstance(tree, Literal | Name):
            return not isinstance(tree, Name) or tree.name not in self.scope.project.procedures
        if isinstance(tree, Binary):
            return all(self._is_calm(one) for one in self.expressions.chain(tree))
        if isinstance(tree, Grouped):
            return self._is_calm(tree.inner)
        if isinstance(tree, Index):
            return (
                isinstance(tree.callee, Name)
                and tree.callee.name not in self.scope.project.procedures
                and all(one.value is None or self._is_calm(one.value) for one in tree.arguments)
            )
        return False

    def store(self, target: Expression, *, is_set: bool) -> Store:
        """A closure that assigns to a target."""
        return store_closures.store(self.expressions, target, is_set=is_set)

    # -- calls ---------------------------------------------------------------------------------------------------------

    def call(self, tree: Call) -> Run:
        load = self.expressions.call(tree.callee, tree.arguments, tree.line)

        def run(f: Frame) -> Signal:
            load(f)
            return None

        return run

    def special(self, tree: Special) -> Run | None:
        return special(self, tree)

    def _with(self, tree: With, handlers: dict[str, Run]) -> Run:
        load = self.expressions.load(tree.object)
        slot = self.scope.hidden()
        self.scope.with_slots.append(slot)
        body = self.block(tree.body, handlers)
        self.scope.with_slots.pop()

        def run(f: Frame) -> Signal:
            f[slot] = load(f)
            return body(f)

        return run

    # -- jumps ---------------------------------------------------------------------------------------------------------

    def jump(self, tree: Jump) -> Run | None:
        if tree.kind == "gosub":
            return self._gosub(tree.label)
        if tree.kind == "end":
            return _ended
        if tree.kind == "goto":
            goto = Goto(tree.label)
            return lambda f: goto
        signal = _SIGNALS.get(tree.kind)
        return None if signal is None else lambda f: signal

    def _gosub(self, label: str) -> Run:
        machine = self.machine

        def run(f: Frame) -> Signal:
            machine.spend(5)
            part = f[HANDLERS].get(label)
            machine.depth += 1
            if part is None or machine.depth > machine.budget.depth:
                raise Fault(28)
            signal = part(f)
            machine.depth -= 1
            return None if signal is RETURN else signal if signal is not None else EXIT_PROCEDURE

        return run

    def on_jump(self, tree: OnJump) -> Run:
        subject, machine = self.expressions.load(tree.subject), self.machine
        gosubs = {label: self._gosub(label) for label in tree.labels}

        def run(f: Frame) -> Signal:
            value = operators.plain(machine, subject(f))
            if type(value) is Unknown:
                value = 1 + machine.decide((self.module, tree.line, "on"), len(tree.labels), 0)
            number = round(value)
            if not 1 <= number <= len(tree.labels):
                return None
            label = tree.labels[number - 1]
            return gosubs[label](f) if tree.is_call else Goto(label)

        return run

    def on_error(self, tree: OnError) -> Run:
        mode = None if tree.label in ("0", "-1") else tree.label

        def run(f: Frame) -> Signal:
            f[MODE] = mode
            return None

        return run

    def dim(self, tree: Dim) -> Run | None:
        """Variables begin when the procedure does; a ``Dim`` in a loop does nothing again."""
        return None

    def redim(self, tree: ReDim) -> Run:
        return redimensioned(self, tree)

    def nothing(self, tree: Statement) -> Run | None:
        """A constant, or a line that could not be read."""
        return None


def _ended(_: Frame) -> Signal:
    raise Ended


_SIGNALS: dict[str, Signal] = {
    "exit sub": EXIT_PROCEDURE, "exit function": EXIT_PROCEDURE, "exit property": EXIT_PROCEDURE,
    "exit for": EXIT_FOR, "exit do": EXIT_DO, "exit while": EXIT_DO, "return": RETURN, "resume": RESUME,
    "resume next": RESUME_NEXT,
}  # fmt: skip

_COMPILE: dict[type, Callable[[StatementCompiler, Any], Run | None]] = {
    Let: StatementCompiler.let,
    Call: StatementCompiler.call,
    Special: StatementCompiler.special,
    Jump: StatementCompiler.jump,
    OnJump: StatementCompiler.on_jump,
    OnError: StatementCompiler.on_error,
    Dim: StatementCompiler.dim,
    ReDim: StatementCompiler.redim,
    Constant: StatementCompiler.nothing,
    Opaque: StatementCompiler.nothing,
}
