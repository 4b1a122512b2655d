"""Conditional compilation: which lines the compiler sees.

Follows [MS-VBAL] 3.4; a 64-bit Office on Windows is assumed.
"""

from seriema.examine.vba.expressions import Reader, SyntaxFault
from seriema.examine.vba.syntax import Binary, Expression, Grouped, Literal, Name, Unary
from seriema.examine.vba.tokens import END, NAME, OPERATOR, Token
from seriema.examine.vba.values import Value

_CONSTANTS = {"vba7": -1, "vba6": -1, "win64": -1, "win32": -1, "win16": 0, "mac": 0}
_DIRECTIVES = frozenset({"if", "elseif", "else", "end", "const", "endif"})


def active(found: list[Token]) -> list[Token]:
    """The tokens without directives and without the lines that they exclude."""
    if not any(token.kind == OPERATOR and token.text == "#" for token in found):
        return found
    kept: list[Token] = []
    constants: dict[str, Value] = dict(_CONSTANTS)
    chosen = [(True, True)]  # of each open #If: its lines count, one of its branches has counted
    line: list[Token] = []
    for token in found:
        line.append(token)
        if token.kind != END:
            continue
        if _is_directive(line):
            _directive(line, constants, chosen)
        elif all(counts for counts, _ in chosen):
            kept += line
        line = []
    return kept + line


def _is_directive(line: list[Token]) -> bool:
    return len(line) > 2 and line[0].text == "#" and line[1].kind == NAME and line[1].text in _DIRECTIVES


def _directive(line: list[Token], constants: dict[str, Value], chosen: list[tuple[bool, bool]]) -> None:
    word = line[1].text
    if word == "const":
        if line[2].kind == NAME:
            constants[line[2].text] = _value(line[4:], constants)
    elif word == "if":
        holds = bool(_value(line[2:], constants))
        chosen.append((holds, holds))
    elif word in ("end", "endif"):
        if len(chosen) > 1:
            chosen.pop()
    elif len(chosen) > 1:
        had = chosen[-1][1]
        holds = not had and (word == "else" or bool(_value(line[2:], constants)))
        chosen[-1] = (holds, had or holds)


def _value(line: list[Token], constants: dict[str, Value]) -> Value:
    try:
        return _folded(Reader([*line, line[-1]]).expression(), constants)
    except (SyntaxFault, IndexError):
        return 0


def _folded(tree: Expression, constants: dict[str, Value]) -> Value:
    """The value of a constant expression; unknown names are Empty, as 3.4.1 says."""
    match tree:
        case Literal(value=value):
            return value
        case Name(name=name):
            return constants.get(name, 0)
        case Grouped(inner=inner):
            return _folded(inner, constants)
        case Unary(operator="not", operand=operand):
            return not _folded(operand, constants)
        case Unary(operand=operand):
            value = _folded(operand, constants)
            return -value if isinstance(value, int | float) else 0
        case Binary(operator=operator, left=left, right=right):
            return _applied(operator, _folded(left, constants), _folded(right, constants))
        case _:
            return 0


def _applied(operator: str, left: Value, right: Value) -> Value:
    if operator in ("and", "or"):
        return (left and right) if operator == "and" else (left or right)
    if operator in ("=", "<>"):
        return (left == right) is (operator == "=")
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return 0
    if operator in ("<", ">", "<=", ">="):
        return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]
    return {"+": left + right, "-": left - right, "*": left * right}.get(operator, 0)
