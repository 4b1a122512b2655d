"""Functions that reach the system: they are sinks, answers of the environment, or do nothing ([MS-VBAL] 6.1.2.7,
6.1.2.8).
"""

from seriema.examine.vba.conversion import text, whole
from seriema.examine.vba.environment import LANGUAGES, variable
from seriema.examine.vba.library.registry import function
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.creating import created, gotten
from seriema.examine.vba.operators import plain
from seriema.examine.vba.storage import exists, found, removed, taken
from seriema.examine.vba.values import BAD_CALL, MISSING, NULL, UNKNOWN, Fault, Unknown, Value


@function("Environ", "Environ$", open=True)
def environ(machine: Machine, expression: Value) -> Value:
    """A variable of the environment."""
    name = machine.let_value(expression)
    return variable(machine, name) if isinstance(name, str) else UNKNOWN


@function("Shell", open=True)
def shell(machine: Machine, pathname: Value, windowstyle: Value = MISSING) -> Value:
    """Runs a command line."""
    machine.sink("run", text(machine.let_value(pathname)), "Shell")
    return 4242


@function("CreateObject", open=True)
def create_object(machine: Machine, class_: Value, servername: Value = MISSING) -> Value:
    """An object by its class."""
    return created(machine, machine.let_value(class_))


@function("GetObject", open=True)
def get_object(machine: Machine, pathname: Value = MISSING, class_: Value = MISSING) -> Value:
    """An object by its moniker, or a running one by its class."""
    return gotten(machine, machine.let_value(pathname), machine.let_value(class_))


@function("CallByName", open=True, many=True)
def call_by_name(machine: Machine, *arguments: Value) -> Value:
    """A member by a name that is computed."""
    if len(arguments) < 3:
        raise Fault(BAD_CALL)
    owner, name, kind, *values = arguments
    return machine.calls.by_name(owner, name, whole(plain(machine, kind)), values)


@function("Dir", "Dir$", open=True)
def directory(machine: Machine, pathname: Value = MISSING, attributes: Value = MISSING) -> Value:
    """The name of a file that fits: one the macro wrote, else unknown and usually none."""
    return found(machine, pathname)


@function("FileLen", open=True)
def file_length(machine: Machine, pathname: Value) -> Value:
    """A file's size."""
    if exists(machine, pathname) is True:
        return Unknown(usual=1 << 16)
    return Unknown(usual=0)


@function("GetAttr", open=True)
def attributes(machine: Machine, pathname: Value) -> Value:
    """A file's attributes."""
    return UNKNOWN


@function("Kill", "RmDir", open=True)
def kill(machine: Machine, pathname: Value) -> Value:
    """Deletes a file."""
    removed(machine, pathname)


@function("FileCopy", open=True)
def file_copy(machine: Machine, source: Value, destination: Value) -> Value:
    """Copies a file."""
    taken(machine, source, destination, "FileCopy", keep=True)


@function("CurDir", "CurDir$", open=True)
def current(machine: Machine, drive: Value = MISSING) -> Value:
    """The current folder."""
    return Unknown(label="%CD%")


@function("FreeFile", open=True)
def free_file(machine: Machine, rangenumber: Value = MISSING) -> Value:
    """A number that no open file has."""
    return next(number for number in range(1, 512) if number not in machine.handles)


@function("EOF", open=True)
def end_of_file(machine: Machine, filenumber: Value) -> Value:
    """Whether all of a file has been read."""
    handle = machine.handles.get(_file(machine, filenumber))
    return Unknown(usual=True) if handle is None or handle.opaque else handle.at >= len(handle.file.content)


@function("LOF", open=True)
def length_of_file(machine: Machine, filenumber: Value) -> Value:
    """The size of an open file."""
    handle = machine.handles.get(_file(machine, filenumber))
    return UNKNOWN if handle is None or handle.opaque else len(handle.file.content)


@function("Loc", "Seek", open=True)
def place_in_file(machine: Machine, filenumber: Value) -> Value:
    """The place in an open file."""
    handle = machine.handles.get(_file(machine, filenumber))
    return UNKNOWN if handle is None else handle.at + 1


def _file(machine: Machine, value: Value) -> int:
    number = plain(machine, value)
    return round(number) if isinstance(number, int | float) else 0


@function("MsgBox", open=True, many=True)
def message(machine: Machine, *arguments: Value) -> Value:
    """A question to a person; which button is pressed is unknown."""
    buttons = plain(machine, arguments[1]) if len(arguments) > 1 and arguments[1] not in (MISSING, NULL) else 0
    if type(buttons) is Unknown:
        return UNKNOWN
    return {0: 1, 1: Unknown(usual=1), 3: Unknown(usual=6), 4: Unknown(usual=6)}.get(round(buttons) & 7, UNKNOWN)


@function(
    "InputBox",
    "GetSetting",
    "GetAllSettings",
    "IMEStatus",
    "Command",
    "Command$",
    "Input",
    "Input$",
    open=True,
    many=True,
)
def answer(machine: Machine, *arguments: Value) -> Value:
    """What only a person or the registry knows; ``Input`` reads a file."""
    if len(arguments) == 2 and isinstance(arguments[1], int) and arguments[1] in machine.handles:
        count = plain(machine, arguments[0])
        return machine.handles[arguments[1]].read(count if isinstance(count, int) else None)
    return UNKNOWN


@function("DoEvents", "Beep", "AppActivate", "SendKeys", "SaveSetting", "DeleteSetting", "ChDir", "ChDrive", "MkDir",
          "SetAttr",
          "SavePicture", "Load", "Unload", "Randomize", "FileDateTime", "Sleep", "Reset", open=True,
          many=True)  # fmt: skip
def nothing(machine: Machine, *arguments: Value) -> Value:
    """Nothing that matters here."""
    return 0


@function("GetLocale", "SetLocale", open=True)
def locale(machine: Machine, lcid: Value = MISSING) -> Value:
    """The number of the language."""
    return Unknown(domain=LANGUAGES, key="language")


@function("Eval", open=True)
def evaluate(machine: Machine, expression: Value) -> Value:
    """The value of a VBScript expression that is made at run time."""
    return machine.calls.evaluate(machine.let_value(expression))


@function("Execute", "ExecuteGlobal", open=True)
def execute(machine: Machine, string: Value) -> Value:
    """VBScript that is made at run time."""
    return machine.calls.execute(machine.let_value(string))


@function("ScriptEngine", open=True)
def engine(machine: Machine) -> Value:
    """The language's name."""
    return "VBScript"


@function("GetRef", open=True)
def reference(machine: Machine, procname: Value) -> Value:
    """A procedure by its name."""
    return procname
