"""The streams of a compound file, read and replaced where they lie ([MS-CFB]); olefile does the reading.

Decrypting a legacy document changes no stream's size, so that all else stays as it was, byte for byte.
"""

import struct
from collections.abc import Mapping
from io import BytesIO

import olefile

from seriema.model.errors import Malformed

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
#: What olefile and struct raise on hostile containers.
_BROKEN = (
    OSError, struct.error, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, RecursionError,
    AssertionError,
)  # fmt: skip


class Compound:
    """An opened compound file. Every method raises ``Malformed`` for what is not there or broken."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        try:
            self._ole = olefile.OleFileIO(BytesIO(content))
            self.streams = frozenset("/".join(path).lower() for path in self._ole.listdir())
        except _BROKEN as error:
            raise Malformed("the compound file cannot be read", str(error)[:100]) from error

    def read(self, path: str) -> bytes:
        """The bytes of a stream, all that its directory entry declares."""
        try:
            with self._ole.openstream(path) as stream:
                content = bytes(stream.read())
            declared = self._ole.get_size(path)
        except _BROKEN as error:
            raise Malformed("a stream cannot be read", path) from error
        if len(content) != declared:
            raise Malformed("a stream breaks off", path)
        return content

    def replaced(self, streams: Mapping[str, bytes]) -> bytes:
        """The file with these streams' bytes, each as long as it was."""
        file = BytesIO(self.content)
        try:
            ole = olefile.OleFileIO(file)
            for path, content in streams.items():
                ole.write_stream(path, content)
        except _BROKEN as error:
            raise Malformed("a stream cannot be replaced", str(error)[:100]) from error
        return file.getvalue()
