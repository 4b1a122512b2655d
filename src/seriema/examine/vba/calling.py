"""Calls: of procedures of the project, of library functions and imports, of members of objects, and array elements.

Arguments given by reference are copied in and, when the procedure changed them, copied out ([MS-VBAL] 5.3.1.11).
"""

from seriema.examine.vba import externals, member_closures
from seriema.examine.vba.conversion import COERCIONS, initial
from seriema.examine.vba.creation import creator
from seriema.examine.vba.expression_closures import ExpressionCompiler
from seriema.examine.vba.machine import FIRST, HANDLERS, ME, RESULT, Frame, Machine
from seriema.examine.vba.objects.creating import HOSTS, created, host_object
from seriema.examine.vba.objects.document import module_object
from seriema.examine.vba.objects.host import HostObject
from seriema.examine.vba.objects.unknown import unknown_member
from seriema.examine.vba.operators import plain
from seriema.examine.vba.parser import parse
from seriema.examine.vba.scope import Code, Instance, Load, ModuleCode, ProjectCode, Scope, Store, record
from seriema.examine.vba.statement_closures import StatementCompiler
from seriema.examine.vba.store_closures import converter
from seriema.examine.vba.syntax import Import, Procedure
from seriema.examine.vba.values import (
    MISSING,
    NO_MEMBER,
    NOTHING,
    UNKNOWN,
    Array,
    Fault,
    HalfKnown,
    Unknown,
    Value,
    listed,
)

_OPEN = frozenset({Unknown, HalfKnown})
#: Elements of an array among which an unknown index is tried.
TRIED = 24


