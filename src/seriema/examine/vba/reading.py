"""What a project's source says without being run: procedures, what starts by itself, what fetches, stores and runs.

Names are followed from procedure to procedure, so that a fetch and a run count together only where one start reaches
both. Calls by a computed name reach everything. Procedure syntax after [MS-VBAL] 5.3.1, imports after 5.2.3.5.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from seriema.examine import words
from seriema.examine.vba.folding import Folded, constant, folded, unquoted
from seriema.examine.vba.lines import Line, lines
from seriema.examine.vba.project import Module

FETCH, STORE, RUN = "fetch", "store", "run"
LONGEST_NAME = 255  #: characters of a name ([MS-VBAL] 3.3.5)
_MODIFIERS = frozenset({"public", "private", "friend", "static", "global"})
_KINDS = frozenset({"sub", "function", "property"})
_ACCESSORS = frozenset({"get", "let", "set"})
#: Functions that make an object by its name.
_MAKERS = frozenset({"createobject", "getobject"})
#: Calls whose target stands in a string or a variable.
_INDIRECT = frozenset({"callbyname", "ontime", "onkey", "addressof", "evaluate", "onaction", "settimer"})
#: Openings of a file that write to it (5.4.5.1).
_WRITING = frozenset({"output", "append", "binary", "random"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One call that matters: what it does, its word, where it stands and in which procedure ("" outside all)."""

    does: str
    word: str
    module: str
    line: int
    procedure: str

    @property
    def place(self) -> str:
        """Module and line, as the editor counts."""
        return f"{self.module}:{self.line}"


@dataclass(frozen=True, slots=True)
class Literal:
    """A known string, where it stands, and whether it is what a run call is given."""

    text: Folded
    module: str
    line: int
    procedure: str
    is_run: bool = False


@dataclass(slots=True)
class Procedure:
    """A procedure: its key is "module!name" in lower case."""

    key: str
    name: str
    module: str
    line: int
    when: str = ""  #: when it starts by itself, "" when it does not
    mentions: set[str] = field(default_factory=set)
    indirect: bool = False


#: Statements of one project that are read; the largest honest projects seen have a fifth of it.
STATEMENTS = 150_000


@dataclass(slots=True)
class Reading:
    """Everything read out of one project's source."""

    procedures: dict[str, Procedure] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    literals: list[Literal] = field(default_factory=list)
    code_lines: int = 0
    cut: bool = False  #: there were more statements than are read
    _by_name: dict[str, list[Procedure]] = field(default_factory=dict)

    def reached(self, *starts: Procedure) -> frozenset[str]:
        """Keys of the procedures that ``starts`` may call, themselves included."""
        by_name = self.by_name()
        seen = {start.key for start in starts}
        waiting = list(starts)
        while waiting:
            here = waiting.pop()
            if here.indirect:
                return frozenset(self.procedures)
            for name in here.mentions & by_name.keys():
                for other in by_name[name]:
                    if other.key not in seen:
                        seen.add(other.key)
                        waiting.append(other)
        return frozenset(seen)

    def around(self, keys: Iterable[str]) -> frozenset[str]:
        """Keys of all procedures that call or are called by those, however far; "" (outside all) is one of them."""
        by_name = self.by_name()
        neighbours: dict[str, set[str]] = {key: set() for key in self.procedures}
        for procedure in self.procedures.values():
            for name in procedure.mentions & by_name.keys():
                for other in by_name[name]:
                    neighbours[procedure.key].add(other.key)
                    neighbours[other.key].add(procedure.key)
        near = {"", *keys}
        waiting = list(near)
        while waiting:
            for key in neighbours.get(waiting.pop(), set()) - near:
                near.add(key)
                waiting.append(key)
        return frozenset(near)

    def by_name(self) -> dict[str, list[Procedure]]:
        """Procedures by what mentions them: their name, and for what a class or form does by itself, the module's."""
        if not self._by_name:
            for one in self.procedures.values():
                name = one.name.lower()
                self._by_name.setdefault(name, []).append(one)
                if name.startswith(("class_", "userform_")):
                    self._by_name.setdefault(one.module.lower(), []).append(one)
        return self._by_name


