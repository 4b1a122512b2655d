"""Shortcuts: what they open, with which arguments. Links of Windows after [MS-SHLLINK]; text shortcuts by their keys.

Text shortcuts are Internet shortcuts, .desktop files (freedesktop.org), saved searches, settings, remote desktop and
web query files: a few lines in which one names a target.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from struct import unpack_from

from seriema.examine import shells, words
from seriema.examine.identify import decoded
from seriema.examine.inspector import Examined, Inspector
from seriema.examine.shells import commands
from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.errors import Malformed
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

_HEADER = 76
_HAS_IDS, _HAS_INFO, _UNICODE = 1, 2, 0x80
#: String data in the order it stands in (2.4), by link flag.
_STRINGS = (
    (0x04, "description"),
    (0x08, "relative path"),
    (0x10, "working folder"),
    (0x20, "arguments"),
    (0x40, "icon"),
)
_ENVIRONMENT, _ICON_ENVIRONMENT = 0xA0000001, 0xA0000007
_LONGEST = 32_767  #: characters of one string, as many as a command line may have
#: Lines of text shortcuts that name a target, by key; the value is up to the line's or element's end.
_TARGET = re.compile(
    r"(?:^|[\r\n<])[ \t]*(?:url|baseurl|exec|iconfile|command|full address|alternate shell|remoteapplicationprogram"
    r"|deeplink|location|codebase|target|string|path|uri)[ \t]*(?:=|:s:|>)[ \t]*([^\r\n<]{1,2000})",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(?:\\\\|file:/{2,5})[\w.-]{1,255}(?:@\w{1,10})?[\\/]", re.IGNORECASE)
TEXT_BYTES = 1 << 20
#: Icons that make a command look like something to read.
_POSES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|jpe?g|png|txt|zip)\b|(?:acrord32|acrobat|winword|excel|wordpad|notepad|msedge|chrome|explorer)\.exe"
    r"|(?:imageres|shell32)\.dll",
    re.IGNORECASE,
)


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:  # noqa: ARG001 - the contract's shape
    """Target and arguments of one shortcut."""
    if artifact.kind == "lnk":
        return _link(artifact.id, content)
    return _text(artifact, content)


def _text(artifact: Artifact, content: bytes) -> Examined:
    text = decoded(content[:TEXT_BYTES])
    targets = dict.fromkeys(found[1].strip() for found in _TARGET.finditer(text))
    addresses = dict.fromkeys((*words.urls(text),))
    findings = [Finding("shortcut.target", artifact.id, "", one) for one in targets if one]
    findings += [Finding("shortcut.network-share", artifact.id, "", one) for one in targets if _SHARE.match(one)]
    indicators = [Indicator(IndicatorType.URL, one, "link", artifact.id) for one in addresses]
    if not targets and not addresses:
        return Examined(tuple(findings), (), state=State.UNSUPPORTED, state_reason="its target was not found")
    return Examined(tuple(findings[:100]), tuple(indicators[:100]))


def _link(artifact: str, content: bytes) -> Examined:
    """A Windows link: the parts that are there stand one after the other."""
    if len(content) < _HEADER:
        raise Malformed("a link shorter than its header")
    parts = dict(_parts(content))
    target = parts.get("environment") or parts.get("local path") or parts.get("relative path") or ""
    arguments = parts.get("arguments", "")
    findings = [
        Finding(f"shortcut.{name.replace(' ', '-')}", artifact, "", text) for name, text in parts.items() if text
    ]
    if not target and not arguments and not parts.get("item names"):
        return Examined(tuple(findings), state=State.MALFORMED, state_reason="a link without a target")
    command = f"{target or parts.get('item names', '')} {arguments}".strip()
    indicators = [Indicator(IndicatorType.COMMAND, command, "runs", artifact)]
    facts, observed = commands.facts("shortcut", artifact, "arguments", shells.told([command]))
    findings += facts
    # What a shortcut names is opened by the double click, whether or not a word of the command says so.
    indicators += [replace(one, role="download") if one.role == "mentions" else one for one in observed]
    if _POSES.search(parts.get("icon", "") + parts.get("icon environment", "")) and words.names_program(command):
        findings.append(
            Finding("shortcut.poses-as-document", artifact, "icon", parts.get("icon") or parts["icon environment"])
        )
    if _SHARE.search(command):
        findings.append(Finding("shortcut.network-share", artifact, "", command[:300]))
    return Examined(tuple(findings), tuple(indicators))


def _parts(content: bytes) -> Iterator[tuple[str, str]]:
    flags = unpack_from("<I", content, 20)[0]
    at = _HEADER
    if flags & _HAS_IDS:
        size = _number(content, at, "<H")
        yield "item names", _item_names(content[at + 2 : at + 2 + size])
        at += 2 + size
    if flags & _HAS_INFO:
        size = _number(content, at, "<I")
        yield "local path", _local_path(content[at : at + size])
        at += max(size, 4)
    width = 2 if flags & _UNICODE else 1
    for flag, name in _STRINGS:
        if flags & flag:
            size = min(_number(content, at, "<H"), _LONGEST) * width
            yield name, _string(content[at + 2 : at + 2 + size], wide=width == 2)  # noqa: PLR2004 - bytes of a character
            at += 2 + size
    yield from _blocks(content, at)


def _blocks(content: bytes, at: int) -> Iterator[tuple[str, str]]:
    """Extra data (2.5): the environment block holds the target where the link has no other."""
    for _ in range(64):
        size = _number(content, at, "<I")
        if size < 8:  # noqa: PLR2004 - a terminal block
            return
        kind = _number(content, at + 4, "<I")
        if kind == _ENVIRONMENT:
            wide = _string(content[at + 268 : at + 788], wide=True)
            yield "environment", wide or _string(content[at + 8 : at + 268], wide=False)
        elif kind == _ICON_ENVIRONMENT:
            yield "icon environment", _string(content[at + 268 : at + 788], wide=True)
        at += size


def _local_path(info: bytes) -> str:
    """LinkInfo (2.3): the local path, or the share and what follows it."""
    if len(info) < 28:  # noqa: PLR2004 - its least header
        return ""
    local, network, suffix = (
        unpack_from("<I", info, 16)[0],
        unpack_from("<I", info, 20)[0],
        unpack_from("<I", info, 24)[0],
    )
    base = _string(info[local:], wide=False) if 0 < local < len(info) else ""
    if not base and 0 < network < len(info):
        name = _number(info, network + 8, "<I")
        base = _string(info[network + name :], wide=False) if name else ""
        tail = _string(info[suffix:], wide=False) if 0 < suffix < len(info) else ""
        return f"{base}\\{tail}" if tail else base
    return base + (_string(info[suffix:], wide=False) if 0 < suffix < len(info) else "")


def _item_names(listed: bytes) -> str:
    """Readable names among the items of the target's id list (2.2), which shells lay out as they like."""
    names = re.findall(rb"(?:[\x20-\x7e]\0){3,260}|[\x20-\x7e]{4,260}", listed)
    return "\\".join(one.replace(b"\0", b"").decode("ascii") for one in names)[:_LONGEST]


def _string(raw: bytes, *, wide: bool) -> str:
    """Up to the first NUL; the system's code page is taken for Windows-1252."""
    text = raw[: 2 * _LONGEST].decode("utf-16-le" if wide else "cp1252", "replace")
    return text.partition("\0")[0]


def _number(content: bytes, at: int, layout: str) -> int:
    size = 4 if layout == "<I" else 2
    return int(unpack_from(layout, content, at)[0]) if at + size <= len(content) else 0


INSPECTOR = Inspector("shortcut", inspect, classes=frozenset({FileClass.SHORTCUT}))
