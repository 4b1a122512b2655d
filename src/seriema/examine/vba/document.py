"""What a macro can read of the document it lies in.

Containers' readers fill this in; what they do not know stays empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Properties = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawing or picture with the texts it carries."""

    name: str
    alternative: str = ""
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: cells by row and column, counted from 1; ``code_name`` is the name of its module."""

    name: str
    code_name: str = ""
    cells: Mapping[tuple[int, int], str | float | bool] = field(default_factory=dict)
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    shapes: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """A control of a form or document with its properties, their names in lower case; pages hold further controls."""

    name: str
    properties: Properties = field(default_factory=dict)
    controls: tuple["Control", ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its own properties and its controls."""

    name: str
    properties: Properties = field(default_factory=dict)
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """All of it. Names in mappings are in lower case."""

    name: str = ""
    code_page: str = "cp1252"
    properties: Properties = field(default_factory=dict)
    custom: Properties = field(default_factory=dict)
    variables: Properties = field(default_factory=dict)
    paragraphs: tuple[str, ...] = ()
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()
    shapes: tuple[Shape, ...] = ()
    bookmarks: Properties = field(default_factory=dict)
    comments: tuple[str, ...] = ()
    content_controls: tuple[Control, ...] = ()
    custom_xml: tuple[str, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    names: Properties = field(default_factory=dict)  #: of ranges and formulas: what they refer to
    forms: tuple[Form, ...] = ()


EMPTY = Document()
