"""Plain text, tables, calendars and cards: nothing in them runs, but a password may stand there.

A table cell that a spreadsheet would turn into a Dynamic Data Exchange call is named (CSV has no specification beyond
RFC 4180; the call is Excel's ``=program|'arguments'!item``).
"""

import re

from seriema.examine.identify import decoded
from seriema.examine.inspector import Examined, Inspector
from seriema.model.artifact import Artifact
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.model.password import Text

_TABLES = frozenset({"csv", "tsv", "tab", "xls", "xlsx"})
_EXCHANGE = re.compile(r"(?:^|[,;\t\"])[ ]{0,9}[=+@-][^,;\t\n|]{0,99}\|[^\n|!]{0,300}!", re.MULTILINE)
_BYTES_A_CHARACTER = 4


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """The text, cut at ``text_chars``, and calls hidden in a table's cells."""
    text = decoded(content[: limits.text_chars * _BYTES_A_CHARACTER])
    findings: tuple[Finding, ...] = ()
    if artifact.kind == "csv" or artifact.extension in _TABLES:
        call = _EXCHANGE.search(text)
        line = text.count("\n", 0, call.start()) + 1 if call else 0
        findings = (Finding("csv.data-exchange", artifact.id, f"line {line}", call[0].strip()),) if call else ()
    return Examined(findings, texts=(Text("attachment", text[: limits.text_chars]),))


INSPECTOR = Inspector("text", inspect, frozenset({"text", "csv", "json", "xml", "ics", "vcf"}))
