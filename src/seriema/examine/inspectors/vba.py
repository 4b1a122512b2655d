"""Macros of Office documents: modules, what starts by itself, what it fetches and runs, literal addresses and paths.

Projects lie in compound files (a .doc's ``Macros``, an .xls's ``_VBA_PROJECT_CUR``), in a part of OOXML packages, and
in PowerPoint 97's own stream as compressed objects ([MS-PPT] 2.10.34). Source that is missing, unreadable or
contradicts the compiled code leaves the document incomplete.
"""

import re
import zlib
from collections.abc import Iterator
from struct import unpack_from

from seriema.examine import words
from seriema.examine.compound import SIGNATURE, Compound, open_compound
from seriema.examine.inspector import Examined, Inspector
from seriema.examine.package import open_package
from seriema.examine.vba.project import Module, Project, projects
from seriema.examine.vba.reading import FETCH, RUN, STATEMENTS, STORE, Fact, Procedure, Reading, read
from seriema.examine.vba.story import Story, follow
from seriema.model.artifact import SEVERITY, Artifact, Child, State
from seriema.model.errors import HostileInput, LimitReached, Malformed
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits

#: A project's own file; larger ones are a limit.
PROJECT_BYTES = 32 << 20
PACKAGE_MEMBERS = 20_000
_OLE_OBJECT = b"\x11\x10"  #: ExOleObjStg, the record type that holds a project in a presentation
_CACHE_STRINGS = re.compile(rb"[\x20-\x7e]{6,300}")
_FINDINGS = {FETCH: "macro.download-call", RUN: "macro.run-call"}
_QUOTED = 300
FOLLOWED, NAMED = 50, 200  #: procedures that start by themselves: followed one by one, named in findings
_ROLES = ("download", "runs", "saves-as", "mentions")
_SEEN = (
    ("fetch", IndicatorType.URL, "download"),
    ("save", IndicatorType.PATH, "saves-as"),
    ("run", IndicatorType.COMMAND, "runs"),
)
_VERBS = {"fetch": "fetches", "save": "saves", "run": "runs"}
_SENTENCE = 1_000  #: characters


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """The macros of one document."""
    findings: list[Finding] = []
    indicators: dict[Indicator, None] = {}
    children: list[Child] = []
    state, reason = State.INSPECTED, ""
    for found in _compounds(artifact.kind, content, limits):
        if isinstance(found, HostileInput):
            state, reason = _worse(state, reason, found)
            continue
        for project in projects(found):
            seen = _project(artifact.id, project)
            findings += seen.findings
            indicators.update(dict.fromkeys(seen.indicators))
            children += seen.children
            if SEVERITY.index(seen.state) > SEVERITY.index(state):
                state, reason = seen.state, seen.state_reason
    return Examined(tuple(findings), tuple(indicators), tuple(children), state=state, state_reason=reason)


def _worse(state: State, reason: str, error: HostileInput) -> tuple[State, str]:
    met = State.LIMIT if isinstance(error, LimitReached) else State.MALFORMED
    return (met, str(error)) if SEVERITY.index(met) > SEVERITY.index(state) else (state, reason)


# -- where projects lie ------------------------------------------------------------------------------------------------


def _compounds(kind: str, content: bytes, limits: Limits) -> Iterator[Compound | HostileInput]:
    """Every compound file that may hold a project; an error in place of one that cannot be read."""
    try:
        if content.startswith(SIGNATURE):
            outer = open_compound(content)
            yield outer
            if kind == "ppt" and "powerpoint document" in outer.entries:
                yield from _presentation(outer.read("PowerPoint Document", limits.member_bytes))
            return
        package = open_package(content, PACKAGE_MEMBERS, limits.opened_bytes)
    except HostileInput as stopped:
        yield stopped
        return
    for name, member in package.members.items():
        if not name.endswith(".bin") and "vba" not in name:
            continue
        try:
            part = package.read(member.name, min(PROJECT_BYTES, limits.member_bytes))
            if part.startswith(SIGNATURE):
                yield open_compound(part)
        except HostileInput as stopped:
            yield stopped


