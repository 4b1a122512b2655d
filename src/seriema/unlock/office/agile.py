"""Agile encryption of Office Open XML ([MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15), Office 2010 and later.

The password opens a random key, which opens the package in segments. A verifier proves the password, an HMAC the
package; the HMAC may be missing.
"""

import hmac
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from xml.etree import ElementTree as ET

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from seriema.model.errors import LimitReached, Malformed, Unsupported
from seriema.unlock.format import Key, Lock
from seriema.unlock.office.hashing import NAMES, hashed, milliseconds, spun

#: More rounds are a trap: Office counts 100,000, the specification allows a hundred times that.
MOST_ROUNDS = 1_000_000
_DESCRIPTION = 1 << 16  #: bytes of XML that are read
_NAMESPACE = "{http://schemas.microsoft.com/office/2006/encryption}"
_BY_PASSWORD = "{http://schemas.microsoft.com/office/2006/keyEncryptor/password}encryptedKey"  # noqa: S105 - an element
_BLOCK, _SEGMENT, _SIZE = 16, 4096, 8
_INPUT, _VALUE, _KEY = (bytes.fromhex(block) for block in ("fea7d2763b4b9e79", "d7aa0f6d3061344e", "146e0be7abacd0d6"))
_HMAC_KEY, _HMAC_VALUE = (bytes.fromhex(block) for block in ("5fb2ad010cb9e1f6", "a0677f02b22c8433"))
_FILL = b"\x36"


@dataclass(frozen=True, slots=True)
class _Parameters:
    """Cipher and hash of one element, checked."""

    salt: bytes
    key_bytes: int
    hash_name: str
    hash_bytes: int

    def iv(self, block: bytes) -> bytes:
        """2.3.4.12: the salt, hashed with a block key where there is one."""
        return _fitted(hashed(self.hash_name, self.salt + block), _BLOCK)


@dataclass(frozen=True, slots=True)
class Agile:
    """The description of one document's encryption."""

    data: _Parameters
    password: _Parameters
    rounds: int
    verifier_input: bytes
    verifier_value: bytes
    key_value: bytes
    hmac_key: bytes | None
    hmac_value: bytes | None

    def lock(self) -> Lock:
        """The lock of the package; its keys are the package's."""

        def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
            for index, password in enumerate(passwords):
                key = self.fitted(password)
                if key is not None:
                    yield index, key

        cost = milliseconds(self.password.hash_name, self.rounds)
        return Lock(f"AES-{self.data.key_bytes * 8} agile", cost, fits, spelled=False)

    def fitted(self, password: str) -> bytes | None:
        """The package's key when the password passes the verifier (2.3.4.13)."""
        own = self.password
        spent = spun(own.hash_name, password, own.salt, self.rounds)

        def opened(block: bytes, sealed: bytes) -> bytes:
            return _cbc(_fitted(hashed(own.hash_name, spent + block), own.key_bytes), _fitted(own.salt, _BLOCK), sealed)

        shown = opened(_INPUT, self.verifier_input)[: len(own.salt)]
        if hashed(own.hash_name, shown) != opened(_VALUE, self.verifier_value)[: own.hash_bytes]:
            return None
        return opened(_KEY, self.key_value)[: self.data.key_bytes]

    def package(self, sealed: bytes, key: Key | None) -> Iterator[bytes]:
        """The package in segments; ``Malformed`` at the end when its HMAC does not agree (2.3.4.14, 2.3.4.15)."""
        secret, left = cast("bytes", key), int.from_bytes(sealed[:_SIZE], "little")
        if left > len(sealed) - _SIZE:
            raise Malformed("the encrypted package breaks off")
        for number, at in enumerate(range(_SIZE, _SIZE + left, _SEGMENT)):
            plain = _cbc(secret, self.data.iv(number.to_bytes(4, "little")), sealed[at : at + _SEGMENT])
            if len(plain) < min(left, _SEGMENT):
                raise Malformed("the encrypted package breaks off within a block")
            yield plain[:left]
            left -= len(plain)
        if self.hmac_key is not None and self.hmac_value is not None:
            self._check(sealed, secret, self.hmac_key, self.hmac_value)

    def _check(self, sealed: bytes, secret: bytes, sealed_key: bytes, sealed_value: bytes) -> None:
        size = self.data.hash_bytes
        key = _cbc(secret, self.data.iv(_HMAC_KEY), sealed_key)[:size]
        value = _cbc(secret, self.data.iv(_HMAC_VALUE), sealed_value)[:size]
        if hmac.digest(key, sealed, self.data.hash_name) != value:
            raise Malformed("the HMAC of the encrypted package does not agree")


