"""Office Open XML and OpenDocument: what they bring in from outside, embed, or exchange, and the text they show.

Relationships after ECMA-376 part 2 section 6.5, fields after part 1 section 17.16, Excel's macro sheets after
[MS-OFFMACRO2]. Macros in VBA are the vba inspector's. XML is scanned, not parsed: a scan cannot be made to fail or to
grow.
"""

import re
from collections.abc import Iterator
from html import unescape

from seriema.examine.compound import SIGNATURE
from seriema.examine.identify import decoded, kind_of_name
from seriema.examine.inspector import Examined, Inspector
from seriema.examine.kinds import KINDS
from seriema.examine.ole_streams import native_files
from seriema.examine.package import Package, open_package
from seriema.model.artifact import Artifact, Child, State
from seriema.model.errors import HostileInput, LimitReached
from seriema.model.finding import Finding, Indicator, IndicatorType
from seriema.model.limits import Limits
from seriema.model.password import Text

MEMBERS = 20_000
PART_BYTES = 32 << 20
EMBEDDED = 50
_RELATIONSHIP = re.compile(r"<(?:\w{1,20}:)?Relationship\s([^<>]{1,8000})>")
_ATTRIBUTE = re.compile(r"(\w{1,30})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")
#: Relationship types that fetch as the document opens, and what each is called.
_FETCHED = {
    "attachedtemplate": "office.external-template",
    "oleobject": "office.external-object",
    "package": "office.external-object",
    "subdocument": "office.external-document",
    "frame": "office.external-document",
    "afchunk": "office.external-document",
    "externallinkpath": "office.external-link",
    "xlexternallinkpath": "office.external-link",
    "image": "office.external-picture",
    "control": "office.external-object",
}
#: Of those, the ones that bring in a document or program rather than a picture or a number.
_DOWNLOADED = frozenset({"office.external-template", "office.external-object", "office.external-document"})
_FIELD = re.compile(r"<(?:\w{1,20}:)?(?:instrText|fldSimple)\b([^<>]{0,4000})>(?:([^<]{0,4000}))?")
_EXCHANGE = re.compile(r"\bDDE(?:AUTO)?\b[^<]{0,2000}", re.IGNORECASE)
_EXCHANGE_LINK = re.compile(r"<(?:\w{1,20}:)?ddeLink\s([^<>]{1,4000})>")
_PARAGRAPH = re.compile(r"</(?:w:p|a:p|text:p|text:h|si|t)>|<w:br/?>|<w:tab/>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
#: Parts whose text a reader sees.
_SHOWN = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|comments)\.xml|xl/sharedstrings\.xml|ppt/slides/slide\d+\.xml|content\.xml"
)
#: Extensions that belong in a package besides pictures, sound and type; anything else becomes a file of its own.
_OWN = frozenset(
    (
        "",
        "xml",
        "rels",
        "bin",
        "vml",
        "svg",
        "emz",
        "wmz",
        "wdp",
        "psmdcp",
        "odttf",
        "fntdata",
        "rdf",
        "sigs",
        "dat",
        "glb",
    ),
)
_OLE_PARTS = ("word/embeddings/", "xl/embeddings/", "ppt/embeddings/", "word/activex/", "xl/activex/", "ppt/activex/")
_BASIC = re.compile(r"^(?:basic/.{1,200}/.{1,200}\.xml|scripts/.{1,300})$")


def inspect(artifact: Artifact, content: bytes, limits: Limits) -> Examined:
    """Facts of one package."""
    if content.startswith(SIGNATURE):
        return Examined()  # the same kind as a compound file is the office_binary inspector's
    package = open_package(content, MEMBERS, limits.opened_bytes)
    reader = _Reader(artifact.id, package, min(PART_BYTES, limits.member_bytes))
    reader.relationships()
    reader.fields()
    reader.macro_sheets()
    reader.embedded()
    text = reader.shown(limits.text_chars)
    return Examined(
        tuple(reader.findings),
        tuple(dict.fromkeys(reader.indicators)),
        tuple(reader.children),
        (Text("attachment", text),) if text else (),
        reader.state,
        reader.reason,
    )


