"""Places where bytes lie, read by offset as often as wanted, so that no mailbox has to fit into memory."""

import io
import os
import stat
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from seriema.model.errors import LimitReached

#: Bytes moved at a time.
CHUNK = 1 << 20
#: Standard input larger than this is refused: it would have to be kept on disk.
SPOOL_BYTES = 64 << 30


class Store(ABC):
    """Bytes in a fixed order, ``size`` of them. Reading raises OSError."""

    __slots__ = ()
    size: int

    @abstractmethod
    def read(self, offset: int, length: int) -> bytes:
        """The bytes from ``offset`` on, at most ``length``; fewer only at the end."""

    def pieces(self, offset: int, length: int) -> Iterator[bytes]:
        """The same in pieces of bounded size."""
        for start in range(offset, offset + length, CHUNK):
            yield self.read(start, min(CHUNK, offset + length - start))


@dataclass(frozen=True, slots=True)
class OnDisk(Store):
    """A file, opened anew for each read, so that a million of them need no million descriptors."""

    path: str
    size: int

    def read(self, offset: int, length: int) -> bytes:
        """As ``Store.read``; OSError when the file is gone or may not be read."""
        with open(self.path, "rb", buffering=0) as file:  # noqa: PTH123  surrogate-escaped names stay plain strings
            return _read(file.fileno(), offset, length)


@dataclass(frozen=True, slots=True)
class Held(Store):
    """Bytes in memory; for what is small and can be read only once."""

    content: bytes = field(repr=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", len(self.content))

    def read(self, offset: int, length: int) -> bytes:
        """As ``Store.read``."""
        return self.content[offset : offset + length]


@dataclass(frozen=True, slots=True)
class Opened(Store):
    """An open file, read from its beginning whatever its position."""

    file: BinaryIO
    size: int

    def read(self, offset: int, length: int) -> bytes:
        """As ``Store.read``."""
        return _read(self.file.fileno(), offset, length)


class Spooled(Opened):
    """A nameless temporary file; it vanishes with the last reference."""

    __slots__ = ()

    def __del__(self) -> None:
        self.file.close()


def spool(chunks: Iterator[bytes], limit: int = SPOOL_BYTES) -> Store:
    """Keep a stream so that it can be read again: in memory while it is small, else in a temporary file.

    Raises LimitReached when it is longer than ``limit`` bytes, OSError when it cannot be read or kept.
    """
    held = b""
    for chunk in chunks:
        held += chunk
        if len(held) > CHUNK:
            break
    else:
        return Held(held)
    file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the inputs that lie in it
    size = file.write(held)
    for chunk in chunks:
        size += file.write(chunk)
        if size > limit:
            file.close()
            raise LimitReached(f"longer than {limit} bytes")
    file.flush()
    return Spooled(file, size)


def stream(file: BinaryIO) -> Store:
    """Standard input or a pipe as a store; a file behind it is not copied. Raises as ``spool`` does."""
    try:
        status = os.fstat(file.fileno())
    except OSError:  # no real file
        return spool(_pieces(file))
    return Opened(file, status.st_size) if stat.S_ISREG(status.st_mode) else spool(_pieces(file))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """What a stream gives until its end, in chunks."""
    while chunk := file.read(CHUNK):
        yield chunk


def _read(descriptor: int, offset: int, length: int) -> bytes:
    """``os.pread`` until ``length`` bytes or the end: one call may give fewer."""
    parts = []
    while length > 0 and (part := os.pread(descriptor, min(length, 1 << 30), offset)):
        parts.append(part)
        offset += len(part)
        length -= len(part)
    return b"".join(parts)


class Seekable(io.RawIOBase):
    """A store as the seekable file that ``zipfile`` wants; one read of more than ``limit`` bytes is refused."""

    def __init__(self, store: Store, limit: int) -> None:
        super().__init__()
        self._store = store
        self._limit = limit
        self._position = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move; OSError before the beginning."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._store.size}[whence]
        if start + offset < 0:
            raise OSError("seek before the beginning")
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        """Where the next read begins."""
        return self._position

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; LimitReached when that would be more than the limit."""
        left = max(0, self._store.size - self._position)
        wanted = left if size < 0 else min(size, left)
        if wanted > self._limit:
            raise LimitReached(f"a directory of more than {self._limit} bytes")
        content = self._store.read(self._position, wanted)
        self._position += len(content)
        return content
