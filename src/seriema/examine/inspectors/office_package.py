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
PART_BYTES, PACKAGE_BYTES = 32 << 20, 128 << 20
MARKUP_A_CHARACTER = 20  #: characters of markup that are looked through for each character shown
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
    package = open_package(content, MEMBERS, min(PACKAGE_BYTES, limits.opened_bytes))
    reader = _Reader(artifact.id, package, min(PART_BYTES, limits.member_bytes), limits.text_chars)
    for name in sorted(package.members):
        reader.part(name)
    reader.macro_sheets()
    text = "\n".join(reader.shown).strip()
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

    def __init__(self, artifact: str, package: Package, most: int, chars: int) -> None:
        self.artifact = artifact
        self.package = package
        self.most = most
        self.chars = chars
        self.findings: list[Finding] = []
        self.indicators: list[Indicator] = []
        self.children: list[Child] = []
        self.shown: list[str] = []
        self.state, self.reason = State.INSPECTED, ""

    def part(self, name: str) -> None:
        """Look into one part by what its name says it is."""
        extension = name.rpartition("/")[2].rpartition(".")[2] if "." in name.rpartition("/")[2] else ""
        if extension == "rels":
            self._relationships(name, decoded(self._content(name)))
        elif extension == "xml":
            self._xml(name)
        elif name.startswith(_OLE_PARTS) and extension == "bin":
            self._object(self.package.members[name].name, self._content(name))
        elif extension not in _OWN and not _is_harmless(name):
            spelled = self.package.members[name].name
            self._child(spelled.rpartition("/")[2], self._content(name), spelled)

    def _content(self, name: str) -> bytes:
        try:
            return self.package.read(name, self.most)
        except HostileInput as stopped:
            self._stop(State.LIMIT if isinstance(stopped, LimitReached) else State.MALFORMED, str(stopped))
            return b""

    def _stop(self, state: State, reason: str) -> None:
        """Remember the first thing that was not read."""
        if self.state is State.INSPECTED:
            self.state, self.reason = state, reason

    def _say(self, name: str, place: str, detail: str) -> None:
        self.findings.append(Finding(name, self.artifact, place, detail[:500]))

    def _relationships(self, name: str, text: str) -> None:
        """What stands outside the package and is fetched or linked."""
        for kind, target in _external(text):
            fact = _FETCHED.get(kind)
            if fact:
                self._say(fact, name, target)
            if "://" in target and not target.lower().startswith("file:"):
                role = "download" if fact in _DOWNLOADED else "link"
                self.indicators.append(Indicator(IndicatorType.URL, target, role, self.artifact))

    def _xml(self, name: str) -> None:
        """Dynamic Data Exchange, which starts programs, in fields and links; and what a reader sees."""
        shown = _SHOWN.fullmatch(name) is not None
        if not shown and not name.startswith(("word/", "xl/externallinks/")):
            return
        text = decoded(self._content(name))
        if name.startswith("word/") and ("instrText" in text or "fldSimple" in text):
            call = _EXCHANGE.search("".join(_field_codes(text)))
            if call:
                self._say("office.data-exchange", name, call[0])
        for link in _EXCHANGE_LINK.finditer(text) if name.startswith("xl/externallinks/") else ():
            values = _attributes(link[1])
            self._say("office.data-exchange", name, f"{values.get('ddeService', '')} {values.get('ddeTopic', '')}")
        if shown and self.chars > 0:
            marked = text[: self.chars * MARKUP_A_CHARACTER]
            self.shown.append(unescape(_MARKUP.sub("", _PARAGRAPH.sub("\n", marked)))[: self.chars])
            self.chars -= len(self.shown[-1])

    def macro_sheets(self) -> None:
        """Excel 4 macro sheets and Basic of OpenDocument: there, and not read yet."""
        for name in self.package.members:
            sheet = name.startswith(("xl/macrosheets/", "xl/intlmacrosheets/")) and not name.endswith(".rels")
            if sheet or (_BASIC.match(name) and not name.endswith(("script-lb.xml", "script-lc.xml", "dialog-lb.xml"))):
                self._say("office.macro-sheet" if sheet else "office.basic-macro", name, "")
                self._stop(State.UNSUPPORTED, f"{'Excel 4' if sheet else 'OpenDocument'} macros are not read")

    def _object(self, name: str, content: bytes) -> None:
        """An OLE object: files wrapped in it, else the object itself."""
        files = native_files(content, self.most)
        for file_name, inner in files or [(name.rpartition("/")[2], content)]:
            self._child(file_name, inner, name)

    def _child(self, name: str, content: bytes, place: str) -> None:
        if len(self.children) >= EMBEDDED:
            self._stop(State.LIMIT, f"more than {EMBEDDED} embedded files")
        elif content:
            self._say("office.embedded-file", place, name)
            self.children.append(Child(name, content, len(content)))


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
