"""What command lines and scripts of shells would fetch, store and run, once their layers of coding are undone."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seriema.examine import words
from seriema.examine.shells import batch, powershell
from seriema.examine.shells.batch import HOLE
from seriema.model.finding import Finding, Indicator, IndicatorType

LAYERS, QUOTED, FACTS = 30, 500, 100
#: Words that start what was brought in; a shell's own words, so that they count only at the head of a command.
_RUNS = re.compile(
    r"(?:^|[\s;&|({=\"'@\\/])(" + "|".join(map(re.escape, words.RUN_COMMANDS)) + r")(?:\.exe)?(?=[\s\"'(;&|$)]|$)"
    r"|(\[(?:system\.)?reflection\.assembly\]::load|\.invoke\(|::start\(|[&.]\s{0,9}\(?\$\w)",
    re.IGNORECASE | re.MULTILINE,
)
#: Programs that fetch and run in one step.
_BOTH = re.compile(
    r"(mshta(?:\.exe)?[\s\"']{1,9}(?:https?:|\\\\)|regsvr32[^\n]{0,300}[/-]i:[\s\"']{0,3}(?:https?:|\\\\)"
    r"|msiexec[^\n]{0,300}(?:https?:|\\\\)|(?:rundll32|wscript|cscript)(?:\.exe)?[^\n&|]{0,60}\\\\[\w.-]{1,100}(?:@|\\)"
    r"|wmic[^\n]{0,200}/format:[\s\"']{0,3}https?:)",
    re.IGNORECASE,
)
_HALF = re.compile(r"[%!]\w{1,60}[%!:]|\$[\w{(]|" + HOLE)
_FOLLOWS = re.compile(r"[\"']?\s{0,9}[+&]\s{0,9}[\w$(\[\"']")
_SAVED = re.compile(
    r"(?:(?<!\w)-o(?:utfile|utput|utf)?|-destination|\.downloadfile\([^,]{1,500},)\s{0,9}[\"']?([^\s\"',;|)]{3,260})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """``layers`` from the text as it stands to the last that came out of it; "" where it does not fetch or run."""

    layers: tuple[str, ...]
    fetches: str = ""
    runs: str = ""
    urls: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def fetches_and_runs(self) -> bool:
        """Something is brought in and started."""
        return bool(self.fetches and self.runs)


def told(texts: Iterable[str]) -> Told:
    """Undo the layers of each text and look at all that comes out."""
    layers: dict[str, None] = {}
    for text in texts:
        for one in _layers(text):
            if len(layers) < LAYERS:
                layers.setdefault(one)
    fetches = runs = ""
    for one in (layer.replace(HOLE, "") for layer in layers):
        both = _BOTH.search(one)
        fetches = fetches or (both[1] if both else "") or words.fetching_command(one)
        found = _RUNS.search(one[: words.SEARCHED * 4])
        runs = runs or (both[1] if both else "") or (found[1] or found[2] if found else "")
    urls = dict.fromkeys(url for one in layers for url in whole_urls(one))
    paths = dict.fromkeys(
        found[1] for one in layers for found in _SAVED.finditer(one[: words.SEARCHED * 4]) if not _HALF.match(found[1])
    )
    return Told(tuple(layers), fetches, runs, tuple(urls)[:FACTS], tuple(paths)[:FACTS])


def _layers(text: str) -> Iterator[str]:
    plain = batch.unfolded(text) if "^" in text or "%" in text or "!" in text else text
    yield plain
    yield from powershell.layers(plain)


def whole_urls(text: str) -> Iterator[str]:
    """The addresses of a text that are there as a whole: no variable in them, and nothing joined behind."""
    for begin in range(0, min(len(text), 1 << 20), words.SEARCHED):
        block = text[begin : begin + words.SEARCHED + 2_000]
        for url in words.urls(block):
            after = block.find(url) + len(url)
            if not _HALF.search(url) and not _HALF.match(block, after) and not _FOLLOWS.match(block, after):
                yield url


def facts(prefix: str, artifact: str, place: str, seen: Told) -> tuple[list[Finding], list[Indicator]]:
    """What was told as findings and indicators; ``prefix`` is the inspector's word for itself."""
    findings: list[Finding] = []
    if seen.fetches_and_runs:
        source = f"{seen.fetches}, {seen.urls[0]}" if seen.urls else seen.fetches
        findings.append(
            Finding(f"{prefix}.fetch-and-run", artifact, place, f"fetches ({source}) and runs ({seen.runs})")
        )
    if seen.fetches:
        findings.append(Finding(f"{prefix}.download-call", artifact, place, seen.fetches))
    if seen.runs:
        findings.append(Finding(f"{prefix}.run-call", artifact, place, seen.runs))
    hidden = [one for one in seen.layers[1:] if one not in seen.layers[0]]
    if hidden:
        findings.append(Finding(f"{prefix}.decoded", artifact, place, hidden[-1].strip()[:QUOTED]))
    role = "download" if seen.fetches else "mentions"
    indicators = [Indicator(IndicatorType.URL, one, role, artifact) for one in seen.urls]
    indicators += [Indicator(IndicatorType.PATH, one, "saves-as", artifact) for one in seen.paths if seen.fetches]
    return findings, indicators
