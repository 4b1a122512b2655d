"""Constant strings are folded however they are written, and half a string is never taken for a whole one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriema.examine.vba.folding import constant, folded
from seriema.examine.vba.lines import lines

WHOLE = [
    ('x = "plain"', ["plain"]),
    ('x = "say ""hi"""', ['say "hi"']),
    ('x = "a" & "b" + "c"', ["abc"]),
    ('x = "a" & _\n    "b"', ["ab"]),
    ("x = Chr(104) & Chr$(105) & ChrW(&H21) & chrb(33)", ["hi!!"]),
    ("x = VBA.Chr(104) & Strings.Chr(100 + 5)", ["hi"]),
    ("x = Chr(2 * 52) & Chr(200 - 95) & Chr(105 Xor 0) & Chr(-(-33))", ["hii!"]),
    ("x = Chr((50 + 2) * 2)", ["h"]),
    ("x = Chr(128)", ["€"]),
    ('x = StrReverse("olleh")', ["hello"]),
    ('x = StrReverse("c" & "b" & StrReverse("a"))', ["abc"]),
    ('x = Replace("hXtXtXp", "X", "")', ["http"]),
    ('x = Replace("h~p", "~", "tt") & "s"', ["https"]),
    ('x = LCase("ABC") & UCase$("d") & Trim(" e ")', ["abcDe"]),
    ('x = ("a") & ("b" & ("c"))', ["abc"]),
    ('x = "a" & vbCrLf & "b"', ["a\r\nb"]),
    ('x = 1 \' "comment"', []),
    ('Rem "comment"', []),
    ('x = "a\' not a comment"', ["a' not a comment"]),
    ('f "a", "b"', ["a", "b"]),
    ('x = "unfinished', ["unfinished"]),
]


def texts(source, names=None):
    return [one for line in lines(source) for one in folded(line.tokens, names or {})]


@pytest.mark.parametrize(("source", "values"), WHOLE)
def test_known_strings(source, values):
    assert [one.value for one in texts(source)] == values


@pytest.mark.parametrize(
    ("source", "value", "open_start", "open_end"),
    [
        ('x = "http://" & host', "http://", False, True),
        ('x = drive & ":\\a"', ":\\a", True, False),
        ('x = a & "b" & c', "b", True, True),
        ('x = Chr(n) & "b"', "b", True, False),
        ('x = "b" & Chr(n + 1)', "b", False, True),
        ('x = "whole"', "whole", False, False),
    ],
)
def test_an_unknown_neighbour_leaves_a_string_open(source, value, open_start, open_end):
    (one,) = texts(source)
    assert (one.value, one.open_start, one.open_end) == (value, open_start, open_end)


def test_constants_are_declared_and_used():
    declared = [
        pair for line in lines('Private Const A As String = "x", B = "y" & "z"') for pair in constant(line.tokens)
    ]
    assert declared == [("a", "x"), ("b", "yz")]
    assert [one.value for one in texts("q = A & B", dict(declared))] == ["xyz"]
    assert not texts("q = thing.A", dict(declared))


def test_deep_nesting_and_long_replacements_end():
    assert texts("x = " + "(" * 500 + '"a"' + ")" * 500) is not None
    assert texts('x = Replace("' + "a" * 60_000 + '", "a", "' + "b" * 1000 + '")') is not None


@pytest.mark.parametrize(
    ("source", "numbered"),
    [
        ("a = 1\n\nb = 2", [1, 3]),
        ("a = _\n 1\nb = 2", [1, 3]),
        ("a = 1: b = 2 ' c: d", [1, 1]),
        ("f x:=1: g", [1, 1]),
        ("label:\na = 1", [1, 2]),
        ("", []),
        ("a = 1 _", [1]),
    ],
)
def test_statements_know_their_line(source, numbered):
    assert [line.number for line in lines(source)] == numbered


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abChr()\"&+-*_:'\n$1x,. ", max_size=200))
def test_any_source_ends_without_an_error(source):
    for one in texts(source):
        assert 0 <= one.begin < one.end
