"""The object behind a module: the form, document, workbook or sheet whose procedures it holds."""

from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.excel import workbook
from seriema.examine.vba.objects.forms import FormObject
from seriema.examine.vba.objects.host import HostObject
from seriema.examine.vba.objects.word import document_object


def module_object(machine: Machine, name: str) -> HostObject | None:
    """By the module's name in lower case; None for a plain class."""
    key = f"module {name}"
    if key not in machine.hosts:
        machine.hosts[key] = _made(machine, name)
    found: HostObject | None = machine.hosts[key]
    return found


def _made(machine: Machine, name: str) -> HostObject | None:
    for form in machine.document.forms:
        if form.name.lower() == name:
            return FormObject(machine, dict(form.properties), form.controls)
    book = workbook(machine)
    for sheet in book.sheets:
        if sheet.sheet.code_name.lower() == name:
            return sheet
    if name in ("thisworkbook", "diesearbeitsmappe", "ceclasseur"):
        return book
    if name.startswith(("sheet", "tabelle", "feuil", "foglio", "hoja", "planilha", "лист")) and name[-1:].isdigit():
        return book.do_activesheet()  # type: ignore[no-any-return]  # a sheet
    if name in ("thisdocument", "diesesdokument", "cedocument"):
        return document_object(machine)
    return None
