"""``Application``, ``Err``, ``Debug``, ``WScript`` and the script control: the program the macro runs in."""

import re

from seriema.examine.vba.conversion import text
from seriema.examine.vba.environment import LANGUAGES, folder
from seriema.examine.vba.machine import Ended, Machine
from seriema.examine.vba.objects.creating import HOSTS
from seriema.examine.vba.objects.excel import range_of, workbook
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.objects.word import document_object
from seriema.examine.vba.values import MISSING, UNKNOWN, Array, Fault, HalfKnown, Unknown, Value, joined

#: Country codes that macros ask for, the likelier first.
COUNTRIES = (1, 49, 81, 39, 33, 34, 44, 48, 55, 31, 7, 82, 90, 46, 41, 43)
_CALL = re.compile(r"\s*=?\s*(CALL|EXEC|REGISTER)\s*\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
_ARGUMENT = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,"]*))\s*(?:,|$)')


class Application(HostObject):
    """Word, Excel or PowerPoint itself."""

    kind = "Application"

    def do_run(self, *values: Value) -> Value:
        """A procedure by its name."""
        return self.machine.calls.run(values[0] if values else UNKNOWN, list(values[1:]))

    def do_ontime(
        self, when: Value = MISSING, name: Value = MISSING, tolerance: Value = MISSING, schedule: Value = MISSING
    ) -> Value:
        """A procedure at a later time: it runs when this one is done."""
        self.machine.waiting.append(self.machine.let_value(name))

    def do_onkey(self, key: Value = MISSING, procedure: Value = MISSING) -> Value:
        """A procedure by a key."""
        if procedure is not MISSING:
            self.machine.waiting.append(self.machine.let_value(procedure))

    def do_evaluate(self, name: Value = MISSING) -> Value:
        """A cell, name or formula."""
        words = text(self.machine.let_value(name))
        if not isinstance(words, str):
            return UNKNOWN
        found = range_of(self.machine, words)
        return found if found is not None else UNKNOWN

    def do_executeexcel4macro(self, formula: Value = MISSING) -> Value:
        """A formula of Excel 4: ``CALL`` and ``EXEC`` reach the outside."""
        words = text(self.machine.let_value(formula))
        return excel4(self.machine, words)

    def do_international(self, index: Value = MISSING) -> Value:
        """Settings of the country."""
        number = self.machine.let_value(index)
        if number in (1, 2):
            return Unknown(domain=COUNTRIES, key=f"country{number}")
        return (
            {3: Unknown(usual="."), 4: Unknown(usual=","), 5: Unknown(usual=",")}.get(number, UNKNOWN)
            if isinstance(number, int)
            else UNKNOWN
        )

    def do_languagesettings(self) -> Value:
        """Languages of the surface."""
        return self

    def do_languageid(self, index: Value = MISSING) -> Value:
        """The language's number."""
        return Unknown(domain=LANGUAGES, key="language")

    do_language = do_languageid

    def do_system(self) -> Value:
        """Word's ``System``."""
        return System(self.machine)

    def do_options(self) -> Value:
        """Word's options."""
        return Options(self.machine)

    def do_startuppath(self) -> Value:
        """Where add-ins start from."""
        return folder("%APPDATA%\\Microsoft\\Word\\STARTUP")

    def do_templatespath(self) -> Value:
        """Where templates are."""
        return folder("%APPDATA%\\Microsoft\\Templates\\")

    def do_userlibrarypath(self) -> Value:
        """Where add-ins are."""
        return folder("%APPDATA%\\Microsoft\\AddIns\\")

    def do_pathseparator(self) -> Value:
        """The backslash."""
        return "\\"

    def do_name(self) -> Value:
        """The program's name."""
        return Unknown(usual="Microsoft Excel" if self.machine.document.sheets else "Microsoft Word")

    def do_version(self) -> Value:
        """Unknown, usually 16.0."""
        return Unknown(usual="16.0")

    def do_operatingsystem(self) -> Value:
        """Windows as a rule."""
        return Unknown(usual="Windows (64-bit) NT 10.00")

    def do_activedocument(self) -> Value:
        """The document."""
        return document_object(self.machine)

    do_thisdocument = do_activepresentation = do_activedocument

    def do_documents(self, index: Value = MISSING) -> Value:
        """The open documents."""
        return Documents(self.machine)

    do_presentations = do_documents

    def do_workbooks(self, index: Value = MISSING) -> Value:
        """The open workbooks."""
        return Documents(self.machine) if index is MISSING else workbook(self.machine)

    def do_activeworkbook(self) -> Value:
        """The workbook."""
        return workbook(self.machine)

    do_thisworkbook = do_activeworkbook

    def do_worksheetfunction(self) -> Value:
        """Functions of sheets."""
        return WorksheetFunction(self.machine)

    def do_wait(self, time: Value = MISSING) -> Value:
        """Nothing to wait for."""
        return True

    def do_quit(self) -> Value:
        """The program ends."""
        raise Ended

    def do_application(self) -> Value:
        """Itself."""
        return self

    def do_vbe(self) -> Value:
        """The editor."""
        return UNKNOWN

    def do_inputbox(self, *values: Value) -> Value:
        """What only a person knows."""
        return UNKNOWN

    def do_selection(self) -> Value:
        """What is selected: the document's text, as far as a macro can know."""
        return document_object(self.machine).do_content()

    def other(self, name: str, values: list[Value]) -> Value:
        """Members of the workbook may be named without it."""
        found = (
            workbook(self.machine)
            if self.machine.document.sheets or name in _OF_BOOK
            else document_object(self.machine)
        )
        if name not in self.extra and found.has(name):
            return found.call(name, values, {})
        return super().other(name, values)


_OF_BOOK = frozenset(
    {"range", "cells", "sheets", "worksheets", "activesheet", "activecell", "names", "rows", "columns"}
)


class System(HostObject):
    """Word's ``System``."""

    kind = "System"

    def do_country(self) -> Value:
        """The country's number."""
        return Unknown(domain=COUNTRIES, key="country")

    def do_languagedesignation(self) -> Value:
        """The language's name."""
        return Unknown(usual="English (United States)", key="language name")

    def do_operatingsystem(self) -> Value:
        """Windows as a rule."""
        return Unknown(usual="Windows NT")

    def do_privateprofilestring(self, *values: Value) -> Value:
        """A value of the registry."""
        return UNKNOWN


class Options(HostObject):
    """Word's options: where things are."""

    kind = "Options"

    def do_defaultfilepath(self, index: Value = MISSING) -> Value:
        """A folder by number (wdDefaultFilePath)."""
        labels = {
            0: "%USERPROFILE%\\Documents",
            2: "%APPDATA%\\Microsoft\\Templates",
            8: "%APPDATA%\\Microsoft\\Word\\STARTUP",
            13: "%TEMP%",
        }
        number = self.machine.let_value(index)
        return folder(labels[number]) if number in labels else UNKNOWN


class Documents(Items):
    """Open documents or workbooks; opening one by an address fetches it."""

    kind = "Documents"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine, [], absent=document_object(machine))

    def do_open(self, filename: Value = MISSING, *rest: Value) -> Value:
        """Opens a file or address."""
        path = text(self.machine.let_value(filename))
        if isinstance(path, str | HalfKnown) and "://" in (path if isinstance(path, str) else path.prefix):
            self.machine.sink("fetch", path, "Open")
            return Unknown(origin=path)
        return UNKNOWN

    do_opentext = do_add = do_open


