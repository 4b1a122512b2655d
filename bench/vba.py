"""Macros of many shapes: which addresses, paths and commands are recovered, which are invented, and how long it takes.

    python bench/vba.py [--only WORDS] [--olevba PROGRAM] [--verbose]

Patterns lie in ``bench/vba_patterns`` as plain text: inert, with reserved names, each with what must be found. With
``--olevba`` the same macros go through that program in the same run (``pip install oletools`` in an environment of its
own). Exit code 1 when something is missed or invented, or a bound of time is not kept.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from seriema.examine.vba.document import Control, Document, Form, Shape, Sheet
from seriema.examine.vba.project import Module
from seriema.examine.vba.story import Story, follow
from seriema.exercise.documents import docm_with_macro

HERE = Path(__file__).parent / "vba_patterns"
_EVENTS = ("this", "sheet", "userform", "loader", "class", "diese")
_LINE = re.compile(r"(url|path|command|document|unknown) ?(.*)")
_URL = re.compile(r"(?:https?|ftp)://[^\s\"'<>|^`{}\\]{4,}")


@dataclass
class Pattern:
    """One macro with what must be found in it."""

    name: str
    url: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    document: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    modules: dict[str, list[str]] = field(default_factory=dict)

    @property
    def sources(self) -> dict[str, str]:
        """Source by module."""
        return {name: "\n".join(lines) for name, lines in self.modules.items()}


def patterns() -> list[Pattern]:
    """All patterns of all files."""
    found: list[Pattern] = []
    module: list[str] | None = None
    for file in sorted(HERE.glob("*.txt")):
        for line in file.read_text("utf-8").split("\n"):
            if line.startswith("=== "):
                found.append(Pattern(line[4:]))
                module = None
            elif line.startswith("--- "):
                module = found[-1].modules.setdefault(line[4:], [])
            elif module is not None:
                module.append(line)
            elif head := _LINE.fullmatch(line):
                getattr(found[-1], head[1]).append(head[2])
    return found


def document(lines: list[str]) -> Document:
    """What the macro can read of its document."""
    tables: dict[str, dict[str, str]] = {}
    rows: list[tuple[str, ...]] = []
    many: dict[str, list[str]] = {"paragraph": [], "xml": [], "comment": []}
    for line in lines:
        kind, _, rest = line.partition(" ")
        if kind in many:
            many[kind].append(rest)
        elif kind == "table":
            rows.append(tuple(one.strip() for one in rest.split("|")))
        else:
            name, _, value = rest.partition(" = ")
            tables.setdefault(kind, {})[name] = value
    held = {kind: {name.lower(): value for name, value in table.items()} for kind, table in tables.items()}
    return Document(
        properties=held.get("property", {}),
        custom=held.get("custom", {}),
        variables=held.get("variable", {}),
        paragraphs=tuple(many["paragraph"]),
        tables=(tuple(rows),) if rows else (),
        shapes=(
            *(Shape(name, value) for name, value in tables.get("shape", {}).items()),
            *(Shape(name, text=value) for name, value in tables.get("boxed", {}).items()),
        ),
        bookmarks=held.get("bookmark", {}),
        comments=tuple(many["comment"]),
        content_controls=tuple(
            Control(name, {"text": value, "title": name, "tag": name})
            for name, value in tables.get("control", {}).items()
        ),
        custom_xml=tuple(many["xml"]),
        sheets=sheets(tables.get("cell", {}), tables.get("note", {})),
        names=held.get("name", {}),
        forms=forms(tables.get("form", {})),
    )


def sheets(cells: dict[str, str], notes: dict[str, str]) -> tuple[Sheet, ...]:
    found: dict[str, tuple[dict[tuple[int, int], str | float], dict[tuple[int, int], str]]] = {}
    for number, table in enumerate((cells, notes)):
        for place, value in table.items():
            name, _, cell = place.partition("!")
            column, row = re.match(r"([A-Z]+)(\d+)", cell).groups()
            at = int(row), sum((ord(one) - 64) * 26**power for power, one in enumerate(reversed(column)))
            plain = int(value) if number == 0 and re.fullmatch(r"-?\d{1,9}", value) else value
            found.setdefault(name, ({}, {}))[number][at] = plain
    return tuple(Sheet(name, f"Sheet{at}", *both) for at, (name, both) in enumerate(found.items(), 1))


def forms(table: dict[str, str]) -> tuple[Form, ...]:
    own: dict[str, dict[str, str]] = {}
    nested: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    for place, value in table.items():
        name, *within, which = place.split(".")
        own.setdefault(name, {})
        if within:
            nested.setdefault(name, {}).setdefault(tuple(within), {})[which.lower()] = value
        else:
            own[name][which.lower()] = value
    return tuple(Form(name, properties, controls(nested.get(name, {}))) for name, properties in own.items())


def controls(table: dict[tuple[str, ...], dict[str, str]]) -> tuple[Control, ...]:
    names = dict.fromkeys(path[0] for path in table)
    return tuple(
        Control(
            name,
            table.get((name,), {}),
            controls({path[1:]: held for path, held in table.items() if path[0] == name and path[1:]}),
        )
        for name in names
    )


def followed(pattern: Pattern) -> Story:
    modules = [
        Module(name, source, events=name.lower().startswith(_EVENTS)) for name, source in pattern.sources.items()
    ]
    return follow(modules, document(pattern.document))


def wrong(pattern: Pattern, story: Story) -> list[str]:
    """What was missed and what was invented."""
    said = []
    for kind, does in (("url", "fetch"), ("path", "save"), ("command", "run")):
        wanted, found = getattr(pattern, kind), story.values(does)
        said += [f"missed {kind} {one}" for one in wanted if one.lower() not in {each.lower() for each in found}]
    said += [f"invented url {one}" for one in story.values("fetch") if one not in pattern.url]
    if pattern.unknown and not story.unknown:
        said.append("the unknown target was not said")
    return said


def olevba(program: str, pattern: Pattern) -> tuple[bool, int, float]:
    """Whether it shows all addresses, how many false ones, and its seconds."""
    with tempfile.NamedTemporaryFile(suffix=".docm") as file:
        file.write(docm_with_macro(pattern.sources, "x"))
        file.flush()
        begun = time.perf_counter()
        command = [program, "--decode", "--deobf", "--reveal", file.name]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120, check=False)
    table = "\n".join(line for line in done.stdout.split("\n") if line.startswith("|"))
    found = set(_URL.findall(table.replace("\n|          |                    |", "")))
    plain = {one.rstrip("|. ") for one in found}
    whole = all(
        any(one.startswith(url[: len(url)]) for one in plain) or url in done.stdout.replace("\n", "")
        for url in pattern.url
    )
    return whole and bool(pattern.url), len(plain - set(pattern.url)), time.perf_counter() - begun


def extremes() -> list[str]:
    """The bounds on long macros."""
    late = []
    lines = "\n".join(f'    v{i % 90} = v{i % 71} + {i} * 3 - Len("junk{i}")' for i in range(3_000))
    turns = "For i = 1 To 200000\nx = (x * 3 + i) Mod 1000\nNext"
    loop = f'Sub AutoOpen()\nDim i As Long, x As Long\n{turns}\nShell "calc " & x\nEnd Sub'
    for name, source, most in (
        ("3,000 lines of junk", f'Sub AutoOpen()\n{lines}\nShell "calc"\nEnd Sub', 1.0),
        ("a loop of 200,000 turns", loop, 0.5),
    ):
        seconds = min(timed(source) for _ in range(3))
        print(f"{name:28} {seconds:6.3f} s (bound {most} s)")
        late += [name] if seconds > most else []
    return late


def timed(source: str) -> float:
    begun = time.process_time()
    follow([Module("Module1", source)])
    return time.process_time() - begun


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--only", default="", help="patterns whose names hold these words")
    arguments.add_argument("--olevba", default="", help="the program to compare with")
    arguments.add_argument("--verbose", action="store_true", help="say what was found")
    chosen = arguments.parse_args()
    times, failed, rival, false = [], 0, 0, 0
    tried = [one for one in patterns() if chosen.only in one.name]
    for pattern in tried:
        begun = time.process_time()
        story = followed(pattern)
        times.append(time.process_time() - begun)
        problems = wrong(pattern, story)
        failed += bool(problems)
        note = ""
        if chosen.olevba and not pattern.document:
            whole, invented, seconds = olevba(chosen.olevba, pattern)
            rival, false = rival + whole, false + bool(invented)
            note = f"   olevba: {'found' if whole else 'missed'}, {invented} others, {seconds:.1f} s"
        if problems or note or chosen.verbose:
            print(f"{'FAILED' if problems else 'ok':6} {times[-1] * 1000:6.1f} ms  {pattern.name}{note}")
        for one in problems:
            print(f"           {one}")
        for fact in story.facts if problems or chosen.verbose else ():
            print(f"           {fact.does}: {fact.value} ({fact.api}, {fact.where})")
    times.sort()
    middle, late_ones = times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000
    print(f"{len(tried) - failed} of {len(tried)} patterns whole, median {middle:.1f} ms, p99 {late_ones:.1f} ms")
    if chosen.olevba:
        print(
            f"olevba: all addresses of {rival} patterns, others beside them in {false} (of those that need no document)"
        )
    late = extremes() if not chosen.only else []
    return 1 if failed or late else 0


if __name__ == "__main__":
    sys.exit(main())
