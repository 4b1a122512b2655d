"""The words by which macros and scripts fetch, store and run (``words.toml``), and what a literal string names.

Shared by the inspectors of macros, scripts, shortcuts and pages.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

from publicsuffixlist import PublicSuffixList

_WORDS = tomllib.loads((files("seriema.examine") / "words.toml").read_text("utf-8"))

FETCH_NAMES = frozenset(_WORDS["fetch"]["names"])
FETCH_AND_STORE = frozenset(_WORDS["fetch"]["stores"])
FETCH_OBJECTS = tuple(_WORDS["fetch"]["objects"])
FETCH_COMMANDS = tuple(_WORDS["fetch"]["commands"])
STORE_NAMES = frozenset(_WORDS["store"]["names"])
RUN_NAMES = frozenset(_WORDS["run"]["names"])
RUN_OBJECTS = tuple(_WORDS["run"]["objects"])
RUN_TYPES = frozenset(_WORDS["run"]["types"])
RUN_MEMBERS = frozenset(_WORDS["run"]["members"])
RUN_COMMANDS = tuple(_WORDS["run"]["commands"])
PROGRAMS = frozenset(name.removesuffix(".exe") for name in _WORDS["programs"]["names"])
AUTO_EXACT: dict[str, str] = _WORDS["auto"]["exact"]
AUTO_PREFIXES = tuple(_WORDS["auto"]["prefixes"])
AUTO_SUFFIXES = tuple(_WORDS["auto"]["suffixes"])

_URL = re.compile(r"\b(?:https?|ftp)://[^\s\"'<>|^`{}\\]{3,2000}", re.IGNORECASE)
_PATH = re.compile(r"(?:[A-Za-z]:\\|%[A-Za-z_]{2,30}%\\|\\\\[\w.$-]{1,100}\\)[^<>|\"*?\r\n:]{1,300}")
_PROGRAM = re.compile(
    r"(?:^|[\s\"'\\/&|;(@^=])(?:"
    + "|".join(map(re.escape, _WORDS["programs"]["names"]))
    + r")(?:\.exe)?(?=$|[\s\"',;&|)])",
    re.IGNORECASE,
)
_SUFFIXES = PublicSuffixList()
#: Characters of one literal that are searched.
SEARCHED = 65_536
SHORTEST = 8  #: characters of the shortest of the objects' names


def urls(text: str, *, open_end: bool = False) -> Iterator[str]:
    """The web addresses in a literal. With ``open_end`` one that reaches its end is left out: the rest is unknown."""
    for found in _URL.finditer(text[:SEARCHED]):
        if open_end and found.end() == len(text):
            continue
        address = found[0].rstrip(".,;)]'")
        if not _hollow(address):
            yield address


def _hollow(address: str) -> bool:
    """It names no host: what remains of a template."""
    host = address.partition("://")[2].partition("/")[0].rpartition("@")[2].strip("[]")
    return not any(character.isalnum() for character in host) or host.startswith((".", "-", "$", "%"))


def path(text: str) -> str:
    """The file path that a literal is as a whole, else ""."""
    found = _PATH.fullmatch(text)
    return found[0] if found else ""


def names_program(text: str) -> bool:
    """A literal that holds a command line of a program by which other code is started."""
    return _PROGRAM.search(text[:SEARCHED]) is not None


def fetching_command(text: str) -> str:
    """The piece of a command line that fetches something, else ""."""
    lowered = text[:SEARCHED].lower()
    return next((word for word in FETCH_COMMANDS if word in lowered), "")


def holds(text: str, words: tuple[str, ...]) -> str:
    """The first of ``words`` that stands in ``text``, else ""."""
    if len(text) < SHORTEST:
        return ""
    lowered = text[:SEARCHED].lower()
    return next((word for word in words if word in lowered), "")


def known_suffix(address: str) -> bool:
    """The host of an address ends in a public suffix (publicsuffix.org) or a name reserved for examples (RFC 2606)."""
    host = address.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    last = host.rpartition(".")[2]
    if last.isdigit():
        return True
    return last in _RESERVED or _SUFFIXES.publicsuffix(host, accept_unknown=False) is not None


_RESERVED = frozenset({"test", "example", "invalid", "localhost"})
