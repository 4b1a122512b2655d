"""BLAKE2sp, the checksum that RAR 5 may use instead of CRC-32 (BLAKE2 specification, section 2.10 and "BLAKE2sp")."""

import hashlib

_LANES, _BLOCK, _DIGEST = 8, 64, 32
_STRIPE = _LANES * _BLOCK


def _node(place: int, depth: int, *, last: bool) -> "hashlib._Hash":
    return hashlib.blake2s(  # type: ignore[return-value]  # the stubs know it by another class
        fanout=_LANES, depth=2, node_offset=place, node_depth=depth, inner_size=_DIGEST, last_node=last
    )


class Blake2sp:
    """Eight BLAKE2s lanes take turns of 64 bytes; a ninth hashes their digests."""

    def __init__(self) -> None:
        self._lanes = [_node(place, 0, last=place == _LANES - 1) for place in range(_LANES)]
        self._root = _node(0, 1, last=True)
        self._rest = b""

    def update(self, data: bytes) -> None:
        """Take in more."""
        data = self._rest + data
        whole = len(data) - len(data) % _STRIPE
        self._rest = data[whole:]
        if whole:
            self._feed(data[:whole])

    def _feed(self, data: bytes) -> None:
        view = memoryview(data)
        for place, lane in enumerate(self._lanes):
            mine = [view[at : at + _BLOCK] for at in range(place * _BLOCK, len(data), _STRIPE)]
            lane.update(b"".join(mine))

    def digest(self) -> bytes:
        """The digest of all that was taken in; the last thing to ask for."""
        self._feed(self._rest)
        self._rest = b""
        for lane in self._lanes:
            self._root.update(lane.digest())
        return self._root.digest()
