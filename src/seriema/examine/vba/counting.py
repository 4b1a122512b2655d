"""Loops that only count: every statement adds a constant to a variable, or does nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seriema.examine.vba.machine import Frame
from seriema.examine.vba.scope import Load
from seriema.examine.vba.syntax import Binary, Block, Call, Dim, Expression, Grouped, Let, Literal, Name, Opaque

if TYPE_CHECKING:
    from seriema.examine.vba.statement_closures import StatementCompiler

#: Calls that do nothing here.
_IDLE = frozenset({"doevents", "sleep", "beep"})
_FEW = 64
_LONG = 1 << 31


@dataclass(frozen=True, slots=True)
class Counting:
    """What each turn adds: slots with their constants."""

    sums: tuple[tuple[int, int], ...]

    def add(self, f: Frame, turns: int) -> None:
        """Do that many turns at once; a sum that would leave its type is left to the loop itself."""
        for slot, by in self.sums:
            value = f[slot]
            if value is None:
                value = 0
            if type(value) in (int, float):
                f[slot] = value + by * turns

    def towards(
        self, compiler: "StatementCompiler", condition: Expression, *, until: bool
    ) -> Callable[[Frame], None] | None:
        """A closure that does all but the last few turns of ``Do While counter < end``; None for other conditions."""
        while isinstance(condition, Grouped):
            condition = condition.inner
        if not isinstance(condition, Binary) or not isinstance(condition.left, Name):
            return None
        slot = compiler.scope.slots.get(condition.left.name, 0)
        by = dict(self.sums).get(slot, 0)
        rising = condition.operator in (("=", ">", ">=") if until else ("<", "<=", "<>"))
        falling = condition.operator in (("=", "<", "<=") if until else (">", ">=", "<>"))
        if (
            not by
            or (by > 0 and not rising)
            or (by < 0 and not falling)
            or not _constant(condition.right, self, compiler)
        ):
            return None
        end: Load = compiler.expressions.load(condition.right)

        def jump(f: Frame) -> None:
            here, there = f[slot] or 0, end(f)
            if not isinstance(here, int | float) or not isinstance(there, int | float) or abs(there) >= _LONG:
                return
            turns = int((there - here) // by) - 2
            if turns > _FEW:
                self.add(f, turns)

        return jump


def _constant(tree: Expression, sums: Counting, compiler: "StatementCompiler") -> bool:
    """It does not change while the loop runs."""
    if isinstance(tree, Literal):
        return True
    return isinstance(tree, Name) and compiler.scope.slots.get(tree.name, 0) not in (0, -1, *dict(sums.sums))


def counting(compiler: "StatementCompiler", body: Block, variable: Expression | None) -> Counting | None:
    """What a loop's body counts; None when it does more than that."""
    own = variable.name if isinstance(variable, Name) else ""
    sums: list[tuple[int, int]] = []
    for statement in body:
        if isinstance(statement, Dim | Opaque) or (
            isinstance(statement, Call) and isinstance(statement.callee, Name) and statement.callee.name in _IDLE
        ):
            continue
        if not isinstance(statement, Let) or not isinstance(statement.target, Name) or statement.target.name == own:
            return None
        slot = compiler.scope.slots.get(statement.target.name, 0)
        by = _added(statement)
        if by is None or slot <= 0 or slot in dict(sums):
            return None
        if compiler.scope.kinds.get(statement.target.name) not in ("variant", "long", "double", "longlong"):
            return None
        sums.append((slot, by))
    return Counting(tuple(sums))


def _added(statement: Let) -> int | None:
    """The constant of ``x = x + 1``."""
    value = statement.value
    if not isinstance(value, Binary) or value.operator not in ("+", "-") or not isinstance(statement.target, Name):
        return None
    if not isinstance(value.left, Name) or value.left.name != statement.target.name:
        return None
    if not isinstance(value.right, Literal) or type(value.right.value) is not int:
        return None
    return value.right.value if value.operator == "+" else -value.right.value
