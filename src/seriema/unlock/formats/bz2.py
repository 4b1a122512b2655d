"""bzip2 files, of one stream or several."""

import bz2
import re
from collections.abc import Iterator

from seriema.model.artifact import Artifact
from seriema.model.limits import Limits
from seriema.unlock.format import Container, Format
from seriema.unlock.streams import joined, single

#: Magic and block size, then the first block, or the end of an empty stream.
_START = re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)")


def recognise(content: bytes) -> bool:
    """Whether it begins with a stream."""
    return _START.match(content) is not None


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    return joined("bzip2", bz2.BZ2Decompressor, chunks, lambda rest: rest.startswith(b"BZh"))


def _open(artifact: Artifact, content: bytes, _limits: Limits) -> Container:
    return single(artifact, content, "BZip2", _unpacked)


FORMAT = Format(name="bz2", kinds=frozenset({"bz2"}), recognise=recognise, open=_open)
