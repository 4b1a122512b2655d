"""PowerShell: what its constant expressions come to, and code in base64 (about_Operators, about_PowerShell_exe).

Literals are joined, formatted, replaced, turned round and put in place of the variables that hold them, round by round
until nothing changes.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable

#: Rounds, and characters of the text that they work on.
ROUNDS, CHARACTERS = 12, 1 << 20
_Q = r"(?:'((?:[^']|''){0,200000})'|\"([^\"$`]{0,200000})\")"  #: a literal: two groups, one of which is there
_ENCODED = re.compile(
    r"(?:^|\s)[-/\u2013]e(?:c|n[a-z]{0,14})?[\s:]{1,9}[\"']?([A-Za-z0-9+/]{16,}={0,2})", re.IGNORECASE
)
_BASE64 = re.compile(r"frombase64string\(\s{0,9}" + _Q + r"\s{0,9}\)", re.IGNORECASE)
_PLAIN = r"(?:'[^']{0,2000}'|\"[^\"$]{0,2000}\")"
_TICK = re.compile(r"`(?=[A-Za-z0-9_.:\\-])")
_NUMBERS = r"((?:(?:0x[0-9a-f]{1,4}|\d{1,5})\s{0,9},\s{0,9}){2,200000}(?:0x[0-9a-f]{1,4}|\d{1,5}))"


def layers(text: str) -> tuple[str, ...]:
    """The text with its expressions worked out, and every code it holds encoded, each of them worked out, too."""
    found: list[str] = []
    waiting = [text[:CHARACTERS]]
    while waiting and len(found) < ROUNDS:
        plain = _folded(waiting.pop(0))
        if plain not in found:
            found.append(plain)
            waiting += [one for one in _within(plain) if one]
    return tuple(found)


def _within(text: str) -> list[str]:
    """The codes that stand in a text in base64."""
    coded = [one[1] for one in _ENCODED.finditer(text)] + [_literal(one) for one in _BASE64.finditer(text)]
    return [as_text(decoded(one))[:CHARACTERS] for one in coded[:20]]


def decoded(coded: str) -> bytes:
    """Base64 as .NET takes it, unpacked where it is gzip or deflate; b"" when it is none."""
    plain = "".join(coded.split())
    try:
        content = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
    for start, bits in ((b"\x1f\x8b", 31), (b"", -15)):
        if content.startswith(start) and not content.startswith(b"MZ"):
            try:
                unpacked = zlib.decompressobj(bits).decompress(content, CHARACTERS)
            except zlib.error:
                continue
            return unpacked if bits > 0 or as_text(unpacked) else content
    return content


def as_text(content: bytes) -> str:
    """Code in UTF-16 or UTF-8; "" for what is no text."""
    if b"\0" in content[:200]:
        try:
            plain = content[: len(content) // 2 * 2].decode("utf-16-le")
        except UnicodeDecodeError:
            return ""
    else:
        plain = content.decode("utf-8", "replace")
    odd = sum(1 for one in plain[:400] if not one.isprintable() and one not in "\r\n\t") + plain[:400].count("\ufffd")
    return plain if plain and odd * 20 < min(len(plain), 400) else ""


def _folded(text: str) -> str:
    text = _TICK.sub("", text)
    for _ in range(ROUNDS):
        before = text
        for pattern, change in _RULES:
            text = pattern.sub(change, text)[:CHARACTERS]
        text = _placed(text)
        if text == before:
            break
    return text


def _literal(found: "re.Match[str]", first: int = 1) -> str:
    """What a literal holds; its two groups begin at ``first``."""
    single = found[first]
    return single.replace("''", "'") if single is not None else found[first + 1] or ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _formatted(found: "re.Match[str]") -> str:
    values = [_literal(one) for one in re.finditer(_Q, found[3])]
    return _quoted(
        re.sub(r"\{(\d{1,4})\}", lambda one: values[int(one[1])] if int(one[1]) < len(values) else "", _literal(found))
    )


def _replaced(found: "re.Match[str]") -> str:
    return _quoted(_literal(found).replace(_literal(found, 3) or "\0", _literal(found, 5)))


def _codes(numbers: str, key: int = 0) -> str:
    values = (int(one.strip(), 0 if "x" in one.lower() else 10) ^ key for one in numbers.split(","))
    return _quoted("".join(map(chr, values)))


def _turned(found: "re.Match[str]") -> str:
    """``'text'[9..0]`` and ``[-1..-9]`` with ``-join``."""
    text, first, last = _literal(found), int(found[3]), int(found[4])
    step = 1 if last >= first else -1
    return _quoted(
        "".join(text[place] for place in range(first, last + step, step) if -len(text) <= place < len(text))[
            : len(text)
        ]
    )


_Change = Callable[["re.Match[str]"], str]
_RULES: tuple[tuple["re.Pattern[str]", _Change], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), change)
    for pattern, change in (
        (r"\[char\]\s{0,9}\(?\s{0,9}(0x[0-9a-f]{1,4}|\d{1,5})\s{0,9}\)?", lambda found: _codes(found[1])),
        (
            r"(?:\[char\[\]\]\s{0,9})?@?\(?" + _NUMBERS
            + r"\)?\s{0,9}\|\s{0,9}(?:%|foreach(?:-object)?)\s{0,9}\{\s{0,9}\[char\]\s{0,9}\(?\s{0,9}\$_\s{0,9}"
            r"(?:-bxor\s{0,9}(0x[0-9a-f]{1,4}|\d{1,5}))?\s{0,9}\)?\s{0,9}\}\s{0,9}\)?(?:\s{0,9}-join\s{0,9}(?:''|\"\"))?",
            lambda found: _codes(found[1], int(found[2], 0) if found[2] else 0),
        ),
        (
            r"(?:-join\s{0,9})?\(?\[char\[\]\]\s{0,9}@?\(" + _NUMBERS + r"\)\)?(?:\s{0,9}-join\s{0,9}(?:''|\"\"))?",
            lambda found: _codes(found[1]),
        ),
        (_Q + r"\s{0,9}\+\s{0,9}" + _Q, lambda found: _quoted(_literal(found) + _literal(found, 3))),
        (
            _Q + rf"\s{{0,9}}-f\s{{0,9}}\(?({_PLAIN}(?:\s{{0,9}},\s{{0,9}}{_PLAIN}){{0,200}})\)?",
            _formatted,
        ),
        (_Q + r"\.replace\(\s{0,9}" + _Q + r"\s{0,9},\s{0,9}" + _Q + r"\s{0,9}\)", _replaced),
        (_Q + r"\s{0,9}-[ci]?replace\s{0,9}" + _Q + r"\s{0,9},\s{0,9}" + _Q, _replaced),
        (_Q + r"\)?\[(-?\d{1,6})\.\.(-?\d{1,6})\](?:\s{0,9}-join\s{0,9}(?:''|\"\"))?", _turned),
        (r"\(\s{0,9}('(?:[^']|''){0,200000}')\s{0,9}\)(?!\.\w)", lambda found: found[1]),
    )
)  # fmt: skip
_ASSIGNED = re.compile(r"\$(\w{1,60})\s{0,9}=\s{0,9}" + _Q + r"(?=\s{0,9}(?:[;\r\n}]|$))", re.IGNORECASE)


def _placed(text: str) -> str:
    """Variables that are given one literal and nothing else, in the places where they are used."""
    values: dict[str, list[str]] = {}
    for found in list(_ASSIGNED.finditer(text))[:500]:
        values.setdefault(found[1].lower(), []).append(_literal(found, 2))
    for name in list(values):
        if len(re.findall(rf"\${name}\s{{0,9}}\+?=(?!=)", text, re.IGNORECASE)) != 1:
            del values[name]
    if not values:
        return text

    def value(found: "re.Match[str]") -> str:
        held = values.get(found[1].lower())
        return found[0] if held is None or len(held[0]) > 100_000 else _quoted(held[0])  # noqa: PLR2004 - no name stands for more

    return re.sub(r"\$(\w{1,60})\b(?!\s{0,9}\+?=(?!=))", value, text)[:CHARACTERS]
