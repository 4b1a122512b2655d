"""What names mean: the modules of a project with what they declare, and the names of one procedure.

Resolution goes from the procedure to its module to the project, as [MS-VBAL] 5.6.10 has it; what remains is the
library's, the program's, or an undeclared variable.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from seriema.examine.vba.constants import CONSTANTS
from seriema.examine.vba.conversion import initial
from seriema.examine.vba.library.registry import FUNCTIONS
from seriema.examine.vba.machine import FIRST, Frame, Machine
from seriema.examine.vba.objects.creating import HOSTS
from seriema.examine.vba.syntax import (
    Block,
    Constant,
    Dim,
    Expression,
    For,
    ForEach,
    If,
    Import,
    Let,
    Loop,
    ModuleTree,
    Procedure,
    ReDim,
    Select,
    Statement,
    Variable,
    With,
)
from seriema.examine.vba.syntax import Name as NameNode
from seriema.examine.vba.values import NOTHING, Array, Record, Value, listed

Load = Callable[[Frame], Value]
Store = Callable[[Frame, Value], None]
Factory = Callable[["Instance | None"], Value]


@dataclass(slots=True, eq=False)
class Instance:
    """A module while it runs: the one instance of a standard module, or an object of a class."""

    module: "ModuleCode"
    fields: list[Value] = field(default_factory=list)
    begun: bool = False


@dataclass(slots=True, eq=False)
class Code:
    """A procedure and, once it is called for the first time, its closures."""

    module: "ModuleCode"
    tree: Procedure
    body: Callable[[Frame], Value] | None = None
    template: Frame = field(default_factory=list)
    inits: tuple[tuple[int, Factory], ...] = ()
    handlers: dict[str, Callable[[Frame], Value]] = field(default_factory=dict)
    parameters: tuple[Callable[[Value], Value], ...] = ()
    cost: int = 5

    @property
    def name(self) -> str:
        """Module and name, as a person says it."""
        return f"{self.module.spelled}.{self.tree.spelled}"


class ModuleCode:
    """One module's names."""

    def __init__(self, project: "ProjectCode", tree: ModuleTree) -> None:
        self.project = project
        self.tree = tree
        self.spelled = tree.name
        self.name = tree.name.lower()
        self.procedures: dict[str, dict[str, Code]] = {}
        for procedure in tree.procedures:
            kind = procedure.kind if procedure.kind in ("let", "set") else "get"
            self.procedures.setdefault(procedure.name, {}).setdefault(kind, Code(self, procedure))
        self.fields: dict[str, int] = {}
        self.kinds: list[str] = []
        self.variables: list[Variable] = []
        for variable in tree.variables:
            self._field(variable.name, variable)
        for procedure in tree.procedures:
            for statement in walked(procedure.body):
                if isinstance(statement, Dim) and (statement.static or procedure.static):
                    for variable in statement.variables:
                        self._field(f"{procedure.name}.{variable.name}", variable)
        self.constants = {constant.name: constant for constant in tree.constants}
        self.imports: dict[str, Import] = {one.name: one for one in tree.imports}
        self.instance = Instance(self)

    def _field(self, name: str, variable: Variable) -> None:
        if name not in self.fields:
            self.fields[name] = len(self.kinds)
            array = "bytes" if variable.kind == "byte" else "array"
            self.kinds.append(variable.kind if variable.bounds is None else array)
            self.variables.append(variable)

    def all_codes(self) -> Iterator[Code]:
        """Every procedure."""
        for kinds in self.procedures.values():
            yield from kinds.values()


class ProjectCode:
    """All modules of one project."""

    def __init__(self, trees: list[ModuleTree]) -> None:
        self.modules = [ModuleCode(self, tree) for tree in trees]
        self.by_name = {module.name: module for module in self.modules}
        self.types: dict[str, tuple[Variable, ...]] = {}
        self.procedures: dict[str, ModuleCode] = {}
        self.variables: dict[str, ModuleCode] = {}
        self.constants: dict[str, ModuleCode] = {}
        self.imports: dict[str, Import] = {}
        self.constant_values: dict[tuple[str, str], Value] = {}
        for module in self.modules:
            self.types.update(module.tree.types)
            for name in module.procedures:
                self.procedures.setdefault(name, module)
            for name in module.constants:
                self.constants.setdefault(name, module)
            for name, one in module.imports.items():
                self.imports.setdefault(name, one)
            if not module.tree.events:
                for name in module.fields:
                    self.variables.setdefault(name, module)

    def find(self, name: str) -> ModuleCode | None:
        """A module by its name."""
        return self.by_name.get(name)


def walked(block: Block) -> Iterator[Statement]:
    """Every statement of a block and of those within."""
    waiting = list(reversed(block))
    while waiting:
        statement = waiting.pop()
        yield statement
        for inner in inner_blocks(statement):
            waiting.extend(reversed(inner))


def inner_blocks(statement: Statement) -> Iterator[Block]:
    """The blocks directly within a statement."""
    if isinstance(statement, If):
        for _, block in statement.branches:
            yield block
    elif isinstance(statement, Select):
        for case in statement.cases:
            yield case.body
    elif isinstance(statement, For | ForEach | Loop | With):
        yield statement.body


