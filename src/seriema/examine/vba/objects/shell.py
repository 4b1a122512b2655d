"""``WScript.Shell``, ``Shell.Application``, the task scheduler and the like: they run.

Windows Script Host reference.
"""

from seriema.examine.vba.conversion import text
from seriema.examine.vba.environment import SPECIAL, expanded, variable
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.storage import stored
from seriema.examine.vba.values import MISSING, UNKNOWN, Unknown, Value, joined


class WScriptShell(HostObject):
    """``WScript.Shell``."""

    kind = "IWshShell3"

    def do_run(self, command: Value = MISSING, style: Value = MISSING, wait: Value = MISSING) -> Value:
        """Runs a command line."""
        self.machine.sink("run", expanded(self.machine, text(self.machine.let_value(command))), "WScript.Shell.Run")
        return Unknown(usual=0)

    def do_exec(self, command: Value = MISSING) -> Value:
        """Runs a command line and reads what it prints."""
        self.machine.sink("run", expanded(self.machine, text(self.machine.let_value(command))), "WScript.Shell.Exec")
        return Execution(self.machine)

    def do_expandenvironmentstrings(self, source: Value = MISSING) -> Value:
        """``%NAME%`` put in."""
        return expanded(self.machine, text(self.machine.let_value(source)))

    def do_environment(self, kind: Value = MISSING) -> Value:
        """Variables of the environment."""
        return Environment(self.machine)

    def do_specialfolders(self, name: Value = MISSING) -> Value:
        """A folder by its name."""
        return SpecialFolders(self.machine) if name is MISSING else SpecialFolders(self.machine).do_item(name)

    def do_currentdirectory(self) -> Value:
        """The current folder."""
        return self.extra.get("currentdirectory", Unknown(label="%CD%"))

    def do_createshortcut(self, path: Value = MISSING) -> Value:
        """A link; what it starts is seen when it is saved."""
        return Shortcut(self.machine, text(self.machine.let_value(path)))

    def do_regwrite(self, name: Value = MISSING, value: Value = MISSING, kind: Value = MISSING) -> Value:
        """A value under a Run key runs at the next start."""
        words = text(self.machine.let_value(name))
        if isinstance(words, str) and "\\currentversion\\run" in words.lower():
            self.machine.sink("run", text(self.machine.let_value(value)), "RegWrite")

    def do_regread(self, name: Value = MISSING) -> Value:
        """Unknown."""
        return UNKNOWN

    def do_popup(
        self, words: Value = MISSING, seconds: Value = MISSING, title: Value = MISSING, kind: Value = MISSING
    ) -> Value:
        """A question to a person."""
        return UNKNOWN

    def do_sendkeys(self, keys: Value = MISSING) -> Value:
        """Nothing that matters here."""

    do_appactivate = do_regdelete = do_logevent = do_sendkeys


class Execution(HostObject):
    """A program that was started."""

    kind = "WshExec"

    def do_status(self) -> Value:
        """Finished."""
        return 1

    def do_stdout(self) -> Value:
        """What it prints."""
        return UNKNOWN


class Environment(HostObject):
    """``Environment("Process")``."""

    kind = "WshEnvironment"

    def do_item(self, name: Value = MISSING) -> Value:
        """A variable."""
        name = self.machine.let_value(name)
        if not isinstance(name, str):
            return UNKNOWN
        return self.extra.get(name.lower(), variable(self.machine, name))

    def put_item(self, value: Value, name: Value = MISSING) -> None:
        """Assign a variable."""
        if isinstance(name, str):
            self.extra[name.lower()] = value


class SpecialFolders(HostObject):
    """``SpecialFolders``."""

    kind = "WshCollection"

    def do_item(self, name: Value = MISSING) -> Value:
        """A folder."""
        name = self.machine.let_value(name)
        return SPECIAL.get(name.lower(), UNKNOWN) if isinstance(name, str) else UNKNOWN


class Shortcut(HostObject):
    """A link to be saved."""

    kind = "WshShortcut"

    def __init__(self, machine: Machine, path: Value) -> None:
        super().__init__(machine)
        self.path = path

    def do_save(self) -> Value:
        """The link is there; in a start-up folder it runs."""
        target, arguments = text(self.extra.get("targetpath", UNKNOWN)), text(self.extra.get("arguments", ""))
        stored(self.machine, self.path, "CreateShortcut")
        self.machine.sink("run", joined(target, " ", arguments) if arguments != "" else target, "CreateShortcut")


class ShellApplication(HostObject):
    """``Shell.Application``."""

    kind = "IShellDispatch6"

    def do_shellexecute(
        self,
        file: Value = MISSING,
        arguments: Value = MISSING,
        folder: Value = MISSING,
        verb: Value = MISSING,
        show: Value = MISSING,
    ) -> Value:
        """Runs a file with arguments."""
        program = text(self.machine.let_value(file))
        rest = text(self.machine.let_value(arguments)) if arguments not in (MISSING, None) else ""
        self.machine.sink(
            "run", joined(program, " ", rest) if rest != "" else program, "Shell.Application.ShellExecute"
        )

    def do_open(self, file: Value = MISSING) -> Value:
        """Runs what opens a file."""
        self.machine.sink("run", text(self.machine.let_value(file)), "Shell.Application.Open")

    def do_namespace(self, folder: Value = MISSING) -> Value:
        """A folder: files are copied there, also out of archives."""
        return Folder(self.machine, text(self.machine.let_value(folder)))

    def do_windows(self) -> Value:
        """Windows of Explorer."""
        return Items(self.machine, [], first=0, absent=self)

    def do_item(self, index: Value = MISSING) -> Value:
        """Of the windows' own class: one of them."""
        return self

    def do_document(self) -> Value:
        """What an Explorer window shows; its ``Application`` runs things too."""
        return self

    do_application = do_document

    def do_minimizeall(self) -> Value:
        """Nothing."""


class Folder(HostObject):
    """A folder of the shell."""

    kind = "Folder3"

    def __init__(self, machine: Machine, path: Value) -> None:
        super().__init__(machine)
        self.path = path

    def do_copyhere(self, item: Value = MISSING, options: Value = MISSING) -> Value:
        """Files arrive here."""
        stored(self.machine, joined(self.path, "\\"), "CopyHere")

    do_movehere = do_copyhere

    def do_self(self) -> Value:
        """Itself as an item."""
        return self

    def do_path(self) -> Value:
        """Where it is."""
        return self.path

    def do_items(self) -> Value:
        """What is in it."""
        return UNKNOWN

    def do_parsename(self, name: Value = MISSING) -> Value:
        """An item of it, which may be told to open."""
        return FolderItem(self.machine, joined(self.path, "\\", text(self.machine.let_value(name))))


class FolderItem(HostObject):
    """A file in a folder of the shell."""

    kind = "FolderItem"

    def __init__(self, machine: Machine, path: Value) -> None:
        super().__init__(machine)
        self.path = path

    def do_path(self) -> Value:
        """Where it is."""
        return self.path

    def do_invokeverb(self, verb: Value = MISSING) -> Value:
        """It is opened."""
        self.machine.sink("run", self.path, "InvokeVerb")

    do_invokeverbex = do_invokeverb
