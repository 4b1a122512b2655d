"""Excel 4 macro sheets of Office Open XML workbooks: what their formulas call, put together from constant pieces.

ECMA-376 part 1, 18.3.1.40 (formulas) and 18.2.5 (defined names), macro sheets after [MS-OFFMACRO2] 2.2.1. Only
constants within one formula are worked out, so the document stays ``unsupported``, as ``office_package`` says.
"""

import re
from html import unescape

from seriema.examine import words
from seriema.examine.compound import SIGNATURE
from seriema.examine.identify import decoded
from seriema.examine.inspector import Examined, Inspector
from seriema.examine.package import open_package
from seriema.model.artifact import Artifact
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

MEMBERS, PART, FORMULAS, QUOTED = 20_000, 8 << 20, 20_000, 300
_SHEET = re.compile(r"xl/(?:intl)?macrosheets/[^/]{1,100}\.xml")
_FORMULA = re.compile(r"<(?:\w{1,9}:)?f\b[^<>]{0,300}>([^<]{1,16384})</")
_AUTO = re.compile(
    r"<(?:\w{1,9}:)?definedName\b[^<>]{0,500}\bname=\"((?:_xlnm\.)?auto_(?:open|close|activate)[^\"]{0,60})\"",
    re.IGNORECASE,
)
_CHARACTER = re.compile(r"\bCHAR\(\s{0,9}(\d{1,3})\s{0,9}\)", re.IGNORECASE)
_JOINED = re.compile(r"\"\s{0,9}&\s{0,9}\"")
_CALL = re.compile(
    r"\b(EXEC|CALL|REGISTER|FORMULA(?:\.FILL)?|FOPEN|FWRITELN|URLDownloadToFile[AW]?|ShellExecute[AW]?|WinExec)\b",
    re.IGNORECASE,
)
_RUNS = frozenset({"exec", "shellexecutea", "shellexecutew", "shellexecute", "winexec"})


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """The calls of the macro sheets, and the addresses and commands in them."""
    if content.startswith(SIGNATURE):
        return Examined()
    package = open_package(content, MEMBERS, limits.opened_bytes)
    findings: list[Finding] = []
    indicators: list[Indicator] = []
    sheets = [name for name in sorted(package.members) if _SHEET.fullmatch(name)]
    if not sheets:
        return Examined()
    if "xl/workbook.xml" in package:
        starts = _AUTO.findall(decoded(package.read("xl/workbook.xml", PART)))
        findings += [Finding("xlm.auto-run", artifact.id, "xl/workbook.xml", one) for one in dict.fromkeys(starts)]
    for name in sheets:
        for formula in [one[1] for one in _FORMULA.finditer(decoded(package.read(name, PART)))][:FORMULAS]:
            plain = worked_out(unescape(formula))
            calls = dict.fromkeys(one.lower() for one in _CALL.findall(plain))
            findings += [Finding("xlm.call", artifact.id, name, plain[:QUOTED])] if calls else []
            indicators += [
                Indicator(IndicatorType.URL, one, "download" if calls else "mentions", artifact.id)
                for one in _urls(plain)
            ]
            if not _RUNS.isdisjoint(calls) and words.fetching_command(plain):
                findings.append(Finding("xlm.fetch-and-run", artifact.id, name, plain[:QUOTED]))
    return Examined(tuple(dict.fromkeys(findings)), tuple(dict.fromkeys(indicators)))


def worked_out(formula: str) -> str:
    """The formula with CHAR of a number as text and texts joined."""
    text = _CHARACTER.sub(lambda one: '"' + chr(int(one[1]) & 0xFF).replace('"', '""') + '"', formula)
    return _JOINED.sub("", text)


def _urls(text: str) -> list[str]:
    """Addresses that end with their text: nothing unknown is joined behind them."""
    return [one for one in words.urls(text) if not re.match(r"\"\s{0,9}&", text[text.find(one) + len(one) :][:12])]


INSPECTOR = Inspector("xlm", inspect, frozenset({"xlsm", "xlsx"}))
