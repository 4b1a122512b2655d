"""``Scripting.FileSystemObject`` and its streams over virtual files. Windows Script reference."""

from seriema.examine.vba.conversion import text
from seriema.examine.vba.environment import SYSTEM, TEMP, WINDOWS
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject
from seriema.examine.vba.storage import Handle, closed, exists, key, name_of, opened, removed, taken
from seriema.examine.vba.values import MISSING, UNKNOWN, HalfKnown, Unknown, Value, joined, shown

_FOLDERS = {0: WINDOWS, 1: SYSTEM, 2: TEMP}
_MODES = {1: "input", 2: "output", 8: "append"}


class FileSystem(HostObject):
    """The file system."""

    kind = "FileSystemObject"

    def _path(self, value: Value) -> Value:
        return text(self.machine.let_value(value)) if value is not MISSING else UNKNOWN

    def do_createtextfile(
        self, filename: Value = MISSING, overwrite: Value = MISSING, unicode: Value = MISSING
    ) -> Value:
        """A new file."""
        return TextStream(self.machine, opened(self.machine, self._path(filename), "output"), wide=unicode is True)

    def do_opentextfile(
        self, filename: Value = MISSING, iomode: Value = MISSING, create: Value = MISSING, format: Value = MISSING
    ) -> Value:
        """A file for reading, writing or appending."""
        mode = _MODES.get(iomode if isinstance(iomode, int) else 1, "input")
        return TextStream(self.machine, opened(self.machine, self._path(filename), mode), wide=format == -1)

    def do_getspecialfolder(self, folder: Value = MISSING) -> Value:
        """Windows, System32 or the temporary folder."""
        value = self.machine.let_value(folder)
        return FolderObject(self.machine, _FOLDERS.get(value, TEMP) if isinstance(value, int) else TEMP)

    def do_gettempname(self) -> Value:
        """A name by chance."""
        return joined("rad", UNKNOWN, ".tmp")

    def do_buildpath(self, path: Value = MISSING, name: Value = MISSING) -> Value:
        """Folder and name."""
        folder = self._path(path)
        return joined(folder, "" if shown(folder).endswith("\\") else "\\", self._path(name))

    def do_fileexists(self, filespec: Value = MISSING) -> Value:
        """True for what the macro wrote."""
        return exists(self.machine, self._path(filespec))

    def do_folderexists(self, folderspec: Value = MISSING) -> Value:
        """Unknown."""
        return Unknown(usual=True)

    do_driveexists = do_folderexists

    def do_getfile(self, filespec: Value = MISSING) -> Value:
        """A file."""
        return FolderObject(self.machine, self._path(filespec))

    do_getfolder = do_createfolder = do_getfile

    def do_getfilename(self, path: Value = MISSING) -> Value:
        """What stands behind the last backslash."""
        return name_of(self._path(path))

    def do_getbasename(self, path: Value = MISSING) -> Value:
        """The name without its extension."""
        name = name_of(self._path(path))
        return (name.rpartition(".")[0] or name) if isinstance(name, str) else UNKNOWN

    def do_getextensionname(self, path: Value = MISSING) -> Value:
        """The extension."""
        name = name_of(self._path(path))
        return (
            name.rpartition(".")[2]
            if isinstance(name, str) and "." in name
            else UNKNOWN
            if not isinstance(name, str)
            else ""
        )

    def do_getparentfoldername(self, path: Value = MISSING) -> Value:
        """What stands before the last backslash."""
        words = self._path(path)
        if isinstance(words, str):
            return words.rpartition("\\")[0]
        if isinstance(words, HalfKnown) and isinstance(words.pieces[-1], str) and "\\" in words.pieces[-1]:
            return joined(*words.pieces[:-1], words.pieces[-1].rpartition("\\")[0])
        return UNKNOWN

    def do_getabsolutepathname(self, path: Value = MISSING) -> Value:
        """The whole path."""
        return self._path(path)

    def do_copyfile(self, source: Value = MISSING, destination: Value = MISSING, overwrite: Value = MISSING) -> Value:
        """Copies."""
        taken(self.machine, self._path(source), self._path(destination), "CopyFile", keep=True)

    def do_movefile(self, source: Value = MISSING, destination: Value = MISSING) -> Value:
        """Moves."""
        taken(self.machine, self._path(source), self._path(destination), "MoveFile", keep=False)

    def do_deletefile(self, filespec: Value = MISSING, force: Value = MISSING) -> Value:
        """Deletes."""
        removed(self.machine, self._path(filespec))

    def do_getdrive(self, drivespec: Value = MISSING) -> Value:
        """Unknown."""
        return UNKNOWN


