"""Read expressions by operator precedence (Pratt). Follows [MS-VBAL] 5.6.9 for the precedences, 5.6.2 for the terms."""

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
from seriema.examine.vba.tokens import BRACKET, END, LITERAL, NAME, OPERATOR, Token
from seriema.examine.vba.values import NOTHING, NULL

#: Nested parentheses, calls and unary operators of one expression.
DEPTH = 90
_PRECEDENCE = {
    "imp": 1, "eqv": 2, "xor": 3, "or": 4, "and": 5,
    "=": 7, "<>": 7, "<": 7, ">": 7, "<=": 7, ">=": 7, "is": 7, "like": 7,
    "&": 8, "+": 9, "-": 9, "mod": 10, "\\": 11, "*": 12, "/": 12, "^": 14,
}  # fmt: skip
_NOT, _NEGATION = 6, 13
_WORDS = {"true": True, "false": False, "nothing": NOTHING, "empty": None, "null": NULL}
#: Words that end an expression.
_STOPS = frozenset({"then", "to", "step", "else", "goto", "gosub", "as", "for", "access", "lock"})


class SyntaxFault(Exception):
    """A statement makes no sense."""


class Reader:
    """A cursor over tokens that reads expressions; ``statements.StatementReader`` extends it."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.opened = -1  #: where the parenthesis of the last call or element stands

    @property
    def here(self) -> Token:
        """The token that is next."""
        return self.tokens[self.at]

    def is_operator(self, *texts: str) -> bool:
        """One of these operators is next."""
        token = self.tokens[self.at]
        return token.kind == OPERATOR and token.text in texts

    def is_word(self, *texts: str) -> bool:
        """One of these words is next."""
        token = self.tokens[self.at]
        return token.kind == NAME and token.text in texts

    def take(self, *texts: str) -> bool:
        """Step over one of these words or operators; False when none is next."""
        token = self.tokens[self.at]
        if token.kind in (NAME, OPERATOR) and token.text in texts:
            self.at += 1
            return True
        return False

    def expect(self, *texts: str) -> None:
        """Step over one of these or raise ``SyntaxFault``."""
        if not self.take(*texts):
            raise SyntaxFault(self.here.text)

    def name(self) -> str:
        """A name, in lower case."""
        token = self.tokens[self.at]
        if token.kind not in (NAME, BRACKET):
            raise SyntaxFault(token.text)
        self.at += 1
        return token.text

    @property
    def ended(self) -> bool:
        """The statement ends here."""
        token = self.tokens[self.at]
        return token.kind == END or (token.kind == OPERATOR and token.text == ":")

    # -- operators -----------------------------------------------------------------------------------------------------

    def expression(self, binding: int = 0) -> Expression:
        """An expression whose operators bind tighter than ``binding``."""
        self.depth += 1
        if self.depth > DEPTH:
            raise SyntaxFault("too deep")
        left = self._prefix()
        while True:
            token = self.tokens[self.at]
            precedence = _PRECEDENCE.get(token.text, 0) if token.kind in (OPERATOR, NAME) else 0
            if precedence <= binding:
                break
            self.at += 1
            left = Binary(token.text, left, self.expression(precedence), token.line)
        self.depth -= 1
        return left

    def _prefix(self) -> Expression:
        token = self.tokens[self.at]
        if token.kind == OPERATOR and token.text in ("-", "+"):
            self.at += 1
            operand = self.expression(_NEGATION)
            return Unary("-", operand) if token.text == "-" else operand
        if token.kind == NAME and token.text == "not":
            self.at += 1
            return Unary("not", self.expression(_NOT - 1))
        return self.postfix(self._primary())

    # -- terms ---------------------------------------------------------------------------------------------------------

    def _primary(self) -> Expression:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == LITERAL:
            return Literal(token.value, token.line)
        if token.kind == BRACKET:
            return Bracket(token.text, token.spelled)
        if token.kind == NAME:
            return self._worded(token)
        if token.kind == OPERATOR:
            if token.text == "(":
                inner = self.expression()
                self.expect(")")
                return Grouped(inner)
            if token.text in (".", " .", "!"):
                return Member(None, self.name(), token.line, token.text == "!")
            if token.text == "#":
                return self._primary()
        self.at -= 1
        raise SyntaxFault(token.text)

    def _worded(self, token: Token) -> Expression:
        word = token.text
        if word in _WORDS:
            return Literal(_WORDS[word], token.line)
        if word == "new":
            kind = self.name()
            while self.take("."):
                kind = f"{kind}.{self.name()}"
            return New(kind, token.line)
        if word == "typeof":
            operand = self.expression(7)
            self.expect("is")
            kind = self.name()
            while self.take("."):
                kind = self.name()
            return TypeOf(operand, kind)
        if word == "addressof":
            kind = self.name()
            while self.take("."):
                kind = self.name()
            return AddressOf(kind)
        if word in _STOPS:
            self.at -= 1
            raise SyntaxFault(word)
        return Name(word, token.value or "")

    def postfix(self, term: Expression) -> Expression:
        """Members, calls and elements behind a term."""
        steps = 0
        while True:
            token = self.tokens[self.at]
            if token.kind != OPERATOR:
                return term
            if token.text == "(":
                opened = self.at
                self.at += 1
                arguments = self.arguments(")")
                self.expect(")")
                self.opened = opened
                term = Index(term, arguments, token.line)
            elif token.text in (".", "!") and self.tokens[self.at + 1].kind in (NAME, BRACKET):
                self.at += 1
                term = Member(term, self.name(), token.line, token.text == "!")
            else:
                return term
            steps += 1
            if steps > DEPTH:
                raise SyntaxFault("too long")

    def left_expression(self) -> Expression:
        """What a statement begins with: a term that may be called or assigned to."""
        self.opened = -1
        return self.postfix(self._primary())

    def arguments(self, end: str = "") -> tuple[Argument, ...]:
        """Arguments up to ``end``, or up to the end of the statement."""
        found: list[Argument] = []
        self.depth += 1
        if self.depth > DEPTH:
            raise SyntaxFault("too deep")
        while not self._arguments_end(end):
            if self.take(",", ";"):
                found.append(Argument(None))
                continue
            found.append(self._argument())
            if not self.take(",", ";"):
                break
            if self._arguments_end(end):
                break
        self.depth -= 1
        return tuple(found)

    def _arguments_end(self, end: str) -> bool:
        return self.is_operator(end) if end else self.ended or self.is_word("else")

    def _argument(self) -> Argument:
        token = self.here
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else token
        if token.kind == NAME and following.kind == OPERATOR and following.text == ":=":
            self.at += 2
            return Argument(self.expression(), token.text)
        by_value = self.take("byval")
        if not by_value:
            self.take("byref")
        value = self.expression()
        if self.take("to"):  # a range of indexes; only ReDim and Dim have it, and they read it themselves
            self.expression()
        return Argument(value, by_value=by_value)
