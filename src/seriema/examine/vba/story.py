"""What the runs of a project come to: addresses, paths and commands, and the chain from fetching to running, in
words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from seriema.examine import shells, words
from seriema.examine.vba.document import EMPTY, Document
from seriema.examine.vba.machine import Event, Place
from seriema.examine.vba.parser import parse
from seriema.examine.vba.project import Module
from seriema.examine.vba.provenance import Piece, pieces, said
from seriema.examine.vba.running import Account, Start, Told, run
from seriema.examine.vba.tokens import tokens
from seriema.examine.vba.values import HalfKnown, Value, labelled, shown

_HOST = re.compile(
    r"(?:https?|ftp|tcp)://(?:[^/@\s]{0,100}@)?(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,250})|\[[0-9a-fA-F:.]{2,45}\])(?::\d{1,5})?(?=[/?#]|$)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s\"<>\\^`{}|\x00-\x20\x7f]{3,2000}", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?:https?|ftp)://(?:[^/@\s]{0,100}@)?([A-Za-z0-9][A-Za-z0-9_.-]{0,250})(?::\d{1,5})?[/?#]", re.IGNORECASE
)
_LISTED = re.compile(r"[*@,;|!+]{1,3}(?=(?:https?|ftp)://)", re.IGNORECASE)
#: Addresses, paths and commands of one project; dropped files.
QUOTED, LONGEST, DROPPED = 200, 2_000, 40
TOKENS = 600_000  #: of one module


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that reached the outside: what it does, with what, through what, where and in which procedure."""

    does: str  #: fetch, save or run
    value: str
    api: str
    place: Place
    start: str
    by_itself: bool
    always: bool  #: on every machine, as far as this was followed

    @property
    def where(self) -> str:
        """Module and line."""
        return f"{self.place[0]}:{self.place[1]}"


@dataclass(slots=True)
class Story:
    """All facts of one project."""

    facts: list[Fact] = field(default_factory=list)
    unknown: list[Fact] = field(default_factory=list)  #: a sink was reached with what is not wholly known
    chains: list[tuple[Start, str]] = field(default_factory=list)
    built: list[tuple[Place, str]] = field(default_factory=list)
    exhausted: list[tuple[Start, str]] = field(default_factory=list)
    dropped: dict[str, bytes] = field(default_factory=dict)
    domains: list[str] = field(default_factory=list)

    def values(self, does: str) -> list[str]:
        """Different values of one kind in order, those that start by themselves first."""
        ordered = sorted((one for one in self.facts if one.does == does), key=lambda one: not one.by_itself)
        return list(dict.fromkeys(one.value for one in ordered))


def follow(modules: Iterable[Module], document: Document = EMPTY) -> Story:
    """Run a project's modules, and tell what came of it."""
    listed = tuple(modules)
    trees = [parse(one.name, one.source, events=one.events, most=TOKENS) for one in listed]
    return told(run(trees, document), {one.name: one.source for one in listed})


def told(account: Account, sources: dict[str, str]) -> Story:
    """The story of all runs."""
    story = Story()
    wrong = _implausible(account)
    for one in account.told:
        for event in one.events:
            _event(story, one, event, wrong)
    story.facts = _once(story.facts)
    story.unknown = _once(story.unknown)
    known = {(one.does, one.place) for one in story.facts}
    story.unknown = [one for one in story.unknown if (one.does, one.place) not in known]
    story.chains = list(_chains(account, wrong))
    story.exhausted = list(_exhausted(account))
    literals = [one for name, source in sources.items() for one in _literals(name, source)] if story.facts else []
    for fact in story.facts:
        if fact.does == "fetch" and len(story.built) < QUOTED:
            found = pieces(fact.value, account.made, literals, fact.place)
            if len(found) > 1 or found[0][1] != fact.place:
                story.built.append((fact.place, f"{fact.value} = {said(found)}"))
    return story


def _once(facts: list[Fact]) -> list[Fact]:
    """The same thing at the same place is said once; one that always happens rather than one that may."""
    found: dict[tuple[str, str, Place], Fact] = {}
    for one in sorted(facts, key=lambda fact: (not fact.by_itself, not fact.always)):
        found.setdefault((one.does, one.value, one.place), one)
    order = {(one.does, one.value, one.place): number for number, one in reversed(list(enumerate(facts)))}
    return sorted(found.values(), key=lambda one: order[one.does, one.value, one.place])[:QUOTED]


def _literals(module: str, source: str) -> Iterator[Piece]:
    for token in tokens(source):
        if token.kind == "literal" and isinstance(token.value, str) and 1 < len(token.value) <= LONGEST:
            yield token.value, (module, token.line)


