"""The language as it is written: each case is an expression or a few statements, and what VBA makes of them."""

import pytest

from seriema.examine.vba.budget import Budget
from seriema.examine.vba.document import EMPTY
from seriema.examine.vba.parser import parse
from seriema.examine.vba.running import run
from seriema.examine.vba.values import shown


def shelled(source, name="Module1", **changes):
    """What ``Shell`` is given in the likeliest run."""
    account = run([parse(name, source)], EMPTY, **changes)
    return [shown(event.value) for event in account.told[0].events if event.does == "run"]


def result(body, around=""):
    return shelled(f"{around}\nSub AutoOpen()\n{body}\nShell r\nEnd Sub")


EXPRESSIONS = [
    ('"a" & 1 + 2', "a3"),
    ('"1" + "2"', "12"),
    ('"1" + 2', "3"),
    ("2 + 3 * 4 ^ 2 - 1", "49"),
    ("-2 ^ 2", "-4"),
    ("7 \\ 2 & 7 Mod 4 & -7 Mod 4", "33-3"),
    ("1 / 4", "0.25"),
    ("CInt(0.5) & CInt(1.5) & CInt(2.5)", "022"),
    ("CLng(-2.5)", "-2"),
    ("Int(-1.5) & Fix(-1.5)", "-2-1"),
    ("Not 5", "-6"),
    ("Not True", "False"),
    ("5 And 3 Or 8", "9"),
    ("6 Xor 3", "5"),
    ("True = -1", "True"),
    ("1 < 2 = True", "True"),
    ('"abc" Like "a[a-c]?"', "True"),
    ('"abc" Like "[!a]*"', "False"),
    ('"a1" Like "?#"', "True"),
    ('"B" > "a"', "False"),
    ("&H10 & &O17 & &HFFFF & &HFFFF&", "1615-165535"),
    ("Hex(-1) & Oct(8)", "FFFF10"),
    ("Chr(128) & Asc(Chr(150))", "\u20ac150"),
    ("ChrW(8364) & AscW(ChrW(-4))", "\u20ac-4"),
    ('Mid("abcdef", 3) & Mid("abcdef", 2, 3) & Mid("abc", 9)', "cdefbcd"),
    ('Left("abc", 9) & Right("abc", 2)', "abcbc"),
    ('InStr("abcabc", "c") & InStr(4, "abcabc", "c") & InStr("abc", "x") & InStr(1, "ABC", "b", 1)', "3602"),
    ('InStrRev("abcabc", "c")', "6"),
    ('Replace("aXbXc", "X", "-", 1, 1)', "a-bXc"),
    ('Replace("aXbxc", "x", "", , , vbTextCompare)', "abc"),
    ('StrReverse("abc") & String(3, "x") & String(2, 65) & Space(1) & "."', "cbaxxxAA ."),
    ('Join(Split("a,b,c", ","), "") & UBound(Split("", ","))', "abc-1"),
    ('Split("a b c")(1)', "b"),
    ('Val("12abc") & Val("&H1F") & Val(" 1 2 . 5")', "123112.5"),
    ("Str(5) & Str(-5)", " 5-5"),
    ('Format(5, "000") & Format(1234.5, "#,##0.00") & Format("ab", ">")', "0051,234.50AB"),
    ('Format(DateSerial(2020, 7, 9), "yyyy-mm-dd")', "2020-07-09"),
    ('Choose(2, "a", "b") & Switch(False, 1, True, 2) & IIf(1 > 2, "y", "n")', "b2n"),
    (
        'TypeName("a") & TypeName(1) & TypeName(1.5) & TypeName(Nothing) & TypeName(Array(1))',
        "StringIntegerDoubleNothingVariant()",
    ),
    ('VarType("a") & VarType(40000)', "83"),
    ('IsNumeric("12") & IsNumeric("x") & IsEmpty(q)', "TrueFalseTrue"),
    ('StrConv("ab cd", vbProperCase) & StrConv(StrConv("xy", vbFromUnicode), vbUnicode)', "Ab Cdxy"),
    ('LCase("ABC") & UCase("d") & Len("four") & Trim("  x ")', "abcD4x"),
    ('Array("a", "b")(1)', "b"),
    ("WeekdayName(1) & MonthName(2, True)", "SundayFeb"),
    ('DateDiff("d", #1/1/2020#, #1/31/2020#) & Year(#2/3/2021#)', "302021"),
    ('Replace(Expression:="aa", Find:="a", Replace:="b")', "bb"),
    ('Filter(Array("ax", "b", "cx"), "x")(1)', "cx"),
    ("(1 = 1) & Null", "True"),
    ("CDbl(1000000) * 1000000", "1000000000000"),
]


@pytest.mark.parametrize(("expression", "value"), EXPRESSIONS)
def test_an_expression(expression, value):
    assert result(f"r = {expression}") == [value]


