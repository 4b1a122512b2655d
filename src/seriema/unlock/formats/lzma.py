"""LZMA files of the old kind, ``.lzma`` (LZMA specification, "The .lzma file format"): properties, size, one stream."""

import lzma
from collections.abc import Iterator

from seriema.model.artifact import Artifact
from seriema.model.limits import Limits
from seriema.unlock.format import Container, Format
from seriema.unlock.streams import MEMORY, Decompressor, joined, single


def _decompressor() -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=MEMORY)


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    return joined("LZMA", _decompressor, chunks, lambda _: False)


def _open(artifact: Artifact, content: bytes, _limits: Limits) -> Container:
    return single(artifact, content, "LZMA", _unpacked)


#: Without a signature of its own it goes by the kind alone.
FORMAT = Format(name="lzma", kinds=frozenset({"lzma"}), recognise=lambda _: False, open=_open)
