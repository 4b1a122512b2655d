"""The tokens of JavaScript (ECMA-262, 15th edition, section 12; Microsoft's JScript has the same)."""

import re
from dataclasses import dataclass

from seriema.model.errors import LimitReached

#: Tokens of one script that are read.
TOKENS = 300_000
_TOKEN = re.compile(
    r"(?P<space>[\s\ufeff]+|//[^\n\r]*|<!--[^\n\r]*|/\*[^*]*(?:\*(?!/)[^*]*)*(?:\*/|\Z))"
    r"|(?P<number>0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)n?"
    r"|(?P<word>[A-Za-z_$\u0080-\uffff#@](?:[\w$\u0080-\uffff]|\\u[0-9a-fA-F]{4})*)"
    r"|(?P<string>\"[^\"\\\n]*(?:\\[\s\S][^\"\\\n]*)*\"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*')"
    r"|(?P<template>`[^`\\]*(?:\\[\s\S][^`\\]*)*`)"
    r"|(?P<sign>>>>=|\.\.\.|===|!==|>>>|<<=|>>=|\*\*=|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|\+\+|--|&&|\|\||\?\?|\?\.(?!\d)"
    r"|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|\*\*|[-+*/%&|^!~?:=<>(){}\[\];,.])"
)
_REGULAR = re.compile(r"/((?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/([a-z]*)")
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|[0-3]?[0-7]{1,2}|\r\n|[\s\S])")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "\n": "", "\r": "", "\r\n": ""}
#: Words behind which a slash begins a regular expression.
_BEFORE_VALUE = frozenset({"return", "typeof", "case", "in", "of", "new", "delete", "void", "throw", "else", "do"})


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: number, word, string, template, regular, sign or end. ``broken``: a line ended before it."""

    kind: str
    text: str
    broken: bool
    at: int


def tokens(text: str) -> list[Token]:
    """All tokens; what is none is left out. Raises ``LimitReached`` for too many."""
    found: list[Token] = []
    at, broken, value_before = 0, False, False
    while at < len(text):
        regular = None if value_before or text[at] != "/" else _regular(text, at)
        match = regular or _TOKEN.match(text, at)
        if match is None:
            at += 1
            continue
        kind = "regular" if regular else str(match.lastgroup)
        if kind == "space":
            broken = broken or "\n" in match[0] or "\r" in match[0]
        else:
            if len(found) >= TOKENS:
                raise LimitReached(f"more than {TOKENS} tokens of script")
            found.append(Token(kind, match[0], broken, at))
            broken, value_before = False, _ends_value(kind, match[0])
        at = match.end()
    found.append(Token("end", "", broken=True, at=at))
    return found


def _regular(text: str, at: int) -> "re.Match[str] | None":
    return None if text[at : at + 2] in ("//", "/*") else _REGULAR.match(text, at)


def _ends_value(kind: str, text: str) -> bool:
    """A slash behind it divides."""
    if kind == "sign":
        return text in (")", "]", "}")
    return kind != "word" or text not in _BEFORE_VALUE


def unescaped(text: str) -> str:
    """A string's characters from what stands between its quotes."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: "re.Match[str]") -> str:
    code = found[1]
    if code[0] in "xu" and len(code) > 1:
        number = int(code[1:].strip("{}"), 16)
        return chr(number) if number <= 0x10FFFF else ""  # noqa: PLR2004 - the last code point
    return chr(int(code, 8)) if code[0] in "01234567" else _PLAIN.get(code, code)


def number(text: str) -> float:
    """The value of a numeric literal; 0 for one that overflows."""
    plain = text.replace("_", "").lower().rstrip("n") if not text.lower().startswith("0x") else text.replace("_", "")
    if plain[:2].lower() in ("0x", "0b", "0o"):
        return int(plain[:300].rstrip("n"), 0)
    if plain.isdigit():
        return int(plain[:300])
    try:
        return float(plain)
    except ValueError:
        return 0
