"""The bytes of one cabinet folder, unfolded block by block ([MS-CAB] 2.4, 3.1; [MS-MCI] for MSZIP).

A folder is one stream that its files share, so it is read once, in their order. Quantum and LZX have no codec here and
are named.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from seriema.model.errors import LimitReached, Malformed, Unsupported
from seriema.unlock.cab.directory import FolderEntry

_BLOCK = struct.Struct("<LHH")
#: Opened bytes of one block, and how far an MSZIP block may reach back.
_BLOCK_BYTES = 0x8000
_MSZIP_MARK = b"CK"
_METHOD_BITS = 0x0F
METHODS = {0: "stored", 1: "MSZIP", 2: "Quantum", 3: "LZX"}


class Folder:
    """Reads slices of one folder. Files that lie one behind the other cost one pass together."""

    def __init__(self, content: bytes, entry: FolderEntry, reserve: int, spend: Callable[[int], None]) -> None:
        self._blocks = partial(_unfolded, content, entry, reserve)
        self._spend = spend
        self.method = METHODS.get(entry.compression & _METHOD_BITS, f"method {entry.compression & _METHOD_BITS}")
        self._restart()

    def _restart(self) -> None:
        self._stream = self._blocks()
        self._block, self._at = b"", 0  #: the block last unfolded, and its offset in the folder

    def slice(self, offset: int, size: int) -> Iterator[bytes]:
        """The bytes from ``offset``, block by block. ``Malformed`` when the folder has fewer."""
        if offset < self._at:
            self._restart()
        end = offset + size
        while offset < end:
            while offset >= self._at + len(self._block):
                self._next()
            piece = self._block[offset - self._at : end - self._at]
            yield piece
            offset += len(piece)

    def _next(self) -> None:
        """Go on by one block; every block is paid for, so that files in a contrary order cannot go on for ever."""
        self._at += len(self._block)
        self._block = b""
        self._block = next(self._stream, b"")
        if not self._block:
            raise Malformed("its folder holds fewer bytes than the file needs")
        self._spend(len(self._block))


class Budget:
    """Bytes that all folders of a cabinet may unfold to, passes that begin again included."""

    def __init__(self, most: int) -> None:
        self._left = most

    def spend(self, size: int) -> None:
        """Take from the budget; ``LimitReached`` when it is used up."""
        self._left -= size
        if self._left < 0:
            raise LimitReached("the folders of the cabinet unfold to more bytes than allowed")


def _unfolded(content: bytes, entry: FolderEntry, reserve: int) -> Iterator[bytes]:
    method, at, history = entry.compression & _METHOD_BITS, entry.data_at, b""
    if method not in (0, 1):
        raise Unsupported(f"compression {METHODS.get(method, f'method {method}')}")
    for _ in range(entry.blocks):
        packed, size, at = _packed(content, at, reserve)
        history = _inflated(packed, size, history) if method else packed
        if len(history) != size or not size:
            raise Malformed("a block does not unfold to its declared size")
        yield history


def _packed(content: bytes, at: int, reserve: int) -> tuple[bytes, int, int]:
    """The data of the block at ``at``, its opened size, and where the next begins."""
    begin = at + _BLOCK.size + reserve
    if begin > len(content):
        raise Malformed("the cabinet ends within a folder")
    checksum, stored, size = _BLOCK.unpack_from(content, at)
    packed = content[begin : begin + stored]
    if len(packed) < stored or size > _BLOCK_BYTES:
        raise Malformed("the cabinet ends within a folder" if len(packed) < stored else "a block is too large")
    if checksum and checksum != _checksum(packed) ^ _checksum(content[at + 4 : at + _BLOCK.size]):
        raise Malformed("the checksum of a block does not agree")
    return packed, size, begin + stored


def _inflated(packed: bytes, size: int, history: bytes) -> bytes:
    if not packed.startswith(_MSZIP_MARK):
        raise Malformed("an MSZIP block without its mark")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS, zdict=history) if history else zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return inflate.decompress(packed[len(_MSZIP_MARK) :], size + 1)
    except zlib.error as error:
        raise Malformed(f"MSZIP: {error}") from None


def _checksum(data: bytes) -> int:
    """Little-endian words, one XORed with the other; what is left over counts with its first byte highest (3.1)."""
    whole = len(data) & ~3
    words = int(np.bitwise_xor.reduce(np.frombuffer(data[:whole], "<u4"), initial=0))
    return words ^ int.from_bytes(data[whole:], "big")
