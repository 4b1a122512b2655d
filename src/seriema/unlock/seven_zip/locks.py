"""Passwords of 7z tried: one derivation for each, then the start of a folder unpacked and looked at.

There is no verifier. A wrong key makes noise, and noise is no LZMA stream for long; where the first file ends early,
its CRC-32 decides. So a try costs a derivation and a few kilobytes, not the folder.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from seriema.model.errors import HostileInput
from seriema.unlock.format import Key, Lock
from seriema.unlock.seven_zip.aes import Keys, Scheme
from seriema.unlock.seven_zip.blocks import Packed

#: Output that a try looks at, and how much of it without an error is no noise: of 1,500 folders of noise, 10 of LZMA2
#: and 4 of Deflate64 gave that much, none of LZMA, Deflate, BZip2 and zstd, but 104 of Brotli, which so tells nothing.
_PROBED, _NO_NOISE = 1 << 16, 4096
#: Probability that noise passes, by the codec behind the cipher; 1 where it has no form that could be broken.
_CHANCES = {"LZMA": 1e-4, "LZMA2": 1e-2, "Deflate": 1e-3, "Deflate64": 1e-2, "BZip2": 1e-6, "zstd": 1e-6}
_CRC_CHANCE = 2.0**-32
#: Probability that noise reads as a header, which has no fewer than four fixed bytes.
_HEADER_CHANCE = 1e-6
#: A folder that is only encrypted has nothing but a CRC-32: where a try costs less work, somebody may have searched for
#: a second password to agree with it.
_HARD_TO_FORGE = 1.0


def lock_of(packed: Packed, size: int, crc32: int | None, keys: dict[Scheme, Keys]) -> Lock | None:
    """The lock of a folder, None when it is not encrypted; with size and CRC-32 of its first file."""
    formless = _noise(packed) == 1
    lock = _lock(packed, keys, lambda key: _passes(packed, key, size, crc32))
    if lock is None:
        return None
    proof = size <= _PROBED and crc32 is not None
    hard = not formless or lock.cost >= _HARD_TO_FORGE
    return replace(
        lock, chance=_CRC_CHANCE if proof and formless else _noise(packed), authenticated=crc32 is not None and hard
    )


def header_lock(packed: Packed, keys: dict[Scheme, Keys], reads: Callable[[bytes], bool]) -> Lock | None:
    """The lock of a packed header, None when it is not encrypted. What ``reads`` is a header: few writers add a CRC."""
    return _lock(packed, keys, reads)


def _lock(packed: Packed, keys: dict[Scheme, Keys], passes: Callable[[bytes], bool]) -> Lock | None:
    scheme = packed.scheme()
    if scheme is None:
        return None
    known = keys.setdefault(scheme, Keys(scheme))

    def fits(passwords: Sequence[str]) -> Iterator[tuple[int, Key]]:
        for index, password in enumerate(passwords):
            key = known.of(password)
            if passes(key):
                yield index, key

    return Lock("AES-256", scheme.cost, fits, chance=_HEADER_CHANCE, spelled=False, derivation=scheme)


def _noise(packed: Packed) -> float:
    """Probability that noise unpacks to something."""
    behind = [name for name in packed.methods if name in _CHANCES]
    if not behind:
        return 1.0
    return max(_CHANCES[name] for name in behind)


def _passes(packed: Packed, key: bytes, size: int, crc32: int | None) -> bool:
    """Whether the start of the folder is something."""
    wanted, seen, crc = min(size, _PROBED), 0, 0
    compressed = _noise(packed) < 1
    try:
        for chunk in packed.unpacked(key):
            part = chunk[: wanted - seen]
            seen, crc = seen + len(part), zlib.crc32(part, crc)
            if seen >= wanted:
                break
    except HostileInput:
        return compressed and seen >= _NO_NOISE
    if size <= _PROBED and crc32 is not None and crc != crc32:
        return compressed and seen >= _NO_NOISE
    return True
