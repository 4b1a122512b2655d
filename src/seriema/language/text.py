"""Text as it is compared: without the differences that a reader does not see.

``plain`` takes invisible and look-alike *form* away (full-width digits and colons, no-break spaces, bidirectional
marks), ``fold`` the case. Both are cheap on plain ASCII, which most mail is.
"""

import re
import unicodedata

#: Full-width ASCII (U+FF01 to U+FF5E) and every kind of space become their plain form; invisible marks vanish.
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x2028, 0x2029, 0x85), " ")
_INVISIBLE = dict.fromkeys(
    (0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF),
)
_PLAIN = {chr(code): form or "" for code, form in {**_FULL_WIDTH, **_SPACES, **_INVISIBLE}.items()}
_TOUCHED = re.compile(f"[{''.join(_PLAIN)}]")


def plain(text: str) -> str:
    """Composed (NFC), with plain spaces and ASCII in half width, without invisible marks; case and letters stay."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _TOUCHED.sub(lambda match: _PLAIN[match[0]], text))


def fold(text: str) -> str:
    """Lower case of the same length, so that places found in it hold in the text it came from."""
    return text.lower() if text.isascii() else text.replace("İ", "I").lower()
