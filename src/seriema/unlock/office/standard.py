"""Standard encryption of Office Open XML ([MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9), Office 2007: AES in ECB mode.

The verifier proves the password; the package itself has no checksum but those of the ZIP that it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import unpack_from
from typing import cast

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from seriema.model.errors import Malformed, Unsupported
from seriema.unlock.format import Key, Lock
from seriema.unlock.office.hashing import hashed, milliseconds, spun

_ROUNDS = 50_000
_ALGORITHMS = {0x660E: 16, 0x660F: 24, 0x6610: 32, 0: 16}
_EXTERNAL, _AES = 0x10, 0x20
_HASHES = (0x8004, 0)
_HEADER, _VERIFIER = 32, 72
_CHUNK = 1 << 16
_HASH = "SHA1"


@dataclass(frozen=True, slots=True)
class Standard:
    """The parameters of one document's encryption."""

    key_bytes: int
    salt: bytes
    verifier: bytes
    verifier_hash: bytes

    def lock(self) -> Lock:
        """The lock of the package."""

        def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
            for index, password in enumerate(passwords):
                key = self.fitted(password)
                if key is not None:
                    yield index, key

        cost = milliseconds(_HASH, _ROUNDS)
        return Lock(f"AES-{self.key_bytes * 8} standard", cost, fits, spelled=False)

    def fitted(self, password: str) -> bytes | None:
        """The key when the password passes the verifier (2.3.4.9)."""
        key = self._key(password)
        opened = _ecb(key, self.verifier + self.verifier_hash)
        proof = hashed(_HASH, opened[: len(self.verifier)])
        return key if opened[len(self.verifier) :][: len(proof)] == proof else None

    def _key(self, password: str) -> bytes:
        """2.3.4.7."""
        final = hashed(_HASH, spun(_HASH, password, self.salt, _ROUNDS) + bytes(4))
        halves = (bytes(byte ^ mask for byte in final.ljust(64, b"\0")) for mask in (0x36, 0x5C))
        return b"".join(hashed(_HASH, half) for half in halves)[: self.key_bytes]

    def package(self, sealed: bytes, key: Key | None) -> Iterator[bytes]:
        """The package in pieces; ``Malformed`` when it is shorter than it says."""
        size = int.from_bytes(sealed[:8], "little")
        if size > (len(sealed) - 8) // 16 * 16:
            raise Malformed("the encrypted package breaks off")
        for at in range(0, size, _CHUNK):
            piece = sealed[8 + at : 8 + at + _CHUNK]
            yield _ecb(cast("bytes", key), piece[: len(piece) // 16 * 16])[: size - at]


def read_parameters(info: bytes) -> Standard:
    """An EncryptionInfo stream (2.3.4.5), its version included."""
    if len(info) < 12 + _HEADER:
        raise Malformed("the encryption header breaks off")
    flags, size = unpack_from("<II", info, 4)
    algorithm, hashing, bits = unpack_from("<8xIII", info, 12)
    if flags & _EXTERNAL or not flags & _AES or algorithm not in _ALGORITHMS or hashing not in _HASHES:
        raise Unsupported(f"Office encryption with algorithm {algorithm:#x}")
    key_bytes = bits // 8 or _ALGORITHMS[algorithm]
    if key_bytes not in (16, 24, 32):
        raise Malformed(f"an AES key of {bits} bits")
    verifier = info[12 + size :][:_VERIFIER]
    if len(verifier) < _VERIFIER:
        raise Malformed("the encryption header breaks off")
    return Standard(key_bytes, verifier[4:20], verifier[20:36], verifier[40:72])


def _ecb(key: bytes, sealed: bytes) -> bytes:
    return Cipher(AES(key), modes.ECB()).decryptor().update(sealed)  # noqa: S305 - what the format prescribes
