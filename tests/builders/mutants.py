"""Damage that is the same in every run."""

import random

_PATCHES = [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\0\0", b"\x80", b"\1\0\0\0"]


def mutated(whole: bytes, number: int, first: int = 0, last: int | None = None) -> bytes:
    """Bytes flipped, cut, repeated and replaced, between ``first`` and ``last``."""
    dice = random.Random(number)
    data = bytearray(whole)
    for _ in range(dice.randint(1, 6)):
        end = min(len(data), last or len(data))
        at, length, kind = dice.randrange(first, max(first + 1, end)), dice.randint(1, 40), dice.randrange(6)
        if kind == 0:
            data[at : at + 1] = bytes([dice.randrange(256)])
        elif kind in (1, 2):
            patch = dice.choice(_PATCHES)
            data[at : at + len(patch)] = patch
        elif kind == 3:
            data[at : at + length] = dice.randbytes(length)
        elif kind == 4 and dice.random() < 0.3:
            del data[at : at + length]
        elif dice.random() < 0.3:
            del data[at:]
        data = data or bytearray(b"x")
    return bytes(data)