# -- one event ---------------------------------------------------------------------------------------------------------


def _event(story: Story, taken: Told, event: Event, wrong: set[str]) -> None:
    def fact(does: str, value: str) -> Fact:
        return Fact(
            does, value[:LONGEST], event.api, event.place, taken.start.name, bool(taken.start.when), not taken.path
        )

    if event.does == "fetch":
        address = whole_address(event.value)
        if address and address not in wrong:
            story.facts.append(fact("fetch", address))
        elif not address or not wrong:
            story.unknown.append(fact("fetch", shown(event.value)))
            story.domains += [one for one in _domain(event.value) if one not in story.domains]
    elif event.does == "save":
        path = labelled(event.value)
        if path and path.strip():
            story.facts.append(fact("save", path))
            if event.content and len(story.dropped) < DROPPED:
                story.dropped[path] = event.content
    elif event.does == "run":
        command = labelled(event.value)
        if command and command.strip():
            story.facts.append(fact("run", command))
            for does, value in within(command):
                story.facts.append(fact(does, value))
        else:
            story.unknown.append(fact("run", shown(event.value)))


def within(command: str) -> Iterator[tuple[str, str]]:
    """What a command line itself fetches and saves."""
    seen = shells.told([command])
    if not seen.fetches and not seen.urls:
        return
    for url in seen.urls:
        for one in _LISTED.split(url):  # a list that the command takes apart at a mark
            yield "fetch", one
    for path in seen.paths:
        yield "save", path


def whole_address(value: Value) -> str:
    """A web address that is known as a whole, else ""."""
    if not isinstance(value, str):
        return ""
    plain = value.strip(" \t\r\n\0\"'")
    if not _ADDRESS.fullmatch(plain) or not _HOST.match(plain):
        return ""
    return plain if any(character.isalnum() for character in plain.partition("://")[2]) else ""


def _domain(value: Value) -> list[str]:
    """The host of an address that is known up to behind it."""
    prefix = value.prefix if isinstance(value, HalfKnown) else value if isinstance(value, str) else ""
    found = _DOMAIN.match(prefix)
    return [found[1]] if found and "." in found[1] else []


def _implausible(account: Account) -> set[str]:
    """Addresses that came of wrong keys: where a key was tried out, those whose host ends in no known domain."""
    variants: dict[Place, set[str]] = {}
    tried: set[str] = set()
    for one in account.told:
        for event in one.events:
            address = whole_address(event.value) if event.does == "fetch" else ""
            if address:
                variants.setdefault(event.place, set()).add(address)
                if one.chosen:
                    tried.add(address)
    wrong: set[str] = set()
    for addresses in variants.values():
        if len(addresses) > 1 and addresses & tried:
            good = {one for one in addresses if words.known_suffix(one)}
            wrong |= addresses & tried - good
    return wrong


# -- from fetching to running ------------------------------------------------------------------------------------------


def _chains(account: Account, wrong: set[str]) -> Iterator[tuple[Start, str]]:
    """For each start what it fetches, saves and runs, in one sentence."""
    seen: set[str] = set()
    for one in account.told:
        if not one.start.when or one.start.name in seen:
            continue
        alone = Story()
        for event in one.events:
            _event(alone, one, event, wrong)
        sentence = _sentence(one.start, alone)
        if sentence:
            seen.add(one.start.name)
            yield one.start, sentence


def _sentence(start: Start, story: Story) -> str:
    """Fetching and running must both be there, and a file or a command that does both between them."""
    everything = [*story.facts, *story.unknown]
    fetch = next((one for one in everything if one.does == "fetch"), None)
    runs = [one for one in everything if one.does == "run"]
    if fetch is None or not runs:
        return ""
    saved = next((one for one in story.facts if one.does == "save"), None)
    by_command = any(one.place == fetch.place and one.api == fetch.api for one in runs)
    if saved is None and not by_command:
        return ""
    run = next((one for one in runs if saved and saved.value.lower() in one.value.lower()), runs[-1])
    middle = f", saves it as {saved.value}" if saved else ""
    fetched = f"{start.name} fetches {fetch.value} ({fetch.api}, {fetch.where})"
    return f"{fetched}{middle} and runs {run.value} ({run.api}, {run.where})"


def _exhausted(account: Account) -> Iterator[tuple[Start, str]]:
    """Starts whose runs a budget ended."""
    seen: set[str] = set()
    for one in account.told:
        reason = one.ended or ("a loop is longer than is followed" if one.widened else "")
        if one.start.when and reason and one.start.name not in seen:
            seen.add(one.start.name)
            yield one.start, reason