def read(modules: Iterable[Module]) -> Reading:
    """Read all modules of one project."""
    reading = Reading()
    listed: list[tuple[Module, tuple[Line, ...]]] = []
    left = STATEMENTS
    for module in modules:
        found = tuple(islice(lines(module.source), left + 1))
        reading.cut |= len(found) > left
        listed.append((module, found[:left]))
        left -= len(listed[-1][1])
    constants = _constants(line for _, found in listed for line in found)
    used = {token for _, found in listed for line in found if not _declares(line) for token in line.tokens}
    imports = dict(pair for _, found in listed for line in found for pair in _imported(line))
    for module, found in listed:
        _read_module(module, found, constants, used, imports, reading)
        reading.code_lines += len(found)
    _drop_members_without_object(reading)
    return reading


def _declares(line: Line) -> bool:
    return "const" in line.tokens[:3]


def _constants(found: Iterable[Line]) -> dict[str, str]:
    """Constants with one value throughout; a name that is declared twice differently is nobody's."""
    values: dict[str, set[str]] = {}
    for line in found:
        for name, value in constant(line.tokens):
            values.setdefault(name, set()).add(value)
    return {name: value.pop() for name, value in values.items() if len(value) == 1}


def _imported(line: Line) -> Iterator[tuple[str, str]]:
    """The name under which a Declare makes a library's function known, and the function's own name as spelled."""
    tokens = line.tokens
    if "declare" not in tokens[:2] or "lib" not in tokens[:6]:
        return
    at = tokens.index("lib") - 1
    alias = tokens.index("alias") + 1 if "alias" in tokens else 0
    quoted = alias and alias < len(tokens) and tokens[alias][0] == '"'
    yield tokens[at], unquoted(tokens[alias]) if quoted else line.spelled[at]


def _read_module(
    module: Module,
    found: tuple[Line, ...],
    constants: dict[str, str],
    used: set[str],
    imports: dict[str, str],
    reading: Reading,
) -> None:
    current: Procedure | None = None
    for line in found:
        opened = _opened(line, module)
        if opened:
            current = reading.procedures.setdefault(opened.key, opened)
        key = current.key if current else ""
        if current:
            current.mentions.update(token for token in line.tokens if token[0].isalpha() or token[0] == "_")
            current.indirect |= _is_indirect(line.tokens)
        known = tuple(folded(line.tokens, constants))
        if current:
            current.mentions.update(
                one.value.rpartition(".")[2].lower() for one in known if len(one.value) <= LONGEST_NAME
            )
        place = (module.name, line.number, key)
        facts = [Fact(does, word, *place) for does, word in _calls(line, known, imports)]
        reading.facts += facts
        if _declares(line) and all(name in used for name, _ in constant(line.tokens)):
            continue  # a constant is read where it is used, whole
        runs = any(fact.does == RUN for fact in facts)
        reading.literals += [Literal(one, *place, is_run=runs and _is_argument(line.tokens, one)) for one in known]
        if line.tokens[0] == "end" and line.tokens[1:2] and line.tokens[1] in _KINDS:
            current = None


def _opened(line: Line, module: Module) -> Procedure | None:
    """The procedure whose first line this is."""
    at = 0
    tokens = line.tokens
    while at < len(tokens) and tokens[at] in _MODIFIERS:
        at += 1
    if at >= len(tokens) or tokens[at] not in _KINDS:
        return None
    at += 1 + (tokens[at] == "property" and at + 1 < len(tokens) and tokens[at + 1] in _ACCESSORS)
    if at >= len(tokens) or not (tokens[at][0].isalpha() or tokens[at][0] == "_"):
        return None
    name = line.spelled[at]
    return Procedure(f"{module.name}!{name}".lower(), name, module.name, line.number, _when(tokens[at], module.events))


