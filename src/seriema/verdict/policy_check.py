"""What is wrong with a policy, in plain sentences: contradictions, and what it lets through unread.

A contradiction is a line that cannot do what it says. A blind spot may be wanted; who wants it shall know it.
"""

import functools
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from itertools import combinations

from publicsuffixlist import PublicSuffixList

from seriema.model.artifact import FileClass, State
from seriema.model.case import Direction
from seriema.model.verdict import Tier
from seriema.verdict.policy import SCORED, Least, Lines, Policy, names

#: What can act, or hold what acts: a mark alone keeps nobody from opening it.
ACTING = frozenset(
    {
        FileClass.ARCHIVE,
        FileClass.OFFICE,
        FileClass.SCRIPT,
        FileClass.EXECUTABLE,
        FileClass.DISK_IMAGE,
        FileClass.SHORTCUT,
        FileClass.WEB,
    }
)
_DOMAIN = re.compile(r"(?:[^\s@*?/]+@)?[^\s@*?/.]+(?:\.[^\s@*?/.]+)+")
_UNREAD = {
    State.LOCKED: "locked",
    State.WAITING: "locked and its password announced",
    State.LIMIT: "not read to the end",
    State.UNSUPPORTED: "of a format that is not read",
    State.MALFORMED: "damaged",
    State.CRASHED: "such that its reader failed",
}


