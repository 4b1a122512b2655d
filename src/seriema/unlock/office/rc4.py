"""RC4 encryption of the legacy formats: Office 97–2000 ([MS-OFFCRYPTO] 2.3.6) and the CryptoAPI variant (2.3.5).

The verifier is 16 random bytes and their hash, so that a password which fits it is the right one. The content has no
checksum. Both derive one key for each block of a stream from what a password gives.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from struct import unpack_from

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext

from seriema.model.errors import Malformed, Unsupported
from seriema.unlock.format import Key, Lock

#: Work of one try, measured at about 10 µs.
COST = 0.02
_SALT, _VERIFIER = 16, 16
_RC4, _FROM_FLAGS = 0x6801, 0
_EXTERNAL = 0x10
_SHA1, _FROM_PROVIDER = 0x8004, 0
_KEY_BITS = range(40, 129, 8)
_DEFAULT_BITS = 40
_SHORT_KEY = 5
_HEADER = 32  #: least bytes of an EncryptionHeader, before the provider's name

#: From a block's number to its key.
BlockKeys = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Encryption:
    """What stands in a legacy document's encryption header, and how a password becomes keys."""

    scheme: str
    salt: bytes
    verifier: bytes
    verifier_hash: bytes
    digest: str
    bits: int

    def keys(self, password: str) -> BlockKeys:
        """The keys of a password, right or wrong."""
        written = password.encode("utf-16-le", "surrogatepass")
        return self._first(written) if self.digest == "md5" else self._crypto_api(written)

    def _first(self, written: bytes) -> BlockKeys:
        """2.3.6.2: 40 bits, whatever the password."""
        short = _md5(written)[:_SHORT_KEY]
        intermediate = _md5((short + self.salt) * 16)[:_SHORT_KEY]
        return lambda block: _md5(intermediate + block.to_bytes(4, "little"))

    def _crypto_api(self, written: bytes) -> BlockKeys:
        """2.3.5.2; a key of 40 bits is filled up with zeros."""
        start, size = _sha1(self.salt + written), self.bits // 8
        fill = bytes(11) if size == _SHORT_KEY else b""
        return lambda block: _sha1(start + block.to_bytes(4, "little"))[:size] + fill

    def fitted(self, password: str) -> BlockKeys | None:
        """The keys when the password passes the verifier (2.3.5.6, 2.3.6.4)."""
        keys = self.keys(password)
        opened = _stream(keys(0)).update(self.verifier + self.verifier_hash)
        hashed = hashlib.new(self.digest, opened[:_VERIFIER], usedforsecurity=False).digest()
        return keys if opened[_VERIFIER:] == hashed else None

    def lock(self) -> Lock:
        """The lock of the whole document."""

        def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
            for index, password in enumerate(passwords):
                keys = self.fitted(password)
                if keys is not None:
                    yield index, keys

        return Lock(self.scheme, COST, fits, spelled=False)


def read_header(header: bytes) -> Encryption:
    """The encryption header of a legacy document: EncryptionInfo by its version (2.3.5.1, 2.3.6.1)."""
    if len(header) < 4:  # noqa: PLR2004 - the version
        raise Malformed("the encryption header breaks off")
    major, minor = unpack_from("<HH", header)
    if (major, minor) == (1, 1):
        salt, verifier, hashed = _cut(header[4:], _SALT, _VERIFIER, 16)
        return Encryption("RC4", salt, verifier, hashed, "md5", _DEFAULT_BITS)
    if major in (2, 3, 4) and minor == 2:  # noqa: PLR2004 - the versions of 2.3.5.1
        return _read_crypto_api(header)
    raise Unsupported(f"Office encryption of version {major}.{minor}")


def _read_crypto_api(header: bytes) -> Encryption:
    if len(header) < 12 + _HEADER:
        raise Malformed("the encryption header breaks off")
    flags, size = unpack_from("<II", header, 4)
    algorithm, hashing, bits = unpack_from("<8xIII", header, 12)
    if flags & _EXTERNAL or algorithm not in (_RC4, _FROM_FLAGS) or hashing not in (_SHA1, _FROM_PROVIDER):
        raise Unsupported(f"Office encryption with algorithm {algorithm:#x}")
    bits = bits or _DEFAULT_BITS
    if bits not in _KEY_BITS:
        raise Malformed(f"an RC4 key of {bits} bits")
    if _fitting(bytes(bits // 8)) is None:
        raise Unsupported(f"RC4 with a key of {bits} bits")
    _, salt, verifier, _, hashed = _cut(header[12 + size :], 4, _SALT, _VERIFIER, 4, 20)
    return Encryption(f"RC4 CryptoAPI {bits}", salt, verifier, hashed, "sha1", bits)


def _cut(content: bytes, *sizes: int) -> tuple[bytes, ...]:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(content[at : at + size])
        at += size
    if at > len(content):
        raise Malformed("the encryption header breaks off")
    return tuple(pieces)


def decrypted(content: bytes, keys: BlockKeys, block_size: int) -> bytes:
    """A stream in blocks, each with its own key, counted from the stream's start."""
    starts = range(0, len(content), block_size)
    return b"".join(_stream(keys(block)).update(content[at : at + block_size]) for block, at in enumerate(starts))


def decrypted_piece(content: bytes, keys: BlockKeys, block: int) -> bytes:
    """One piece that has a key of its own."""
    return _stream(keys(block)).update(content)


def _stream(key: bytes) -> CipherContext:
    fitting = _fitting(key)
    assert fitting is not None
    return Cipher(ARC4(fitting), None).encryptor()


def _fitting(key: bytes) -> bytes | None:
    """RC4 goes round its key, so that a repeated key is the same key: for most lengths one that the library takes."""
    return next((key * times for times in range(1, 5) if len(key) * times * 8 in ARC4.key_sizes), None)


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()


def _sha1(content: bytes) -> bytes:
    return hashlib.sha1(content, usedforsecurity=False).digest()
