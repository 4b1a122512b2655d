"""Script files: that they are there, which words in them fetch and run, and the literal addresses they hold.

Scripts of Windows Script Host, HTML applications, batch files, PowerShell, shells and other interpreters. Encoded ones
(``#@~^``, Windows Script Encoder) are named only; decoding and running layers is the interpreter's.
"""

import re
from collections.abc import Iterator

from seriema.examine import words
from seriema.examine.identify import decoded
from seriema.examine.inspector import Examined, Inspector
from seriema.model.artifact import Artifact, FileClass, State
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

#: Bytes of one script that are read.
SCRIPT_BYTES = 4 << 20
LINES_QUOTED = 200
_ENCODED = "#@~^"
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


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:  # noqa: ARG001 - the contract's shape
    """Facts of one script."""
    text = decoded(content[:SCRIPT_BYTES])
    findings = [Finding("script.present", artifact.id, "", artifact.kind)]
    if _ENCODED in text[:65_536]:
        return Examined(tuple(findings), state=State.UNSUPPORTED, state_reason="the script is encoded")
    calls = tuple(_calls(artifact.id, text))
    findings += calls
    fetches = any(one.name == "script.download-call" for one in calls)
    role = "download" if fetches else "mentions"
    addresses = dict.fromkeys(address for line in text.split("\n") for address in words.urls(line))
    indicators = tuple(Indicator(IndicatorType.URL, one, role, artifact.id) for one in addresses)
    if len(content) > SCRIPT_BYTES:
        return Examined(tuple(findings), indicators, (), (), State.LIMIT, f"a script of more than {SCRIPT_BYTES} bytes")
    return Examined(tuple(findings), indicators)


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
