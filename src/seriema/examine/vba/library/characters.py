"""Functions between characters, their numbers and their codings ([MS-VBAL] 6.1.2.11)."""

import re

from seriema.examine.vba.conversion import byte_text, text, whole
from seriema.examine.vba.library.arguments import folds_case, refuse
from seriema.examine.vba.library.registry import function
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.operators import plain
from seriema.examine.vba.values import (
    BAD_CALL,
    MISSING,
    NULL,
    UNKNOWN,
    Array,
    Fault,
    Unknown,
    Value,
    listed,
)


@function("Asc", "AscB")
def code_of(machine: Machine, string: Value) -> Value:
    """The number of the first character in the code page."""
    words = text(string)
    if not words:
        refuse()
    number = ord(words[0])
    if number < 128:
        return number
    encoded = words[0].encode(machine.document.code_page, "replace")
    return encoded[0] if len(encoded) == 1 else int.from_bytes(encoded[:2], "big", signed=True)


@function("AscW")
def wide_code_of(_: Machine, string: Value) -> Value:
    """The number of the first 16-bit unit, negative from 32768 on."""
    words = text(string)
    if not words:
        refuse()
    number = ord(words[0])
    if number > 0xFFFF:
        number = 0xD800 + ((number - 0x10000) >> 10)
    return number - 0x10000 if number > 0x7FFF else number


@function("Chr", "Chr$", "ChrB", "ChrB$", open=True)
def character(machine: Machine, charcode: Value) -> Value:
    """The character of a number in the code page."""
    number = charcode if type(charcode) is int else whole(plain(machine, charcode))
    if type(number) is Unknown:
        return UNKNOWN
    return chr(number) if 0 <= number < 128 else character_of(machine, number)


def character_of(machine: Machine, number: int) -> str:
    """The character of a number in the code page; raises ``Fault`` when there is none."""
    if not -0x8000 <= number <= 0xFFFF:
        refuse()
    if 0 <= number < 256:
        try:
            return bytes((number,)).decode(machine.document.code_page)
        except UnicodeDecodeError:
            return chr(number)
    raw = (number & 0xFFFF).to_bytes(2, "big")
    try:
        return raw.decode(machine.document.code_page)[:1]
    except UnicodeDecodeError:
        raise Fault(BAD_CALL) from None


@function("ChrW", "ChrW$", open=True)
def wide_character(machine: Machine, charcode: Value) -> Value:
    """The character of a 16-bit number."""
    number = whole(plain(machine, charcode))
    if type(number) is Unknown:
        return UNKNOWN
    if not -0x8000 <= number <= 0xFFFF:
        refuse()
    return chr(number & 0xFFFF)


@function("StrComp")
def compared(machine: Machine, string1: Value, string2: Value, compare: Value = MISSING) -> Value:
    """-1, 0 or 1."""
    if string1 is NULL or string2 is NULL:
        return NULL
    first, second = text(string1), text(string2)
    if folds_case(machine, compare):
        first, second = first.lower(), second.lower()
    return (first > second) - (first < second)


@function("StrConv")
def converted(machine: Machine, string: Value, conversion: Value, lcid: Value = MISSING) -> Value:
    """Another case, or to and from bytes of the code page."""
    how = whole(conversion)
    if isinstance(string, Array):
        if how & 64:
            if not all(type(one) is int for one in string.items):
                return UNKNOWN
            return bytes(one & 0xFF for one in string.items).decode(machine.document.code_page, "replace")
        string = byte_text(string)
        if not isinstance(string, str):
            return UNKNOWN
    words = text(string)
    if how & 128:
        return listed(list(words.encode(machine.document.code_page, "replace")), 0, "byte")
    if how & 64:
        return "".join(chr(one) for one in words.encode("utf-16-le", "surrogatepass"))
    changed = {1: str.upper, 2: str.lower}.get(how & 3)
    if how & 3 == 3:
        return re.sub(r"[^\W\d_]+(?:'[^\W\d_]+)?", lambda found: found[0].capitalize(), words)
    return changed(words) if changed else words


@function("Escape")
def escaped(_: Machine, string: Value) -> Value:
    """VBScript's ``Escape``."""
    kept = re.compile(r"[A-Za-z0-9@*_+\-./]")
    return "".join(
        one if kept.match(one) else f"%{ord(one):02X}" if ord(one) < 256 else f"%u{ord(one):04X}"
        for one in text(string)
    )


@function("Unescape")
def unescaped(_: Machine, string: Value) -> Value:
    """VBScript's ``Unescape``."""
    return re.sub(
        r"%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})", lambda found: chr(int(found[1] or found[2], 16)), text(string)
    )
