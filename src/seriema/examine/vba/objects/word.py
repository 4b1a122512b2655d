"""Word's and PowerPoint's document as macros read it: text, properties, variables, shapes, bookmarks.

Word object model.
"""

from seriema.examine.vba.document import Shape
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.forms import controls
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.objects.ranges import Text, texts
from seriema.examine.vba.objects.xml import XmlDocument
from seriema.examine.vba.values import MISSING, UNKNOWN, Unknown, Value

#: Built-in properties by number (wdBuiltInProperty, 1 to 30).
PROPERTIES = (
    "title", "subject", "author", "keywords", "comments", "template", "last author", "revision number",
    "application name",
    "last print date", "creation date", "last save time", "total editing time", "number of pages", "number of words",
    "number of characters", "security", "category", "format", "manager", "company", "number of bytes",
    "number of lines",
    "number of paragraphs", "number of slides", "number of notes", "number of hidden slides",
    "number of multimedia clips",
    "hyperlink base", "number of characters (with spaces)",
)  # fmt: skip


class ShapeObject(HostObject):
    """A drawing, picture or text box."""

    kind = "Shape"

    def __init__(self, machine: Machine, shape: Shape) -> None:
        super().__init__(machine)
        self.shape = shape

    def do_name(self) -> Value:
        """Its name."""
        return self.shape.name

    def do_alternativetext(self) -> Value:
        """Its alternative text."""
        return self.shape.alternative

    def do_title(self) -> Value:
        """Its title."""
        return self.shape.title

    def do_textframe(self) -> Value:
        """Its text."""
        return Text(self.machine, self.shape.text)

    do_textframe2 = do_textrange = do_textframe

    def do_range(self) -> Value:
        """Of an inline picture: itself."""
        return self

    def do_oleformat(self) -> Value:
        """A control in the document."""
        return self

    do_object = do_oleformat


class Property(HostObject):
    """A document property or variable."""

    kind = "DocumentProperty"

    def __init__(self, machine: Machine, name: str, value: Value) -> None:
        super().__init__(machine)
        self.extra.update({"name": name, "value": value})

    def default(self) -> Value:
        """Its value."""
        return self.extra["value"]


class PropertyList(Items):
    """Properties or variables by name or number; assigning adds one."""

    kind = "DocumentProperties"

    def do_add(
        self, name: Value = MISSING, link: Value = MISSING, type: Value = MISSING, value: Value = MISSING
    ) -> Value:
        """A new one; variables take name and value only."""
        held = value if value is not MISSING else link
        if isinstance(name, str) and len(self.items) < 2_000:
            self.items.append((name, Property(self.machine, name, self.machine.let_value(held))))

    def put_item(self, value: Value, name: Value = MISSING) -> None:
        """Assign by name."""
        found = self.do_item(name)
        if isinstance(found, Property):
            found.extra["value"] = value
        else:
            self.do_add(name, value)


def properties(machine: Machine, table: "dict[str, str]") -> PropertyList:
    """A list of properties."""
    return PropertyList(
        machine, [(name, Property(machine, name, value)) for name, value in table.items()], absent=UNKNOWN
    )


