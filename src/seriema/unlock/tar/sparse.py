"""Sparse files of GNU tar: stretches that are stored, the rest zeros (GNU tar manual, "Storing Sparse Files")."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seriema.model.errors import LimitReached, Malformed
from seriema.unlock.tar.records import BLOCK, number

_CHUNK = 1 << 16
_MOST_STRETCHES = 10_000
#: Where the old form keeps its map in a header, and in each block that goes on with it.
_FIRST, _FIRST_COUNT, _FIRST_MORE, _REAL_SIZE = 386, 4, 482, slice(483, 495)
_NEXT_COUNT, _NEXT_MORE, _STRETCH = 21, 504, 24
_LONGEST_LINE = 24


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse file: its size, and offset and length of each stored stretch, in order."""

    size: int
    stretches: tuple[tuple[int, int], ...]
    mapped: int = 0  #: bytes of the stored data that are the map

    def __post_init__(self) -> None:
        at = 0
        for offset, length in self.stretches:
            if offset < at or length < 0:
                raise Malformed("a sparse file whose stretches overlap")
            at = offset + length
        if at > self.size:
            raise Malformed("a sparse file smaller than its stretches")

    @property
    def stored(self) -> int:
        """Bytes of all stretches."""
        return sum(length for _, length in self.stretches)

    def filled(self, data: memoryview) -> Iterator[bytes]:
        """The whole file, holes as zeros, in bounded chunks; ``data`` is what is stored behind the map."""
        at, read = 0, 0
        for offset, length in (*self.stretches, (self.size, 0)):
            yield from _zeros(offset - at)
            for start in range(read, read + length, _CHUNK):
                yield bytes(data[start : min(start + _CHUNK, read + length)])
            at, read = offset + length, read + length


def _zeros(count: int) -> Iterator[bytes]:
    while count > 0:
        yield bytes(min(count, _CHUNK))
        count -= _CHUNK


def old_map(block: bytes, content: bytes, start: int) -> Sparse:
    """The map in a header of type S, which may go on at ``start``; ``mapped`` says how far."""
    stretches = [*_stretches(block, _FIRST, _FIRST_COUNT)]
    more, at = block[_FIRST_MORE], start
    while more:
        if len(stretches) > _MOST_STRETCHES:
            raise LimitReached(f"a sparse file of more than {_MOST_STRETCHES} stretches")
        block_more = content[at : at + BLOCK]
        if len(block_more) < BLOCK:
            raise Malformed("the map of a sparse file is cut off")
        stretches += _stretches(block_more, 0, _NEXT_COUNT)
        more, at = block_more[_NEXT_MORE], at + BLOCK
    return Sparse(number(block[_REAL_SIZE]), tuple(stretches), at - start)


def _stretches(block: bytes, at: int, count: int) -> Iterator[tuple[int, int]]:
    for start in range(at, at + count * _STRETCH, _STRETCH):
        offset, length = number(block[start : start + 12]), number(block[start + 12 : start + _STRETCH])
        if offset or length:
            yield offset, length


def pax_map(records: Mapping[str, str], pairs: Sequence[str], content: bytes, start: int) -> Sparse | None:
    """The map that pax records give (0.0 by ``pairs``, 0.1) or that opens the data (1.0) at ``start``.

    None when the file is not sparse.
    """
    size = records.get("GNU.sparse.realsize", records.get("GNU.sparse.size"))
    if size is None:
        return None
    if records.get("GNU.sparse.major") == "1":
        numbers, mapped = _data_map(content, start)
    elif "GNU.sparse.map" in records:
        numbers, mapped = records["GNU.sparse.map"].split(",", 2 * _MOST_STRETCHES + 1), 0
    else:
        numbers, mapped = list(pairs), 0
    if len(numbers) % 2:
        raise Malformed("the map of a sparse file is torn")
    if len(numbers) > 2 * _MOST_STRETCHES:
        raise LimitReached(f"a sparse file of more than {_MOST_STRETCHES} stretches")
    values = [_decimal(each) for each in numbers]
    return Sparse(_decimal(size), tuple(zip(values[::2], values[1::2], strict=True)), mapped)


def _data_map(content: bytes, start: int) -> tuple[list[str], int]:
    """Lines of numbers, the first their count, padded to a block."""
    count, at = _line(content, start)
    numbers = []
    for _ in range(2 * _count(count)):
        value, at = _line(content, at)
        numbers.append(value)
    return numbers, at - start + (start - at) % BLOCK


def _count(text: str) -> int:
    count = _decimal(text)
    if count > _MOST_STRETCHES:
        raise LimitReached(f"a sparse file of more than {_MOST_STRETCHES} stretches")
    return count


def _line(data: bytes, at: int) -> tuple[str, int]:
    end = data.find(b"\n", at, at + _LONGEST_LINE)
    if end < 0:
        raise Malformed("the map of a sparse file is torn")
    return data[at:end].decode("latin-1"), end + 1


def _decimal(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < _LONGEST_LINE):
        raise Malformed("the map of a sparse file holds no numbers")
    return int(text)