class Kind(StrEnum):
    """How bad, milder first."""

    BLIND_SPOT = "blind spot"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing about a policy that somebody should know. ``place`` names the section."""

    kind: Kind
    place: str
    sentence: str


def check(own: Policy, whole: Policy, own_domains: Collection[str] | None = None) -> tuple[Note, ...]:
    """The contradictions of what a file says itself (``own``), then the blind spots of the policy that it makes.

    ``own_domains`` are those of the settings, None when the settings are not at hand.
    """
    notes = (
        *_orders(own, whole),
        *_partner_lines(own, whole),
        *_groups(own),
        *_names(own),
        *_directions(own, own_domains),
        *_thresholds(whole),
        *_partners(whole, own_domains or ()),
        *_unread(whole),
    )
    return tuple(sorted(dict.fromkeys(notes), key=lambda one: one.kind is Kind.BLIND_SPOT))


def _orders(own: Policy, whole: Policy) -> Iterator[Note]:
    """Wherever the file sets thresholds, or takes them over whole."""
    base = Lines(whole.thresholds)
    places: list[tuple[str, Mapping[Tier, float]]] = [("thresholds", base.thresholds)]
    for place, lines in _sections(own):
        if lines.thresholds:
            places.append((f"{place}.thresholds", {**base.thresholds, **lines.thresholds}))
    for place, thresholds in places:
        yield from _order(place, thresholds)


def _order(place: str, thresholds: Mapping[Tier, float]) -> Iterator[Note]:
    for severe, mild in combinations([one for one in SCORED if one in thresholds], 2):
        if thresholds[mild] >= thresholds[severe]:
            where = "at the same score as" if thresholds[mild] == thresholds[severe] else "above"
            yield Note(
                Kind.CONTRADICTION,
                place,
                f"{mild} begins at {thresholds[mild]:g}, {where} {severe} at {thresholds[severe]:g}: no score ever "
                f"leads to {mild}.",
            )
    for tier, value in thresholds.items():
        if value == 0:
            yield Note(Kind.CONTRADICTION, place, f"{tier} begins at 0: every mail reaches it, whatever it shows.")


def _sections(policy: Policy) -> Iterator[tuple[str, Lines]]:
    yield from ((f"direction.{one}", lines) for one, lines in policy.directions.items())
    yield from ((f"group.{one.name}", one.lines) for one in policy.groups)


def _partner_lines(own: Policy, whole: Policy) -> Iterator[Note]:
    """A line for some whom we know that is no milder than the one for everybody."""
    everybody = {key: whole.least.get(key, Tier.ASK) for key in {*own.partner, *own.habit}}
    for place, who, lines in (("partner", "a partner", own.partner), ("habit", "people with the habit", own.habit)):
        yield from _no_milder(place, who, lines, everybody)
    for name, least in own.partners.items():
        same = [key for key, tier in least.items() if tier is whole.partner.get(key, whole.least.get(key, Tier.ASK))]
        if same:
            words = f"{_words(same)} of {name}: the line says the same as would count without it."
            yield Note(Kind.CONTRADICTION, f"partners.{name}", words)
    if own.partner and not whole.partners:
        words = "can never apply: nobody is named in partners, here or in [policy] of the settings."
        yield Note(Kind.CONTRADICTION, "partner", words)


def _no_milder(place: str, who: str, lines: Least, everybody: Least) -> Iterator[Note]:
    for key, tier in lines.items():
        if tier.severity > everybody[key].severity:
            words = f"{_words([key])} is {tier} from {who}, but only {everybody[key]} from a stranger."
            yield Note(Kind.CONTRADICTION, place, words)
    same = [key for key, tier in lines.items() if tier is everybody[key]]
    if same and place == "partner":
        yield Note(Kind.CONTRADICTION, place, f"{_words(same)}: the same as from a stranger, so the line says nothing.")


def _groups(own: Policy) -> Iterator[Note]:
    taken: dict[str, str] = {}
    for group in own.groups:
        place = f"group.{group.name}"
        if not group.members:
            yield Note(Kind.CONTRADICTION, place, "has nobody in it, so its lines never apply.")
        earlier = {one: taken[by] for one in sorted(group.members) for by in names(one) if by in taken}
        for one, other in earlier.items():
            yield Note(Kind.CONTRADICTION, place, f"{one} stands in group {other} already, and the first one counts.")
        if group.members and len(earlier) == len(group.members):
            yield Note(Kind.CONTRADICTION, place, "can never apply: all in it stand in an earlier group.")
        taken |= {one: group.name for one in group.members if one not in taken}


def _names(own: Policy) -> Iterator[Note]:
    listed = [("partners", one) for one in own.partners]
    listed += [(f"group.{group.name}", one) for group in own.groups for one in sorted(group.members)]
    for place, name in listed:
        if not _DOMAIN.fullmatch(name):
            words = f"{name!r} is neither an address nor a domain, so it fits nobody (there are no wildcards)."
            yield Note(Kind.CONTRADICTION, place, words)
        elif _suffixes().is_public(name):
            words = f"{name} is a public suffix: domains below it are not meant by it, so it fits nobody."
            yield Note(Kind.CONTRADICTION, place, words)
    for name in own.partners:
        domain = name.rpartition("@")[2]
        if domain != name and domain in own.partners and not own.partners[name]:
            words = f"{name} is named, and so is its whole domain: its own entry says nothing."
            yield Note(Kind.CONTRADICTION, "partners", words)


def _directions(own: Policy, own_domains: Collection[str] | None) -> Iterator[Note]:
    if own_domains is None or own_domains:
        return
    for one in own.directions:
        if one is not Direction.INCOMING:
            words = "can never apply: [organisation] of the settings names no domains, so all mail comes from outside."
            yield Note(Kind.CONTRADICTION, f"direction.{one}", words)


def _thresholds(whole: Policy) -> Iterator[Note]:
    if whole.thresholds.get(Tier.HOLD, 1.0) >= 1:
        words = "no mail is ever held for what it shows, not even for a program that loads further software."
        yield Note(Kind.BLIND_SPOT, "thresholds", words)


def _partners(whole: Policy, own_domains: Collection[str]) -> Iterator[Note]:
    for name in whole.partners:
        if name in _freemail():
            words = f"{name} is a public mail provider: everybody can be a partner within a minute."
        elif name.rpartition("@")[2] in own_domains:
            words = f"{name} is ours: whoever writes our name into a mail from outside would be a partner."
        else:
            continue
        yield Note(Kind.BLIND_SPOT, "partners", words)


def _unread(whole: Policy) -> Iterator[Note]:
    """What passes without having been read, by section; and what need only be claimed to pass."""
    yield from _passing("least", "from everybody", whole.least)
    for direction, lines in whole.directions.items():
        yield from _passing(f"direction.{direction}.least", f"in {direction} mail", lines.least)
    for group in whole.groups:
        yield from _passing(f"group.{group.name}.least", f"for group {group.name}", group.lines.least)
    yield from _passing("partner", "from a partner, also when its mailbox was stolen", whole.partner)
    for name, least in whole.partners.items():
        yield from _passing(f"partners.{name}", f"from {name}, also when its mailbox was stolen", least)
    yield from _passing("habit", "between people with the habit, also when a mailbox was stolen", whole.habit)
    waiting, locked = (
        {one: whole.least.get((state, one), Tier.ASK).severity for one in FileClass}
        for state in (State.WAITING, State.LOCKED)
    )
    classes = [one for one in FileClass if waiting[one] < locked[one]]
    if classes:
        words = f"to write that the password follows is enough to be milder on a locked file ({_listed(classes)})."
        yield Note(Kind.BLIND_SPOT, "least.waiting", words)


def _passing(place: str, who: str, least: Least) -> Iterator[Note]:
    for state, unread in _UNREAD.items():
        passed = [one for one in FileClass if least.get((state, one)) is Tier.DELIVER]
        marked = [one for one in FileClass if least.get((state, one)) is Tier.TAG and one in ACTING]
        for classes, how in ((passed, "delivered unread"), (marked, "delivered unread with a mark only")):
            if classes:
                words = f"{_listed(classes)}: when it is {unread}, it is {how}, {who}."
                yield Note(Kind.BLIND_SPOT, f"{place}.{state}", words)


def _words(keys: Collection[tuple[State, FileClass]]) -> str:
    states = dict.fromkeys(state for state, _ in keys)
    return " and ".join(f"{one} {_listed([cls for state, cls in keys if state is one])}" for one in states)


def _listed(classes: Collection[FileClass]) -> str:
    return "everything" if len(classes) == len(FileClass) else ", ".join(classes)


@functools.cache
def _freemail() -> frozenset[str]:
    text = files("seriema.verdict").joinpath("freemail.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["domains"])


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
