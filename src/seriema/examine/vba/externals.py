"""Imported functions of Windows: those that fetch, save and run are sinks, some give known answers,
the rest are unknown.

Names after the Windows API reference; ``A`` and ``W`` at the end are the same function.
"""

from collections.abc import Callable

from seriema.examine.vba.conversion import text
from seriema.examine.vba.environment import SYSTEM, TEMP, WINDOWS, expanded
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.unknown import looks_like_sink
from seriema.examine.vba.storage import stored, taken
from seriema.examine.vba.syntax import Import
from seriema.examine.vba.values import UNKNOWN, Unknown, Value, joined

Result = tuple[Value, dict[int, Value]]
_DONE, _YES, _HANDLE = 0, 1, 0x1234


def call(machine: Machine, one: Import, values: list[Value], pointers: dict[int, str]) -> Result:
    """What an imported function answers, and which arguments it changes."""
    name = one.alias.lstrip("#")
    plain = name.lower()
    if one.alias.startswith("#"):
        plain = one.name
    known = (
        _FUNCTIONS.get(plain) or _FUNCTIONS.get(plain.removesuffix("a").removesuffix("w")) or _FUNCTIONS.get(plain[:-1])
    )
    if known is None:
        machine.spend(2)
        for value in values:
            if isinstance(value, int) and value in pointers:
                machine.waiting.append(pointers[value])
        return UNKNOWN, {}
    return known(machine, name, [machine.let_value(value) for value in values], pointers)


def undeclared(machine: Machine, name: str, values: list[Value]) -> Value:
    """A function that nobody declares: one whose name Windows knows as a sink is taken for it."""
    known = _FUNCTIONS.get(name) or _FUNCTIONS.get(name[:-1])
    if known is not None and looks_like_sink(values):
        return known(machine, name, [machine.let_value(value) for value in values], {})[0]
    return UNKNOWN


def _texts(values: list[Value], *places: int) -> list[Value]:
    return [
        text(values[place]) if place < len(values) and not isinstance(values[place], int) else "" for place in places
    ]


