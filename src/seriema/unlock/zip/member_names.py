"""The characters of a member's name, which a ZIP leaves open (APPNOTE 4.4.4 bit 11, 4.6.9, appendix D).

With bit 11 or the 0x7075 field it is UTF-8. Else it is whatever code page the writer's system used: a guess is made
among those that mail brings, by which letters come out.
"""

import re
import struct
import unicodedata
import zlib
from collections import Counter

from seriema.unlock.zip.records import UTF8, Header, field

_UNICODE_PATH = 0x7075
_PATH_AT = 5  #: behind the field's version and CRC-32 of the plain name
_GUESSED = 512  #: bytes of a name that the guess looks at
#: Code pages tried on a name that says nothing of itself; at equal plausibility the earlier wins.
_CODE_PAGES = ("cp932", "cp1252", "cp437", "cp866", "gbk", "cp949", "big5", "cp850", "cp1251")
#: One eastern character alone between Latin letters: another code page taken for an eastern one.
_LONELY = re.compile("[A-Za-z][\u3041-\u9fff\uac00-\ud7a3](?=[A-Za-z])")
_MARKS = frozenset("äöüßéèêàâçñóíáúãõåæøëïîôûùÄÖÜÉÈÀÇÑÓÅØÆœŒ’–€")


def decoded_name(header: Header) -> str:
    """The name as the writer meant it; what cannot be decoded at all becomes Latin-1, so no byte is lost."""
    said = unicode_path(header)
    if said is not None:
        return said
    return header.name.decode("utf-8", "replace") if header.flags & UTF8 else guessed_name(header.name)


def guessed_name(raw: bytes) -> str:
    """The characters of a name that says nothing of its code page, in a ZIP or any other container."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(raw)


def unicode_path(header: Header) -> str | None:
    """The Info-ZIP Unicode path field (4.6.9), if it was made for this very name."""
    data = field(header.extra, _UNICODE_PATH)
    if data is None or len(data) < _PATH_AT or struct.unpack_from("<L", data, 1)[0] != zlib.crc32(header.name):
        return None
    try:
        return data[_PATH_AT:].decode("utf-8")
    except UnicodeDecodeError:
        return None


def _guessed(raw: bytes) -> str:
    readings = []
    for page in _CODE_PAGES:
        try:
            readings.append(raw.decode(page))
        except UnicodeDecodeError:
            continue
    return max(readings, key=lambda text: _plausibility(text[:_GUESSED]), default=raw.decode("latin-1"))


def _plausibility(text: str) -> float:
    """Higher for text in one script made of letters; drawing characters and mixtures of scripts count against it."""
    scripts = Counter(_script(character) for character in text if not character.isascii())
    other = scripts["other"] + len(_LONELY.findall(text))
    common = sum(character in _MARKS for character in text)
    halfwidth = sum("\uff61" <= character <= "\uff9f" for character in text)
    # Western names have few accented letters among plain ones; eastern characters took two bytes each.
    accented = max(0, scripts["LATIN"] - sum(character.isascii() and character.isalpha() for character in text))
    mixed = max(0, len(scripts.keys() - {"other", "mark"}) - 1)
    letters = scripts.total() + scripts["east"] + common / 2
    return letters - 4 * other - 2 * mixed - 2 * halfwidth - 2 * accented


def _script(character: str) -> str:
    """Roughly, by the first word of the character's Unicode name; kana and kanji are one."""
    if not character.isalpha():
        return "mark" if character in _MARKS else "other"
    word = unicodedata.name(character, "other").partition(" ")[0]
    return "east" if word in ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH") else word