def _presentation(stream: bytes) -> Iterator[Compound | HostileInput]:
    """The compound files stored as objects in a presentation's stream."""
    at = stream.find(_OLE_OBJECT)
    while at >= 2:  # noqa: PLR2004 - version and instance stand before the type
        instance, size = unpack_from("<H2xI", stream.ljust(at + 8, b"\0"), at - 2)
        content = stream[at + 6 : at + 6 + size]
        if instance >> 4 == 1:  # compressed: its size, then a zlib stream
            try:
                content = zlib.decompressobj().decompress(content[4:], PROJECT_BYTES)
            except zlib.error:
                content = b""
        if content.startswith(SIGNATURE):
            try:
                yield open_compound(content)
            except Malformed as stopped:
                yield stopped
        at = stream.find(_OLE_OBJECT, at + 2)


# -- what one project says ---------------------------------------------------------------------------------------------


def _project(artifact: str, project: Project) -> Examined:
    reading = read(project.modules)
    story = follow(project.modules)
    starts = [one for one in reading.procedures.values() if one.when]
    # What tells most comes first, so that a flood of lesser facts cannot push it out.
    findings = [
        *_presence(artifact, project, reading),
        *_chains(artifact, starts, reading, story),
        *_starts(artifact, starts),
        *_followed(artifact, story),
        *_facts(artifact, reading),
    ]
    missing = [
        Finding("macro.source-missing", artifact, one.name, one.problem) for one in project.modules if one.problem
    ]
    written = "\n".join(one.source for one in project.modules).lower()
    stomped = [
        Finding("macro.source-mismatch", artifact, one.name, text)
        for one in project.modules
        for text in _hidden(one, written)
    ]
    state, reason = State.INSPECTED, ""
    if project.problem:
        findings.append(Finding("macro.project-damaged", artifact, project.storage, project.problem))
        state, reason = State.MALFORMED, f"VBA project: {project.problem}"
    elif reading.cut:
        state, reason = State.LIMIT, f"more than {STATEMENTS} statements of VBA"
    elif missing:
        state, reason = State.UNSUPPORTED, f"source of VBA module {missing[0].place}: {missing[0].detail}"
    elif stomped:
        state, reason = State.UNSUPPORTED, f"VBA module {stomped[0].place} was compiled from other source"
    findings += missing + stomped
    indicators = sorted(_indicators(artifact, reading, story), key=lambda one: _ROLES.index(one.role))
    children = tuple(Child(_file_name(path), content, len(content)) for path, content in story.dropped.items())
    return Examined(tuple(findings), tuple(indicators), children, state=state, state_reason=reason)


def _file_name(path: str) -> str:
    return path.replace("/", "\\").rpartition("\\")[2] or "written by a macro"


def _presence(artifact: str, project: Project, reading: Reading) -> list[Finding]:
    if not reading.code_lines:
        return []
    count = len(project.modules)
    detail = f"{count} module{'s' if count > 1 else ''}, {reading.code_lines} lines of code"
    return [Finding("macro.present", artifact, project.storage, detail)]


def _chains(artifact: str, starts: list[Procedure], reading: Reading, story: Story) -> Iterator[Finding]:
    """What starts by itself and both fetches a file and runs something: as followed, else as the calls allow."""
    said = {start.name.lower() for start, _ in story.chains}
    for start, sentence in story.chains:
        place = f"{start.code.module.spelled}:{start.code.tree.line}"
        yield Finding("macro.fetch-and-run", artifact, place, sentence[:_SENTENCE])
    starts = [one for one in starts if one.name.lower() not in said]
    # Beyond some number of starts the rest is followed together: each alone would cost a walk through all code.
    groups = [[start] for start in starts[:FOLLOWED]] + ([starts[FOLLOWED:]] if starts[FOLLOWED:] else [])
    for group in groups:
        chain = _chain(reading, reading.reached(*group))
        if chain:
            fetch, runs = chain
            detail = f"{group[0].name} fetches ({fetch.word}, {fetch.place}) and runs ({runs.word}, {runs.place})"
            place = f"{group[0].module}:{group[0].line}"
            yield Finding("macro.fetch-and-run", artifact, place, detail.replace("(.", "("))


def _followed(artifact: str, story: Story) -> Iterator[Finding]:
    """What following the macros showed: how addresses are built, targets that stay unknown, budgets that ended."""
    for (module, line), words_ in story.built:
        yield Finding("macro.built-address", artifact, f"{module}:{line}", words_[:_SENTENCE])
    for one in story.unknown:
        if one.by_itself:
            detail = f"{one.start} {_VERBS[one.does]} something not wholly known: {one.value} ({one.api})"
            yield Finding("macro.unknown-target", artifact, one.where, detail[:_SENTENCE])
    for start, why in story.exhausted:
        place = f"{start.code.module.spelled}:{start.code.tree.line}"
        yield Finding("macro.budget-exhausted", artifact, place, f"{start.name} was not followed to its end: {why}")


