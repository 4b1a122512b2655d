"""Encryption of 7z: AES-256 in CBC mode, the key from up to 2^24 rounds of SHA-256 (7zip's 7zAes.cpp).

No salt is used in practice, so one derivation serves every folder of an archive, its header too. There is no verifier:
whether a key is right shows in what comes out.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from seriema.model.errors import LimitReached, Malformed

METHOD = bytes.fromhex("06f10701")
#: What 7-Zip itself reads at most, and the power that stands for no hashing at all.
_MOST_POWER, _NO_HASH = 24, 0x3F
_KEY, _BLOCK, _COUNTER = 32, 16, 8
#: Rounds hashed in one piece.
_PIECE = 1 << 13
#: Work units of 2^19 rounds: 11 to 20 ms for passwords of 3 to 20 characters, measured with SHA instructions.
_COST, _COST_POWER = 15.0, 19
_LEAST_COST = 0.05


@dataclass(frozen=True, slots=True)
class Scheme:
    """What stands between a password and its key."""

    power: int  #: of two: the rounds
    salt: bytes

    @property
    def cost(self) -> float:
        """Work units of one derivation."""
        return _LEAST_COST if self.power == _NO_HASH else _LEAST_COST + _COST * 2.0 ** (self.power - _COST_POWER)

    def derive(self, password: str) -> bytes:
        """The key. Rounds are hashed in pieces made by NumPy: five times as fast as a call for each."""
        seed = self.salt + password.encode("utf-16-le", "surrogatepass")
        if self.power == _NO_HASH:
            return seed[:_KEY].ljust(_KEY, b"\0")
        rounds = 1 << self.power
        rows = np.empty((min(rounds, _PIECE), len(seed) + _COUNTER), np.uint8)
        rows[:, : len(seed)] = np.frombuffer(seed, np.uint8)
        digest = hashlib.sha256()
        for start in range(0, rounds, len(rows)):
            counters = np.arange(start, start + len(rows), dtype="<u8")
            rows[:, len(seed) :] = counters.view(np.uint8).reshape(-1, _COUNTER)
            digest.update(rows.data)
        return digest.digest()


@dataclass(slots=True)
class Keys:
    """The keys of one archive, each password derived once."""

    scheme: Scheme
    known: dict[str, bytes] = field(default_factory=dict)

    def of(self, password: str) -> bytes:
        """The key of a password."""
        if password not in self.known:
            self.known[password] = self.scheme.derive(password)
        return self.known[password]


def scheme_of(properties: bytes) -> tuple[Scheme, bytes]:
    """Derivation and IV as a coder's properties give them. ``LimitReached`` where a key would take too long."""
    if len(properties) < 2:  # noqa: PLR2004 - the two bytes that say how long salt and IV are
        raise Malformed("AES without its properties")
    first, second = properties[:2]
    power = first & 0x3F
    salt_size = (first >> 7 & 1) + (second >> 4)
    iv_size = (first >> 6 & 1) + (second & 0x0F)
    if len(properties) != 2 + salt_size + iv_size:
        raise Malformed("AES properties of a wrong length")
    if power > _MOST_POWER and power != _NO_HASH:
        raise LimitReached(f"a key of 2^{power} rounds")
    salt = properties[2 : 2 + salt_size]
    return Scheme(power, salt), properties[2 + salt_size :].ljust(_BLOCK, b"\0")


def decrypted(chunks: Iterator[bytes], key: bytes, iv: bytes) -> Iterator[bytes]:
    """The plain data, its padding included; ``Malformed`` when it does not end with a block."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    size = 0
    for chunk in chunks:
        size += len(chunk)
        yield decryptor.update(chunk)
    if size % _BLOCK:
        raise Malformed("encrypted data that ends within a block")
