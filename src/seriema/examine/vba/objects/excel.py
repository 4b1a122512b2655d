"""Excel's workbook as macros read it: sheets, cells, names, comments, shapes. Excel object model."""

import re

from seriema.examine.vba.conversion import text
from seriema.examine.vba.document import Sheet
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.objects.ranges import Text
from seriema.examine.vba.objects.word import DocumentObject, ShapeObject
from seriema.examine.vba.operators import plain
from seriema.examine.vba.values import MISSING, NOTHING, UNKNOWN, Array, Unknown, Value

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?")
_REFERENCE = re.compile(r"=?(?:'((?:[^']|'')+)'|([\w .]+))!(.+)", re.DOTALL)
CELLS = 20_000


def address(words: str) -> tuple[int, int, int, int] | None:
    """Rows and columns of ``A1`` or ``A1:B2``."""
    found = _ADDRESS.fullmatch(words.strip())
    if not found:
        return None
    row, column = int(found[2]), _column(found[1])
    return row, column, int(found[4] or row), _column(found[3]) if found[3] else column


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


class Workbook(DocumentObject):
    """``ActiveWorkbook`` and ``ThisWorkbook``."""

    kind = "Workbook"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.sheets = [SheetObject(machine, one) for one in machine.document.sheets]
        self.unseen = SheetObject(machine, Sheet("", ""), known=False)

    def do_sheets(self, index: Value = MISSING) -> Value:
        """The sheets."""
        found = Items(self.machine, [(one.sheet.name, one) for one in self.sheets], absent=self.unseen)
        return found if index is MISSING else found.do_item(index)

    do_worksheets = do_charts = do_excel4macrosheets = do_sheets

    def do_activesheet(self) -> Value:
        """The sheet that is shown."""
        return self.sheets[0] if self.sheets else self.unseen

    def do_range(self, first: Value = MISSING, second: Value = MISSING) -> Value:
        """Cells of the sheet that is shown, or of a name."""
        return self.do_activesheet().do_range(first, second)

    def do_cells(self, row: Value = MISSING, column: Value = MISSING) -> Value:
        """A cell of the sheet that is shown."""
        return self.do_activesheet().do_cells(row, column)

    def do_activecell(self) -> Value:
        """The first cell."""
        return self.do_activesheet().do_cells(1, 1)

    def do_names(self, index: Value = MISSING) -> Value:
        """Defined names."""
        table = self.machine.document.names
        found = Items(
            self.machine,
            [(name, DefinedName(self.machine, name, refers)) for name, refers in table.items()],
            absent=UNKNOWN,
        )
        return found if index is MISSING else found.do_item(index)


class DefinedName(HostObject):
    """A name with what it refers to."""

    kind = "Name"

    def __init__(self, machine: Machine, name: str, refers: str) -> None:
        super().__init__(machine)
        self.name, self.refers = name, refers

    def default(self) -> Value:
        """What it refers to."""
        return self.do_refersto()

    def do_name(self) -> Value:
        """Itself."""
        return self.name

    def do_refersto(self) -> Value:
        """What it refers to, as a formula."""
        return self.refers if self.refers.startswith("=") else f"={self.refers}"

    do_value = do_referstolocal = do_referstor1c1 = do_refersto

    def do_referstorange(self) -> Value:
        """The cells it refers to."""
        found = range_of(self.machine, self.refers.lstrip("="))
        return found if found is not None else UNKNOWN


