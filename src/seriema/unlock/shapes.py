"""How much a piece of text looks like a password, by its characters alone: the same in every language.

The shapes are those of real lures (digits, letters with digits, words with a date) and of generated passwords; what
prose is full of (plain words, dates, times, amounts, addresses, file names) scores low but never nothing.
"""

import re

#: Points of a word that is nothing else, and the length under which small letters are.
_LEAST, _SHORT = 0.2, 4
_MONTHS = "jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez"
#: Points, and the pattern for a whole piece; the first that fits decides. All patterns are linear: no nested or
#: overlapping repetition.
_OTHER_SHAPES = (
    (0.0, r"\S{49,}"),
    (0.5, r"(?:https?|ftp|hxxps?|file)://\S*|www\.\S*|mailto:\S*"),
    (0.5, r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    (4.5, r"(?:19|20)\d\d"),
    (7.5, r"\d{3,8}"),
    (4.0, r"\d{9,12}"),
    (1.5, r"\d{1,2}|\d{13,}"),
    (1.0, r"[\d.,:/+\-]+%?|\d+(?:st|nd|rd|th|am|pm|kg|km|cm|mm|gb|mb|kb|eur|usd|px|pt|er|h|x)|[$€£¥]\d[\d.,]*"),
    (2.0, r"(?i:q[1-4]|h[1-6]|a[3-5]|mp[34]|utf-?8|x64|x86|win32|covid-?19|[1-9]\.?)"),
    (1.0, r"\w+\.(?i:zip|7z|rar|docx?|xlsx?|pptx?|pdf|exe|iso|img|html?|txt|jpe?g|png|gif|eml|msg|com|net|org|de|jp)"),
    (8.0, rf"(?i:{_MONTHS})[a-z]*\d{{1,8}}"),
    (8.5, r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{3,16}"),
    (5.0, r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{17,48}"),
    (1.0, r"(?=.*\d)\w+(?:[-/]\w+){2,}"),
    (8.0, r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[!-~]{4,24}"),
    (6.0, r"(?=\w*[!#$%&*+=?@^~])(?=[^A-Za-z]*[A-Za-z])[!-~]{5,24}"),
)
#: The same for pieces of letters alone: none of the others fits them but the first.
_WORD_SHAPES = (
    (0.0, r"\S{49,}"),
    (5.0, r"[A-Z]?[a-z]+[A-Z][A-Za-z]*|[a-z]*[bcdfghjklmnpqrstvwxz]{5,}[a-z]*"),
    (3.0, r"[A-Z]{3,16}"),
    (0.8, r"[A-Z][a-z]+"),
    (0.5, r"[a-z]{4,}"),
    (_LEAST, r"\w+"),
)


def _joined(shapes: tuple[tuple[float, str], ...]) -> tuple[re.Pattern[str], tuple[float, ...]]:
    return re.compile("|".join(f"({pattern})" for _, pattern in shapes)), tuple(points for points, _ in shapes)


_WORDS, _WORD_POINTS = _joined(_WORD_SHAPES)
_ALL, _ALL_POINTS = _joined(_OTHER_SHAPES + _WORD_SHAPES)


def looks(piece: str) -> float:
    """Points from 0 to 9 for a piece without white space; a piece with white space gets 1."""
    if len(piece) < _SHORT and piece.isalpha() and piece.islower():
        return _LEAST
    if " " in piece:
        return 1.0
    pattern, points = (_WORDS, _WORD_POINTS) if piece.isalpha() and piece.isascii() else (_ALL, _ALL_POINTS)
    fitted = pattern.fullmatch(piece)
    return points[fitted.lastindex - 1] if fitted and fitted.lastindex else 0.3
