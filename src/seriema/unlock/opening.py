"""From a listed container to its children: passwords tried, members read, each with the state it ended in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from seriema.model.artifact import SEVERITY, Artifact, Child, State
from seriema.model.errors import HostileInput
from seriema.model.password import Candidate
from seriema.unlock.format import Container, Key, Lock, Member
from seriema.unlock.names import contradicts, name_findings
from seriema.unlock.opened import Opened, Tries
from seriema.unlock.reading import Meter, Reading, read
from seriema.unlock.trying import STEPS, Attempt, try_all

R = TypeVar("R")

#: A key was wrong when the first read with it ends in one of these.
_WRONG = frozenset({State.MALFORMED, State.LOCKED})
_AMBIGUOUS = "more than one password reads well"
_CONTRADICTION = "the content contradicts its name, so another password may be the right one"

#: What one key made of the members of one lock, in their order.
_Readings = tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Result:
    """A member and one reading of it."""

    member: Member
    reading: Reading
    winner: Candidate | None = None

    @property
    def child(self) -> Child:
        state, reason = _worst((self.member.state, self.member.state_reason), (self.reading.state, self.reading.reason))
        content = self.reading.content
        return Child(
            name=self.member.name,
            content=content,
            size=self.member.size if content is None else len(content),
            state=state,
            state_reason=reason,
            encrypted=self.member.encrypted,
            password_source=self.winner.source if self.winner else None,
            method=self.member.method,
            crc32=self.member.crc32,
        )


def open_container(artifact: Artifact, listed: Container, candidates: Sequence[Candidate], meter: Meter) -> Opened:
    """Open what can be opened; raises nothing for what the data does."""
    meter.work += listed.work
    if listed.directory is None:
        return _members(artifact, listed, candidates, meter)
    attempt = _attempt(listed.directory, partial(_revealed, listed), meter)
    try_all([attempt], candidates, meter)
    if not attempt.opened:
        state, reason = _refusal(attempt)
        return Opened(
            state,
            reason,
            encrypted=True,
            texts=listed.texts,
            findings=listed.findings,
            spent=meter.spent,
            tries=_tries([attempt], meter),
        )
    winner, revealed = attempt.opened[0]
    opened = _members(artifact, revealed, [winner, *(each for each in candidates if each != winner)], meter)
    passwords = tuple(dict.fromkeys((winner, *opened.passwords)))
    opened = replace(opened, encrypted=True, password_source=winner.source, passwords=passwords)
    if len(attempt.opened) > 1:
        opened = replace(opened, state=State.MALFORMED, state_reason=f"directory: {_AMBIGUOUS}")
    return opened


def _revealed(listed: Container, key: Key) -> Container | None:
    try:
        return listed.reveal(key) if listed.reveal else None
    except HostileInput:
        return None


def _members(artifact: Artifact, listed: Container, candidates: Sequence[Candidate], meter: Meter) -> Opened:
    members = listed.members[: meter.limits.members]
    meter.members += len(members)
    plain = {place: read(each, None, meter) for place, each in enumerate(members) if each.lock is None or not each.read}
    attempts = _attempts([each for each in members if each.lock and each.read], meter)
    program = _by_itself(listed, list(attempts.values()), meter)
    if program:
        listed = replace(listed, state_reason=f"opened with the password that {program} tries by itself")
    else:
        try_all(list(attempts.values()), candidates, meter)
    results, further = [], []
    own = frozenset(each.value for each in listed.own)
    turns = dict.fromkeys(attempts, 0)
    for place, member in enumerate(members):
        if place in plain:
            results.append(_Result(member, plain[place]))
            continue
        assert member.lock is not None
        first, *others = _results(member, attempts[member.lock], turns[member.lock], own)
        turns[member.lock] += 1
        results.append(first)
        further.extend(others)
    opened = _summed_up(artifact, listed, [*results, *further], meter)
    return replace(opened, tries=_tries(list(attempts.values()), meter))


def _by_itself(listed: Container, attempts: Sequence[Attempt[_Readings]], meter: Meter) -> str:
    """The program whose own password opens it; "" for none."""
    for each in listed.own:
        try_all(attempts, [each], meter)
        if any(attempt.opened for attempt in attempts):
            return each.source
    return ""


def _attempts(members: Sequence[Member], meter: Meter) -> dict[Lock, Attempt[_Readings]]:
    behind: dict[Lock, list[Member]] = {}
    for member in members:
        if member.lock:
            behind.setdefault(member.lock, []).append(member)
    return {lock: _attempt(lock, partial(_confirmed, lock, each, meter), meter) for lock, each in behind.items()}


def _attempt(lock: Lock, confirm: Callable[[Key], R | None], meter: Meter) -> Attempt[R]:
    """One that costs more than a few steps goes on where it ended before."""
    return Attempt(lock, confirm, tried=meter.before.refused if lock.cost > STEPS else frozenset())


def _tries(attempts: Sequence[Attempt[R]], meter: Meter) -> Tries:
    costly = [each for each in attempts if each.lock.cost > STEPS]
    closed = {each.lock.derivation or each.lock: each.lock.cost for each in costly if not each.over}
    refused = frozenset.intersection(*(each.tried for each in costly)) if costly else frozenset()
    took = frozenset(candidate.value for each in costly for candidate, _ in each.opened)
    short = any(each.short and not each.over for each in attempts)
    return Tries(refused - took, meter.before.work + meter.costly, sum(closed.values()), short)


def _confirmed(lock: Lock, members: Sequence[Member], meter: Meter, key: Key) -> _Readings | None:
    """Everything behind a lock, read with this key; None when the first read shows that the key is wrong."""
    readings: list[Reading] = []
    for member in members:
        readings.append(read(member, key, meter))
        if lock.chance and readings[0].state in _WRONG:
            return None
    return tuple(readings)


def _results(member: Member, attempt: Attempt[_Readings], turn: int, own: frozenset[str]) -> list[_Result]:
    """The readings of one locked member: one as a rule, several when the encryption cannot tell which is right."""
    different: dict[bytes | None, _Result] = {}
    for winner, readings in attempt.opened:
        reading = readings[turn]
        different.setdefault(reading.content, _Result(member, reading, winner))
    if not different:
        return [_Result(member, Reading(None, *_refusal(attempt, own)))]
    if len(different) > 1:
        return [_spoilt(result, _AMBIGUOUS) for result in different.values()]
    (result,) = different.values()
    if not attempt.lock.authenticated and contradicts(member.name, result.reading.content or b""):
        result = _spoilt(result, _CONTRADICTION)
    return [result]


def _spoilt(result: _Result, reason: str) -> _Result:
    state, reason = _worst((State.MALFORMED, reason), (result.reading.state, result.reading.reason))
    return replace(result, reading=Reading(result.reading.content, state, reason))


def _refusal(attempt: Attempt[_Readings] | Attempt[Container], own: frozenset[str] = frozenset()) -> tuple[State, str]:
    """Why a lock stayed closed; ``own`` are no candidates of the mail."""
    tried = len(attempt.tried - own)
    if attempt.trouble:
        return attempt.trouble
    if attempt.damaged:
        return State.MALFORMED, "a password fits, but what it opens is damaged"
    if attempt.exhausted:
        return State.LIMIT, f"password work spent after {tried} candidates"
    if not tried:
        return State.LOCKED, "no password known"
    return State.LOCKED, f"wrong password: none of {tried} candidates fits"


def _worst(*states: tuple[State, str]) -> tuple[State, str]:
    return max(states, key=lambda state: SEVERITY.index(state[0]))


def _summed_up(artifact: Artifact, listed: Container, results: Sequence[_Result], meter: Meter) -> Opened:
    children = [result.child for result in results if not result.member.itself]
    own = next((result for result in results if result.member.itself), None)
    states = [(listed.state, listed.state_reason)]
    states += [(own.child.state, own.child.state_reason)] if own else []
    states += [(each.state, f"{each.name}: {each.state_reason}") for each in children]
    if len(listed.members) > meter.limits.members:
        states.append((State.LIMIT, f"more than {meter.limits.members} members"))
    state, reason = _worst(*states)
    named = (result.winner for result in results if result.winner and result.winner not in listed.own)
    winners = tuple(dict.fromkeys(named))
    findings = (*listed.findings, *name_findings(artifact.id, (each.name for each in children)))
    return Opened(
        state=state,
        state_reason=reason,
        encrypted=any(each.encrypted for each in listed.members),
        password_source=winners[0].source if winners else None,
        children=tuple(children),
        texts=listed.texts,
        findings=findings[: meter.limits.findings],
        spent=meter.spent,
        decrypted=own.reading.content if own else None,
        sealed=own is not None and own.reading.content is None,
        passwords=winners,
        covers=listed.covers,
    )