def _download(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``URLDownloadToFile(caller, url, file, reserved, callback)``."""
    url, path = _texts(values, 1, 2)
    machine.sink("fetch", url, name)
    stored(machine, path, name, source=url)
    return Unknown(usual=_DONE), {}


def _download_cache(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``URLDownloadToCacheFile(caller, url, buffer, size, reserved, callback)``."""
    (url,) = _texts(values, 1)
    machine.sink("fetch", url, name)
    return Unknown(usual=_DONE), {2: Unknown(origin=url)}


def _open_url(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``InternetOpenUrl(internet, url, …)``, ``URLOpenBlockingStream(caller, url, …)``."""
    (url,) = _texts(values, 1)
    machine.sink("fetch", url, name)
    machine.environment["internet"] = url
    return Unknown(usual=_HANDLE, origin=url), {2: Unknown(origin=url)} if "stream" in name.lower() else {}


def _read_file(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``InternetReadFile(handle, buffer, size, read)``: one turn with content, then the end."""
    url = machine.environment.get("internet")
    turns = machine.environment.get("turns", 0)
    machine.environment["turns"] = turns + 1
    return _YES, {1: Unknown(origin=url), 3: 0 if turns else Unknown(usual=1024)}


def _connect(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``InternetConnect(internet, host, port, …)``, ``WinHttpConnect``."""
    (host,) = _texts(values, 1)
    machine.environment["host"] = host
    machine.environment["port"] = values[2] if len(values) > 2 else 80
    return Unknown(usual=_HANDLE), {}


def _request(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``HttpOpenRequest(connection, verb, path, …)``."""
    (path,) = _texts(values, 2)
    port = machine.environment.get("port", 80)
    scheme = "https://" if port == 443 else "http://"
    beyond = "" if port in (80, 443, 0) or not isinstance(port, int) else f":{port}"
    slash = "" if isinstance(path, str) and path.startswith("/") else "/"
    url = joined(scheme, machine.environment.get("host", UNKNOWN), beyond, slash, path)
    machine.sink("fetch", url, name)
    machine.environment["internet"] = url
    return Unknown(usual=_HANDLE, origin=url), {}


def _ftp_get(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``FtpGetFile(connection, remote, local, …)``."""
    remote, local = _texts(values, 1, 2)
    url = joined("ftp://", machine.environment.get("host", UNKNOWN), "" if str(remote).startswith("/") else "/", remote)
    machine.sink("fetch", url, name)
    stored(machine, local, name, source=url)
    return _YES, {}


def _shell_execute(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``ShellExecute(window, verb, file, parameters, folder, show)``."""
    file, parameters = _texts(values, 2, 3)
    machine.sink("run", joined(file, " ", parameters) if parameters != "" else file, name)
    return Unknown(usual=42), {}


def _win_exec(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``WinExec(command, show)``."""
    (command,) = _texts(values, 0)
    machine.sink("run", command, name)
    return Unknown(usual=42), {}


def _create_process(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``CreateProcess(program, command, …)``; either may be empty."""
    at = 1 if "user" in name.lower() else 0
    program, command = _texts(values, at, at + 1)
    machine.sink("run", command if command != "" else program, name)
    return _YES, {}


def _load_library(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``LoadLibrary(file)``: a library of the macro's own runs when it is loaded."""
    (library,) = _texts(values, 0)
    if not isinstance(library, str) or "\\" in library or "/" in library:
        machine.sink("run", library, name)
    return Unknown(usual=_HANDLE), {}


def _temp_path(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``GetTempPath(size, buffer)``."""
    return UNKNOWN, {1: joined(TEMP, "\\")}


def _temp_file(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``GetTempFileName(folder, prefix, number, buffer)``."""
    folder, prefix = _texts(values, 0, 1)
    return UNKNOWN, {3: joined(folder, "\\", prefix, UNKNOWN, ".tmp")}


def _folder(value: Value) -> Callable[[Machine, str, list[Value], dict[int, str]], Result]:
    """``GetWindowsDirectory(buffer, size)`` and its like."""
    return lambda machine, name, values, pointers: (UNKNOWN, {0: value})


def _expand(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``ExpandEnvironmentStrings(source, target, size)``."""
    result = expanded(machine, *_texts(values, 0))
    return UNKNOWN, {1: result}


def _copy_file(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``CopyFile(source, target, fail)``, ``MoveFile(source, target)``."""
    source, target = _texts(values, 0, 1)
    taken(machine, source, target, name, keep="copy" in name.lower())
    return _YES, {}


def _timer(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """Functions that are given a procedure's address call it."""
    machine.waiting += [pointers[value] for value in values if isinstance(value, int) and value in pointers]
    return _YES, {}


def _memory(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """Memory that may be run, and threads in it: shellcode."""
    if name.lower().startswith(
        ("createthread", "createremotethread", "ntcreatethread", "rtlcreateuserthread", "queueuserapc")
    ):
        machine.sink("run", Unknown(label="code in memory"), name)
    return Unknown(usual=_HANDLE), {}


def _constant(value: Value) -> Callable[[Machine, str, list[Value], dict[int, str]], Result]:
    return lambda machine, name, values, pointers: (value, {})


def _length(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``lstrlen``."""
    (words,) = _texts(values, 0)
    return (len(words) if isinstance(words, str) else UNKNOWN), {}


def _moved(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    """``RtlMoveMemory(target, source, size)`` where source and target are whole values."""
    if len(values) < 2 or isinstance(values[1], int | float):
        return _DONE, {0: UNKNOWN} if values and not isinstance(values[0], int) else {}
    return _DONE, {0: values[1]}


def _exits(machine: Machine, name: str, values: list[Value], pointers: dict[int, str]) -> Result:
    return _DONE, {}


_FUNCTIONS: dict[str, Callable[[Machine, str, list[Value], dict[int, str]], Result]] = {
    "urldownloadtofile": _download, "urldownloadtocachefile": _download_cache, "internetopenurl": _open_url,
    "urlopenblockingstream": _open_url, "urlopenstream": _open_url, "urlopenpullstream": _open_url,
    "internetreadfile": _read_file, "winhttpreaddata": _read_file, "internetconnect": _connect,
    "winhttpconnect": _connect,
    "httpopenrequest": _request, "winhttpopenrequest": _request, "ftpgetfile": _ftp_get, "shellexecute": _shell_execute,
    "winexec": _win_exec, "createprocess": _create_process, "createprocessasuser": _create_process,
    "loadlibrary": _load_library, "loadlibraryex": _load_library, "gettemppath": _temp_path,
    "gettempfilename": _temp_file,
    "getwindowsdirectory": _folder(WINDOWS), "getsystemdirectory": _folder(SYSTEM), "expandenvironmentstrings": _expand,
    "copyfile": _copy_file, "movefile": _copy_file, "settimer": _timer, "enumwindows": _timer,
    "enumchildwindows": _timer,
    "enumsystemlocales": _timer, "enumdateformats": _timer, "enumresourcetypes": _timer, "enumtimeformats": _timer,
    "enumuilanguages": _timer, "enumsystemcodepages": _timer, "graystring": _timer, "callwindowproc": _timer,
    "createtimerqueuetimer": _timer, "virtualalloc": _memory, "virtualallocex": _memory, "virtualprotect": _memory,
    "createthread": _memory, "createremotethread": _memory, "writeprocessmemory": _memory, "heapcreate": _memory,
    "ntcreatethreadex": _memory, "rtlcreateuserthread": _memory, "queueuserapc": _memory, "sleep": _exits,
    "internetopen": _constant(_HANDLE), "winhttpopen": _constant(_HANDLE), "httpsendrequest": _constant(_YES),
    "winhttpsendrequest": _constant(_YES), "internetclosehandle": _constant(_YES), "closehandle": _constant(_YES),
    "winhttpreceiveresponse": _constant(_YES), "waitforsingleobject": _constant(_DONE), "lstrlen": _length,
    "rtlmovememory": _moved, "copymemory": _moved, "isdebuggerpresent": _constant(Unknown(usual=0)),
    "deletefile": _constant(_YES), "deleteurlcacheentry": _constant(_YES), "getdesktopwindow": _constant(_HANDLE),
    "getforegroundwindow": _constant(_HANDLE), "findwindow": _constant(_HANDLE), "showwindow": _constant(_YES),
    "getconsolewindow": _constant(_HANDLE), "internetgetconnectedstate": _constant(Unknown(usual=1)),
    "setfileattributes": _constant(_YES), "getlasterror": _constant(_DONE),
}  # fmt: skip
