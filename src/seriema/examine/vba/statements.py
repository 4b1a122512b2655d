"""Read statements and blocks. A line that makes no sense becomes opaque and costs nothing else.

Follows [MS-VBAL] 5.4.
"""

from collections.abc import Callable

from seriema.examine.vba.declarations import DeclarationReader
from seriema.examine.vba.expressions import SyntaxFault
from seriema.examine.vba.simple_statements import SIMPLE
from seriema.examine.vba.syntax import (
    Block,
    Call,
    Case,
    Expression,
    For,
    ForEach,
    If,
    Index,
    Jump,
    Label,
    Let,
    Literal,
    Loop,
    Opaque,
    Select,
    Statement,
    With,
)
from seriema.examine.vba.tokens import END, LITERAL, NAME, OPERATOR, Token

#: Blocks within blocks.
NESTED = 60
_PROCEDURES = frozenset({"sub", "function", "property"})
#: What ends each block; an outer block's end closes the inner ones too.
_ENDS: dict[str, Callable[["StatementReader"], bool]] = {
    "if": lambda reader: reader.starts(("elseif",), ("else",), ("end", "if"), ("endif",)),
    "select": lambda reader: reader.starts(("case",), ("end", "select")),
    "for": lambda reader: reader.starts(("next",)),
    "do": lambda reader: reader.starts(("loop",)),
    "while": lambda reader: reader.starts(("wend",), ("end", "while")),
    "with": lambda reader: reader.starts(("end", "with")),
    "procedure": lambda reader: reader.starts(("end", "sub"), ("end", "function"), ("end", "property")),
}


