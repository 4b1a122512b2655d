"""The memory's secret: what is looked up is hashed with it, what is sealed is encrypted with it.

Keyed BLAKE2b (RFC 7693, 2.5) with a purpose of its own for every class of keys; without the key file the database shows
neither which ids, subjects or texts it knows nor what it sealed. The file is made once, beside the database, mode 0600.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from seriema.model.errors import ConfigurationError, MemoryUnavailable

_BYTES = 32
_NONCE = 12


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The secret, and what is derived from it."""

    secret: bytes

    @classmethod
    def random(cls) -> "Keyring":
        """For a memory that dies with its process."""
        return cls(secrets.token_bytes(_BYTES))

    @classmethod
    def of_file(cls, path: Path) -> "Keyring":
        """Read the secret, or make it if there is no file yet.

        Raises ConfigurationError for a file that is no key, MemoryUnavailable when it can be neither read nor made.
        """
        try:
            if not path.exists():
                _make(path)
            secret = bytes.fromhex(path.read_text("ascii").strip())
        except OSError as error:
            raise MemoryUnavailable(f"memory key {path}: {error.strerror}") from None
        except ValueError:
            secret = b""
        if len(secret) != _BYTES:
            raise ConfigurationError(f"memory key {path}: not a key of {_BYTES} bytes in hexadecimal")
        return cls(secret)

    def number(self, purpose: str, value: str) -> int:
        """A signed 64-bit key for a value; equal values of another purpose have another one."""
        return _number(self.secret, purpose, value)

    def derived(self, purpose: str) -> bytes:
        """A key of 256 bits for another use."""
        return hashlib.blake2b(digest_size=_BYTES, key=self.secret, person=purpose.encode()).digest()

    def sealed(self, bound_to: str, content: bytes) -> bytes:
        """Encrypted with AES-256-GCM (NIST SP 800-38D; a random nonce of 96 bits each), bound to what it belongs to."""
        nonce = secrets.token_bytes(_NONCE)
        sealed: bytes = nonce + _cipher(self).encrypt(nonce, content, bound_to.encode())
        return sealed

    def unsealed(self, bound_to: str, sealed: bytes) -> bytes | None:
        """What was sealed; None when it was sealed with another key or belongs to something else."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see _cipher

        try:
            content: bytes = _cipher(self).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
        except InvalidTag:
            return None
        return content


@lru_cache(16_384)  # a mail's keys are asked for when it is joined, when it is judged and when it is stored
def _number(secret: bytes, purpose: str, value: str) -> int:
    digest = _hasher(secret, purpose).copy()
    digest.update(value.encode("utf-8", "replace"))
    return int.from_bytes(digest.digest(), "big", signed=True)


@cache
def _hasher(secret: bytes, purpose: str) -> hashlib.blake2b:
    """A keyed hash that has read nothing yet: copying it is faster than making one."""
    return hashlib.blake2b(digest_size=8, key=secret, person=purpose.encode())


@cache
def _cipher(keyring: Keyring) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 20 ms, for few mails

    return AESGCM(keyring.derived("seal"))


def _make(path: Path) -> None:
    """Write the file whole before it gets its name, so that no other process reads half a key."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{secrets.token_hex(_BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)  # another process was first: its key counts
    finally:
        draft.unlink()