class WorksheetFunction(HostObject):
    """Functions of sheets that macros borrow."""

    kind = "WorksheetFunction"

    def do_concatenate(self, *values: Value) -> Value:
        """Joins."""
        return joined(*(text(self.machine.let_value(one)) for one in values))

    do_concat = do_concatenate

    def do_substitute(self, words: Value = MISSING, old: Value = MISSING, new: Value = MISSING) -> Value:
        """Puts one text in place of another."""
        parts = [text(self.machine.let_value(one)) for one in (words, old, new)]
        if not all(isinstance(one, str) for one in parts) or not parts[1]:
            return UNKNOWN
        self.machine.grow(len(parts[0]) * (1 + len(parts[2])))
        return parts[0].replace(parts[1], parts[2])

    def do_rept(self, words: Value = MISSING, count: Value = MISSING) -> Value:
        """Repeats."""
        value = text(self.machine.let_value(words))
        if not isinstance(value, str) or not isinstance(count, int) or not 0 <= count * len(value) < 1 << 20:
            return UNKNOWN
        return value * count

    def do_trim(self, words: Value = MISSING) -> Value:
        """Without spaces at the ends and doubled ones."""
        value = text(self.machine.let_value(words))
        return " ".join(value.split(" ")) if isinstance(value, str) else UNKNOWN

    def do_hex2dec(self, words: Value = MISSING) -> Value:
        """A number of base 16."""
        value = text(self.machine.let_value(words))
        try:
            return int(value, 16) if isinstance(value, str) and len(value) < 12 else UNKNOWN
        except ValueError:
            raise Fault(1004) from None

    def do_bitxor(self, first: Value = MISSING, second: Value = MISSING) -> Value:
        """Exclusive or."""
        return first ^ second if isinstance(first, int) and isinstance(second, int) else UNKNOWN

    def do_transpose(self, values: Value = MISSING) -> Value:
        """Rows become columns; one column becomes a list."""
        if isinstance(values, Array) and len(values.bounds) == 2 and values.bounds[1][0] == values.bounds[1][1]:
            return Array((values.bounds[0],), list(values.items), values.kind)
        return values if isinstance(values, Array) else UNKNOWN


def excel4(machine: Machine, formula: Value) -> Value:
    """``CALL("urlmon","URLDownloadToFileA",types,0,url,file,0,0)``, ``EXEC("command")``."""
    if not isinstance(formula, str):
        machine.sink("run", formula, "ExecuteExcel4Macro")
        return UNKNOWN
    found = _CALL.fullmatch(formula)
    if not found:
        return UNKNOWN
    values: list[Value] = []
    for one in _ARGUMENT.finditer(found[2]):
        if one.end() == one.start():
            break
        values.append(one[1].replace('""', '"') if one[1] is not None else one[2].strip())
    if found[1].upper() == "EXEC":
        machine.sink("run", values[0] if values else UNKNOWN, "EXEC")
        return 33
    if len(values) > 3 and isinstance(values[1], str):
        return machine.calls.called(values[0], values[1], [int(one) if one.isdigit() else one for one in values[3:]])
    return UNKNOWN


for _name in ("application", "word", "excel"):
    HOSTS[_name] = lambda machine, name: Application(machine)
