"""What a compound file or a ZIP is by what lies in it: document, message, installer, program or plain archive."""

import re
from collections.abc import Container

from seriema.examine.compound import Compound, open_compound
from seriema.examine.kinds import KINDS
from seriema.examine.package import open_package
from seriema.model.artifact import FileClass
from seriema.model.errors import HostileInput

#: Streams that only one kind of compound file has, in lower case; the first that is there decides.
_STREAMS = (
    ("encryptedpackage", "encrypted-office"),
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
    ("pp40", "ppt"),
    ("__properties_version1.0", "outlook-message"),
    ("visiodocument", "visio"),
    ("quill/quillsub/contents", "publisher"),
    ("hwpsummaryinformation", "hwp"),
    ("\x05hwpsummaryinformation", "hwp"),
)
#: Class identifiers of Windows Installer databases, transforms and patches.
_INSTALLER = frozenset(f"000c108{digit}-0000-0000-c000-000000000046" for digit in "2346")

#: Members by which a ZIP is known, in lower case; the first that is there decides.
_MEMBERS = (
    ("androidmanifest.xml", "apk"),
    ("meta-inf/manifest.mf", "jar"),
    ("appxmanifest.xml", "msi"),
    ("appxmetadata/appxbundlemanifest.xml", "msi"),
    ("index/document.iwa", "iwork"),
    ("index.zip", "iwork"),
    ("gadget.xml", "gadget"),
)
#: Kinds that are a ZIP without such a member, by name only.
_NAMED_ZIPS = frozenset({"jar", "apk", "ipa", "theme", "gadget", "browser-extension"})
_MIMETYPES = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.", "odp"),
    (b"application/epub+zip", "epub"),
    (b"application/hwp+zip", "hwp"),
)
#: Main parts by what their content type names (ECMA-376, MS-XLSB), most telling first.
_CONTENT_TYPES = (
    (rb"vnd\.ms-word\.(?:document|template)\.macroenabled", "docm"),
    (rb"vnd\.ms-excel\.sheet\.binary", "xlsb"),
    (rb"vnd\.ms-excel\.(?:sheet|template|addin)\.macroenabled", "xlsm"),
    (rb"vnd\.ms-powerpoint\.(?:presentation|template|slideshow|addin|slide)\.macroenabled", "pptm"),
    (rb"wordprocessingml\.(?:document|template)\.main", "docx"),
    (rb"spreadsheetml\.(?:sheet|template)\.main", "xlsx"),
    (rb"presentationml\.(?:presentation|template|slideshow)\.main", "pptx"),
    (rb"vnd\.ms-visio\.", "visio"),
)
_TYPES = tuple((re.compile(pattern), kind) for pattern, kind in _CONTENT_TYPES)
_WITH_MACROS = {"docx": "docm", "xlsx": "xlsm", "pptx": "pptm"}
_FOLDERS = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("visio/", "visio"))
#: Bounds of what is read to name a kind; a real list of content types is a few kilobytes.
_MEMBERS_READ, _TYPES_READ = 20_000, 1 << 20


def compound_kind(content: bytes, named: str) -> str:
    """The kind of an OLE compound file; "ole" when nothing in it tells, or its own name where that is Office."""
    try:
        compound = open_compound(content)
    except HostileInput:
        return "ole"
    for stream, kind in _STREAMS:
        if stream in compound.entries:
            return kind
    if str(compound.entries[""].clsid) in _INSTALLER or _installer_streams(compound):
        return "msi"
    return named if named and KINDS[named].file_class is FileClass.OFFICE else "ole"


def _installer_streams(compound: Compound) -> bool:
    """Installer tables have names out of a private range ([MS-MSI] stores names in U+3800 … U+4840)."""
    return any("\u3800" <= path[0] <= "\u4840" for path in compound.entries if path)


def zip_kind(content: bytes, named: str) -> str:
    """The kind of a ZIP; "zip" when it is an archive only, encrypted, unreadable as a package, or called one.

    A shell opens by name: what is called .zip is unpacked, however much it looks like a document inside.
    """
    if named == "zip":
        return named
    try:
        package = open_package(content, _MEMBERS_READ, _TYPES_READ)
        if "[content_types].xml" in package.members:
            return _office_kind(package.read("[Content_Types].xml", _TYPES_READ), tuple(package.members))
        if "mimetype" in package.members:
            declared = package.read("mimetype", 1024)
            return next((kind for start, kind in _MIMETYPES if declared.startswith(start)), "zip")
    except HostileInput:
        return "zip"
    return _program_kind(package.members, named)


def _program_kind(members: Container[str], named: str) -> str:
    """Programs that are shipped as ZIP, by the member that each must have."""
    for member, kind in _MEMBERS:
        if member in members:
            return kind
    return named if named in _NAMED_ZIPS else "zip"


def _office_kind(types: bytes, members: tuple[str, ...]) -> str:
    """By the content types that the package declares; without a known one by the folder of its main part."""
    declared = types.replace(b"\0", b"").lower()
    macros = b"vbaproject" in declared or any(name.endswith("vbaproject.bin") for name in members)
    kind = next((kind for pattern, kind in _TYPES if pattern.search(declared)), "")
    if not kind and "appxmanifest.xml" in members:
        return "msi"
    if not kind:
        kind = next((kind for folder, kind in _FOLDERS if any(name.startswith(folder) for name in members)), "zip")
    return _WITH_MACROS.get(kind, kind) if macros else kind
