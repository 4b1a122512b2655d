"""Documents that are encrypted for everybody: the standard security handler with the empty user password.

Follows ISO 32000-2, 7.6.4: such a document restricts printing or editing, and opens without asking. One that asks for a
password is the unlock room's.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from seriema.examine.pdf_objects import string_at

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_BLOCK = 16
_AES_SALT = b"sAlT"
_ROUNDS = 64  #: least rounds of the hash of revision 6; it ends soon after, and never beyond 255 + 32


@dataclass(frozen=True, slots=True)
class Handler:
    """How to decrypt one document's streams. ``method`` is V2 (RC4), AESV2, AESV3 or Identity."""

    key: bytes
    method: str

    def decrypted(self, raw: bytes, number: int, generation: int) -> bytes:
        """One stream's bytes (7.6.3): broken padding is left as it is."""
        if self.method == "Identity":
            return raw
        if self.method == "AESV3":
            return _aes(self.key, raw)
        salt = number.to_bytes(4, "little")[:3] + generation.to_bytes(4, "little")[:2]
        extra = _AES_SALT if self.method == "AESV2" else b""
        key = hashlib.md5(self.key + salt + extra, usedforsecurity=False).digest()[: min(len(self.key) + 5, 16)]
        return _aes(key, raw) if self.method == "AESV2" else _rc4(key, raw)


def open_for_everybody(syntax: bytes) -> Handler | None:
    """The handler when the empty user password opens the document; None when it asks for one.

    ``syntax`` holds the encryption dictionary and the file identifier.
    """
    at = _dictionary(syntax)
    if at is None:
        return None
    values = _Values(at, syntax)
    if values.revision >= 5:  # noqa: PLR2004 - AES-256 came with revision 5
        return _modern(values)
    return _classic(values)


class _Values:
    """The entries of the encryption dictionary (table 20 and 21)."""

    def __init__(self, dictionary: bytes, syntax: bytes) -> None:
        self.revision = _integer(dictionary, b"R", 0)
        self.version = _integer(dictionary, b"V", 0)
        self.bits = _integer(dictionary, b"Length", 40)
        self.permissions = _integer(dictionary, b"P", 0)
        self.owner = _string(dictionary, b"O")
        self.user = _string(dictionary, b"U")
        self.user_key = _string(dictionary, b"UE")
        self.metadata = re.search(rb"/EncryptMetadata\s{1,9}false", dictionary) is None
        found = re.search(rb"/ID\s{0,9}\[\s{0,9}(?=[(<])", syntax)
        self.identifier = string_at(syntax, found.end()) if found else b""
        method = re.search(rb"/CFM\s{0,9}/(\w{2,10})", dictionary)
        self.method = method[1].decode("ascii") if method else "V2"
        if re.search(rb"/StmF\s{0,9}/Identity", dictionary):
            self.method = "Identity"


def _dictionary(syntax: bytes) -> bytes | None:
    """The encryption dictionary, direct or by reference."""
    found = re.search(rb"/Encrypt\s{0,9}(?:(\d{1,10})\s{1,9}\d{1,5}\s{1,9}R|<<)", syntax)
    if found is None:
        return None
    if not found[1]:
        return syntax[found.start() : found.start() + 4096]
    opened = re.search(rb"(?<!\d)0*" + found[1].lstrip(b"0") + rb"\s{1,9}\d{1,5}\s{1,9}obj", syntax)
    if opened is None:
        return None
    end = syntax.find(b"endobj", opened.end())
    return syntax[opened.end() : end if end >= 0 else opened.end() + 4096]


def _integer(dictionary: bytes, name: bytes, default: int) -> int:
    found = re.search(rb"/" + name + rb"\s{1,9}(-?\d{1,12})", dictionary)
    return int(found[1]) if found else default


def _string(dictionary: bytes, name: bytes) -> bytes:
    found = re.search(rb"/" + name + rb"\s{0,9}(?=[(<])", dictionary)
    return string_at(dictionary, found.end()) if found else b""