def _when(name: str, events: bool) -> str:
    """When a procedure of that name starts by itself, "" when it does not."""
    if name in words.AUTO_EXACT:
        return words.AUTO_EXACT[name]
    if name.startswith(words.AUTO_PREFIXES):
        return "by an event of the document"
    if events and name.endswith(words.AUTO_SUFFIXES) and not name.startswith(("class_", "userform_")):
        return "by an event of a control"
    return ""


def _is_indirect(tokens: tuple[str, ...]) -> bool:
    if not _INDIRECT.isdisjoint(tokens):
        return True
    return any(
        tokens[at : at + 3] == ("application", ".", "run") and tokens[at + 3 : at + 4] and tokens[at + 3][0] != '"'
        for at in range(len(tokens) - 3)
    )


def _calls(line: Line, known: tuple[Folded, ...], imports: dict[str, str]) -> list[tuple[str, str]]:
    """What a line does, as (what, word). Members like ``.Run`` keep their dot: their object is checked later."""
    tokens = line.tokens
    found: list[tuple[str, str]] = []
    declares = "declare" in tokens[:2]
    literal = {one.begin for one in known if not one.open_end}
    for at, word in enumerate(tokens):
        if word[0] == '"':
            continue
        spelled = imports.get(word, line.spelled[at])
        name = spelled.lower()
        if name in words.FETCH_NAMES:
            found.append((FETCH, spelled))
        if name in words.FETCH_AND_STORE or (name in words.STORE_NAMES and not declares):
            found.append((STORE, spelled))
        if name in words.RUN_TYPES or (name in _MAKERS and literal.isdisjoint((at + 1, at + 2))):
            found.append(("object", spelled))
        if name in words.RUN_NAMES or (word == "shell" and _is_shell(tokens, at)):
            found.append((RUN, spelled))
        elif (
            word in words.RUN_MEMBERS and tokens[at - 1 : at] == (".",) and tokens[at - 2 : at - 1] != ("application",)
        ):
            found.append((RUN, f".{spelled}"))
    opens = "open" in tokens
    if opens and "for" in tokens and not _WRITING.isdisjoint(tokens):
        found.append((STORE, "Open"))
    return found + [fact for one in known for fact in _named(one.value, opens=opens)]


def _named(text: str, *, opens: bool) -> Iterator[tuple[str, str]]:
    """What a literal string names: an object to create, a command line, an address that the statement opens."""
    fetches = words.holds(text, words.FETCH_OBJECTS)
    if not fetches and words.names_program(text):
        fetches = words.fetching_command(text)
    if not fetches and opens and next(words.urls(text), ""):
        fetches = "Open"
    if fetches:
        yield FETCH, fetches
    made = words.holds(text, words.RUN_OBJECTS)
    if made:
        yield "object", made


def _is_shell(tokens: tuple[str, ...], at: int) -> bool:
    """``Shell`` called as the function it is in VBA, not a variable or member of that name."""
    if at and tokens[at - 1] == ".":
        return tokens[at - 2 : at - 1] in (("vba",), ("interaction",))
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    return following not in ("", "=", ".", ",", ")", "as", ":") and tokens[:1] not in (("dim",), ("set",))


def _is_argument(tokens: tuple[str, ...], text: Folded) -> bool:
    """The literal is the first argument of the run call on its line."""
    at = text.begin - 1
    if at >= 0 and tokens[at] == "(":
        at -= 1
    return at >= 0 and (tokens[at] == "shell" or tokens[at] in words.RUN_MEMBERS or tokens[at] in words.RUN_NAMES)


def _drop_members_without_object(reading: Reading) -> None:
    """``.Run`` and the like count only where an object that runs programs is made, or one whose name is not known."""
    makes = any(fact.does == "object" for fact in reading.facts)
    reading.facts = [
        fact for fact in reading.facts if fact.does != "object" and (not fact.word.startswith(".") or makes)
    ]
