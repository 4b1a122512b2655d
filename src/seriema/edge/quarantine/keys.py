"""The key file: one key a line as "id key" in hexadecimal, the last one seals, all of them open.

It lies outside the quarantine, so that whoever gets the disk or the backup of one has nothing yet; lose it, and what is
held cannot be read by anybody.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from seriema.model.errors import ConfigurationError, QuarantineUnavailable

ID_BYTES, KEY_BYTES = 8, 32
_OTHERS = 0o007


class Keys:
    """Keys by their ids, read anew when the file has changed. Raises QuarantineUnavailable or ConfigurationError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version: tuple[int, int] = (0, 0)
        self._keys: dict[bytes, bytes] = {}

    @classmethod
    def of_file(cls, path: Path) -> "Keys":
        """Those of a file; one is made, readable by its owner only, if there is none yet."""
        keys = cls(path)
        if not path.exists():
            keys._write({**_fresh()})
        keys.all()
        return keys

    def all(self) -> dict[bytes, bytes]:
        """Every key by its id, the sealing one last."""
        try:
            found = self._path.stat()
            if (found.st_mtime_ns, found.st_ino) != self._version:
                if found.st_mode & _OTHERS:
                    raise ConfigurationError(f"quarantine key {self._path}: others may use the file; chmod 600 it")
                self._keys = _parsed(self._path.read_text("ascii"), self._path)
                self._version = (found.st_mtime_ns, found.st_ino)
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "no text"
            raise QuarantineUnavailable(f"quarantine key {self._path}: {why}") from None
        return self._keys

    @property
    def sealing(self) -> tuple[bytes, bytes]:
        """Id and key for what is sealed now."""
        return list(self.all().items())[-1]

    def add(self) -> bytes:
        """Put a new key at the end, which seals from now on; its id."""
        fresh = _fresh()
        self._write(self.all() | fresh)
        return next(iter(fresh))

    def drop_others(self, kept: bytes) -> None:
        """Forget every key but one. Nothing may be sealed with the others any more."""
        self._write({kept: self.all()[kept]})

    def _write(self, keys: dict[bytes, bytes]) -> None:
        """Whole or not at all."""
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.writelines(f"{name.hex()} {key.hex()}\n" for name, key in keys.items())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise QuarantineUnavailable(f"quarantine key {self._path}: {error.strerror}") from None


def _fresh() -> dict[bytes, bytes]:
    return {secrets.token_bytes(ID_BYTES): secrets.token_bytes(KEY_BYTES)}


def _parsed(text: str, path: Path) -> dict[bytes, bytes]:
    keys = {}
    for line in text.splitlines():
        try:
            name, key = (bytes.fromhex(one) for one in line.split(" "))
        except ValueError:
            name = key = b""
        if (len(name), len(key)) != (ID_BYTES, KEY_BYTES):
            raise ConfigurationError(f"quarantine key {path}: a line that is no key")
        keys[name] = key
    if not keys:
        raise ConfigurationError(f"quarantine key {path}: no key")
    return keys


def sync_folder(folder: Path) -> None:
    """A name in a folder is safe once the folder is written (fsync(2), notes)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
