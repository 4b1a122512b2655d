"""What scripts of a page do when they are followed: files they hand over, pages they write, addresses they lead to."""

import re
from collections.abc import Iterator
from html import unescape

from seriema.examine import javascript, signatures, words
from seriema.examine.javascript.host import Effect, Element
from seriema.model.artifact import Child
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

#: Without one of these, in lower case, a script puts nothing together and leads nowhere.
_TELLING = (
    "blob", "atob", "fromcharcode", "unescape", "createobjecturl", "document.write", "location", "activexobject",
    "eval", "innerhtml", "mssave", "data:", "function(", ".href", "uint8array", "decodeuricomponent", "wscript",
)  # fmt: skip
#: Characters of script of one page that are followed.
FOLLOWED = 12 << 20
_WITH_ID = re.compile(
    r"<([a-z][\w-]{0,30})\b([^<>]{0,2000}?\bid\s{0,9}=[^<>]{1,4000000})>([^<]{0,16000000})", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([\w:-]{1,60})\s{0,99}=\s{0,99}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_HANDLER = re.compile(
    r"\son(?:load|click|error|focus|mouseover|submit)\s{0,9}=\s{0,9}(?:\"([^\"]{1,65536})\"|'([^']{1,65536})')",
    re.IGNORECASE,
)
ELEMENTS, HANDLERS = 500, 50


def followed(text: str, scripts: tuple[str, ...]) -> javascript.Ran | None:
    """What came of following the scripts; None when there is nothing in them to follow."""
    lowered = "\n".join(scripts).lower()
    if not any(word in lowered for word in _TELLING) or len(lowered) > FOLLOWED:
        return None
    asks = "getelement" in lowered or "queryselector" in lowered
    handlers = [
        unescape(one[1] or one[2] or "") for one, _ in zip(_HANDLER.finditer(text), range(HANDLERS), strict=False)
    ]
    return javascript.run(scripts, _elements(text) if asks else {}, handlers)


def _elements(text: str) -> dict[str, Element]:
    """The page's elements that have an id, with the text in them."""
    found: dict[str, Element] = {}
    for one, _ in zip(_WITH_ID.finditer(text), range(ELEMENTS), strict=False):
        values = {
            each[1].lower(): unescape(each[2] or each[3] or each[4] or "") for each in _ATTRIBUTE.finditer(one[2])
        }
        found.setdefault(values.get("id", ""), Element(values, unescape(one[3]).strip()))
    return found


def children(effects: tuple[Effect, ...], limits: Limits) -> Iterator[Child]:
    """The files that scripts build, store and write, each content once."""
    seen: set[bytes] = set()
    for effect in sorted(effects, key=lambda one: not one.value):  # of equal ones that with a name
        if not effect.content or effect.content in seen or len(effect.content) > limits.member_bytes:
            continue
        seen.add(effect.content)
        kind = signatures.match(effect.content)
        plain = "written.html" if effect.kind == "writes" else f"built-{len(seen)}{'.' + kind if kind else ''}"
        name = re.split(r"[\\/]", effect.value)[-1] if effect.kind in ("builds", "stores") else ""
        yield Child(name or plain, effect.content, len(effect.content))


_ROLES = {"fetches": "download", "goes": "link", "runs": "runs", "stores": "saves-as"}


def indicators(artifact: str, effects: tuple[Effect, ...]) -> Iterator[Indicator]:
    """Addresses, paths and commands with the part that each plays."""
    for effect in effects:
        role = _ROLES.get(effect.kind, "")
        if not role or not effect.value:
            continue
        for address in words.urls(effect.value):
            yield Indicator(IndicatorType.URL, address, "download" if effect.kind == "runs" else role, artifact)
        if effect.kind == "stores":
            yield Indicator(IndicatorType.PATH, effect.value, role, artifact)
        elif effect.kind == "runs":
            yield Indicator(IndicatorType.COMMAND, effect.value, role, artifact)


def findings(artifact: str, prefix: str, effects: tuple[Effect, ...]) -> Iterator[Finding]:
    """What the script does, in words of the field; fetching and running together is a fact of its own."""
    by_kind = {
        kind: next((one for one in effects if one.kind == kind), None) for kind in ("fetches", "stores", "runs", "goes")
    }
    fetches, stores, runs = by_kind["fetches"], by_kind["stores"], by_kind["runs"]
    fetching = words.fetching_command(runs.value) if runs else ""
    if runs and ((fetches and prefix == "script") or fetching):
        source = (fetches.value if fetches else "") or fetching or "an address"
        saved = f", saves {stores.value or 'a file'}" if stores else ""
        yield Finding(f"{prefix}.fetch-and-run", artifact, "", f"fetches {source}{saved}, runs {runs.value or 'it'}")
    if runs:
        yield Finding(f"{prefix}.runs", artifact, "", runs.value)
    if by_kind["goes"]:
        yield from (
            Finding(f"{prefix}.leads-to", artifact, "", one.value)
            for one in effects[:20]
            if one.kind == "goes" and one.value
        )
