"""The expressions of JavaScript: a Pratt parser over tokens into nested tuples (ECMA-262, section 13).

A node is a tuple: its name, then its parts.
"""

from dataclasses import dataclass, field

from seriema.examine.javascript.tokens import Token, number, tokens, unescaped

Node = tuple[object, ...]
#: Statements and expressions within each other.
DEPTH = 80
_BINARY = {
    "??": 1, "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "===": 6, "!==": 6, "<": 7, ">": 7, "<=": 7,
    ">=": 7, "instanceof": 7, "in": 7, "<<": 8, ">>": 8, ">>>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10, "**": 11,
}  # fmt: skip
_ASSIGN = frozenset(
    {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", ">>>=", "**=", "&&=", "||=", "??="}
)
_UNARY = frozenset({"!", "-", "+", "~", "typeof", "void", "delete", "await", "++", "--"})
_CONSTANTS: dict[str, Node] = {
    "true": ("constant", True), "false": ("constant", False), "null": ("constant", None), "this": ("name", "this"),
}  # fmt: skip


class Unreadable(Exception):
    """A statement that is none."""


#: Words that begin a statement and are no names.
RESERVED = frozenset(
    {
        "var", "const", "function", "if", "for", "while", "do", "return", "break", "continue", "throw", "try", "switch",
        "class", "import", "export", "with",
    }
)  # fmt: skip


@dataclass(slots=True)
class Expressions:
    """Reads expressions; the bodies of functions are its heir's."""

    found: list[Token]
    at: int = 0
    depth: int = 0
    _inside: list[str] = field(default_factory=list)

    # -- tokens --------------------------------------------------------------------------------------------------------

    @property
    def next(self) -> Token:
        """The token that follows."""
        return self.found[self.at]

    def take(self) -> Token:
        """That token, and go on behind it."""
        token = self.found[self.at]
        self.at += token.kind != "end"
        return token

    def is_(self, *texts: str) -> bool:
        """One of those words or signs follows."""
        token = self.found[self.at]
        return token.kind in ("sign", "word") and token.text in texts

    def accept(self, *texts: str) -> bool:
        """Take one of those words or signs when it follows."""
        if self.is_(*texts):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Take that sign; raises ``Unreadable`` when another follows."""
        if not self.accept(text):
            raise Unreadable(text)

    def word(self) -> str:
        """A name, also one in quotes."""
        token = self.take()
        if token.kind not in ("word", "string", "number"):
            raise Unreadable("a name")
        return unescaped(token.text[1:-1]) if token.kind == "string" else token.text

    def braced(self) -> Node:
        """The statements up to the closing brace; here, within a template, there are none."""
        raise Unreadable("statements")

    def function_rest(self, name: str) -> Node:
        """Parameters and body of a function."""
        self.expect("(")
        parameters = self.parameters()
        self.expect("{")
        return ("function", name, parameters, self.braced())

    def parameters(self) -> list[Node]:
        """The parameters, each with its default, up to the closing parenthesis."""
        found: list[Node] = []
        while not self.accept(")"):
            rest = self.accept("...")
            target: Node = self._primary() if self.is_("[", "{") else ("name", self.word())
            found.append((target, self.assignment() if self.accept("=") else None, rest))
            if not self.is_(")"):
                self.expect(",")
        return found

    # -- expressions ---------------------------------------------------------------------------------------------------

    def expression(self) -> Node:
        """One expression, commas included."""
        first = self.assignment()
        if not self.is_(","):
            return first
        nodes = [first]
        while self.accept(","):
            nodes.append(self.assignment())
        return ("sequence", nodes)

    def assignment(self) -> Node:
        """One expression without commas."""
        depth = self.depth
        self.depth += 1
        if self.depth > DEPTH:
            raise Unreadable("depth")
        try:
            arrow = self._arrow()
            if arrow:
                return arrow
            left = self._conditional()
            if self.next.kind == "sign" and self.next.text in _ASSIGN:
                return ("assign", self.take().text, left, self.assignment())
            return left
        finally:
            self.depth = depth

    def _arrow(self) -> Node | None:
        """``x => …`` and ``(x, y) => …``; None when none begins here."""
        if self.is_("async") and self.found[self.at + 1].text == "(":
            self.at += 1
        token, after = self.next, self.found[min(self.at + 1, len(self.found) - 1)]
        if token.kind == "word" and after.text == "=>" and after.kind == "sign":
            self.at += 2
            return self._arrow_rest([(("name", token.text), None, False)])
        if not self.is_("(") or not self._arrow_follows():
            return None
        self.at += 1
        parameters = self.parameters()
        self.expect("=>")
        return self._arrow_rest(parameters)

    def _arrow_follows(self) -> bool:
        """Behind the parenthesis that opens here and closes within some tokens stands an arrow."""
        depth = 0
        for place in range(self.at, min(self.at + 60, len(self.found))):
            token = self.found[place]
            if token.kind == "sign" and token.text in "([{":
                depth += 1
            elif token.kind == "sign" and token.text in ")]}":
                depth -= 1
                if not depth:
                    return self.found[min(place + 1, len(self.found) - 1)].text == "=>"
        return False

    def _arrow_rest(self, parameters: list[Node]) -> Node:
        if self.accept("{"):
            return ("function", "", parameters, self.braced())
        return ("function", "", parameters, ("return", self.assignment()))

    def _conditional(self) -> Node:
        condition = self._binary(0)
        if not self.accept("?"):
            return condition
        then = self.assignment()
        self.expect(":")
        return ("choose", condition, then, self.assignment())

    def _binary(self, least: int) -> Node:
        left = self._unary()
        while self.next.kind in ("sign", "word"):
            sign = self.next.text
            power = _BINARY.get(sign, -1)
            if power <= least or (sign == "in" and "for" in self._inside):
                break
            self.at += 1
            right = self._binary(power)
            if sign == "+":  # long sums are kept flat, so that a thousand pieces nest no deeper than two
                if left[0] == "sum" and isinstance(left[1], list):
                    left[1].append(right)
                else:
                    left = ("sum", [left, right])
            else:
                left = ("binary", sign, left, right)
        return left

    def _unary(self) -> Node:
        signs: list[str] = []
        while self.next.kind in ("sign", "word") and self.next.text in _UNARY and len(signs) < DEPTH:
            signs.append(self.take().text)
        node = self._postfix(self._primary())
        for sign in reversed(signs):
            node = ("step", sign, node, True) if sign in ("++", "--") else ("unary", sign, node)
        return node

    def _postfix(self, node: Node) -> Node:
        for _ in range(len(self.found)):
            if self.accept("."):
                node = ("member", node, ("constant", self.word()))
            elif self.accept("?."):
                node = node if self.is_("(", "[") else ("member", node, ("constant", self.word()))
            elif self.accept("["):
                node = ("member", node, self.expression())
                self.expect("]")
            elif self.accept("("):
                node = ("call", node, self.arguments())
            elif self.next.kind == "template":
                node = ("call", node, [self._template(self.take().text)])
            else:
                break
        if self.is_("++", "--") and not self.next.broken:
            return ("step", self.take().text, node, False)
        return node

    def arguments(self) -> list[Node]:
        """The arguments of a call up to its closing parenthesis."""
        found: list[Node] = []
        while not self.accept(")"):
            found.append(("spread", self.assignment()) if self.accept("...") else self.assignment())
            if not self.is_(")"):
                self.expect(",")
        return found

    def _primary(self) -> Node:  # noqa: PLR0911 - one way out for each sort of token
        token = self.take()
        if token.kind == "string":
            return ("constant", unescaped(token.text[1:-1]))
        if token.kind == "number":
            return ("constant", number(token.text))
        if token.kind == "template":
            return self._template(token.text)
        if token.kind == "regular":
            body, _, flags = token.text[1:].rpartition("/")
            return ("regular", body, flags)
        if token.kind == "word":
            return self._named(token.text)
        if token.text == "(":
            node = self.expression()
            self.expect(")")
            return ("group", node)
        if token.text == "[":
            return ("array", self._elements())
        if token.text == "{":
            return ("object", self._properties())
        raise Unreadable(token.text)

    def _named(self, text: str) -> Node:
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text == "function":
            self.accept("*")
            return self.function_rest(self.word() if not self.is_("(") else "")
        if text == "async" and self.accept("function"):
            return self.function_rest("" if self.is_("(") else self.word())
        if text == "new":
            return self._new()
        if text in RESERVED:
            raise Unreadable(text)
        return ("name", text)

    def _new(self) -> Node:
        node = self._primary()
        while not self.is_("("):
            if self.accept("."):
                node = ("member", node, ("constant", self.word()))
            elif self.accept("["):
                node = ("member", node, self.expression())
                self.expect("]")
            else:
                return ("new", node, [])
        self.expect("(")
        return ("new", node, self.arguments())

    def _elements(self) -> list[Node]:
        found: list[Node] = []
        while not self.accept("]"):
            if self.accept(","):
                found.append(_CONSTANTS["null"])
                continue
            found.append(("spread", self.assignment()) if self.accept("...") else self.assignment())
            if not self.is_("]"):
                self.expect(",")
        return found

    def _properties(self) -> list[Node]:
        found: list[Node] = []
        while not self.accept("}"):
            if self.accept("..."):
                found.append((None, self.assignment()))
            else:
                found.append(self._property())
            if not self.is_("}"):
                self.expect(",")
        return found

    def _property(self) -> Node:
        if self.accept("["):
            key: Node = self.expression()
            self.expect("]")
        else:
            key = ("constant", self.word())
        if self.is_("("):
            return (key, self.function_rest(""))
        if self.accept(":"):
            return (key, self.assignment())
        name = str(key[1])
        return (key, ("assign", "=", ("name", name), self.assignment()) if self.accept("=") else ("name", name))

    def _template(self, text: str) -> Node:
        """A template literal as the sum of its pieces."""
        pieces: list[Node] = [("constant", "")]
        rest = text[1:-1]
        while "${" in rest:
            plain, _, rest = rest.partition("${")
            inner, _, rest = rest.partition("}")
            pieces.append(("constant", unescaped(plain)))
            within = type(self)(tokens(inner), depth=self.depth)
            pieces.append(("group", within.expression()))
        return ("sum", [*pieces, ("constant", unescaped(rest))])