def _starts(artifact: str, starts: list[Procedure]) -> Iterator[Finding]:
    for one in starts[:NAMED]:
        yield Finding("macro.auto-run", artifact, f"{one.module}:{one.line}", f"{one.name} starts {one.when}")
    if len(starts) > NAMED:
        yield Finding("macro.auto-run", artifact, "", f"and {len(starts) - NAMED} more")


def _chain(reading: Reading, reached: frozenset[str]) -> tuple[Fact, Fact] | None:
    """A fetch that is stored, or done by a command line, and a run among the procedures that a start reaches."""
    here = [fact for fact in reading.facts if fact.procedure in reached]
    fetch = next((fact for fact in here if fact.does == FETCH), None)
    run = next((fact for fact in here if fact.does == RUN), None)
    stores = any(fact.does == STORE for fact in here)
    by_command = any(fact.word in words.FETCH_COMMANDS for fact in here if fact.does == FETCH)
    return (fetch, run) if fetch and run and (stores or by_command) else None


def _facts(artifact: str, reading: Reading) -> Iterator[Finding]:
    telling = [fact for fact in reading.facts if fact.does in _FINDINGS]
    for fact in telling[: 2 * NAMED]:
        yield Finding(_FINDINGS[fact.does], artifact, fact.place, fact.word.lstrip("."))
    if len(telling) > 2 * NAMED:
        yield Finding("macro.run-call", artifact, "", f"and {len(telling) - 2 * NAMED} more calls")


def _indicators(artifact: str, reading: Reading, story: Story) -> Iterator[Indicator]:
    """What the macros were seen to fetch, save and run; then literal addresses, paths and commands."""
    for does, kind, role in _SEEN:
        for value in story.values(does):
            yield Indicator(kind, value, role, artifact)
    for domain in story.domains:
        yield Indicator(IndicatorType.DOMAIN, domain, "download", artifact)
    seen = [one.value for one in story.facts] + [one.value.partition("…")[0] for one in story.unknown]
    fetched = any(one.does == "fetch" for one in story.facts)
    fetching = reading.around(fact.procedure for fact in reading.facts if fact.does == FETCH)
    fetches = any(fact.does == FETCH for fact in reading.facts) and not fetched
    stores = any(fact.does == STORE for fact in reading.facts) and not story.values("save")
    runs = any(fact.does == RUN for fact in reading.facts) and not story.values("run")
    for literal in reading.literals:
        text = literal.text
        near = fetches and literal.procedure in fetching
        if any(text.value in one for one in seen):
            continue  # a piece of what was seen whole
        for address in words.urls(text.value, open_end=text.open_end):
            if not any(address in one for one in seen):
                yield Indicator(IndicatorType.URL, address, "download" if near else "mentions", artifact)
        command = literal.is_run or words.names_program(text.value)
        if command and runs and text.value.strip() and not text.open_start and not text.open_end:
            yield Indicator(IndicatorType.COMMAND, text.value[:_QUOTED], "runs", artifact)
        elif words.path(text.value) and not text.open_start and not text.open_end:
            yield Indicator(IndicatorType.PATH, text.value, "saves-as" if near and stores else "mentions", artifact)


def _hidden(module: Module, written: str) -> list[str]:
    """Addresses and calls that stand in a module's compiled code but nowhere in the project's source."""
    found: list[str] = []
    for piece in _CACHE_STRINGS.findall(module.cache):
        text = piece.decode("ascii")
        telling = next(words.urls(text), "") or words.fetching_command(text) or words.holds(text, words.RUN_OBJECTS)
        if telling and telling.lower() not in written and text.strip().lower() not in written:
            found.append(text.strip()[:_QUOTED])
    return found[:20]


INSPECTOR = Inspector(
    "vba",
    inspect,
    frozenset(
        {"doc", "xls", "ppt", "docx", "docm", "xlsx", "xlsm", "xlsb", "pptx", "pptm", "visio", "publisher", "ole"},
    ),
)
