"""Read the statements that hold no others: assignments by a word, jumps, errors, files. [MS-VBAL] 5.4.2 to 5.4.5."""

from collections.abc import Callable

from seriema.examine.vba.expressions import Reader, SyntaxFault
from seriema.examine.vba.syntax import (
    Argument,
    Call,
    Index,
    Jump,
    Let,
    OnError,
    OnJump,
    Opaque,
    Special,
    Statement,
)
from seriema.examine.vba.tokens import LITERAL, NAME, Token


def _set(reader: Reader, token: Token) -> Statement:
    target = reader.left_expression()
    reader.expect("=")
    return Let(token.line, target, reader.expression(), is_set=True)


def _let(reader: Reader, token: Token) -> Statement:
    target = reader.left_expression()
    reader.expect("=")
    return Let(token.line, target, reader.expression())


def _call(reader: Reader, token: Token) -> Statement:
    target = reader.left_expression()
    if isinstance(target, Index):
        return Call(token.line, target.callee, target.arguments)
    return Call(token.line, target, ())


def _target(reader: Reader) -> str:
    token = reader.here
    reader.at += 1
    if token.kind == NAME:
        return token.text
    if token.kind == LITERAL and isinstance(token.value, int):
        return str(token.value)
    raise SyntaxFault(token.text)


def _goto(reader: Reader, token: Token) -> Statement:
    return Jump(token.line, token.text, _target(reader))


def _go(reader: Reader, token: Token) -> Statement:
    word = "goto" if reader.take("to") else "gosub"
    if word == "gosub":
        reader.expect("sub")
    return Jump(token.line, word, _target(reader))


def _on(reader: Reader, token: Token) -> Statement:
    if reader.take("local"):
        pass
    if reader.take("error"):
        if reader.take("resume"):
            reader.expect("next")
            return OnError(token.line, "next")
        reader.expect("goto")
        if reader.take("-"):
            reader.at += 1
            return OnError(token.line, "-1")
        return OnError(token.line, _target(reader))
    subject = reader.expression()
    is_call = reader.take("gosub")
    if not is_call:
        reader.expect("goto")
    labels = [_target(reader)]
    while reader.take(","):
        labels.append(_target(reader))
    return OnJump(token.line, subject, tuple(labels), is_call)


def _resume(reader: Reader, token: Token) -> Statement:
    if reader.ended:
        return Jump(token.line, "resume")
    if reader.take("next"):
        return Jump(token.line, "resume next")
    label = _target(reader)
    return Jump(token.line, "resume" if label == "0" else "goto", "" if label == "0" else label)


def _exit(reader: Reader, token: Token) -> Statement:
    return Jump(token.line, f"exit {reader.name()}")


def _end(reader: Reader, token: Token) -> Statement:
    if not reader.ended and not reader.is_word("else"):
        reader.at += 1  # the end of a block that was never opened
        return Opaque(token.line)
    return Jump(token.line, "end")


def _bare(reader: Reader, token: Token) -> Statement:
    if not reader.ended and not reader.is_word("else"):
        raise SyntaxFault(reader.here.text)
    return Jump(token.line, token.text)


def _stray(reader: Reader, token: Token) -> Statement:
    """The end of a block that was never opened."""
    while not reader.ended:
        reader.at += 1
    return Opaque(token.line)


def _erase(reader: Reader, token: Token) -> Statement:
    return Special(token.line, "erase", tuple(one.value for one in reader.arguments()))


def _raised(reader: Reader, token: Token) -> Statement:
    return Special(token.line, "error", (reader.expression(),))


def _mid(reader: Reader, token: Token) -> Statement:
    """``Mid(variable, start, length) = text``."""
    reader.expect("(")
    arguments = reader.arguments(")")
    reader.expect(")")
    reader.expect("=")
    return Special(token.line, "mid", (*(one.value for one in arguments), reader.expression()))


def _padded(reader: Reader, token: Token) -> Statement:
    target = reader.left_expression()
    reader.expect("=")
    return Special(token.line, token.text, (target, reader.expression()))


def _open(reader: Reader, token: Token) -> Statement:
    """``Open path For mode … As #number``."""
    path = reader.expression()
    mode = reader.name() if reader.take("for") else "random"
    while not reader.ended and not reader.is_word("as"):
        reader.at += 1
    reader.expect("as")
    number = reader.expression()
    if reader.take("len"):
        reader.expect("=")
        reader.expression()
    return Special(token.line, "open", (path, number), mode)


def _file(reader: Reader, token: Token) -> Statement:
    """``Print #1, …`` and its like."""
    word = token.text
    if word == "line":
        reader.expect("input")
        word = "line input"
    if word == "print" and not reader.is_operator("#"):
        return Special(token.line, "print", (None, *(one.value for one in reader.arguments())))
    return Special(token.line, word, tuple(one.value for one in reader.arguments()), "")


def _rename(reader: Reader, token: Token) -> Statement:
    old = reader.expression()
    reader.expect("as")
    return Special(token.line, "name", (old, reader.expression()))


def _raise_event(reader: Reader, token: Token) -> Statement:
    name = reader.name()
    arguments: tuple[Argument, ...] = ()
    if reader.take("("):
        arguments = reader.arguments(")")
        reader.expect(")")
    return Special(token.line, "raiseevent", tuple(one.value for one in arguments), name)


SIMPLE: dict[str, Callable[[Reader, Token], Statement]] = {
    "set": _set, "let": _let, "call": _call, "goto": _goto, "gosub": _goto, "go": _go, "on": _on, "resume": _resume,
    "exit": _exit, "end": _end, "return": _bare, "stop": _bare, "erase": _erase, "error": _raised, "mid": _mid,
    "midb": _mid, "lset": _padded, "rset": _padded, "open": _open, "close": _file, "print": _file, "write": _file,
    "put": _file, "get": _file, "input": _file, "line": _file, "seek": _file, "name": _rename,
    "raiseevent": _raise_event, "next": _stray, "loop": _stray, "wend": _stray, "else": _stray, "elseif": _stray,
    "case": _stray, "endif": _stray, "reset": _bare,
}  # fmt: skip
