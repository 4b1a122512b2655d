"""What a Windows machine answers: folders that are the same everywhere by name, all else unknown."""

from seriema.examine.vba.machine import Machine
from seriema.examine.vba.values import HalfKnown, Unknown, Value, joined

_LOCAL = "C:\\Users\\user\\AppData"
#: Variables whose usual value tells how long they are and which characters they hold.
_USUAL = {
    "temp": f"{_LOCAL}\\Local\\Temp", "tmp": f"{_LOCAL}\\Local\\Temp", "appdata": f"{_LOCAL}\\Roaming",
    "localappdata": f"{_LOCAL}\\Local", "userprofile": "C:\\Users\\user", "public": "C:\\Users\\Public",
    "programdata": "C:\\ProgramData", "allusersprofile": "C:\\ProgramData", "windir": "C:\\Windows",
    "systemroot": "C:\\Windows", "systemdrive": "C:", "comspec": "C:\\Windows\\system32\\cmd.exe",
    "programfiles": "C:\\Program Files", "programfiles(x86)": "C:\\Program Files (x86)",
    "programw6432": "C:\\Program Files", "commonprogramfiles": "C:\\Program Files\\Common Files", "homedrive": "C:",
    "homepath": "\\Users\\user", "os": "Windows_NT", "pathext": ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC",
    "psmodulepath": "C:\\Program Files\\WindowsPowerShell\\Modules;"
    "C:\\Windows\\system32\\WindowsPowerShell\\v1.0\\Modules",
    "processor_architecture": "AMD64", "sessionname": "Console",
    "driverdata": "C:\\Windows\\System32\\Drivers\\DriverData",
}  # fmt: skip


def variable(machine: Machine, name: str) -> Value:
    """A variable of the environment: its name stands for it in what a person is shown."""
    plain = name.strip("%").lower()
    return Unknown(label=f"%{plain.upper()}%", usual=_USUAL.get(plain), key=f"environ.{plain}")


def expanded(machine: Machine, value: Value) -> Value:
    """Text with ``%NAME%`` put in."""
    if isinstance(value, HalfKnown):
        return joined(*(expanded(machine, piece) if isinstance(piece, str) else piece for piece in value.pieces))
    if not isinstance(value, str):
        return value
    pieces = value.split("%")
    parts: list[Value] = []
    for number, piece in enumerate(pieces):
        named = number % 2 == 1 and number < len(pieces) - 1
        parts.append(variable(machine, piece) if named else ("%" if number % 2 == 1 else "") + piece)
    return joined(*parts)


def folder(label: str, usual: str | None = None) -> Unknown:
    """A folder that every machine has, at a place of its own."""
    return Unknown(label=label, usual=usual, key=label.lower())


STARTUP = folder("%APPDATA%\\Microsoft\\Windows\\Start Menu\\Programs\\Startup")
TEMP = Unknown(label="%TEMP%", usual=_USUAL["temp"], key="environ.temp")
WINDOWS = Unknown(label="%WINDIR%", usual="C:\\Windows", key="environ.windir")
SYSTEM = joined(WINDOWS, "\\System32")
SPECIAL = {
    "startup": STARTUP, "alluserstartup": folder("%PROGRAMDATA%\\Microsoft\\Windows\\Start Menu\\Programs\\Startup"),
    "allusersstartup": folder("%PROGRAMDATA%\\Microsoft\\Windows\\Start Menu\\Programs\\Startup"),
    "desktop": folder("%USERPROFILE%\\Desktop"), "mydocuments": folder("%USERPROFILE%\\Documents"),
    "appdata": folder("%APPDATA%", _USUAL["appdata"]), "templates": folder("%APPDATA%\\Microsoft\\Windows\\Templates"),
    "recent": folder("%APPDATA%\\Microsoft\\Windows\\Recent"), "fonts": folder("%WINDIR%\\Fonts"),
    "sendto": folder("%APPDATA%\\Microsoft\\Windows\\SendTo"),
    "programs": folder("%APPDATA%\\Microsoft\\Windows\\Start Menu\\Programs"),
}  # fmt: skip
#: Language numbers that macros ask for, the likelier first.
LANGUAGES = (1033, 1031, 1041, 1040, 1036, 1034, 2057, 1045, 1046, 1043, 1049, 1042, 1055, 1053, 3082, 2055, 3079)