def _classic(values: _Values) -> Handler | None:
    """Revisions 2 to 4: algorithm 2 for the key, 4 and 5 to check it."""
    size = 5 if values.revision < 3 else min(max(values.bits // 8, 5), 16)  # noqa: PLR2004 - revision 2 knows 40 bits
    if values.revision == 4:  # noqa: PLR2004 - crypt filters came with revision 4, always with 128 bits
        size = 16
    permissions = (values.permissions & 0xFFFFFFFF).to_bytes(4, "little")
    seed = _PADDING + values.owner[:32] + permissions + values.identifier
    if values.revision >= 4 and not values.metadata:  # noqa: PLR2004 - as above
        seed += b"\xff\xff\xff\xff"
    key = hashlib.md5(seed, usedforsecurity=False).digest()
    if values.revision >= 3:  # noqa: PLR2004 - fifty more rounds
        for _ in range(50):
            key = hashlib.md5(key[:size], usedforsecurity=False).digest()
    key = key[:size]
    check = _rc4(key, _PADDING)
    if values.revision >= 3:  # noqa: PLR2004 - the identifier is hashed, and encrypted twenty times
        check = hashlib.md5(_PADDING + values.identifier, usedforsecurity=False).digest()
        for step in range(20):
            check = _rc4(bytes(byte ^ step for byte in key), check)
    if not values.user or check[:16] != values.user[:16]:
        return None
    return Handler(key, values.method if values.version >= 4 else "V2")  # noqa: PLR2004 - before version 4 there is RC4 only


def _modern(values: _Values) -> Handler | None:
    """Revisions 5 and 6: algorithm 2.A with the empty password."""
    if len(values.user) < 48 or len(values.user_key) < 32:  # noqa: PLR2004 - hash and two salts; a 256-bit key
        return None
    digest: Callable[[bytes], bytes] = _hardened if values.revision >= 6 else _plain  # noqa: PLR2004 - algorithm 2.B
    if digest(values.user[32:40]) != values.user[:32]:
        return None
    intermediate = digest(values.user[40:48])
    decryptor = Cipher(AES(intermediate), modes.CBC(bytes(_BLOCK))).decryptor()
    return Handler(decryptor.update(values.user_key[:32]), "Identity" if values.method == "Identity" else "AESV3")


def _plain(salt: bytes) -> bytes:
    return hashlib.sha256(salt).digest()


def _hardened(salt: bytes) -> bytes:
    """Algorithm 2.B for the empty password."""
    key = hashlib.sha256(salt).digest()
    for step in range(256 + 32):
        encryptor = Cipher(AES(key[:16]), modes.CBC(key[16:32])).encryptor()
        block = encryptor.update(key * 64)
        key = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(block[:16]) % 3](block).digest()
        if step >= _ROUNDS - 1 and block[-1] <= step + 1 - 32:
            break
    return key[:32]


def _rc4(key: bytes, raw: bytes) -> bytes:
    """RC4 goes round its key, so that a repeated key is the same key: one of the library's lengths fits nearly all."""
    fitting = next((key * times for times in range(1, 5) if len(key) * times * 8 in ARC4.key_sizes), None)
    if fitting is None:
        return _slow_rc4(key, raw)
    return Cipher(ARC4(fitting), None).encryptor().update(raw)


def _slow_rc4(key: bytes, raw: bytes) -> bytes:
    """For the odd lengths that no library takes."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 0xFF
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in raw:
        i = (i + 1) & 0xFF
        j = (j + state[i]) & 0xFF
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 0xFF])
    return bytes(out)


def _aes(key: bytes, raw: bytes) -> bytes:
    if len(raw) < 2 * _BLOCK:
        return b""
    body = raw[_BLOCK : len(raw) // _BLOCK * _BLOCK]
    return Cipher(AES(key), modes.CBC(raw[:_BLOCK])).decryptor().update(body)
