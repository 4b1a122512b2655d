"""Read a module: its options, declarations and procedures, and the statements outside of them.

Follows [MS-VBAL] 5.2, 5.3.
"""

from seriema.examine.vba.declarations import SUFFIX_TYPES
from seriema.examine.vba.expressions import SyntaxFault
from seriema.examine.vba.preprocessing import active
from seriema.examine.vba.statements import StatementReader
from seriema.examine.vba.syntax import (
    Binary,
    Block,
    Constant,
    Import,
    Literal,
    ModuleTree,
    Name,
    Parameter,
    Procedure,
    Statement,
    Variable,
)
from seriema.examine.vba.tokens import LITERAL, NAME, OPERATOR, Token, tokens

_ACCESS = frozenset({"public", "private", "friend", "global", "static"})
_DEFAULTS = {
    "defbool": "boolean", "defbyte": "byte", "defint": "integer", "deflng": "long", "defcur": "currency",
    "defsng": "single", "defdbl": "double", "defdate": "date", "defstr": "string", "defobj": "object",
    "defvar": "variant",
}  # fmt: skip


def parse(name: str, source: str, *, events: bool = False, most: int = 2_000_000) -> ModuleTree:
    """The tree of a module; at most ``most`` tokens of it are read."""
    found = []
    for token in tokens(source):
        found.append(token)
        if len(found) >= most:
            break
    return _ModuleReader(active(found)).module(name, events=events)


