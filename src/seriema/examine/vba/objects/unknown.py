"""Members of objects that are not known: what is given to them shows whether they would fetch, save or run."""

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.storage import stored
from seriema.examine.vba.values import UNKNOWN, Array, HalfKnown, Unknown, Value, joined, shown

_VERBS = frozenset({"GET", "POST", "HEAD", "PUT"})
_RUNS = frozenset({"run", "exec", "shellexecute", "create", "executestatement"})


def looks_like_sink(values: list[Value]) -> bool:
    """Some argument is an address or a path."""
    return any(_is_target(shown(one)) for one in values if isinstance(one, str | HalfKnown))


def _is_target(words: str) -> bool:
    lowered = words.lower()
    return (
        "://" in lowered
        or ":\\" in lowered
        or lowered.startswith(("%", "\\\\"))
        or ".exe" in lowered
        or ".dll" in lowered
    )


def unknown_member(machine: Machine, owner: Value, name: str, values: list[Value]) -> Value:
    """A member of an unknown object. Only arguments that are known to be targets make an event of it."""
    machine.spend(1)
    plain = [one if isinstance(one, Array) else machine.let_value(one) for one in values]
    first = plain[0] if plain else None
    if name == "open" and len(plain) > 1 and isinstance(first, str) and first.upper() in _VERBS:
        machine.sink("fetch", text(plain[1]), "Open")
    elif name in _RUNS and isinstance(first, str | HalfKnown) and (_is_target(shown(first)) or " " in shown(first)):
        machine.sink("run", _command(plain) if name == "shellexecute" else first, name)
    elif name == "savetofile" and isinstance(first, str | HalfKnown):
        stored(machine, first, "SaveToFile", source=owner.origin if isinstance(owner, Unknown) else None)
    elif name == "downloadfile" and len(plain) > 1:
        machine.sink("fetch", text(plain[0]), "DownloadFile")
        stored(machine, text(plain[1]), "DownloadFile", source=text(plain[0]))
    origin = owner.origin if isinstance(owner, Unknown) else None
    return Unknown(origin=origin) if origin is not None else UNKNOWN


def _command(values: list[Value]) -> Value:
    program = text(values[0])
    rest = text(values[1]) if len(values) > 1 and isinstance(values[1], str | HalfKnown) and values[1] != "" else ""
    return joined(program, " ", rest) if rest else program
