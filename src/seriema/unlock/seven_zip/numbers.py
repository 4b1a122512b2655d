"""The fields a 7z header is written in (7zFormat.txt, "Data types"): numbers of variable length, bits, digests."""

from seriema.model.errors import LimitReached, Malformed

#: Files, folders, streams: nothing that counts more is read. A mail's own limit on members lies far below.
MOST = 100_000
_BYTE = 0x80


class Fields:
    """Reads one header from its start to its end; ``Malformed`` where it ends too early."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self.data) - self.at

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        if size > self.left:
            raise Malformed("the header ends too early")
        taken = self.data[self.at : self.at + size]
        self.at += size
        return taken

    def byte(self) -> int:
        """The next byte."""
        if not self.left:
            raise Malformed("the header ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        """A number of up to 64 bits: the leading ones of its first byte count the bytes that follow."""
        first = self.byte()
        if first < _BYTE:
            return first
        following = 8 - (first ^ 0xFF).bit_length()
        high = first & (0x7F >> following) if following < 8 else 0  # noqa: PLR2004 - all eight bits are ones
        return int.from_bytes(self.take(following), "little") | high << 8 * following

    def count(self, what: str) -> int:
        """A number of things that will be kept."""
        number = self.number()
        if number > MOST:
            raise LimitReached(f"the header counts {number} {what}")
        return number

    def unsigned(self) -> int:
        """Four bytes, little-endian."""
        return int.from_bytes(self.take(4), "little")

    def bits(self, count: int) -> list[bool]:
        """So many bits, the highest of each byte first."""
        packed = int.from_bytes(self.take(-(-count // 8)), "big")
        padding = -count % 8
        return [bool(packed >> (place + padding) & 1) for place in range(count - 1, -1, -1)] if count else []

    def defined(self, count: int) -> list[bool]:
        """Which of so many values follow: all, or those whose bit is set."""
        return [True] * count if self.byte() else self.bits(count)

    def digests(self, count: int) -> list[int | None]:
        """CRC-32 of each of so many streams, None where it is not given."""
        return [self.unsigned() if known else None for known in self.defined(count)]
