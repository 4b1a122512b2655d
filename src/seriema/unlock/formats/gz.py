"""gzip files, of one member or several (RFC 1952)."""

import zlib
from collections.abc import Iterator
from dataclasses import replace

from seriema.model.artifact import Artifact
from seriema.model.errors import Malformed
from seriema.model.finding import Finding
from seriema.model.limits import Limits
from seriema.unlock.format import Container, Format
from seriema.unlock.streams import inner_name, joined, single

_MAGIC = b"\x1f\x8b\x08"
_HEADER, _FLAGS = 10, 3
_EXTRA, _NAME = 0x04, 0x08
_LONGEST_NAME = 1024
_GZIP = 16 + zlib.MAX_WBITS


class _Inflate:
    """zlib's object in the shape of the other decompressors; it checks CRC-32 and size at the end."""

    def __init__(self) -> None:
        self.inflate = zlib.decompressobj(_GZIP)
        self.waiting = b""
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self.inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self.inflate.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        out = self.inflate.decompress(self.waiting + data, max_length)
        self.waiting = self.inflate.unconsumed_tail
        self.needs_input = not self.waiting and len(out) < max_length
        return out


def recognise(content: bytes) -> bool:
    """Whether it begins with a member."""
    return content.startswith(_MAGIC)


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    return joined("gzip", _Inflate, chunks, recognise)


def _name(content: bytes) -> str:
    """The original name that the first header gives; "" without one."""
    flags, at = content[_FLAGS], _HEADER
    if flags & _EXTRA:
        at += 2 + int.from_bytes(content[at : at + 2], "little")
    if not flags & _NAME:
        return ""
    end = content.find(b"\0", at, at + _LONGEST_NAME)
    if end < 0:
        raise Malformed("gzip: a name without end")
    return _decoded(content[at:end])


def _decoded(name: bytes) -> str:
    """Latin-1 says the RFC; most write UTF-8."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _open(artifact: Artifact, content: bytes, _limits: Limits) -> Container:
    if not recognise(content) or len(content) < _HEADER:
        raise Malformed("no gzip header")
    name, outer = _name(content), inner_name(artifact.name)
    listed = single(artifact, content, "Deflate", _unpacked, name)
    if name and outer.rpartition(".")[2].lower() != name.rpartition(".")[2].lower() and "." in outer:
        told = f"the header says {name}, the file's name {outer}"
        listed = replace(listed, findings=(Finding("gz.two-names", artifact.id, name, told),))
    return listed


FORMAT = Format(name="gz", kinds=frozenset({"gz"}), recognise=recognise, open=_open)
