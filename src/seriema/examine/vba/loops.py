"""Loops as closures. A loop beyond its budget is left, what it assigns becomes unknown, and the run goes on.

A loop that only counts is not run turn by turn: its last turn and the sums say the same (delay loops of many millions
stand in macros to outlast an analysis).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from seriema.examine.vba import operators
from seriema.examine.vba.counting import Counting, counting
from seriema.examine.vba.machine import ME, MODE, Frame
from seriema.examine.vba.scope import Load, inner_blocks, walked
from seriema.examine.vba.signals import EXIT_DO, EXIT_FOR, Run, Signal
from seriema.examine.vba.syntax import Block, Expression, For, ForEach, Index, Let, Loop, Member, Name, ReDim
from seriema.examine.vba.values import UNKNOWN, Array, Fault, HalfKnown, Record, Unknown, Value, elements

if TYPE_CHECKING:
    from seriema.examine.vba.statement_closures import StatementCompiler

_FEW = 64  #: turns that are always run one by one


def counted(compiler: "StatementCompiler", tree: For, handlers: dict[str, Run]) -> Run:
    """``For … To``."""
    machine = compiler.machine
    first, last = compiler.expressions.load(tree.first), compiler.expressions.load(tree.last)
    step = compiler.expressions.load(tree.step) if tree.step is not None else None
    store = compiler.store(tree.variable, is_set=False)
    load = compiler.expressions.load(tree.variable)
    slot = compiler.scope.slots.get(tree.variable.name, 0) if isinstance(tree.variable, Name) else 0
    body = compiler.block(tree.body, handlers)
    cost = _cost(tree.body)
    widen = _widening(compiler, tree.body)
    shortcut = counting(compiler, tree.body, tree.variable)

    def run(f: Frame) -> Signal:
        begin, end = operators.plain(machine, first(f)), operators.plain(machine, last(f))
        by = operators.plain(machine, step(f)) if step is not None else 1
        if Unknown in (type(begin), type(end), type(by)):
            store(f, begin)
            signal = body(f)
            widen(f)
            return None if signal is EXIT_FOR else signal
        limit = min(machine.limit, machine.steps + machine.budget.loop)
        value = begin
        store(f, value)
        if shortcut is not None and by and (turns := (end - begin) // by) > _FEW:
            value = _skipped(shortcut, f, begin, by, int(turns))
            store(f, value)
        while (value <= end) if by >= 0 else (value >= end):
            signal = body(f)
            if signal is not None:
                return None if signal is EXIT_FOR else signal
            machine.steps += cost
            if machine.steps > limit:
                machine.overrun()
                widen(f)
                return None
            value = f[slot] if slot > 0 else load(f)
            if type(value) is not int:
                value = operators.plain(machine, value)
                if type(value) is Unknown:
                    return None
            value += by
            if slot > 0 and type(value) is int and -0x8000 <= value < 0x8000:
                f[slot] = value
            else:
                store(f, value)
        return None

    return run


def _skipped(shortcut: Counting, f: Frame, begin: Value, by: Value, turns: int) -> Value:
    """Add up all turns but the last one, and give the counter of the last."""
    shortcut.add(f, turns)
    return begin + by * turns


def each(compiler: "StatementCompiler", tree: ForEach, handlers: dict[str, Run]) -> Run:
    """``For Each``."""
    machine = compiler.machine
    group = compiler.expressions.load(tree.group)
    store = compiler.store(tree.variable, is_set=True)
    body = compiler.block(tree.body, handlers)
    cost = _cost(tree.body)
    widen = _widening(compiler, tree.body)

    def run(f: Frame) -> Signal:
        found = group(f)
        limit = min(machine.limit, machine.steps + machine.budget.loop)
        for item in _items(found):
            store(f, item)
            signal = body(f)
            if signal is not None:
                return None if signal is EXIT_FOR else signal
            machine.steps += cost
            if machine.steps > limit:
                machine.overrun()
                widen(f)
                return None
        if type(found) is Unknown:
            widen(f)
        return None

    return run


def _items(group: Value) -> "list[Value]":
    """What a loop visits; an unknown group has one unknown member."""
    if isinstance(group, Array):
        return list(elements(group))
    if type(group) in (Unknown, HalfKnown):
        return [UNKNOWN]
    visit = getattr(group, "items_in_order", None)
    if visit is None:
        raise Fault(438)
    return list(visit())


def conditional(compiler: "StatementCompiler", tree: Loop, handlers: dict[str, Run]) -> Run:
    """``Do … Loop`` and ``While … Wend``."""
    machine = compiler.machine
    condition = tree.before or tree.after
    goes_on = _going_on(compiler, tree)
    body = compiler.block(tree.body, handlers)
    cost = _cost(tree.body)
    widen = _widening(compiler, tree.body)
    before = tree.before is not None
    shortcut = counting(compiler, tree.body, None)
    jump = shortcut.towards(compiler, condition, until=tree.until) if shortcut and condition is not None else None

    def run(f: Frame) -> Signal:
        limit = min(machine.limit, machine.steps + machine.budget.loop)
        turn = 0
        if jump is not None:
            jump(f)
        while not before or goes_on(f, turn):
            signal = body(f)
            if signal is not None:
                return None if signal is EXIT_DO else signal
            machine.steps += cost
            if machine.steps > limit:
                machine.overrun()
                widen(f)
                return None
            if not before and not goes_on(f, turn):
                return None
            turn += 1
        return None

    return run


def _going_on(compiler: "StatementCompiler", tree: Loop) -> Callable[[Frame, int], bool]:
    """A closure that says whether a loop goes on after that many turns."""
    machine, until = compiler.machine, tree.until
    site = (compiler.module, tree.line, "loop")
    condition = tree.before or tree.after
    test = compiler.expressions.load(condition) if condition is not None else None

    def goes_on(f: Frame, turn: int) -> bool:
        if test is None:
            return True
        try:
            value = test(f)
        except Fault as fault:
            if f[MODE] != "next":
                raise
            machine.fail(fault)
            return turn == 0
        if value is True or value is False:
            return value is not until
        if type(value) is Unknown:
            # One turn, then out; the other answers are tried in other runs.
            return (
                machine.holds(Unknown(usual=(turn == 0) is not until), (*site, min(turn, 1)), preferred=True)
                is not until
            )
        return machine.true(value, site, preferred=not until) is not until

    return goes_on


def _cost(body: Block) -> int:
    """Statements of one turn."""
    return 1 + sum(1 for statement in body for _ in (statement, *inner_blocks(statement)))


def _widening(compiler: "StatementCompiler", body: Block) -> "Load":
    """A closure that makes unknown what a loop assigns."""
    targets: dict[str, None] = {}
    for statement in walked(body):
        if isinstance(statement, Let):
            targets.setdefault(_root(statement.target))
        elif isinstance(statement, For | ForEach):
            targets.setdefault(_root(statement.variable))
        elif isinstance(statement, ReDim):
            targets.update({_root(target): None for target, _, _ in statement.targets})
    slots = [slot for name in targets if (slot := compiler.scope.slots.get(name, 0)) > 0]
    fields = [index for name in targets if (index := compiler.scope.module.fields.get(name, -1)) >= 0]

    def widen(f: Frame) -> Value:
        for slot in slots:
            f[slot] = _widened(f[slot])
        for index in fields:
            f[ME].fields[index] = _widened(f[ME].fields[index])

    return widen


def _widened(value: Value) -> Value:
    """Unknown, but an object stays itself: a loop rarely changes which one it is."""
    if isinstance(value, Array):
        return Array(value.bounds, [UNKNOWN] * len(value.items), value.kind)
    simple = value is None or isinstance(value, bool | int | float | str | HalfKnown | Unknown | Record)
    return UNKNOWN if simple else value


def _root(target: Expression) -> str:
    """The variable that an assignment changes."""
    while isinstance(target, Index | Member):
        inner = target.callee if isinstance(target, Index) else target.object
        if inner is None:
            return ""
        target = inner
    return target.name if isinstance(target, Name) else ""