class _ModuleReader(StatementReader):
    """Reads one module from its beginning to its end."""

    def __init__(self, found: list[Token]) -> None:
        super().__init__(found)
        self.procedures: list[Procedure] = []
        self.declared: list[Variable] = []
        self.declared_constants: list[Constant] = []
        self.imports: list[Import] = []
        self.types: dict[str, tuple[Variable, ...]] = {}
        self.base = 0
        self.compare_text = False
        self.defaults: dict[str, str] = {}

    def module(self, name: str, *, events: bool) -> ModuleTree:
        """Everything in the module."""
        body: list[Statement] = []
        while not self.is_done():
            self._skip_separators()
            if not self.is_done():
                self._item(body)
        lines = self.tokens[-1].line if self.tokens else 0
        return ModuleTree(
            name, tuple(self.procedures), tuple(self.declared), tuple(self.declared_constants), tuple(self.imports),
            self.types,
            tuple(body), self.base, self.compare_text, self.defaults, self.opaque, lines, events,
        )  # fmt: skip

    def _item(self, body: list[Statement]) -> None:
        """One declaration, procedure, or statement outside of procedures."""
        begun = self.at
        self.depth = 0
        self.closing = 0
        try:
            if not self._declaration():
                self.at = begun
                self._one(body)
        except SyntaxFault:
            self.opaque += 1
            while not self.ended:
                self.at += 1
        if self.at == begun:
            self.at += 1

    def _declaration(self) -> bool:
        if self.begins_procedure():
            self._procedure()
            return True
        words = set()
        while self.here.kind == NAME and self.here.text in _ACCESS:
            words.add(self.here.text)
            self.at += 1
        token = self.here
        if token.kind != NAME:
            return False
        read = _DECLARATIONS.get(token.text)
        following = self.tokens[self.at + 1]
        if read and not (following.kind == OPERATOR and following.text in ("=", "(", ".")):
            self.at += 1
            read(self, token)
            return True
        if token.text in _DEFAULTS:
            self.at += 1
            self._default_types(_DEFAULTS[token.text])
            return True
        if words:
            self.declared += self.variables()
            return True
        return False

    def skip_line(self, _: Token) -> None:
        while not self.ended:
            self.at += 1

    def option(self, _: Token) -> None:
        word = self.name()
        if word == "base":
            self.base = 1 if self.here.value == 1 else 0
        elif word == "compare":
            self.compare_text = self.is_word("text", "database")
        while not self.ended:
            self.at += 1

    def _default_types(self, kind: str) -> None:
        while self.here.kind == NAME:
            first = last = self.name()[0]
            if self.take("-"):
                last = self.name()[0]
            for code in range(ord(first), min(ord(last), ord(first) + 26) + 1):
                self.defaults[chr(code)] = kind
            if not self.take(","):
                return

    def module_variables(self, _: Token) -> None:
        self.declared += self.variables()

    def constants(self, token: Token) -> None:
        self.declared_constants += self.const_statement(token)

    def imported(self, token: Token) -> None:
        self.take("ptrsafe")
        self.expect("function", "sub")
        spelled = self.here.spelled
        name = self.name()
        library = alias = ""
        while self.here.kind == NAME and self.here.text in ("lib", "alias", "cdecl"):
            word = self.name()
            if word != "cdecl" and self.here.kind == LITERAL:
                if word == "lib":
                    library = str(self.here.value)
                else:
                    alias = str(self.here.value)
                self.at += 1
        parameters = self._parameters() if self.take("(") else ()
        self.skip_line(token)
        self.imports.append(Import(name, library, alias or spelled, token.line, parameters))

    def type(self, _: Token) -> None:
        """``Type … End Type``."""
        name = self.name()
        fields: list[Variable] = []
        while not self.is_done():
            self._skip_separators()
            if self.starts(("end", "type")):
                self.at += 2
                break
            if self.is_done() or self.begins_procedure():
                break
            try:
                fields += self.variables()
            except SyntaxFault:
                while not self.ended:
                    self.at += 1
        self.types[name] = tuple(fields)

    def enum(self, _: Token) -> None:
        """``Enum … End Enum``: constants, each one more than the one before unless said otherwise."""
        self.name()
        previous: Constant | None = None
        while not self.is_done():
            self._skip_separators()
            if self.starts(("end", "enum")):
                self.at += 2
                return
            if self.is_done() or self.begins_procedure():
                return
            previous = self._enumerated(previous)
            self.declared_constants.append(previous)

    def _enumerated(self, previous: Constant | None) -> Constant:
        line = self.here.line
        name = self.name()
        if self.take("="):
            return Constant(line, name, self.expression())
        return Constant(line, name, Binary("+", Name(previous.name), Literal(1)) if previous else Literal(0))

    # -- procedures ----------------------------------------------------------------------------------------------------

    def _procedure(self) -> None:
        modifiers = set()
        while self.here.text in _ACCESS:
            modifiers.add(self.here.text)
            self.at += 1
        line = self.here.line
        kind = self.name()
        if kind == "property":
            kind = self.name()
        token = self.here
        name = self.name()
        returns = SUFFIX_TYPES.get(str(token.value), "")
        parameters: tuple[Parameter, ...] = ()
        try:
            parameters = self._parameters() if self.take("(") else ()
            returns, _, _ = self.declared_type(returns)
            self.take("static")
        except SyntaxFault:
            self.opaque += 1
            while not self.ended:
                self.at += 1
        body = self._body()
        self.procedures.append(
            Procedure(
                name, kind, line, parameters, returns or "variant", body,
                "private" in modifiers, "static" in modifiers, token.spelled,
            ),
        )  # fmt: skip

    def _body(self) -> Block:
        self.open_blocks = []
        found: list[Statement] = []
        while True:
            found += self.block("procedure")
            self.closing = 0
            if self.is_done() or self.begins_procedure():
                break
            if self.starts(("end", "sub"), ("end", "function"), ("end", "property")):
                self.at += 2
                break
            self._one(found)
        return tuple(found)

    def _parameters(self) -> tuple[Parameter, ...]:
        found = []
        while not self.take(")"):
            optional = by_value = rest = False
            while self.is_word("optional", "byval", "byref", "paramarray"):
                optional |= self.is_word("optional")
                by_value |= self.is_word("byval")
                rest |= self.is_word("paramarray")
                self.at += 1
            token = self.here
            name = self.name()
            array = self.take("(")
            if array:
                self.expect(")")
            kind, _, _ = self.declared_type(SUFFIX_TYPES.get(str(token.value), ""))
            default = self.expression() if self.take("=") else None
            found.append(Parameter(name, kind, by_value, optional or rest, rest, default, array))
            if not self.take(","):
                self.expect(")")
                break
        return tuple(found)


_DECLARATIONS = {
    "option": _ModuleReader.option,
    "attribute": _ModuleReader.skip_line,
    "implements": _ModuleReader.skip_line,
    "event": _ModuleReader.skip_line,
    "declare": _ModuleReader.imported,
    "type": _ModuleReader.type,
    "enum": _ModuleReader.enum,
    "const": _ModuleReader.constants,
    "dim": _ModuleReader.module_variables,
    "withevents": _ModuleReader.module_variables,
}