class FolderObject(HostObject):
    """A folder or file: where it is."""

    kind = "Folder"

    def __init__(self, machine: Machine, path: Value) -> None:
        super().__init__(machine)
        self.path = path

    def default(self) -> Value:
        """Where it is."""
        return self.path

    def do_path(self) -> Value:
        """Where it is."""
        return self.path

    do_shortpath = do_path

    def do_name(self) -> Value:
        """Its name."""
        return name_of(self.path)

    def do_size(self) -> Value:
        """Its size."""
        file = self.machine.files.get(key(self.path))
        return len(file.content) if file is not None and not file.opaque else UNKNOWN

    def do_createtextfile(
        self, filename: Value = MISSING, overwrite: Value = MISSING, unicode: Value = MISSING
    ) -> Value:
        """A new file in it."""
        path = joined(self.path, "\\", text(self.machine.let_value(filename)))
        return TextStream(self.machine, opened(self.machine, path, "output"), wide=unicode is True)

    def do_openastextstream(self, iomode: Value = MISSING, format: Value = MISSING) -> Value:
        """The file as a stream."""
        mode = _MODES.get(iomode if isinstance(iomode, int) else 1, "input")
        return TextStream(self.machine, opened(self.machine, self.path, mode), wide=format == -1)

    def do_copy(self, destination: Value = MISSING, overwrite: Value = MISSING) -> Value:
        """Copies."""
        taken(self.machine, self.path, text(self.machine.let_value(destination)), "Copy", keep=True)

    def do_move(self, destination: Value = MISSING) -> Value:
        """Moves."""
        taken(self.machine, self.path, text(self.machine.let_value(destination)), "Move", keep=False)

    def do_delete(self, force: Value = MISSING) -> Value:
        """Deletes."""
        removed(self.machine, self.path)


class TextStream(HostObject):
    """An open text file."""

    kind = "TextStream"

    def __init__(self, machine: Machine, handle: Handle, *, wide: bool) -> None:
        super().__init__(machine)
        self.handle = handle
        self.codec = "utf-16-le" if wide else "cp1252"
        self.number = 1_000 + len(machine.handles)
        machine.handles[self.number] = handle

    def do_write(self, words: Value = MISSING, end: str = "") -> Value:
        """Writes text."""
        value = text(self.machine.let_value(words)) if words is not MISSING else ""
        if isinstance(value, str):
            self.handle.write(self.machine, (value + end).encode(self.codec, "replace"))
        else:
            self.handle.file.opaque = self.handle.file.written = True
            if isinstance(value, Unknown) and value.origin is not None:
                self.handle.file.source = value.origin

    def do_writeline(self, words: Value = MISSING) -> Value:
        """Writes a line."""
        return self.do_write(words, "\r\n")

    def do_writeblanklines(self, lines: Value = MISSING) -> Value:
        """Writes empty lines."""
        return self.do_write("\r\n" * min(lines, 1000) if isinstance(lines, int) else "")

    def do_readall(self) -> Value:
        """All that is left."""
        return self.handle.read(None)

    def do_read(self, characters: Value = MISSING) -> Value:
        """Some characters."""
        return self.handle.read(characters if isinstance(characters, int) else None)

    def do_readline(self) -> Value:
        """One line."""
        return self.handle.read_line()

    do_skipline = do_readline

    def do_atendofstream(self) -> Value:
        """Whether the end is reached."""
        return Unknown(usual=True) if self.handle.opaque else self.handle.at >= len(self.handle.file.content)

    def do_close(self) -> Value:
        """What was written is a fact now."""
        closed(self.machine, self.number)
