"""Pictures with words in them, drawn in memory, and headers that lie."""

import io
import struct
import zlib

from PIL import Image, ImageDraw, ImageFont

FORMATS = ("png", "jpeg", "gif", "bmp", "tiff", "webp")


def picture(words: str, form: str = "png", size: int = 32, ink: str = "black", paper: str = "white") -> bytes:
    font = ImageFont.load_default(size)
    lines = words.split("\n")
    width = int(max(font.getlength(line) for line in lines)) + 2 * size
    drawn = Image.new("RGB", (width, int(len(lines) * size * 1.4) + size), paper)
    ImageDraw.Draw(drawn).multiline_text((size, size / 2), words, font=font, fill=ink)
    return saved(drawn, form)


def blank(width: int, height: int, form: str = "png", grey: int = 255) -> bytes:
    return saved(Image.new("L", (width, height), grey), form)


def saved(drawn: Image.Image, form: str) -> bytes:
    held = io.BytesIO()
    drawn.save(held, form)
    return held.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A header and almost nothing behind it."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + bytes(40)
