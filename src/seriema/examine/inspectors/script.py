"""Script files: that they are there, which words in them fetch and run, and the literal addresses they hold.

Scripts of Windows Script Host, HTML applications, batch files, PowerShell, shells and other interpreters. Encoded ones
(``#@~^``, Windows Script Encoder) are named only. JavaScript is followed, shells' layers of coding are undone, the
strings of VBScript are put together; what that shows beside the text's own words is told.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from seriema.examine import javascript, pages, shells, words
from seriema.examine.identify import decoded
from seriema.examine.inspector import Examined, Inspector
from seriema.examine.shells import commands, vbscript
from seriema.model.artifact import Artifact, Child, FileClass, State
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

#: Bytes of one script that are read.
SCRIPT_BYTES = 4 << 20
LINES_QUOTED = 200
_ENCODED = "#@~^"
_LANGUAGES = {
    "js": "javascript", "vbs": "vbscript", "bat": "shell", "cmd": "shell", "ps1": "shell",
    "wsf": "elements", "wsc": "elements", "hta": "elements", "xsl": "elements",
}  # fmt: skip
ELEMENTS = 100
_SCRIPT = re.compile(
    r"<(?:\w{1,10}:)?script\b([^>]{0,2000})>((?:(?!</(?:\w{1,10}:)?script)[\s\S]){0,4194304})", re.IGNORECASE
)
_WORD = re.compile(r"\w{3,60}")
_FETCHES = words.FETCH_NAMES | {
    "downloadfile",
    "downloadstring",
    "downloaddata",
    "webclient",
    "curl",
    "wget",
    "bitsadmin",
}
_RUNS = words.RUN_NAMES | words.PROGRAMS | {"wscript.shell", "exec", "eval", "iex", "execute", "executeglobal"}


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """Facts of one script."""
    text = decoded(content[:SCRIPT_BYTES])
    findings = [Finding("script.present", artifact.id, "", artifact.kind)]
    if _ENCODED in text[:65_536]:
        return Examined(tuple(findings), state=State.UNSUPPORTED, state_reason="the script is encoded")
    calls = tuple(_calls(artifact.id, text))
    findings += calls
    more, indicators, children = _worked_out(artifact, text, limits)
    findings += more
    known = {one.value for one in indicators}
    fetches = any(one.name == "script.download-call" for one in findings)
    role = "download" if fetches else "mentions"
    literal = () if _LANGUAGES.get(artifact.kind) == "vbscript" else commands.whole_urls(text)
    indicators += [
        Indicator(IndicatorType.URL, one, role, artifact.id) for one in dict.fromkeys(literal) if one not in known
    ]
    state, reason = State.INSPECTED, ""
    if len(content) > SCRIPT_BYTES:
        state, reason = State.LIMIT, f"a script of more than {SCRIPT_BYTES} bytes"
    return Examined(tuple(dict.fromkeys(findings)), tuple(dict.fromkeys(indicators)), children, (), state, reason)


def _worked_out(
    artifact: Artifact, text: str, limits: Limits
) -> tuple[list[Finding], list[Indicator], tuple[Child, ...]]:
    """What following the script, or undoing its layers, shows."""
    language = _LANGUAGES.get(artifact.kind, "")
    if not language:
        return [], [], ()
    if language == "shell":
        return (*commands.facts("script", artifact.id, "", shells.told([text])), ())
    scripts = [(language, text)] if language in ("javascript", "vbscript") else list(_elements(text))
    followed = javascript.run([one for spoken, one in scripts if spoken == "javascript"])
    findings = list(pages.findings(artifact.id, "script", followed.effects))
    indicators = list(pages.indicators(artifact.id, followed.effects))
    run = [one.value for one in followed.effects if one.kind == "runs" and one.value]
    written = [one for spoken, source in scripts if spoken == "vbscript" for one in vbscript.strings(source)]
    for group in (run, ["\n".join(written)] if written else []):
        facts, observed = commands.facts("script", artifact.id, "", shells.told(group))
        findings += [*facts, *_objects(artifact.id, group)]
        indicators += observed
    names = {one.name for one in findings}
    if written and {"script.download-call", "script.run-call"} <= names and "script.fetch-and-run" not in names:
        findings.append(Finding("script.fetch-and-run", artifact.id, "", "makes objects that fetch and that run"))
    if "script.download-call" in names:
        indicators = [replace(one, role="download") if one.role == "mentions" else one for one in indicators]
    return findings, indicators, tuple(pages.children(followed.effects, limits))


def _objects(artifact: str, texts: list[str]) -> Iterator[Finding]:
    """Objects that are made by names which only came out when pieces were joined."""
    for text in texts:
        for found, name in (
            (words.holds(text, words.FETCH_OBJECTS), "script.download-call"),
            (words.holds(text, words.RUN_OBJECTS), "script.run-call"),
        ):
            if found:
                yield Finding(name, artifact, "", found)


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """Language and source of the script elements of a markup file, JavaScript where none is named."""
    for one in itertools.islice(_SCRIPT.finditer(text), ELEMENTS):
        source = one[2].removeprefix("<![CDATA[").removesuffix("]]>")
        yield ("vbscript" if "vbs" in one[1].lower() else "javascript"), source


def _calls(artifact: str, text: str) -> Iterator[Finding]:
    """One finding for each word that fetches or runs, at the first line it stands on."""
    seen: set[str] = set()
    for number, line in enumerate(text.lower().split("\n"), 1):
        for name, found in _line_calls(line):
            if name + found not in seen and len(seen) < LINES_QUOTED:
                seen.add(name + found)
                yield Finding(name, artifact, f"line {number}", found)


def _line_calls(line: str) -> Iterator[tuple[str, str]]:
    present = set(_WORD.findall(line))
    for word in sorted(present & _FETCHES):
        yield "script.download-call", word
    for word in sorted(present & _RUNS):
        yield "script.run-call", word
    made = words.holds(line, words.FETCH_OBJECTS)
    if made:
        yield "script.download-call", made
    made = words.holds(line, words.RUN_OBJECTS)
    if made:
        yield "script.run-call", made


INSPECTOR = Inspector("script", inspect, classes=frozenset({FileClass.SCRIPT}))
