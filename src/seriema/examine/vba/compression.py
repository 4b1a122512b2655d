"""Decompress what VBA stores compressed: the dir stream and each module's source. Follows [MS-OVBA] 2.4.1.3."""

from struct import unpack_from

CHUNK = 4096
_COMPRESSED, _SIGNATURE = 0x8000, 0b011


def decompressed(container: bytes, most: int) -> tuple[bytes, str]:
    """The data, and why it is not all of it ("" when it is).

    Damage costs only what lies behind it; at most ``most`` bytes and one chunk more come out.
    """
    if container[:1] != b"\x01":
        return b"", "no compressed container"
    out = bytearray()
    at = 1
    while at + 2 <= len(container):
        header = unpack_from("<H", container, at)[0]
        if header >> 12 & 0b111 != _SIGNATURE:
            return bytes(out), "" if not any(container[at:]) else "a chunk without its signature"
        if len(out) > most:
            return bytes(out), f"more than {most} bytes of source"
        end = at + (header & 0xFFF) + 3
        if header & _COMPRESSED:
            if not _expand(container, at + 2, min(end, len(container)), out):
                return bytes(out), "a copy token that points before its chunk"
        else:
            out += container[at + 2 : at + 2 + CHUNK]
        at = end
    return bytes(out), "" if at <= len(container) else "the last chunk is cut off"


def _expand(data: bytes, at: int, end: int, out: bytearray) -> bool:
    """Append one chunk's tokens to ``out`` (2.4.1.3.2 to 2.4.1.3.5); False when a token makes no sense."""
    start = len(out)
    while at < end:
        flags = data[at]
        at += 1
        if not flags:
            out += data[at : min(at + 8, end)]
            at += 8
            continue
        for bit in range(8):
            if at >= end:
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            if at + 2 > end or len(out) == start:
                return False
            if not _copy(unpack_from("<H", data, at)[0], start, out):
                return False
            at += 2
    return True


def _copy(token: int, start: int, out: bytearray) -> bool:
    """Carry out one copy token (2.4.1.3.19.2), whose split between offset and length depends on its place."""
    position = len(out) - start
    bits = max(4, (position - 1).bit_length())
    length = (token & (0xFFFF >> bits)) + 3
    offset = (token >> (16 - bits)) + 1
    if offset > position or position + length > CHUNK:
        return False
    begin = len(out) - offset
    if offset >= length:
        out += out[begin : begin + length]
    else:
        piece = bytes(out[begin:])
        out += (piece * (length // offset + 1))[:length]
    return True