class SheetObject(HostObject):
    """A worksheet; what is written to its cells stays for this run."""

    kind = "Worksheet"

    def __init__(self, machine: Machine, sheet: Sheet, *, known: bool = True) -> None:
        super().__init__(machine)
        self.sheet = sheet
        self.cells: dict[tuple[int, int], Value] = dict(sheet.cells)
        self.known = known

    def value(self, row: int, column: int) -> Value:
        """What stands in a cell."""
        return self.cells.get((row, column), None if self.known else UNKNOWN)

    def do_range(self, first: Value = MISSING, second: Value = MISSING) -> Value:
        """Cells by address or name, or between two corners."""
        if isinstance(first, Cells) and isinstance(second, Cells):
            return Cells(self.machine, self, (first.place[0], first.place[1], second.place[2], second.place[3]))
        words = text(self.machine.let_value(first))
        if not isinstance(words, str):
            return UNKNOWN
        if isinstance(second, str):
            words = f"{words}:{second}"
        place = address(words)
        if place is not None:
            return Cells(self.machine, self, place)
        found = range_of(self.machine, words)
        return found if found is not None else UNKNOWN

    do_evaluate = do_range

    def do_cells(self, row: Value = MISSING, column: Value = MISSING) -> Value:
        """A cell by row and column, the column also by letters."""
        if row is MISSING:
            return Cells(self.machine, self, self.used())
        at, across = plain(self.machine, row), self.machine.let_value(column) if column is not MISSING else 1
        if isinstance(across, str):
            across = _column(across) if across.isalpha() and len(across) < 4 else UNKNOWN
        across = plain(self.machine, across)
        if type(at) is Unknown or type(across) is Unknown:
            return UNKNOWN
        return Cells(self.machine, self, (round(at), round(across), round(at), round(across)))

    def used(self) -> tuple[int, int, int, int]:
        """The corners of what is filled."""
        if not self.cells:
            return 1, 1, 1, 1
        rows, columns = [row for row, _ in self.cells], [column for _, column in self.cells]
        return min(rows), min(columns), max(rows), max(columns)

    def do_usedrange(self) -> Value:
        """What is filled."""
        return Cells(self.machine, self, self.used())

    do_rows = do_columns = do_usedrange

    def do_name(self) -> Value:
        """Its name."""
        return self.sheet.name if self.known else UNKNOWN

    def do_codename(self) -> Value:
        """The name of its module."""
        return self.sheet.code_name

    def do_shapes(self, index: Value = MISSING) -> Value:
        """Drawings and pictures."""
        found = Items(
            self.machine, [(one.name, ShapeObject(self.machine, one)) for one in self.sheet.shapes], absent=UNKNOWN
        )
        return found if index is MISSING else found.do_item(index)

    do_oleobjects = do_textboxes = do_shapes

    def do_comments(self, index: Value = MISSING) -> Value:
        """Comments in the order of their cells."""
        found = Items(
            self.machine, [("", Text(self.machine, one)) for one in self.sheet.comments.values()], absent=UNKNOWN
        )
        return found if index is MISSING else found.do_item(index)

    def do_customproperties(self, index: Value = MISSING) -> Value:
        """Unknown."""
        return UNKNOWN

    def has(self, name: str) -> bool:
        """A control on the sheet is its member, too."""
        return super().has(name) or any(one.name.lower() == name for one in self.sheet.shapes)

    def other(self, name: str, values: list[Value]) -> Value:
        """A control on the sheet by its name."""
        for one in self.sheet.shapes:
            if one.name.lower() == name and name not in self.extra:
                return ShapeObject(self.machine, one)
        if address(name) is not None:
            return self.do_range(name)
        return super().other(name, values)