class Scope:
    """The names of one procedure while it is compiled."""

    def __init__(self, module: ModuleCode, procedure: Procedure | None) -> None:
        self.module = module
        self.project = module.project
        self.procedure = procedure
        self.slots: dict[str, int] = {}
        self.kinds: dict[str, str] = {}
        self.constants: dict[str, Constant] = {}
        self.size = FIRST
        self.with_slots: list[int] = []
        self.variables: list[Variable] = []
        self.elements: dict[str, str] = {}
        self.first_values: dict[int, Value] = {}
        self.function = procedure.name if procedure and procedure.kind in ("function", "get") else ""
        if procedure:
            self._declare(procedure)
            self._undeclared(procedure)

    def _declare(self, procedure: Procedure) -> None:
        for parameter in procedure.parameters:
            kind = self.default_kind(parameter.name, parameter.kind)
            self.add(
                parameter.name, ("bytes" if kind == "byte" else "array") if parameter.array or parameter.rest else kind
            )
        for statement in walked(procedure.body):
            if isinstance(statement, Dim) and not (statement.static or procedure.static):
                for variable in statement.variables:
                    self._variable(variable)
            elif isinstance(statement, Dim):
                for variable in statement.variables:
                    self.slots.setdefault(variable.name, -1)
            elif isinstance(statement, Constant):
                self.constants.setdefault(statement.name, statement)
            elif isinstance(statement, ReDim):
                for target, _, _ in statement.targets:
                    if isinstance(target, NameNode) and not self.known(target.name):
                        self.add(target.name, "array")

    def _undeclared(self, procedure: Procedure) -> None:
        """What is assigned to without a declaration is a variable, also where the library has something of that
        name.
        """
        for statement in walked(procedure.body):
            target = (
                statement.target
                if isinstance(statement, Let)
                else statement.variable
                if isinstance(statement, For | ForEach)
                else None
            )
            name = target.name if isinstance(target, NameNode) else ""
            if (
                (name in FUNCTIONS or name in CONSTANTS or name in HOSTS)
                and not self.known(name)
                and name not in self.constants
            ):
                self.add(name, "variant")

    def default_kind(self, name: str, kind: str) -> str:
        """The type of a name without one (``DefInt`` …)."""
        return self.module.tree.defaults.get(name[:1], kind) if kind == "variant" else kind

    def _variable(self, variable: Variable) -> None:
        if variable.name in self.slots:
            return
        kind = self.default_kind(variable.name, variable.kind)
        is_array = variable.bounds is not None
        self.add(variable.name, ("bytes" if kind == "byte" else "array") if is_array else kind)
        self.variables.append(variable)
        if is_array:
            self.elements[variable.name] = kind

    def known(self, name: str) -> bool:
        """The name is declared somewhere in the project."""
        return (
            name in self.slots
            or name in self.module.fields
            or name in self.module.constants
            or name in self.project.variables
            or name == self.function
        )

    def add(self, name: str, kind: str) -> int:
        """A slot for a local name."""
        slot = self.size
        self.size += 1
        self.slots[name] = slot
        self.kinds[name] = kind
        self.first_values[slot] = initial(kind) if kind not in ("array", "bytes") else None
        return slot

    def hidden(self) -> int:
        """A slot without a name."""
        slot = self.size
        self.size += 1
        self.first_values[slot] = None
        return slot


def record(machine: Machine, project: ProjectCode, kind: str, depth: int = 0) -> Value:
    """A new value of a user-defined type, Nothing when there is none of that name."""
    fields = project.types.get(kind)
    if fields is None or depth > _RECORDS:
        return NOTHING
    made = Record(kind)
    for variable in fields:
        if variable.bounds is not None:
            made.fields[variable.name] = empty_array(machine, project, variable, depth)
        elif variable.kind in project.types:
            made.fields[variable.name] = record(machine, project, variable.kind, depth + 1)
        else:
            made.fields[variable.name] = initial(variable.kind)
    return made


_RECORDS = 8


def empty_array(machine: Machine, project: ProjectCode, variable: Variable, depth: int) -> Value:
    """An array within a user-defined type; its bounds are literals."""
    bounds: list[tuple[int, int]] = []
    for first, last in variable.bounds or ():
        low, high = literal(first, 0), literal(last, -1)
        bounds.append((low, high))
    if not bounds:
        return listed([], 0, variable.kind)
    count = 1
    for low, high in bounds:
        count *= max(0, high - low + 1)
    machine.spend(count >> 2)
    if variable.kind in project.types:
        return Array(
            tuple(bounds), [record(machine, project, variable.kind, depth + 1) for _ in range(min(count, 10_000))]
        )
    return Array(tuple(bounds), [initial(variable.kind)] * min(count, 1_000_000), variable.kind)


def literal(tree: Expression | None, otherwise: int) -> int:
    """The value of an integer literal."""
    value = getattr(tree, "value", otherwise)
    return value if isinstance(value, int) else otherwise
