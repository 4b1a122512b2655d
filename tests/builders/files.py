"""The smallest files of each kind that show a point, built in memory."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from seriema.examine import Examined, examine, identify
from seriema.model.artifact import Artifact
from seriema.model.limits import Limits


def artifact(content: bytes, name: str = "", **changes: object) -> Artifact:
    known = identify(content, name)
    values = {"id": "1", "path": (name or "part 1",), "name": name, "kind": known.kind, "file_class": known.file_class}
    return Artifact(**{**values, "size": len(content), **changes})


def examined(content: bytes, name: str = "", limits: Limits | None = None, **changes: object) -> Examined:
    return examine(artifact(content, name, **changes), content, limits or Limits())


def names_of(seen: Examined) -> set[str]:
    return {finding.name for finding in seen.findings}


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, compression)
    return out.getvalue()


def package(parts: Mapping[str, str | bytes], main: str = "wordprocessingml.document.main+xml") -> bytes:
    types = f'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{main}"/></Types>'
    contents = {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()}
    return zipped({"[Content_Types].xml": types.encode(), **contents})


def external(kind: str, target: str) -> str:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relationship = f'<Relationship Id="r" Type="{office}/{kind}" Target="{target}" TargetMode="External"/>'
    return f"<Relationships>{relationship}</Relationships>"


def windows_program(*, library: bool = False, wide: bool = True) -> bytes:
    dos = b"MZ" + bytes(58) + struct.pack("<I", 64)
    header = struct.pack("<HHIIIHH", 0x8664 if wide else 0x14C, 0, 0, 0, 0, 0, 0x2000 if library else 2)
    return dos + b"PE\0\0" + header + struct.pack("<H", 0x20B if wide else 0x10B) + bytes(200)


def link(target: str = "", arguments: str = "", environment: str = "", name: str = "", icon: str = "") -> bytes:
    """A Windows shortcut ([MS-SHLLINK]) with those parts."""
    strings = ((4, name), (8, ""), (0x10, ""), (0x20, arguments), (0x40, icon))
    flags = 0x80 | sum(flag for flag, text in strings if text) | (2 if target else 0) | (0x200 if environment else 0)
    header = struct.pack("<I", 76) + bytes.fromhex("0114020000000000c000000000000046") + struct.pack("<I", flags)
    out = header.ljust(76, b"\0")
    if target:
        path = target.encode("cp1252") + b"\0"
        out += struct.pack("<IIIIIII", 28 + len(path) + 1, 28, 1, 28, 28, 0, 28 + len(path)) + path + b"\0"
    for _, text in strings:
        if text:
            out += struct.pack("<H", len(text)) + text.encode("utf-16-le")
    if environment:
        block = environment.encode("cp1252").ljust(260, b"\0") + environment.encode("utf-16-le").ljust(520, b"\0")
        out += struct.pack("<II", 788, 0xA0000001) + block
    return out + bytes(4)


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R " + trailer + b">>\n%%EOF\n"


def stream(content: bytes, dictionary: bytes = b"", *, deflated: bool = True) -> bytes:
    data = zlib.compress(content) if deflated else content
    coding = b"/Filter /FlateDecode " if deflated else b""
    return b"<< %s%s/Length %d >>\nstream\n%s\nendstream" % (dictionary, coding, len(data), data)


def ole1_object(class_name: str, content: bytes) -> bytes:
    """An embedded object as RTF holds it ([MS-OLEDS] 2.2.5)."""
    name = class_name.encode() + b"\0"
    return struct.pack("<III", 0x0501, 2, len(name)) + name + bytes(8) + struct.pack("<I", len(content)) + content


def wrapped_file(name: str, content: bytes) -> bytes:
    """A file as the Packager wraps it."""
    path = name.encode("cp1252") + b"\0"
    return (
        struct.pack("<H", 2) + path + path + struct.pack("<HHI", 0, 3, len(path)) + path
        + struct.pack("<I", len(content)) + content
    )  # fmt: skip


def der(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    size = len(body)
    length = bytes((size,)) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return bytes((tag,)) + length + body
