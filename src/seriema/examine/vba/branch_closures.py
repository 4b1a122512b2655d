"""Conditions as closures: ``If`` and ``Select Case``. [MS-VBAL] 5.4.2.

Where the environment would decide, the run does.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from seriema.examine.vba import operators
from seriema.examine.vba.machine import MODE, Frame
from seriema.examine.vba.scope import Load, inner_blocks
from seriema.examine.vba.signals import Run, Signal
from seriema.examine.vba.syntax import Block, Call, Case, Expression, If, Jump, Member, Select
from seriema.examine.vba.values import Fault, Unknown, Value

if TYPE_CHECKING:
    from seriema.examine.vba.statement_closures import StatementCompiler

_ENDINGS = frozenset({"exit sub", "exit function", "exit property", "end"})


# ------------------------------------------------------------------------------------------------------


def condition(compiler: "StatementCompiler", tree: Expression, site: object, preferred: bool) -> Load:
    """A closure that gives True or False; what is unknown is decided by the run."""
    load, machine = compiler.expressions.load(tree), compiler.machine

    def test(f: Frame) -> Value:
        value = load(f)
        if value is True or value is False:
            return value
        return machine.true(value, site, preferred)

    return test


def conditional(compiler: "StatementCompiler", tree: If, handlers: dict[str, Run]) -> Run:
    """``If`` with its branches."""
    machine = compiler.machine
    branches = []
    for number, (question, body) in enumerate(tree.branches):
        test = None
        if question is not None:
            test = condition(compiler, question, (compiler.module, tree.line, number), not _leaves(body))
        branches.append((test, compiler.block(body, handlers)))
    if len(branches) == 1 and branches[0][0] is not None:
        return _single(compiler, branches[0][0], branches[0][1])

    def run(f: Frame) -> Signal:
        for test, body in branches:
            if test is None:
                return body(f)
            try:
                holds = test(f)
            except Fault as fault:
                if f[MODE] != "next":
                    raise
                machine.fail(fault)
                holds = True  # Resume Next goes on with the first statement behind the condition
            if holds:
                return body(f)
        return None

    return run


def _single(compiler: "StatementCompiler", test: Load, body: Run) -> Run:
    machine = compiler.machine

    def run(f: Frame) -> Signal:
        try:
            holds = test(f)
        except Fault as fault:
            if f[MODE] != "next":
                raise
            machine.fail(fault)
            holds = True
        return body(f) if holds else None

    return run


def select(compiler: "StatementCompiler", tree: Select, handlers: dict[str, Run]) -> Run:
    """``Select Case``."""
    subject = compiler.expressions.load(tree.subject)
    cases = [(_tests(compiler, case), compiler.block(case.body, handlers)) for case in tree.cases]
    machine, site = compiler.machine, (compiler.module, tree.line, "select")
    otherwise = next((number for number, case in enumerate(tree.cases) if not case.tests), len(cases))

    def run(f: Frame) -> Signal:
        value = machine.let_value(subject(f))
        unsure: list[tuple[int, Value]] = []
        for number, (tests, body) in enumerate(cases):
            for test in tests:
                held = test(f, value)
                if held is True and not unsure:
                    return body(f)
                if type(held) is Unknown or held is True:
                    unsure.append((number, held))
            if not tests and not unsure:
                return body(f)
        if not unsure:
            return None
        numbers = list(dict.fromkeys([*(number for number, _ in unsure), otherwise]))
        usual = next((number for number, held in unsure if held is True or held.usual is True), numbers[0])
        number = numbers[machine.decide(site, len(numbers), numbers.index(usual))]
        held = dict(unsure).get(number)
        if type(held) is Unknown and held.equals:
            machine.bound[held.equals[0]] = held.equals[1]
        return cases[number][1](f) if number < len(cases) else None

    return run


def _tests(compiler: "StatementCompiler", case: Case) -> list[Callable[[Frame, Value], Value]]:
    return [_test(compiler, *one) for one in case.tests]


def _test(
    compiler: "StatementCompiler", operator: str, value: Expression, upper: Expression | None
) -> Callable[[Frame, Value], Value]:
    machine, load, fold = compiler.machine, compiler.expressions.load(value), compiler.scope.module.tree.compare_text
    if upper is None:
        return lambda f, subject: operators.compared(machine, operator, subject, machine.let_value(load(f)), fold=fold)
    last = compiler.expressions.load(upper)

    def within(f: Frame, subject: Value) -> Value:
        above = operators.compared(machine, ">=", subject, load(f), fold=fold)
        below = operators.compared(machine, "<=", subject, last(f), fold=fold)
        return operators.logic(machine, "and", above, below)

    return within


def _leaves(body: Block) -> bool:
    """A block that ends the procedure or the program: the less likely way."""
    for statement in body[-3:]:
        if isinstance(statement, Jump) and (
            statement.kind in _ENDINGS or statement.kind in ("goto", "exit do", "exit for")
        ):
            return True
        if (
            isinstance(statement, Call)
            and isinstance(statement.callee, Member)
            and statement.callee.name in ("quit", "close")
        ):
            return True
        if any(_leaves(inner) for inner in inner_blocks(statement)):
            return True
    return False
