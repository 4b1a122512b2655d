"""MSXML documents: base64 and hex through typed nodes, and look-ups in small documents. MSXML reference.

Also ``htmlfile``, whose ``parentWindow`` runs scripts, and .NET encodings that macros borrow.
"""

import base64
import binascii
import re
from xml.sax.saxutils import unescape

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject, Items
from seriema.examine.vba.values import LENGTH, MISSING, NOTHING, NULL, UNKNOWN, Array, Unknown, Value, listed

_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,80})((?:\s[^<>]{0,2000})?)(/?)>([^<]{0,1000000})")
_ATTRIBUTE = re.compile(r"([\w.:-]{1,80})\s{0,5}=\s{0,5}(?:\"([^\"]{0,100000})\"|'([^']{0,100000})')")
_DATA = re.compile(r"<!\[CDATA\[([\s\S]{0,1000000}?)\]\]>")


class XmlDocument(HostObject):
    """A document: makes nodes, and finds those of a text it is given."""

    kind = "DOMDocument"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.nodes: list[Node] = []
        self.source: Value = ""

    def do_createelement(self, name: Value = MISSING) -> Value:
        """A new node."""
        return Node(self.machine, text(self.machine.let_value(name)))

    def do_createnode(self, kind: Value = MISSING, name: Value = MISSING, space: Value = MISSING) -> Value:
        """A new node."""
        return self.do_createelement(name)

    do_createattribute = do_createelement

    def do_createtextnode(self, words: Value = MISSING) -> Value:
        """A new text."""
        node = Node(self.machine, "#text")
        node.words = text(self.machine.let_value(words))
        return node

    def do_appendchild(self, node: Value = MISSING) -> Value:
        """A node becomes part of it."""
        if isinstance(node, Node):
            self.nodes.append(node)
        return node

    def do_loadxml(self, source: Value = MISSING) -> Value:
        """Reads a document."""
        self.source = text(self.machine.let_value(source))
        if not isinstance(self.source, str):
            return Unknown(usual=True)
        self.machine.grow(len(self.source))
        self.nodes = _nodes(self.machine, self.source)
        return bool(self.nodes)

    def do_load(self, source: Value = MISSING) -> Value:
        """Fetches a document."""
        address = text(self.machine.let_value(source))
        if isinstance(address, str) and "://" in address:
            self.machine.sink("fetch", address, "DOMDocument.load")
        self.source = Unknown(origin=address)
        return Unknown(usual=True)

    def do_xml(self) -> Value:
        """Its source."""
        return self.source

    def do_transformnode(self, sheet: Value = MISSING) -> Value:
        """A style sheet may hold scripts; what was fetched for it runs."""
        if isinstance(sheet, XmlDocument) and isinstance(sheet.source, Unknown):
            self.machine.sink(
                "run", Unknown(label="a style sheet from the network", origin=sheet.source.origin), "transformNode"
            )
        return UNKNOWN

    do_transformnodetoobject = do_transformnode

    def do_documentelement(self) -> Value:
        """The outermost node."""
        return self.nodes[0] if self.nodes else (UNKNOWN if isinstance(self.source, Unknown) else NOTHING)

    def do_selectsinglenode(self, path: Value = MISSING) -> Value:
        """The first node of a path, by its last step."""
        found = self._selected(path)
        return found[0] if found else UNKNOWN

    def do_selectnodes(self, path: Value = MISSING) -> Value:
        """All nodes of a path."""
        return Items(self.machine, [(one.name, one) for one in self._selected(path)], first=0)

    do_getelementsbytagname = do_selectnodes

    def _selected(self, path: Value) -> "list[Node]":
        words = self.machine.let_value(path)
        last = words.rpartition("/")[2].partition("[")[0].rpartition(":")[2].lower() if isinstance(words, str) else ""
        return [one for one in self.nodes if last in ("*", one.name.rpartition(":")[2].lower())]

    def do_text(self) -> Value:
        """All text."""
        words = [one.words for one in self.nodes]
        return (
            "".join(words)
            if all(isinstance(one, str) for one in words) and not isinstance(self.source, Unknown)
            else UNKNOWN
        )

    def do_parentwindow(self) -> Value:
        """Of ``htmlfile``: runs scripts."""
        return Window(self.machine)