class Calls:
    """All ways of calling within one project and one machine."""

    def __init__(self, machine: Machine, project: ProjectCode) -> None:
        self.machine = machine
        self.project = project
        self.project_name = "project"
        self.pointers: dict[int, str] = {}
        self.forms = {form.name.lower() for form in machine.document.forms} - project.by_name.keys()

    # -- compiling and running procedures ------------------------------------------------------------------------------

    def ready(self, code: Code) -> Code:
        """The procedure with its closures, made at its first call."""
        if code.body is not None:
            return code
        tree, machine = code.tree, self.machine
        scope = Scope(code.module, tree)
        expressions = ExpressionCompiler(machine, scope, self)
        statements = StatementCompiler(machine, scope, self, expressions)
        code.parameters = tuple(
            converter(machine, scope.kinds.get(one.name, "variant") if one.by_value else "", is_set=not one.by_value)
            for one in tree.parameters
        )
        body = statements.block(tree.body, code.handlers)
        code.inits = tuple(
            (scope.slots[variable.name], made)
            for variable in scope.variables
            if (made := creator(machine, self, scope, variable)) is not None
        )
        template: Frame = [None] * scope.size
        for slot, value in scope.first_values.items():
            template[slot] = value
        template[RESULT] = initial(tree.returns) if tree.kind in ("function", "get") else None
        template[HANDLERS] = code.handlers
        code.template = template
        code.cost = 3 + len(tree.body)
        code.body = body
        return code

    def invoke(self, code: Code, me: Value, values: list[Value], stores: list[Store | None], f: Frame | None) -> Value:
        """Run a procedure; what it changed of arguments by reference is stored through ``stores`` into ``f``."""
        machine = self.machine
        if code.body is None:
            self.ready(code)
        machine.spend(code.cost)
        if machine.depth >= machine.budget.depth:
            raise Fault(28)
        machine.called.add(code)
        frame = code.template[:]
        frame[ME] = me
        given = self._placed(code, frame, values)
        for slot, make in code.inits:
            frame[slot] = make(me)
        if code.tree.returns in self.project.types and code.tree.kind in ("function", "get"):
            frame[RESULT] = self._record(code)
        machine.depth += 1
        machine.stack.append(code.name)
        assert code.body is not None
        try:
            code.body(frame)
        finally:
            machine.depth -= 1
            machine.stack.pop()
        if f is not None:
            for number, store in enumerate(stores[: len(given)]):
                if (
                    store is not None
                    and frame[FIRST + number] is not given[number]
                    and not code.tree.parameters[number].by_value
                ):
                    store(f, frame[FIRST + number])
        return frame[RESULT]

    def _record(self, code: Code) -> Value:
        return record(self.machine, self.project, code.tree.returns)

    def _placed(self, code: Code, frame: Frame, values: list[Value]) -> list[Value]:
        """Put arguments into the frame; gives what stands there, to see later what changed."""
        given: list[Value] = []
        for number, parameter in enumerate(code.tree.parameters):
            if parameter.rest:
                frame[FIRST + number] = listed(list(values[number:]))
                break
            value = values[number] if number < len(values) else MISSING
            if value is MISSING:
                value = self._default(code, number)
            elif parameter.by_value:
                value = code.parameters[number](value)
            elif type(value) not in (Array, str, int):
                coerce = COERCIONS.get(parameter.kind)
                if coerce is not None and not isinstance(value, Unknown | HalfKnown):
                    value = coerce(self.machine.let_value(value))
            elif parameter.kind == "string" and type(value) is int:
                value = str(value)
            elif parameter.kind in ("long", "integer", "byte", "double") and type(value) is str:
                value = COERCIONS[parameter.kind](value)
            frame[FIRST + number] = value
            given.append(value)
        return given

    def _default(self, code: Code, number: int) -> Value:
        parameter = code.tree.parameters[number]
        if parameter.default is not None:
            load = ExpressionCompiler(self.machine, Scope(code.module, None), self).load(parameter.default)
            return load([code.module.instance, None, None, None, *[None] * 8])
        return MISSING if parameter.kind == "variant" and parameter.optional else initial(parameter.kind)

    def begin(self, module: ModuleCode, instance: Instance) -> Instance:
        """Give a module's variables their first values, and run what a class does when it is made."""
        scope = Scope(module, None)
        instance.fields[:] = [initial(kind) if kind not in ("array", "bytes") else None for kind in module.kinds]
        for index, variable in enumerate(module.variables):
            made = creator(self.machine, self, scope, variable)
            if made is not None:
                instance.fields[index] = made(instance)
        return instance

    def create(self, machine: Machine, kind: str) -> Value:
        """``New``: an object of a class or form of the project, else one of the system's."""
        module = self.project.find(kind.rpartition(".")[2])
        if module is None:
            return created(machine, kind)
        machine.spend(10)
        instance = self.begin(module, Instance(module))
        code = module.procedures.get("class_initialize", module.procedures.get("userform_initialize", {})).get("get")
        if code is not None:
            self.invoke(code, instance, [], [], None)
        return instance

    # -- calls by computed names ---------------------------------------------------------------------------------------

    def run(self, name: Value, values: list[Value]) -> Value:
        """``Application.Run`` and its like: a procedure by its name; any procedure when the name is unknown."""
        name = self.machine.let_value(name)
        if not isinstance(name, str):
            self.machine.indirect = True
            return UNKNOWN
        code = self.find(name)
        if code is None:
            return UNKNOWN
        return self.invoke(code, code.module.instance, values, [], None)

    def find(self, name: str) -> Code | None:
        """A procedure by ``Module.Name``, ``Project!Name`` or its name alone."""
        plain = name.strip().lower().rpartition("!")[2].strip("'()\" ")
        module_name, _, last = plain.rpartition(".")
        module = self.project.find(module_name.rpartition(".")[2]) if module_name else None
        module = module if module is not None and last in module.procedures else self.project.procedures.get(last)
        return next(iter(module.procedures[last].values())) if module is not None else None

    def by_name(self, owner: Value, name: Value, kind: int, values: list[Value]) -> Value:
        """``CallByName``."""
        name = self.machine.let_value(name)
        if not isinstance(name, str):
            self.machine.indirect = True
            return UNKNOWN
        lowered = name.lower()
        if isinstance(owner, HostObject):
            if kind & 12 and not kind & 3:
                owner.let(lowered, values[:-1], values[-1] if values else None)
                return None
            return owner.call(lowered, values, {})
        if type(owner) is Instance:
            if kind & 12 and not kind & 3:
                self.let_member(owner, lowered, values[:-1], values[-1] if values else None, is_set=bool(kind & 8))
                return None
            return self.instance_member(owner, lowered, values, [], None)
        if type(owner) in _OPEN:
            return unknown_member(self.machine, owner, lowered, values)
        raise Fault(91 if owner is NOTHING or owner is None else 424)

    def raised(self, event: str, values: list[Value]) -> None:
        """``RaiseEvent``: every procedure that handles an event of that name."""
        for module in self.project.modules:
            for name, kinds in module.procedures.items():
                if name.endswith(f"_{event}") and "get" in kinds:
                    self.invoke(kinds["get"], module.instance, list(values), [], None)

    def create_named(self, name: Value) -> Value:
        """``WScript.CreateObject``."""
        return created(self.machine, name)

    def called(self, library: Value, name: str, values: list[Value]) -> Value:
        """An imported function that is called by its own name."""
        one = Import(name.lower(), library if isinstance(library, str) else "", name, 0)
        return externals.call(self.machine, one, values, self.pointers)[0]

    def evaluate(self, words: Value) -> Value:
        """The value of a VBScript expression that is made at run time."""
        if not isinstance(words, str):
            return UNKNOWN
        self.execute(f"Function evaluated_\nevaluated_ = {words}\nEnd Function")
        code = self.find("evaluated_")
        return UNKNOWN if code is None else self.invoke(code, code.module.instance, [], [], None)

    def execute(self, words: Value) -> Value:
        """VBScript that is made at run time: its procedures join the project, its statements run."""
        machine = self.machine
        if not isinstance(words, str):
            if isinstance(words, Unknown) and words.origin is not None:
                machine.sink("run", words, "Execute")
            return UNKNOWN
        machine.grow(len(words))
        machine.spend(20 + (len(words) >> 4))
        tree = parse("Execute", words, most=100_000)
        module = ModuleCode(self.project, tree)
        self.begin(module, module.instance)
        for name in module.procedures:
            self.project.procedures[name] = module
        for name in module.fields:
            self.project.variables[name] = module
        body = Code(module, Procedure("execute", "sub", 1, (), "variant", tree.body, spelled="Execute"))
        self.invoke(body, module.instance, [], [], None)
        return UNKNOWN

    # -- objects -------------------------------------------------------------------------------------------------------

    def is_host(self, name: str) -> bool:
        """The name of an object that the program provides."""
        return name in HOSTS or name in self.forms

    def host(self, machine: Machine, name: str) -> Value:
        """An object that the program provides."""
        return module_object(machine, name) if name in self.forms else host_object(machine, name)

    def control(self, module: ModuleCode, name: str) -> Load | None:
        """A control of a form, or a member of the document, named without its object in its own module."""
        if not module.tree.events:
            return None
        holder = module_object(self.machine, module.name)
        if holder is None or not holder.has(name):
            return None
        return lambda f: self._of_module(module, name)

    def _of_module(self, module: ModuleCode, name: str) -> Value:
        holder = module_object(self.machine, module.name)
        return UNKNOWN if holder is None else holder.call(name, [], {})

    def kind_of(self, value: Value) -> str | None:
        """The class of an object; None when it is not known."""
        if isinstance(value, Instance):
            return value.module.spelled
        if isinstance(value, HostObject):
            return value.kind
        return None if type(value) in _OPEN else ""

    def pointer(self, name: str) -> int:
        """A number that stands for a procedure's address."""
        number = 0x10_0000 + 16 * len(self.pointers)
        self.pointers[number] = name
        return number

    def instance_member(
        self, owner: Instance, name: str, values: list[Value], stores: list[Store | None], f: Frame | None
    ) -> Value:
        """A procedure, property or variable of a module, or what the document or form behind it has."""
        module = owner.module
        code = module.procedures.get(name, {}).get("get")
        if code is not None:
            return self.invoke(code, owner, values, stores, f)
        if name in module.fields:
            value = owner.fields[module.fields[name]]
            return member_closures.element(self.machine, value, values, self.machine.at) if values else value
        holder = module_object(self.machine, module.name)
        if holder is not None:
            return holder.call(name, values, {})
        return UNKNOWN if module.tree.events else self._no_member()

    def _no_member(self) -> Value:
        raise Fault(NO_MEMBER)

    def let_member(self, owner: Instance, name: str, indexes: list[Value], value: Value, *, is_set: bool) -> None:
        """Assign to a property or variable of a module."""
        module = owner.module
        kinds = module.procedures.get(name, {})
        code = kinds.get("set" if is_set else "let") or kinds.get("let") or kinds.get("set")
        if code is not None:
            self.invoke(code, owner, [*indexes, value], [], None)
        elif name in module.fields:
            index = module.fields[name]
            if indexes and isinstance(owner.fields[index], Array):
                array = owner.fields[index]
                array.items[array.place([round(plain(self.machine, one)) for one in indexes])] = value
            else:
                owner.fields[index] = converter(self.machine, module.kinds[index], is_set=is_set)(value)
        else:
            holder = module_object(self.machine, module.name)
            if holder is not None:
                holder.let(name, indexes, value)
