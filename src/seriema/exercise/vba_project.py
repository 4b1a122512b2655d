"""Write a VBA project: the streams under ``Macros`` or inside ``vbaProject.bin``. For inert test documents.

Follows [MS-OVBA] 2.3 (PROJECT, PROJECTwm, dir, _VBA_PROJECT, module streams) and 2.4.1 (compression). Only source is
written, no p-code, as 2.3.4.1 asks of writers that are not the VBA editor.
"""

import struct
from collections.abc import Mapping

CHUNK = 4096
CODE_PAGE = 1252
DOCUMENT_MODULES = ("ThisDocument", "ThisWorkbook", "Sheet1")


def vba_project(source: Mapping[str, str], cache: bytes = b"") -> dict[str, bytes]:
    """The project's streams by path for modules of that ``source``.

    ``cache`` stands in each module stream where the editor keeps p-code, before the source.
    """
    modules = {name: cache + compressed(_with_header(name, text)) for name, text in source.items()}
    return {
        "VBA/dir": compressed(_dir(tuple(source), len(cache))),
        "VBA/_VBA_PROJECT": bytes.fromhex("cc61ffff000000"),
        **{f"VBA/{name}": content for name, content in modules.items()},
        "PROJECT": _project(tuple(source)),
        "PROJECTwm": b"".join(_ansi(name) + b"\0" + name.encode("utf-16-le") + b"\0\0" for name in source) + b"\0\0",
    }


def compressed(data: bytes) -> bytes:
    """``data`` as a CompressedContainer (2.4.1.1.1)."""
    chunks = [_chunk(data[start : start + CHUNK]) for start in range(0, len(data), CHUNK)]
    return b"\x01" + b"".join(chunks)


def _chunk(data: bytes) -> bytes:
    """One CompressedChunk (2.4.1.1.4): tokens, or the bytes as they are where tokens would not be smaller."""
    body = _tokens(data)
    if len(body) >= CHUNK:
        return struct.pack("<H", (CHUNK + 2 - 3) | 0x3000) + data.ljust(CHUNK, b"\0")
    return struct.pack("<H", (len(body) + 2 - 3) | 0xB000) + body


def _tokens(data: bytes) -> bytes:
    """Flag bytes, each before its eight literal or copy tokens (2.4.1.3.6 to 2.4.1.3.9)."""
    out = bytearray()
    seen: dict[bytes, int] = {}
    position = 0
    while position < len(data):
        flags, group = 0, bytearray()
        for bit in range(8):
            if position >= len(data):
                break
            length, offset = _match(data, position, seen)
            if length:
                flags |= 1 << bit
                group += _copy_token(position, offset, length)
            else:
                group.append(data[position])
            for passed in range(position, position + max(1, length)):
                seen[data[passed : passed + 3]] = passed
            position += max(1, length)
        out += bytes((flags,)) + group
    return bytes(out)


def _offset_bits(position: int) -> int:
    """How many bits of a copy token hold the offset at this place of a chunk (2.4.1.3.19.1)."""
    return max(4, (position - 1).bit_length())


def _match(data: bytes, position: int, seen: Mapping[bytes, int]) -> tuple[int, int]:
    """Length and offset of the latest earlier equal run, (0, 0) when none of at least three bytes."""
    found = seen.get(data[position : position + 3])
    if found is None or position + 3 > len(data):
        return 0, 0
    longest = min(len(data) - position, (0xFFFF >> _offset_bits(position)) + 3)
    length = 3
    while length < longest and data[found + length] == data[position + length]:
        length += 1
    return length, position - found


def _copy_token(position: int, offset: int, length: int) -> bytes:
    return struct.pack("<H", (offset - 1) << (16 - _offset_bits(position)) | (length - 3))


def _ansi(text: str) -> bytes:
    return text.encode(f"cp{CODE_PAGE}", "replace")


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _number(value: int) -> bytes:
    return struct.pack("<I", value)


def _dir(names: tuple[str, ...], offset: int) -> bytes:
    """The dir stream (2.3.4.2) before compression."""
    information = (
        _record(0x01, _number(1)) + _record(0x02, _number(0x409)) + _record(0x14, _number(0x409))
        + _record(0x03, struct.pack("<H", CODE_PAGE)) + _record(0x04, b"Project")
        + _record(0x05, b"") + _record(0x40, b"") + _record(0x06, b"") + _record(0x3D, b"")
        + _record(0x07, _number(0)) + _record(0x08, _number(0))
        + struct.pack("<HIIH", 0x09, 4, 1, 1) + _record(0x0C, b"") + _record(0x3C, b"")
    )  # fmt: skip
    library = b"*\\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\\Windows\\System32\\stdole2.tlb#OLE Automation"
    reference = (
        _record(0x16, b"stdole")
        + _record(0x3E, "stdole".encode("utf-16-le"))
        + _record(0x0D, _number(len(library)) + library + bytes(6))
    )
    count = _record(0x0F, struct.pack("<H", len(names))) + _record(0x13, b"\xff\xff")
    modules = b"".join(_module(name, offset) for name in names)
    return information + reference + count + modules + _record(0x10, b"")


def _module(name: str, offset: int) -> bytes:
    """One MODULE record (2.3.4.2.3.2)."""
    wide = name.encode("utf-16-le")
    kind = 0x22 if name in DOCUMENT_MODULES else 0x21
    return (
        _record(0x19, _ansi(name)) + _record(0x47, wide) + _record(0x1A, _ansi(name)) + _record(0x32, wide)
        + _record(0x1C, b"") + _record(0x48, b"") + _record(0x31, _number(offset)) + _record(0x1E, _number(0))
        + _record(0x2C, b"\xff\xff") + _record(kind, b"") + _record(0x2B, b"")
    )  # fmt: skip


def _project(names: tuple[str, ...]) -> bytes:
    """The PROJECT stream (2.3.1): plain text that lists the modules once more."""
    listed = [f"Document={name}/&H00000000" if name in DOCUMENT_MODULES else f"Module={name}" for name in names]
    lines = ['ID="{00000000-0000-0000-0000-000000000000}"', *listed, 'Name="Project"', 'HelpContextID="0"',
             'VersionCompatible32="393222000"', "", "[Host Extender Info]", "", "[Workspace]"]  # fmt: skip
    return _ansi("\r\n".join(lines) + "\r\n")


def _with_header(name: str, text: str) -> bytes:
    """A module's source as it is stored: its attributes first (2.3.4.3), lines end with CR LF."""
    body = "\r\n".join(text.splitlines())
    return _ansi(f'Attribute VB_Name = "{name}"\r\n{body}\r\n')