class Node(HostObject):
    """A node; its type turns text into bytes and back."""

    kind = "IXMLDOMElement"

    def __init__(self, machine: Machine, name: Value) -> None:
        super().__init__(machine)
        self.name = name if isinstance(name, str) else ""
        self.words: Value = ""
        self.type = ""
        self.attributes: dict[str, str] = {}

    def put_datatype(self, value: Value) -> None:
        """``bin.base64`` or ``bin.hex``."""
        self.type = value.lower() if isinstance(value, str) else ""

    def put_text(self, value: Value) -> None:
        """Assign its text."""
        self.words = text(value)

    put_nodevalue = put_text

    def do_text(self) -> Value:
        """Its text."""
        return self.words

    do_xml = do_text

    def do_nodetypedvalue(self) -> Value:
        """Its text as bytes."""
        if not isinstance(self.words, str):
            return Unknown()
        data = _decoded(self.words, self.type)
        return listed(list(data), 0, "byte") if data is not None else self.words

    do_nodevalue = do_nodetypedvalue

    def put_nodetypedvalue(self, value: Value) -> None:
        """Bytes become its text."""
        if isinstance(value, Array) and all(type(one) is int for one in value.items):
            data = bytes(one & 0xFF for one in value.items)
            self.words = data.hex() if self.type == "bin.hex" else base64.encodebytes(data).decode("ascii").rstrip("\n")
        elif isinstance(value, str):
            self.words = value
        else:
            self.words = Unknown()

    def do_appendchild(self, node: Value = MISSING) -> Value:
        """A node's text becomes part of it."""
        if isinstance(node, Node):
            self.words = self.machine.joined(self.words, node.words)
        return node

    def do_getattribute(self, name: Value = MISSING) -> Value:
        """An attribute."""
        words = self.machine.let_value(name)
        return self.attributes.get(words.lower(), NULL) if isinstance(words, str) else UNKNOWN

    def do_attributes(self, index: Value = MISSING) -> Value:
        """The attributes."""
        items = Items(
            self.machine,
            [(name, _valued(self.machine, name, value)) for name, value in self.attributes.items()],
            first=0,
        )
        items.do_getnameditem = items.do_item  # type: ignore[attr-defined]  # MSXML's name for it
        return items if index is MISSING else items.do_item(index)

    def do_nodename(self) -> Value:
        """Its name."""
        return self.name

    do_tagname = do_basename = do_nodename

    def put_innertext(self, value: Value) -> None:
        """Of HTML: assign its text."""
        self.words = text(value)

    def do_innertext(self) -> Value:
        """Of HTML: its text."""
        return self.words


class Window(HostObject):
    """A window of ``htmlfile``."""

    kind = "HTMLWindow2"

    def do_execscript(self, code: Value = MISSING, language: Value = MISSING) -> Value:
        """Runs a script."""
        words = text(self.machine.let_value(code))
        if isinstance(language, str) and "vb" in language.lower():
            return self.machine.calls.execute(words)
        self.machine.sink("run", words, "execScript")
        return UNKNOWN

    def do_clipboarddata(self) -> Value:
        """What is copied."""
        return UNKNOWN


def _valued(machine: Machine, name: str, value: str) -> Node:
    node = Node(machine, name)
    node.words = value
    return node


def _nodes(machine: Machine, source: str) -> list[Node]:
    """The elements in order, each with the text that stands first in it."""
    plain = _DATA.sub(lambda found: found[1].replace("&", "&amp;").replace("<", "&lt;"), source)
    found = []
    for one in _ELEMENT.finditer(plain):
        node = Node(machine, one[1])
        node.words = "" if one[3] else unescape(one[4].strip(), {"&quot;": '"', "&apos;": "'"})
        node.attributes = {part[1].lower(): unescape(part[2] or part[3] or "") for part in _ATTRIBUTE.finditer(one[2])}
        found.append(node)
        if len(found) >= 10_000:
            break
    machine.spend(len(found))
    return found


def _decoded(words: str, kind: str) -> bytes | None:
    plain = "".join(words.split())[:LENGTH]
    try:
        if kind == "bin.base64":
            return base64.b64decode(plain + "=" * (-len(plain) % 4))
        if kind == "bin.hex":
            return bytes.fromhex(plain)
    except (binascii.Error, ValueError):
        return b""
    return None


class Encoding(HostObject):
    """``System.Text.ASCIIEncoding``, ``UTF8Encoding``, ``UnicodeEncoding``."""

    kind = "Encoding"

    def __init__(self, machine: Machine, codec: str) -> None:
        super().__init__(machine)
        self.codec = codec

    def do_getbytes_4(self, words: Value = MISSING) -> Value:
        """Text as bytes."""
        value = text(self.machine.let_value(words))
        return listed(list(value.encode(self.codec, "replace")), 0, "byte") if isinstance(value, str) else Unknown()

    do_getbytes = do_getbytes_4

    def do_getstring(self, data: Value = MISSING) -> Value:
        """Bytes as text."""
        if isinstance(data, Array) and all(type(one) is int for one in data.items):
            return bytes(one & 0xFF for one in data.items).decode(self.codec, "replace")
        return Unknown()


class Transform(HostObject):
    """``System.Security.Cryptography.FromBase64Transform``."""

    kind = "FromBase64Transform"

    def do_transformfinalblock(self, data: Value = MISSING, offset: Value = MISSING, count: Value = MISSING) -> Value:
        """Base64 as bytes."""
        if (
            isinstance(data, Array)
            and all(type(one) is int for one in data.items)
            and isinstance(offset, int)
            and isinstance(count, int)
        ):
            raw = bytes(one & 0xFF for one in data.items)[max(0, offset) : max(0, offset) + max(0, count)]
            return listed(list(_decoded(raw.decode("ascii", "replace"), "bin.base64") or b""), 0, "byte")
        return Unknown()