class StatementReader(DeclarationReader):
    """Reads the statements of one module."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__([*tokens, *(Token(END, "\n", None, tokens[-1].line if tokens else 0),) * 2])
        self.open_blocks: list[str] = []
        self.opaque = 0
        self.closing = 0  #: loops that a ``Next a, b`` still has to end

    def starts(self, *sequences: tuple[str, ...]) -> bool:
        """One of these word sequences is next."""
        return any(
            all(
                self.at + offset < len(self.tokens)
                and self.tokens[self.at + offset].kind == NAME
                and self.tokens[self.at + offset].text == word
                for offset, word in enumerate(words)
            )
            for words in sequences
        )

    def is_done(self) -> bool:
        """No statement is left."""
        return self.at >= len(self.tokens) - 2

    def block(self, kind: str) -> Block:
        """Statements up to the end of a block, which is not stepped over."""
        self.open_blocks.append(kind)
        found: list[Statement] = []
        while not self.is_done() and not self.closing:
            self._skip_separators()
            if self.is_done() or self._closes():
                break
            self._one(found)
        self.open_blocks.pop()
        return tuple(found)

    def _skip_separators(self) -> None:
        while not self.is_done() and self.ended:
            self.at += 1

    def _closes(self) -> bool:
        """The end of this or an enclosing block is next, or another procedure begins."""
        token = self.here
        if token.kind != NAME:
            return False
        return any(_ENDS[kind](self) for kind in set(self.open_blocks) if kind in _ENDS) or self.begins_procedure()

    def begins_procedure(self) -> bool:
        """A procedure's first line is next."""
        at = self.at
        while self.tokens[at].kind == NAME and self.tokens[at].text in ("public", "private", "friend", "static"):
            at += 1
        token = self.tokens[at]
        return token.kind == NAME and token.text in _PROCEDURES and self.tokens[at + 1].kind == NAME

    def _one(self, found: list[Statement]) -> None:
        """Read one statement; one that makes no sense is skipped to its end."""
        begun, line, opened = self.at, self.here.line, len(self.open_blocks)
        self.depth = 0
        try:
            self._whole(found)
        except SyntaxFault:
            del self.open_blocks[opened:]
            self.opaque += 1
            found.append(Opaque(line))
            while not self.ended:
                self.at += 1
        if self.at == begun:
            self.at += 1

    def _whole(self, found: list[Statement]) -> None:
        """A statement behind which nothing is left over."""
        self._statement(found)
        if not self.ended and not self.is_word("else") and not self.closing:
            raise SyntaxFault(self.here.text)

    def _statement(self, found: list[Statement]) -> None:
        token = self.here
        first_on_line = self.at == 0 or self.tokens[self.at - 1].kind == END
        if first_on_line and token.kind == LITERAL and isinstance(token.value, int):
            self.at += 1
            found.append(Label(token.line, str(token.value)))
            self.take(":")
            if self.ended or self._closes():
                return
            token = self.here
        following = self.tokens[self.at + 1]
        parted = following.kind == OPERATOR and following.text == ":"
        if token.kind == NAME and parted and first_on_line and token.text not in _BARE:
            self.at += 1  # the colon parts it from what follows
            found.append(Label(token.line, token.text))
            return
        if token.kind == NAME:
            statement = self._worded_statement(token, following)
            if statement is not None:
                found.extend(statement if isinstance(statement, tuple) else (statement,))
                return
        found.append(self._call_or_let(token))

    def _worded_statement(self, token: Token, following: Token) -> Statement | tuple[Statement, ...] | None:
        """The statement that a word begins; None where the word is a name that is called or assigned to."""
        read = _STATEMENTS.get(token.text)
        if read is None:
            return None
        may_be_name = token.text in _NAMES_TOO and following.kind == OPERATOR
        if may_be_name and following.text in ("=", "."):
            return None
        begun = self.at
        self.at += 1
        try:
            return read(self, token)
        except SyntaxFault:
            if not may_be_name or following.text != "(":
                raise
            self.at = begun
            return None

    def _call_or_let(self, token: Token) -> Statement:
        target = self.left_expression()
        if self.take("="):
            return Let(token.line, target, self.expression())
        if self.take(":="):
            return Let(token.line, target, self.expression())
        return self._called(token, target)

    def _called(self, token: Token, target: Expression) -> Call:
        if self.ended or self.is_word("else"):
            if isinstance(target, Index):
                return Call(token.line, target.callee, target.arguments)
            return Call(token.line, target, ())
        if isinstance(target, Index) and self.tokens[self.at - 1].text == ")":
            self.at = self.opened  # f (a), b: the parentheses are the first argument's
            return Call(token.line, target.callee, self.arguments())
        return Call(token.line, target, self.arguments())

    # -- blocks --------------------------------------------------------------------------------------------------------

    def nested(self, kind: str, *ends: tuple[str, ...]) -> Block:
        """A block and the step over its end, where that is there."""
        if len(self.open_blocks) > NESTED:
            raise SyntaxFault("too deep")
        body = self.block(kind)
        for end in ends:
            if self.starts(end):
                self.at += len(end)
                break
        return body

    def if_statement(self, token: Token) -> Statement:
        """``If``, on one line or as a block."""
        condition = self.expression()
        if not self.take("then") and not self.is_word("goto"):
            raise SyntaxFault("then")
        if self.here.kind != END:
            return self._single_line_if(token, condition)
        if len(self.open_blocks) > NESTED:
            raise SyntaxFault("too deep")
        branches: list[tuple[Expression | None, Block]] = [(condition, self.block("if"))]
        while True:
            if self.starts(("elseif",)) or self.starts(("else", "if")):
                self.at += 1 if self.is_word("elseif") else 2
                try:
                    condition = self.expression()
                except SyntaxFault:
                    condition = Literal(None)
                    while not self.ended and not self.is_word("then"):
                        self.at += 1
                self.take("then")
                branches.append((condition, self.block("if")))
            elif self.take("else"):
                branches.append((None, self.block("if")))
            else:
                break
        if self.starts(("end", "if")):
            self.at += 2
        else:
            self.take("endif")
        return If(token.line, tuple(branches))

    def _single_line_if(self, token: Token, condition: Expression) -> Statement:
        then = self._line_statements()
        otherwise = self._line_statements() if self.take("else") else ()
        return If(token.line, ((condition, then), (None, otherwise)) if otherwise else ((condition, then),))

    def _line_statements(self) -> Block:
        """Statements up to ``Else`` or the end of the line."""
        found: list[Statement] = []
        while self.here.kind != END and not self.is_word("else"):
            if self.take(":"):
                continue
            if self.here.kind == LITERAL and isinstance(self.here.value, int):
                found.append(Jump(self.here.line, "goto", str(self.here.value)))
                self.at += 1
                continue
            if self.starts(("end", "if")):
                self.at += 2
                break
            before = self.at
            self._statement(found)
            if self.at == before:
                raise SyntaxFault(self.here.text)
        return tuple(found)

    def select_statement(self, token: Token) -> Statement:
        """``Select Case``."""
        self.expect("case")
        subject = self.expression()
        cases: list[Case] = []
        self.block("select")
        while self.take("case"):
            tests: list[tuple[str, Expression, Expression | None]] = []
            if not self.take("else"):
                try:
                    tests = self._tests()
                except SyntaxFault:
                    self.opaque += 1
                    tests = [("=", Literal("\0unreadable"), None)]
                    while not self.ended:
                        self.at += 1
            cases.append(Case(tuple(tests), self.block("select")))
        if self.starts(("end", "select")):
            self.at += 2
        return Select(token.line, subject, tuple(cases))

    def _tests(self) -> list[tuple[str, Expression, Expression | None]]:
        tests: list[tuple[str, Expression, Expression | None]] = []
        while True:
            self.take("is")
            operator = self.here.text if self.is_operator("=", "<>", "<", ">", "<=", ">=") else ""
            if operator:
                self.at += 1
            value = self.expression(7) if operator else self.expression()
            upper = self.expression() if self.take("to") else None
            tests.append(("to" if upper else operator or "=", value, upper))
            if not self.take(","):
                return tests

    def for_statement(self, token: Token) -> Statement:
        """``For … To`` and ``For Each``."""
        if self.take("each"):
            variable = self.left_expression()
            self.expect("in")
            group = self.expression()
            return ForEach(token.line, variable, group, self._for_body())
        variable = self.left_expression()
        if self.take("as"):
            self.name()
        self.expect("=")
        first = self.expression()
        self.expect("to")
        last = self.expression()
        step = self.expression() if self.take("step") else None
        return For(token.line, variable, first, last, step, self._for_body())

    def _for_body(self) -> Block:
        if len(self.open_blocks) > NESTED:
            raise SyntaxFault("too deep")
        body = self.block("for")
        if self.closing:
            self.closing -= 1
        elif self.take("next"):
            count = 0
            while self.here.kind == NAME and not self.ended:
                self.left_expression()
                count += 1
                if not self.take(","):
                    break
            self.closing = max(0, min(count - 1, self.open_blocks.count("for")))
        return body

    def do_statement(self, token: Token) -> Statement:
        """``Do … Loop``."""
        before = after = None
        until = False
        if self.is_word("while", "until"):
            until = self.here.text == "until"
            self.at += 1
            before = self.expression()
        body = self.nested("do", ("loop",))
        if self.is_word("while", "until"):
            until = self.here.text == "until"
            self.at += 1
            after = self.expression()
        return Loop(token.line, before, after, until, body)

    def while_statement(self, token: Token) -> Statement:
        """``While … Wend``."""
        condition = self.expression()
        return Loop(token.line, condition, None, until=False, body=self.nested("while", ("wend",), ("end", "while")))

    def with_statement(self, token: Token) -> Statement:
        """``With``."""
        subject = self.expression()
        return With(token.line, subject, self.nested("with", ("end", "with")))


#: Words that stand alone in front of a colon without being labels.
_BARE = frozenset(
    {
        "else",
        "end",
        "stop",
        "beep",
        "return",
        "doevents",
        "loop",
        "wend",
        "next",
        "do",
        "resume",
        "reset",
        "close",
        "exit",
    }
)
#: Statement words that may be names of variables as well.
_NAMES_TOO = frozenset(
    {"open", "close", "print", "put", "get", "input", "write", "line", "name", "error", "mid", "seek", "lock", "reset",
     "width", "event", "lset", "rset", "property", "type", "enum", "stop", "erase", "option", "date", "time"}
)  # fmt: skip


_STATEMENTS: dict[str, Callable[[StatementReader, Token], Statement | tuple[Statement, ...]]] = {
    "if": StatementReader.if_statement,
    "select": StatementReader.select_statement,
    "for": StatementReader.for_statement,
    "do": StatementReader.do_statement,
    "while": StatementReader.while_statement,
    "with": StatementReader.with_statement,
    "dim": StatementReader.dim_statement,
    "static": StatementReader.dim_statement,
    "const": StatementReader.const_statement,
    "redim": StatementReader.redim_statement,
    **SIMPLE,
}
