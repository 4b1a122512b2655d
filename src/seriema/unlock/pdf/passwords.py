"""Whether a password opens a PDF: the standard security handler (ISO 32000-2, 7.6.4), revisions 2 to 6.

Both passwords count: one for everybody who may read, and the owner's. Entries U and O of the encryption dictionary hold
what each must come to, so that a try reads nothing of the document.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from seriema.unlock.format import spellings

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_ROUNDS, _LAST = 64, 288  #: of the hash of revision 6: at least so many; a byte is never so large that more are needed
_LONGEST = 127  #: bytes of a password from revision 5 on
#: Work of one try of both passwords by revision, measured.
_COSTS = {2: 0.025, 3: 0.5, 4: 0.5, 5: 0.005, 6: 2.5}
REVISIONS = frozenset(_COSTS)


@dataclass(frozen=True, slots=True)
class Handler:
    """The entries of one encryption dictionary that passwords are checked with (tables 20 and 21)."""

    revision: int
    key_bytes: int
    owner: bytes
    user: bytes
    owner_key: bytes  #: OE and UE, from revision 5 on
    user_key: bytes
    permissions: int
    metadata: bool  #: metadata is encrypted too
    identifier: bytes  #: first element of the trailer's ID

    @property
    def cost(self) -> float:
        """Work of one try."""
        return _COSTS[self.revision]

    def key(self, password: bytes) -> bytes | None:
        """The document's key, when this is the user's or the owner's password."""
        if self.revision >= 5:  # noqa: PLR2004 - AES-256 came with revision 5
            return self._modern_key(password[:_LONGEST])
        return self._classic_key(_padded(password)) or self._classic_key(self._user_of(_padded(password)))

    def _modern_key(self, password: bytes) -> bytes | None:
        """Algorithms 2.A, 11 and 12."""
        hashed = _hardened if self.revision >= 6 else _plain  # noqa: PLR2004 - algorithm 2.B came with revision 6
        user, owner = self.user[:48], self.owner[:48]
        for entry, sealed, more in ((user, self.user_key, b""), (owner, self.owner_key, user)):
            if hashed(password, entry[32:40], more) == entry[:32]:
                intermediate = hashed(password, entry[40:48], more)
                return Cipher(AES(intermediate), modes.CBC(bytes(16))).decryptor().update(sealed[:32])
        return None

    def _key(self, padded: bytes) -> bytes:
        """Algorithm 2, from step (b) on."""
        permissions = (self.permissions & 0xFFFFFFFF).to_bytes(4, "little")
        seed = padded + self.owner[:32] + permissions + self.identifier
        if self.revision >= 4 and not self.metadata:  # noqa: PLR2004 - crypt filters came with revision 4
            seed += b"\xff\xff\xff\xff"
        return self._rehashed(seed)

    def _rehashed(self, seed: bytes) -> bytes:
        key = _md5(seed)[: self.key_bytes]
        for _ in range(50 if self.revision >= 3 else 0):  # noqa: PLR2004 - revision 2 hashes once
            key = _md5(key)[: self.key_bytes]
        return key

    def _classic_key(self, padded: bytes) -> bytes | None:
        """Algorithms 4 to 6: the key of a user's password."""
        key = self._key(padded)
        if self.revision == 2:  # noqa: PLR2004 - the padding itself is encrypted
            return key if _rc4(key, _PADDING) == self.user[:32] else None
        check = _md5(_PADDING + self.identifier)
        for step in range(20):
            check = _rc4(_masked(key, step), check)
        return key if check == self.user[:16] else None

    def _user_of(self, padded: bytes) -> bytes:
        """Algorithm 7: the user's password, as the owner's opens it."""
        key, found = self._owner_key(padded), self.owner[:32]
        for step in range(19 if self.revision >= 3 else 0, -1, -1):  # noqa: PLR2004 - revision 2 encrypts once
            found = _rc4(_masked(key, step), found)
        return found

    def _owner_key(self, padded: bytes) -> bytes:
        """Algorithm 3, steps (a) to (d): as revisions go, the rounds hash all 16 bytes."""
        key = _md5(padded)
        for _ in range(50 if self.revision >= 3 else 0):  # noqa: PLR2004 - revision 2 hashes once
            key = _md5(key)
        return key[: self.key_bytes]


def written(password: str, revision: int) -> Iterator[bytes]:
    """The bytes that a password may stand for: a code page up to revision 4, UTF-8 after SASLprep from 5 on."""
    if revision < 5:  # noqa: PLR2004 - AES-256 came with revision 5
        yield from spellings(password)
        return
    for form in dict.fromkeys((unicodedata.normalize("NFKC", password), password)):
        yield form.encode("utf-8", "surrogatepass")


def _padded(password: bytes) -> bytes:
    return (password + _PADDING)[:32]


def _masked(key: bytes, step: int) -> bytes:
    return bytes(byte ^ step for byte in key)


def _plain(password: bytes, salt: bytes, user: bytes) -> bytes:
    """Revision 5, as Adobe's extension level 3 had it."""
    return hashlib.sha256(password + salt + user).digest()


def _hardened(password: bytes, salt: bytes, user: bytes) -> bytes:
    """Algorithm 2.B."""
    key = _plain(password, salt, user)
    for step in range(_LAST):
        encryptor = Cipher(AES(key[:16]), modes.CBC(key[16:32])).encryptor()
        block = encryptor.update((password + key + user) * 64)
        key = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(block[:16]) % 3](block).digest()
        if step >= _ROUNDS - 1 and block[-1] <= step + 1 - 32:
            break
    return key[:32]


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()


def _rc4(key: bytes, content: bytes) -> bytes:
    """RC4 goes round its key, so that a repeated key is the same key: one of the library's lengths fits nearly all."""
    fitting = next((key * times for times in range(1, 5) if len(key) * times * 8 in ARC4.key_sizes), None)
    if fitting is None:
        return _slow_rc4(key, content)
    return Cipher(ARC4(fitting), None).encryptor().update(content)


def _slow_rc4(key: bytes, content: bytes) -> bytes:
    """For the odd lengths that no library takes."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 0xFF
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in content:
        i = (i + 1) & 0xFF
        j = (j + state[i]) & 0xFF
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 0xFF])
    return bytes(out)
