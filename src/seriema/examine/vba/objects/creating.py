"""Objects by their class names, class numbers and monikers, and those that the program provides by name."""

import re
from collections.abc import Callable

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.containers import ArrayList, Collection, Dictionary
from seriema.examine.vba.objects.excel import workbook
from seriema.examine.vba.objects.filesystem import FileSystem
from seriema.examine.vba.objects.host import HostObject
from seriema.examine.vba.objects.http import Browser, Request, WebClient, Winsock
from seriema.examine.vba.objects.regexp import RegExp
from seriema.examine.vba.objects.shell import ShellApplication, WScriptShell
from seriema.examine.vba.objects.streams import Recordset, Stream
from seriema.examine.vba.objects.wmi import Scheduler, Service, wmi_object
from seriema.examine.vba.objects.word import document_object
from seriema.examine.vba.objects.xml import Encoding, Transform, XmlDocument
from seriema.examine.vba.values import MISSING, UNKNOWN, Fault, Value

#: Known by this name only here.
SCRIPT_CONTROL = "script control"
Maker = Callable[[Machine, str], Value]


def _of(kind: Callable[[Machine], Value]) -> Maker:
    return lambda machine, name: kind(machine)


#: The beginning of a class name → what makes it; longer beginnings first.
_CLASSES: dict[str, Maker] = {
    "wscript.shell": _of(WScriptShell), "wshshell": _of(WScriptShell), "iwshruntimelibrary.wshshell": _of(WScriptShell),
    "iwshruntimelibrary.iwshshell": _of(WScriptShell), "wscript.network": _of(HostObject),
    "wscript.wshnetwork": _of(HostObject),
    "shell.application": _of(ShellApplication), "shell32.shell": _of(ShellApplication), "shell.explorer": _of(Browser),
    "scripting.filesystemobject": _of(FileSystem), "filesystemobject": _of(FileSystem),
    "iwshruntimelibrary.filesystemobject": _of(FileSystem),
    "scripting.dictionary": _of(Dictionary), "dictionary": _of(Dictionary), "collection": _of(Collection),
    "vba.collection": _of(Collection),
    "system.collections.arraylist": _of(ArrayList), "system.collections.queue": _of(ArrayList),
    "arraylist": _of(ArrayList),
    "system.collections.stack": lambda machine, name: ArrayList(machine, last_first=True),
    "system.collections.sortedlist": _of(Dictionary), "system.collections.hashtable": _of(Dictionary),
    "msxml2.xmlhttp": Request, "microsoft.xmlhttp": Request, "msxml2.serverxmlhttp": Request,
    "microsoft.serverxmlhttp": Request,
    "winhttp.winhttprequest": Request, "winhttprequest": Request, "xmlhttp": Request, "serverxmlhttp": Request,
    "msxml3.xmlhttp": Request,
    "msxml.xmlhttp": Request, "msxml6.xmlhttp": Request,
    "system.net.webclient": _of(WebClient), "internetexplorer": _of(Browser), "shdocvw.internetexplorer": _of(Browser),
    "mswinsock.winsock": _of(Winsock), "adodb.stream": _of(Stream), "adodb.recordset": _of(Recordset),
    "adodb.connection": _of(HostObject),
    "recordset": _of(Recordset), "stream": _of(Stream),
    "msxml2.domdocument": _of(XmlDocument), "microsoft.xmldom": _of(XmlDocument),
    "msxml2.freethreadeddomdocument": _of(XmlDocument),
    "msxml.domdocument": _of(XmlDocument), "domdocument": _of(XmlDocument), "htmlfile": _of(XmlDocument),
    "mshtml.htmldocument": _of(XmlDocument),
    "vbscript.regexp": _of(RegExp), "regexp": _of(RegExp), "wbemscripting.swbemlocator": _of(Service),
    "swbemlocator": _of(Service),
    "schedule.service": _of(Scheduler), "system.text.utf8encoding": lambda machine, name: Encoding(machine, "utf-8"),
    "system.text.asciiencoding": lambda machine, name: Encoding(machine, "latin-1"),
    "system.text.unicodeencoding": lambda machine, name: Encoding(machine, "utf-16-le"),
    "system.security.cryptography.frombase64transform": _of(Transform), "object": _of(HostObject),
}  # fmt: skip
#: Class numbers of the same.
_NUMBERS = {
    "72c24dd5-d70a-438b-8a42-98424b88afb8": "wscript.shell", "f935dc22-1cf0-11d0-adb9-00c04fd58a0b": "wscript.shell",
    "13709620-c279-11ce-a49e-444553540000": "shell.application",
    "9ba05972-f6a8-11cf-a442-00a0c90a8f39": "shell.application",
    "c08afd90-f2a1-11d1-8455-00a0c91f3880": "shell.application",
    "f5078f35-c551-11d3-89b9-0000f81fe221": "msxml2.xmlhttp",
    "88d96a0a-f192-11d4-a65f-0040963251e5": "msxml2.xmlhttp", "88d969c5-f192-11d4-a65f-0040963251e5": "msxml2.xmlhttp",
    "2087c2f4-2cef-4953-a8ab-66779b670495": "winhttp.winhttprequest",
    "0002df01-0000-0000-c000-000000000046": "internetexplorer",
    "0d43fe01-f093-11cf-8940-00a0c9054228": "scripting.filesystemobject",
    "ee09b103-97e0-11cf-978f-00a02463e06f": "scripting.dictionary",
    "00000566-0000-0010-8000-00aa006d2ea4": "adodb.stream", "3f4daca4-160d-11d2-a8e9-00104b365c9f": "vbscript.regexp",
    "1c3b4210-f441-11ce-b9ea-00aa006b1a69": "collection",
    "76a64158-cb41-11d1-8b02-00600806d9b6": "wbemscripting.swbemlocator",
}  # fmt: skip
_NUMBER = re.compile(r"\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?")


