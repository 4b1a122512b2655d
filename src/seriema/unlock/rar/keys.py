"""From passwords to keys, and data decrypted with them.

RAR 5 and 7: PBKDF2-HMAC-SHA256 with up to 2^24 iterations; the key, the key of the checksums and the check value are
three stages of one derivation (RARLAB, "RAR 5.0 archive format", "Archive encryption header", "File encryption
record"). RAR 2.9 to 4: SHA-1 over 2^18 copies of password, salt and counter, AES-128 in CBC (unrar, ``crypt3.cpp``).
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes

from seriema.model.errors import LimitReached, Unsupported
from seriema.unlock.format import Key, Lock
from seriema.unlock.rar.entries import RAR5_VERSION, Cipher

AES_BLOCK = 16
#: Largest logarithm of iterations that unrar accepts.
MOST_ROUNDS = 24
#: Passwords are cut to this many characters by every version.
_LONGEST = 127
_CHUNK = 1 << 16

#: Work units, measured: 2^15 iterations of HMAC-SHA256 take 10 ms, the 2^18 copies of RAR 3 take 8 ms.
_RAR5_COST, _RAR5_COST_ROUNDS = 10.0, 15
_RAR3_COST = 8.0
_LEGACY_COST = 0.2
#: More different salts than this cost more to derive than any honest archive does; the budget cannot see them.
_SALTS = 64

_COPIES, _STRETCHES = 1 << 14, 16
#: From here on RAR 3 hashes a password that its own SHA-1 has overwritten (unrar, ``sha1_process_rar29``).
LONGEST_RAR3 = 28


@dataclass(frozen=True, slots=True)
class Derived:
    """What a password gives with one salt. ``iv`` is RAR 3's, ``hash_key`` RAR 5's."""

    password: str
    key: bytes
    iv: bytes = b""
    hash_key: bytes = b""


@dataclass(slots=True)
class Keys:
    """The derivations of one archive, each paid for once."""

    known: dict[tuple[str, bytes, int], Derived] = field(default_factory=dict)

    def of(self, password: str, cipher: Cipher) -> Derived:
        """The keys of a password that is believed. ``LimitReached`` when an archive has too many salts."""
        place = (password, cipher.salt, cipher.rounds)
        if place not in self.known:
            if len(self.known) >= _SALTS:
                raise LimitReached(f"more than {_SALTS} salts")
            self.known[place] = derived(password, cipher)
        return self.known[place]


def derived(password: str, cipher: Cipher) -> Derived:
    """Derive key and IV, or the three keys of RAR 5."""
    if cipher.version < RAR5_VERSION:
        return _derived3(password[:_LONGEST], cipher.salt)
    raw, count = _spelled5(password), 1 << cipher.rounds
    key, hash_key = (hashlib.pbkdf2_hmac("sha256", raw, cipher.salt, count + more) for more in (0, 16))
    return Derived(password, key, hash_key=hash_key)


def fitting5(password: str, cipher: Cipher) -> bool:
    """Whether a password agrees with the check value."""
    stage = hashlib.pbkdf2_hmac("sha256", _spelled5(password), cipher.salt, (1 << cipher.rounds) + 32)
    return _folded(stage, 8) == cipher.check


def _spelled5(password: str) -> bytes:
    return password[:_LONGEST].encode("utf-8", "surrogatepass")


def _folded(data: bytes, size: int) -> bytes:
    return bytes(np.bitwise_xor.reduce(np.frombuffer(data, np.uint8).reshape(-1, size), axis=0))


def _derived3(password: str, salt: bytes) -> Derived:
    """All copies with their counters are laid out at once, so that the hash runs at its own speed."""
    seed = password.encode("utf-16-le", "surrogatepass") + salt
    copies = np.empty((_COPIES, len(seed) + 3), np.uint8)
    copies[:, :-3] = np.frombuffer(seed, np.uint8)
    low = np.arange(_COPIES, dtype=np.uint32)
    copies[:, -3] = low & 0xFF
    digest, iv = hashlib.sha1(usedforsecurity=False), bytearray()
    for stretch in range(_STRETCHES):
        number = low + stretch * _COPIES
        copies[:, -2], copies[:, -1] = number >> 8 & 0xFF, number >> 16
        laid = copies.data.cast("B")
        digest.update(laid[: len(seed) + 3])
        iv.append(digest.digest()[-1])
        digest.update(laid[len(seed) + 3 :])
    key = np.frombuffer(digest.digest()[:AES_BLOCK], ">u4").astype("<u4").tobytes()
    return Derived(password, key, bytes(iv))


def decrypted(sealed: Iterator[bytes], key: bytes, iv: bytes) -> Iterator[bytes]:
    """AES-CBC over chunks of any size; what is no whole block at the end is left out, as unrar does."""
    decryptor = BlockCipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    for chunk in sealed:
        yield decryptor.update(chunk)


def start_of(cipher: Cipher, keys: Derived) -> bytes:
    """The IV of a file's data."""
    return cipher.iv or keys.iv