STATEMENTS = {
    "an Integer overflows and Resume Next goes on": (
        "On Error Resume Next\nDim i As Integer\ni = 32767\ni = i + 1\nr = i & Err.Number",
        "",
        "327676",
    ),
    "literals overflow like Integers": ("On Error Resume Next\nr = 1\nr = 300 * 200", "", "1"),
    "a failing condition falls into its block": ('On Error Resume Next\nIf 1 / 0 Then\nr = "in"\nEnd If', "", "in"),
    "a handler resumes behind what failed": (
        'On Error GoTo h\nr = "a"\nx = 1 / 0\nr = r & "c"\nGoTo e\nh:\nr = r & "b"\nResume Next\ne:',
        "",
        "abc",
    ),
    "a caller's handler sees the callee's error": (
        "On Error GoTo h\nBad\nh: r = Err.Number",
        "Sub Bad()\nErr.Raise 77\nEnd Sub",
        "77",
    ),
    "by reference and by value": (
        'a = "x"\nSwap a, (a)\nr = a',
        'Sub Swap(p, q)\np = p & "1"\nq = "no"\nEnd Sub',
        "x1",
    ),
    "Static keeps its value": ("N\nN\nr = N()", "Function N()\nStatic c As Long\nc = c + 1\nN = c\nEnd Function", "3"),
    "a parameter array": ('r = J("a", 2, "c")', "Function J(ParamArray p())\nJ = UBound(p) & p(1)\nEnd Function", "22"),
    "optional arguments": (
        "r = O() & O(, 5)",
        "Function O(Optional a, Optional b As Long = 3)\nO = IsMissing(a) & b\nEnd Function",
        "True3True5",
    ),
    "Select Case of all kinds": (
        'Select Case 5\nCase 1, 2\nr = 1\nCase 3 To 6\nr = "in"\nCase Else\nr = 0\nEnd Select',
        "",
        "in",
    ),
    "For with a step that is not met": ('For i = 1 To 10 Step 4\nr = r & i\nNext\nr = r & "-" & i', "", "159-13"),
    "Next of two loops": ("For i = 1 To 2\nFor j = 1 To 2\nr = r & i & j\nNext j, i", "", "11122122"),
    "Do in all its forms": (
        "Do While n < 2\nn = n + 1\nLoop\nDo\nn = n + 1\nLoop Until n >= 5\nWhile n < 7\nn = n + 1\nWend\nr = n",
        "",
        "7",
    ),
    "arrays are copied": ("Dim a, b\na = Array(1, 2)\nb = a\nb(0) = 9\nr = a(0)", "", "1"),
    "records are copied": (
        "Dim a As T, b As T\na.x = 1\nb = a\nb.x = 2\nr = a.x & b.x",
        "Type T\nx As Long\nEnd Type",
        "12",
    ),
    "ReDim Preserve keeps": ("Dim a()\nReDim a(1)\na(1) = 7\nReDim Preserve a(5)\nr = a(1) & UBound(a)", "", "75"),
    "Option Base 1": ("Dim a(3)\nr = LBound(a) & LBound(Array(1))", "Option Base 1", "11"),
    "Option Compare Text": ('r = ("A" = "a")', "Option Compare Text", "True"),
    "GoSub": ('GoSub s\nr = r & "b"\nGoTo e\ns: r = "a"\nReturn\ne:', "", "ab"),
    "Mid puts letters in place": ('r = "abcdef"\nMid(r, 2, 3) = "XYZ1"', "", "aXYZef"),
    "With and default members": (
        'With CreateObject("Scripting.Dictionary")\n.Add "k", "v"\nr = .Item("k") & .Count\nEnd With',
        "",
        "v1",
    ),
    "a single line with colons and Else": ("If 1 = 2 Then r = 1: r = 2 Else r = 3: r = r & 4", "", "34"),
    "constants and enumerations": ("r = K & B", 'Enum E\nA = 4\nB\nEnd Enum\nConst K = "k" & A', "k45"),
    "conditional compilation": ("#If VBA7 Then\nr = 7\n#Else\nr = 6\n#End If", "", "7"),
    "lines that go on, and marks of type": ('a$ = "x" & _\n "y"\nn% = 3\nr = a$ & n%', "", "xy3"),
    "type of a String array element": ("Dim s(2) As String\ns(0) = 5\nr = TypeName(s(0)) & s(1)", "", "String"),
    "VBScript in a string": ('Execute "r2 = ""ex"" & 1"\nr = "ran"', "", "ran"),
    "For Each over a collection": (
        "Dim c As New Collection\nc.Add 1\nc.Add 2, , 1\nFor Each x In c\nr = r & x\nNext",
        "",
        "21",
    ),
}


@pytest.mark.parametrize("case", STATEMENTS)
def test_statements(case):
    body, around, value = STATEMENTS[case]
    assert result(body, around) == [value]


def test_an_unreadable_line_costs_only_itself():
    assert result('r = "a"\n?? this ((\n)) = 5\nr = r & "b"') == ["ab"]


def test_what_stands_behind_a_loop_without_end_is_still_reached():
    source = 'Sub AutoOpen()\nDo\nx = x & Len(x)\nLoop\nShell "after"\nEnd Sub'
    assert shelled(source, budget=Budget(loop=2_000)) == ["after"]


def test_a_loop_that_only_counts_takes_no_time():
    source = "Sub AutoOpen()\nFor i = 1 To 900000000\nn = n + 3\nNext\nShell n & i\nEnd Sub"
    account = run([parse("M", source)])
    assert account.steps < 100
    assert [event.value for event in account.told[0].events] == ["2.7E+09900000001".replace("2.7E+09", "2700000000")]


def test_endless_recursion_and_growth_end():
    for body in ("AutoOpen", 'x = x & x & "ab"\nAutoOpen', "Do\nx = x & String(9999, 65)\nLoop"):
        account = run([parse("M", f"Dim x\nSub AutoOpen()\n{body}\nEnd Sub")])
        assert account.steps < 3_000_000
