"""The exercise's only source of chance: everything drawn hangs on a label, so that equal seeds give equal bytes.

What a letter says and what lies in its archive are drawn from children with labels of their own, so that the one
cannot be told from the other.
"""

import random
import re
from hashlib import sha256

ALPHABETS = {
    "d": "0123456789",
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "l": "abcdefghijklmnopqrstuvwxyz",
    "U": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "a": "abcdefghijkmnpqrstuvwxyz23456789",
    "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "B": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
}
_SLOT = re.compile(r"\{([dhHlUaAB])(\d+)\}")


class Dice(random.Random):
    """A seeded generator that remembers its label. Not for secrets."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label

    def child(self, label: str) -> "Dice":
        """An independent generator for one matter; the same however often the parent was used."""
        return Dice(f"{self.label}/{label}")

    @property
    def tag(self) -> str:
        """Twelve hexadecimal digits that stand for the label."""
        return sha256(self.label.encode()).hexdigest()[:12]

    def chance(self, share: float) -> bool:
        """True in ``share`` (0–1) of all cases."""
        return self.random() < share

    def shape(self, pattern: str) -> str:
        """``pattern`` with each slot such as ``{d3}`` (three digits; letters of ``ALPHABETS``) filled in."""
        return _SLOT.sub(lambda slot: "".join(self.choices(ALPHABETS[slot[1]], k=int(slot[2]))), pattern)
