"""What commands print: results on standard output only, progress and trouble on standard error."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

from seriema import report
from seriema.model.case import Case
from seriema.model.verdict import Tier

_COLOURS = {Tier.TAG: "33", Tier.ASK: "35", Tier.HOLD: "31;1", Tier.REJECT: "31;1"}


def coloured(tier: Tier, text: str) -> str:
    """The text with its tier in colour, on a terminal that wants it (https://no-color.org)."""
    if tier not in _COLOURS or os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return text.replace(tier.value, f"\033[{_COLOURS[tier]}m{tier.value}\033[0m", 1)


def warn(sentence: str) -> None:
    """One clear line on standard error."""
    print(f"seriema: {sentence}", file=sys.stderr)


@dataclass(slots=True)
class Printer:
    """Prints cases as they are judged, and remembers what the exit code depends on."""

    style: str  #: text, json or jsonl
    detailed: bool = False
    latest: dict[str, tuple[Tier, bool]] = field(default_factory=dict)
    worst: Tier = Tier.DELIVER
    incomplete: bool = False
    _first: bool = True
    _unshown: Case | None = None

    def __call__(self, case: Case) -> None:
        """Print one case."""
        # The same mail may be scanned twice from two places; each counts.
        self.latest[f"{case.evidence.source}\0{case.evidence.id}"] = (
            case.verdict.tier,
            case.verdict.inspection.complete,
        )
        self.worst = max(self.worst, case.verdict.tier, key=lambda one: one.severity)
        self.incomplete |= not case.verdict.inspection.complete
        if self.style == "text":
            self._text(case)
        elif self.style == "jsonl":
            sys.stdout.write(json.dumps(report.document(case), ensure_ascii=False, separators=(",", ":")) + "\n")
        else:
            sys.stdout.write(
                ("[\n" if self._first else ",\n") + json.dumps(report.document(case), ensure_ascii=False, indent=2)
            )
        self._first = False
        sys.stdout.flush()

    def _text(self, case: Case) -> None:
        if self.detailed:
            print(coloured(case.verdict.tier, report.detail(case)))
        elif report.matters(case):
            self._show(case)
        else:
            self._unshown = case

    def _show(self, case: Case) -> None:
        print(coloured(case.verdict.tier, report.line(case)))
        for row in report.tree(case):
            print(row)

    def close(self) -> None:
        """End the JSON list, or print the closing table; a single mail is shown whatever became of it."""
        if self.style == "json":
            sys.stdout.write("[]\n" if self._first else "\n]\n")
        elif self.style == "text" and not self.detailed and len(self.latest) == 1 and self._unshown:
            self._show(self._unshown)
        elif self.style == "text" and len(self.latest) > 1:
            print(report.table(self.latest.values()))
        sys.stdout.flush()


def progress(what: str) -> Callable[[int, int], None]:
    """A line that is rewritten on a terminal, and nothing elsewhere: called with done and total."""
    if not sys.stderr.isatty():
        return lambda _done, _total: None

    def show(done: int, total: int) -> None:
        share = f" {100 * done // total:3d} %" if total else ""
        end = "\n" if total and done >= total else ""
        print(f"\r{what}{share} ({done})", end=end, file=sys.stderr, flush=True)

    return show


def wrapped(line: str, indent: str = "") -> str:
    """A long line in lines as wide as the terminal, the later ones indented; as it is where there is no terminal."""
    if not sys.stdout.isatty():
        return line
    return textwrap.fill(line, max(20, shutil.get_terminal_size().columns), subsequent_indent=indent)
