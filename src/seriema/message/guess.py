"""The charset of bytes that do not say, or say wrongly, what they are.

Candidates that decode without error are scored by how much of their text is what people write in the languages the
charset serves; the best wins, CP1252 when none stands out. Bounded: only the first ``_SAMPLE`` bytes are scored.
"""

import re
from collections.abc import Callable

_SAMPLE = 4096
_KANA_SHARE = 0.15  #: of Japanese prose, more is kana; names of files may have none
_WITH_KANA, _WITHOUT_KANA = 1.2, 0.5
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HAN = re.compile("[\u4e00-\u9fff]")
_RARE = re.compile("[\u3400-\u4dbf\ue000-\uf8ff\U00020000-\U0003ffff]")
_LOWER_CYRILLIC = re.compile("[\u0430-\u044f\u0451\u0454\u0456\u0457]")
_CYRILLIC = re.compile("[\u0400-\u045f\u0490\u0491]")
_CYRILLIC_WORD = re.compile("\\b[\u0410-\u042f]?[\u0430-\u044f\u0451]+\\b")
_SINGLE = re.compile("(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])")
#: The commonest characters of running text: they tell the two Chinese charsets apart where both decode.
_SIMPLIFIED = frozenset(
    "的是不我一有在了人这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多"
)
_KOREAN = frozenset(
    "이다는에의가을로하고지기도한서리자사어나인시을들그있아것은해보니수대정안녕세요일드전문주부원스게여라오파확첨제과장조"
)
_TRADITIONAL = frozenset(
    "的是不我一有在了人這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後小麼心多"
)


def guess(data: bytes) -> tuple[str, str]:
    """The likeliest text of ``data`` and the codec that read it. Never fails; CP1252 is the last resort."""
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        # One bad byte, or a sequence cut at the end, does not make UTF-8 something else.
        tolerant = data.decode("utf-8", "replace")
        high = sum(character > "\x7f" and character != "\ufffd" for character in tolerant[:_SAMPLE])
        if high and (error.start > len(data) - 4 or tolerant.count("\ufffd") * 10 < high):
            return tolerant, "utf-8"
    sample = data[:_SAMPLE]
    best, codec = 0.3, "cp1252"
    for name, score in _CANDIDATES:
        text = _decodes(sample, name, whole=len(data) <= _SAMPLE)
        points = score(text) if text else 0.0
        if points > best:
            best, codec = points, name
    return data.decode(codec, "replace"), codec


def _decodes(sample: bytes, codec: str, *, whole: bool) -> str:
    """The sample's text, or "" when the codec refuses it (but for a sequence cut at the sample's end)."""
    try:
        return sample.decode(codec)
    except UnicodeDecodeError as error:
        if whole or error.start < len(sample) - 4:
            return ""
        return sample[: error.start].decode(codec)


def _share(pattern: re.Pattern[str], text: str) -> float:
    """What part of the non-ASCII characters the pattern matches."""
    high = sum(character > "\x7f" for character in text)
    return len(pattern.findall(text)) / high if high else 0.0


def _japanese(text: str) -> float:
    kana = _share(_KANA, text)
    readable = kana + _share(_HAN, text) - _share(_HALF_KANA, text) - 2 * _share(_RARE, text)
    return (_WITH_KANA if kana > _KANA_SHARE else _WITHOUT_KANA) * readable


def _korean(text: str) -> float:
    hangul = _HANGUL.findall(text)
    usual = sum(character in _KOREAN for character in hangul) / len(hangul) if hangul else 0.0
    return _share(_HANGUL, text) * (0.2 + 2.5 * usual)


def _chinese(common: frozenset[str]) -> Callable[[str], float]:
    def score(text: str) -> float:
        han = _HAN.findall(text)
        if not han:
            return 0.0
        usual = sum(character in common for character in han) / len(han)
        return (_share(_HAN, text) - 2 * _share(_RARE, text)) * (0.45 + 2 * usual)

    return score


def _cyrillic(text: str) -> float:
    """Words in Cyrillic are written small, at most with a capital first: KOI8 and CP1251 swap the two."""
    words = sum(len(word) for word in _CYRILLIC_WORD.findall(text) if len(word) > 1)
    high = sum(character > "\x7f" for character in text)
    return words / high * (1.0 if _share(_LOWER_CYRILLIC, text) * 2 > 1 else 0.5) if high else 0.0


def _western(text: str) -> float:
    """Accented letters stand singly among plain ones; the bytes of other charsets come in runs."""
    return _share(_SINGLE, text)


_CANDIDATES: tuple[tuple[str, Callable[[str], float]], ...] = (
    ("cp1252", _western),
    ("cp932", _japanese),
    ("euc_jp", _japanese),
    ("cp949", _korean),
    ("gb18030", _chinese(_SIMPLIFIED)),
    ("big5hkscs", _chinese(_TRADITIONAL)),
    ("cp1251", _cyrillic),
    ("koi8-u", _cyrillic),
)