def created(machine: Machine, name: Value) -> Value:
    """An object of a class; unknown for an unknown name."""
    words = text(name)
    if not isinstance(words, str):
        return UNKNOWN
    lowered = words.strip().lower()
    if lowered.startswith("msscriptcontrol.scriptcontrol") or lowered == "scriptcontrol":
        return host_object(machine, SCRIPT_CONTROL)
    if lowered.startswith(
        ("word.application", "excel.application", "powerpoint.application", "outlook.application", "access.application")
    ):
        return host_object(machine, "application")
    number = _NUMBER.search(lowered)
    if number:
        lowered = _NUMBERS.get(number[1], lowered)
    maker = (
        _CLASSES.get(lowered) or _CLASSES.get(lowered.rstrip("0123456789.")) or _CLASSES.get(lowered.partition(".")[2])
        if lowered
        else None
    )
    if maker is None:
        stem = ".".join(lowered.split(".")[:2])
        maker = _CLASSES.get(stem) or _CLASSES.get(stem.rstrip("0123456789"))
    return maker(machine, words) if maker is not None else UNKNOWN


def gotten(machine: Machine, path: Value, kind: Value) -> Value:
    """``GetObject``: monikers ``new:``, ``winmgmts:`` and ``script:``, or a class."""
    words = text(path) if path not in (MISSING, None, "") else ""
    if words == "" and kind is not MISSING:
        return created(machine, kind)
    if not isinstance(words, str):
        return UNKNOWN
    lowered = words.lower()
    if lowered.startswith("new:") or _NUMBER.fullmatch(lowered):
        return created(machine, words.removeprefix("new:").removeprefix("NEW:").removeprefix("New:"))
    if lowered.startswith("winmgmts:"):
        if "win32_" in lowered:
            return wmi_object(machine, words)
        return Service(machine)
    if lowered.startswith(("script:", "scriptlet:", "http:", "https:")):
        address = words.partition(":")[2] if lowered.startswith("script") else words
        machine.sink("fetch", address, "GetObject")
        machine.sink("run", words, "GetObject")
        return UNKNOWN
    return UNKNOWN


#: Names of objects that the program provides.
HOSTS: dict[str, Maker] = {
    "activedocument": _of(document_object), "thisdocument": _of(document_object),
    "activepresentation": _of(document_object),
    "activeworkbook": _of(workbook), "thisworkbook": _of(workbook), "system": lambda machine,
    name: host_object(machine, "application").call("system", [], {}),
    "options": lambda machine, name: host_object(machine, "application").call("options", [], {}),
    "languagesettings": lambda machine, name: host_object(machine, "application"),
    "worksheetfunction": lambda machine, name: host_object(machine, "application").call("worksheetfunction", [], {}),
}  # fmt: skip


class Deferred(HostObject):
    """A member of the program named without it: its arguments follow, or it is taken as it is."""

    kind = "Member"

    def __init__(self, machine: Machine, name: str) -> None:
        super().__init__(machine)
        self.name = name

    def _taken(self, values: list[Value]) -> Value:
        return host_object(self.machine, "application").call(self.name, values, {})

    def default(self) -> Value:
        """The member's own default."""
        found = self._taken([])
        return self.machine.let_value(found)

    def call(self, name: str, values: list[Value], named: dict[str, Value]) -> Value:
        """Its arguments, or a member of what it is."""
        if name == "item" and self.name not in ("activesheet", "activecell", "selection"):
            return self._taken(values)
        found = self._taken([])
        if isinstance(found, HostObject):
            return found.call(name, values, named)
        return UNKNOWN

    def let(self, name: str, indexes: list[Value], value: Value) -> None:
        """Assignment to what it is."""
        found = self._taken(indexes if name == "item" else [])
        if isinstance(found, HostObject):
            found.let("value" if name == "item" else name, [] if name == "item" else indexes, value)

    def items_in_order(self) -> "list[Value]":
        """The members of what it is."""
        found = self._taken([])
        visit = getattr(found, "items_in_order", None)
        return list(visit()) if visit is not None else [UNKNOWN]


def host_object(machine: Machine, name: str) -> Value:
    """An object that the program provides; the same one throughout a run."""
    if name not in machine.hosts:
        maker = HOSTS.get(name)
        if maker is None:
            raise Fault(424)
        machine.hosts[name] = maker(machine, name)
    return machine.hosts[name]


for _name in ("range", "cells", "sheets", "worksheets", "activesheet", "activecell", "names", "rows", "columns"):
    HOSTS[_name] = Deferred
for _name in (
    "documents",
    "workbooks",
    "presentations",
    "selection",
    "executeexcel4macro",
    "evaluate",
    "international",
):
    HOSTS[_name] = Deferred
