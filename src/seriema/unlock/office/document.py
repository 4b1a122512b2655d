"""What all encrypted Office documents come to: a lock, and a reader that gives the document without encryption."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from seriema.unlock.format import Key, Lock

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Encrypted:
    """A document whose encryption was understood."""

    lock: Lock
    read: Callable[[Key | None], Iterator[bytes]]
    stored: int  #: bytes that are encrypted, about
    unread: str = ""  #: what of it stays encrypted even with the password


def chunks(content: bytes) -> Iterator[bytes]:
    """In pieces of bounded size."""
    for at in range(0, len(content), _CHUNK):
        yield content[at : at + _CHUNK]
