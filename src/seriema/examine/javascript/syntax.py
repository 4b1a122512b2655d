"""The statements of JavaScript as nested tuples (ECMA-262, sections 14 and 15).

A statement that cannot be read becomes ``("opaque",)`` and reading goes on behind it.
"""

from collections.abc import Callable

from seriema.examine.javascript.pratt import DEPTH, Expressions, Node, Unreadable
from seriema.examine.javascript.tokens import tokens

_OPAQUE: Node = ("opaque",)


def parse(text: str) -> list[Node]:
    """The statements of a script. Raises ``LimitReached`` for one with too many tokens."""
    return _Parser(tokens(text)).program()


class _Parser(Expressions):
    """Reads a program."""

    __slots__ = ()

    def program(self) -> list[Node]:
        """Everything up to the end; a stray closing brace is passed over."""
        nodes: list[Node] = []
        while self.next.kind != "end":
            nodes += self.block_items()
            self.accept("}")
        return nodes

    def block_items(self) -> list[Node]:
        nodes: list[Node] = []
        while self.next.kind != "end" and not self.is_("}"):
            nodes.append(self.statement())
        return nodes

    def statement(self) -> Node:
        """One statement; from one that cannot be read the next line or semicolon leads on."""
        begin, depth = self.at, self.depth
        self.depth += 1
        try:
            return self._statement()
        except Unreadable:
            self.at = max(self.at, begin + 1) if self.at < len(self.found) - 1 else self.at
            while self.next.kind != "end" and not self.next.broken and not self.is_(";", "}"):
                self.at += 1
            self.accept(";")
            return _OPAQUE
        finally:
            self.depth = depth

    def _statement(self) -> Node:
        if self.depth > DEPTH:
            raise Unreadable("depth")
        token = self.next
        if token.kind == "word":
            reader, after = _STATEMENTS.get(token.text), self.found[self.at + 1]
            name = token.text in ("async", "let") and after.kind == "sign" and after.text not in ("[", "{")
            if reader is not None and not name:
                self.at += 1
                return reader(self)
            if after.text == ":" and after.kind == "sign":
                self.at += 2
                return self.statement()
        if self.accept("{"):
            return self.braced()
        if self.accept(";"):
            return ("block", [])
        node: Node = ("expression", self.expression())
        self._end()
        return node

    def _end(self) -> None:
        if not self.accept(";") and not self.is_("}") and not self.next.broken:
            raise Unreadable("the end of a statement")

    def braced(self) -> Node:
        nodes = self.block_items()
        self.accept("}")
        return ("block", nodes)

    def variables(self) -> Node:
        """``var a = 1, b``: assignments, each to a name or a pattern."""
        nodes: list[Node] = []
        while True:
            target: Node = self._primary() if self.is_("[", "{") else ("name", self.word())
            nodes.append(("declare", target, self.assignment() if self.accept("=") else None))
            if not self.accept(","):
                break
        return ("sequence", nodes)

    def read_variables(self) -> Node:
        node: Node = ("expression", self.variables())
        self._end()
        return node

    def read_function(self) -> Node:
        self.accept("function")
        self.accept("*")
        name = self.word()
        return ("function-named", name, self.function_rest(name))

    def read_async(self) -> Node:
        return self.read_function() if self.is_("function") else ("expression", self.expression())

    def read_if(self) -> Node:
        self.expect("(")
        condition = self.expression()
        self.expect(")")
        then = self.statement()
        return ("if", condition, then, self.statement() if self.accept("else") else None)

    def read_for(self) -> Node:
        self.accept("await")
        self.expect("(")
        first: Node | None = None
        if not self.is_(";"):
            first = self.variables_of_for() if self.accept("var", "let", "const") else self.expression()
        if self.is_("of", "in"):
            kind = self.take().text
            over = self.expression()
            self.expect(")")
            return ("for-each", kind, first, over, self.statement())
        self.expect(";")
        condition = None if self.is_(";") else self.expression()
        self.expect(";")
        step = None if self.is_(")") else self.expression()
        self.expect(")")
        return ("for", first, condition, step, self.statement())

    def variables_of_for(self) -> Node:
        self._inside.append("for")
        node = self.variables()
        self._inside.pop()
        return node

    def read_while(self) -> Node:
        self.expect("(")
        condition = self.expression()
        self.expect(")")
        return ("for", None, condition, None, self.statement())

    def read_do(self) -> Node:
        body = self.statement()
        self.expect("while")
        self.expect("(")
        condition = self.expression()
        self.expect(")")
        self.accept(";")
        return ("do", body, condition)

    def read_return(self) -> Node:
        value = None if self.is_(";", "}") or self.next.broken else self.expression()
        self.accept(";")
        return ("return", value)

    def read_leave(self, kind: str) -> Node:
        if self.next.kind == "word" and not self.next.broken:
            self.at += 1
        self.accept(";")
        return (kind,)

    def read_throw(self) -> Node:
        value = self.expression()
        self.accept(";")
        return ("throw", value)

    def read_try(self) -> Node:
        body = self.statement()
        handler, name, last = None, "", None
        if self.accept("catch"):
            if self.accept("("):
                name = self.word()
                self.expect(")")
            handler = self.statement()
        if self.accept("finally"):
            last = self.statement()
        return ("try", body, name, handler, last)

    def read_switch(self) -> Node:
        self.expect("(")
        value = self.expression()
        self.expect(")")
        self.expect("{")
        cases: list[tuple[Node | None, list[Node]]] = []
        while not self.accept("}") and self.next.kind != "end":
            test = None if self.accept("default") else self._case()
            self.expect(":")
            body: list[Node] = []
            while not self.is_("case", "default", "}") and self.next.kind != "end":
                body.append(self.statement())
            cases.append((test, body))
        return ("switch", value, cases)

    def _case(self) -> Node:
        self.expect("case")
        return self.expression()

    def read_skipped(self) -> Node:
        raise Unreadable("not followed")


_STATEMENTS: dict[str, Callable[[_Parser], Node]] = {
    "var": _Parser.read_variables,
    "let": _Parser.read_variables,
    "const": _Parser.read_variables,
    "function": _Parser.read_function,
    "async": _Parser.read_async,
    "if": _Parser.read_if,
    "for": _Parser.read_for,
    "while": _Parser.read_while,
    "do": _Parser.read_do,
    "return": _Parser.read_return,
    "break": lambda parser: parser.read_leave("break"),
    "continue": lambda parser: parser.read_leave("continue"),
    "throw": _Parser.read_throw,
    "try": _Parser.read_try,
    "switch": _Parser.read_switch,
    "class": _Parser.read_skipped,
    "import": _Parser.read_skipped,
    "export": _Parser.read_skipped,
    "with": _Parser.read_skipped,
}