def read_description(description: bytes) -> Agile:
    """The XML of an EncryptionInfo stream, behind its version. ``LimitReached`` for absurd numbers of rounds."""
    root = _parsed(description)
    data = root.find(f"{_NAMESPACE}keyData")
    keys = list(root.iter(_BY_PASSWORD))
    if data is None or len(keys) > 1:
        raise Malformed("the description of the encryption is not understood")
    if not keys:
        raise Unsupported("encrypted for certificates only")
    integrity, own = root.find(f"{_NAMESPACE}dataIntegrity"), keys[0].attrib
    rounds = _number(own, "spinCount", 10_000_000)
    if rounds > MOST_ROUNDS:
        raise LimitReached(f"{rounds} rounds for each password, more than {MOST_ROUNDS}")
    return Agile(
        _parameters(data.attrib),
        _parameters(own),
        rounds,
        _bytes(own, "encryptedVerifierHashInput"),
        _bytes(own, "encryptedVerifierHashValue"),
        _bytes(own, "encryptedKeyValue"),
        None if integrity is None else _bytes(integrity.attrib, "encryptedHmacKey"),
        None if integrity is None else _bytes(integrity.attrib, "encryptedHmacValue"),
    )


def _parsed(description: bytes) -> ET.Element:
    """Small, and without entities, so that the standard library's parser is safe."""
    if len(description) > _DESCRIPTION:
        raise LimitReached("the description of the encryption is too long")
    if re.search(rb"<\0?!\0?[DE]", description):
        raise Malformed("the description of the encryption holds a document type")
    try:
        return ET.fromstring(description.rstrip(b"\0"))  # noqa: S314 - see above
    except (ET.ParseError, LookupError, ValueError) as error:
        raise Malformed("the description of the encryption is no XML") from error


def _parameters(attributes: Mapping[str, str]) -> _Parameters:
    """``Unsupported`` for another cipher, chaining or hash than are in use."""
    cipher, chaining = attributes.get("cipherAlgorithm", ""), attributes.get("cipherChaining", "")
    hash_name = attributes.get("hashAlgorithm", "").replace("-", "").upper()
    bits = _number(attributes, "keyBits", 256)
    if cipher != "AES" or chaining != "ChainingModeCBC" or hash_name not in NAMES:
        raise Unsupported(f"Office encryption with {cipher} {chaining} {hash_name}"[:100])
    if bits not in (128, 192, 256):
        raise Malformed(f"an AES key of {bits} bits")
    return _Parameters(_bytes(attributes, "saltValue"), bits // 8, hash_name, len(hashed(hash_name, b"")))


def _number(attributes: Mapping[str, str], name: str, most: int) -> int:
    written = attributes.get(name, "")
    if not re.fullmatch("[0-9]{1,9}", written) or int(written) > most:
        raise Malformed(f"{name} is {written[:20]!r}")
    return int(written)


def _bytes(attributes: Mapping[str, str], name: str) -> bytes:
    try:
        return b64decode(attributes[name], validate=False)
    except (KeyError, Base64Error, ValueError) as error:
        raise Malformed(f"{name} cannot be read") from error


def _fitted(content: bytes, size: int) -> bytes:
    """Cut, or filled up as 2.3.4.11 says."""
    return content[:size].ljust(size, _FILL)


def _cbc(key: bytes, iv: bytes, sealed: bytes) -> bytes:
    """All whole blocks."""
    if len(key) not in (16, 24, 32):
        raise Malformed("the key of the package is too short")
    whole = len(sealed) // _BLOCK * _BLOCK
    return Cipher(AES(key), modes.CBC(iv)).decryptor().update(sealed[:whole])