def tweaked(checksum: bytes, hash_key: bytes) -> bytes:
    """RAR 5's keyed form of a checksum: a CRC-32 folded to its size again, BLAKE2 whole."""
    code = hmac.new(hash_key, checksum, "sha256").digest()
    return _folded(code, 4) if len(checksum) == 4 else code  # noqa: PLR2004 - bytes of a CRC-32


# -- locks -------------------------------------------------------------------------------------------------------------


def lock_of(cipher: Cipher, keys: Keys, reading: float) -> Lock:
    """The lock of all files with this cipher and salt. ``reading``: work of finding by reading that a key is wrong."""
    if cipher.version >= RAR5_VERSION:
        return _lock5(cipher, keys, reading)
    if cipher.version < 29:  # noqa: PLR2004 - RAR 2.9 brought AES
        return _lock(_scheme(cipher), _LEGACY_COST + reading, lambda password: Derived(password, b""))
    return _lock(_scheme(cipher), _RAR3_COST + reading, lambda password: derived(password, cipher))


def _scheme(cipher: Cipher) -> str:
    if cipher.version >= RAR5_VERSION:
        return "AES-256"
    return "AES-128" if cipher.version >= 29 else "RAR 2.0 cipher"  # noqa: PLR2004 - as above


def _lock(scheme: str, cost: float, derive: Callable[[str], Derived]) -> Lock:
    """No check value: only a read with the right CRC-32 tells, which is no proof against a made-up archive."""

    def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
        return ((index, derive(password)) for index, password in enumerate(passwords) if password)

    return Lock(scheme, cost, fits, chance=1.0, authenticated=False, spelled=False)


def _lock5(cipher: Cipher, keys: Keys, reading: float) -> Lock:
    cost = derivation_cost(cipher)
    if cipher.check is None:
        return _lock(_scheme(cipher), 2 * cost + reading, lambda password: derived(password, cipher))

    def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
        return (
            (index, keys.of(password, cipher))
            for index, password in enumerate(passwords)
            if password and fitting5(password, cipher)
        )

    return Lock(_scheme(cipher), cost, fits, spelled=False)


def derivation_cost(cipher: Cipher) -> float:
    """Work units of one derivation. ``Unsupported`` above the iterations that unrar would do."""
    if cipher.version < RAR5_VERSION:
        return _RAR3_COST
    if cipher.rounds > MOST_ROUNDS:
        raise Unsupported(f"2^{cipher.rounds} iterations of key derivation")
    return _RAR5_COST * 2.0 ** (cipher.rounds - _RAR5_COST_ROUNDS) + 0.01


def slices(content: memoryview, pieces: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """The stored bytes of a file, over all volumes."""
    for start, end in pieces:
        for at in range(start, end, _CHUNK):
            yield bytes(content[at : min(at + _CHUNK, end)])
