"""Hashing a password many times, the costly part of opening an Office Open XML document ([MS-OFFCRYPTO] 2.3.4.7)."""

import hashlib

_DIGESTS = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA384": hashlib.sha384, "SHA512": hashlib.sha512}
#: Milliseconds of one round.
_ROUND = {"SHA1": 0.00063, "SHA256": 0.00063, "SHA384": 0.0009, "SHA512": 0.0009}
#: The hashes that are read, as [MS-OFFCRYPTO] 2.3.4.10 names them.
NAMES = frozenset(_DIGESTS)


def hashed(name: str, content: bytes) -> bytes:
    """One hash."""
    return _DIGESTS[name](content).digest()


def milliseconds(name: str, rounds: int) -> float:
    """Work of so many rounds, never nothing."""
    return max(_ROUND[name] * rounds, 0.01)


def spun(name: str, password: str, salt: bytes, rounds: int) -> bytes:
    """The password's hash after all rounds, each with its number in front."""
    digest = _DIGESTS[name]
    value = digest(salt + password.encode("utf-16-le", "surrogatepass")).digest()
    for count in range(rounds):
        value = digest(count.to_bytes(4, "little") + value).digest()
    return value
