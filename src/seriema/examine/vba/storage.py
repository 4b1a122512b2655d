"""Files as the macro writes and reads them: virtual ones. What it writes becomes a child artifact."""

from dataclasses import dataclass, field

from seriema.examine.vba.machine import Machine
from seriema.examine.vba.values import MISSING, Fault, HalfKnown, Unknown, Value, joined, shown

#: Bytes of one file that are kept.
FILE_BYTES = 8 << 20


@dataclass(slots=True, eq=False)
class VirtualFile:
    """A file: its path as known, its content, and the address it was fetched from."""

    path: Value
    content: bytearray = field(default_factory=bytearray)
    source: Value = None
    opaque: bool = False  #: something was written that is not known
    written: bool = False


@dataclass(slots=True, eq=False)
class Handle:
    """An open file."""

    file: VirtualFile
    mode: str
    at: int = 0
    opaque: bool = False  #: a file of the machine, whose content is not known
    place: tuple[str, int] = ("", 0)

    def write(self, machine: Machine, data: bytes) -> None:
        """Append or overwrite at the present place."""
        machine.grow(len(data))
        if self.at + len(data) > FILE_BYTES:
            raise Fault(61)
        if self.at > len(self.file.content):
            self.file.content.extend(bytes(self.at - len(self.file.content)))
        self.file.content[self.at : self.at + len(data)] = data
        self.at += len(data)
        self.file.written = True

    def read(self, count: int | None) -> Value:
        """Characters from the present place on."""
        if self.opaque or self.file.opaque:
            return Unknown()
        end = len(self.file.content) if count is None else self.at + max(0, count)
        data = bytes(self.file.content[self.at : end])
        self.at += len(data)
        return data.decode("cp1252", "replace")

    def read_line(self) -> Value:
        """One line."""
        if self.opaque or self.file.opaque:
            return Unknown()
        if self.at >= len(self.file.content):
            raise Fault(62)
        end = self.file.content.find(b"\n", self.at)
        end = len(self.file.content) if end < 0 else end
        data = bytes(self.file.content[self.at : end])
        self.at = end + 1
        return data.rstrip(b"\r").decode("cp1252", "replace")


def key(path: Value) -> str:
    """What equal paths have in common."""
    return shown(path).lower().replace("/", "\\").strip('" ')


def file_at(machine: Machine, path: Value) -> VirtualFile:
    """The file at a path, a new one where there is none."""
    found = machine.files.get(key(path))
    if found is None:
        if len(machine.files) >= machine.budget.files:
            raise Fault(61)
        found = machine.files[key(path)] = VirtualFile(path)
    return found


def opened(machine: Machine, path: Value, mode: str) -> Handle:
    """Open a file for a mode; writing to it is remembered."""
    known = key(path) in machine.files
    if mode == "input" or (mode in ("binary", "random") and known):
        if known:
            return Handle(machine.files[key(path)], mode, place=machine.at)
        return Handle(VirtualFile(path), mode, opaque=True, place=machine.at)
    file = file_at(machine, path)
    if mode == "output":
        file.content.clear()
        file.opaque = False
    return Handle(file, mode, len(file.content) if mode == "append" else 0, place=machine.at)


def stored(machine: Machine, path: Value, api: str, *, content: Value = None, source: Value = None) -> None:
    """A whole file is written: known bytes, the answer of an address, or something unknown."""
    file = file_at(machine, path)
    file.written, file.source = True, source
    if isinstance(content, bytes | bytearray):
        machine.grow(len(content))
        file.content[:] = content[:FILE_BYTES]
        file.opaque = False
    else:
        file.opaque = True
    machine.sink("save", path, api, source=source, content=bytes(file.content) if not file.opaque else None)


def exists(machine: Machine, path: Value) -> Value:
    """True for what the macro wrote, else unknown and usually not there."""
    known = machine.files.get(key(path))
    return True if known is not None else Unknown(usual=False)


def found(machine: Machine, path: Value) -> Value:
    """``Dir``: the name of a file that fits."""
    if path is MISSING:
        return Unknown(usual="")
    if key(path) in machine.files:
        return name_of(path)
    return Unknown(usual="")


def name_of(path: Value) -> Value:
    """What stands behind the last backslash."""
    if isinstance(path, str):
        return path.replace("/", "\\").rpartition("\\")[2]
    if isinstance(path, HalfKnown):
        for number in range(len(path.pieces) - 1, -1, -1):
            piece = path.pieces[number]
            if isinstance(piece, str) and "\\" in piece:
                return joined(piece.rpartition("\\")[2], *path.pieces[number + 1 :])
    return Unknown()


def removed(machine: Machine, path: Value) -> None:
    """A file is deleted; what was written to it stays known to the report."""
    machine.files.pop(key(path), None)


def taken(machine: Machine, source: Value, target: Value, api: str, *, keep: bool) -> None:
    """A file is copied, moved or renamed."""
    old = machine.files.get(key(source))
    if old is None:
        return
    if not isinstance(target, Unknown) and shown(target).endswith("\\"):
        target = joined(target, name_of(source))
    stored(machine, target, api, content=bytes(old.content) if not old.opaque else None, source=old.source)
    if not keep:
        machine.files.pop(key(source), None)


def closed(machine: Machine, number: int) -> None:
    """Close a file; what was written is a fact now."""
    handle = machine.handles.pop(number, None)
    if handle is None or not handle.file.written:
        return
    file = handle.file
    content = None if file.opaque else bytes(file.content)
    before, machine.at = machine.at, handle.place
    machine.sink("save", file.path, "Open", source=file.source, content=content)
    machine.at = before
    file.written = False
