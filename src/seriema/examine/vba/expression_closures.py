"""Turn expressions into closures over a frame. Nothing of the macro's text is ever run as Python.

What is common (local variables, known integers and texts) is done in place; the rest goes to ``operators``, ``calling``
and the objects.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from seriema.examine.vba import call_closures, member_closures, operators
from seriema.examine.vba.arithmetic_closures import COMPARE, FAST, LOGIC, narrow, texts
from seriema.examine.vba.constants import CONSTANTS
from seriema.examine.vba.library.registry import FUNCTIONS
from seriema.examine.vba.machine import ME, RESULT, Frame, Machine
from seriema.examine.vba.scope import Load, ModuleCode, Scope
from seriema.examine.vba.syntax import (
    AddressOf,
    Argument,
    Binary,
    Bracket,
    Expression,
    Grouped,
    Index,
    Literal,
    Member,
    Name,
    New,
    TypeOf,
    Unary,
)
from seriema.examine.vba.values import MISSING, UNKNOWN, Fault, Value

if TYPE_CHECKING:
    from seriema.examine.vba.calling import Calls

_LIBRARIES = frozenset({"vba", "strings", "conversion", "information", "interaction", "math", "datetime", "filesystem",
                        "financial", "constants", "_hiddeninterface", "global"})  # fmt: skip


class ExpressionCompiler:
    """Compiles the expressions of one procedure."""

    def __init__(self, machine: Machine, scope: Scope, calls: "Calls") -> None:
        self.machine = machine
        self.scope = scope
        self.calls = calls
        self.fold = scope.module.tree.compare_text
        self.module = scope.module.spelled

    def load(self, tree: Expression) -> Load:
        """A closure that gives the value of an expression."""
        return _COMPILE[type(tree)](self, tree)

    # -- simple terms --------------------------------------------------------------------------------------------------

    def name(self, tree: Name) -> Load:
        """A name without arguments: a variable, constant, function, object, or an undeclared variable."""
        name, scope = tree.name, self.scope
        if name == "me":
            return lambda f: f[ME]
        slot = scope.slots.get(name, 0)
        if slot > 0:
            return lambda f: f[slot]
        if slot < 0 and scope.procedure:
            return self._field(scope.module, f"{scope.procedure.name}.{name}")
        if name == scope.function:
            return lambda f: f[RESULT]
        if name in scope.constants:
            return self._constant(scope.module, name, scope.constants[name].value)
        for module in self._modules(name):
            if name in module.fields:
                return self._field(module, name)
            if name in module.constants:
                return self._constant(module, name, module.constants[name].value)
            if name in module.procedures:
                return call_closures.procedure(self, module, name, ())
            if name in module.imports:
                return call_closures.imported(self, module.imports[name], (), 0)
        return self._foreign(name)

    def _modules(self, name: str) -> list[ModuleCode]:
        """Where a name of the project may be declared: the module itself, then the first public one."""
        project, own = self.scope.project, self.scope.module
        found = [own]
        for table in (project.procedures, project.variables, project.constants):
            module = table.get(name)
            if module is not None and module is not own:
                found.append(module)
        if name in project.imports:
            found += [module for module in project.modules if name in module.imports]
        return found

    def _foreign(self, name: str) -> Load:
        """A name that the project does not declare."""
        machine = self.machine
        if name in CONSTANTS:
            value = CONSTANTS[name]
            return lambda f: value
        function = FUNCTIONS.get(name)
        if function is not None:
            return call_closures.library(self, function, (), 0)
        if self.calls.is_host(name):
            host = self.calls.host
            return lambda f: host(machine, name)
        module = self.scope.project.find(name)
        if module is not None:
            instance = module.instance
            return lambda f: instance
        control = self.calls.control(self.scope.module, name)
        if control is not None:
            return control
        slot = self.scope.add(name, "variant")
        return lambda f: f[slot]

    def _field(self, module: ModuleCode, name: str) -> Load:
        index = module.fields[name]
        if module is self.scope.module:
            return lambda f: f[ME].fields[index]
        instance = module.instance
        return lambda f: instance.fields[index]

    def _constant(self, module: ModuleCode, name: str, tree: Expression) -> Load:
        values = self.scope.project.constant_values
        own = name in self.scope.constants
        key = (f"{module.name}.{self.scope.procedure.name}" if own and self.scope.procedure else module.name, name)
        if key not in values:
            values[key] = UNKNOWN  # a constant that is made of itself stays unknown
            scope = self.scope if own else Scope(module, None)
            evaluate = ExpressionCompiler(self.machine, scope, self.calls).load(tree)
            frame: Frame = [module.instance, None, None, None, *([None] * (scope.size + 8))]
            try:
                values[key] = evaluate(frame)
            except Fault:
                values[key] = UNKNOWN
        value = values[key]
        return lambda f: value

    def bracket(self, tree: Bracket) -> Load:
        """``[A1]``: a name of the project in brackets, else what Excel makes of it."""
        if self.scope.known(tree.text) or tree.text in self.scope.project.procedures:
            return self.name(Name(tree.text))
        machine, host, text = self.machine, self.calls.host, tree.spelled
        return lambda f: host(machine, "application").call("evaluate", [text], {})

    def new(self, tree: New) -> Load:
        create, machine, kind, place = self.calls.create, self.machine, tree.kind, (self.module, tree.line)

        def made(_: Frame) -> Value:
            machine.at = place
            return create(machine, kind)

        return made

    def type_of(self, tree: TypeOf) -> Load:
        operand, kind = self.load(tree.operand), tree.kind
        kind_of = self.calls.kind_of

        def is_of(f: Frame) -> Value:
            known = kind_of(operand(f))
            return UNKNOWN if known is None else known.lower() in (kind, f"i{kind}") or kind == "object"

        return is_of

    def address_of(self, tree: AddressOf) -> Load:
        pointer = self.calls.pointer(tree.name)
        return lambda f: pointer

    # -- operators -----------------------------------------------------------------------------------------------------

    def unary(self, tree: Unary) -> Load:
        operand, machine = self.load(tree.operand), self.machine
        if tree.operator == "-":
            if isinstance(tree.operand, Literal) and type(tree.operand.value) in (int, float):
                value = -tree.operand.value
                return lambda f: value
            return lambda f: operators.minus(machine, operand(f))
        return lambda f: operators.negated(machine, operand(f))

    def binary(self, tree: Binary) -> Load:
        if tree.operator == "&":
            return self._concatenation(tree)
        if tree.operator == "+" and isinstance(tree.left, Binary) and tree.left.operator == "+":
            return self._sum(tree)
        left, right = self.load(tree.left), self.load(tree.right)
        return self._operator(tree.operator, left, right, narrow(self.scope, tree))

    def _operator(self, operator: str, left: Load, right: Load, narrow: str) -> Load:
        machine, fold = self.machine, self.fold
        if operator in FAST:
            limit = {"integer": 0x8000, "long": 0x8000_0000}.get(narrow, 0)
            return FAST[operator](machine, left, right, limit)
        if operator in COMPARE:
            return COMPARE[operator](machine, left, right, fold)
        if operator in ("and", "or", "xor", "eqv", "imp"):
            if operator in LOGIC:
                return LOGIC[operator](machine, left, right)
            return lambda f: operators.logic(machine, operator, left(f), right(f))
        if operator == "is":
            return lambda f: operators.identical(left(f), right(f))
        if operator == "like":
            return lambda f: operators.alike(machine, left(f), right(f), fold=fold)
        return lambda f: operators.arithmetic(machine, operator, left(f), right(f))

    def chain(self, tree: Binary) -> list[Expression]:
        """The operands of ``a & b & c`` in order, however long the chain is."""
        found: list[Expression] = []
        here: Expression = tree
        while isinstance(here, Binary) and here.operator == tree.operator:
            found.append(here.right)
            here = here.left
        found.append(here)
        return found[::-1]

    def _concatenation(self, tree: Binary) -> Load:
        return self.joined([self.load(one) for one in self.chain(tree)])

    def joined(self, parts: list[Load]) -> Load:
        """A closure that joins what closures give."""
        machine = self.machine
        if len(parts) == 2:
            first, second = parts

            def two(f: Frame) -> Value:
                left, right = first(f), second(f)
                if type(left) is str and type(right) is str and len(left) < 4096:
                    return left + right
                return machine.joined(*texts(left, right))

            return two

        def many(f: Frame) -> Value:
            values = [part(f) for part in parts]
            for value in values:
                if type(value) is not str:
                    break
            else:
                whole = "".join(values)
                if len(whole) > 4096:
                    machine.grow(len(whole))
                return whole
            result = values[0] if values[0] is not None else ""
            for value in values[1:]:
                result = machine.joined(*texts(result, value))
            return result

        return many

    def _sum(self, tree: Binary) -> Load:
        """``a + b + c``, one after the other, however long."""
        operands = self.chain(tree)
        kind = narrow(self.scope, tree) if len(operands) < 8 else ""
        loads = [self.load(one) for one in operands]
        if len(loads) < 8:
            result = loads[0]
            for one in loads[1:]:
                result = self._operator("+", result, one, kind)
            return result
        machine = self.machine

        def total(f: Frame) -> Value:
            result = loads[0](f)
            for one in loads[1:]:
                result = operators.arithmetic(machine, "+", result, one(f))
            return result

        return total

    # -- calls, elements, members --------------------------------------------------------------------------------------

    def call(self, callee: Expression, arguments: tuple[Argument, ...], line: int) -> Load:
        """A call or an element, whichever the callee turns out to be."""
        while isinstance(callee, Grouped):
            callee = callee.inner
        if isinstance(callee, Name | Bracket):
            return self._named_call(callee.name if isinstance(callee, Name) else callee.text, arguments, line)
        if isinstance(callee, Member):
            return self._member_call(callee, arguments, line)
        return member_closures.indexed(self, self.load(callee), arguments, line)

    def _named_call(self, name: str, arguments: tuple[Argument, ...], line: int) -> Load:
        scope = self.scope
        slot = scope.slots.get(name, 0)
        if slot:
            return member_closures.indexed(self, self.name(Name(name)), arguments, line)
        if name == scope.function and (not arguments or (scope.procedure and not scope.procedure.parameters)):
            if not arguments:
                return call_closures.procedure(self, scope.module, name, ())
            return member_closures.indexed(self, lambda f: f[RESULT], arguments, line)
        for module in self._modules(name):
            if name in module.fields:
                return member_closures.indexed(self, self._field(module, name), arguments, line)
            if name in module.procedures:
                return call_closures.procedure(self, module, name, arguments)
            if name in module.imports:
                return call_closures.imported(self, module.imports[name], arguments, line)
            if name in module.constants:
                return member_closures.indexed(self, self.name(Name(name)), arguments, line)
        function = FUNCTIONS.get(name)
        if function is not None:
            return call_closures.library(self, function, arguments, line)
        if self.calls.is_host(name) or self.scope.project.find(name) or self.calls.control(scope.module, name):
            return member_closures.indexed(self, self._foreign(name), arguments, line)
        return call_closures.unresolved(self, name, arguments, line)

    def member(self, tree: Member) -> Load:
        return self._member_call(tree, (), tree.line)

    def _member_call(self, tree: Member, arguments: tuple[Argument, ...], line: int) -> Load:
        target = tree.object
        if isinstance(target, Name) and not self.scope.known(target.name):
            qualified = self._qualified(target.name, tree.name, arguments, line)
            if qualified is not None:
                return qualified
        if isinstance(target, Member) and isinstance(target.object, Name) and target.object.name in _LIBRARIES:
            if target.name in _LIBRARIES and tree.name in FUNCTIONS:
                return call_closures.library(self, FUNCTIONS[tree.name], arguments, line)
            return self._member_call(Member(Name(target.name), tree.name, tree.line), arguments, line)
        if tree.bang:
            key = Argument(Literal(tree.name))
            return member_closures.indexed(
                self, self.load(target) if target else self.with_object(), (key, *arguments), line
            )
        holder = self.load(target) if target is not None else self.with_object()
        return member_closures.member(self, holder, tree.name, arguments, line)

    def _qualified(self, first: str, name: str, arguments: tuple[Argument, ...], line: int) -> Load | None:
        """``Module.name``, ``VBA.Mid``, ``Enumeration.Value``; None when the first name is none of these."""
        module = self.scope.project.find(first)
        if module is not None:
            if name in module.procedures:
                return call_closures.procedure(self, module, name, arguments)
            if name in module.fields:
                load = self._field(module, name)
                return member_closures.indexed(self, load, arguments, line) if arguments else load
            if name in module.constants:
                return self._constant(module, name, module.constants[name].value)
            return None
        if first in _LIBRARIES or first == self.calls.project_name:
            if name in FUNCTIONS:
                return call_closures.library(self, FUNCTIONS[name], arguments, line)
            if name in CONSTANTS or self.calls.is_host(name):
                return self._named_call(name, arguments, line) if arguments else self._foreign(name)
            return self._named_call(name, arguments, line) if arguments else self.name(Name(name))
        if not arguments and not self.calls.is_host(first):
            if name in CONSTANTS:
                value = CONSTANTS[name]
                return lambda f: value
            owner = self.scope.project.constants.get(name)
            if owner is not None:
                return self._constant(owner, name, owner.constants[name].value)
        return None

    def with_object(self) -> Load:
        """The object of the enclosing ``With``."""
        if not self.scope.with_slots:
            return lambda f: UNKNOWN
        slot = self.scope.with_slots[-1]
        return lambda f: f[slot]

    def arguments(self, arguments: tuple[Argument, ...]) -> list[Load]:
        """Closures for arguments by their place; an omitted one is Missing."""
        return [self.load(one.value) if one.value is not None else _missing for one in arguments]


def _missing(_: Frame) -> Value:
    return MISSING


# -- fast operators ----------------------------------------------------------------------------------------------------


def constant(value: Value) -> Load:
    """A closure that always gives the same."""
    return lambda f: value


_COMPILE: dict[type, Callable[[ExpressionCompiler, Any], Load]] = {
    Literal: lambda _, tree: constant(tree.value),
    Grouped: lambda compiler, tree: compiler.load(tree.inner),
    Name: ExpressionCompiler.name,
    Bracket: ExpressionCompiler.bracket,
    Member: ExpressionCompiler.member,
    Index: lambda compiler, tree: compiler.call(tree.callee, tree.arguments, tree.line),
    Unary: ExpressionCompiler.unary,
    Binary: ExpressionCompiler.binary,
    New: ExpressionCompiler.new,
    TypeOf: ExpressionCompiler.type_of,
    AddressOf: ExpressionCompiler.address_of,
}
