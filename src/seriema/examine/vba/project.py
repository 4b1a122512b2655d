"""Read a VBA project out of a compound file: which modules it has, and the source of each. Follows [MS-OVBA] 2.3.4.

Where the project's directory is damaged, its modules are still found by what their compressed source begins with.
"""

import codecs
from dataclasses import dataclass, replace
from struct import unpack_from

from seriema.examine.compound import Compound
from seriema.examine.vba.compression import decompressed
from seriema.model.errors import HostileInput

#: Bytes of all source of one project that are read; the largest honest projects seen hold about half of it.
SOURCE_BYTES = 4 << 20
MODULES = 1_000
#: How each module's source begins, behind the container's signature, its first header and flag byte.
_BEGINNING = b"\0Attribut"
_AHEAD = 3
#: Code pages that Python does not call cp<number>.
_ENCODINGS = {10_000: "mac_roman", 65_001: "utf-8"}
#: Records of the dir stream (2.3.4.2).
_CODE_PAGE, _VERSION, _NAME, _WIDE_NAME = 0x03, 0x09, 0x19, 0x47
_STREAM, _WIDE_STREAM, _OFFSET, _EVENTS = 0x1A, 0x32, 0x31, 0x22


@dataclass(frozen=True, slots=True)
class Module:
    """One module. ``source`` has no hidden attribute lines; ``problem`` says why source is missing, "" when it is not.

    ``cache`` is what stands before the source: p-code, in a layout of the program's own.
    """

    name: str
    source: str = ""
    events: bool = False  #: a document, class or form module, whose procedures are called by events
    cache: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """The modules of one project; ``storage`` is where it lies, ``problem`` what is wrong with it as a whole."""

    storage: str
    modules: tuple[Module, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A module as the dir stream lists it (2.3.4.2.3.2)."""

    name: str = ""
    stream: str = ""
    offset: int = 0
    events: bool = False


def projects(compound: Compound) -> tuple[Project, ...]:
    """Every VBA project of a compound file, also one whose directory is damaged."""
    storages = dict.fromkeys(
        path.rpartition("/")[0]
        for path in compound.streams
        if path.lower().endswith(("vba/dir", "vba/_vba_project")) or path.lower() in ("dir", "_vba_project")
    )
    return tuple(_project(compound, storage) for storage in storages)


def _project(compound: Compound, storage: str) -> Project:
    folder = f"{storage}/" if storage else ""
    try:
        data, problem = decompressed(compound.read(f"{folder}dir", SOURCE_BYTES), SOURCE_BYTES)
    except HostileInput as stopped:
        data, problem = b"", str(stopped)
    code_page, listed = _directory(data)
    left = SOURCE_BYTES
    modules: list[Module] = []
    for one in listed[:MODULES]:
        module = _module(compound, folder, one, code_page, left)
        left -= len(module.source)
        modules.append(module)
    known = {f"{folder}{one.stream}".lower() for one in listed}
    modules += _unlisted(compound, folder, known, code_page)
    if len(listed) > MODULES:
        problem = f"more than {MODULES} modules"
    elif not listed and not problem:
        problem = "its directory lists no modules"
    return Project(storage, tuple(modules), problem)


def _directory(data: bytes) -> tuple[str, list[_Listed]]:
    """Encoding and modules out of the dir stream: records of number, size and content in a row (2.3.4.2)."""
    encoding = "cp1252"
    modules: list[_Listed] = []
    at = 0
    while at + 6 <= len(data):
        number, size = unpack_from("<HI", data, at)
        if number == _VERSION:
            size = 6  # its size field counts four of its six bytes (2.3.4.2.1.11)
        content = data[at + 6 : at + 6 + size]
        at += 6 + size
        if number == _CODE_PAGE and size == 2:
            encoding = _encoding(unpack_from("<H", content.ljust(2, b"\0"))[0])
        elif number == _NAME:
            name = content.decode(encoding, "replace")
            modules.append(_Listed(name, name))
        elif modules:
            modules[-1] = _with_field(modules[-1], number, content, encoding)
    return encoding, modules


def _with_field(module: _Listed, number: int, content: bytes, encoding: str) -> _Listed:
    if number == _WIDE_NAME:
        return replace(module, name=content.decode("utf-16-le", "replace"))
    if number == _STREAM:
        return replace(module, stream=content.decode(encoding, "replace"))
    if number == _WIDE_STREAM and content:
        return replace(module, stream=content.decode("utf-16-le", "replace"))
    if number == _OFFSET:
        return replace(module, offset=unpack_from("<I", content.ljust(4, b"\0"))[0])
    return replace(module, events=True) if number == _EVENTS else module


def _encoding(code_page: int) -> str:
    name = _ENCODINGS.get(code_page, f"cp{code_page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def _module(compound: Compound, folder: str, listed: _Listed, encoding: str, left: int) -> Module:
    module = Module(listed.name, events=listed.events)
    path = f"{folder}{listed.stream}"
    if path not in compound:
        return replace(module, problem="its stream is missing")
    try:
        stream = compound.read(path, 4 * SOURCE_BYTES)
    except HostileInput as stopped:
        return replace(module, problem=str(stopped))
    data, problem = decompressed(stream[listed.offset :], left)
    if problem:
        found = stream.find(_BEGINNING)
        if found >= _AHEAD and found - _AHEAD != listed.offset:
            data, problem = decompressed(stream[found - _AHEAD :], left)
    if not problem and not data.strip(b"\0"):
        problem = "its source is empty bytes"
    source = _visible(data.decode(encoding, "replace"))
    return replace(module, source=source, cache=stream[: listed.offset], problem=problem)


def _unlisted(compound: Compound, folder: str, known: set[str], encoding: str) -> list[Module]:
    """Modules that the directory does not list, found by the beginning of their source."""
    found: list[Module] = []
    for path in compound.streams:
        if path.lower() in known or not path.startswith(folder) or path.lower().endswith(("/dir", "/_vba_project")):
            continue
        try:
            stream = compound.read(path, 4 * SOURCE_BYTES)
        except HostileInput:
            continue
        at = stream.find(_BEGINNING) - _AHEAD
        if at >= 0 and stream[at] == 1 and len(found) < MODULES:
            data, _ = decompressed(stream[at:], SOURCE_BYTES // 4)
            name = path.rpartition("/")[2]
            found.append(Module(name, _visible(data.decode(encoding, "replace")), events=True, cache=stream[:at]))
    return found


def _visible(text: str) -> str:
    """The source as the editor shows it: without the attribute lines, and for classes the header, before the code."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\0\n").split("\n")
    begin = 0
    if lines[0].startswith("VERSION "):
        begin = next((number + 1 for number, line in enumerate(lines[:200]) if line.strip() == "END"), 0)
    while begin < len(lines) and lines[begin].lstrip().startswith("Attribute VB_"):
        begin += 1
    return "\n".join(lines[begin:])
