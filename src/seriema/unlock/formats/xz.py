"""xz files, of one stream or several (The .xz File Format 1.2)."""

import lzma
from collections.abc import Iterator

from seriema.model.artifact import Artifact
from seriema.model.limits import Limits
from seriema.unlock.format import Container, Format
from seriema.unlock.streams import MEMORY, Decompressor, joined, single

_MAGIC = b"\xfd7zXZ\x00"


def recognise(content: bytes) -> bool:
    """Whether it begins with a stream header."""
    return content.startswith(_MAGIC)


def _decompressor() -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    return joined("xz", _decompressor, chunks, recognise)


def _open(artifact: Artifact, content: bytes, _limits: Limits) -> Container:
    return single(artifact, content, "xz", _unpacked)


FORMAT = Format(name="xz", kinds=frozenset({"xz"}), recognise=recognise, open=_open)
