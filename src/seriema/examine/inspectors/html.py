"""Pages and drawings: a file that script puts together (smuggling), password forms, redirections, embedded data.

HTML after the WHATWG standard as far as browsers are forgiving, SVG after SVG 2. Literal data, in ``data:`` addresses
or in base64 strings of scripts, is decoded and becomes a file of its own; what scripts compute is followed within
bounds (``examine/javascript``). A page that builds a file which was not recovered stays ``unsupported``.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_to_bytes

from seriema.examine import javascript, pages, signatures, words
from seriema.examine.identify import decoded
from seriema.examine.inspector import Examined, Inspector
from seriema.model.artifact import Artifact, Child, FileClass, State
from seriema.model.errors import Malformed
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

PAGE_BYTES = 16 << 20
LEAST_BASE64 = 400  #: characters of a literal that is worth decoding
MOST_FILES, MOST_FACTS = 20, 200
#: Without one of these, in lower case, a page has nothing active; ordinary mail bodies end here.
_ACTIVE = (
    b"script", b"frame", b"<input", b"<embed", b"<object", b"refresh", b"data:", b"search-ms:", b"search:", b"file:",
    b"smb:", b"=ms-", b'"ms-', b"'ms-", b"\\\\",
)  # fmt: skip
_OPENING = re.compile(r"<(form|input|meta|iframe|frame|embed|object)(?=[\s/>])", re.IGNORECASE)
_IN_TAG = re.compile(r"[\"'>]")
_ATTRIBUTE = re.compile(r"([\w:-]{1,60})\s{0,99}=\s{0,99}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_HANDLER = re.compile(
    r"=[ \t\r\n]{0,9}[\"']?[ \t]{0,9}((?:search-ms:|search:|ms-[a-z]{3,20}:|file:|smb:|\\\\)[^\"'\s>]{1,300})",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<(?:\w{1,10}:)?script\b", re.IGNORECASE)
_END_OF_SCRIPT = re.compile(r"</(?:\w{1,10}:)?script", re.IGNORECASE)
_BUILDS = (
    "createobjecturl", "mssaveoropenblob", "mssaveblob", "new blob", "new file(", ".download", "showsavefilepicker",
    "fromcharcode", "unescape(", "arraybuffer", "uint8array", "atob(", "data:application",
)  # fmt: skip
#: Two of the ways to put bytes together, one of which hands them to the reader.
_HANDS_OVER = (
    "createobjecturl",
    "mssaveoropenblob",
    "mssaveblob",
    ".download",
    "showsavefilepicker",
    "data:application",
)
_LITERAL = re.compile(rf"[A-Za-z0-9+/]{{{LEAST_BASE64},}}={{0,2}}")
_DATA = re.compile(r"data:([\w.+/-]{0,80})((?:;[\w=.-]{1,60}){0,5}),", re.IGNORECASE)
_REFRESH = re.compile(r"url[ \t]*=[ \t'\"]*([^'\"\s]{1,2000})", re.IGNORECASE)
_DATA_END = re.compile(r"[\"'\s<>)]")
_HARMLESS_DATA = ("image/", "font/", "audio/", "video/", "application/font", "application/x-font", "text/css")


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """Everything active on one page."""
    if artifact.kind == "svgz":
        content = _inflated(content)
    page = content[:PAGE_BYTES]
    if b"\0" in page[:64]:
        page = decoded(page).encode("utf-8", "replace")  # UTF-16, in which the search below finds nothing
    lowered = page.lower()
    if not any(mark in lowered for mark in _ACTIVE):
        return _finished([], [], (), content)
    text = decoded(page)
    findings, indicators = _tags(artifact.id, text)
    scripts = tuple(_scripts(text))
    # The scripts of script files (HTA, WSF …) are the script inspector's to follow.
    own = () if artifact.file_class is FileClass.SCRIPT else tuple(_followable(scripts))
    ran = pages.followed(text, own) or javascript.Ran(())
    children = _distinct((*pages.children(ran.effects, limits), *_files(text, scripts, limits)))
    findings += [Finding("html.script", artifact.id, "", f"{len(scripts)} scripts")] if scripts else []
    builds = _builds(scripts)
    handed = [one for one in ran.effects if one.kind == "builds" and one.content]
    if builds or handed:
        told = [f"{one.value or 'a file'} of {len(one.content)} bytes" for one in handed[:5]]
        findings.append(Finding("html.smuggling", artifact.id, "", ", ".join((*told, *builds))))
    findings += [Finding("html.embedded-file", artifact.id, one.name, f"{one.size} bytes") for one in children]
    findings += pages.findings(artifact.id, "html", ran.effects)
    indicators += pages.indicators(artifact.id, ran.effects)
    return _finished(findings, indicators, children, content, lost=bool(builds) and not children)


def _followable(scripts: tuple[str, ...]) -> Iterator[str]:
    """Scripts without the comment and section marks that older browsers wanted around them."""
    for script in scripts:
        yield re.sub(r"^\s{0,99}(?:<!\[CDATA\[|//\s{0,9}<!\[CDATA\[|javascript:)|\]\]>\s{0,99}$", "", script)


def _distinct(children: tuple[Child, ...]) -> tuple[Child, ...]:
    """Files of the same content once, by their first names."""
    return tuple({child.content: child for child in reversed(children)}.values())[::-1][:MOST_FILES]


def _finished(
    findings: list[Finding],
    indicators: list[Indicator],
    children: tuple[Child, ...],
    content: bytes,
    *,
    lost: bool = False,
) -> Examined:
    if len(content) > PAGE_BYTES:
        state, reason = State.LIMIT, f"a page of more than {PAGE_BYTES} bytes"
    elif lost:
        state, reason = State.UNSUPPORTED, "script builds a file that was not recovered"
    else:
        state, reason = State.INSPECTED, ""
    return Examined(tuple(findings), tuple(dict.fromkeys(indicators)), children, (), state, reason)


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(content, PAGE_BYTES + 1)
    except zlib.error as error:
        raise Malformed("the compressed drawing is broken") from error


# -- elements ----------------------------------------------------------------------------------------------------------


def _tags(artifact: str, text: str) -> tuple[list[Finding], list[Indicator]]:
    findings: list[Finding] = []
    indicators: list[Indicator] = []
    action = ""
    for place, name, values in _elements(text):
        if name == "form":
            action = values.get("action", "")
        elif name == "input" and values.get("type", "").strip().lower() == "password":
            findings.append(Finding("html.password-form", artifact, place, action))
            indicators += [Indicator(IndicatorType.URL, one, "link", artifact) for one in words.urls(action)]
        else:
            findings += _leading(artifact, name, values, place)
    handlers = dict.fromkeys(found[1] for found in _HANDLER.finditer(text))
    findings += [Finding("html.opens-handler", artifact, "", one) for one in handlers]
    return findings[:MOST_FACTS], indicators[:MOST_FACTS]


def _elements(text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Place, name and attributes of the elements that matter; a tag that never closes is none to a browser either."""
    end = 0
    for opening in _OPENING.finditer(text):
        if opening.start() < end:
            continue
        end = _end_of_tag(text, opening.end())
        inside = text[opening.end() : end]
        values = {one[1].lower(): unescape(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(inside)}
        yield f"offset {opening.start()}", opening[1].lower(), values


def _end_of_tag(text: str, at: int) -> int:
    """Where the tag closes, quoted values passed over."""
    while True:
        mark = _IN_TAG.search(text, at)
        if mark is None:
            return len(text)
        if mark[0] == ">":
            return mark.start()
        closing = text.find(mark[0], mark.end())
        if closing < 0:
            return len(text)
        at = closing + 1


def _leading(artifact: str, name: str, values: dict[str, str], place: str) -> Iterator[Finding]:
    """Elements that lead the reader on, or bring something in."""
    if name == "meta" and values.get("http-equiv", "").strip().lower() == "refresh":
        target = _REFRESH.search(values.get("content", ""))
        if target:
            yield Finding("html.redirect", artifact, place, target[1])
    elif name in ("iframe", "frame", "embed", "object"):
        source = values.get("src") or values.get("data") or values.get("srcdoc", "")
        if source and not source.lower().startswith("data:image/"):
            yield Finding("html.frame", artifact, place, source[:300])


def _scripts(text: str) -> Iterator[str]:
    """The contents of script elements, and script addresses in attributes."""
    opening = _SCRIPT.search(text)
    while opening:
        begin = text.find(">", opening.end())
        end = _END_OF_SCRIPT.search(text, begin) if begin >= 0 else None
        if begin >= 0:
            yield text[begin + 1 : end.start() if end else len(text)]
        opening = _SCRIPT.search(text, end.end()) if end else None
    lowered = text.lower()
    for mark in ("javascript:", "vbscript:"):
        at = lowered.find(mark)
        if at >= 0:
            yield text[at : at + 65_536]


def _builds(scripts: tuple[str, ...]) -> list[str]:
    """The words by which scripts put a file together and hand it to the reader; [] when they do not do both."""
    lowered = "\n".join(scripts).lower()
    if not any(word in lowered for word in _HANDS_OVER):
        return []
    found = [word.strip(".(") for word in _BUILDS if word in lowered]
    return found if len(found) > 1 else []


# -- data that lies in the page ----------------------------------------------------------------------------------------


def _files(text: str, scripts: tuple[str, ...], limits: Limits) -> Iterator[Child]:
    """Files that stand in the page as literal data; pictures and type are the page's own."""
    count = 0
    for content in (*_data_addresses(text), *(one for script in scripts for one in _literals(script))):
        kind = signatures.match(content)
        if count < MOST_FILES and len(content) <= limits.member_bytes:
            count += 1
            yield Child(f"embedded-{count}{'.' + kind if kind else ''}", content, len(content))


def _data_addresses(text: str) -> Iterator[bytes]:
    address = _DATA.search(text)
    for _ in range(MOST_FACTS):
        if address is None:
            return
        found = _DATA_END.search(text, address.end())
        end = found.start() if found else len(text)
        kind = address[1].lower()
        if "svg" in kind or not kind.startswith(_HARMLESS_DATA):
            raw = text[address.end() : end]
            content = _base64(raw) if ";base64" in address[2].lower() else unquote_to_bytes(raw)
            if content:
                yield content
        address = _DATA.search(text, end)


def _literals(script: str) -> Iterator[bytes]:
    """Base64 literals of a script that decode to a known kind of file; joined pieces are taken together first."""
    joined = re.sub(r"[\"'][ \t\r\n]{0,9}\+[ \t\r\n]{0,9}[\"']", "", script)
    for literal in _LITERAL.finditer(joined):
        content = _base64(literal[0])
        if content and signatures.match(content):
            yield content


def _base64(text: str) -> bytes:
    cleaned = re.sub(r"%3D", "=", re.sub(r"[\s\\]+", "", text), flags=re.IGNORECASE).rstrip("=")
    try:
        return base64.b64decode(cleaned + "=" * (-len(cleaned) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


INSPECTOR = Inspector("html", inspect, frozenset({"html", "svg", "svgz", "hta", "wsf", "wsc", "xsl"}))
