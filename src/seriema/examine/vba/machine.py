"""The state of one run: budgets, answers of the environment, files, and what reached the outside.

A run is repeatable: where the environment would decide, ``decide`` takes the next answer of a given list and beyond it
the preferred one, and remembers what it took. Other lists make other runs (see ``exploring``).
"""

from dataclasses import dataclass, field
from typing import Any

from seriema.examine.vba.budget import Budget
from seriema.examine.vba.conversion import truth
from seriema.examine.vba.values import Array, Fault, HalfKnown, Record, Unknown, Value, joined

Place = tuple[str, int]
Frame = list[Any]
#: Slots of a frame in front of the local variables.
ME, MODE, RESULT, HANDLERS, FIRST = 0, 1, 2, 3, 4

#: Strings of which it is remembered where they were made: their length and number.
REMEMBERED, SHORTEST, LONGEST = 20_000, 2, 2_048
_DECISIONS = 600
_VISITS = 4  #: of one place whose answers are told apart


class Stopped(Exception):
    """A budget is exhausted. The macro's own ``On Error`` does not see it."""


class Ended(Exception):
    """``End``: the macro stops."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that reached the outside: ``does`` is fetch, save, run, write or unknown-call.

    ``value`` is the address, path or command as far as it is known; ``source`` the address whose answer is saved.
    """

    does: str
    value: Value
    api: str
    place: Place
    procedure: str = ""
    source: Value = None
    content: bytes | None = None


@dataclass(slots=True)
class Machine:
    """One run."""

    budget: Budget
    document: Any
    steps: int = 0
    limit: int = 0
    depth: int = 0
    characters: int = 0
    at: Place = ("", 0)
    prefix: tuple[int, ...] = ()
    taken: list[tuple[Any, int, int]] = field(default_factory=list)
    visits: dict[Any, int] = field(default_factory=dict)
    polarity: bool | None = None  #: the answer to every condition of which nothing is known, None: the likelier one
    bound: dict[str, Value] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    made: dict[str, Place] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    handles: dict[int, Any] = field(default_factory=dict)
    hosts: dict[str, Any] = field(default_factory=dict)
    called: set[Any] = field(default_factory=set)
    waiting: list[Value] = field(default_factory=list)  #: procedures that a timer would start
    stack: list[str] = field(default_factory=list)
    error: tuple[int, str] = (0, "")
    calls: Any = None  #: ``calling.Calls``, through which objects reach procedures
    widened: bool = False
    indirect: bool = False  #: a procedure of an unknown name was called
    lenient: bool = False
    environment: dict[str, Value] = field(default_factory=dict)

    # -- budgets -------------------------------------------------------------------------------------------------------

    def spend(self, steps: int) -> None:
        """Count statements; raises ``Stopped`` beyond the limit of the run."""
        self.steps += steps
        if self.steps > self.limit:
            raise Stopped

    def grow(self, characters: int) -> None:
        """Count characters of long strings; raises ``Stopped`` beyond the budget."""
        self.characters += characters
        if self.characters > self.budget.text:
            raise Stopped

    # -- answers of the environment ------------------------------------------------------------------------------------

    def decide(self, site: Any, options: int, preferred: int) -> int:
        """Which of some possibilities holds in this run."""
        number = len(self.taken)
        if number >= _DECISIONS:
            return preferred
        visit = self.visits.get(site, 0)
        self.visits[site] = visit + 1
        site = (site, min(visit, _VISITS))
        choice = self.prefix[number] if number < len(self.prefix) else preferred
        if choice >= options:
            choice = preferred
        self.taken.append((site, options, choice))
        return choice

    def holds(self, condition: Value, site: Any, preferred: bool) -> bool:
        """Whether an unknown condition holds in this run."""
        if type(condition) is Unknown:
            if isinstance(condition.usual, bool):
                preferred = condition.usual
            elif self.polarity is not None:
                preferred = self.polarity
            answer = bool(self.decide(site, 2, int(preferred)))
            if condition.equals and answer:
                self.bound[condition.equals[0]] = condition.equals[1]
            return answer
        return bool(self.decide(site, 2, int(preferred)))

    def true(self, value: Value, site: Any, preferred: bool) -> bool:
        """Whether a condition of any type holds."""
        if type(value) is Unknown and (value.domain or value.key in self.bound):
            value = self.chosen(value)
        plain = truth(self.let_value(value))
        return self.holds(plain, site, preferred) if type(plain) is Unknown else bool(plain)

    def overrun(self) -> None:
        """A loop exceeds its budget; raises ``Stopped`` when the whole run does."""
        self.widened = True
        if self.steps > self.limit:
            raise Stopped

    def chosen(self, value: Unknown) -> Value:
        """One value of an unknown that has few; the same one throughout a run."""
        if value.key in self.bound:
            return self.bound[value.key]
        choice = value.domain[self.decide(f"={value.key}", len(value.domain), 0)]
        if value.key:
            self.bound[value.key] = choice
        return choice

    # -- what reaches the outside --------------------------------------------------------------------------------------

    def sink(self, does: str, value: Value, api: str, *, source: Value = None, content: bytes | None = None) -> None:
        """Remember that something reached the outside here."""
        if len(self.events) >= self.budget.events:
            raise Stopped
        procedure = self.stack[-1] if self.stack else ""
        self.events.append(Event(does, value, api, self.at, procedure, source, content))

    def remember(self, value: str, place: Place) -> None:
        """Remember where a string was made first."""
        if SHORTEST <= len(value) <= LONGEST and value not in self.made and len(self.made) < REMEMBERED:
            self.made[value] = place

    def joined(self, left: Value, right: Value) -> Value:
        """Two texts after each other, counted against the budget."""
        if isinstance(left, str) and isinstance(right, str):
            size = len(left) + len(right)
            if size > 4096:
                self.grow(size)
            return left + right
        return joined(left, right)

    def let_value(self, value: Value) -> Value:
        """A value as ``Let`` takes it over: an object gives its default member, arrays and records are copied."""
        kind = type(value)
        if kind is Array:
            self.spend(len(value.items) >> 3)
            return value.copy()
        if kind is Record:
            return value.copy()
        member = getattr(value, "default", None)
        return member() if member is not None else value

    def fail(self, fault: Fault) -> None:
        """Set ``Err``."""
        self.error = (fault.number, fault.text)


def open_text(value: Value) -> bool:
    """It is not wholly known text."""
    return type(value) in (Unknown, HalfKnown)