class Cells(HostObject):
    """One or more cells."""

    kind = "Range"

    def __init__(self, machine: Machine, sheet: SheetObject, place: tuple[int, int, int, int]) -> None:
        super().__init__(machine)
        self.sheet, self.place = sheet, place

    def default(self) -> Value:
        """The value, of several cells an array."""
        return self.do_value()

    def do_value(self) -> Value:
        """The value, of several cells an array."""
        top, left, bottom, right = self.place
        if (top, left) == (bottom, right):
            return self.sheet.value(top, left)
        rows, columns = bottom - top + 1, right - left + 1
        if not 0 < rows * columns <= CELLS:
            return UNKNOWN
        self.machine.spend(rows * columns >> 3)
        items = [self.sheet.value(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        return Array(((1, rows), (1, columns)), items)

    do_value2 = do_formula = do_formular1c1 = do_formulalocal = do_value

    def do_text(self) -> Value:
        """The first cell as text."""
        value = self.sheet.value(*self.place[:2])
        return text(value) if not isinstance(value, Array) else UNKNOWN

    def put_value(self, value: Value) -> None:
        """Assign to all cells."""
        top, left, bottom, right = self.place
        if (bottom - top + 1) * (right - left + 1) <= CELLS and len(self.sheet.cells) < 200_000:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self.sheet.cells[row, column] = value

    put_value2 = put_formula = put_formular1c1 = put_value

    def do_item(self, row: Value = MISSING, column: Value = MISSING) -> Value:
        """A cell counted from the corner."""
        down, across = plain(self.machine, row), plain(self.machine, column) if column is not MISSING else 1
        if type(down) is Unknown or type(across) is Unknown:
            return UNKNOWN
        if column is MISSING and self.place[3] > self.place[1]:
            width = self.place[3] - self.place[1] + 1
            down, across = (round(down) - 1) // width + 1, (round(down) - 1) % width + 1
        at, beside = self.place[0] + round(down) - 1, self.place[1] + round(across) - 1
        return Cells(self.machine, self.sheet, (at, beside, at, beside))

    do_cells = do_range = do_item

    def do_offset(self, rows: Value = MISSING, columns: Value = MISSING) -> Value:
        """Cells beside these."""
        down = plain(self.machine, rows) if rows is not MISSING else 0
        across = plain(self.machine, columns) if columns is not MISSING else 0
        if type(down) is Unknown or type(across) is Unknown:
            return UNKNOWN
        top, left, bottom, right = self.place
        return Cells(
            self.machine,
            self.sheet,
            (top + round(down), left + round(across), bottom + round(down), right + round(across)),
        )

    def do_specialcells(self, kind: Value = MISSING, value: Value = MISSING) -> Value:
        """Those of them that are filled."""
        if kind == 11:  # xlCellTypeLastCell
            return Cells(self.machine, self.sheet, self.sheet.used()[2:] * 2)
        filled = [one for one in self.items_in_order() if isinstance(one, Cells) and one.do_value() not in (None, "")]
        return Items(self.machine, [("", one) for one in filled])

    def do_row(self) -> Value:
        """The first row."""
        return self.place[0]

    def do_column(self) -> Value:
        """The first column."""
        return self.place[1]

    def do_count(self) -> Value:
        """How many cells."""
        return (self.place[2] - self.place[0] + 1) * (self.place[3] - self.place[1] + 1)

    def do_rows(self, index: Value = MISSING) -> Value:
        """Its rows."""
        top, left, bottom, right = self.place
        found = [
            ("", Cells(self.machine, self.sheet, (row, left, row, right)))
            for row in range(top, min(bottom, top + CELLS) + 1)
        ]
        rows = Items(self.machine, list(found))
        return rows if index is MISSING else rows.do_item(index)

    def do_columns(self, index: Value = MISSING) -> Value:
        """Its columns."""
        top, left, bottom, right = self.place
        found = [
            ("", Cells(self.machine, self.sheet, (top, column, bottom, column)))
            for column in range(left, min(right, left + CELLS) + 1)
        ]
        columns = Items(self.machine, list(found))
        return columns if index is MISSING else columns.do_item(index)

    def do_end(self, direction: Value = MISSING) -> Value:
        """The last filled cell in a direction."""
        top, left, bottom, right = self.sheet.used()
        row = {-4162: top, -4121: bottom}.get(direction, self.place[0]) if isinstance(direction, int) else self.place[0]
        if direction == -4162:
            row = max(
                (one for one, column in self.sheet.cells if column == self.place[1] and one <= self.place[0]), default=1
            )
        column = (
            {-4159: left, -4161: right}.get(direction, self.place[1]) if isinstance(direction, int) else self.place[1]
        )
        return Cells(self.machine, self.sheet, (row, column, row, column))

    def do_comment(self) -> Value:
        """The comment at the cell."""
        words = self.sheet.sheet.comments.get(self.place[:2])
        return Text(self.machine, words) if words is not None else (NOTHING if self.sheet.known else UNKNOWN)

    def do_notetext(self) -> Value:
        """The comment's text."""
        return self.sheet.sheet.comments.get(self.place[:2], "" if self.sheet.known else UNKNOWN)

    def do_address(self, *values: Value) -> Value:
        """Unknown; nothing is built of it."""
        return UNKNOWN

    def do_find(self, *values: Value) -> Value:
        """The first cell with a text."""
        words = values[0] if values else ""
        for (row, column), value in sorted(self.sheet.cells.items()):
            if isinstance(value, str) and isinstance(words, str) and words.lower() in value.lower():
                return Cells(self.machine, self.sheet, (row, column, row, column))
        return NOTHING if self.sheet.known else UNKNOWN

    def do_worksheet(self) -> Value:
        """Its sheet."""
        return self.sheet

    do_parent = do_worksheet

    def do_copy(self, *values: Value) -> Value:
        """Nothing that matters here."""

    do_select = do_activate = do_clear = do_delete = do_copy

    def items_in_order(self) -> "list[Value]":
        """All cells, row by row."""
        top, left, bottom, right = self.place
        if (bottom - top + 1) * (right - left + 1) > CELLS:
            return [UNKNOWN]
        return [
            Cells(self.machine, self.sheet, (row, column, row, column))
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]


def workbook(machine: Machine) -> Workbook:
    """The workbook; the same one throughout a run."""
    found = machine.hosts.get("workbook")
    if found is None:
        found = machine.hosts["workbook"] = Workbook(machine)
    return found


def range_of(machine: Machine, words: str) -> Value:
    """Cells by ``Sheet!A1``, ``A1`` or a defined name; None when it is none."""
    book = workbook(machine)
    refers = machine.document.names.get(words.strip().lower())
    if refers is not None:
        if refers.lstrip("=").startswith('"'):
            return refers.lstrip("=").strip('"').replace('""', '"')
        words = refers
    found = _REFERENCE.fullmatch(words.strip())
    sheet = book.do_activesheet()
    if found:
        name = (found[1] or found[2]).replace("''", "'")
        sheet = book.do_sheets(name)
        words = found[3]
    place = address(words)
    return Cells(machine, sheet, place) if place is not None and isinstance(sheet, SheetObject) else None
