"""Sealed files, named after their content: ``ab/abcdef….mail`` below one folder.

A file is a magic word, the id of its key, a nonce, and AES-256-GCM (NIST SP 800-38D) over the mail with its envelope;
the mail's name is authenticated with it, so that no file can take another's place. What the register knows at the start
is inside as well: the register can be made anew from the files. A name shows the digest of a mail, nothing else.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seriema.edge.quarantine.entry import Held
from seriema.edge.quarantine.keys import ID_BYTES, Keys, sync_folder
from seriema.model.errors import Malformed, QuarantineUnavailable

_MAGIC = b"SEQ1"
_NONCE = 12
_HEAD = len(_MAGIC) + ID_BYTES + _NONCE
_SUFFIX, _DRAFT, _DAMAGED = ".mail", ".draft", ".damaged"
#: A draft of this age belongs to nobody any more, in seconds.
DRAFT_AGE = 600.0

_DECODER = msgspec.msgpack.Decoder(Held)


class Vault:
    """The folder of sealed files. Raises QuarantineUnavailable when it cannot be used."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.folder, self.keys = folder, keys

    def put(self, held: Held, sha256: str) -> None:
        """Write a mail; it is safe on disk when this returns, and there is never half of it."""
        name, key = self.keys.sealing
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(held), _bound(sha256, name))
        path = self.path(sha256)
        with self._trouble():
            if not path.parent.is_dir():
                path.parent.mkdir(mode=0o700, exist_ok=True)
                sync_folder(self.folder)
            draft = path.with_name(f"{secrets.token_hex(8)}{_DRAFT}")
            try:
                _write(draft, _MAGIC + name + nonce, sealed)
                draft.replace(path)
            except BaseException:
                with suppress(OSError):
                    draft.unlink()
                raise
            sync_folder(path.parent)

    def get(self, sha256: str) -> Held:
        """A mail, checked. Raises Malformed when its file is gone, damaged, or sealed with a key that is not there."""
        path = self.path(sha256)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise Malformed("gone") from None
        except OSError as error:
            raise QuarantineUnavailable(f"quarantine {path}: {error.strerror}") from None
        name, nonce = data[len(_MAGIC) : len(_MAGIC) + ID_BYTES], data[_HEAD - _NONCE : _HEAD]
        if data[: len(_MAGIC)] != _MAGIC or len(data) < _HEAD:
            raise Malformed("damaged")
        key = self.keys.all().get(name)
        if key is None:
            raise Malformed(f"sealed with the key {name.hex()}, which is not there")
        try:
            held = _DECODER.decode(AESGCM(key).decrypt(nonce, data[_HEAD:], _bound(sha256, name)))
        except (InvalidTag, msgspec.MsgspecError):
            raise Malformed("damaged") from None
        if hashlib.sha256(held.raw).hexdigest() != sha256:
            raise Malformed("not the mail it is named after")
        return held

    def key_of(self, sha256: str) -> bytes:
        """The id of the key that a mail is sealed with."""
        with self._trouble(), self.path(sha256).open("rb") as file:
            return file.read(_HEAD)[len(_MAGIC) : len(_MAGIC) + ID_BYTES]

    def drop(self, sha256: str) -> None:
        """Remove a mail if it is there."""
        with self._trouble():
            self.path(sha256).unlink(missing_ok=True)

    def set_aside(self, sha256: str) -> None:
        """Rename a damaged file, so that a person can look at it and nobody takes it for a mail."""
        with self._trouble(), suppress(FileNotFoundError):
            path = self.path(sha256)
            path.replace(path.with_suffix(_DAMAGED))

    def digests(self) -> Iterator[str]:
        """The digests of all mails that are there."""
        with self._trouble():
            for path in self.folder.glob(f"??/*{_SUFFIX}"):
                yield path.stem

    def drafts(self) -> list[Path]:
        """What was left by a process that died while it wrote."""
        oldest = time.time() - DRAFT_AGE
        with self._trouble():
            return [path for path in self.folder.glob(f"??/*{_DRAFT}") if path.stat().st_mtime < oldest]

    def path(self, sha256: str) -> Path:
        """Where a mail lies."""
        return self.folder / sha256[:2] / f"{sha256}{_SUFFIX}"

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise QuarantineUnavailable(f"quarantine {self.folder}: {error.strerror}") from error


def _write(path: Path, *pieces: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(descriptor)


def _bound(sha256: str, key: bytes) -> bytes:
    """What is authenticated beside the content: format, key, and whose place it is."""
    return _MAGIC + key + sha256.encode()
