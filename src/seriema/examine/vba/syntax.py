"""The syntax tree of VBA: frozen values, expressions and statements. Names after [MS-VBAL] 5.

Names are in lower case, as VBA ignores their case. A statement knows its line.
"""

from dataclasses import dataclass, field

from seriema.examine.vba.values import Value

# -- expressions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant written out."""

    value: Value
    line: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A simple name; ``suffix`` is its type character."""

    name: str
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Bracket:
    """``[A1]``: a name in brackets, which Excel evaluates."""

    text: str
    spelled: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """``object.name``; without an object it is that of the enclosing ``With``. ``bang`` for ``object!name``."""

    object: "Expression | None"
    name: str
    line: int
    bang: bool = False


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: omitted (no value), by its name, or given ``ByVal``."""

    value: "Expression | None"
    name: str = ""
    by_value: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """``callee(arguments)``: a call or an element, which only its use tells apart."""

    callee: "Expression"
    arguments: tuple[Argument, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x``, ``Not x``."""

    operator: str
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``."""

    operator: str
    left: "Expression"
    right: "Expression"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Grouped:
    """``(x)``: a value, never a variable that could be given by reference."""

    inner: "Expression"


@dataclass(frozen=True, slots=True)
class New:
    """``New Class``."""

    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class TypeOf:
    """``TypeOf x Is Class``."""

    operand: "Expression"
    kind: str


@dataclass(frozen=True, slots=True)
class AddressOf:
    """``AddressOf procedure``."""

    name: str


Expression = Literal | Name | Bracket | Member | Index | Unary | Binary | Grouped | New | TypeOf | AddressOf

# -- statements --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable. ``bounds`` is None for a scalar, () for a dynamic array; each bound is (first, last)."""

    name: str
    kind: str = "variant"
    bounds: tuple[tuple[Expression | None, Expression], ...] | None = None
    new: bool = False
    width: Expression | None = None  #: of a string of fixed length


@dataclass(frozen=True, slots=True)
class Let:
    """``target = value``, with ``Set`` for objects."""

    line: int
    target: Expression
    value: Expression
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call as a statement."""

    line: int
    callee: Expression
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class If:
    """Conditions with what they lead to; the last condition is None for ``Else``."""

    line: int
    branches: "tuple[tuple[Expression | None, Block], ...]"


@dataclass(frozen=True, slots=True)
class Case:
    """``Case``: tests of (operator, value, upper value); none for ``Case Else``."""

    tests: tuple[tuple[str, Expression, Expression | None], ...]
    body: "Block"


@dataclass(frozen=True, slots=True)
class Select:
    """``Select Case``."""

    line: int
    subject: Expression
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class For:
    """``For variable = first To last Step step``."""

    line: int
    variable: Expression
    first: Expression
    last: Expression
    step: Expression | None
    body: "Block"


@dataclass(frozen=True, slots=True)
class ForEach:
    """``For Each variable In group``."""

    line: int
    variable: Expression
    group: Expression
    body: "Block"


@dataclass(frozen=True, slots=True)
class Loop:
    """``Do … Loop`` and ``While … Wend``: condition before or behind the body, and whether it ends the loop when
    true.
    """

    line: int
    before: Expression | None
    after: Expression | None
    until: bool
    body: "Block"


@dataclass(frozen=True, slots=True)
class With:
    """``With object``."""

    line: int
    object: Expression
    body: "Block"


@dataclass(frozen=True, slots=True)
class Jump:
    """``GoTo``, ``GoSub``, ``Return``, ``Resume``, ``Exit``, ``End``; ``label`` where there is one."""

    line: int
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class OnJump:
    """``On value GoTo a, b, c``."""

    line: int
    subject: Expression
    labels: tuple[str, ...]
    is_call: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A place to jump to."""

    line: int
    name: str


@dataclass(frozen=True, slots=True)
class OnError:
    """``On Error``: "next", "0", or the label of a handler."""

    line: int
    label: str


@dataclass(frozen=True, slots=True)
class Dim:
    """``Dim`` and ``Static`` in a procedure."""

    line: int
    variables: tuple[Variable, ...]
    static: bool = False


@dataclass(frozen=True, slots=True)
class ReDim:
    """``ReDim [Preserve]``: targets with bounds and type ("" when not given)."""

    line: int
    targets: tuple[tuple[Expression, tuple[tuple[Expression | None, Expression], ...], str], ...]
    preserve: bool


@dataclass(frozen=True, slots=True)
class Constant:
    """``Const name = value``."""

    line: int
    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Special:
    """A statement with a syntax of its own: file statements, ``Mid``, ``LSet``, ``Erase``, ``Error``."""

    line: int
    word: str
    operands: tuple[Expression | None, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A line that could not be read."""

    line: int


Statement = (
    Let | Call | If | Select | For | ForEach | Loop | With | Jump | OnJump | Label | OnError | Dim | ReDim | Constant
    | Special | Opaque
)  # fmt: skip
Block = tuple[Statement, ...]


# -- modules -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a procedure."""

    name: str
    kind: str = "variant"
    by_value: bool = False
    optional: bool = False
    rest: bool = False  #: ParamArray
    default: Expression | None = None
    array: bool = False


@dataclass(frozen=True, slots=True)
class Procedure:
    """``kind`` is sub, function, get, let or set; ``spelled`` the name as written."""

    name: str
    kind: str
    line: int
    parameters: tuple[Parameter, ...]
    returns: str
    body: Block
    private: bool = False
    static: bool = False
    spelled: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """``Declare``: a function of a library, known here as ``name``, there as ``alias``."""

    name: str
    library: str
    alias: str
    line: int
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleTree:
    """Everything a module declares. ``body`` are statements outside of procedures, as VBScript has them."""

    name: str
    procedures: tuple[Procedure, ...] = ()
    variables: tuple[Variable, ...] = ()
    constants: tuple[Constant, ...] = ()
    imports: tuple[Import, ...] = ()
    types: dict[str, tuple[Variable, ...]] = field(default_factory=dict)
    body: Block = ()
    base: int = 0
    compare_text: bool = False
    defaults: dict[str, str] = field(default_factory=dict)  #: first letter → type (``DefInt``)
    opaque: int = 0  #: lines that could not be read
    lines: int = 0
    events: bool = False
