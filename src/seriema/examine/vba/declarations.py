"""Read what procedures and modules declare: variables with bounds and types, constants, ``ReDim``.

Follows [MS-VBAL] 5.2.3 and 5.4.3.
"""

from seriema.examine.vba.expressions import Reader, SyntaxFault
from seriema.examine.vba.syntax import Constant, Dim, Expression, Member, Name, ReDim, Statement, Variable
from seriema.examine.vba.tokens import NAME, Token

_TIMES = 12
SUFFIX_TYPES = {"$": "string", "%": "integer", "&": "long", "!": "single", "#": "double", "@": "currency"}


class DeclarationReader(Reader):
    """Reads declarations."""

    def variables(self) -> tuple[Variable, ...]:
        """The list behind ``Dim``, ``Static``, ``Public`` or ``Private``."""
        found = []
        while True:
            self.take("withevents")
            token = self.here
            name = self.name()
            kind = SUFFIX_TYPES.get(str(token.value), "")
            bounds = None
            if self.take("("):
                bounds = self.bounds()
            kind, new, width = self.declared_type(kind)
            found.append(Variable(name, kind, bounds, new, width))
            if not self.take(","):
                return tuple(found)

    def bounds(self) -> tuple[tuple[Expression | None, Expression], ...]:
        """Bounds of an array, behind the opening parenthesis."""
        found: list[tuple[Expression | None, Expression]] = []
        while not self.take(")"):
            first = self.expression()
            found.append((first, self.expression()) if self.take("to") else (None, first))
            if not self.take(",") and not self.is_operator(")"):
                raise SyntaxFault(self.here.text)
        return tuple(found)

    def declared_type(self, kind: str) -> tuple[str, bool, Expression | None]:
        """What stands behind ``As``: the type, whether it is ``New``, the width of a string."""
        if not self.take("as"):
            return kind or "variant", False, None
        new = self.take("new")
        kind = self.name()
        while self.take("."):
            kind = f"{kind}.{self.name()}"
        width = self.expression(_TIMES) if self.take("*") else None
        if self.take("("):
            self.expect(")")
        return kind, new, width

    def dim_statement(self, token: Token) -> Statement:
        """``Dim`` and ``Static``."""
        return Dim(token.line, self.variables(), static=token.text == "static")

    def const_statement(self, _: Token) -> tuple[Constant, ...]:
        """``Const a = 1, b = 2``."""
        found = []
        while True:
            line = self.here.line
            name = self.name()
            self.declared_type("")
            self.expect("=")
            found.append(Constant(line, name, self.expression()))
            if not self.take(","):
                return tuple(found)

    def redim_statement(self, token: Token) -> Statement:
        """``ReDim [Preserve]``."""
        preserve = self.take("preserve")
        targets = []
        while True:
            target: Expression = Name(self.name()) if self.here.kind == NAME else self.left_expression()
            while self.is_operator(".") and self.tokens[self.at + 1].kind == NAME:
                target = self._stepped(target)
            self.expect("(")
            bounds = self.bounds()
            kind, _, _ = self.declared_type("")
            targets.append((target, bounds, "" if kind == "variant" else kind))
            if not self.take(","):
                return ReDim(token.line, tuple(targets), preserve)

    def _stepped(self, target: Expression) -> Expression:
        line = self.here.line
        self.at += 1
        return Member(target, self.name(), line)