class _Reader:
    """One package being read: a part that cannot be read costs its own facts and the state, nothing else."""

    def __init__(self, artifact: str, package: Package, most: int) -> None:
        self.artifact = artifact
        self.package = package
        self.most = most
        self.findings: list[Finding] = []
        self.indicators: list[Indicator] = []
        self.children: list[Child] = []
        self.state, self.reason = State.INSPECTED, ""

    def _part(self, name: str) -> bytes:
        try:
            return self.package.read(name, self.most)
        except HostileInput as stopped:
            if self.state is State.INSPECTED:
                self.state = State.LIMIT if isinstance(stopped, LimitReached) else State.MALFORMED
                self.reason = str(stopped)
            return b""

    def _say(self, name: str, place: str, detail: str) -> None:
        self.findings.append(Finding(name, self.artifact, place, detail[:500]))

    def relationships(self) -> None:
        """What stands outside the package and is fetched or linked."""
        for name in [one for one in self.package.members if one.endswith(".rels")]:
            for kind, target in _external(decoded(self._part(name))):
                fact = _FETCHED.get(kind)
                role = "download" if fact in _DOWNLOADED else "link"
                if fact:
                    self._say(fact, name, target)
                if "://" in target and not target.lower().startswith(("mailto:", "file:")):
                    self.indicators.append(Indicator(IndicatorType.URL, target, role, self.artifact))

    def fields(self) -> None:
        """Dynamic Data Exchange in fields and links, which starts programs."""
        for name in list(self.package.members):
            if name.startswith("word/") and name.endswith(".xml"):
                text = decoded(self._part(name))
                joined = "".join(_field_codes(text))
                call = _EXCHANGE.search(joined)
                if call:
                    self._say("office.data-exchange", name, call[0])
            elif name.startswith("xl/externallinks/") and name.endswith(".xml"):
                for link in _EXCHANGE_LINK.finditer(decoded(self._part(name))):
                    values = _attributes(link[1])
                    self._say(
                        "office.data-exchange", name, f"{values.get('ddeService', '')} {values.get('ddeTopic', '')}"
                    )

    def macro_sheets(self) -> None:
        """Excel 4 macro sheets and Basic of OpenDocument: there, and not read yet."""
        for name in self.package.members:
            sheet = name.startswith(("xl/macrosheets/", "xl/intlmacrosheets/")) and not name.endswith(".rels")
            if sheet or (_BASIC.match(name) and not name.endswith(("script-lb.xml", "script-lc.xml", "dialog-lb.xml"))):
                self._say("office.macro-sheet" if sheet else "office.basic-macro", name, "")
                if self.state is State.INSPECTED:
                    self.state = State.UNSUPPORTED
                    self.reason = "Excel 4 macros are not read" if sheet else "OpenDocument macros are not read"

    def embedded(self) -> None:
        """Files inside the document."""
        for name, member in self.package.members.items():
            extension = name.rpartition("/")[2].rpartition(".")[2] if "." in name.rpartition("/")[2] else ""
            if name.startswith(_OLE_PARTS) and extension == "bin":
                self._object(member.name, self._part(name))
            elif extension not in _OWN and not _is_harmless(name):
                self._child(member.name.rpartition("/")[2], self._part(name), member.name)

    def _object(self, name: str, content: bytes) -> None:
        """An OLE object: files wrapped in it, else the object itself."""
        files = native_files(content, self.most)
        for file_name, inner in files or [(name.rpartition("/")[2], content)]:
            self._child(file_name, inner, name)

    def _child(self, name: str, content: bytes, place: str) -> None:
        if len(self.children) >= EMBEDDED:
            if self.state is State.INSPECTED:
                self.state, self.reason = State.LIMIT, f"more than {EMBEDDED} embedded files"
        elif content:
            self._say("office.embedded-file", place, name)
            self.children.append(Child(name, content, len(content)))

    def shown(self, most: int) -> str:
        """What a reader sees, roughly: the text of the main parts without markup."""
        pieces: list[str] = []
        left = most
        for name in sorted(one for one in self.package.members if _SHOWN.fullmatch(one)):
            if left <= 0:
                break
            marked = decoded(self._part(name)[: left * 40])
            text = unescape(_MARKUP.sub("", _PARAGRAPH.sub("\n", marked)))[:left]
            left -= len(text)
            pieces.append(text)
        return "\n".join(pieces).strip()


def _is_harmless(name: str) -> bool:
    kind = kind_of_name(name)
    return kind != "" and KINDS[kind].harmless


def _external(text: str) -> Iterator[tuple[str, str]]:
    """Type (its last step, in lower case) and target of the relationships that lead out of the package."""
    for found in _RELATIONSHIP.finditer(text):
        values = _attributes(found[1])
        if values.get("TargetMode", "").lower() == "external" and values.get("Target"):
            yield values.get("Type", "").rpartition("/")[2].lower(), values["Target"]


def _attributes(text: str) -> dict[str, str]:
    return {one[1]: unescape(one[2] or one[3] or "") for one in _ATTRIBUTE.finditer(text)}


def _field_codes(text: str) -> Iterator[str]:
    """Field instructions in order; one may be split over many runs."""
    for found in _FIELD.finditer(text):
        yield unescape(found[2] or "")
        instruction = _attributes(found[1]).get("instr")
        if instruction:
            yield f"\n{instruction}\n"


INSPECTOR = Inspector(
    "office_package",
    inspect,
    frozenset({"docx", "docm", "xlsx", "xlsm", "xlsb", "pptx", "pptm", "odt", "ods", "odp", "visio"}),
)
