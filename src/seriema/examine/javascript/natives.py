"""The functions that a browser and a script host offer by name (ECMA-262, section 19; HTML Standard; File API)."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_to_bytes

from seriema.examine.javascript.values import (
    HOLE,
    UNDEFINED,
    UNKNOWN,
    VALUE,
    Blob,
    Exhausted,
    Function,
    Host,
    Native,
    Regular,
    Value,
    from_base64,
    given,
    number,
    text,
    whole,
)

if TYPE_CHECKING:
    from seriema.examine.javascript.host import Browser

Values = list[Value]


def natives(browser: Browser) -> dict[str, Value]:
    """Every name of the host with its value."""
    plain: dict[str, Callable[[Value, Values], Value]] = {
        name: partial(_called, function, browser) for name, function in _FUNCTIONS.items()
    }
    found: dict[str, Value] = {name: Native(name, call) for name, call in plain.items()}
    found |= {
        name: Host(name)
        for name in ("Math", "JSON", "console", "navigator", "location", "document", "WScript", "WSH", "Promise")
    }
    found |= {"undefined": UNDEFINED, "NaN": math.nan, "Infinity": math.inf}
    # Functions that carry functions of their own are objects whose call the machine finds by name.
    for name in (
        "String",
        "Array",
        "Uint8Array",
        "URL",
        "webkitURL",
        "Object",
        "Number",
        "Int8Array",
        "Uint8ClampedArray",
    ):
        kept: dict[str, Value] = {}
        for (owner, method), function in METHODS.items():
            if (
                owner == name
                or (owner == "URL" and name == "webkitURL")
                or (owner == "Uint8Array" and name.endswith("Array"))
            ):
                kept[method] = Native(method, partial(function, browser))
        call = _CONSTRUCTORS.get(name, _unknown)
        found[name] = Native(name, partial(_called, call, browser), kept)
    return found


def _called(function: Callable[[Browser, Value, Values], Value], browser: Browser, this: Value, got: Values) -> Value:
    return function(browser, this, got)


def _unknown(_: Browser, __: Value, ___: Values) -> Value:
    return UNKNOWN


def _appended(_: Browser, __: Value, got: Values) -> Value:
    return given(got, 0)


# -- functions of the language -----------------------------------------------------------------------------------------


def _atob(_: Browser, __: Value, got: Values) -> Value:
    raw = text(given(got, 0))
    return UNKNOWN if HOLE in raw else from_base64(raw).decode("latin-1")


def _btoa(_: Browser, __: Value, got: Values) -> Value:
    return base64.b64encode(text(given(got, 0)).encode("latin-1", "replace")).decode()


def _unescape(_: Browser, __: Value, got: Values) -> Value:
    """``unescape`` (ECMA-262, B.2.1.2): bytes, and %uXXXX."""
    pieces = text(given(got, 0)).split("%u")
    rest = [_wide(one) for one in pieces[1:]]
    return "".join([unquote(pieces[0], "latin-1"), *rest])


def _wide(piece: str) -> str:
    try:
        return chr(int(piece[:4], 16)) + unquote(piece[4:], "latin-1")
    except ValueError:
        return "%u" + unquote(piece, "latin-1")


def _from_codes(_: Browser, __: Value, got: Values) -> Value:
    known = [number(one) for one in got]
    return "".join(HOLE if one is None or not math.isfinite(one) else chr(int(one) & 0xFFFF) for one in known)


def _parse_int(_: Browser, __: Value, got: Values) -> Value:
    plain, radix = text(given(got, 0)).strip().lower(), whole(given(got, 1), 0)
    if HOLE in plain:
        return UNKNOWN
    if plain.startswith("0x") and radix in (0, 16):
        plain, radix = plain[2:], 16
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"[: radix or 10]
    size = next((n for n, one in enumerate(plain.lstrip("-")) if one not in digits), len(plain.lstrip("-")))
    body = plain.lstrip("-")[: min(size, 60)]
    return (int(body, radix or 10) * (-1 if plain.startswith("-") else 1)) if body else math.nan


def _eval(browser: Browser, _: Value, got: Values) -> Value:
    source = given(got, 0)
    if isinstance(source, str) and HOLE not in source:
        browser.machine.run(source)
    return UNKNOWN


def _later(browser: Browser, _: Value, got: Values) -> Value:
    browser.pending.append(given(got, 0))
    return 1


def _listen(browser: Browser, _: Value, got: Values) -> Value:
    browser.pending.append(given(got, 1))
    return UNDEFINED


def _bytes(_: Browser, __: Value, got: Values) -> Value:
    """``new Uint8Array`` of a size, an array or a buffer."""
    first = given(got, 0)
    if isinstance(first, (list, str)):
        return bytearray(whole(one) & 0xFF for one in first)
    if isinstance(first, bytearray):
        return first
    size = whole(first)
    if not 0 <= size <= VALUE:
        raise Exhausted("values too large")
    return bytearray(size)


def _bytes_from(browser: Browser, _: Value, got: Values) -> Value:
    source, change = given(got, 0), given(got, 1)
    items: Values = list(source) if isinstance(source, (list, bytearray, str)) else _length_of(source)
    if isinstance(change, Function):
        if isinstance(source, str) and len(source) > 1_000 and _is_char_code(browser, change):  # noqa: PLR2004 - worth a trial
            return bytearray(source.encode("latin-1", "replace"))
        items = [browser.machine.call(change, UNDEFINED, [one, place]) for place, one in enumerate(items)]
    return bytearray(whole(one) & 0xFF for one in items)


def _length_of(source: Value) -> Values:
    """The empty elements of ``{length: n}``."""
    size = whole(source.get("length")) if isinstance(source, dict) else 0
    return [UNDEFINED] * min(max(size, 0), 1 << 20)


def _is_char_code(browser: Browser, change: Function) -> bool:
    """Tried on every byte: the function is ``c => c.charCodeAt(0)`` by what it gives."""
    codes = [browser.machine.call(change, UNDEFINED, [chr(one), one]) for one in (*range(256), 7, 200)]
    return codes == [*range(256), 7, 200]


def _array_from(browser: Browser, this: Value, got: Values) -> Value:
    if isinstance(given(got, 0), (bytearray, dict)):
        found = _bytes_from(browser, this, got)
        return list(found) if isinstance(found, bytearray) else UNKNOWN
    return _listed(browser, got)


def _listed(browser: Browser, got: Values) -> Value:
    source, change = given(got, 0), given(got, 1)
    items: Values = list(source) if isinstance(source, (list, str)) else []
    return (
        [browser.machine.call(change, UNDEFINED, [one, n]) for n, one in enumerate(items)]
        if isinstance(change, Function)
        else items
    )


def _array(_: Browser, __: Value, got: Values) -> Value:
    size = got[0] if len(got) == 1 and isinstance(got[0], int) else -1
    return [UNDEFINED] * size if 0 <= size <= 1 << 22 else list(got)


def _blob(_: Browser, __: Value, got: Values) -> Value:
    parts, about = given(got, 0), given(got, 1, {})
    content = b"".join(map(_as_bytes, parts if isinstance(parts, list) else [parts]))
    if len(content) > VALUE:
        raise Exhausted("values too large")
    return Blob(content, text(about.get("type", "")) if isinstance(about, dict) else "")


def _as_bytes(part: Value) -> bytes:
    if isinstance(part, Blob):
        return part.content
    if isinstance(part, bytearray):
        return bytes(part)
    plain = text(part)
    return b"" if HOLE in plain else plain.encode("utf-8", "replace")


def _object_url(browser: Browser, _: Value, got: Values) -> Value:
    blob = given(got, 0)
    if not isinstance(blob, Blob) or not blob.content:
        return HOLE
    address = f"blob:{len(browser.blobs) + 1};"
    browser.blobs[address] = blob
    return address


def _save(browser: Browser, _: Value, got: Values) -> Value:
    blob = given(got, 0)
    if isinstance(blob, Blob) and blob.content:
        browser.say("builds", text(given(got, 1, "")), blob.content)
    return True


def _fetch(browser: Browser, _: Value, got: Values) -> Value:
    address = text(given(got, 0))
    if address.startswith("blob:") and address in browser.blobs:
        return Host("promise", {"value": Host("response", {"blob": browser.blobs[address]})})
    if address[:5].lower() == "data:":
        kind, _comma, raw = address[5:].partition(",")
        content = from_base64(raw) if ";base64" in kind.lower() else unquote_to_bytes(raw)
        return Host("promise", {"value": Host("response", {"content": Blob(content)})})
    if HOLE not in address:
        browser.say("fetches", address)
    return Host("promise", {"value": UNKNOWN})


def _response(browser: Browser, this: Value, _: Values, *, raw: bool = False) -> Value:
    blob = this.kept.get("content") if isinstance(this, Host) else None
    if not isinstance(blob, Blob):
        return Host("promise", {"value": UNKNOWN})
    del browser
    return Host("promise", {"value": bytearray(blob.content) if raw else blob})


def _written(browser: Browser, _: Value, got: Values) -> Value:
    browser.say("writes", "", "".join(map(text, got)).encode("utf-8", "replace"))
    return UNDEFINED


def _members_of(got: Values, take: Callable[[dict[str, Value]], Values]) -> Value:
    found = given(got, 0)
    return take(found) if isinstance(found, dict) else []


def _went(browser: Browser, _: Value, got: Values) -> Value:
    browser.goes(text(given(got, 0)))
    return UNKNOWN


def _math(function: Callable[..., float]) -> Callable[[Browser, Value, Values], Value]:
    def call(_: Browser, __: Value, got: Values) -> Value:
        known = [number(one) for one in got]
        try:
            return UNKNOWN if None in known or not known else function(*known)
        except (TypeError, ValueError, OverflowError):
            return math.nan

    return call


def _decoded(_: Browser, __: Value, got: Values) -> Value:
    content = given(got, 0)
    return bytes(content).decode("utf-8", "replace") if isinstance(content, bytearray) else UNKNOWN


def _encoded(_: Browser, __: Value, got: Values) -> Value:
    return bytearray(text(given(got, 0)).encode("utf-8", "replace"))


_FUNCTIONS: dict[str, Callable[[Browser, Value, Values], Value]] = {
    "atob": _atob,
    "btoa": _btoa,
    "unescape": _unescape,
    "escape": lambda _, __, got: given(got, 0),
    "decodeURIComponent": lambda _, __, got: unquote(text(given(got, 0)), errors="replace"),
    "decodeURI": lambda _, __, got: unquote(text(given(got, 0)), errors="replace"),
    "encodeURIComponent": lambda _, __, got: given(got, 0),
    "parseInt": _parse_int,
    "parseFloat": lambda _, __, got: UNKNOWN if number(given(got, 0)) is None else number(given(got, 0)),
    "eval": _eval,
    "execScript": _eval,
    "Function": lambda browser, _, got: Native("Function", lambda *_: _eval(browser, UNDEFINED, got[-1:])),
    "setTimeout": _later,
    "setInterval": _later,
    "requestAnimationFrame": _later,
    "addEventListener": _listen,
    "attachEvent": _listen,
    "fetch": _fetch,
    "saveAs": _save,
    "Blob": _blob,
    "File": _blob,
    "ArrayBuffer": _bytes,
    "DataView": _bytes,
    "RegExp": lambda _, __, got: Regular(text(given(got, 0)), text(given(got, 1, ""))),
    "ActiveXObject": lambda browser, _, got: browser.made(given(got, 0)),
    "GetObject": lambda browser, _, got: browser.made(given(got, 0)),
    "XMLHttpRequest": lambda browser, _, __: browser.made("xmlhttprequest"),
    "TextDecoder": lambda *_: Host("decoder"),
    "TextEncoder": lambda *_: Host("encoder"),
    "isNaN": lambda _, __, got: UNKNOWN if number(given(got, 0)) is None else math.isnan(number(given(got, 0)) or 0),
    "open": _went,
    "Boolean": lambda _, __, got: bool(given(got, 0)),
}
_CONSTRUCTORS: dict[str, Callable[[Browser, Value, Values], Value]] = {
    "String": lambda _, __, got: text(given(got, 0, "")),
    "Number": lambda _, __, got: UNKNOWN if number(given(got, 0, 0)) is None else number(given(got, 0, 0)),
    "Array": _array,
    "Uint8Array": _bytes,
    "Int8Array": _bytes,
    "Uint8ClampedArray": _bytes,
    "Object": lambda *_: {},
    "URL": lambda _, __, got: given(got, 0),
}
METHODS: dict[tuple[str, str], Callable[[Browser, Value, Values], Value]] = {
    ("String", "fromCharCode"): _from_codes,
    ("String", "fromCodePoint"): _from_codes,
    ("String", "raw"): lambda _, __, got: given(got, 0),
    ("Array", "from"): _array_from,
    ("Array", "isArray"): lambda _, __, got: isinstance(given(got, 0), list),
    ("Uint8Array", "from"): _bytes_from,
    ("URL", "createObjectURL"): _object_url,
    ("URL", "revokeObjectURL"): _unknown,
    ("Object", "keys"): lambda _, __, got: _members_of(got, list),
    ("Object", "values"): lambda _, __, got: _members_of(got, lambda found: list(found.values())),
    ("Math", "floor"): _math(math.floor),
    ("Math", "ceil"): _math(math.ceil),
    ("Math", "round"): _math(lambda value: math.floor(value + 0.5)),
    ("Math", "abs"): _math(abs),
    ("Math", "pow"): _math(lambda one, other: float(one) ** min(other, 1_000)),
    ("Math", "min"): _math(lambda *all_of_them: min(all_of_them)),
    ("Math", "max"): _math(lambda *all_of_them: max(all_of_them)),
    ("Math", "sqrt"): _math(math.sqrt),
    ("JSON", "parse"): _unknown,
    ("navigator", "msSaveOrOpenBlob"): _save,
    ("navigator", "msSaveBlob"): _save,
    ("location", "assign"): _went,
    ("location", "replace"): _went,
    ("decoder", "decode"): _decoded,
    ("encoder", "encode"): _encoded,
    ("response", "blob"): _response,
    ("response", "arrayBuffer"): partial(_response, raw=True),
    ("WScript", "CreateObject"): lambda browser, _, got: browser.made(given(got, 0)),
    ("WSH", "CreateObject"): lambda browser, _, got: browser.made(given(got, 0)),
}
DOCUMENT: dict[str, Callable[[Browser, Value, Values], Value]] = {
    "write": _written,
    "writeln": _written,
    "createElement": lambda _, __, got: Host(f"element:{text(given(got, 0)).lower()}"),
    "createElementNS": lambda _, __, got: Host(f"element:{text(given(got, 1)).lower().rpartition(':')[2]}"),
    "getElementById": lambda browser, _, got: browser.element(text(given(got, 0))),
    "querySelector": lambda browser, _, got: browser.element(text(given(got, 0)).rpartition("#")[2]),
    "addEventListener": _listen,
}
