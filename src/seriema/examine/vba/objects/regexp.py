"""``VBScript.RegExp`` in bounded time. Windows Script reference.

Python's engine may need exponential time, so that only patterns run that cannot: no repetition within a repetition, no
alternatives that are repeated, no reference back. All others leave the result unknown. Subjects are bounded.
"""

import re
from functools import lru_cache

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.values import MISSING, UNKNOWN, Value

#: Characters of pattern and subject; matches kept.
PATTERN, SUBJECT, MATCHES = 500, 200_000, 20_000


class RegExp(HostObject):
    """A pattern with its three switches."""

    kind = "IRegExp2"

    def _flag(self, name: str) -> bool:
        return bool(self.extra.get(name, False)) and self.extra.get(name) is not UNKNOWN

    def _ready(self, words: Value) -> tuple["re.Pattern[str]", str] | None:
        pattern = text(self.machine.let_value(self.extra.get("pattern", "")))
        subject = text(self.machine.let_value(words))
        if not isinstance(pattern, str) or not isinstance(subject, str) or len(subject) > SUBJECT:
            return None
        compiled = compile_bounded(pattern, ignore=self._flag("ignorecase"), lines=self._flag("multiline"))
        if compiled is None:
            return None
        most = _longest(pattern)
        if len(subject) > most:
            return None
        self.machine.spend(len(subject) >> 4)
        return compiled, subject

    def do_test(self, string: Value = MISSING) -> Value:
        """Whether it matches."""
        ready = self._ready(string)
        return UNKNOWN if ready is None else ready[0].search(ready[1]) is not None

    def do_replace(self, string: Value = MISSING, replacement: Value = MISSING) -> Value:
        """Matches put in place of another text; ``$1`` are groups."""
        ready, other = self._ready(string), text(self.machine.let_value(replacement))
        if ready is None or not isinstance(other, str):
            return UNKNOWN
        compiled, subject = ready
        self.machine.grow(len(subject) + len(other))
        if "$" not in other:
            result = compiled.sub(lambda _: other, subject, count=0 if self._flag("global") else 1)
        else:
            result = compiled.sub(lambda found: _filled(other, found), subject, count=0 if self._flag("global") else 1)
        self.machine.grow(len(result))
        return result

    def do_execute(self, string: Value = MISSING) -> Value:
        """The matches."""
        ready = self._ready(string)
        if ready is None:
            return UNKNOWN
        found = []
        for one in ready[0].finditer(ready[1]):
            found.append(("", Match(self.machine, one)))
            if not self._flag("global") or len(found) >= MATCHES:
                break
        self.machine.spend(len(found))
        return Items(self.machine, list(found), first=0)


class Match(HostObject):
    """One match."""

    kind = "IMatch2"

    def __init__(self, machine: Machine, found: "re.Match[str]") -> None:
        super().__init__(machine)
        self.found = found

    def default(self) -> Value:
        """What matched."""
        return self.found[0]

    def do_value(self) -> Value:
        """What matched."""
        return self.found[0]

    def do_firstindex(self) -> Value:
        """Where, from 0."""
        return self.found.start()

    def do_length(self) -> Value:
        """How long."""
        return len(self.found[0])

    def do_submatches(self, index: Value = MISSING) -> Value:
        """The groups."""
        groups = Items(self.machine, [("", one or "") for one in self.found.groups()], first=0)
        return groups if index is MISSING else groups.do_item(index)


@lru_cache(64)
def compile_bounded(pattern: str, *, ignore: bool, lines: bool) -> "re.Pattern[str] | None":
    """The pattern when it can be matched in bounded time, else None."""
    if len(pattern) > PATTERN or not _harmless(pattern):
        return None
    try:
        return re.compile(pattern, (re.IGNORECASE if ignore else 0) | (re.MULTILINE if lines else 0))
    except (re.error, OverflowError, RecursionError):
        return None


def _harmless(pattern: str) -> bool:
    """No group that is repeated holds a repetition or alternatives; at most four open repetitions; no reference
    back.
    """
    bare = re.sub(r"\\[^0-9]|\[(?:\\.|[^\]\\])*\]", "x", pattern)
    if re.search(r"\\\d", bare):
        return False
    open_ended = len(re.findall(r"[*+]|\{\d*,\d*\}", bare))
    if open_ended > 4:
        return False
    marks: list[bool] = []
    for at, character in enumerate(bare):
        if character == "(":
            marks.append(False)
        elif character == ")" and marks:
            inner = marks.pop()
            repeated = bare[at + 1 : at + 2] in ("*", "+", "{")
            if inner and repeated:
                return False
            if marks:
                marks[-1] |= inner or repeated
        elif character in "*+|{" and marks:
            marks[-1] = True
    return True


def _longest(pattern: str) -> int:
    """Characters of a subject for which the work stays bounded: each repetition that may give back multiplies it."""
    bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "x", pattern)
    giving_back = len(re.findall(r"(?:[*+]|\{\d*,\d*\})(?=[^?]|\?.)(?!\)*$)", bare))
    return (SUBJECT, 6_000, 600, 150, 60)[min(giving_back, 4)]


def _filled(replacement: str, found: "re.Match[str]") -> str:
    def group(one: "re.Match[str]") -> str:
        word = one[1]
        if word in ("$", "&"):
            return "$" if word == "$" else found[0]
        number = int(word)
        return (found[number] or "") if number <= (found.re.groups) else one[0]

    return re.sub(r"\$(\$|&|\d{1,2})", group, replacement)
