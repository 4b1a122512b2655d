"""Width and height of a picture as its header claims them, so that nothing huge is ever unpacked.

Sources: PNG (ISO/IEC 15948), 11.2.2; JPEG (ITU-T T.81), B.2.2; GIF89a, 18 and 20; BMP (BITMAPINFOHEADER and
BITMAPCOREHEADER); TIFF 6.0, 2; WebP (RFC 9649), 2.5 to 2.7.
"""

import struct
from collections.abc import Callable

Size = tuple[int, int]

#: Segments, blocks or directory entries that are walked before a header counts as broken.
_STEPS = 10_000
#: JPEG markers that begin a frame: SOF0 to SOF15 without DHT, JPG and DAC (T.81, table B.1).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WIDTH_TAG, _HEIGHT_TAG, _SHORT, _LONG = 256, 257, 3, 4
_CORE_HEADER = 12
_MARKER, _EXTENSION, _FRAME, _EXTENDED_WEBP = 0xFF, 0x21, 0x2C, 30


def size_of(kind: str, content: bytes) -> Size | None:
    """The largest width and height that its header names; None for a broken header. Raises KeyError: unknown kind."""
    try:
        return READERS[kind](content)
    except (struct.error, IndexError):
        return None


def _png(content: bytes) -> Size | None:
    width, height = struct.unpack_from(">II", content, 16)
    return (width, height) if content[12:16] == b"IHDR" else None


def _jpeg(content: bytes) -> Size | None:
    at = 2
    for _ in range(_STEPS):
        if content[at] != _MARKER:
            return None
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        # A marker may begin with any number of fill bytes.
        at += 1 if marker == _MARKER else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _gif(content: bytes) -> Size | None:
    """The screen and its first frame, which may be larger."""
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    within = False  #: an extension, which is a row of blocks
    for _ in range(_STEPS):
        if within:
            within, at = content[at] != 0, at + 1 + content[at]
        elif content[at] == _FRAME:
            left, top, frame_width, frame_height = struct.unpack_from("<HHHH", content, at + 1)
            return max(width, left + frame_width), max(height, top + frame_height)
        elif content[at] == _EXTENSION:
            within, at = True, at + 2
        else:
            return None
    return None


def _bmp(content: bytes) -> Size | None:
    if int.from_bytes(content[14:18], "little") == _CORE_HEADER:
        width, height = struct.unpack_from("<HH", content, 18)
    else:
        width, height = struct.unpack_from("<ii", content, 18)
    return abs(width), abs(height)


def _tiff(content: bytes) -> Size | None:
    order = "<" if content[:2] == b"II" else ">"
    (at,) = struct.unpack_from(f"{order}I", content, 4)
    (count,) = struct.unpack_from(f"{order}H", content, at)
    found: dict[int, int] = {}
    for number in range(count):
        tag, kind, _, whole = struct.unpack_from(f"{order}HHII", content, at + 2 + 12 * number)
        (half,) = struct.unpack_from(f"{order}H", content, at + 10 + 12 * number)
        if tag in (_WIDTH_TAG, _HEIGHT_TAG) and kind in (_SHORT, _LONG):
            found[tag] = max(found.get(tag, 0), half if kind == _SHORT else whole)
    return (found[_WIDTH_TAG], found[_HEIGHT_TAG]) if len(found) == len((_WIDTH_TAG, _HEIGHT_TAG)) else None


def _webp(content: bytes) -> Size | None:
    form = content[12:16]
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8X" and len(content) >= _EXTENDED_WEBP:
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    return None


#: By kind of file (``examine.identify``): those that common OCR reads.
READERS: dict[str, Callable[[bytes], Size | None]] = {
    "png": _png, "jpeg": _jpeg, "gif": _gif, "bmp": _bmp, "tiff": _tiff, "webp": _webp,
}  # fmt: skip