class DocumentObject(HostObject):
    """``ActiveDocument`` and ``ThisDocument``."""

    kind = "Document"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        known = machine.document
        self.variables = properties(machine, dict(known.variables))
        self.custom = properties(machine, dict(known.custom))
        numbered = {name: known.properties.get(name, "") for name in PROPERTIES} | dict(known.properties)
        self.properties = properties(machine, numbered if known.properties else {})
        self.shapes = [(one.name, ShapeObject(machine, one)) for one in known.shapes]

    def do_variables(self, index: Value = MISSING) -> Value:
        """Document variables."""
        return self.variables if index is MISSING else self.variables.do_item(index)

    def do_builtindocumentproperties(self, index: Value = MISSING) -> Value:
        """Built-in properties."""
        return self.properties if index is MISSING else self.properties.do_item(index)

    def do_customdocumentproperties(self, index: Value = MISSING) -> Value:
        """The document's own properties."""
        return self.custom if index is MISSING else self.custom.do_item(index)

    def do_content(self) -> Value:
        """The whole text."""
        paragraphs = self.machine.document.paragraphs
        return Text(self.machine, "".join(f"{one}\r" for one in paragraphs) if paragraphs else UNKNOWN)

    def do_range(self, start: Value = MISSING, end: Value = MISSING) -> Value:
        """The text or a part of it."""
        return self.do_content().do_range(start, end)

    def do_paragraphs(self, index: Value = MISSING) -> Value:
        """The paragraphs, each with its mark."""
        found = Items(self.machine, texts(self.machine, list(self.machine.document.paragraphs), "\r"), absent=UNKNOWN)
        return found if index is MISSING else found.do_item(index)

    def do_words(self, index: Value = MISSING) -> Value:
        """The words."""
        return self.do_content().do_words(index)

    def do_characters(self, index: Value = MISSING) -> Value:
        """The characters."""
        return self.do_content().do_characters(index)

    do_sentences = do_paragraphs

    def do_tables(self, index: Value = MISSING) -> Value:
        """The tables."""
        found = Items(
            self.machine, [("", Table(self.machine, one)) for one in self.machine.document.tables], absent=UNKNOWN
        )
        return found if index is MISSING else found.do_item(index)

    def do_shapes(self, index: Value = MISSING) -> Value:
        """Drawings and pictures."""
        found = Items(self.machine, list(self.shapes), absent=UNKNOWN)
        return found if index is MISSING else found.do_item(index)

    do_inlineshapes = do_shapes

    def do_bookmarks(self, index: Value = MISSING) -> Value:
        """Bookmarks."""
        table = self.machine.document.bookmarks
        found = Items(
            self.machine, [(name, Text(self.machine, words)) for name, words in table.items()], absent=UNKNOWN
        )
        return found if index is MISSING else found.do_item(index)

    def do_comments(self, index: Value = MISSING) -> Value:
        """Comments."""
        found = Items(self.machine, texts(self.machine, list(self.machine.document.comments), ""), absent=UNKNOWN)
        return found if index is MISSING else found.do_item(index)

    def do_contentcontrols(self, index: Value = MISSING) -> Value:
        """Content controls."""
        found = controls(self.machine, self.machine.document.content_controls)
        found.first = 1
        return found if index is MISSING else found.do_item(index)

    do_formfields = do_contentcontrols

    def do_selectcontentcontrolsbytitle(self, title: Value = MISSING) -> Value:
        """Content controls of a title."""
        return self._selected("title", title)

    def do_selectcontentcontrolsbytag(self, tag: Value = MISSING) -> Value:
        """Content controls of a tag."""
        return self._selected("tag", tag)

    def _selected(self, which: str, value: Value) -> Value:
        held = self.machine.document.content_controls
        found = controls(self.machine, tuple(one for one in held if one.properties.get(which) == value))
        found.first = 1
        return found

    def do_customxmlparts(self, index: Value = MISSING) -> Value:
        """Custom XML; by number behind the three that are always there, or by name space."""
        found = CustomParts(self.machine, [("", _part(self.machine, one)) for one in self.machine.document.custom_xml])
        return found if index is MISSING else found.do_item(index)

    def do_name(self) -> Value:
        """Its file's name."""
        return Unknown(label="", usual=self.machine.document.name or None)

    def do_path(self) -> Value:
        """Where it lies."""
        return Unknown(label="%DOCUMENTFOLDER%")

    def do_fullname(self) -> Value:
        """Its file."""
        return Unknown(label="%DOCUMENT%")

    def do_application(self) -> Value:
        """The program."""
        return self.machine.calls.host(self.machine, "application")

    do_parent = do_application

    def do_activewindow(self) -> Value:
        """Its window."""
        return HostObject(self.machine)

    def do_slides(self, index: Value = MISSING) -> Value:
        """Of a presentation: its slides, whose shapes are the document's."""
        found = Items(self.machine, [("", self)], absent=self)
        return found if index is MISSING else found.do_item(index)

    def has(self, name: str) -> bool:
        """A control in the document is its member, too."""
        return super().has(name) or any(one.lower() == name for one, _ in self.shapes)

    def other(self, name: str, values: list[Value]) -> Value:
        """A control in the document by its name."""
        for one, shape in self.shapes:
            if one.lower() == name and name not in self.extra:
                return shape
        return super().other(name, values)


class CustomParts(Items):
    """Custom XML parts; three of Word's own stand before them."""

    def do_item(self, index: Value = MISSING) -> Value:
        """A part."""
        if isinstance(index, int) and self.items:
            return self.items[min(max(index - 4, 0), len(self.items) - 1)][1]
        return self.items[0][1] if self.items else UNKNOWN

    def do_selectbynamespace(self, space: Value = MISSING) -> Value:
        """Parts of a name space."""
        found = [
            one
            for one in self.items
            if isinstance(space, str) and isinstance(one[1], XmlDocument) and space in str(one[1].source)
        ]
        return Items(self.machine, found, absent=UNKNOWN)


def _part(machine: Machine, source: str) -> XmlDocument:
    part = XmlDocument(machine)
    part.do_loadxml(source)
    return part


class Table(HostObject):
    """A table of the text."""

    kind = "Table"

    def __init__(self, machine: Machine, rows: tuple[tuple[str, ...], ...]) -> None:
        super().__init__(machine)
        self.rows = rows

    def do_cell(self, row: Value = MISSING, column: Value = MISSING) -> Value:
        """A cell; its text ends with the cell's mark."""
        if not isinstance(row, int) or not isinstance(column, int):
            return UNKNOWN
        if not 1 <= row <= len(self.rows) or not 1 <= column <= len(self.rows[row - 1]):
            return UNKNOWN
        return Text(self.machine, self.rows[row - 1][column - 1], ended="\r\x07")

    def do_rows(self, index: Value = MISSING) -> Value:
        """Its rows."""
        found = Items(self.machine, [("", Table(self.machine, (row,))) for row in self.rows], absent=UNKNOWN)
        return found if index is MISSING else found.do_item(index)

    def do_cells(self, index: Value = MISSING) -> Value:
        """All cells, row by row."""
        cells = [one for row in self.rows for one in row]
        found = Items(self.machine, texts(self.machine, cells, "\r\x07"), absent=UNKNOWN)
        return found if index is MISSING else found.do_item(index)

    def do_range(self) -> Value:
        """All its text."""
        return Text(self.machine, "".join(f"{one}\r\x07" for row in self.rows for one in row))

    def do_columns(self, index: Value = MISSING) -> Value:
        """Its columns."""
        width = max((len(row) for row in self.rows), default=0)
        columns = [tuple((row[at],) for row in self.rows if at < len(row)) for at in range(width)]
        found = Items(self.machine, [("", Table(self.machine, one)) for one in columns], absent=UNKNOWN)
        return found if index is MISSING else found.do_item(index)

    def do_title(self) -> Value:
        """Unknown."""
        return UNKNOWN

    do_descr = do_title


def document_object(machine: Machine) -> DocumentObject:
    """The document; the same one throughout a run."""
    found = machine.hosts.get("document")
    if found is None:
        found = machine.hosts["document"] = DocumentObject(machine)
    return found
